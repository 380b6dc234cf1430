"""What the Zabbix document says of a trouble: that of all reports once, others at their report."""

from __future__ import annotations

import json
from typing import Any

import pytest
from catalogue import DEVICES_USAGE, SHAPES, USERS_ACTIVITY
from readers import making

from o365skype_bridge.errors import ConfigurationError, UnknownTenantError, UsageError
from o365skype_bridge.model.outcome import OUTCOMES, Outcome
from o365skype_bridge.model.values import ReportResult
from o365skype_bridge.outputs import zabbix

PASSING = ("pending", "throttled", "unreachable")
STAYING = ("forbidden", "gone", "malformed", "unauthorized")


def document(*results: ReportResult, **options: Any) -> Any:
    """Give the document of some results."""
    return json.loads(making.render("zabbix", *results, **options).text)


def codes(found: Any) -> tuple[int, list[int]]:
    """Give the code of the trouble of all, and those of single reports."""
    single = [report["trouble_code"] for report in found["report"].values()]
    return found["trouble"]["trouble_code"], single


def code(kind: str) -> int:
    return OUTCOMES.index(kind)


@pytest.mark.parametrize("kind", [*PASSING, *STAYING])
def test_what_all_reports_meet_is_no_trouble_of_a_report(kind: str) -> None:
    """One cause is said once."""
    found = document(making.failed(DEVICES_USAGE, kind), making.failed(USERS_ACTIVITY, kind))

    assert codes(found) == (code(kind), [0, 0])


@pytest.mark.parametrize("kind", sorted({*PASSING, *STAYING} - {"unauthorized"}))
def test_what_one_report_meets_is_its_trouble(kind: str) -> None:
    """The others are well, so it is not the tenant."""
    found = document(making.failed(DEVICES_USAGE, kind), making.activity())

    assert codes(found) == (0, [code(kind), 0])


def test_a_refused_login_is_the_tenants_whoever_met_it() -> None:
    """The others have only not asked yet."""
    found = document(making.devices(), making.failed(USERS_ACTIVITY, "unauthorized"))

    assert codes(found) == (code("unauthorized"), [0, 0])


def test_causes_that_pass_are_one_trouble_however_they_differ() -> None:
    """A network that comes and goes shows itself in every way at once."""
    found = document(
        making.failed(DEVICES_USAGE, "pending"), making.failed(USERS_ACTIVITY, "unreachable")
    )

    assert codes(found) == (code("unreachable"), [0, 0])


def test_causes_that_need_somebody_are_told_apart() -> None:
    """Who grants a permission has not brought back a report that is gone."""
    found = document(
        making.failed(DEVICES_USAGE, "forbidden"), making.failed(USERS_ACTIVITY, "gone")
    )

    assert codes(found) == (0, [code("forbidden"), code("gone")])


def test_a_derived_report_has_no_trouble_of_its_own() -> None:
    """Its sources have it."""
    derived = SHAPES["from others"]
    found = document(making.failed(derived, "forbidden"), making.devices())

    assert codes(found) == (0, [0, 0])


@pytest.mark.parametrize("kind", [*PASSING, *STAYING])
def test_trouble_says_whether_somebody_has_to_act(kind: str) -> None:
    """Whatever is not going to pass by itself."""
    found = document(making.failed(DEVICES_USAGE, kind))["trouble"]

    assert found["needs_somebody"] == int(kind in STAYING)


def test_trouble_brings_its_cause_and_remedy() -> None:
    """Of kept figures it is what is in the way of newer ones."""
    stale = Outcome(kind="stale", message="no route", remedy="Dig.", cause="unreachable")
    found = document(making.devices(outcome=stale, confirmed_at=making.NOW - 4000))

    assert found["trouble"] == {
        "trouble_code": code("unreachable"),
        "needs_somebody": 0,
        "unconfirmed_seconds": 4000,
        "message": "no route. Dig.",
    }


def test_time_without_confirmation_is_that_of_the_best_report() -> None:
    """As long as one is confirmed, Graph is there."""
    found = document(making.devices(confirmed_at=making.NOW - 9000), making.activity())

    assert found["trouble"]["unconfirmed_seconds"] == 60


def test_a_report_that_never_came_is_waited_for_since_it_first_failed() -> None:
    """There is no time of confirmation, and the time must not stand still."""
    failed = making.failed(DEVICES_USAGE, "throttled", failing_since=making.NOW - 7000)

    assert document(failed)["report"][DEVICES_USAGE.name]["unconfirmed_seconds"] == 7000


@pytest.mark.parametrize(
    ("error", "failure"),
    [(ConfigurationError("x"), 1), (UnknownTenantError("x"), 2), (UsageError("x"), 3)],
)
def test_a_failure_says_whose_it_is(error: UsageError, failure: int) -> None:
    """So that one of the configuration is no problem of each of its tenants."""
    assert json.loads(zabbix.fail(error).text)["failure"] == failure


def names(found: Any) -> list[str]:
    """Give the names of users that are told apart."""
    return [row["name"] for row in found["discovery"]["users"]]


USERS = {"anna": (0, 0, 1), "bert": (9, 0, 0), "carl": (1, 1, 1), "dora": (0, 5, 3)}


@pytest.mark.parametrize(("most", "kept"), [("2", ["bert", "dora"]), ("3", [*"bcd"])])
def test_the_busiest_users_are_kept(most: str, kept: list[str]) -> None:
    """Not those who come first in the alphabet."""
    found = document(making.activity(USERS), max_users=most)

    assert [name[: len(kept[0])] for name in names(found)] == kept
    assert found["users_left_out"] == len(USERS) - len(kept)


def test_over_two_thousand_users_the_busiest_are_kept() -> None:
    """Without a number, too."""
    users = {f"{number:04d}": (number, 0, 0) for number in range(zabbix.MOST_USERS + 500)}
    found = document(making.activity(users))

    assert names(found) == [f"{number:04d}" for number in range(500, zabbix.MOST_USERS + 500)]


def test_a_trouble_without_words_is_named_by_its_outcome() -> None:
    """Problems wait for words, so there are always some, of all reports and of one."""
    silent = making.failed(DEVICES_USAGE, "gone", outcome=Outcome(kind="gone"))
    all_, one = document(silent), document(silent, making.result(USERS_ACTIVITY))

    assert (all_["trouble"]["message"], one["report"][DEVICES_USAGE.name]["message"]) == (
        "gone",
        "gone",
    )
