"""A host with the template has what the document holds, polled by an external check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from catalogue import CATALOGUE

from zabbix.conftest import Zabbix
from zabbix.templates import expected, held

GOLDEN = Path(__file__).parent.parent / "golden"
DAY = "2026-06-28"
CASES = ("typical-day", "per-user-hostile-names")
DISCOVERED = "4"
SLACK = 30
"""Seconds that may be between the bridge's look at the clock and the server's."""


def bodies(case: str) -> dict[tuple[str, str], bytes]:
    """Give the report files of a golden case as the simulator wants them."""
    return {
        (report.function, DAY if period == "day" else period): path.read_bytes()
        for path in (GOLDEN / case / "input").glob("*.csv")
        for what, _, period in [path.stem.partition("-")]
        for report in CATALOGUE
        if what in report.name
    }


class Polled(NamedTuple):
    """A host, its items, and the document that it should show."""

    host: str
    items: dict[str, dict[str, Any]]
    values: dict[str, str]
    document: Any


@pytest.fixture(scope="module")
def polled(zabbix: Zabbix) -> dict[str, Polled]:
    """Give hosts whose tenants have the report files of golden cases, once all values are there."""
    users = {case: ("--per-user",) if "per-user" in case else () for case in CASES}
    hosts = {
        case: zabbix.add_host(
            zabbix.office.add(case, bodies=bodies(case)), {"{$O365.USERS}": " ".join(words)}
        )
        for case, words in users.items()
    }
    found = {}
    for case, host in hosts.items():
        words = ("collect", "--output=zabbix", f"--tenant={case}", *users[case])
        document = json.loads(zabbix.office.run(*words).stdout)
        zabbix.wait_for(host, figures(document))
        found[case] = Polled(host, zabbix.api.items(host), zabbix.api.values(host), document)
    return found


def figures(document: Any) -> dict[str, str]:
    """Give what the items of totals and users hold of a document, by key."""
    named = {f"o365.metric[{name}]": value for name, value in document["metric"].items()}
    for id_, user in document.get("user", {}).items():
        named |= {f"o365.user[{id_},{name}]": value for name, value in user.items()}
    return {key: str(value) for key, value in named.items()}


@pytest.mark.parametrize("case", CASES)
def test_every_item_holds_what_the_document_holds(polled: dict[str, Polled], case: str) -> None:
    """Each item has the value that its path leads to, and is empty or absent without one."""
    one = polled[case]
    wanted = expected(one.items, one.document)
    rest = {key: "" for key in held(one.values) if key not in wanted}

    assert held(one.values) == wanted | rest


@pytest.mark.parametrize("case", CASES)
def test_age_counts_from_the_end_of_the_report_day(polled: dict[str, Polled], case: str) -> None:
    """The time of a value less the age that it says is the same moment as in the document."""
    one = polled[case]
    item = one.items["o365.bridge.age"]
    since = int(item["lastclock"]) - float(item["lastvalue"])

    assert since == pytest.approx(one.document["now"] - one.document["age_seconds"], abs=SLACK)


@pytest.mark.parametrize("case", CASES)
def test_figures_are_those_of_the_golden_file(polled: dict[str, Polled], case: str) -> None:
    """Whatever the golden file holds of totals and users has its item with that value."""
    document = json.loads((GOLDEN / case / "expected.zabbix").read_text())
    wanted = figures(document)

    assert {key: polled[case].values[key] for key in wanted} == wanted


@pytest.mark.parametrize("case", CASES)
def test_everything_is_discovered(polled: dict[str, Polled], case: str) -> None:
    """Every report, kind of device and user of the document has its items, and nobody else."""
    one = polled[case]
    keys = {key for key, item in one.items.items() if item["flags"] == DISCOVERED}
    found = {key.partition("[")[2].rstrip("]").partition(",")[0] for key in keys}
    listed = {row["id"] for rows in one.document["discovery"].values() for row in rows}

    assert found == listed


def test_hostile_names_are_what_items_are_called(polled: dict[str, Polled]) -> None:
    """Quotes, commas, backslashes, brackets, emoji and length arrive in names as they are."""
    one = polled["per-user-hostile-names"]
    names = {row["name"] for row in one.document["discovery"]["users"]}
    called = {
        item["name"].removeprefix("User ").rpartition(": ")[0]
        for key, item in one.items.items()
        if key.startswith("o365.user[")
    }

    assert called == names


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_unsupported(zabbix: Zabbix, polled: dict[str, Polled], case: str) -> None:
    """No item and no discovery rule has an error."""
    assert zabbix.api.unsupported(polled[case].host) == {}
