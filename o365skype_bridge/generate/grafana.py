"""Grafana: dashboards over what Telegraf writes, one a family, and alert rules for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from o365skype_bridge.generate import grafana_bridge, grafana_figures, grafana_rules
from o365skype_bridge.generate import grafana_dashboard as frame
from o365skype_bridge.generate import grafana_panels as panels
from o365skype_bridge.generate.base import Target
from o365skype_bridge.generate.grafana_panels import Panel
from o365skype_bridge.generate.grafana_queries import SOURCES, Source
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import Option

BRIDGE = "bridge"
"""What the dashboard about ourselves is called, where others have a family's name."""

RULES = "alerting/o365skype.json"

LONGEST_ID = 30
"""Characters; a family's name is put behind one, and Grafana takes 40."""

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
    frame.DAYS,
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
        frame.require_id(f"--{name.replace('_', '-')}", values[name], LONGEST_ID)
    frame.require_days(values["days"])
    source = SOURCES[values["source"]]
    if values["groups"]:
        source = source.without_others()
    shown: dict[str, Iterable[Panel | str]] = {
        family: grafana_figures.dashboard([report for report in reports if report.family == family])
        for family in dict.fromkeys(report.family for report in reports)
    }
    shown[BRIDGE] = grafana_bridge.dashboard()
    files = {
        f"{values['uid']}-{name}.json": frame.written(_dashboard(values, name, source, found))
        for name, found in shown.items()
    }
    rules = grafana_rules.rules(values, source, reports)
    return {**files, RULES: frame.written(rules)}


def _dashboard(
    values: Mapping[str, Any], name: str, source: Source, found: Iterable[Panel | str]
) -> dict[str, Any]:
    parts = {
        "links": [_links()],
        "templating": frame.variables("InfluxDB", panels.DATASOURCE, source.tenants),
        "panels": list(frame.placed(found, lambda panel, *where: panel.document(*where, source))),
    }
    title = f"{values['title']}: {name.capitalize()}"
    return frame.framed(f"{values['uid']}-{name}", title, values, parts, "grafana")


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


TARGET = Target(options=OPTIONS, make=make)
