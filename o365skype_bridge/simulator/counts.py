"""Rows of the per-day reports: one row for each day of the period instead of one for each user."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from o365skype_bridge.simulator.cells import Asked
from o365skype_bridge.simulator.people import People, Tally

Number = Callable[[Tally], int]

_SESSIONS: Final[dict[str, Number]] = {
    "Peer-to-peer": lambda tally: tally.p2p,
    "Organized": lambda tally: tally.organized,
    "Participated": lambda tally: tally.participated,
}
_DEVICES: Final[dict[str, Number]] = {
    "Windows": lambda tally: tally.devices & 1,
    "iPhone": lambda tally: tally.devices >> 1 & 1,
    "Android Phone": lambda tally: tally.devices >> 2 & 1,
    "iPad": lambda tally: tally.devices >> 3 & 1,
    "Windows Phone": lambda tally: tally.devices >> 4 & 1,
}


def _number(asked: Asked, column: str) -> Number:
    number = (_SESSIONS | _DEVICES)[column]
    if asked.layout.function.endswith("UserCounts"):
        return lambda tally: min(number(tally), 1)
    return number


def count_rows(
    people: People,
    asked: Asked,
    end: int,
    oddities: frozenset[str],
) -> Iterator[bytes]:
    """One row for each day of the window, newest first unless an oddity says otherwise.

    `end` is the offset of the newest day from the day that people are numbered from.
    """
    days = [back for back in range(asked.days) if back != 1 or "counts-six-days" not in oddities]
    if "counts-oldest-first" in oddities:
        days.reverse()
    for back in days:
        tallies = people.tallies(asked.layout.product, end - back, 1, asked.edition)
        fixed = {
            "Report Refresh Date": asked.refresh.isoformat(),
            "Report Date": (asked.end - timedelta(back)).isoformat(),
            "Report Period": str(asked.days),
        }
        cells = [
            fixed[column]
            if column in fixed
            else str(people.total(map(_number(asked, column), tallies)))
            for column in asked.layout.columns
        ]
        yield ",".join(cells).encode() + b"\n"
