"""What Zabbix's importer would say of a file, as a list of what is wrong with it.

Nothing here knows how the files are made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from readers import yaml
from readers.zabbix_format import (
    GRID,
    HOST,
    KEYS,
    LENGTHS,
    LLD,
    MACRO,
    ONLY_FROM,
    REFERENCES,
    STEPS,
    TOP,
    UUID,
    WIDGETS,
    WORDS,
    Node,
    nodes,
    of_kind,
    series,
)


def problems(text: str, *beside: str) -> list[str]:
    """Say everything that is wrong with a file; an empty list means that it is to be taken.

    What was imported before is ``beside`` it.
    """
    try:
        document = yaml.read(text)["zabbix_export"]
    except (ValueError, KeyError, TypeError) as error:
        return [f"it cannot be read: {error}"]
    found: list[str] = []
    for check in CHECKS:
        found += check(document)
    others = [yaml.read(other)["zabbix_export"] for other in beside]
    found += check_dependencies(document, others)
    found += check_hosts(document, others)
    return found


def check_keys(document: Node) -> Iterator[str]:
    """Unknown and missing keys are fatal, and so are those of a newer version."""
    version = document["version"]
    if set(document) - TOP[series(version)]:
        yield f"top level: {sorted(set(document) - TOP[series(version)])}"
    for kind, node in nodes(document):
        needed, allowed = (set(words.split()) for words in KEYS[kind])
        allowed |= {key for (what, key) in ONLY_FROM if what == kind}
        newer = {
            key for (what, key), since in ONLY_FROM.items() if what == kind and version < since
        }
        if needed - set(node) or set(node) - needed - (allowed - newer):
            yield f"{kind} {named(node)}: {sorted(needed.symmetric_difference(node))}"


def named(node: Node) -> str:
    return str(node.get("name") or node.get("macro") or node)


def check_uuids(document: Node) -> Iterator[str]:
    """Version 4 and its variant; 6.0 takes a uuid twice and loses one of the two."""
    given = [(node["uuid"], named(node)) for _, node in nodes(document) if "uuid" in node]
    yield from (f"{name}: uuid {uuid}" for uuid, name in given if not UUID.fullmatch(uuid))
    seen: dict[str, str] = {}
    for uuid, name in given:
        if uuid in seen:
            yield f"{name} has the uuid of {seen[uuid]}"
        seen[uuid] = name


def check_words(document: Node) -> Iterator[str]:
    """Constants are those that there are; texts are as long as they may be."""
    for kind, node in nodes(document):
        for key, length in LENGTHS.items():
            if len(node.get(key, "")) > length:
                yield f"{kind} {named(node)}: {key} is too long"
        for key, words in WORDS.items():
            typed = key != "type" or kind in ("item", "item_prototype", "rule")
            if key in node and typed and node[key] not in words.split():
                yield f"{kind} {named(node)}: {key} {node[key]}"
        if kind == "step" and node["type"] not in STEPS:
            yield f"step {node['type']}"
        if kind == "step" and not isinstance(node["parameters"], list):
            yield f"step {node['type']} has no list of parameters"


def keys_of(template: Node) -> dict[str, Node]:
    """Give every item and item prototype by its key."""
    return {
        item["key"]: item for kind in ("item", "item_prototype") for item in of_kind(kind, template)
    }


def check_items(document: Node) -> Iterator[str]:
    """Keys are there once, masters exist, value maps exist and fit the type."""
    for template in document["templates"]:
        maps = {one["name"] for one in template.get("valuemaps", ())}
        items = [item for kind in ITEMS for item in of_kind(kind, template)]
        keys = [item["key"] for item in items]
        yield from (f"key {key} is there twice" for key in {k for k in keys if keys.count(k) > 1})
        for item in items:
            yield from _check_item(item, maps, {one["key"] for one in template["items"]})


ITEMS = ("item", "item_prototype", "rule")


def _check_item(item: Node, maps: set[str], masters: set[str]) -> Iterator[str]:
    dependent = item.get("type") == "DEPENDENT"
    if dependent != ("master_item" in item):
        yield f"{item['key']}: a dependent item and a master belong together"
    if dependent and item["master_item"]["key"] not in masters:
        yield f"{item['key']}: no master {item['master_item']['key']}"
    if "valuemap" in item and item["valuemap"]["name"] not in maps:
        yield f"{item['key']}: no value map {item['valuemap']['name']}"
    text = item.get("value_type") in ("TEXT", "CHAR")
    if text and ("units" in item or ("valuemap" in item and item["value_type"] == "TEXT")):
        yield f"{item['key']}: a text has no unit and no value map"


def references(expression: str) -> list[tuple[str, str]]:
    """Give template and key of every item that an expression speaks of."""
    found = []
    for match in re.finditer(r"\(/([^/]+)/", expression):
        depth, end = 0, match.end()
        while depth or expression[end] not in ",)":
            depth += {"[": 1, "]": -1}.get(expression[end], 0)
            end += 1
        found.append((match[1], expression[match.end() : end]))
    return found


def check_references(document: Node) -> Iterator[str]:
    """Expressions, graphs and widgets speak of items and graphs that are there."""
    items = {template["template"]: keys_of(template) for template in document["templates"]}
    for kind, node in nodes(document):
        if kind == "trigger":
            found = references(node["expression"])
            if not found:
                yield f"{named(node)}: no item in {node['expression']}"
            for name, key in found:
                if key not in items.get(name, {}):
                    yield f"{named(node)}: no item {key}"
                elif items[name][key].get("history") == "0":
                    yield f"{named(node)}: {key} keeps no history to look at"
        elif kind == "graph_item" and node["item"]["key"] not in items[node["item"]["host"]]:
            yield f"graph: no item {node['item']['key']}"


def check_dependencies(document: Node, others: list[Node]) -> Iterator[str]:
    """A trigger depends on one that is there, and no two are the same."""
    known = [
        one for other in (document, *others) for kind, one in nodes(other) if kind == "trigger"
    ]
    there = {(node["name"], node["expression"]) for node in known}
    triggers = [
        (node["name"], node["expression"]) for kind, node in nodes(document) if kind == "trigger"
    ]
    yield from (f"trigger {one[0]} is there twice" for one in triggers if triggers.count(one) > 1)
    for kind, node in nodes(document):
        if kind == "dependency" and (node["name"], node["expression"]) not in there:
            yield f"no trigger {node['name']} to depend on"


def strings(value: Any) -> Iterator[str]:
    """Give every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        # What something depends on is repeated there, and is of another template at times.
        for key in value.keys() - {"dependencies"}:
            yield from strings(value[key])
    else:
        for part in value:
            yield from strings(part)


def check_macros(document: Node) -> Iterator[str]:
    """Every macro that is used is defined and described, and every one defined is used."""
    for template in document["templates"]:
        defined = {macro["macro"] for macro in template.get("macros", ())}
        parts = {key: part for key, part in template.items() if key != "macros"}
        hosts = of_kind("host", template)
        given = {macro["macro"] for host in hosts for macro in host.get("macros", ())}
        shared = document.get("triggers", ())
        used = {name for text in strings([parts, *shared]) for name in MACRO.findall(text)}
        yield from (f"{name} is not defined" for name in used - defined - given)
        yield from (f"{name} is never used" for name in defined - used)
        for macro in template.get("macros", ()):
            if not macro.get("description"):
                yield f"{macro['macro']} has no description"


def check_discovery(document: Node) -> Iterator[str]:
    """Prototypes use macros that the rule finds; paths quote them as Zabbix escapes them."""
    for kind, rule in nodes(document):
        if kind != "rule":
            continue
        macros = {path["lld_macro"] for path in rule["lld_macro_paths"]}
        used = {name for text in strings(rule) for name in LLD.findall(text)}
        yield from (f"{rule['key']}: {name} is not found" for name in used - macros)
        yield from (f"{rule['key']}: {name}" for name in macros if not LLD.fullmatch(name))
        for item in rule.get("item_prototypes", ()):
            if not LLD.search(item["key"]):
                yield f"{item['key']} is the same for every row"
        for path in (text for text in strings(rule) if text.startswith("$.")):
            if re.search(r"'\{#|\.\{#|\[\{#", path):
                yield f"{path}: a macro needs double quotes"


def check_widgets(document: Node) -> Iterator[str]:
    """Widgets lie within the grid, do not overlap, and show what is there."""
    version = series(document["version"])
    for template in document["templates"]:
        fields = of_kind("field", template)
        marks = [field["value"] for field in fields if field["name"] == "reference"]
        yield from (f"reference {mark}" for mark in marks if not re.fullmatch("[A-Z]{5}", mark))
        if len(set(marks)) != len(marks):
            yield f"a reference is there twice: {marks}"
        graphs = [*document.get("graphs", ()), *of_kind("graph", template)]
        shown = {"key": set(keys_of(template)), "name": {graph["name"] for graph in graphs}}
        for page in of_kind("page", template):
            yield from _check_page(page, version)
        for widget in of_kind("widget", template):
            yield from _check_fields(widget, shown, template["template"], version)


def _check_page(page: Node, version: str) -> Iterator[str]:
    columns, rows = GRID[version]
    boxes = []
    for widget in page["widgets"]:
        if widget["type"] not in WIDGETS[version].split():
            yield f"widget type {widget['type']}"
        x, y, width, height = (
            int(widget.get(key, default))
            for key, default in (("x", 0), ("y", 0), ("width", 1), ("height", 2))
        )
        if x + width > columns or y + height > rows or not 2 <= height <= 32:
            yield f"widget at {x},{y} lies outside"
        boxes.append((x, y, x + width, y + height))
    for one, other in combinations(boxes, 2):
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]:
            yield f"widgets at {one[:2]} and {other[:2]} overlap"


def _check_fields(
    widget: Node, shown: dict[str, set[str]], template: str, version: str
) -> Iterator[str]:
    for field in widget["fields"]:
        if field["type"] not in REFERENCES:
            if field["type"] not in ("INTEGER", "STRING"):
                yield f"field type {field['type']}"
            continue
        what = REFERENCES[field["type"]]
        if field["value"]["host"] != template or field["value"].get(what) not in shown[what]:
            yield f"widget {widget.get('name')}: nothing is called {field['value']}"
        if (version != "6.0") != ("." in field["name"]):
            yield f"field {field['name']} is not as {version} writes it"


def check_hosts(document: Node, others: list[Node]) -> Iterator[str]:
    """Hosts are made in a group and with templates that are there; groups are declared."""
    templates = {one["template"] for other in (document, *others) for one in other["templates"]}
    groups = {
        kind: {group["name"] for group in document.get(kind, ())}
        for kind in ("groups", "template_groups", "host_groups")
    }
    for template in document["templates"]:
        if not {one["name"] for one in template["groups"]} <= (
            groups["groups"] | groups["template_groups"]
        ):
            yield f"{template['name']}: a group is not declared"
    for kind, node in nodes(document):
        if kind == "host":
            linked = {one["name"] for one in node["templates"]}
            wanted = {one["group"]["name"] for one in node["group_links"]}
            if not linked <= templates or not wanted <= groups["groups"] | groups["host_groups"]:
                yield f"host {node['name']}: {linked} {wanted}"
            if not LLD.search(node["host"]) or not HOST.fullmatch(LLD.sub("", node["host"])):
                yield f"host {node['host']}"


def check_order(document: Node) -> Iterator[str]:
    """Lists are in Zabbix's own order, or a second import would change something."""
    place = _by_name if document["version"] == "6.0" else _by_place
    for kind, node in nodes(document):
        for name, key in (
            ("items", "key"),
            ("item_prototypes", "key"),
            ("macros", "macro"),
            ("tags", "tag"),
            ("valuemaps", "name"),
        ):
            order = _natural if name == "macros" else str
            rows = [order(row[key].lower().rstrip("}")) for row in node.get(name, ())]
            if rows != sorted(rows):
                yield f"{name} of {kind} {named(node)} are not in order"
        widgets = [place(widget) for widget in node.get("widgets", ())]
        if widgets != sorted(widgets):
            yield f"widgets of {named(node)} are not in order"


def _natural(name: str) -> Any:
    """Numbers in names of macros, and of widgets, count as numbers."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def _by_name(widget: Node) -> Any:
    return _natural(widget.get("name", ""))


def _by_place(widget: Node) -> Any:
    return int(widget.get("x", 0)), int(widget.get("y", 0))


CHECKS: tuple[Callable[[Node], Iterator[str]], ...] = (
    check_keys,
    check_uuids,
    check_words,
    check_items,
    check_references,
    check_macros,
    check_discovery,
    check_widgets,
    check_order,
)
