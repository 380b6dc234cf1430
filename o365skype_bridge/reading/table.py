"""A report file as a table: a header and batches of rows, never the whole file."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model.asked import EARLIEST
from o365skype_bridge.model.values import day_of
from o365skype_bridge.reading.columns import normalise, spellings
from o365skype_bridge.reading.lines import Batch, Lines, of_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from o365skype_bridge.model.asked import Asked
    from o365skype_bridge.reading.lines import Row

REFRESH_COLUMN = "Report Refresh Date"
PERIOD_COLUMN = "Report Period"
PERIOD_CELL = re.compile(r"\s*(\d{1,4})(?:\.0+)?\s*", re.ASCII)

CLOCK_REMEDY = "Check this host's clock; if it is right, wait for Microsoft to correct the report."


class Rows(Protocol):
    """What rows are read from, once from front to back: a table, or a list."""

    places: Mapping[str, int]
    """Where each column that is there stands in a row."""

    @property
    def refresh_date(self) -> date | None:
        """The day that it is of; None before there are rows, where they say it."""

    @property
    def days(self) -> int | None:
        """How many days it covers, if it says so."""

    def batches(self) -> Iterator[Batch]:
        """Give the rows in batches. Raises `MalformedError`."""


class Mark:
    """A column that says the same in every row of a file."""

    def __init__(self, place: int, name: str, read: Callable[[str, str], Any]) -> None:
        """Take the column; ``read`` gives a cell's value, or refuses it where it stands."""
        self.place = place
        self.value: Any = None
        self._name = name
        self._read = read
        self._cell: str | None = None

    def holds(self, batch: Batch) -> bool:
        """Say whether all its cells are the known one, to the letter."""
        return self._cell is not None and batch.column(self.place).count(self._cell) == batch.size

    def is_blank_somewhere(self, batch: Batch) -> bool:
        """Say whether it is missing in a row, which may be a blank one."""
        return not all(map(str.strip, set(batch.column(self.place))))

    def check(self, column: list[str], before: int) -> None:
        """Read these cells, which come after so many rows. Raises `MalformedError`."""
        for cell in dict.fromkeys(column):
            row = before + column.index(cell) + 1
            value = self._read(cell, f" in row {row}" if row > 1 else "")
            if self._cell is None:
                self._cell, self.value = cell, value
            if value != self.value:
                raise MalformedError(
                    f"'{self._name}' is {self._cell[:20]!a} in row 1 and {cell[:20]!a} in row {row}"
                )


class Table:
    """One report file, read once from front to back.

    Raises `MalformedError`, with the line or the column, for whatever is not such a file.
    """

    def __init__(
        self,
        body: Iterable[bytes],
        columns: tuple[str, ...],
        asked: Asked | None = None,
        optional: tuple[str, ...] = (),
    ) -> None:
        """Read the header and find ``columns`` in it, whatever their order and spelling.

        ``optional`` ones need not be there; ``places`` says which are. A file that does
        not answer what was ``asked`` is refused.
        """
        self._lines = Lines(body)
        self.rows = 0
        self._asked = asked
        names = self._lines.header()
        self.width = len(names)
        self.header = {name: place for place, name in enumerate(names)}
        self._twice = {name for name, times in Counter(names).items() if times > 1}
        there = [column for column in optional if self._names(column)]
        self.places: Mapping[str, int] = {
            column: self._place(column) for column in (*columns, *there)
        }
        self._date = Mark(self._place(REFRESH_COLUMN), REFRESH_COLUMN, self._read_date)
        self._marks = [self._date]
        self._period: Mark | None = None
        if normalise(PERIOD_COLUMN) in self.header:
            self._period = Mark(self._place(PERIOD_COLUMN), PERIOD_COLUMN, self._read_days)
            self._marks.append(self._period)

    @property
    def refresh_date(self) -> date | None:
        """The file's refresh date; None before there are rows."""
        found: date | None = self._date.value
        return found

    @property
    def days(self) -> int | None:
        """How many days the file covers; None before there are rows, or where it does not say."""
        found: int | None = self._period.value if self._period else None
        return found

    def _names(self, column: str) -> list[str]:
        """Give the name in the header that is this column's, if there is one."""
        usual = column.casefold()
        if usual in self.header:
            return [usual]
        return [name for name in spellings(column) if name in self.header][:1]

    def _place(self, column: str) -> int:
        names = self._names(column)
        shown = column.partition("|")[0]
        if not names:
            raise MalformedError(
                f"the report has no column '{shown}'",
                "Microsoft may have changed the report: look for a newer version of this plugin.",
            )
        if names[0] in self._twice:
            raise MalformedError(f"the report has the column '{shown}' more than once")
        return self.header[names[0]]

    def batches(self) -> Iterator[Batch]:
        """Give the rows in batches; every row is as wide as the header and of the same file.

        Refresh date and period are those of the first row, in every row, and what was asked for.
        """
        while (cells := self._lines.cells(self.width)) != []:
            batch = Batch(cells, self.width) if cells else self._batch(self._lines.rows())
            if not all(mark.holds(batch) for mark in self._marks):
                if self._date.is_blank_somewhere(batch):
                    batch = self._repaired(batch.rows)
                for mark in self._marks if batch.size else ():
                    mark.check(batch.column(mark.place), self.rows)
            if batch.size:
                self.rows += batch.size
                yield batch

    def _batch(self, rows: Sequence[Row]) -> Batch:
        is_even = set(map(len, rows)) == {self.width}
        return of_rows(rows, self.width) if is_even else self._repaired(rows)

    def _repaired(self, rows: Sequence[Row]) -> Batch:
        # A line of blanks or of nothing but commas, as spreadsheets save them, is a blank line;
        # any other odd row means that cells have moved.
        rows = [row for row in rows if any(map(str.strip, row))]
        for offset, row in enumerate(rows, start=self.rows + 1):
            if len(row) != self.width:
                raise MalformedError(
                    f"row {offset} of the report has {len(row)} cells instead of {self.width}"
                )
        return of_rows(rows, self.width)

    def _read_date(self, cell: str, where: str) -> date:
        said = f"the report's refresh date is {cell[:20]!a}{where}"
        found = day_of(cell.strip())
        if found is None:
            raise MalformedError(f"{said}, not a date like 2026-11-20")
        if self._asked is None or self._asked.allows(found):
            return found
        if self._asked.is_day:
            raise MalformedError(f"{said}; {self._asked.parameter} was asked for")
        if found < EARLIEST:
            raise MalformedError(f"{said}, which cannot be")
        raise MalformedError(f"{said}, which has not come yet", CLOCK_REMEDY)

    def _read_days(self, cell: str, where: str) -> int:
        found = PERIOD_CELL.fullmatch(cell)
        days = int(found[1]) if found else None
        if days is None or (self._asked and days != self._asked.days):
            asked = f"{self._asked.parameter} was asked for" if self._asked else "days are counted"
            raise MalformedError(f"'{PERIOD_COLUMN}' is {cell[:20]!a}{where}; {asked}")
        return days
