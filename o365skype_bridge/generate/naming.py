"""What figures are called where nothing around them says which report they are of."""

from __future__ import annotations

from o365skype_bridge.model.declare import Metric, Report


def is_headline(metric: Metric) -> bool:
    """Whether a figure is worth a place of its own: one there is one of, with its maximum."""
    return metric.has_maximum and not metric.label


def headline(report: Report, metric: Metric) -> str:
    """Give a title that no figure of another family has: ``Skype: Active users``."""
    return f"{report.family.capitalize()}: {metric.title}" if metric.title else metric.dotted


def of_thing(report: Report, metric: Metric, thing: str) -> str:
    """Give the title of a figure of a user, or of another thing that is found in the data."""
    return f"{thing}: {metric.short} ({report.family.capitalize()})"
