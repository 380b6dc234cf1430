"""Count a report file: every metric's figure in one pass, in batches, at C speed."""

from __future__ import annotations

import re
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model.patterns import compiled
from o365skype_bridge.reading import tallies
from o365skype_bridge.reading.table import Table
from o365skype_bridge.reading.tallies import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from o365skype_bridge.model.asked import Asked
    from o365skype_bridge.model.declare import Metric, Report
    from o365skype_bridge.reading.table import Batch

CONCEALED = re.compile(r"[0-9A-F]{32}")
"""What Microsoft puts in a name's place when the tenant conceals names."""

LARGEST = 1 << 53
"""Beyond it not every agent can tell two whole numbers apart, and no real figure comes near."""


class View(NamedTuple):
    """One way of looking at a file: whose rows count, and whether users are told apart."""

    wanted: re.Pattern[str] | None = None
    per_user: bool = False


class Count:
    """The figures of one file in one view.

    ``rows`` is the number of the file's data rows, whoever they are of, ``matched`` of those that
    count in this view. ``figures`` holds one number a metric, by dotted name; ``users`` the numbers
    of the per-user metrics, in their order, by user. ``refresh_date`` is None in a file
    without rows.
    """

    def __init__(self, view: View, metrics: list[Metric], table: Table, report: Report) -> None:
        """Start at nothing."""
        totals = [metric for metric in metrics if not metric.per_user]
        singles = [metric for metric in metrics if metric.per_user]
        self.rows = self.matched = 0
        self.refresh_date: date | None = None
        self.concealed = False
        self.users: dict[str, tuple[int, ...]] = {}
        self._tallies = tallies.made(totals, table, report.reading)
        self._order = [metric.dotted for metric in totals]
        self._user = table.places[report.user_column]
        self._search = view.wanted.search if view.wanted else None
        self._cells = [
            (table.places[metric.tally.columns[0]], metric.tally.columns[0])
            for metric in singles
            if view.per_user
        ]

    def add(self, batch: Batch) -> None:
        """Count a batch of rows."""
        self.rows += len(batch.rows)
        rows, columns, user = batch.rows, batch.columns, self._user
        if self._search:
            wanted = list(map(self._search, columns[user]))
            rows = list(compress(rows, wanted))
            columns = list(zip(*rows, strict=True)) or [()] * len(columns)
        self.matched += len(rows)
        for tally in self._tallies:
            tally.add(columns)
        if self._cells:
            for row in rows:  # of several rows of one user the last one stays
                self.users[row[user]] = tuple(
                    whole(number(row[place], column), column) for place, column in self._cells
                )

    @property
    def is_plain(self) -> bool:
        """Whether the figures are the same however the report is read."""
        return all(tally.is_plain for tally in self._tallies)

    @property
    def figures(self) -> dict[str, int]:
        """The totals, by dotted name, in the order of the declaration."""
        found = {name: sum_ for tally in self._tallies for name, sum_ in tally.figures().items()}
        return {name: whole(found[name], name) for name in self._order}


def compile_filter(pattern: str) -> re.Pattern[str] | None:
    """Compile ``--filter-user``; nothing given is no filter. Raises `UsageError`."""
    remedy = "Write it as Python does; a literal dot is \\. and a literal bracket \\(."
    return compiled(pattern, "--filter-user", remedy)


def count(
    body: Iterable[bytes], report: Report, asked: Asked, views: Sequence[View]
) -> list[Count]:
    """Count one file of ``report`` in one pass, once for every view.

    Every row is checked, whoever is looked at. A period file is counted for the maxima only.
    Raises `MalformedError`.
    """
    table = Table(body, report.columns, asked)
    metrics = [metric for metric in report.metrics if asked.is_day or metric.limited]
    user = table.places[report.user_column]
    counts = [Count(view, metrics, table, report) for view in views]
    if all(view.wanted for view in views):
        counts.append(Count(View(), metrics, table, report))
    concealed = False
    for batch in table.batches():
        if not counts[0].rows:
            concealed = all(map(CONCEALED.fullmatch, batch.columns[user]))
        for counted in counts:
            counted.add(batch)
    for counted in counts:
        counted.refresh_date, counted.concealed = table.refresh_date, concealed
    return counts[: len(views)]


def whole(value: float, name: str) -> int:
    """Cut a figure to a whole number; what is no number, or beyond all sense, is refused."""
    if not abs(value) <= LARGEST:
        raise MalformedError(f"'{name}' comes to a number that cannot be")
    return int(value)
