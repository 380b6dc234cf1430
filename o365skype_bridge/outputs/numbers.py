"""Numbers as texts and as JSON: decimals only, and without the noise of divisions."""

from __future__ import annotations

DIGITS = 15
"""Digits that a double has for certain; what is behind them is noise."""

PLACES = 20
"""Decimals of numbers so small that they would be written with an exponent."""


def cut(value: float) -> int | float:
    """Give the same number without noise, a whole one as such."""
    if isinstance(value, int):
        return value
    value = float(f"{value:.{DIGITS}g}")
    return int(value) if value.is_integer() else value


def decimal(value: float) -> str:
    """Write a number with no exponent and no needless decimals."""
    value = cut(value)
    text = str(value)
    return text if "e" not in text else f"{value:.{PLACES}f}".rstrip("0").rstrip(".")
