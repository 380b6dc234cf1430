"""A kept result as a filter shows it: counted again from the kept report files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o365skype_bridge.engine.assemble import shown
from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model import asked
from o365skype_bridge.reading.count import View, count
from o365skype_bridge.state import kept

if TYPE_CHECKING:
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.state.held import Held
    from o365skype_bridge.state.store import Store

PLAIN = View()
"""Everybody, totals only: what every result is kept as."""


def viewed(store: Store, held: Held, report: Report, view: View) -> ReportResult:
    """Give a kept result as a view shows it. Raises `MalformedError` when files are missing."""
    if held.result is None:
        raise MalformedError("nothing is kept")
    newest, view = held.result.refresh_date, view.about(report)
    if view == PLAIN or not held.result.outcome.has_data or newest is None:
        return held.result
    if held.period is None or (held.day is None and report.shape.asks_day):
        raise MalformedError("the report files are not kept")
    day = asked.newest_day(newest)
    week = asked.moment(newest) if report.is_list else asked.period(last=newest, first=newest)
    [population] = [active] = count(kept.read(store, held.period), report, week, [view])
    if report.shape.asks_day and held.day is not None:
        [active] = count(kept.read(store, held.day), report, day, [view])
    return shown(held.result, population, active)
