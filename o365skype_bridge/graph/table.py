"""A report file as a stream: bytes in, a header and batches of rows out, never the whole file."""

from __future__ import annotations

import csv
import io
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from o365skype_bridge.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BATCH = 300
"""Rows looked at together: enough to count at C speed, small enough to weigh nothing."""

CHUNK = 1 << 16

LONGEST_LINE = 1 << 20
"""Bytes; a body without a line end for longer than this is not a report."""

REFRESH_COLUMN = "Report Refresh Date"
PERIOD_COLUMN = "Report Period"
DAY_PERIOD = 1.0
"""What the period column says in a file asked by date."""

MISSPELLED = {"paricipated": "participated"}

Row = list[str]


class ByteStream(io.RawIOBase):
    """Chunks of bytes as a file, so that decoding and line ends are the standard library's work."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Take the chunks; nothing is read yet."""
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")
        self._line = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer from the next chunk."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._measure(chunk)
            self._rest = memoryview(chunk)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def _measure(self, chunk: bytes) -> None:
        last = chunk.rfind(b"\n")
        self._line = self._line + len(chunk) if last < 0 else len(chunk) - last
        if self._line > LONGEST_LINE:
            raise MalformedError(f"a line of the report is longer than {LONGEST_LINE} bytes")


def normalise(column: str) -> str:
    """Give a column's name as it is compared: no BOM, single blanks, lower case, right spelling."""
    words = column.replace("\ufeff", "").casefold().split()
    return " ".join(MISSPELLED.get(word, word) for word in words)


class Table:
    """One report file, read once from front to back.

    Raises `MalformedError`, with the line or the column, for whatever is not such a file.
    """

    def __init__(self, body: Iterable[bytes], columns: tuple[str, ...]) -> None:
        """Read the header and find ``columns`` in it, whatever their order and spelling."""
        text = io.TextIOWrapper(
            io.BufferedReader(ByteStream(body), CHUNK), encoding="utf-8-sig", newline=""
        )
        text._CHUNK_SIZE = CHUNK  # type: ignore[attr-defined] # noqa: SLF001 a tenth faster
        self._reader = csv.reader(text, strict=True)
        self.refresh_date: date | None = None
        self.rows = 0
        header = self._header()
        self.width = len(header)
        self.header = {normalise(name): place for place, name in enumerate(header)}
        self.places = {column: self._place(column) for column in columns}

    def _header(self) -> Row:
        first = self._read(1)
        if not first or not any(map(normalise, first[0])):
            raise MalformedError(
                "the report is empty, not even a header row came", "Try again later."
            )
        if first[0][0].lstrip("\ufeff \t").startswith("<"):
            raise MalformedError(
                "a web page came instead of the report",
                "A proxy or captive portal answers in Microsoft's place: let this host reach "
                "the login service, Graph and *.office.com without one.",
            )
        return first[0]

    def _place(self, column: str) -> int:
        name = normalise(column)
        place = self.header.get(name, self.header.get(name.removeprefix("used ")))
        if place is None:
            raise MalformedError(
                f"the report has no column '{column}'",
                "Microsoft may have changed the report: look for a newer version of this plugin.",
            )
        return place

    def _read(self, size: int) -> list[Row]:
        try:
            # Spreadsheets save lines of nothing but commas; they are blank lines too.
            return list(islice(filter(any, self._reader), size))
        except csv.Error as error:
            raise MalformedError(f"line {self._reader.line_num} of the report: {error}") from error
        except UnicodeDecodeError as error:
            line = self._reader.line_num + 1 + error.object[: error.start].count(b"\n")
            raise MalformedError(f"the report is not UTF-8 near line {line}") from error

    def batches(self, *, daily: bool | None) -> Iterator[list[Row]]:
        """Give the rows in batches; every row is as wide as the header.

        ``daily`` says what was asked for, one day or a period; a file that says otherwise in
        its period column is refused, unless nothing is expected (None).
        """
        while batch := self._read(BATCH):
            if set(map(len, batch)) != {self.width}:
                batch = self._repair(batch)
            if not batch:
                continue
            if not self.rows:
                self.refresh_date = self._refresh_date(batch[0])
            self._check_period(batch[0], daily=daily)
            self.rows += len(batch)
            yield batch

    def _repair(self, batch: list[Row]) -> list[Row]:
        # A line of blanks is a blank line; any other odd row means that cells have moved.
        batch = [row for row in batch if any(map(str.strip, row))]
        for offset, row in enumerate(batch, start=self.rows + 1):
            if len(row) != self.width:
                raise MalformedError(
                    f"row {offset} of the report has {len(row)} cells instead of {self.width}"
                )
        return batch

    def _refresh_date(self, row: Row) -> date:
        cell = row[self._place(REFRESH_COLUMN)].strip()
        try:
            return date.fromisoformat(cell)
        except ValueError as error:
            raise MalformedError(
                f"the report's refresh date is {cell[:20]!a}, not a date like 2026-11-20"
            ) from error

    def covers_a_day(self, row: Row) -> bool | None:
        """Say whether a row's period is one day; None where there is no such column."""
        place = self.header.get(normalise(PERIOD_COLUMN))
        if place is None:
            return None
        try:
            return float(row[place]) == DAY_PERIOD
        except ValueError:
            return False

    def _check_period(self, row: Row, *, daily: bool | None) -> None:
        says_daily = self.covers_a_day(row)
        if None not in (daily, says_daily) and says_daily != daily:
            cell = row[self.header[normalise(PERIOD_COLUMN)]]
            asked = "one day" if daily else "a period of days"
            raise MalformedError(f"'{PERIOD_COLUMN}' is {cell[:20]!a}; {asked} was asked for")
