"""Ranges in Nagios syntax, as Centreon's plugins read and print them, and the states they give.

`10` alerts outside 0 to 10, `10:` below 10, `~:10` above 10, `@10:20` inside 10 to 20.
"""

from __future__ import annotations

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.outputs.numbers import decimal

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")

WORST_FIRST = (CRITICAL, UNKNOWN, WARNING, OK)
"""How states outrank each other in an exit code."""

DIGITS = 8
"""Decimals that figures and thresholds are compared with, so that a division's noise is cut."""

NUMBER = r"[+-]?[0-9]{1,300}(?:[.,][0-9]+)?"
SYNTAX = rf"(@?)(?:(~|{NUMBER}|):)?({NUMBER})?"


class Range(Frozen):
    """An interval, both ends included; ``inside`` says on which side of it the alert is.

    ``given`` is how it was written, with start and colon; it is printed like that.
    """

    start: float
    end: float
    inside: bool = False
    given: str = ""

    def alerts(self, value: float) -> bool:
        """Say whether a value is on the alert's side."""
        return (self.start <= value <= self.end) is self.inside

    def scaled(self, total: float) -> Range:
        """Turn percents of ``total`` into whole numbers, cut towards zero."""
        return self.replace(start=_part(self.start, total), end=_part(self.end, total), given="")

    def __str__(self) -> str:
        """Print it as perfdata does: always start, colon, end."""
        if self.given:
            return self.given
        start = "~" if self.start == -INFINITE else decimal(self.start)
        end = "" if self.end == INFINITE else decimal(self.end)
        return f"{'@' if self.inside else ''}{start}:{end}"


class Ranges(Frozen):
    """Several ranges, of which one that alerts is enough."""

    ranges: tuple[Range, ...]

    def alerts(self, value: float) -> bool:
        """Say whether a value is on the alert's side of any."""
        return any(each.alerts(value) for each in self.ranges)

    def __str__(self) -> str:
        """Print nothing: perfdata has room for one range."""
        return ""


INFINITE = float("inf")


def parse(text: str, option: str) -> Range | None:
    """Read a range; nothing but blanks is no range. Raises `UsageError` naming the option."""
    text = text.strip()
    if not text:
        return None
    import re  # noqa: PLC0415 who has no threshold does without it

    found = re.fullmatch(SYNTAX, text)
    if found is None:
        raise UsageError(
            f"Wrong {option} threshold {text[:60]!r}.",
            "Write a range: 10, 10:, ~:10, 10:20 or @10:20, with a dot for decimals.",
        )
    at, *ends = (_plain(part) for part in found.groups())
    start, end = ends[0] or "0", ends[1]
    return Range(
        start=-INFINITE if start == "~" else float(start),
        end=float(end) if end else INFINITE,
        inside=bool(at),
        given=f"{at}{start}:{end}",
    )


def declared(texts: tuple[str, ...], option: str) -> Range | Ranges | None:
    """Read the ranges that a metric is declared with."""
    ranges = tuple(filter(None, (parse(text, option) for text in texts)))
    return Ranges(ranges=ranges) if len(ranges) > 1 else next(iter(ranges), None)


def percent(value: float, total: float) -> float:
    """Give what part of the total a value is; of nothing it is 0."""
    return value * 100 / total if total else 0.0


def worst(states: list[int]) -> int:
    """Give the state that outranks the others."""
    return min(states, key=WORST_FIRST.index, default=OK)


def _plain(text: str | None) -> str:
    return (text or "").replace(",", ".").replace("+", "")


def _part(percents: float, total: float) -> float:
    if abs(percents) == INFINITE:
        return percents
    return float(int(percents * total / 100))
