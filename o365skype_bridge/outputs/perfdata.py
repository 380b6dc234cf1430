"""Perfdata: labels, values, units and ranges as Centreon's graphs know them."""

from __future__ import annotations

import time

from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.shape import PERIODS
from o365skype_bridge.model.units import COUNT, COUNTED, SHARE, SIZE, TIME
from o365skype_bridge.outputs.names import clean
from o365skype_bridge.outputs.numbers import decimal

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o365skype_bridge.model.declare import Metric, Report
    from o365skype_bridge.model.units import Unit
    from o365skype_bridge.model.values import Sample
    from o365skype_bridge.outputs.judge import Verdict

BETWEEN = "~"
"""What stands between two instances in a label."""

UNSAFE = str.maketrans({"|": "/", "=": "-", ";": ","})
"""What no label may hold: readers take it for the end of the label, item or line."""


def safe(name: str) -> str:
    """Give a name that can stand in a label: without what separates perfdata.

    Nor may it hold ``::``, which Icinga 2 takes for the name of a check within the check.
    """
    return clean(name).translate(UNSAFE).replace("::", ":.")


def thing(name: str) -> str:
    """Give the name of a user or another thing that can stand in a label, and is no period's."""
    found = safe(name)
    period, between, rest = found.partition(BETWEEN)
    return f"{period}-{rest}" if between and period in PERIODS else found


def safe_text(text: str, most: int) -> str:
    """Give a text for a status line: without control characters and ``|``."""
    return clean(text, most).replace("|", "/")


SYMBOLS = {SIZE: "B", SHARE: "%", TIME: "s"}
"""Units as the guidelines write them, by kind of quantity."""


def uom(unit: Unit) -> str:
    """Write a unit behind a value.

    Minutes and days are words, as counted things are: the letters ``m`` and ``d`` are rescaled by
    some readers and not by others, and thresholds stay the numbers that were given.
    """
    if unit == COUNT:
        return ""
    return SYMBOLS[unit.kind] if unit.kind in SYMBOLS and unit.one == 1 else unit.name


def number(value: int | float) -> str:  # noqa: PYI041 which of the two it is decides
    """Write a number; a whole one is written as it is."""
    return decimal(value) if isinstance(value, float) else str(value)


def measured(value: float, unit: Unit) -> str:
    """Write a value for people, with its unit unless its name says what is counted."""
    if unit.kind == COUNTED:
        return number(value)
    return f"{number(value)}{'' if unit.kind == SHARE else ' '}{uom(unit)}"


def labels(reports: Sequence[Report], *, new: bool = False) -> dict[str, str]:
    """Give the perfdata label of each metric, by its key.

    A legacy label is the first report's that has it, whether that has figures today or not; all
    else, and with ``new`` everything, goes by the dotted name. So does what is over another period
    than the usual one.
    """
    owners: dict[str, str] = {}
    return {
        words.key: words.metric
        if new or words.period or owners.setdefault(words.label, words.metric) != words.metric
        else words.label
        for report in reports
        for words in report.words.words
    }


def label(metric: Metric, own: str, user: str, *, alone: bool) -> str:
    """Name a figure by its metric's label, of a ``user`` or another thing found in the data.

    The legacy name of a single user's metric goes without the user, as it always has. An unusual
    period stands first, as Centreon has the outer one of two instances.
    """
    if own != metric.dotted:
        return f"{own}_{user}" if user and not alone else own
    instance = BETWEEN.join(filter(None, (metric.period, user)))
    return f"{instance}#{own}" if instance else own


class Item(Frozen):
    """One item. Thresholds and limits are texts, blank where there are none.

    ``dotted`` is the metric's name without its user, ``user`` whom it is about.
    """

    label: str
    value: int | str
    unit: str = ""
    warning: str = ""
    critical: str = ""
    minimum: str = ""
    maximum: str = ""
    dotted: str = ""
    user: str = ""

    def __str__(self) -> str:
        """Write it as perfdata; a quote in the label is doubled."""
        rest = (self.warning, self.critical, self.minimum, self.maximum)
        label = self.label.replace("'", "''")
        return f"'{label}'={self.value}{self.unit};{';'.join(rest)}"


def sample_item(sample: Sample, name: str, verdict: Verdict) -> Item:
    """Give a sample with its thresholds, and its limits: a time may be past."""
    metric, value = sample.metric, sample.value
    return Item(
        label=name,
        value=decimal(value) if isinstance(value, float) else value,
        unit=uom(metric.unit),
        warning=str(verdict.warning or ""),
        critical=str(verdict.critical or ""),
        minimum="0" if metric.unit.kind != TIME else "",
        maximum="" if sample.max is None else number(sample.max),
        dotted=metric.dotted,
        user=sample.user,
    )


def local_noon(day: date) -> int:
    """Give the epoch second of a day's noon in the time zone of this host."""
    return int(time.mktime((day.year, day.month, day.day, 12, 0, 0, 0, 0, -1)))
