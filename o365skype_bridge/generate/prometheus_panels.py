"""Panels of the Grafana dashboard over Prometheus: what each kind looks like."""

from __future__ import annotations

from typing import Any, NamedTuple

from o365skype_bridge.generate import grafana_dashboard as frame
from o365skype_bridge.generate.grafana_dashboard import LINES, STAT, TABLE, TIMELINE

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


class Query(NamedTuple):
    """What is asked for, and how a line is called; a table asks for the newest values only."""

    expr: str
    legend: str = "{{tenant}}"
    table: bool = False

    def document(self, number: int) -> dict[str, Any]:
        """Give it as Grafana's data source for Prometheus wants it."""
        return {
            "refId": chr(ord("A") + number),
            "datasource": DATASOURCE,
            "expr": self.expr,
            "legendFormat": self.legend,
            "instant": self.table,
            "range": not self.table,
            "format": "table" if self.table else "time_series",
        }


class Panel(NamedTuple):
    """One panel."""

    kind: str
    title: str
    text: str
    queries: tuple[Query, ...]
    options: dict[str, Any]
    look: dict[str, Any]
    width: int = 12
    height: int = 8
    changes: tuple[dict[str, Any], ...] = ()

    def document(self, number: int, place: dict[str, int]) -> dict[str, Any]:
        """Give it as Grafana's JSON."""
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            **({"description": self.text} if self.text else {}),
            "datasource": DATASOURCE,
            "gridPos": place,
            "targets": [query.document(place_) for place_, query in enumerate(self.queries)],
            "fieldConfig": {"defaults": self.look, "overrides": []},
            "options": self.options,
            **({"transformations": list(self.changes)} if self.changes else {}),
        }


def stat(title: str, text: str, query: Query, unit: str, **look: Any) -> Panel:
    """Show the newest value in large figures, one a tenant."""
    return Panel("stat", title, text, (query,), STAT, {"unit": unit, **look}, 8, 4)


def lines(title: str, text: str, queries: tuple[Query, ...], unit: str) -> Panel:
    """Draw values over time, from zero on; a day's figure stays until the next."""
    custom = {"lineWidth": 2, "fillOpacity": 10, "lineInterpolation": "stepAfter"}
    look = {"unit": unit, "min": 0, "custom": custom}
    return Panel("timeseries", title, text, queries, LINES, look)


def outcomes(title: str, text: str, query: Query) -> Panel:
    """Draw outcomes over time, by their words and colours."""
    look = {
        "mappings": [frame.outcomes(by_code=True)],
        "custom": {"lineWidth": 0, "fillOpacity": 70},
    }
    return Panel("state-timeline", title, text, (query,), TIMELINE, look, 24)


def words(title: str, text: str, query: Query) -> Panel:
    """List labels, which are what is said in words."""
    hidden = dict.fromkeys(("Time", "Value", "__name__", "instance", "job"), True)
    change = {"id": "organize", "options": {"excludeByName": hidden}}
    look: dict[str, Any] = {"custom": {"align": "auto", "inspect": False}}
    return Panel("table", title, text, (query,), TABLE, look, 24, changes=(change,))
