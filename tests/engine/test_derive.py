"""Derived reports: figures of others, of the same days, and no better than their sources."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from conftest import Lab
from readers import making

from o365skype_bridge.engine import derive
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection, ReportResult, Sample
from o365skype_bridge.reports import migration

[MIGRATION] = migration.REPORTS
SKYPE, TEAMS = MIGRATION.sources
BEFORE = making.DAY - timedelta(days=1)

FIGURES = {
    "skype.users.active.count": 10,
    "skype.users.sessions.p2p.total.count": 6,
    "skype.users.conferences.participated.total.count": 0,
    "teams.users.active.count": 30,
    "teams.users.call.total.count": 18,
    "teams.users.meeting.total.count": 0,
}


def result(report: Report, **changes: object) -> ReportResult:
    """Make a result of two days with these figures, of which the first had one of each less."""
    samples = [
        Sample(
            metric=metric,
            value=max(FIGURES[metric.dotted] - (day == BEFORE), 0),
            day=day,
            max=100 if metric.limited else None,
        )
        for day in (making.DAY, BEFORE)
        for metric in report.metrics
        if metric.dotted in FIGURES
    ]
    return making.result(report, tuple(samples), **changes)


def derived(*results: ReportResult) -> ReportResult:
    """Derive the report from these."""
    [found] = derive.shown(Collection(results=results, now=making.NOW), [MIGRATION]).results
    return found


def values(found: ReportResult) -> dict[str, object]:
    """Give the newest figures by dotted name."""
    return {sample.metric.dotted: sample.value for sample in found.newest}


def test_figures_stand_side_by_side() -> None:
    """Of both products, and Teams' part of both."""
    assert values(derived(result(SKYPE), result(TEAMS))) == {
        "migration.users.skype.count": 10,
        "migration.users.teams.count": 30,
        "migration.calls.skype.count": 6,
        "migration.calls.teams.count": 18,
        "migration.meetings.skype.count": 0,
        "migration.meetings.teams.count": 0,
        "migration.users.share": 75.0,
        "migration.calls.share": 75.0,
    }


def test_days_are_those_that_both_have() -> None:
    """A day of one alone says nothing about both."""
    teams = result(TEAMS, refresh_date=BEFORE)
    late = tuple(sample for sample in teams.samples if sample.day == BEFORE)
    found = derived(result(SKYPE), teams.replace(samples=late))

    assert {sample.day for sample in found.samples} == {BEFORE}
    assert found.refresh_date == BEFORE


def test_maximum_is_that_of_the_source() -> None:
    """The users of the seven days."""
    found = derived(result(SKYPE), result(TEAMS))

    assert [sample.max for sample in found.newest if sample.max is not None] == [100, 100]


@pytest.mark.parametrize("kind", ["forbidden", "pending", "gone"])
def test_without_one_source_there_are_no_figures(kind: str) -> None:
    """And the outcome is the source's."""
    failed = making.failed(TEAMS, kind)
    found = derived(result(SKYPE), failed)

    assert (found.outcome, found.samples) == (failed.outcome, ())


def test_stale_source_makes_it_stale() -> None:
    """It is as old as the oldest of what it comes from."""
    stale = Outcome(kind="stale", cause="unreachable")
    confirmed = making.NOW - 7200
    found = derived(result(SKYPE), result(TEAMS, outcome=stale, confirmed_at=confirmed))

    assert (found.outcome, found.confirmed_at) == (stale, confirmed)
    assert values(found)["migration.users.share"] == 75.0


def test_sources_are_asked_for_once() -> None:
    """Whoever asks for a source, too, gets it from the same call."""
    assert derive.sources_of([MIGRATION, SKYPE]) == (SKYPE, TEAMS)


def test_only_what_was_asked_for_is_answered(lab: Lab) -> None:
    """Through the command, cold and warm, with the sources fetched and not shown."""
    cold = lab.run("collect", "--report", "migration", "--output", "json")
    asked = len(lab.reports_asked())
    warm = lab.run("collect", "--report", "migration", "--output", "json")

    assert [one["report"] for one in json.loads(cold.stdout)["results"]] == [MIGRATION.name]
    assert json.loads(warm.stdout)["results"][0]["outcome"] == "ok"
    assert (asked, len(lab.reports_asked())) == (4, 4)


def test_groups_do_not_stand_in_for_everybody() -> None:
    """Their figures have the same names."""
    plain, other = result(SKYPE), result(TEAMS)
    groups = tuple(sample.replace(value=1, max=1, group="Sales") for sample in plain.samples)
    grouped = plain.replace(samples=(*plain.samples, *groups))

    assert derived(plain, other).samples == derived(grouped, other).samples


def test_past_days_are_derived_too(lab: Lab) -> None:
    """Both sources are read, and only what comes of them is printed."""
    done = lab.run("backfill", "--days", "2", O365_REPORTS="migration")

    assert {line.partition(",")[0] for line in done.stdout.splitlines()} == {
        "o365_migration_skype_teams"
    }
