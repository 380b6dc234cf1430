"""Graph's answers for the reports of every shape, as they lie in the golden case of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from o365skype_bridge.graph import pages
from o365skype_bridge.model.asked import Asked
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.shape import USUAL
from o365skype_bridge.reading.source import FolderSource
from readers import making

T = TypeVar("T")

FOLDER = Path(__file__).parent.parent / "golden" / "every-shape" / "input"

EXPECTED: dict[str, dict[str, float | str]] = {
    "by user": {"abacus.devices.active.count": 1, "abacus.devices.wood.count": 1},
    "by entity": {
        "abacus.rooms.active.count": 1,
        "abacus.rooms.used": 1024,
        "abacus.rooms.share": 16.67,
    },
    "by day": {
        "abacus.daily.active.count": 5,
        "abacus.daily.minutes.add": 60,
        "abacus.daily.minutes.divide": 2,
    },
    "one row": {"abacus.period.wood.count": 7, "abacus.period.steel.count": 2},
    "by label": {
        "abacus.products.active.count Abacus": 6,
        "abacus.products.active.count Slide rule": 3,
    },
    "list": {
        "abacus.alerts.state AB1": "fine",
        "abacus.alerts.beads.count AB1": 0,
        "abacus.alerts.state AB2": "bead stuck",
        "abacus.alerts.beads.count AB2": 1,
    },
    "from others": {"abacus.compared.active.count": 6, "abacus.compared.share": 16.67},
}
"""The figures of the newest day, each by its dotted name and what it is of."""


class Saved(FolderSource):
    """A folder of reports and of lists, which are found by their report's name."""

    def read(self, report: Report, asked: Asked, consume: Callable[[Iterable[bytes]], T]) -> T:
        """Hand over an answer; see `Source.read`."""
        if not report.is_list:
            return super().read(report, asked, consume)
        return consume(pages.read((FOLDER / f"{report.name}.json").read_bytes()).lines)


def bodies(report: Report, newest: date) -> dict[tuple[str, str], bytes]:
    """Give the answers as the simulator takes them, as of another newest day."""
    if report.sources:
        return {
            asked: body for one in report.sources for asked, body in bodies(one, newest).items()
        }
    if report.is_list:
        return {(report.function, ""): (FOLDER / f"{report.name}.json").read_bytes()}
    days = {f"{report.name}.csv": USUAL, f"{report.name}.day.csv": str(newest)}
    return {
        (report.function, parameter): _as_of(newest, (FOLDER / name).read_bytes())
        for name, parameter in days.items()
        if (FOLDER / name).exists()
    }


def _as_of(newest: date, body: bytes) -> bytes:
    for back in (1, 0):
        there, here = (day - timedelta(days=back) for day in (making.DAY, newest))
        body = body.replace(str(there).encode(), str(here).encode())
    return body
