"""Perfdata: labels, values, units and ranges as Centreon's graphs know them."""

from __future__ import annotations

import time

from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.outputs.names import clean

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from datetime import date

    from o365skype_bridge.model.values import Sample
    from o365skype_bridge.outputs.judge import Verdict

UNSAFE = str.maketrans({"|": "/", "=": "-", ";": ","})
"""What no label may hold: readers take it for the end of the label, item or line."""


def safe(name: str) -> str:
    """Give a name that can stand in a label: without what separates perfdata.

    Nor may it hold ``::``, which Icinga 2 takes for the name of a check within the check.
    """
    return clean(name).translate(UNSAFE).replace("::", ":.")


def safe_text(text: str, most: int) -> str:
    """Give a text for a status line: without control characters and ``|``."""
    return clean(text, most).replace("|", "/")


def label(sample: Sample, user: str, *, new: bool, alone: bool) -> str:
    """Name a sample: the legacy label, or the dotted name.

    The legacy name of a single user's metric goes without the user, as it always has.
    """
    metric = sample.metric
    if new:
        return f"{user}#{metric.dotted}" if user else metric.dotted
    return f"{metric.legacy}_{user}" if user and not alone else metric.legacy


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
    """Give a sample with its thresholds, a minimum of 0 and the maximum if it has one."""
    return Item(
        label=name,
        value=sample.value,
        unit="" if sample.metric.unit == "count" else sample.metric.unit,
        warning=str(verdict.warning or ""),
        critical=str(verdict.critical or ""),
        minimum="0",
        maximum="" if sample.max is None else str(sample.max),
        dotted=sample.metric.dotted,
        user=sample.user,
    )


def local_noon(day: date) -> int:
    """Give the epoch second of a day's noon in the time zone of this host."""
    return int(time.mktime((day.year, day.month, day.day, 12, 0, 0, 0, 0, -1)))
