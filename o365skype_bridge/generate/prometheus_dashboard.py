"""Grafana over Prometheus: a dashboard by the reports' declarations, whoever collects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from o365skype_bridge.generate import grafana_dashboard as frame
from o365skype_bridge.generate import prometheus_panels as panels
from o365skype_bridge.generate.alerts import OLD
from o365skype_bridge.generate.naming import headline, is_headline
from o365skype_bridge.generate.prometheus_names import everybody, figure
from o365skype_bridge.generate.prometheus_panels import Panel, Query
from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.options import Option
from o365skype_bridge.outputs import prometheus as output
from o365skype_bridge.outputs.influx import HEALTH, field

LONGEST_ID = 40
"""Characters that Grafana takes."""

CHOSEN = 'tenant=~"$tenant"'

UNITS = {"bytes": "bytes", "seconds": "s", "ratio": "percentunit"}

OPTIONS = (
    Option(
        flag="--title", metavar="TEXT", default="Microsoft 365 usage", help="Dashboard's title."
    ),
    Option(
        flag="--uid",
        metavar="ID",
        default="o365skype-prometheus",
        help="Id in Grafana: another dashboard with it is replaced.",
    ),
    frame.DAYS,
)


def made(values: Mapping[str, Any], reports: Sequence[Report]) -> str:
    """Make the dashboard. Raises `UsageError` for an id or a number that Grafana would refuse."""
    frame.require_id("--uid", values["uid"], LONGEST_ID)
    frame.require_days(values["days"])
    tenants = f"label_values({HEALTH}_up, tenant)"
    parts = {
        "templating": frame.variables("Prometheus", panels.DATASOURCE, tenants),
        "panels": list(frame.placed(_panels(reports), Panel.document)),
    }
    return frame.written(frame.framed(values["uid"], values["title"], values, parts, "prometheus"))


def _panels(reports: Sequence[Report]) -> Iterator[Panel | str]:
    """Give panels, and titles of rows between them."""
    yield "Now"
    for report in reports:
        for metric in report.metrics:
            if is_headline(metric):
                title = headline(report, metric)
                unit = _unit(metric)
                yield panels.stat(title, metric.help, _figure(report, metric), unit)
    yield _age()
    for report in reports:
        yield report.title
        yield from _of_report(report)
    yield "o365skype-bridge"
    yield from _health()


def _of_report(report: Report) -> Iterator[Panel]:
    """Give a graph for what has a maximum, for each label, and for all else; a table of words."""
    metrics = [metric for metric in report.metrics if not (metric.per_user or metric.is_text)]
    for metric in metrics:
        if is_headline(metric):
            most = _figure(report, metric, "max", "{{tenant}} maximum")
            queries = (_figure(report, metric), most)
            title = headline(report, metric)
            yield panels.lines(title, metric.help, queries, _unit(metric))
    labelled = {output.name(report, metric): metric for metric in metrics if metric.label}
    for metric in labelled.values():
        title = f"{report.title}: {field(report, metric).replace('_', ' ')} by {metric.label}"
        found = _figure(report, metric, "", f"{{{{tenant}}}} {{{{{metric.label}}}}}")
        yield panels.lines(title, "", (found,), _unit(metric))
    rest = [metric for metric in metrics if not (metric.has_maximum or metric.label)]
    for unit in dict.fromkeys(map(_unit, rest)):
        shown = [metric for metric in rest if _unit(metric) == unit]
        title = "totals of the day" if unit == "short" else shown[0].short
        drawn = tuple(
            _figure(report, metric, "", f"{{{{tenant}}}} {metric.short}") for metric in shown
        )
        yield panels.lines(f"{report.title}: {title}", "", drawn, unit)
    if any(metric.is_text for metric in report.metrics):
        query = Query(f"{output.info(report)}{{{CHOSEN}}}", table=True)
        yield panels.words(f"{report.title}: in words", "", query)


def _unit(metric: Metric) -> str:
    """Name the unit that a metric is written in as Grafana does."""
    return UNITS.get(output.unit(metric), "short")


def _figure(report: Report, metric: Metric, end: str = "", legend: str = "{{tenant}}") -> Query:
    """Ask for a figure, once however many hosts collect it."""
    labels = ", ".join(("tenant", *([metric.label] if metric.label else [])))
    where = f"{{{CHOSEN}, {everybody(metric)}}}"
    return Query(figure(report, metric, labels, where, end), legend)


def _of_health(name: str) -> Query:
    expr = f"max by (tenant, report) ({HEALTH}_{name}{{{CHOSEN}}})"
    return Query(expr, "{{tenant}} {{report}}")


def _age() -> Panel:
    steps = [{"color": "green", "value": None}, {"color": "red", "value": OLD}]
    text = "Since the end of the newest day; Microsoft is usually two to three days behind."
    query = Query(f"max by (tenant) ({HEALTH}_age_seconds{{{CHOSEN}}})")
    thresholds = {"mode": "absolute", "steps": steps}
    return panels.stat("Age of data", text, query, "s", thresholds=thresholds)


def _health() -> Iterator[Panel]:
    """Give what is in the way, and what an answer costs."""
    words = Query(f"{HEALTH}_info{{{CHOSEN}}}", table=True)
    yield panels.words("Reports", "What is in the way of each report, and what to do.", words)
    text = "What is in the way of each report, as time went by."
    yield panels.outcomes("Causes", text, _of_health("cause_code"))
    yield panels.lines("Age of data over time", "", (_of_health("age_seconds"),), "s")
    text = "Since Graph last said that the figures are the newest."
    yield panels.lines("Confirmed", text, (_of_health("confirmed_seconds"),), "s")
    text = "How long the last fetch took."
    yield panels.lines("Fetch", text, (_of_health("fetch_seconds"),), "s")
    text = "Calls of Graph that the answers cost."
    yield panels.lines("Calls", text, (_of_health("calls"),), "short")
