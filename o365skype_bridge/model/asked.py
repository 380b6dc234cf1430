"""What Graph is asked for, and what an answer must say in every row to be believed."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from o365skype_bridge.model.shape import PERIODS, USUAL

EARLIEST = date(2000, 1, 1)
"""No report was made before; what says so, such as the year 1, says nothing."""

MONTH, MONTH_DAYS = "D30", 30
"""The period that has every day which Graph has reports of."""


class Asked(NamedTuple):
    """One question about a report.

    ``value`` is a period such as ``D7``, or a day. In every row of the answer the period is
    ``days``, and the refresh date is in one of ``spans``, each a first and a last day.
    """

    value: str
    days: int
    spans: tuple[tuple[date, date], ...]

    @property
    def is_day(self) -> bool:
        """Whether it is about one day."""
        return self.days == 1

    @property
    def parameter(self) -> str:
        """How Graph is told."""
        return f"date={self.value}" if self.is_day else f"period='{self.value}'"

    def allows(self, refresh_date: date) -> bool:
        """Say whether an answer may have this refresh date."""
        return any(first <= refresh_date <= last for first, last in self.spans)


def period(last: date, first: date = EARLIEST, value: str = USUAL) -> Asked:
    """Ask for the days of a period up to a refresh date that is not after ``last``."""
    return Asked(value, PERIODS[value], ((first, last),))


def moment(today: date) -> Asked:
    """Ask for a list as it is now."""
    return Asked("", 0, ((today, today),))


def month(last: date) -> Asked:
    """Ask for the thirty days up to a refresh date that is not after ``last``."""
    return Asked(MONTH, MONTH_DAYS, ((EARLIEST, last),))


def newest_day(day: date) -> Asked:
    """Ask for a period's refresh date."""
    return Asked(str(day), 1, ((day, day),))


def past_day(day: date, newest: date, last: date) -> Asked:
    """Ask for a day before the newest; the answer may name either, or one that came since."""
    return Asked(str(day), 1, ((day, day), (newest, last)))
