"""The Zabbix files are what the importer of each version asks for; 7.4 by its format alone."""

from __future__ import annotations

import re
import uuid
from functools import cache
from typing import Any

import committed
import pytest
from readers import yaml, zabbix
from readers.zabbix_format import nodes
from zabbix.templates import FORMER

from o365skype_bridge.generate.zabbix import Uuids, quote
from o365skype_bridge.generate.zabbix_parts import uuid_of

VERSIONS = ("6.0", "7.0", "7.4")
MODES = ("external", "agent", "trapper")
EVERY = [(version, mode) for version in VERSIONS for mode in MODES]
FILES = ("usage", "skype", "teams", "migration", "health", "credentials", "tenants")
"""What there is a file for, in the order to import them."""


@cache
def made(version: str, mode: str) -> dict[str, str]:
    """Give the files to import, by what they are for."""
    files = committed.made(f"zabbix --zabbix-version {version} --mode {mode}")
    return {name.split("_")[1]: one for name, one in files.items() if name.endswith(".yaml")}


def text(version: str, mode: str, what: str = "usage") -> str:
    return made(version, mode)[what]


def document(version: str, mode: str, what: str = "usage") -> dict[str, Any]:
    found: dict[str, Any] = yaml.read(text(version, mode, what))["zabbix_export"]
    return found


def test_there_is_a_file_for_each_family() -> None:
    """They are listed in the order in which they can be imported."""
    assert tuple(made("7.0", "external")) == FILES


@pytest.mark.parametrize("what", FILES)
@pytest.mark.parametrize(("version", "mode"), EVERY)
def test_importer_has_nothing_to_say(version: str, mode: str, what: str) -> None:
    """Keys, words, uuids, references, macros, widgets and order are as the version wants them."""
    assert zabbix.problems(text(version, mode, what), text(version, mode)) == []


@pytest.mark.parametrize("mode", MODES)
def test_names_on_a_host_are_of_one_each(mode: str) -> None:
    """A host that all templates are linked to has no two items of a key, or graphs of a name."""
    keys, graphs = [], []
    for what in FILES[:-1]:
        for kind, node in nodes(document("7.0", mode, what)):
            keys += [node["key"]] if kind in ("item", "item_prototype", "rule") else []
            graphs += [node["name"]] if kind == "graph" else []

    assert (len(set(keys)), len(set(graphs))) == (len(keys), len(graphs))


UUIDS = {
    "Microsoft 365 tenants": "a4827fde81cc49e180fa31ba2c78b8c6",
    "Microsoft 365 usage by external check": "0415dbf047d14f99b5d31003b7eb03f4",
    "o365.bridge.status": "efe030faaa094e0ab121d4ec6d1ebe73",
    "o365.metric[skype.users.active.count]": "a47a8bac973c4b9a83142fc9c8bc3b75",
    "o365.metric[{#ID}]": "6ed59695ab344196a916cec7db0552a4",
    "o365.users.discovery": "5305e9bb53e54fcc826e2e9e6fd14081",
    "o365.user[{#ID},skype.users.sessions.p2p.count]": "ad3b75c2e158448a89fe0dac3907b47a",
    "Microsoft 365 {#NAME}{#SUFFIX}": "de50ba6bed594ffabe6f8d5601267483",
}
"""Some of each kind, as they were when the first template was given away."""

DAMAGES = {
    "an unquoted version": ("version: '7.0'\n", "version: 7.0\n"),
    "a date": ("  templates:\n", "  date: '2026-01-01'\n  templates:\n"),
    "groups of another version": ("  template_groups:", "  groups:"),
    "an unquoted truth": ("manual_close: 'YES'", "manual_close: YES"),
    "a word that is none": ("priority: 'HIGH'", "priority: 'BAD'"),
    "a uuid that is none": ("uuid: 'c2c162144c2d4c5491c8801193af4945'", "uuid: 'c2'"),
    "a master that is none": (
        "master_item:\n            key: 'o365",
        "master_item:\n            key: 'o36",
    ),
    "an item that is none": ("o365.bridge.failure)>", "o365.bridge.fault)>"),
    "a value map that is none": (
        "valuemap:\n                name: '",
        "valuemap:\n                name: 'x",
    ),
    "a macro that is not defined": ("delay: '{$O365.INTERVAL}'", "delay: '{$O365.OTHER}'"),
    "a macro that is never used": ("{$O365.NODATA}", "30m"),
    "a macro without description": ("description: 'Configuration file;", "value: 'file;"),
    "a single quote in a path": ('$.report["{#ID}"].calls', "$.report[''{#ID}''].calls"),
    "a macro that is not discovered": ("name: '{#NAME}: Outcome'", "name: '{#OTHER}: Outcome'"),
    "an overlap": ("'x': '24'", "'x': '23'"),
    "a widget outside": ("'x': '24'", "'x': '70'"),
    "a widget of another version": ("type: 'piechart'", "type: 'PIE'"),
    "a field of another version": ("name: 'itemid.0'", "name: 'itemid'"),
    "a widget of nothing": ("        key: 'o365.bridge.status'\n", "        key: 'x'\n"),
    "an order of its own": ("macro: '{$O365.AGE.HIGH}'", "macro: '{$O365.ZZZ}'"),
    "a key that is none": ("opdata:", "operational:"),
    "a host in no group": ("name: 'Microsoft 365 tenants'\n  templates", "name: 'x'\n  templates"),
    "the same key for every row": ("'o365.report.calls[{#ID}]'", "'o365.report.calls'"),
    "a trigger on what is not kept": ("trends: '1095d'", "history: '0'"),
    "wizard fields before 7.4": ("      groups:", "      wizard_ready: 'YES'\n      groups:"),
    "a name too long": ("name: 'Microsoft 365: Status'", f"name: '{'x' * 256}'"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_reader_finds_what_an_importer_refuses(damage: str) -> None:
    """The test above could fail: every kind of damage is found."""
    old, new = DAMAGES[damage]
    good = next(one for one in made("7.0", "external").values() if old in one)
    beside = text("7.0", "external")

    assert zabbix.problems(good, beside) == []
    assert zabbix.problems(good.replace(old, new), beside) != []


def test_reader_finds_a_timeout_that_an_old_importer_drops() -> None:
    """6.0 takes no timeout of an item, nor 7.0's lifetimes."""
    good = text("6.0", "external")

    assert zabbix.problems(good.replace("delay: '0'", "timeout: '5s'", 1)) != []
    assert zabbix.problems(good.replace("    delay: '0'\n", "    enabled_lifetime: '7d'\n")) != []


def test_reader_finds_a_uuid_that_is_there_twice() -> None:
    """6.0 would lose one of the two without a word."""
    good = text("6.0", "external")
    one, other = list(re.finditer(r"uuid: '(\w+)'", good))[3:5]

    assert zabbix.problems(good.replace(other[1], one[1])) != []


def test_uuids_are_what_they_always_were() -> None:
    """Zabbix keeps history by uuid: what one is made of must never change."""
    found = {
        node.get("key") or node["name"]: node["uuid"]
        for what in ("tenants", "usage")
        for kind, node in nodes(document("6.0", "external", what))
        if kind in ("group", "template", "item", "rule", "item_prototype", "trigger", "host")
    }

    assert {name: found[name] for name in UUIDS} == UUIDS


def test_uuids_are_the_same_in_every_version() -> None:
    """A file for a newer Zabbix upgrades the template in place."""
    per_version = [
        {
            (what, kind, node.get("key") or node["name"]): node["uuid"]
            for what in FILES
            for kind, node in nodes(document(version, "external", what))
            if "uuid" in node and kind not in ("trigger", "graph")
        }
        for version in VERSIONS
    ]

    assert per_version[0] == per_version[1] == per_version[2]


def test_uuids_of_modes_differ_except_of_groups() -> None:
    """The variants can be imported beside each other; the group of hosts is one."""
    uuids = [
        {
            node["uuid"]
            for what in FILES
            for _, node in nodes(document("7.0", mode, what))
            if "uuid" in node
        }
        for mode in MODES
    ]
    tenants = document("7.0", "agent", "tenants")
    groups = {node["uuid"] for kind, node in nodes(tenants) if kind == "group"}

    assert uuids[0] & uuids[1] == uuids[1] & uuids[2] == uuids[0] & uuids[2] == groups


def test_uuid_is_of_version_4() -> None:
    """Zabbix refuses other versions, so the digits made of a name carry the marks of 4."""
    made = uuid.UUID(uuid_of("anything"))

    assert (made.version, made.variant) == (4, uuid.RFC_4122)


def test_a_uuid_is_not_given_twice() -> None:
    """Two things of one id are a mistake that must not reach a server."""
    uuids = Uuids("external")
    uuids.of("usage", "item", "x")
    uuids.of("usage", "rule", "x")

    with pytest.raises(ValueError, match="the usage template has two of item 'x'"):
        uuids.of("usage", "item", "x")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("6.0", "'6.0'"),
        ("it's", "'it''s'"),
        ('a "b" \\ {#c}', "'a \"b\" \\ {#c}'"),
        ("two\nlines", '"two\\nlines"'),
        ("", "''"),
    ],
)
def test_every_scalar_is_a_quoted_text(value: str, written: str) -> None:
    """Whatever it looks like, Zabbix gets a text, and the same text."""
    assert (quote(value), yaml.scalar(quote(value))) == (written, value)


def test_only_texts_are_quoted() -> None:
    """A number would be written in a form that somebody has to choose."""
    with pytest.raises(TypeError, match="10 is no text"):
        quote(10)


def test_the_newest_file_has_the_wizards_fields() -> None:
    """7.4 shows templates with a page to read and labelled macros; older ones refuse that."""
    for template in (
        one for what in FILES for one in document("7.4", "external", what)["templates"]
    ):
        configured = [macro["config"] for macro in template["macros"] if "config" in macro]

        assert (template["wizard_ready"], template["readme"][:3]) == ("YES", "## ")
        assert configured
        assert {tuple(config) for config in configured} == {
            ("type", "priority", "label", "description")
        }


def found_by(text: str) -> dict[str, list[str]]:
    """Give the macros of each discovery rule in their order."""
    return {
        node["uuid"]: [path["lld_macro"] for path in node["lld_macro_paths"]]
        for kind, node in nodes(yaml.read(text)["zabbix_export"])
        if kind == "rule"
    }


def test_new_macros_sort_after_those_that_a_server_has() -> None:
    """6.0 compares them as they came or by name, and no import ought to be a change."""
    now = found_by(text("6.0", "trapper")) | found_by(text("6.0", "trapper", "tenants"))
    former = found_by(FORMER.read_text(encoding="utf-8"))

    assert {id_: now[id_][: len(macros)] for id_, macros in former.items()} == former


@pytest.mark.parametrize("what", FILES)
def test_macros_of_discovery_are_sorted(what: str) -> None:
    """Newer servers export them so, and 6.0 may."""
    found = found_by(text("6.0", "trapper", what))

    assert found == {id_: sorted(macros) for id_, macros in found.items()}


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("The check cannot work", "o365.bridge.error"),
        ("Somebody has to act", "o365.bridge.message"),
        ("Graph has not confirmed the data for long", "o365.bridge.message"),
    ],
)
def test_problem_waits_for_the_words_that_name_it(name: str, item: str) -> None:
    """Items of one answer may come one after the other, and a name is made when it begins."""
    [trigger] = [
        one
        for one in document("6.0", "trapper")["triggers"]
        if one["name"] == f"Microsoft 365: {name}"
    ]

    assert f"length(last(/Microsoft 365 usage by trapper/{item}))>0" in trigger["expression"]


def test_widgets_of_6_0_are_sorted_with_their_numbers_counted() -> None:
    """It exports them so, and another order would be a change in each import."""
    files = committed.made("zabbix --zabbix-version 6.0 --mode agent --period D7,D30,D180")
    [teams] = (content for name, content in files.items() if "_teams_" in name)
    found = re.findall("name: 'Teams: Active teams over ([0-9]+) days'", teams.split("pages:")[1])

    assert found == ["30", "180"]
