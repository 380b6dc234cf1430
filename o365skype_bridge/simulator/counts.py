"""Rows of the reports that count: one row for each day of the period, or one for all of it."""

from collections.abc import Iterator
from datetime import timedelta

from o365skype_bridge.simulator.crowd import Asked, Crowd, crowd
from o365skype_bridge.simulator.figures import Figure, figure
from o365skype_bridge.simulator.people import People

Cells = dict[str, str]


def _figure(asked: Asked, column: str) -> Figure:
    number = figure(asked.layout.counted(column))
    return (lambda line: min(number(line), 1)) if asked.layout.unique else number


def _cell(asked: Asked, column: str, everybody: Crowd) -> str:
    if column.endswith(" Duration"):
        seconds = everybody.total(figure(f"{column} In Seconds"))
        # Where the service counts, no time at all is an empty cell.
        return f"PT{seconds}S" if seconds else ""
    return str(everybody.total(_figure(asked, column)))


def _cells(people: People, asked: Asked, end: int, days: int, back: int) -> Cells:
    everybody = crowd(people, asked, end - back, days)
    fixed = {
        "Report Refresh Date": asked.refresh.isoformat(),
        "Report Date": (asked.end - timedelta(back)).isoformat(),
        "Report Period": str(asked.days),
    }
    return {
        column: fixed[column] if column in fixed else _cell(asked, column, everybody)
        for column in asked.layout.columns
    }


def counted(people: People, asked: Asked, end: int, oddities: frozenset[str]) -> Iterator[Cells]:
    """The rows, newest day first unless an oddity says otherwise.

    `end` is the offset of the newest day from the day that people are numbered from.
    """
    if asked.layout.shape == "window":
        yield _cells(people, asked, end, asked.days, 0)
        return
    days = [back for back in range(asked.days) if back != 1 or "counts-six-days" not in oddities]
    if "counts-oldest-first" in oddities:
        days.reverse()
    for back in days:
        yield _cells(people, asked, end, 1, back)
