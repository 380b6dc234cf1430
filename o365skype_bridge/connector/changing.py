"""Perfdata changed, extended, grouped, exploded and filtered, as the output options ask."""

from __future__ import annotations

from o365skype_bridge.connector import expressions, methods
from o365skype_bridge.connector.perl import compiled
from o365skype_bridge.connector.rewriting import substituted
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.outputs.perfdata import Item

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

CHANGE, EXTEND, GROUP = "change", "extend", "group"


class Change(Frozen):
    """One ``--change-perfdata``, ``--extend-perfdata`` or ``--extend-perfdata-group``."""

    kind: str
    match: str
    label: str
    method: methods.Method | None
    replaced: Mapping[str, str]
    thresholds: Mapping[str, str]


def changed(items: Sequence[Item], options: Mapping[str, Any]) -> list[Item]:
    """Give the items as the options want them. Raises `UsageError` for a pattern that is none."""
    items = list(items)
    for option, kind in (
        ("change_perfdata", CHANGE),
        ("extend_perfdata", EXTEND),
        ("extend_perfdata_group", GROUP),
    ):
        for word in options.get(option) or ():
            change = _read(kind, word)
            if change is not None:
                items = _applied(change, items)
    items += _exploded(items, options.get("explode_perfdata_max"))
    return [_shown(item, options) for item in items if _is_wanted(item, options)]


def _read(kind: str, word: str) -> Change | None:
    """Read one option value; None when it cannot be followed, which changes nothing."""
    fields = [*word.split(","), *([""] * 8)]
    match, label, method, unit, minimum, maximum, warning, critical = fields[:8]
    if not match and (kind != GROUP or not label):
        return None
    found = methods.read(method) if method.strip() else None
    if method.strip() and found is None:
        return None
    replaced = {"unit": unit, "minimum": minimum, "maximum": maximum}
    return Change(
        kind=kind,
        match=match,
        label=label,
        method=found,
        replaced={name: value for name, value in replaced.items() if value},
        thresholds={
            name: value for name, value in (("warning", warning), ("critical", critical)) if value
        },
    )


def _applied(change: Change, items: list[Item]) -> list[Item]:
    if not change.match:
        item = _finished(change, Item(label=change.label, value=""), items, None)
        return [*items, item] if item.value != "" else items
    pattern = compiled(change.match, "--change-perfdata")
    kept, added = [], []
    for item in items:
        found = pattern.search(item.label) if pattern else None
        made = _made(change, item, items, found) if found else item
        if change.kind == CHANGE:
            kept.append(made)
        else:
            kept.append(item)
            added += [made] if found and made.value != "" else []
    return [*kept, *added]


def _made(change: Change, item: Item, items: Sequence[Item], found: re.Match[str]) -> Item:
    made = Item(label=item.label, value="") if change.kind == GROUP else item
    if change.label:
        label = substituted(item.label, change.match, change.label, option="--change-perfdata")
        # The dotted name is of the metric as it was.
        made = made.replace(label=label, dotted="", user="")
    return _finished(change, made, items, found)


def _finished(
    change: Change, item: Item, items: Sequence[Item], found: re.Match[str] | None
) -> Item:
    if change.method:
        item = change.method(item, items, found)
    item = item.replace(**change.replaced)
    return item.replace(
        **{
            name: methods.threshold(value, item.maximum)
            for name, value in change.thresholds.items()
        }
    )


def _exploded(items: Sequence[Item], words: Sequence[str] | None) -> Iterator[Item]:
    """Give the maxima as items of their own."""
    if not words:
        return
    pairs = [] if not words[0] else [word.split(",")[:2] for word in words if "," in word]
    for item in items:
        if item.maximum == "":
            continue
        labels = (
            [f"{item.label}_max"]
            if not words[0]
            else [
                label
                for match, label in pairs
                if (pattern := compiled(match, "--explode-perfdata-max")) is None
                or pattern.search(item.label)
            ]
        )
        if labels:
            yield Item(label=labels[0], value=item.maximum, unit=item.unit)


def _is_wanted(item: Item, options: Mapping[str, Any]) -> bool:
    pattern = compiled(options.get("filter_perfdata") or "", "--filter-perfdata")
    if pattern and not pattern.search(item.label):
        return False
    condition = options.get("filter_perfdata_adv")
    return not condition or expressions.holds(
        condition, methods.fields(item), "--filter-perfdata-adv"
    )


def _shown(item: Item, options: Mapping[str, Any]) -> Item:
    pattern = compiled(options.get("filter_uom") or "", "--filter-uom")
    if pattern and not pattern.search(item.unit):
        item = item.replace(unit="")
    span = options.get("range_perfdata")
    if span is None or span == "0":
        return item
    if span == "2":
        return item.replace(warning="", critical="")
    return item.replace(
        warning=methods.without_zero(item.warning), critical=methods.without_zero(item.critical)
    )
