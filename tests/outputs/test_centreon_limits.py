"""Whatever a tenant holds, the answer is readable, whole and below the limit of Nagios."""

from __future__ import annotations

from typing import Any

import pytest
from catalogue import USERS_ACTIVITY
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import making, perfdata
from readers.names import NAMES, TENANTS, USERS

from o365skype_bridge.model.outcome import Outcome

TOTALS = len(making.ACTIVITY) + 1
"""Perfdata items of the activity report before those of users: its totals, and noon."""

CROSSED = {
    "critical_peer_to_peer_sessions": "@0:",
    "warning_total_organized_conference": "@0:",
    "critical_active_users": "@0:",
}


def left_out(answer: perfdata.Answer) -> int:
    """Give the number of values that are said to be left out."""
    words = [line.split()[0] for line in answer.details if "left out" in line]
    return int(words[0]) if words else 0


@given(users=USERS, dotted=st.booleans(), crossed=st.booleans(), verbose=st.booleans())
@settings(deadline=None)
def test_users_are_never_lost_whatever_their_names(
    users: dict[str, making.Figures], *, dotted: bool, crossed: bool, verbose: bool
) -> None:
    """Every figure is there, in order, or counted as left out."""
    options: dict[str, Any] = {
        "use_new_perfdata": dotted,
        "verbose": verbose,
        **(CROSSED if crossed else {}),
    }
    answer = perfdata.read(making.render("centreon", making.activity(users), **options).text)
    values = [item.value for item in answer.items.values()][TOTALS:]
    expected = [float(value) for figures in users.values() for value in figures]

    assert expected[: len(values)] == values
    assert len(expected) == len(values) + left_out(answer)


@pytest.mark.parametrize("name", ["user{}@contoso.com", "😀" * 300 + "{}", "{:0256d}"])
@pytest.mark.parametrize("options", [{}, CROSSED, {"verbose": True, **CROSSED}])
def test_five_thousand_users_fit(name: str, options: dict[str, Any]) -> None:
    """Totals are there, as many users as fit, and how many figures are left out."""
    users = {name.format(number): (number, 0, 0) for number in range(5000)}
    answer = perfdata.read(making.render("centreon", making.activity(users), **options).text)

    assert len(answer.items) - TOTALS + left_out(answer) == 15000
    assert set(making.ACTIVITY.values()) <= {item.value for item in answer.items.values()}


def test_a_full_line_still_says_that_something_is_left_out() -> None:
    """For every length of the last name that fits, the number of missing values is said."""
    for length in range(1, 120):
        users = {f"{number:03}{'x' * length}": (1, 1, 1) for number in range(100)}
        answer = perfdata.read(making.render("centreon", making.activity(users)).text)

        assert len(answer.items) - TOTALS + left_out(answer) == 300


@pytest.mark.parametrize("count", [*range(20, 60), 400])
def test_long_output_that_is_cut_says_how_many_lines_are_missing(count: int) -> None:
    """Every user has a line, or is counted in the last one; whole output has no such line."""
    users = {f"user{number:03}@contoso.com": (number, 0, 0) for number in range(count)}
    text = making.render("centreon", making.activity(users), verbose=True).text
    lines = perfdata.read(text).details
    shown = [line for line in lines if line.startswith("User ")]
    said = [int(line.split()[2]) for line in lines if line.startswith("... and ")]

    assert len(text.encode()) < 8192
    assert sum(said) == count - len(shown)
    assert said == [] or lines[-1] == f"... and {said[0]} more lines"


def test_a_hundred_tenants_fit() -> None:
    """As many as fit, and how many values are left out."""
    results = [making.devices(tenant=f"tenant-{number}") for number in range(100)]
    answer = perfdata.read(making.render("centreon", *results).text)

    assert len(answer.items) + left_out(answer) == 700


def test_a_hundred_failures_fit() -> None:
    """The line says the first ones, and how many more there are."""
    outcome = Outcome(kind="unreachable", message="x" * 3000)
    results = [
        making.failed(USERS_ACTIVITY, "unreachable", tenant=f"t{number}", outcome=outcome)
        for number in range(100)
    ]

    assert perfdata.read(making.render("centreon", *results).text).text.endswith(" and 98 more")


def test_a_hundred_old_answers_fit() -> None:
    """Of remarks that do not fit, dots are left."""
    outcome = Outcome(kind="stale", message="no route to graph.microsoft.com", cause="unreachable")
    results = [making.devices(tenant=f"t{number}", outcome=outcome) for number in range(100)]

    assert perfdata.read(making.render("centreon", *results).text).text.endswith(" ...")


@given(tenants=TENANTS, message=NAMES)
@settings(deadline=None)
def test_tenants_are_never_lost_whatever_their_names(tenants: list[str], message: str) -> None:
    """Every tenant has its own labels."""
    outcome = Outcome(kind="stale", message=message)
    results = [making.devices(tenant=tenant, outcome=outcome) for tenant in tenants]
    answer = perfdata.read(making.render("centreon", *results).text)

    assert 7 * len(tenants) == len(answer.items) + left_out(answer)
