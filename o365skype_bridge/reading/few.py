"""Reports of few rows, each for a day, a product or the whole period: cells are figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model.units import share
from o365skype_bridge.model.values import Sample
from o365skype_bridge.reading import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from o365skype_bridge.model.declare import Metric, Report, Tally
    from o365skype_bridge.reading.choice import Choice
    from o365skype_bridge.reading.lines import Batch, Row
    from o365skype_bridge.reading.table import Rows
    from o365skype_bridge.reading.tallies import ByGroup

MOST_ROWS = 10_000
"""No such report has nearly as many; they are held in memory."""


class _Few:
    """What reports of few rows have in common.

    ``rows``, ``matched``, ``refresh_date`` and ``figures`` are as in `Count`; the figures are those
    of the newest day. Nothing in them is of a user, and there is one way to read them. Of a list's
    items only those are taken that are in ``choice``.
    """

    is_plain = True
    concealed = False
    refused: tuple[str, ...] = ()
    tells_groups = False

    def __init__(self, report: Report, table: Rows, choice: Choice) -> None:
        """Start without rows."""
        self.choice = choice
        self.rows = self.matched = 0
        self.refresh_date: date | None = None
        self._report = report
        self._table = table
        self._where = [(table.places[name], cell) for name, cell in report.shape.where]

    @property
    def by_group(self) -> ByGroup:
        """Nothing: what is of a day or a thing has its maximum beside it."""
        return {}

    def add(self, batch: Batch) -> None:
        """Take a batch of rows."""
        if not self.choice.takes(batch.names):
            return
        self.rows += batch.size
        if self.rows > MOST_ROWS:
            raise MalformedError(f"the report has more than {MOST_ROWS} rows")
        for row in batch.rows:
            if all(row[place].strip() == cell for place, cell in self._where):
                self.matched += 1
                self._take(row)

    def finish(self) -> None:
        """Look at what was read as a whole. Raises `MalformedError`."""
        self.refresh_date = self._table.refresh_date
        if self.rows and not self.matched:
            said = " and ".join(f"{cell!a} in '{name}'" for name, cell in self._report.shape.where)
            raise MalformedError(f"the report has no row with {said}")

    def _take(self, row: Row) -> None:
        raise NotImplementedError

    def _value(self, metric: Metric, tally: Tally, row: Row) -> int | float | None:
        """Give a metric's figure in a row; a blank cell is no figure, and not 0."""
        found = []
        for column in tally.columns:
            cell = self._cell(column, row)
            if not cell:
                return None
            found.append(cells.whole(cells.reader(metric.unit)(cell, column), column))
        if tally.kind != "ratio":
            return sum(found)
        return share(*found)

    def _cell(self, column: str, row: Row) -> str:
        """Give a cell; blank where there is no such column."""
        place = self._table.places.get(column)
        return row[place].strip() if place is not None else ""

    def _row_samples(self, row: Row, day: date, label: str = "") -> Iterator[Sample]:
        for metric in self._report.metrics:
            value = (
                self._cell(metric.tally.columns[0], row) or None
                if metric.is_text
                else self._value(metric, metric.tally, row)
            )
            if value is not None:
                limit = self._value(metric, metric.limit, row) if metric.limit else None
                yield Sample(metric=metric, value=value, day=day, max=limit, user=label)


def _numbers(samples: Iterable[Sample]) -> dict[str, float]:
    return {
        sample.metric.dotted: sample.value
        for sample in samples
        if not isinstance(sample.value, str)
    }


class Days(_Few):
    """A row a day, in any order; each is of its own day."""

    def __init__(self, report: Report, table: Rows, choice: Choice) -> None:
        """Start without rows."""
        super().__init__(report, table, choice)
        self._column = report.shape.day
        self._place = table.places[self._column]
        self._rows: dict[date, Row] = {}

    @property
    def days(self) -> list[date]:
        """The days that there are, the newest first."""
        return sorted(self._rows, reverse=True)

    @property
    def figures(self) -> dict[str, float]:
        """The figures of the newest day, by dotted name."""
        found = self.samples(self.days[0], {}) if self._rows else ()
        return _numbers(found)

    def samples(self, day: date, _period: ByGroup) -> tuple[Sample, ...]:
        """Give the samples of one day; none when it has no row."""
        row = self._rows.get(day)
        return tuple(self._row_samples(row, day)) if row else ()

    def finish(self) -> None:
        """Refuse days that cannot be in the report."""
        super().finish()
        newest, days = self.refresh_date, self._table.days
        if newest is None:
            return
        first = newest - timedelta(days=days - 1) if days else date.min
        for day in self._rows:
            if not first <= day <= newest:
                raise MalformedError(
                    f"'{self._column}' is {day}, which is not in the days of the report, which"
                    f" end with {newest}"
                )

    def _take(self, row: Row) -> None:
        day = cells.day(row[self._place], self._column)
        if day in self._rows:
            raise MalformedError(f"the report has more than one row of {day}")
        self._rows[day] = row


class Snapshot(_Few):
    """One row for the period, or one for each value of a label."""

    def __init__(self, report: Report, table: Rows, choice: Choice) -> None:
        """Start without rows."""
        super().__init__(report, table, choice)
        column = report.shape.label_column
        self._place = table.places[column] if column else None
        self._rows: dict[str, Row] = {}

    @property
    def figures(self) -> dict[str, float]:
        """The figures of the only row, by dotted name; none where rows have labels."""
        row = self._rows.get("")
        if row is None or self.refresh_date is None:
            return {}
        found = self._row_samples(row, self.refresh_date)
        return _numbers(found)

    def samples(self, day: date, _period: ByGroup) -> tuple[Sample, ...]:
        """Give the samples of all rows, by label, for a day."""
        return tuple(
            sample
            for label in sorted(self._rows)
            for sample in self._row_samples(self._rows[label], day, label)
        )

    def _take(self, row: Row) -> None:
        label = row[self._place].strip() if self._place is not None else ""
        if self._report.is_list and self._rows.get(label) == row:
            return  # a list may be of parts that have an item in common
        if label in self._rows:
            column = self._report.shape.label_column
            said = f"{label[:40]!a} in '{column}' more than once" if column else "more than one row"
            raise MalformedError(f"the report has {said}")
        self._rows[label] = row
