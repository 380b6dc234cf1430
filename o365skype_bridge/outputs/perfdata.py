"""Perfdata: labels, values, units and ranges as Centreon's graphs know them."""

from __future__ import annotations

import time

from o365skype_bridge.outputs.names import clean

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from datetime import date

    from o365skype_bridge.model import Sample
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


def item(name: str, value: object, rest: str) -> str:
    """Write one item; ``rest`` is everything from the unit on."""
    quoted = name.replace("'", "''")
    return f"'{quoted}'={value}{rest}"


def sample_item(sample: Sample, name: str, verdict: Verdict) -> str:
    """Write a sample with its thresholds, a minimum of 0 and the maximum if it has one."""
    unit = "" if sample.metric.unit == "count" else sample.metric.unit
    most = "" if sample.max is None else sample.max
    return item(
        name, sample.value, f"{unit};{verdict.warning or ''};{verdict.critical or ''};0;{most}"
    )


def local_noon(day: date) -> int:
    """Give the epoch second of a day's noon in the time zone of this host."""
    return int(time.mktime((day.year, day.month, day.day, 12, 0, 0, 0, 0, -1)))
