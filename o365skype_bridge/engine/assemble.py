"""From counted files to samples: the one place that knows what a report's figures mean."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

from o365skype_bridge.engine import concealment
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.model import asked
from o365skype_bridge.model.declare import CONNECTOR
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import ReportResult, today, tomorrow
from o365skype_bridge.reading.count import View, count
from o365skype_bridge.reading.few import Days

if TYPE_CHECKING:
    from collections.abc import Callable

    from o365skype_bridge.model.asked import Asked
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import Sample
    from o365skype_bridge.reading.choice import Choice
    from o365skype_bridge.reading.count import Counted
    from o365skype_bridge.reading.source import Source
    from o365skype_bridge.reading.tallies import ByGroup

MORE_NOTE = (
    "The newest day has more users or devices than its seven days: "
    "Microsoft's two files contradict each other."
)

NO_GROUPS = (
    "No user of the report is in the groups file, so no group is told apart: "
    "compare its names with those that --per-user shows."
)
NO_GROUPS_BY_NAME = "Groups cannot be told apart while user names are concealed."

DAYS_HELD = 3
"""Days that Microsoft may still revise: their figures are kept, and read again once a day."""

LONGEST_NAME = 60
"""Characters that are shown of a service's name."""

MOST_NAMES = 100
"""Services that are named; Microsoft has some fifty."""

EMPTY = Outcome(
    kind="empty",
    message="the report has a header and no rows",
    remedy="This is normal for a tenant without such users; otherwise wait for Microsoft.",
)
BLANK = Outcome(
    kind="empty",
    message="every figure of the report is blank",
    remedy="Microsoft has counted nothing; whether that is 0 nobody knows. Wait for the next day.",
)
NOBODY = Outcome(
    kind="empty",
    message="no user of the report matches the filter",
    remedy="Compare --filter-user with the names that --per-user shows.",
)


def shown(result: ReportResult, population: Counted, active: Counted) -> ReportResult:
    """Give a result with what was read: the period's answer, and the one with the figures.

    They are the same where no day is asked for. A filter that nobody matches is no figure of 0: it
    is a name that is misspelt or concealed.
    """
    if population.rows and not population.matched and not active.matched:
        nobody = concealment.nobody(result.notes) if population.concealed else NOBODY
        return result.replace(outcome=nobody, samples=())
    assert result.refresh_date is not None  # noqa: S101 a file with rows has one
    figures = samples(active, result.refresh_date, population.by_group)
    if not figures and not result.report.is_list:
        return result.replace(outcome=BLANK, samples=())
    outcome = unlisted(active.choice) if active.choice.missing else Outcome(kind="ok")
    result = result.replace(outcome=outcome, samples=figures)
    return result if population.tells_groups else _ungrouped(result, population)


def unlisted(choice: Choice) -> Outcome:
    """Say which names a list does not have; the samples of the others are good."""
    missing = ", ".join(f"{name[:LONGEST_NAME]!a}" for name in choice.missing)
    shown = [[name[:LONGEST_NAME] for name in names] for names in choice.known[:MOST_NAMES]]
    known = ", ".join(f"{name} ({', '.join(ids)})" if ids else name for name, *ids in shown)
    more = len(choice.known) - len(shown)
    known += f" and {more} more" if more else ""
    return Outcome(
        kind="gone",
        message=f"Graph lists no service {missing} in this tenant",
        remedy=f"Only services that it subscribes to are listed: {known or 'none'}.",
    )


def _ungrouped(result: ReportResult, population: Counted) -> ReportResult:
    """Leave out groups where nobody can be found in any: that they are 0 is not known."""
    if not any(sample.group for sample in result.samples):
        return result
    note = NO_GROUPS_BY_NAME if population.concealed else NO_GROUPS
    plain = tuple(sample for sample in result.samples if not sample.group)
    return result.replace(samples=plain, notes=(*result.notes, note))


def samples(read: Counted, newest: date, period: ByGroup) -> tuple[Sample, ...]:
    """Turn what was read into samples: of its newest day, or of the newest days that it has."""
    days = read.days[:DAYS_HELD] if isinstance(read, Days) else [newest]
    return tuple(sample for day in days for sample in read.samples(day, period))


def notes(population: Counted, active: Counted, *, conceals: bool | None = None) -> tuple[str, ...]:
    """Give the remarks on a period's file and its newest day's.

    ``conceals`` is what the tenant's setting says of names, if that is known.
    """
    figures, maxima = active.figures, population.figures
    both = figures.keys() & maxima.keys()
    more = active.rows > population.rows or any(figures[name] > maxima[name] for name in both)
    remarks = {concealment.NOTES[conceals]: population.concealed, MORE_NOTE: more}
    refused = [f"{said}; it is no figure." for said in (*population.refused, *active.refused)]
    return (*(remark for remark, holds in remarks.items() if holds), *dict.fromkeys(refused))


def first_question(report: Report, now: float) -> Asked:
    """Ask for what gives a report's refresh date: the list as it is, or the newest period."""
    if report.is_list:
        return asked.moment(today(now))
    return asked.period(latest(report, now), value=report.shape.period)


def latest(report: Report, now: float) -> date:
    """Give the last refresh date that is believed; Centreon's connector believes any."""
    return date.max if report.reading == CONNECTOR else tomorrow(now)


def failed(error: BridgeError) -> Outcome:
    """Give the outcome that an error means."""
    return Outcome(
        kind=error.kind,
        message=str(error),
        remedy=error.remedy,
        support=error.support,
        refusal=error.refusal,
    )


def collect(
    source: Source,
    report: Report,
    tenant: str,
    view: View,
    clock: Callable[[], float] = time.time,
) -> ReportResult:
    """Read one report from a source that is asked anew every time, and keep nothing.

    Whatever goes wrong is the result's outcome.
    """
    began, calls = clock(), source.calls
    week = first_question(report, began)
    result = ReportResult(report=report, tenant=tenant, outcome=EMPTY)
    try:
        [population] = source.read(report, week, lambda body: count(body, report, week, [view]))
        active = population
        if population.refresh_date is not None:
            if report.shape.asks_day:
                day = asked.newest_day(population.refresh_date)
                [active] = source.read(report, day, lambda body: count(body, report, day, [view]))
            result = result.replace(
                refresh_date=population.refresh_date,
                concealed=population.concealed,
                notes=notes(population, active),
            )
            result = shown(result, population, active)
    except BridgeError as error:
        result = result.replace(outcome=failed(error))
    now = clock()
    return result.replace(
        collected_at=now, fetch_seconds=round(now - began, 3), calls=source.calls - calls
    )
