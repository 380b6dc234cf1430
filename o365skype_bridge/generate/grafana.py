"""Grafana: dashboards over what Telegraf writes, one a family, and alert rules for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import grafana_bridge, grafana_figures, grafana_rules
from o365skype_bridge.generate import grafana_panels as panels
from o365skype_bridge.generate.base import Target
from o365skype_bridge.generate.grafana_panels import Panel
from o365skype_bridge.generate.grafana_queries import SOURCES, Source
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import Option

BRIDGE = "bridge"
"""What the dashboard about ourselves is called, where others have a family's name."""

RULES = "alerting/o365skype.json"

SCHEMA = 41
"""Grafana's number for the form of a dashboard; newer versions bring an older one up to date."""

WIDTH = 24
"""Columns of Grafana's grid."""

OPTIONS = (
    Option(
        flag="--source",
        metavar="LANGUAGE",
        choices=tuple(SOURCES),
        default="influxql",
        help="What the data source speaks: "
        + "; ".join(f"{source.name} is {source.says}" for source in SOURCES.values())
        + ".",
    ),
    Option(
        flag="--title",
        metavar="TEXT",
        default="Microsoft 365 usage",
        help="Title, which a family's name is put behind.",
    ),
    Option(
        flag="--uid",
        metavar="ID",
        default="o365skype",
        help="Beginning of the ids in Grafana: others with them are replaced.",
    ),
    Option(
        flag="--days", metavar="NUMBER", default="30", help="Days that are shown when it is opened."
    ),
    Option(
        flag="--datasource-uid",
        metavar="ID",
        default="influxdb",
        help="Id of the data source that alert rules ask; dashboards let you choose.",
    ),
    Option(
        flag="--folder",
        metavar="NAME",
        default="Microsoft 365",
        help="Folder of the alert rules in Grafana.",
    ),
    Option(
        flag="--groups",
        help="Figures of groups and of other periods are there, too: leave them out in SQL, which "
        "does not do so by itself.",
    ),
)


def make(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Make dashboards and rules. Raises `UsageError` for ids that Grafana would refuse."""
    for name in ("uid", "datasource_uid"):
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,30}", values[name]):
            raise UsageError(
                f"--{name.replace('_', '-')} {values[name]!a} is not an id",
                "Letters, digits, _ and -, at most 30.",
            )
    if not re.fullmatch(r"[1-9][0-9]{0,3}", values["days"]):
        raise UsageError(f"--days {values['days']!a} is not a number of days", "Give 1 to 9999.")
    source = SOURCES[values["source"]]
    if values["groups"]:
        source = source.without_others()
    shown: dict[str, Iterable[Panel | str]] = {
        family: grafana_figures.dashboard([report for report in reports if report.family == family])
        for family in dict.fromkeys(report.family for report in reports)
    }
    shown[BRIDGE] = grafana_bridge.dashboard()
    files = {
        f"{values['uid']}-{name}.json": _written(_dashboard(values, name, source, found))
        for name, found in shown.items()
    }
    rules = grafana_rules.rules(values, source, reports)
    return {**files, RULES: _written(rules)}


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _dashboard(
    values: Mapping[str, Any], name: str, source: Source, found: Iterable[Panel | str]
) -> dict[str, Any]:
    title = values["title"].encode(errors="replace").decode()
    return {
        "uid": f"{values['uid']}-{name}",
        "title": f"{title}: {name.capitalize()}",
        "description": "Made by o365skype-bridge generate grafana.",
        "tags": ["microsoft365", "o365skype-bridge"],
        "schemaVersion": SCHEMA,
        "editable": True,
        "timezone": "utc",
        "time": {"from": f"now-{values['days']}d", "to": "now"},
        "refresh": "5m",
        "graphTooltip": 1,
        "annotations": {"list": []},
        "links": [_links()],
        "templating": {"list": [_datasource(), _tenants(source)]},
        "panels": list(_placed(found, source)),
    }


def _links() -> dict[str, Any]:
    """Lead from each dashboard to the others."""
    return {
        "title": "Microsoft 365",
        "type": "dashboards",
        "icon": "external link",
        "tooltip": "",
        "tags": ["o365skype-bridge"],
        "asDropdown": False,
        "targetBlank": False,
        "includeVars": True,
        "keepTime": True,
    }


def _datasource() -> dict[str, Any]:
    return {
        "name": "datasource",
        "label": "InfluxDB",
        "type": "datasource",
        "query": "influxdb",
        "refresh": 1,
        "hide": 0,
    }


def _tenants(source: Source) -> dict[str, Any]:
    return {
        "name": "tenant",
        "label": "Tenant",
        "type": "query",
        "datasource": panels.DATASOURCE,
        "query": source.tenants,
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "hide": 0,
    }


def _placed(found: Iterable[Panel | str], source: Source) -> Iterator[dict[str, Any]]:
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
            yield panel.document(number, place, source)
        x, height = x + width, max(height, tall)


TARGET = Target(options=OPTIONS, make=make)
