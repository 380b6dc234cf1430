"""What a cell says: a count, a duration, a date, yes or no; anything else is malformed."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model.units import SECONDS
from o365skype_bridge.model.values import day_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from o365skype_bridge.model.units import Unit

NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
DURATION = re.compile(
    r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?|(\d+):(\d\d):(\d\d)", re.ASCII
)
"""A duration as ISO 8601 writes it, without months and years, or as a clock does."""

SCALE = (86400, 3600, 60, 1, 3600, 60, 1)

MOST_DIGITS = 4300
"""Longer numbers are not read by Python, because it would take so long."""

USUAL = 20
"""Digits that a number has at most, unless it is a strange one."""

LARGEST = 1 << 53
"""Beyond it not every agent can tell two whole numbers apart, and no real figure comes near."""


def number(cell: str, column: str) -> float:
    """Read a count that is not a plain integer: blank is 0, a fraction is kept, else refused."""
    if len(cell) <= USUAL and cell.isascii() and cell.isdigit():
        return int(cell)
    text = cell.strip()
    if text and not (NUMBER.fullmatch(text) and len(text) <= MOST_DIGITS):
        raise MalformedError(f"column '{column}' holds {cell[:20]!a}, not a count")
    return float(text) if "." in text else int(text or 0)


def seconds(cell: str, column: str) -> float:
    """Read a duration in seconds: a plain number of them, ``PT1H2M3S`` or ``01:02:03``."""
    text = cell.strip()
    found = DURATION.fullmatch(text) if len(text) <= MOST_DIGITS and not text.isdigit() else None
    if found is None or text in ("P", "PT") or text.endswith("T"):
        return number(cell, column)
    return sum(
        float(part) * scale for part, scale in zip(found.groups(), SCALE, strict=True) if part
    )


def reader(unit: Unit) -> Callable[[str, str], float]:
    """Give what reads the cells of a metric of this unit."""
    return seconds if unit.name == SECONDS.name else number


def day(cell: str, column: str) -> date:
    """Read a date like 2026-11-20."""
    found = day_of(cell.strip())
    if found is None:
        raise MalformedError(f"column '{column}' holds {cell[:20]!a}, not a date like 2026-11-20")
    return found


def whole(value: float, name: str) -> int:
    """Cut a figure to a whole number; what is no number, or beyond all sense, is refused."""
    if not abs(value) <= LARGEST:
        raise MalformedError(f"'{name}' comes to a number that cannot be")
    return int(value)
