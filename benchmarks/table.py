"""The table: one row for each thing measured, as medians and ratios with their range."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = ("what", "ours", "against", "ratio (min-max)", "target", "met")

SHORT = 0.1
"""Seconds; less than that is shown in milliseconds."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was measured, in the order of the runs: ``ours[i]`` ran right beside ``theirs[i]``.

    ``unit`` is ``s`` or the word for what was counted. ``most`` is the ratio that is aimed at,
    ``target`` how it is shown; with ``always`` the worst run must meet it, without the median.
    ``peak`` is the memory in MB, and ``most_peak`` what it may be.
    """

    name: str
    ours: Sequence[float]
    theirs: Sequence[float]
    against: str
    unit: str
    most: float | None = None
    target: str = ""
    always: bool = False
    peak: float | None = None
    most_peak: float | None = None
    notes: Sequence[str] = ()

    @property
    def ratios(self) -> list[float]:
        """The ratio of every pair of runs."""
        return [mine / other for mine, other in zip(self.ours, self.theirs, strict=True)]

    @property
    def met(self) -> str:
        """Whether the target is met, in a word; empty when there is none."""
        if self.most is None:
            return ""
        judged = max(self.ratios) if self.always else statistics.median(self.ratios)
        good = judged <= self.most
        if self.peak is not None and self.most_peak is not None:
            good = good and self.peak <= self.most_peak
        return "yes" if good else "NO"

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, in the order of `HEAD`."""
        target = self.target or ("report" if self.most is None else f"<= {self.most:g}")
        peak = "" if self.peak is None else f", {self.peak:.0f} MB"
        return (
            self.name,
            f"{self._shown(self.ours)}{peak}",
            f"{self._shown(self.theirs)}, {self.against}",
            _spread(self.ratios, 2, ""),
            target,
            self.met,
        )

    def _shown(self, values: Sequence[float]) -> str:
        if self.unit != "s":
            return _spread(values, 0, f" {self.unit}")
        if statistics.median(values) < SHORT:
            return _spread([value * 1000 for value in values], 1, " ms")
        return _spread(values, 2, " s")


def print_table(rows: Sequence[Row]) -> None:
    """Print all rows as one table, and their notes below it."""
    cells = [HEAD, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |"
        for line in cells
    ]
    lines.insert(1, f"| {' | '.join('-' * width for width in widths)} |")
    print("\n".join(lines))
    print("\nMedians of runs that took turns, in brackets the least and the most.")
    for row in rows:
        for note in row.notes:
            print(f"{row.name}: {note}")


def _spread(values: Sequence[float], digits: int, unit: str) -> str:
    low, middle, high = (
        f"{value:.{digits}f}" for value in (min(values), statistics.median(values), max(values))
    )
    return f"{middle}{unit}" if low == high else f"{middle}{unit} ({low}-{high})"
