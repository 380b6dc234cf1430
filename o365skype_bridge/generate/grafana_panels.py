"""What kinds of panels look like in Grafana."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from o365skype_bridge.generate.grafana_dashboard import LINES, STAT, TABLE, TIMELINE
from o365skype_bridge.generate.grafana_queries import Asked, Rows, Source
from o365skype_bridge.model.declare import Metric
from o365skype_bridge.model.units import BYTES, DAYS, MINUTES, PERCENT, SECONDS, WORD

DATASOURCE = {"type": "influxdb", "uid": "${datasource}"}


class Panel(NamedTuple):
    """One panel."""

    kind: str
    title: str
    text: str
    asked: tuple[Asked | Rows, ...]
    options: dict[str, Any]
    look: dict[str, Any]
    overrides: tuple[dict[str, Any], ...] = ()
    width: int = 12
    height: int = 8

    def document(self, number: int, place: dict[str, int], source: Source) -> dict[str, Any]:
        """Give it as Grafana's JSON, with queries for a source."""
        figures = [each for each in self.asked if isinstance(each, Asked)]
        legend = source.legend(figures[0].tags) if figures else ""
        named = {"displayName": legend} if legend else {}
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            **({"description": self.text} if self.text else {}),
            "datasource": DATASOURCE,
            "gridPos": place,
            "targets": [_target(*each, source) for each in enumerate(self.asked)],
            "fieldConfig": {
                "defaults": {**named, **self.look},
                "overrides": list(self.overrides),
            },
            "options": self.options,
        }


def _target(number: int, asked: Asked | Rows, source: Source) -> dict[str, Any]:
    query = source.figure(asked) if isinstance(asked, Asked) else source.rows(asked)
    return {"refId": chr(ord("A") + number), "datasource": DATASOURCE, **query}


UNITS = {BYTES: "bytes", SECONDS: "s", MINUTES: "m", DAYS: "d", PERCENT: "percent", WORD: "string"}
"""What Grafana calls units; counted things are numbers."""


def unit(metric: Metric) -> str:
    """Name the unit of a metric as Grafana does."""
    return UNITS.get(metric.unit, "short")


def thresholds(*steps: tuple[str, float | None]) -> dict[str, Any]:
    """Give colours from the lowest value on, each with the value from which it is that."""
    found = [{"color": color, "value": value} for color, value in steps]
    return {"mode": "absolute", "steps": found}


def stat(title: str, text: str, asked: Asked, **look: Any) -> Panel:
    """Show one value in large figures, one a line of the answer."""
    return Panel("stat", title, text, (asked,), STAT, look, (), 8, 4)


def days(title: str, text: str, asked: Sequence[Asked], unit: str) -> Panel:
    """Draw one value a day."""
    custom = {"drawStyle": "line", "showPoints": "always"}
    return lines(title, text, asked, unit, **custom)


def lines(title: str, text: str, asked: Sequence[Asked], unit: str, **custom: Any) -> Panel:
    """Draw lines from zero on."""
    look = {"unit": unit, "min": 0, "custom": {"lineWidth": 2, "fillOpacity": 10, **custom}}
    return Panel("timeseries", title, text, tuple(asked), LINES, look)


def states(title: str, text: str, asked: Sequence[Asked], unit: str) -> Panel:
    """Draw what texts said over time."""
    return timeline(title, text, asked, {"unit": unit})


def timeline(title: str, text: str, asked: Sequence[Asked], look: dict[str, Any]) -> Panel:
    """Draw states over time."""
    look = {**look, "custom": {"lineWidth": 0, "fillOpacity": 70}}
    return Panel("state-timeline", title, text, tuple(asked), TIMELINE, look)


def table(title: str, text: str, rows: Rows, overrides: Sequence[dict[str, Any]]) -> Panel:
    """List the newest points."""
    look: dict[str, Any] = {"custom": {"align": "auto", "inspect": False}}
    return Panel("table", title, text, (rows,), TABLE, look, tuple(overrides), 24)


def override(
    field: str, custom_cell: dict[str, str] | None = None, **properties: Any
) -> dict[str, Any]:
    """Show one column of a table in another way."""
    found = [{"id": name, "value": value} for name, value in properties.items()]
    if custom_cell:
        found.append({"id": "custom.cellOptions", "value": custom_cell})
    return {"matcher": {"id": "byName", "options": field}, "properties": found}
