"""What it means that Graph does not know a report: that depends on what it says of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o365skype_bridge.errors import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.outcome import Outcome
    from o365skype_bridge.state.held import Held
    from o365skype_bridge.state.store import Store

GONE = "gone"

ONE_RUN = 120.0
"""Seconds that one run may take: who was answered so long before is a neighbour of the same run."""

RETIRED = "Leave out {report.name}: Microsoft has retired it."
NOTHING_HERE = (
    "Check O365_GRAPH_ENDPOINT and the tenant's cloud; where they are right, Microsoft has retired "
    "these reports."
)


def explained(
    outcome: Outcome,
    report: Report,
    store: Store,
    mark: str,
    neighbours: Sequence[Report],
    now: float,
) -> Outcome:
    """Say of a report that is gone when it was last seen, and whether others are still there.

    ``mark`` is that of the settings. It is certain that a report is retired when Graph has answered
    for another one since it first refused this one. JSON lists prove nothing: they are served
    where usage reports are not, and come to an end for reasons of their own.
    """
    if outcome.root != GONE or report.is_list or not neighbours:
        return outcome
    mine = store.load(report, now)
    failure = mine.failure if _is_gone(mine, mark) else None
    since = (failure.since if failure else now) - ONE_RUN
    others = [
        store.load(other, now)
        for other in neighbours
        if other.name != report.name and not other.is_list
    ]
    day = mine.result.refresh_date if mine.result and mine.result.outcome.has_data else None
    said, remedy = [outcome.message], outcome.remedy
    if any(held.confirmed.get(mark, 0.0) >= since and not _is_gone(held, mark) for held in others):
        said.append("Other reports are still answered.")
        remedy = RETIRED.format(report=report) if day else remedy
    elif any(_is_gone(held, mark) for held in others):
        said.append("No other report that was asked for is known there, either.")
        remedy = NOTHING_HERE
    if day:
        said.append(f"Its last figures are of {day}.")
    message = sentences(said[0], " ".join(said[1:])) if said[1:] else said[0]
    return outcome.replace(message=message, remedy=remedy)


def _is_gone(held: Held, mark: str) -> bool:
    failure = held.failure
    return failure is not None and failure.settings == mark and failure.outcome.kind == GONE
