"""Report files without what they tell about anybody: header, number of rows, and a sample."""

from __future__ import annotations

import csv
import io
import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from o365skype_bridge.errors import BridgeError
from o365skype_bridge.reading.columns import normalise, spellings
from o365skype_bridge.reading.lines import blocks
from o365skype_bridge.reading.table import PERIOD_COLUMN, REFRESH_COLUMN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.support.names import Names

FIRST, MOST, WHOLE = 20, 120, 200
"""Rows of a sample: the first ones, at most with those of another kind; and of short files."""

WIDEST = 400
"""Cells of a row that are shown."""

MARKS = frozenset(map(normalise, (REFRESH_COLUMN, PERIOD_COLUMN)))
DAY = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d{1,7})?Z?)?"
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
HARMLESS = re.compile(
    rf"yes|no|true|false|{DAY}|P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
    r"|\d{1,4}:\d\d:\d\d|D\d{1,3}|",
    re.IGNORECASE | re.ASCII,
)
NAMING = frozenset(
    {
        *("account", "address", "department", "display", "e-mail", "email", "group", "guid", "id"),
        *("ids", "mail", "name", "names", "owner", "owners", "phone", "principal", "site", "team"),
        *("title", "upn", "url", "user"),
    }
)
"""Words of columns that say whom a row is about."""

COUNTING = frozenset(
    {
        *("(byte)", "count", "date", "deleted", "duration", "license", "period", "seconds", "type"),
    }
)
"""Last words of columns that do not, whatever other words they have."""

HEADER = re.compile(r"[A-Za-z][A-Za-z0-9 ()/.,_-]{0,79}")


class Columns:
    """What the catalogue knows of columns."""

    def __init__(self, reports: Iterable[Report]) -> None:
        """Take the catalogue."""
        every = [report for report in reports if not report.is_list]
        self._declared = {
            name
            for report in every
            for column in (*report.columns, *report.optional)
            for name in spellings(column)
        }
        telling = (
            column
            for report in every
            for column in (report.shape.key, *_told_apart(report))
            if column
        )
        self._keys = {name for column in telling for name in spellings(column)}
        self.values = {value for report in every for _, value in report.shape.where}
        self.few = {report.function for report in every if not report.shape.key}

    def is_known(self, name: str) -> bool:
        """Say whether it is declared, or of every report."""
        return name in self._declared or name in MARKS

    def is_naming(self, name: str) -> bool:
        """Say whether its cells are names or ids."""
        if self.is_known(name):
            return name in self._keys
        words = name.split()
        return not NAMING.isdisjoint(words) and words[-1] not in COUNTING


def _told_apart(report: Report) -> Iterator[str]:
    """Give the columns whose cells are told apart, or only looked at for being filled."""
    for tally in report.tallies:
        if tally.kind in ("distinct", "filled"):
            yield from tally.columns


def _rows(body: Iterable[bytes]) -> Iterator[list[str]]:
    """Give the rows of a file, one after the other. Raises `csv.Error`, `ValueError`."""
    texts = (io.StringIO(block.decode(), newline="") for block in blocks(body))
    return csv.reader(chain.from_iterable(texts), strict=True)


class TableShown:
    """A report file as it is shown."""

    def __init__(self, columns: Columns, names: Names, *, few: bool) -> None:
        """Take what is known; a report with ``few`` rows is shown whole if it is short."""
        self._columns = columns
        self._names = names
        self._few = few
        self._seen: set[tuple[str, ...]] = set()

    def of(self, body: Iterable[bytes]) -> dict[str, Any] | None:
        """Give header, number of rows and sample; None for what is no such file."""
        lines = _rows(body)
        rows = 0
        sample: list[list[str]] = []
        try:
            header = self._header(lines)
            if header is None:
                return None
            for row in lines:
                if self._is_shown(row, header, len(sample)):
                    sample.append(self._row(row, header))
                rows += 1
        except (BridgeError, csv.Error, ValueError, OverflowError):
            return None
        return {"form": "table", "header": self._shown(header), "rows": rows, "sample": sample}

    def _header(self, lines: Iterator[list[str]]) -> list[str] | None:
        found = next((row for row in lines if any(map(normalise, row))), [])
        known = normalise(REFRESH_COLUMN) in map(normalise, found)
        return found if known and len(found) <= WIDEST else None

    def _shown(self, header: Sequence[str]) -> list[str]:
        return [
            name
            if self._columns.is_known(normalise(name)) or HEADER.fullmatch(name)
            else self._names.of(name, "column")
            for name in header
        ]

    def _is_shown(self, row: Sequence[str], header: Sequence[str], already: int) -> bool:
        """Say whether a row is among the first, or of a kind that there was not yet."""
        kind = tuple(self._kind(place, cell, header) for place, cell in enumerate(row[:WIDEST]))
        new = kind not in self._seen
        if len(self._seen) <= MOST:
            self._seen.add(kind)
        most = WHOLE if self._few else FIRST
        return already < most or (new and already < MOST)

    def _kind(self, place: int, cell: str, header: Sequence[str]) -> str:
        name = normalise(header[place]) if place < len(header) else ""
        if name in MARKS:
            return cell[:40]
        if not cell.strip():
            return "blank"
        if HARMLESS.fullmatch(cell.strip()):
            return cell.strip().casefold() if cell.strip().isalpha() else "time"
        return "number" if NUMBER.fullmatch(cell.strip()) else "text"

    def _row(self, row: Sequence[str], header: Sequence[str]) -> list[str]:
        return [
            self._cell(cell, normalise(header[place]) if place < len(header) else "")
            for place, cell in enumerate(row[:WIDEST])
        ]

    def _cell(self, cell: str, column: str) -> str:
        plain = cell.strip()
        if not plain:
            return cell[:9]
        if self._columns.is_naming(column):
            return self._names.of(cell)
        if HARMLESS.fullmatch(plain) or plain in self._columns.values:
            return cell
        counted = self._columns.is_known(column) or column.split()[-1:] == ["count"]
        return cell if counted and NUMBER.fullmatch(plain) else self._names.of(cell)


def whole_lines(body: Iterable[bytes]) -> Iterator[bytes]:
    """Give what there is of a body that was cut off, up to the last end of a line."""
    rest = b""
    for chunk in body:
        before, end, after = chunk.rpartition(b"\n")
        if end:
            yield rest + before + end
            rest = b""
        rest += after


KEPT = re.compile(rf"(?:{DAY})|\b(?:Yes|No|True|False)\b")
LETTERS = re.compile(r"[^\W\d_]+|\d+")
LONGEST = 1 << 14


def outline(body: Iterable[bytes], columns: Columns) -> dict[str, Any]:
    """Give what is no file of rows in outline: every letter an x, every digit a 0.

    Names of known columns stay, and so do days and what is no letter: it may be what is wrong.
    """
    content = b""
    size = 0
    for chunk in body:
        size += len(chunk)
        content += chunk[: LONGEST - len(content)]
    text = content.decode("utf-8", "surrogateescape")
    first, end, rest = text.partition("\n")
    cells = [
        cell if columns.is_known(normalise(cell.strip('"\r'))) else _hidden(cell)
        for cell in first.split(",")
    ]
    return {"form": "outline", "bytes": size, "text": ",".join(cells) + end + _hidden(rest)}


def _hidden(text: str) -> str:
    found, place = [], 0
    for kept in KEPT.finditer(text):
        found += [_blotted(text[place : kept.start()]), kept[0]]
        place = kept.end()
    return "".join([*found, _blotted(text[place:])])


def _blotted(text: str) -> str:
    made = LETTERS.sub(lambda one: ("0" if one[0].isdigit() else "x") * len(one[0]), text)
    return "".join(
        char if char.isascii() or "\udc80" <= char <= "\udcff" or char == "\ufeff" else "?"
        for char in made
    )
