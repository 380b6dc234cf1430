"""Zabbix's file format: what is in a file, and which keys and words each version takes.

Written from what the importers of 6.0 and 7.0 were seen to refuse, and for 7.4 from the format
alone: no server of that version has seen it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

TOP = {
    "6.0": {"version", "groups", "templates", "triggers", "graphs"},
    "7.0": {"version", "template_groups", "host_groups", "templates", "triggers", "graphs"},
}
KEYS: dict[str, tuple[str, str]] = {
    # kind: keys that must be there, keys that may
    "group": ("uuid name", ""),
    "template": (
        "uuid template name groups",
        "description vendor items discovery_rules tags macros dashboards valuemaps",
    ),
    "vendor": ("name version", ""),
    "tag": ("tag value", ""),
    "macro": ("macro", "value type description"),
    "item": (
        "uuid name key",
        (
            "type delay history trends value_type units description valuemap preprocessing timeout "
            "master_item tags triggers"
        ),
    ),
    "item_prototype": (
        "uuid name key",
        (
            "type delay history trends value_type units description valuemap preprocessing "
            "master_item tags trigger_prototypes"
        ),
    ),
    "step": ("type parameters", "error_handler error_handler_params"),
    "trigger": (
        "uuid expression name",
        "event_name opdata url priority description manual_close dependencies tags",
    ),
    "dependency": ("name expression", ""),
    "rule": (
        "uuid name key",
        (
            "type delay filter lifetime enabled_lifetime_type description item_prototypes "
            "trigger_prototypes enabled_lifetime graph_prototypes host_prototypes master_item "
            "lld_macro_paths preprocessing"
        ),
    ),
    "condition": ("macro value formulaid", "operator"),
    "path": ("lld_macro path", ""),
    "graph": ("uuid name graph_items", "yaxismax ymin_type_1 ymax_type_1"),
    "graph_item": ("color item", "drawtype sortorder"),
    "host": ("uuid host name group_links templates", "macros tags"),
    "dashboard": ("uuid name pages", ""),
    "page": ("name widgets", ""),
    "widget": ("type", "name x y width height fields"),
    "field": ("type name value", ""),
    "valuemap": ("uuid name mappings", ""),
    "mapping": ("value newvalue", "type"),
}
ONLY_FROM = {
    ("template", "vendor"): "7.0",
    ("item", "timeout"): "7.0",
    ("rule", "enabled_lifetime"): "7.0",
    ("rule", "enabled_lifetime_type"): "7.0",
    ("template", "wizard_ready"): "7.4",
    ("template", "readme"): "7.4",
    ("macro", "config"): "7.4",
}
"""Keys that an older importer refuses, or would take without obeying."""

WORDS = {
    "type": "EXTERNAL DEPENDENT TRAP ZABBIX_PASSIVE",
    "value_type": "UNSIGNED FLOAT CHAR TEXT",
    "priority": "NOT_CLASSIFIED INFO WARNING AVERAGE HIGH DISASTER",
    "error_handler": "ORIGINAL_ERROR DISCARD_VALUE CUSTOM_VALUE CUSTOM_ERROR",
    "operator": "MATCHES_REGEX NOT_MATCHES_REGEX EXISTS NOT_EXISTS",
}
STEPS = {"JSONPATH", "MULTIPLIER", "STR_REPLACE", "DISCARD_UNCHANGED_HEARTBEAT"}
LENGTHS = {"name": 255, "key": 2048, "description": 65535, "template": 128, "newvalue": 64}

GRID = {"6.0": (24, 64), "7.0": (72, 64)}
WIDGETS = {
    "6.0": "CLOCK GRAPH_CLASSIC GRAPH_PROTOTYPE ITEM PLAIN_TEXT URL",
    "7.0": "item graph graphprototype svggraph piechart gauge honeycomb itemhistory problems",
}
REFERENCES = {"ITEM": "key", "GRAPH": "name", "GRAPH_PROTOTYPE": "name"}

UUID = re.compile(r"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}")
MACRO = re.compile(r"\{\$[A-Z0-9_.]+\}")
HOST = re.compile(r"[0-9A-Za-z_. -]*")
LLD = re.compile(r"\{#[A-Z0-9_.]+\}")


def series(version: str) -> str:
    return "6.0" if version == "6.0" else "7.0"


def nodes(document: Node) -> Iterator[tuple[str, Node]]:
    """Give every object of a file with its kind."""
    yield from _plain(document, groups="group", template_groups="group", host_groups="group")
    for template in document["templates"]:
        yield "template", template
        if "vendor" in template:
            yield "vendor", template["vendor"]
        yield from _plain(template, tags="tag", macros="macro")
        for item in template.get("items", ()):
            yield from _item("item", item)
        for rule in template.get("discovery_rules", ()):
            yield from _rule(rule)
        yield from _shown(template)
    yield from _triggers(document, "triggers")
    for graph in document.get("graphs", ()):
        yield from _graph(graph)


def of_kind(kind: str, *templates: Node) -> Iterator[Node]:
    """Give the objects of one kind that belong to some templates."""
    return (node for what, node in nodes({"templates": templates}) if what == kind)


def _shown(template: Node) -> Iterator[tuple[str, Node]]:
    for dashboard in template.get("dashboards", ()):
        yield "dashboard", dashboard
        for page in dashboard["pages"]:
            yield "page", page
            yield from _plain(page, widgets="widget")
            for widget in page["widgets"]:
                yield from _plain(widget, fields="field")
    for valuemap in template.get("valuemaps", ()):
        yield "valuemap", valuemap
        yield from _plain(valuemap, mappings="mapping")


def _plain(node: Node, **kinds: str) -> Iterator[tuple[str, Node]]:
    for key, kind in kinds.items():
        yield from ((kind, one) for one in node.get(key, ()))


def _item(kind: str, item: Node) -> Iterator[tuple[str, Node]]:
    yield kind, item
    yield from _plain(item, tags="tag", preprocessing="step")
    yield from _triggers(item, "triggers", "trigger_prototypes")


def _triggers(node: Node, *keys: str) -> Iterator[tuple[str, Node]]:
    for trigger in (one for key in keys for one in node.get(key, ())):
        yield "trigger", trigger
        yield from _plain(trigger, tags="tag", dependencies="dependency")


def _graph(graph: Node) -> Iterator[tuple[str, Node]]:
    yield "graph", graph
    yield from _plain(graph, graph_items="graph_item")


def _rule(rule: Node) -> Iterator[tuple[str, Node]]:
    yield "rule", rule
    yield from _plain(rule, lld_macro_paths="path", preprocessing="step", host_prototypes="host")
    yield from _plain(rule.get("filter", {}), conditions="condition")
    for item in rule.get("item_prototypes", ()):
        yield from _item("item_prototype", item)
    yield from _triggers(rule, "trigger_prototypes")
    for graph in rule.get("graph_prototypes", ()):
        yield from _graph(graph)
    for host in rule.get("host_prototypes", ()):
        yield from _plain(host, macros="macro", tags="tag")
