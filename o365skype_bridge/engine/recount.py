"""A kept result as a filter shows it: counted again from the kept report files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o365skype_bridge.engine.assemble import shown
from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model import asked
from o365skype_bridge.reading.count import View, count
from o365skype_bridge.state import kept
from o365skype_bridge.state.counted import Counted

if TYPE_CHECKING:
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.state.held import Held, KeptFile
    from o365skype_bridge.state.store import Store

PLAIN = View()
"""Everybody, totals only: what every result is kept as."""


def viewed(store: Store, held: Held, report: Report, view: View) -> ReportResult:
    """Give a kept result as a view shows it. Raises `MalformedError` when files are missing.

    Groups are asked for again and again, so what was counted of them is kept.
    """
    result = held.result
    if result is None:
        raise MalformedError("nothing is kept")
    newest, view = result.refresh_date, view.about(report)
    if view == PLAIN or not result.outcome.has_data or newest is None:
        return result
    if held.period is None or (held.day is None and report.shape.asks_day):
        raise MalformedError("the report files are not kept")
    if view.groups is None or view.per_user:
        return _counted(store, result, held.period, held.day, view)
    pattern = view.wanted.pattern if view.wanted else ""
    of = (repr(held.period), repr(held.day), view.groups.mark, pattern)
    known = Counted(store, result, of)
    found = known.load()
    if found is None:
        found = _counted(store, result, held.period, held.day, view)
        known.save(found)
    return found


def _counted(
    store: Store, result: ReportResult, period: KeptFile, newest: KeptFile | None, view: View
) -> ReportResult:
    """Count the kept files: that of the period, and that of the newest day if there is one."""
    report, last = result.report, result.refresh_date
    assert last is not None  # noqa: S101 files are kept of results that have one
    week = asked.period(last=last, first=last, value=report.shape.period)
    week = asked.moment(last) if report.is_list else week
    [population] = [active] = count(kept.read(store, period), report, week, [view])
    if report.shape.asks_day and newest is not None:
        [active] = count(kept.read(store, newest), report, asked.newest_day(last), [view])
    return shown(result, population, active)
