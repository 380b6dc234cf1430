"""Count a report file: every metric's figure in one pass, in batches, at C speed."""

from __future__ import annotations

import re
from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.graph.table import Row, Table
from o365skype_bridge.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from o365skype_bridge.model import Metric, Report

    Getter = Callable[[Row], str]

CONCEALED = re.compile(r"[0-9A-F]{32}")
"""What Microsoft puts in a name's place when the tenant conceals names."""

YES = "Yes"
SEPARATOR = "\0"

LARGEST = 1 << 53
"""Beyond it not every agent can tell two whole numbers apart, and no real figure comes near."""

MOST_COMBINATIONS = 10_000
"""Different rows of yes/no cells that are kept apart; a sane report has 32 at most."""


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

    def __init__(self, view: View, metrics: list[Metric], table: Table, user: Getter) -> None:
        """Start at nothing."""
        totals = [metric for metric in metrics if not metric.per_user]
        singles = [metric for metric in metrics if metric.per_user]
        self.rows = self.matched = 0
        self.refresh_date: date | None = None
        self.concealed = False
        self.users: dict[str, tuple[int, ...]] = {}
        self._order = [metric.dotted for metric in totals]
        self._tallies = _tallies(totals, table)
        self._user = user
        self._search = view.wanted.search if view.wanted else None
        self._cells = [
            (table.places[metric.tally.columns[0]], metric.tally.columns[0])
            for metric in singles
            if view.per_user
        ]

    def add(self, batch: list[Row]) -> None:
        """Count a batch of rows."""
        self.rows += len(batch)
        search, user = self._search, self._user
        rows = [row for row in batch if search(user(row))] if search else batch
        self.matched += len(rows)
        for tally in self._tallies:
            tally.add(rows)
        if self._cells:
            for row in rows:  # of several rows of one user the last one stays
                self.users[user(row)] = tuple(
                    whole(number(row[place], column), column) for place, column in self._cells
                )

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
    body: Iterable[bytes], report: Report, *, daily: bool, views: Sequence[View]
) -> list[Count]:
    """Count one file of ``report`` in one pass, once for every view.

    A period file (``daily`` false) is counted for the maxima only. Raises `MalformedError`.
    """
    table = Table(body, report.columns)
    metrics = [metric for metric in report.metrics if daily or metric.limited]
    user: Getter = itemgetter(table.places[report.user_column])
    counts = [Count(view, metrics, table, user) for view in views]
    concealed = False
    for batch in table.batches(daily=daily):
        if not counts[0].rows:
            concealed = all(map(CONCEALED.fullmatch, map(user, batch)))
        for counted in counts:
            counted.add(batch)
    for counted in counts:
        counted.refresh_date, counted.concealed = table.refresh_date, concealed
    return counts


class _Tally(Protocol):
    """Adds up batches of rows, and gives figures by metric name."""

    def add(self, rows: list[Row]) -> None:
        """Count a batch."""

    def figures(self) -> Mapping[str, float]:
        """Give the figures so far."""


def _tallies(metrics: list[Metric], table: Table) -> list[_Tally]:
    tallies: list[_Tally] = [
        _Rows(metric) if metric.tally.kind == "rows" else _Sum(metric, table)
        for metric in metrics
        if metric.tally.kind != "yes"
    ]
    ticked = [metric for metric in metrics if metric.tally.kind == "yes"]
    return [*tallies, _Ticks(ticked, table)] if ticked else tallies


class _Rows:
    def __init__(self, metric: Metric) -> None:
        self._name = metric.dotted
        self._rows = 0

    def add(self, rows: list[Row]) -> None:
        self._rows += len(rows)

    def figures(self) -> Mapping[str, float]:
        return {self._name: self._rows}


class _Sum:
    def __init__(self, metric: Metric, table: Table) -> None:
        self._name = metric.dotted
        self._column = metric.tally.columns[0]
        self._cell = itemgetter(table.places[self._column])
        self._sum: float = 0

    def add(self, rows: list[Row]) -> None:
        try:
            self._sum += sum(map(int, map(self._cell, rows)))
        except ValueError:
            # A fraction is summed as it is and cut at the end, as the graphs expect.
            self._sum += sum(number(self._cell(row), self._column) for row in rows)

    def figures(self) -> Mapping[str, float]:
        return {self._name: self._sum}


class _Ticks:
    """All yes/no columns of a report at once.

    Few different combinations of cells occur, so they are counted as they stand, joined into
    one text, and looked at once a combination instead of once a row and metric.
    """

    def __init__(self, metrics: list[Metric], table: Table) -> None:
        columns = [column for metric in metrics for column in metric.tally.columns]
        columns = list(dict.fromkeys(columns))
        self._cells = itemgetter(*(table.places[column] for column in columns))
        self._width = len(columns)
        self._places = {
            metric.dotted: [columns.index(column) for column in metric.tally.columns]
            for metric in metrics
        }
        self._figures: dict[str, float] = dict.fromkeys(self._places, 0)
        self._combinations: Counter[str] = Counter()

    def add(self, rows: list[Row]) -> None:
        cells = map(self._cells, rows)
        self._combinations.update(map(SEPARATOR.join, cells) if self._width > 1 else cells)
        if len(self._combinations) > MOST_COMBINATIONS:
            self._fold()

    def figures(self) -> Mapping[str, float]:
        self._fold()
        return self._figures

    def _fold(self) -> None:
        for combination, times in self._combinations.items():
            ticked = [YES in cell for cell in combination.split(SEPARATOR)]
            if len(ticked) != self._width:
                raise MalformedError(f"a yes/no cell of the report holds {SEPARATOR!a}")
            for name, places in self._places.items():
                self._figures[name] += times * sum(ticked[place] for place in places)
        self._combinations.clear()


def number(cell: str, column: str) -> float:
    """Read a cell that is not a plain integer: blank is 0, a fraction is kept, text is refused."""
    try:
        return int(cell) if cell.strip().isdigit() else float(cell.strip() or 0)
    except ValueError as error:
        raise MalformedError(f"column '{column}' holds {cell[:20]!a}, not a number") from error


def whole(value: float, name: str) -> int:
    """Cut a figure to a whole number; what is no number, or beyond all sense, is refused."""
    if not abs(value) <= LARGEST:
        raise MalformedError(f"'{name}' comes to a number that cannot be")
    return int(value)
