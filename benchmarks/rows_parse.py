"""Parsing and collecting reports of growing size, against csv that does nothing with its rows."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measure import in_turns, require, script
from table import Row

from o365skype_bridge.reports import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o365skype_bridge.model.declare import Report

ROUNDS = {10_000: 15, 100_000: 9, 500_000: 5, 1_000_000: 5}
"""Users: runs of each."""

MOST, MOST_PEAK = 1.6, 80.0


def parse(folder: Path) -> Iterator[Row]:
    """Compare every report that grows with its users, at every size.

    Those by day and of the whole period have a few rows however large a tenant is. The files are
    gone before the next are made.
    """
    for report in (report for report in catalogue() if report.shape.key):
        for users in ROUNDS:
            with tempfile.TemporaryDirectory(dir=folder) as made:
                yield _compared(report, users, made)


def _compared(report: Report, users: int, folder: str) -> Row:
    asked = ["period", "day"] if report.shape.asks_day else ["period"]
    size = script("bodies.py", report.function, str(users), folder, *asked)
    peaks: list[float] = []
    figures: set[int] = set()

    def package() -> float:
        said = script("reading.py", folder, report.name)
        peaks.append(said["peak"])
        figures.add(said["found"])
        return float(said["seconds"])

    def plain() -> float:
        return float(script("reading.py", folder)["seconds"])

    ours, theirs = in_turns(ROUNDS[users], package, plain)
    require(true=len(figures) == 1 and min(figures) > 0, otherwise="figures differ or are 0")
    return Row(
        name=f"{report.name}, {users:,} users, {size / 1e6:.1f} MB",
        ours=ours,
        theirs=theirs,
        against="csv.reader",
        unit="s",
        most=MOST,
        target=f"<= {MOST:g}, <= {MOST_PEAK:.0f} MB",
        peak=max(peaks),
        most_peak=MOST_PEAK,
    )
