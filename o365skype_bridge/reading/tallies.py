"""How metrics are counted off the cells of a column: rows, yes cells, and sums."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Protocol

from o365skype_bridge.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from o365skype_bridge.model.declare import Metric
    from o365skype_bridge.reading.table import Table

    Column = tuple[str, ...]

YES = "Yes"
YES_LINE, NO_LINE = "Yes\n", "No\n"
ANSWERS = {"yes": True, "true": True, "no": False, "false": False, "": False}

READINGS: Mapping[str, Callable[[str], bool | None]] = {
    "exact": lambda cell: ANSWERS.get(cell.strip().casefold()),
    "connector": lambda cell: YES in cell,
}
"""What a yes/no cell says, by how a report is read; None where it says neither."""

NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)

MOST_DIGITS = 4300
"""Longer numbers are not read by Python, because it would take so long."""


class Tally(Protocol):
    """Adds up columns of cells, and gives figures by metric name."""

    is_plain: bool
    """Whether the figures are the same however the report is read."""

    def add(self, columns: Sequence[Column]) -> None:
        """Count some rows."""

    def figures(self) -> Mapping[str, float]:
        """Give the figures so far."""


def made(metrics: list[Metric], table: Table, reading: str) -> list[Tally]:
    """Make what counts these metrics in a file's rows; ``reading`` is as in `Report`."""
    tallies: list[Tally] = [
        _Rows(metric) if metric.tally.kind == "rows" else _Sum(metric, table)
        for metric in metrics
        if metric.tally.kind != "yes"
    ]
    ticked = [metric for metric in metrics if metric.tally.kind == "yes"]
    return [*tallies, _Ticks(ticked, table, reading)] if ticked else tallies


class _Rows:
    is_plain = True

    def __init__(self, metric: Metric) -> None:
        self._name = metric.dotted
        self._rows = 0

    def add(self, columns: Sequence[Column]) -> None:
        self._rows += len(columns[0])

    def figures(self) -> Mapping[str, float]:
        return {self._name: self._rows}


class _Sum:
    is_plain = True

    def __init__(self, metric: Metric, table: Table) -> None:
        self._name = metric.dotted
        self._column = metric.tally.columns[0]
        self._place = table.places[self._column]
        self._sum: float = 0

    def add(self, columns: Sequence[Column]) -> None:
        cells = columns[self._place]
        text = "".join(cells)
        digits = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
        if digits and "" not in cells:
            self._sum += sum(map(int, cells))
        else:
            # A fraction is summed as it is and cut at the end, as the graphs expect.
            self._sum += sum(number(cell, self._column) for cell in cells)

    def figures(self) -> Mapping[str, float]:
        return {self._name: self._sum}


class _Ticks:
    """All yes/no columns of a report; a column that several metrics need is looked at once."""

    def __init__(self, metrics: list[Metric], table: Table, reading: str) -> None:
        self.is_plain = True
        self._reading = reading
        self._metrics = metrics
        self._ticked = dict.fromkeys(
            (column for metric in metrics for column in metric.tally.columns), 0
        )
        self._places = [(column, table.places[column]) for column in self._ticked]

    def add(self, columns: Sequence[Column]) -> None:
        for column, place in self._places:
            cells = columns[place]
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
                raise MalformedError(f"column '{column}' holds {cell[:20]!a}, not Yes or No")
            ticked += times if said[self._reading] else 0
            self.is_plain &= len(set(said.values())) == 1
        return ticked

    def figures(self) -> Mapping[str, float]:
        return {
            metric.dotted: sum(self._ticked[column] for column in metric.tally.columns)
            for metric in self._metrics
        }


def number(cell: str, column: str) -> float:
    """Read a count that is not a plain integer: blank is 0, a fraction is kept, else refused."""
    text = cell.strip()
    if text and not (NUMBER.fullmatch(text) and len(text) <= MOST_DIGITS):
        raise MalformedError(f"column '{column}' holds {cell[:20]!a}, not a count")
    return float(text) if "." in text else int(text or 0)
