"""Grafana's dashboard of a family: its figures now and over time, by the reports' declarations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from o365skype_bridge.generate import grafana_bridge
from o365skype_bridge.generate import grafana_panels as panels
from o365skype_bridge.generate.alerts import ranges
from o365skype_bridge.generate.grafana_panels import Panel
from o365skype_bridge.generate.grafana_queries import DAY, INTERVAL, Asked, Rows
from o365skype_bridge.generate.naming import headline, is_headline
from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.shape import USUAL
from o365skype_bridge.model.units import COUNT
from o365skype_bridge.outputs import influx
from o365skype_bridge.outputs.thresholds import INFINITE


def dashboard(reports: Sequence[Report]) -> Iterator[Panel | str]:
    """Give panels, and titles of rows between them."""
    yield "Now"
    for report in reports:
        for metric in report.metrics:
            if is_headline(metric) or is_judged(metric):
                yield _now(report, metric)
    for report in reports:
        yield report.title
        if any(metric.is_found and not metric.per_user for metric in report.metrics):
            yield _things(report)
        yield from _of_report(report)
    yield "In the time shown"
    yield from grafana_bridge.summary(tuple(report.name for report in reports))


def is_judged(metric: Metric) -> bool:
    """Whether a figure has ranges of its own, and so a colour."""
    return bool(metric.warning or metric.critical)


def _now(report: Report, metric: Metric) -> Panel:
    """Show the newest value; of what is judged, in the colour of its ranges."""
    by = (metric.label,) if metric.label else ()
    title = headline(report, metric)
    asked = _of(report, influx.field(report, metric), title, by)
    look = {"thresholds": _colours(metric)} if is_judged(metric) else {}
    return panels.stat(title, metric.help, asked, unit=panels.unit(metric), **look)


def _colours(metric: Metric) -> dict[str, Any]:
    """Give the colours of values from the lowest on, by the edges of the metric's ranges."""
    judged = [
        *((found, "red") for found in ranges(*metric.critical)),
        *((found, "orange") for found in ranges(*metric.warning)),
    ]

    def colour(value: float) -> str:
        return next((name for found, name in judged if found.alerts(value)), "green")

    edges = sorted(
        {
            edge
            for found, _ in judged
            for edge in (found.start, found.end + 1 if found.inside else found.end)
            if abs(edge) != INFINITE
        }
    )
    lowest = colour(edges[0] - 1)
    return panels.thresholds((lowest, None), *((colour(edge), edge) for edge in edges))


def _things(report: Report) -> Panel:
    """List what only the data know, each with all that is said of it."""
    metrics = [metric for metric in report.metrics if metric.is_found and not metric.per_user]
    fields = tuple(dict.fromkeys(influx.field(report, metric) for metric in metrics))
    overrides = [
        panels.override(influx.field(report, metric), unit=panels.unit(metric))
        for metric in metrics
        if not metric.is_text
    ]
    labels = tuple(dict.fromkeys(metric.label for metric in metrics))
    rows = Rows(influx.measurement(report), fields, labels)
    return panels.table(f"{report.title}: newest", "", rows, overrides)


def _of_report(report: Report) -> Iterator[Panel]:
    """Give a graph for what has a maximum, for each field with a label, and for the totals."""
    metrics = [metric for metric in report.leading if not metric.per_user]
    for metric in metrics:
        if is_headline(metric):
            yield _graph(report, [metric], headline(report, metric), metric.help)
    labelled = {
        (influx.field(report, metric), metric.label): metric for metric in metrics if metric.label
    }
    for (field, label), metric in labelled.items():
        title = f"{report.title}: {field.replace('_', ' ')} by {label}"
        yield _graph(report, [metric], title)
    totals = [metric for metric in metrics if not (metric.has_maximum or metric.label)]
    for kind in dict.fromkeys(metric.unit.name for metric in totals):
        found = [metric for metric in totals if metric.unit.name == kind]
        title = f"{report.title}: {'totals of the day' if kind == COUNT.name else kind}"
        yield _graph(report, found, title)


def _graph(report: Report, metrics: Sequence[Metric], title: str, text: str = "") -> Panel:
    """Draw metrics that look alike; those with a label have a line for each of its values."""
    first = metrics[0]
    asked = [each for metric in metrics for each in _asked(report, metric)]
    draw = panels.states if first.is_text else panels.days
    return draw(title, text, asked, panels.unit(first))


def _asked(report: Report, metric: Metric) -> Iterator[Asked]:
    """Ask for a metric and its maximum by day; of what changes within a day for the highest."""
    field = influx.field(report, metric)
    is_highest = report.is_list and not metric.is_text
    ways = ("max", INTERVAL) if is_highest else ("last", INTERVAL if report.is_list else DAY)
    by = (metric.label,) if metric.label else ()
    name = field.replace("_", " ") if metric.label else metric.short
    yield _of(report, field, name, by, ways)
    if metric.has_maximum:
        most = f"{name}, maximum"
        yield _of(report, f"{field}_max", most, by, ways)


def _of(
    report: Report, field: str, name: str, by: tuple[str, ...], ways: tuple[str, str] = ("last", "")
) -> Asked:
    """Ask for a field of everybody, over the report's period."""
    period = "" if report.shape.period == USUAL else report.shape.period
    return Asked(influx.measurement(report), field, name, by, *ways, period=period)
