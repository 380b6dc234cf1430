"""Panels of the Grafana dashboard: what each kind looks like, and those about our own health."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from o365skype_bridge.model.declare import Metric
from o365skype_bridge.model.outcome import OUTCOMES
from o365skype_bridge.model.units import BYTES, DAYS, MINUTES, PERCENT, SECONDS, WORD
from o365skype_bridge.model.values import SECONDS_PER_DAY
from o365skype_bridge.outputs.influx import HEALTH

DATASOURCE = {"type": "influxdb", "uid": "${datasource}"}

CHOSEN = '"tenant" =~ /^${tenant:regex}$/ AND $timeFilter'
"""The tenants and the time that are chosen above the panels."""

OLD = 4 * SECONDS_PER_DAY
"""Seconds after which data are late: Microsoft's usual three days, and one more."""

COLOURS = {"ok": "green", "empty": "blue", "stale": "yellow", "pending": "yellow"}
"""Colours of outcomes; all others are red."""

GREEN, RED = {"color": "green", "value": None}, {"color": "red", "value": OLD}


class Query(NamedTuple):
    """What is selected, and how it is grouped; tenants and time are put in between."""

    select: str
    group: str
    alias: str = ""
    table: bool = False

    def document(self) -> dict[str, Any]:
        """Give it as Grafana's data source for InfluxQL wants it."""
        return {
            "refId": "A",
            "datasource": DATASOURCE,
            "query": f"{self.select} WHERE {CHOSEN} {self.group}",
            "rawQuery": True,
            "resultFormat": "table" if self.table else "time_series",
            **({"alias": self.alias} if self.alias else {}),
        }


class Panel(NamedTuple):
    """One panel."""

    kind: str
    title: str
    text: str
    query: Query
    options: dict[str, Any]
    look: dict[str, Any]
    overrides: tuple[dict[str, Any], ...] = ()
    width: int = 12
    height: int = 8

    def document(self, number: int, place: dict[str, int]) -> dict[str, Any]:
        """Give it as Grafana's JSON."""
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            **({"description": self.text} if self.text else {}),
            "datasource": DATASOURCE,
            "gridPos": place,
            "targets": [self.query.document()],
            "fieldConfig": {"defaults": self.look, "overrides": list(self.overrides)},
            "options": self.options,
        }


_TOOLTIP = {"mode": "multi", "sort": "none"}
_LEGEND = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}
_TIMELINE = {
    "mergeValues": True,
    "showValue": "auto",
    "alignValue": "left",
    "rowHeight": 0.9,
    "legend": _LEGEND,
    "tooltip": {"mode": "single", "sort": "none"},
}


def stat(title: str, text: str, query: Query, **look: Any) -> Panel:
    """Show the newest value in large figures, one a tenant."""
    options = {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "orientation": "auto",
        "textMode": "auto",
        "colorMode": "value",
        "graphMode": "none",
        "justifyMode": "auto",
        "percentChangeColorMode": "standard",
        "showPercentChange": False,
        "wideLayout": True,
    }
    return Panel("stat", title, text, query, options, look, (), 8, 4)


UNITS = {BYTES: "bytes", SECONDS: "s", MINUTES: "m", DAYS: "d", PERCENT: "percent", WORD: "string"}
"""What Grafana calls units; counted things are numbers."""


def unit(metric: Metric) -> str:
    """Name the unit of a metric as Grafana does."""
    return UNITS.get(metric.unit, "short")


def days(title: str, text: str, query: Query, unit: str) -> Panel:
    """Draw one value a day."""
    return _lines(title, text, query, unit, {"drawStyle": "line", "showPoints": "always"})


def states(title: str, text: str, query: Query, unit: str) -> Panel:
    """Draw what texts said over time."""
    look = {"unit": unit, "custom": {"lineWidth": 0, "fillOpacity": 70}}
    return Panel("state-timeline", title, text, query, _TIMELINE, look)


def _lines(title: str, text: str, query: Query, unit: str, custom: dict[str, Any]) -> Panel:
    options = {"legend": _LEGEND, "tooltip": _TOOLTIP}
    look = {"unit": unit, "min": 0, "custom": {"lineWidth": 2, "fillOpacity": 10, **custom}}
    return Panel("timeseries", title, text, query, options, look)


def newest_age() -> Panel:
    """Show how old the data are now, red when they are late."""
    query = Query(
        f'SELECT last("age_seconds") AS "age" FROM "{HEALTH}"',
        'GROUP BY "report", "tenant"',
        alias="$tag_tenant $tag_report",
    )
    thresholds = {"mode": "absolute", "steps": [GREEN, RED]}
    text = "Since the end of the report's day; Microsoft is usually two to three days behind."
    return stat("Age of data", text, query, unit="s", thresholds=thresholds)


def health_table() -> Panel:
    """List the newest health line of each report and tenant."""
    fields = (
        *("outcome", "cause", "age_seconds", "confirmed_seconds", "fetch_seconds", "calls"),
        *("names_concealed", "message"),
    )
    columns = ", ".join(f'"{field}"' for field in fields)
    query = Query(
        f'SELECT {columns} FROM "{HEALTH}"',
        'GROUP BY "report", "tenant" ORDER BY time DESC LIMIT 1',
        table=True,
    )
    colours = {
        "type": "value",
        "options": {
            name: {"text": name, "color": COLOURS.get(name, "red"), "index": number}
            for number, name in enumerate(OUTCOMES)
        },
    }
    overrides = (
        _override("outcome", mappings=[colours], custom_cell={"type": "color-text"}),
        _override("age_seconds", unit="s"),
        _override("confirmed_seconds", unit="s"),
        _override("fetch_seconds", unit="s"),
    )
    options = {"showHeader": True, "cellHeight": "sm", "frameIndex": 0}
    look: dict[str, Any] = {"custom": {"align": "auto", "inspect": False}}
    text = "What is in the way of each report, and what to do."
    return Panel("table", "Reports", text, query, options, look, overrides, 24)


def _override(
    field: str, custom_cell: dict[str, str] | None = None, **properties: Any
) -> dict[str, Any]:
    found = [{"id": name, "value": value} for name, value in properties.items()]
    if custom_cell:
        found.append({"id": "custom.cellOptions", "value": custom_cell})
    return {"matcher": {"id": "byName", "options": field}, "properties": found}


def outcomes() -> Panel:
    """Draw the outcome of each report and tenant over time."""
    mapping = {
        "type": "value",
        "options": {
            str(number): {"text": name, "color": COLOURS.get(name, "red"), "index": number}
            for number, name in enumerate(OUTCOMES)
        },
    }
    look = {"mappings": [mapping], "custom": {"lineWidth": 0, "fillOpacity": 70}}
    query = _over_time('last("outcome_code")', "outcome")
    return Panel("state-timeline", "Outcomes", "What each report gave.", query, _TIMELINE, look)


def health_graphs() -> Iterator[Panel]:
    """Draw age, duration and calls over time."""
    yield _lines("Age of data over time", "", _over_time('max("age_seconds")', "age"), "s", {})
    text = "How long the last fetch took."
    yield _lines("Fetch", text, _over_time('max("fetch_seconds")', "fetch"), "s", {})
    text = "Calls of Graph that the answers cost."
    yield _lines("Calls", text, _over_time('sum("calls")', "calls"), "short", {"drawStyle": "bars"})


def _over_time(value: str, name: str) -> Query:
    return Query(
        f'SELECT {value} AS "{name}" FROM "{HEALTH}"',
        'GROUP BY time($__interval), "report", "tenant" fill(none)',
        alias="$tag_tenant $tag_report",
    )
