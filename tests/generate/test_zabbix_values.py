"""Every item of the Zabbix template finds its value in the document, in the type it has."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from catalogue import CATALOGUE, DEVICES_USAGE, SHAPES
from committed import ROOT
from readers import making, yaml

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate.zabbix import make
from o365skype_bridge.generate.zabbix_plan import OPTIONS
from o365skype_bridge.model.options import defaults
from o365skype_bridge.model.outcome import OUTCOMES
from o365skype_bridge.outputs import zabbix

STEP = re.compile(r'\.(\w+)(\(\))?|\["((?:[^"\\]|\\.)*)"\]')

MADE = make({**defaults(OPTIONS), "zabbix_version": "6.0"}, CATALOGUE)
[USAGE], [TENANTS] = (
    yaml.read(MADE[f"microsoft365_{what}_external.yaml"])["zabbix_export"]["templates"]
    for what in ("usage", "tenants")
)

Node = dict[str, Any]


class MissingError(Exception):
    """A path leads nowhere."""


def at(document: Any, path: str) -> Any:
    """Follow a path as Zabbix does; raise `MissingError` where there is nothing."""
    assert re.fullmatch(rf"\$(?:{STEP.pattern})+", path), path
    for name, function, quoted in STEP.findall(path):
        if function:
            assert name == "length"
            return len(document)
        key = quoted or name
        if not isinstance(document, dict) or key not in document:
            raise MissingError(path)
        document = document[key]
    return document


def value(item: Node, document: Any) -> Any:
    """Give what an item gets of a document; None if its value is discarded."""
    step, *rest = item["preprocessing"]
    assert (step["type"], len(step["parameters"])) == ("JSONPATH", 1)
    assert [one["type"] for one in rest] in ([], ["DISCARD_UNCHANGED_HEARTBEAT"])
    try:
        return at(document, step["parameters"][0])
    except MissingError:
        handler = step.get("error_handler")
        if handler is None:
            raise
        return "" if handler == "CUSTOM_VALUE" else None


def rows(rule: Node, document: Any) -> list[dict[str, str]] | None:
    """Give the macros of each row that a rule finds; None if it finds no array."""
    step, *replacing = rule["preprocessing"]
    assert [one["type"] for one in replacing] in ([], ["STR_REPLACE"])
    assert step["error_handler"] == "DISCARD_VALUE"
    try:
        found = at(document, step["parameters"][0])
    except MissingError:
        return None
    return [
        {one["lld_macro"]: at(row, one["path"]) for one in rule["lld_macro_paths"]} for row in found
    ]


def expanded(node: Any, macros: dict[str, str]) -> Any:
    """Put the macros of a row into a prototype, escaped as Zabbix escapes them."""
    text = json.dumps(node, ensure_ascii=False)
    for macro, what in macros.items():
        text = text.replace(macro, json.dumps(what, ensure_ascii=False)[1:-1])
    return json.loads(text)


def made(rule: Node, kind: str, document: Any) -> list[Node]:
    """Give what a rule makes of its prototypes of one kind."""
    found = rows(rule, document) or ()
    return [expanded(one, row) for row in found for one in rule.get(kind, ())]


def items(template: Node, document: Any) -> list[Node]:
    """Give every dependent item that a host has after a poll."""
    found = [item for item in template["items"] if item["type"] == "DEPENDENT"]
    for rule in template["discovery_rules"]:
        found += made(rule, "item_prototypes", document)
    return found


FITS = {
    "UNSIGNED": lambda value: type(value) is int and value >= 0,
    "FLOAT": lambda value: type(value) in (int, float),
    "CHAR": lambda value: type(value) is str and len(value) <= 255,
    "TEXT": lambda value: type(value) in (str, list),
}
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/expected.zabbix"))
SHAPED = ROOT / "tests" / "golden" / "every-shape" / "expected.zabbix"
SINGLE = [path for path in GOLDEN if path.parent.name != "two-tenants"]
FAILURES = [kind for kind in OUTCOMES if kind not in ("ok", "stale", "empty")]


@pytest.mark.parametrize("path", SINGLE, ids=lambda path: path.parent.name)
def test_every_item_has_a_value_of_its_type_or_none(path: Path) -> None:
    """No document makes an item unsupported: what is unknown is discarded, nothing is misfit."""
    document = json.loads(path.read_text(encoding="utf-8"))
    got = {item["key"]: (item, value(item, document)) for item in items(USAGE, document)}

    assert {
        key: found
        for key, (item, found) in got.items()
        if found is not None and not FITS[item.get("value_type", "UNSIGNED")](found)
    } == {}
    assert len(got) > 20


def test_every_figure_of_a_document_has_an_item() -> None:
    """Nothing that is known is lost: each number of a good day is some item's value."""
    users = {"adele": (1, 2, 3), "alex": (4, 5, 6)}
    document = json.loads(making.render("zabbix", making.devices(), making.activity(users)).text)
    keys = {item["key"] for item in items(USAGE, document)}
    per_user = {
        f"o365.user[{id_},{metric}]" for id_, row in document["user"].items() for metric in row
    }

    assert {f"o365.metric[{name}]" for name in document["metric"]} | per_user <= keys


@pytest.mark.parametrize("shape", SHAPES)
def test_every_figure_of_every_shape_has_an_item(shape: str) -> None:
    """The document of each shape's golden case finds its items in a template made for it."""
    made_ = make(defaults(OPTIONS), (*CATALOGUE, SHAPES[shape]))
    templates = [
        template
        for name in made_
        if "tenants" not in name and name.endswith(".yaml")
        for template in yaml.read(made_[name])["zabbix_export"]["templates"]
    ]
    document = json.loads(SHAPED.read_text(encoding="utf-8"))
    known = {item["key"] for template in templates for item in items(template, document)}
    wanted = {
        f"o365.{metric.label}[{id_},{metric.dotted}]"
        for metric in SHAPES[shape].metrics
        if metric.is_found
        for id_ in document[metric.label]
    }
    wanted |= {
        f"o365.metric[{metric.dotted}]" for metric in SHAPES[shape].metrics if not metric.is_found
    }

    assert wanted - known == set()


def test_names_of_every_kind_are_items_of_bounded_length() -> None:
    """Quotes, backslashes, brackets, commas, emoji and 300 characters make items with values."""
    users = dict.fromkeys(
        ("a'b", 'c"d', "e\\f", "g]h[", "i,j", "😀", "{#ID}", "{$O365.TENANT}", "k" * 300), (7, 8, 9)
    )
    document = json.loads(making.render("zabbix", making.activity(users)).text)
    rule = next(one for one in USAGE["discovery_rules"] if one["key"] == "o365.users.discovery")
    found = made(rule, "item_prototypes", document)
    graphs = [graph["name"] for graph in made(rule, "graph_prototypes", document)]

    assert [value(item, document) for item in found if "p2p" in item["key"]] == [7] * len(users)
    assert len({item["key"] for item in found}) == 3 * len(users)
    assert max(len(item["name"]) for item in found) <= 255
    assert max(map(len, graphs)) <= 255
    assert len(set(graphs)) == len(users)


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_takes_nothing_away(kind: str) -> None:
    """Rules find no array rather than an empty one, and the report still has its outcome."""
    document = json.loads(making.render("zabbix", making.failed(DEVICES_USAGE, kind)).text)
    found = {rule["key"]: rows(rule, document) for rule in USAGE["discovery_rules"]}
    got = {item["key"]: value(item, document) for item in items(USAGE, document)}

    assert (found["o365.devices.discovery"], found["o365.users.discovery"]) == (None, None)
    assert [row["{#ID}"] for row in found["o365.reports.discovery"] or ()] == [DEVICES_USAGE.name]
    assert got["o365.report.fetch[skype-devices-usage]"] == OUTCOMES.index(kind)
    assert got["o365.metric[skype.devices.active.count]"] is None


def test_what_is_no_document_of_ours_is_noticed() -> None:
    """The status fails hard; only texts that may be absent become empty."""
    hard = []
    for item in (*USAGE["items"], *TENANTS["items"]):
        if item["type"] == "DEPENDENT":
            try:
                value(item, {})
            except MissingError:
                hard.append(item["key"])

    assert sorted(hard) == ["o365.bridge.status", "o365.bridge.status"]


@pytest.mark.parametrize("template", [USAGE, TENANTS], ids=["usage", "tenants"])
def test_a_failed_answer_makes_nothing_unsupported(template: Node) -> None:
    """It is a document of ours; whoever has a path into what is missing keeps what he has."""
    document = json.loads(zabbix.fail(UsageError("no", "Yes.")).text)
    got = {item["key"]: value(item, document) for item in items(template, document)}

    assert (got["o365.bridge.status"], got["o365.bridge.failure"]) == ("failed", 3)


def test_tenants_become_hosts_that_name_them() -> None:
    """Each has a technical name of plain characters and the tenant's own name in its macro."""
    names = ("contoso", "fab rikam", "ü/ö")
    document = json.loads(zabbix.list_tenants(names, making.NOW, ()).text)
    [rule] = TENANTS["discovery_rules"]
    hosts = made(rule, "host_prototypes", document)
    known = {item["key"]: value(item, document) for item in items(TENANTS, document)}

    assert [host["macros"][1]["value"] for host in hosts] == list(names)
    assert [host["tags"] for host in hosts] == [[{"tag": "tenant", "value": one}] for one in names]
    assert [host["name"] for host in hosts] == [f"Microsoft 365 {name}-" for name in names]
    assert all(re.fullmatch(r"o365-t[0-9a-f]{16}-", host["host"]) for host in hosts)
    assert known == {
        "o365.bridge.error": "",
        "o365.bridge.failure": 0,
        "o365.bridge.status": "ok",
        "o365.bridge.tenants_known": 3,
        "o365.bridge.tenants_left_out": 0,
        "o365.bridge.warnings": "",
    }


def test_polls_are_often_enough_for_what_is_discovered() -> None:
    """A new item gets its first value with the next poll; a poll costs no call of Graph."""
    macros = {one["macro"]: one.get("value", "") for one in USAGE["macros"]}

    assert (macros["{$O365.INTERVAL}"], macros["{$O365.NODATA}"]) == ("5m", "30m")
    assert float(macros["{$O365.DEADLINE}"]) < 3  # what Zabbix waits unless told otherwise


def test_outcomes_have_their_words() -> None:
    """The value map says what the numbers of the document mean."""
    [found] = [one for one in USAGE["valuemaps"] if "outcome" in one["name"]]

    assert [(one["value"], one["newvalue"]) for one in found["mappings"]] == [
        (str(code), kind) for code, kind in enumerate(OUTCOMES)
    ]
