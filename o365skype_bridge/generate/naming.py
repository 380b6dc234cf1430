"""What figures are called where nothing around them says which report they are of."""

from __future__ import annotations

from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.period import words


def is_headline(metric: Metric) -> bool:
    """Whether a figure is worth a place of its own: one there is one of, with its maximum."""
    return metric.has_maximum and not metric.label


def headline(report: Report, metric: Metric) -> str:
    """Give a title that no figure of another family has: ``Skype: Active users``."""
    said = f"{report.family.capitalize()}: {metric.title}" if metric.title else metric.dotted
    return over_period(said, metric)


def of_thing(report: Report, metric: Metric, thing: str) -> str:
    """Give the title of a figure of a user, or of another thing that is found in the data."""
    return over_period(f"{thing}: {metric.short} ({report.family.capitalize()})", metric)


def over_period(title: str, metric: Metric) -> str:
    """Give the title of a figure with its period, unless that is the usual one."""
    return f"{title} {words(metric.period)}" if metric.period else title
