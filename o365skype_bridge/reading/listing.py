"""A JSON list of Graph's as a table: rows of named cells, in batches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.reading.lines import Batch, of_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from o365skype_bridge.model.asked import Asked
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.reading.lines import Row

MOST_ROWS = 200
"""Rows looked at together; one item may be more."""

LONGEST = 16 << 20
"""Bytes of one item."""


class Listing:
    """A list, read once from front to back; see `Rows`.

    Its refresh date is the day on which it was asked for, and it has one also without rows: then
    there is nothing of what it lists.
    """

    days: int | None = None

    def __init__(self, body: Iterable[bytes], report: Report, asked: Asked) -> None:
        """Read nothing yet."""
        columns = (*report.columns, *report.optional)
        self.places: Mapping[str, int] = {column: place for place, column in enumerate(columns)}
        self.refresh_date: date = asked.spans[0][0]
        self._body = body
        self._report = report

    def batches(self) -> Iterator[Batch]:
        """Give the rows in batches. Raises `MalformedError`."""
        rows: list[Row] = []
        for line in self._lines():
            names, found = self._item(line)
            rows += found
            if names or len(rows) >= MOST_ROWS:
                yield of_rows(rows, len(self.places), names)
                rows = []
        if rows:
            yield of_rows(rows, len(self.places))

    def _item(self, line: bytes) -> tuple[tuple[str, ...], list[Row]]:
        """Give what an item can be chosen by, and its rows."""
        report = self._report
        try:
            item = json.loads(line)
            names = tuple(str(item.get(field) or "") for field in report.named_by)
            found = list(report.rows(item, self.refresh_date)) if report.rows else []
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            said = f"an item of {report.function} is not what it should be"
            raise MalformedError(said) from error
        missing = [column for row in found for column in self.places if column not in row]
        if missing:
            raise MalformedError(f"an item of {report.function} has no '{missing[0]}'")
        return names, [[row[column] for column in self.places] for row in found]

    def _lines(self) -> Iterator[bytes]:
        rest = b""
        for chunk in self._body:
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LONGEST:
                raise MalformedError("an item of the list is larger than any should be")
            yield from filter(None, lines)
        if rest.strip():
            yield rest
