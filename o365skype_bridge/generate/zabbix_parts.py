"""The parts of a Zabbix template as values, apart from how they are written."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable

from o365skype_bridge.model.frozen import Frozen

_NAMESPACE = uuid.UUID("6f2d1ad5-3f05-4b6c-9d6e-0b1f6e2f8a41")


def uuid_of(*words: str) -> str:
    """Give the uuid of something for ever: by it Zabbix knows an item whatever its key or name.

    Zabbix takes version 4 only, so the name-based digits get its marks.
    """
    digits = uuid.uuid5(_NAMESPACE, "/".join(words)).int
    return uuid.UUID(int=digits, version=4).hex


def natural(name: str) -> list[tuple[str, int]]:
    """Give what Zabbix sorts names by: numbers by what they are, letters whatever their case."""
    parts = re.split(r"(\d+)", name.upper())
    return [(part, 0) if not part.isdigit() else ("", int(part)) for part in parts]


class Trigger(Frozen):
    """A trigger, or inside a rule its prototype. ``id`` is what its uuid is made of.

    Zabbix files those of ``several`` items apart from the items.
    """

    id: str
    name: str
    expression: str
    priority: str
    scope: str
    description: str
    opdata: str = ""
    event_name: str = ""
    url: str = ""
    several: bool = False
    manual_close: bool = False
    dependencies: tuple[Trigger, ...] = ()


class Item(Frozen):
    """An item, or inside a rule its prototype; without a ``type`` it depends on the master item.

    ``missing`` says what becomes of a document without ``path``: ``discard`` keeps the former
    value, ``blank`` stands for an empty text, and ``error`` shows that the item has none.
    ``repeat`` false stores an unchanged value once an hour only. Values are multiplied by
    ``multiplier`` before they are stored.
    """

    id: str
    key: str
    name: str
    description: str
    component: str
    path: str = ""
    value_type: str = "UNSIGNED"
    type: str = ""
    units: str = ""
    multiplier: int = 1
    valuemap: str = ""
    missing: str = "discard"
    repeat: bool = False
    tags: tuple[tuple[str, str], ...] = ()
    triggers: tuple[Trigger, ...] = ()

    @property
    def all_tags(self) -> list[tuple[str, str]]:
        """The tags in Zabbix's order."""
        return sorted((*self.tags, ("component", self.component)))

    @property
    def own_triggers(self) -> list[Trigger]:
        """The triggers that look at nothing else, in Zabbix's order."""
        return sorted((one for one in self.triggers if not one.several), key=lambda one: one.name)

    @property
    def is_number(self) -> bool:
        """Whether there are units and trends of it."""
        return self.value_type in ("UNSIGNED", "FLOAT")


def shared_triggers(items: Iterable[Item]) -> list[Trigger]:
    """Give the triggers of several items each, in Zabbix's order."""
    found = (trigger for item in items for trigger in item.triggers if trigger.several)
    return sorted(found, key=lambda one: one.name)


class Graph(Frozen):
    """A graph of items of the same template, or inside a rule of its prototypes."""

    id: str
    name: str
    keys: tuple[str, ...]
    is_state: bool = False
    """Whether it is the one that is red where something was in the way."""
    is_set: bool = False
    """Whether it is of what a label tells apart."""


class HostPrototype(Frozen):
    """The host that a rule makes of each row."""

    id: str
    host: str
    name: str
    group: str
    templates: tuple[str, ...]
    macros: tuple[Macro, ...]
    tags: tuple[tuple[str, str], ...] = ()


class Rule(Frozen):
    """A discovery rule that reads an array of the master item's document."""

    id: str
    key: str
    name: str
    description: str
    path: str
    macros: tuple[tuple[str, str], ...]
    """LLD macro and path, sorted. 6.0 compares them as its database gives them: by name or as they
    came. So a new one has a name that sorts after those that servers have already."""
    filters: tuple[tuple[str, str, str], ...] = ()
    """LLD macro, operator, regular expression."""
    suffix: str = ""
    """A macro whose value becomes the suffix in each row."""
    delete: str = "30d"
    disable: str = ""
    """How long what is not found any more is kept, and enabled; blank is as long."""
    items: tuple[Item, ...] = ()
    graphs: tuple[Graph, ...] = ()
    hosts: tuple[HostPrototype, ...] = ()


class Macro(Frozen):
    """A macro of a template; ``label`` is what the host wizard calls it."""

    name: str
    value: str
    description: str
    label: str = ""


class ValueMap(Frozen):
    """Words for numbers."""

    id: str
    name: str
    mappings: tuple[tuple[str, str], ...]


class Widget(Frozen):
    """One widget of a dashboard, in columns and rows of its version."""

    type: str
    x: int
    y: int
    width: int
    height: int
    settings: tuple[tuple[str, str, str], ...]
    """Type, name, and value: a text, or the key of an item or the name of a graph."""
    name: str = ""


class Page(Frozen):
    """One page of a dashboard."""

    name: str
    widgets: tuple[Widget, ...]


class Template(Frozen):
    """One template; its lists are brought into Zabbix's order when it is written."""

    id: str
    name: str
    description: str
    items: tuple[Item, ...]
    rules: tuple[Rule, ...]
    macros: tuple[Macro, ...]
    valuemaps: tuple[ValueMap, ...] = ()
    graphs: tuple[Graph, ...] = ()
    pages: tuple[Page, ...] = ()
    dashboard: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    readme: str = ""

    @property
    def master(self) -> str:
        """The key of the item that everything else depends on: the first."""
        return self.items[0].key
