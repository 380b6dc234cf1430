"""The Zabbix document: stable paths, discovery, and nothing that would disable an item."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from catalogue import DEVICES_USAGE, USERS_ACTIVITY
from hypothesis import given, settings
from readers import making
from readers.names import NAMES, TENANTS, USERS

from o365skype_bridge.errors import ForbiddenError
from o365skype_bridge.model.outcome import OUTCOMES, Outcome
from o365skype_bridge.outputs import zabbix
from o365skype_bridge.outputs.ids import safe_id
from o365skype_bridge.outputs.names import clean

MOST_BYTES = 512 * 1024

REPORT = {
    "outcome": "ok",
    "outcome_code": 0,
    "fetch_code": 0,
    "success": 1,
    "up": 1,
    "cause": "ok",
    "cause_code": 0,
    "trouble_code": 0,
    "needs_somebody": 0,
    "unconfirmed_seconds": 60,
    "names_concealed": 0,
    "refresh_date": "2026-06-28",
    "refresh_time": 1782604800,
    "age_seconds": 108000,
    "collected_at": 1782799140,
    "confirmed_at": 1782799140,
    "confirmed_seconds": 60,
    "fetch_seconds": 0.25,
    "calls": 2,
}
ALIKE = (
    "aca" * 33,
    (
        "babacababbabbabacaacaacaacaacababbabacababacaacababb"
        "abbabacababbabbabbabacababacaacababacaacaacabab"
    ),
)
"""Two names whose checksums are the same."""


def document(*results: Any, **options: Any) -> dict[str, Any]:
    """Print with the output and read it with the JSON reader of Python."""
    text = making.render("zabbix", *results, **options).text
    assert text.isascii()
    assert text.endswith("}\n")
    found: dict[str, Any] = json.loads(text)
    return found


def scalars(value: Any) -> Iterator[Any]:
    """Give every value of a document that holds no others."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from scalars(part)
    else:
        yield value


def test_one_tenant_stands_at_the_top() -> None:
    """Discovery arrays, outcomes and values of the only tenant are at fixed paths."""
    kinds = {
        "windows": "Windows",
        "ipad": "iPad",
        "iphone": "iPhone",
        "android": "Android Phone",
        "windowsphone": "Windows Phone",
    }

    assert {
        "schema": 1,
        "status": "ok",
        "status_code": 0,
        "failure": 0,
        "now": 1782799200,
        "tenant": "contoso",
        "cause": "none",
        "refresh_date": "2026-06-28",
        "age_seconds": 108000,
        "trouble": {"trouble_code": 0, "needs_somebody": 0, "unconfirmed_seconds": 60},
        "discovery": {
            "reports": [
                {"id": report.name, "name": report.title, "group": "usage"}
                for report in (DEVICES_USAGE, USERS_ACTIVITY)
            ],
            "devices": [
                {
                    "id": f"skype.devices.{kind}.count",
                    "name": title,
                    "report": "skype-devices-usage",
                    "report_name": "Skype for Business devices usage",
                    "unit": "count",
                    "group": "usage",
                }
                for kind, title in kinds.items()
            ],
        },
        "report": {"skype-devices-usage": REPORT, "skype-users-activity": REPORT},
        "metric": {
            **making.DEVICES,
            "skype.devices.active.max": 7,
            **making.ACTIVITY,
            "skype.users.active.max": 5,
        },
    } == document(making.devices(), making.activity())


def test_users_are_discovered_and_addressed_by_id() -> None:
    """A user's name stands in the discovery only."""
    users = {"adele@contoso.com": (3, 1, 2), "'] | $": (0, 0, 4)}
    found = document(making.activity(users))
    ids = {row["name"]: row["id"] for row in found["discovery"]["users"]}

    assert {
        ids[name]: dict(zip(making.PER_USER, figures, strict=True))
        for name, figures in users.items()
    } == found["user"]


def test_ids_are_a_names_for_ever() -> None:
    """The id of a user or tenant is part of items that exist; it must not change."""
    assert (
        safe_id("u", "adele@contoso.com"),
        safe_id("t", "contoso"),
    ) == ("u41a399bf3bdd06ae", "t865b108f0bee0306")


def test_names_with_the_same_checksums_are_two_users() -> None:
    """Whoever chooses names so that their ids would be one is still counted as two."""
    assert safe_id("u", ALIKE[0]) == safe_id("u", ALIKE[1])

    found = document(making.activity({ALIKE[0]: (1, 1, 1), ALIKE[1]: (2, 2, 2)}))

    assert [list(values.values()) for values in found["user"].values()] == [[1, 1, 1], [2, 2, 2]]
    assert list(found["user"]) == [row["id"] for row in found["discovery"]["users"]]


def test_names_that_cannot_be_written_are_different_users() -> None:
    """Half a character becomes a question mark in the name, but never somebody else."""
    found = document(making.activity(dict.fromkeys(("?", "\ud800", "\udfff"), (1, 1, 1))))

    assert [row["name"] for row in found["discovery"]["users"]] == ["?", "?", "?"]
    assert len(found["user"]) == 3


def test_several_tenants_stand_under_their_ids() -> None:
    """Each has what one alone has at the top, and they are discovered."""
    found = document(making.devices(), making.devices(tenant="fabrikam"))
    alone = document(making.devices())
    summary = ("cause", "refresh_date", "age_seconds", "trouble")
    part = {key: alone[key] for key in (*summary, "discovery", "report", "metric")}
    ids = {row["name"]: row["id"] for row in found["discovery"]["tenants"]}

    assert list(ids) == ["contoso", "fabrikam"]
    assert dict.fromkeys(ids.values(), part) == found["tenants"]


def test_a_report_that_gave_nothing_has_no_arrays_and_no_values() -> None:
    """An empty array would make Zabbix disable every item that it had discovered."""
    found = document(making.failed(DEVICES_USAGE, "forbidden", fetch_seconds=None))

    assert list(found["discovery"]) == ["reports"]
    assert found["metric"] == {}
    assert found["report"] == {
        "skype-devices-usage": {
            "outcome": "forbidden",
            "outcome_code": 5,
            "fetch_code": 5,
            "success": 0,
            "up": 0,
            "cause": "forbidden",
            "cause_code": 5,
            "trouble_code": 0,
            "needs_somebody": 0,
            "unconfirmed_seconds": 0,
            "message": "what happened. What to do.",
            "calls": 1,
        }
    }


def test_stale_values_are_given_with_their_cause() -> None:
    """Old values are values; the report says that they are old and why."""
    outcome = Outcome(kind="stale", message="no route", cause="unreachable")
    found = document(making.activity(outcome=outcome))

    assert tuple(
        found["report"]["skype-users-activity"][key]
        for key in ("outcome", "outcome_code", "fetch_code", "cause_code", "success", "up")
    ) == ("stale", 2, 8, 8, 0, 0)
    assert found["report"]["skype-users-activity"]["cause"] == "unreachable"
    assert found["report"]["skype-users-activity"]["message"] == "no route."
    assert found["metric"]["skype.users.active.count"] == 3


def test_only_the_newest_day_is_given() -> None:
    """Zabbix stamps values itself, so a day before has no place."""
    old = making.totals(dict.fromkeys(making.ACTIVITY, 99), 99, making.DAY - timedelta(days=1))
    result = making.activity()

    assert document(result) == document(result.replace(samples=(*result.samples, *old)))


@pytest.mark.parametrize("kind", OUTCOMES)
def test_status_is_the_worst_outcome(kind: str) -> None:
    """One report that failed is not hidden by one that went well."""
    assert kind == document(making.devices(), making.failed(USERS_ACTIVITY, kind))["status"]


def test_notes_and_warnings_are_said() -> None:
    """Remarks on a report stand with it, those on the run at the top."""
    found = document(
        making.devices(notes=("one.", "two."), concealed=True), warnings=("file is open",)
    )
    report = found["report"]["skype-devices-usage"]

    assert (
        report["names_concealed"],
        report["notes"],
        found["warnings"],
    ) == (1, "one. two.", ["file is open"])


def test_an_error_is_a_document_without_values() -> None:
    """Zabbix takes the output whatever the exit code, so even a complaint is JSON."""
    rendered = zabbix.OUTPUT.fail(ForbiddenError("no\nentry", "Ask."))

    assert json.loads(rendered.text) == {
        "schema": 1,
        "status": "failed",
        "status_code": 10,
        "failure": 3,
        "error": "no entry. Ask.",
        "cause": "no entry. Ask.",
    }
    assert rendered.exit_code == 3


@pytest.mark.parametrize("name", ["{}@contoso.com", "😀" * 120 + "{}", "{:0300d}"])
def test_five_thousand_users_fit(name: str) -> None:
    """Zabbix 6.0 refuses more than 512 KiB; how many users are left out is said."""
    users = {name.format(number): (number, 0, 0) for number in range(5000)}
    text = making.render("zabbix", making.activity(users)).text
    found = json.loads(text)

    assert len(text) < MOST_BYTES
    assert len(found["user"]) + found["users_left_out"] == 5000
    assert len(found["user"]) == len(found["discovery"]["users"])
    assert len(found["user"]) > 100


def test_a_number_beyond_a_double_is_a_text() -> None:
    """Zabbix's JSONPath would round it; of a text every digit arrives."""
    users = {"a": (2**53, 2**53 + 1, 2**64 - 1)}
    [figures] = document(making.activity(users))["user"].values()

    assert list(figures.values()) == [2**53, "9007199254740993", "18446744073709551615"]


def test_users_that_all_fit_leave_nobody_out() -> None:
    """The number is there as soon as users are, so that its item recovers by itself."""
    found = document(making.activity({"a": (1, 1, 1)}))

    assert (found["users_left_out"], list(found["user"])) == (0, [safe_id("u", "a")])


@pytest.mark.parametrize("tenants", [2, 100, 300, 900])
def test_every_tenant_fits_or_is_counted(tenants: int) -> None:
    """Users give way first, then parts of tenants; the list of tenants stays, or hosts would go."""
    names = [f"tenant-{number}" for number in range(tenants)]
    users = {"😀" * 100 + str(number): (number, 0, 0) for number in range(20)}
    results = [
        result
        for tenant in names
        for result in (
            making.activity(users, tenant=tenant, notes=("é" * 3000,)),
            making.devices(tenant=tenant),
        )
    ]
    text = making.render("zabbix", *results).text
    found = json.loads(text)

    assert len(text) < MOST_BYTES
    assert [row["name"] for row in found["discovery"]["tenants"]] == names
    assert len(found["tenants"]) + found["tenants_left_out"] == tenants
    assert set(found["tenants"]) <= {row["id"] for row in found["discovery"]["tenants"]}
    assert len(found["tenants"]) >= min(tenants, 10)


def test_two_tenants_with_many_users_are_both_there() -> None:
    """A tenant with many users does not crowd out another."""
    users = {"😀" * 100 + str(number): (number, 0, 0) for number in range(3000)}
    found = document(making.activity(users), making.activity(tenant="fabrikam"))

    assert (len(found["tenants"]), found["tenants_left_out"]) == (2, 0)


def tenants_only(names: tuple[str, ...], warnings: tuple[str, ...] = ()) -> tuple[str, Any]:
    """List tenants alone, as text and as JSON."""
    text = zabbix.list_tenants(names, making.NOW, warnings).text
    return text, json.loads(text)


def test_tenants_alone_are_a_document_for_discovery() -> None:
    """The rows are those of an answer for several tenants; nothing was asked, so nothing is bad."""
    _, found = tenants_only(("contoso", "fabrikam"))

    assert found == {
        "schema": 1,
        "status": "ok",
        "status_code": 0,
        "failure": 0,
        "now": 1782799200,
        "discovery": document(making.devices(), making.devices(tenant="fabrikam"))["discovery"],
        "tenants_left_out": 0,
    }


@pytest.mark.parametrize(("name", "fitting"), [("{:05d}", 8000), ("😀" * 200 + "{:05d}", 100)])
def test_thousands_of_tenants_fit(name: str, fitting: int) -> None:
    """What does not fit is the end of the list, so that the same hosts stay."""
    names = tuple(name.format(number) for number in range(20000))
    text, found = tenants_only(names, ("w" * MOST_BYTES,) * 5000)
    rows = found["discovery"]["tenants"]

    assert len(text) < MOST_BYTES
    assert len(rows) >= fitting
    assert len(rows) + found["tenants_left_out"] == len(names)
    assert [row["id"] for row in rows] == [safe_id("t", one) for one in names[: len(rows)]]


def test_warnings_are_counted_when_there_are_many() -> None:
    """One file that others can read for each of 5,000 tenants is still a document."""
    _, found = tenants_only(("contoso",), tuple(f"file {number}" for number in range(5000)))

    assert found["warnings"] == [*(f"file {number}" for number in range(10)), "and 4990 more"]


@given(tenants=TENANTS)
@settings(deadline=None)
def test_every_tenant_has_an_id_of_its_own(tenants: list[str]) -> None:
    """Whatever tenants are called, no two share a host."""
    _, found = tenants_only(tuple(tenants))
    ids = [row["id"] for row in found["discovery"]["tenants"]]

    assert (len(set(ids)), len(ids)) == (len(set(tenants)), len(tenants))
    assert all(re.fullmatch(r"t[0-9a-f]{16}_*", id_) for id_ in ids)


@given(users=USERS)
@settings(deadline=None)
def test_users_are_never_lost_whatever_their_names(users: dict[str, making.Figures]) -> None:
    """Every user has an id that can stand in a path, a readable name, and all figures."""
    found = document(making.activity(users))
    rows = found["discovery"].get("users", [])

    assert list(users.values()) == [
        tuple(values.values()) for values in found.get("user", {}).values()
    ]
    assert [clean(user, 200) for user in users] == [row["name"] for row in rows]
    assert list(found.get("user", {})) == [row["id"] for row in rows]
    assert all(re.fullmatch(r"u[0-9a-f]{16}_*", row["id"]) for row in rows)


@given(tenants=TENANTS, message=NAMES, warning=NAMES)
@settings(deadline=None)
def test_nothing_is_null_true_false_or_unprintable(
    tenants: list[str], message: str, warning: str
) -> None:
    """Such values would make an item unsupported, or a name unreadable."""
    outcome = Outcome(kind="unreachable", message=message)
    results = [
        result
        for tenant in tenants
        for result in (
            making.devices(tenant=tenant, concealed=True),
            making.failed(USERS_ACTIVITY, "unreachable", tenant=tenant, outcome=outcome),
        )
    ]
    found = document(*results, warnings=(warning,))
    values = list(scalars(found))
    parts = found.get("tenants", {"": found})

    assert {str, int, float} == set(map(type, values))
    assert all(value == clean(value, 5000) for value in values if isinstance(value, str))
    assert len(tenants) == len(parts)
