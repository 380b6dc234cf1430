"""Yes/no cells, counted a column at a time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model.declare import CONNECTOR, EXACT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from o365skype_bridge.reading.lines import Batch, Column
    from o365skype_bridge.reading.table import Rows

YES = "Yes"
YES_LINE, NO_LINE = "Yes\n", "No\n"
ANSWERS = {"yes": True, "true": True, "no": False, "false": False, "": False}

READINGS: Mapping[str, Callable[[str], bool | None]] = {
    EXACT: lambda cell: ANSWERS.get(cell.strip().casefold()),
    CONNECTOR: lambda cell: YES in cell,
}
"""What a yes/no cell says, by how a report is read; None where it says neither."""


def said_yes(cell: str, column: str) -> bool:
    """Read a yes or a no, believing what it says clearly. Raises `MalformedError`."""
    said = READINGS[EXACT](cell)
    if said is None:
        raise MalformedError(f"column '{column}' holds {cell[:20]!a}, not Yes or No")
    return said


class Ticks:
    """All yes/no columns of a report; a column that several metrics need is looked at once."""

    def __init__(self, table: Rows, reading: str) -> None:
        """Count nothing yet; ``reading`` is as in `Report`."""
        self.is_plain = True
        self._reading = reading
        self._table = table
        self._ticked: dict[str, int] = {}
        self._wanted: dict[str, Sequence[str]] = {}

    def tick(self, name: str, columns: Sequence[str]) -> None:
        """Count the yes cells of these columns for a figure."""
        self._wanted[name] = columns
        self._ticked.update(dict.fromkeys(columns, 0))

    def add(self, batch: Batch) -> None:
        """Count some rows."""
        places = self._table.places
        for column in self._ticked:
            cells = batch.column(places[column])
            # To look for two words in one text is quicker than to compare every cell. Where there
            # are as many as cells, and nothing is left between them, each cell is one of the two.
            text = "\n".join(cells) + "\n"
            ticked, other = text.count(YES_LINE), text.count(NO_LINE)
            size = ticked * len(YES_LINE) + other * len(NO_LINE)
            if ticked + other != len(cells) or size != len(text):
                ticked = self._read(cells, column)
            self._ticked[column] += ticked

    def _read(self, cells: Column, column: str) -> int:
        """Count cells of which some are neither a plain yes nor a plain no."""
        ticked = 0
        for cell, times in Counter(cells).items():
            said = {name: reading(cell) for name, reading in READINGS.items()}
            if said[self._reading] is None:
                said_yes(cell, column)
            ticked += times if said[self._reading] else 0
            self.is_plain &= len(set(said.values())) == 1
        return ticked

    def figure(self, name: str) -> float | None:
        """Give a figure so far."""
        return sum(self._ticked[column] for column in self._wanted[name])
