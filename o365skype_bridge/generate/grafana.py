"""Grafana: a dashboard over what Telegraf writes into InfluxDB, by the reports' declarations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import grafana_panels as panels
from o365skype_bridge.generate.base import Target
from o365skype_bridge.generate.grafana_panels import Panel, Query
from o365skype_bridge.generate.naming import headline, is_headline
from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.options import Option
from o365skype_bridge.model.units import COUNT
from o365skype_bridge.outputs import influx

NAME = "o365skype.json"

SCHEMA = 41
"""Grafana's number for the form of a dashboard; newer versions bring an older one up to date."""

WIDTH = 24
"""Columns of Grafana's grid."""

OPTIONS = (
    Option(flag="--title", metavar="TEXT", default="Microsoft 365 usage", help="Title."),
    Option(
        flag="--uid",
        metavar="ID",
        default="o365skype",
        help="Id in Grafana: another dashboard with it is replaced.",
    ),
    Option(
        flag="--days", metavar="NUMBER", default="30", help="Days that are shown when it is opened."
    ),
)


def make(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Make the dashboard. Raises `UsageError` for an id or a number that Grafana would refuse."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", values["uid"]):
        raise UsageError(
            f"--uid {values['uid']!a} is not an id", "Letters, digits, _ and -, at most 40."
        )
    if not re.fullmatch(r"[1-9][0-9]{0,3}", values["days"]):
        raise UsageError(f"--days {values['days']!a} is not a number of days", "Give 1 to 9999.")
    title = values["title"].encode(errors="replace").decode()
    document = {
        "uid": values["uid"],
        "title": title,
        "description": "Made by o365skype-bridge generate grafana.",
        "tags": ["microsoft365", "o365skype-bridge"],
        "schemaVersion": SCHEMA,
        "editable": True,
        "timezone": "utc",
        "time": {"from": f"now-{values['days']}d", "to": "now"},
        "refresh": "5m",
        "graphTooltip": 1,
        "annotations": {"list": []},
        "templating": {"list": [_datasource(), _tenants()]},
        "panels": list(_placed(_panels(reports))),
    }
    return {NAME: json.dumps(document, indent=2, ensure_ascii=False) + "\n"}


def _datasource() -> dict[str, Any]:
    return {
        "name": "datasource",
        "label": "InfluxDB",
        "type": "datasource",
        "query": "influxdb",
        "refresh": 1,
        "hide": 0,
    }


def _tenants() -> dict[str, Any]:
    return {
        "name": "tenant",
        "label": "Tenant",
        "type": "query",
        "datasource": panels.DATASOURCE,
        "query": f'SHOW TAG VALUES FROM "{influx.HEALTH}" WITH KEY = "tenant"',
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "hide": 0,
    }


def _panels(reports: Sequence[Report]) -> Iterator[Panel | str]:
    """Give panels, and titles of rows between them."""
    yield "Now"
    for report in reports:
        for metric in report.metrics:
            if is_headline(metric):
                yield _newest(report, metric)
    yield panels.newest_age()
    for report in reports:
        yield report.title
        yield from _of_report(report)
    yield "o365skype-bridge"
    yield panels.health_table()
    yield panels.outcomes()
    yield from panels.health_graphs()


def _newest(report: Report, metric: Metric) -> Panel:
    title, field = headline(report, metric), influx.field(report, metric)
    query = Query(
        f'SELECT last("{field}") AS "{title}" FROM "{influx.measurement(report)}"',
        'GROUP BY "tenant"',
        alias="$tag_tenant",
    )
    return panels.stat(title, metric.help, query, unit=panels.unit(metric))


def _of_report(report: Report) -> Iterator[Panel]:
    """Give a graph for what has a maximum, for each field with a label, and for the totals."""
    metrics = [metric for metric in report.leading if not metric.per_user]
    for metric in metrics:
        if is_headline(metric):
            field = influx.field(report, metric)
            shown = [(field, metric.short), (f"{field}_max", f"{metric.short}, maximum")]
            yield _graph(report, metric, headline(report, metric), shown, metric.help)
    labelled = {
        (influx.field(report, metric), metric.label): metric for metric in metrics if metric.label
    }
    for (field, label), metric in labelled.items():
        title = f"{report.title}: {field.replace('_', ' ')} by {label}"
        ends = ("", "_max") if metric.has_maximum else ("",)
        shown = [(f"{field}{end}", f"{field}{end}") for end in ends]
        yield _graph(report, metric, title, shown, label=label)
    totals = [metric for metric in metrics if not (metric.has_maximum or metric.label)]
    for kind in dict.fromkeys(_kind(metric) for metric in totals):
        found = [metric for metric in totals if _kind(metric) == kind]
        shown = [(influx.field(report, metric), metric.short) for metric in found]
        title = f"{report.title}: {'totals of the day' if kind == COUNT.name else kind}"
        yield _graph(report, found[0], title, shown)


def _kind(metric: Metric) -> str:
    """Name what can be drawn together."""
    return metric.unit.name


def _graph(
    report: Report,
    metric: Metric,
    title: str,
    shown: Sequence[tuple[str, str]],
    text: str = "",
    label: str = "",
) -> Panel:
    """Draw fields like a metric's by day; those of a ``label`` have a line for each value."""
    columns = ", ".join(f'last("{field}") AS "{name}"' for field, name in shown)
    words = [f"$tag_{label}"] if label else []
    words += ["$col"] if len(shown) > 1 or not label else []
    group = f', "{label}"' if label else ""
    query = Query(
        f'SELECT {columns} FROM "{influx.measurement(report)}"',
        f'GROUP BY time(1d), "tenant"{group} fill(none)',
        alias=" ".join(["$tag_tenant", *words]),
    )
    draw = panels.states if metric.is_text else panels.days
    return draw(title, text, query, panels.unit(metric))


def _placed(found: Iterator[Panel | str]) -> Iterator[dict[str, Any]]:
    """Number the panels and put them into the grid, row by row."""
    x = y = height = 0
    for number, panel in enumerate(found, start=1):
        is_row = isinstance(panel, str)
        width, tall = (WIDTH, 1) if isinstance(panel, str) else (panel.width, panel.height)
        if is_row or x + width > WIDTH:
            x, y, height = 0, y + height, 0
        place = {"x": x, "y": y, "w": width, "h": tall}
        if isinstance(panel, str):
            row = {"id": number, "type": "row", "title": panel, "collapsed": False}
            yield {**row, "gridPos": place, "panels": []}
        else:
            yield panel.document(number, place)
        x, height = x + width, max(height, tall)


TARGET = Target(options=OPTIONS, make=make)
