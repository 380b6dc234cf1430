"""The past of reports that have a row a day, and of those that have no past."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from conftest import Lab, MakeLab
from readers import line_protocol

from o365skype_bridge.model.values import day_start

COUNTS = ("--report", "skype-activity-counts")
NANOSECONDS = 1_000_000_000
ROLES = ["Reports.Read.All", "ServiceHealth.Read.All", "Application.Read.All"]


def days(text: str) -> list[int]:
    """Give the epoch seconds of all lines, in their order."""
    return [int(point.time) // NANOSECONDS for point in line_protocol.read(text)] if text else []


def before(lab: Lab, *back: int) -> list[int]:
    """Give the beginnings of the days so many before the newest one."""
    newest = lab.simulator.refresh_date()
    return [day_start(newest - timedelta(number)) for number in back]


def figures(lab: Lab, function: str, day: date) -> list[str]:
    """Give the numbers that the simulated Graph has of a day."""
    tenant = lab.simulator.tenant(lab.simulator.tenant_ids[0])
    assert tenant is not None
    text = b"".join(lab.simulator.data(tenant).body(function, "D30")).decode("utf-8-sig")
    [row] = [row.split(",") for row in text.splitlines() if row.split(",")[1] == str(day)]
    return row[3:]


def test_one_call_gives_all_days(lab: Lab) -> None:
    """The newest ones are known already; the period of thirty days has all others."""
    done = lab.run("backfill", *COUNTS)

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(set(days(done.stdout))) == before(lab, *range(26, 0, -1))
    assert lab.reports_asked() == ["D7", "D30"]


def test_days_that_are_held_cost_no_call(lab: Lab) -> None:
    """What a refresh keeps because Microsoft may revise it is known."""
    done = lab.run("backfill", "--days", "2", *COUNTS)

    assert sorted(set(days(done.stdout))) == before(lab, 2, 1)
    assert lab.reports_asked() == ["D7"]


def test_figures_are_those_of_the_day(lab: Lab) -> None:
    """Not those of the newest day, nor of the period."""
    text = lab.run("backfill", "--days", "9", *COUNTS).stdout
    day, begins = lab.simulator.refresh_date() - timedelta(9), before(lab, 9)[0] * NANOSECONDS
    found = {
        point.tags["type"]: str(next(iter(point.fields.values())))
        for point in line_protocol.read(text)
        if int(point.time) == begins
    }

    assert [found[name] for name in ("p2p", "organized", "participated")] == (
        figures(lab, "getSkypeForBusinessActivityCounts", day)
    )


def test_second_run_asks_nothing(lab: Lab) -> None:
    """Days are kept, each by itself."""
    first = lab.run("backfill", *COUNTS)
    asked = len(lab.simulator.calls)
    second = lab.run("backfill", *COUNTS)

    assert first.stdout == second.stdout != ""
    assert len(lab.simulator.calls) == asked


def test_filter_for_users_does_not_matter(lab: Lab) -> None:
    """Rows of days are of no user: what was read once is not asked for again."""
    plain = lab.run("backfill", *COUNTS)
    asked = len(lab.simulator.calls)
    filtered = lab.run("backfill", *COUNTS, "--filter-user", "nobody", "--per-user")

    assert plain.stdout == filtered.stdout != ""
    assert len(lab.simulator.calls) == asked


@pytest.mark.parametrize("fault", ["html@D30", "empty@D30"])
def test_broken_answer_is_asked_for_once(lab: Lab, fault: str) -> None:
    """It would be the same for every day; what is known is printed."""
    lab.simulator.set_faults([fault])
    done = lab.run("backfill", *COUNTS)

    assert (done.returncode, sorted(set(days(done.stdout)))) == (1, before(lab, 2, 1))
    assert "days left: 24 " in done.stderr
    assert ", malformed: " in done.stderr
    assert lab.reports_asked() == ["D7", "D30"]


def test_throttled_answer_is_left_for_another_run(lab: Lab) -> None:
    """What comes without asking is printed."""
    lab.simulator.set_faults(["throttled-seconds@D30"])
    done = lab.run("backfill", *COUNTS)

    assert (done.returncode, sorted(set(days(done.stdout)))) == (1, before(lab, 2, 1))
    assert ", throttled: " in done.stderr


def test_beside_reports_of_users_days_come_in_order(lab: Lab) -> None:
    """Across reports of both kinds, the oldest first."""
    words = ("--report", "skype-activity-counts,skype-devices-usage")
    found = days(lab.run("backfill", "--days", "4", *words).stdout)

    assert found == sorted(found)
    assert sorted(set(found)) == before(lab, 4, 3, 2, 1)
    assert len(found) == 4 * (3 + 6)


@pytest.mark.parametrize(
    "name",
    ["skype-devices-distribution", "teams-team-activity", "health-services", "credentials-expiry"],
)
def test_report_without_a_past_is_said(make_lab: MakeLab, name: str) -> None:
    """Nothing is asked for, and nothing is wrong."""
    lab = make_lab(users=20, roles=ROLES)
    done = lab.run("backfill", "--report", name)

    assert (done.returncode, done.stdout, lab.kinds()) == (0, "", [])
    assert done.stderr == (
        f"W! {lab.simulator.tenant_ids[0]} {name}: Graph has the newest figures of it only\n"
    )


def test_report_without_a_past_takes_nothing_from_others(make_lab: MakeLab) -> None:
    """Those that have one are printed."""
    lab = make_lab(users=20, roles=ROLES)
    done = lab.run("backfill", "--days", "3", "--report", "health-issues,skype-activity-counts")

    assert (done.returncode, sorted(set(days(done.stdout)))) == (0, before(lab, 3, 2, 1))


def test_days_are_kept_without_maxima_of_others(lab: Lab) -> None:
    """A kept day is its own samples, and its refresh date is the day."""
    lab.run("backfill", "--days", "5", *COUNTS)
    kept = [
        json.loads(path.read_bytes().partition(b"\n")[2])
        for path in sorted(lab.state.rglob("*.past.*.json"))
    ]

    assert [content["refresh_date"] for content in kept] == [
        str(lab.simulator.refresh_date() - timedelta(back)) for back in (5, 4, 3)
    ]
    assert {len(content["samples"]) for content in kept} == {3}
