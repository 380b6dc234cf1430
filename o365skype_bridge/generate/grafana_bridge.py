"""Grafana's dashboard about ourselves: how each report goes, now and at its worst."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from o365skype_bridge.generate import grafana_panels as panels
from o365skype_bridge.generate.alerts import OLD, UNCONFIRMED
from o365skype_bridge.generate.grafana_dashboard import outcomes
from o365skype_bridge.generate.grafana_panels import Panel
from o365skype_bridge.generate.grafana_queries import INTERVAL, Asked, Rows
from o365skype_bridge.outputs.influx import HEALTH

REPORT = ("report",)
FIELDS = (
    *("outcome", "cause", "age_seconds", "confirmed_seconds", "fetch_seconds", "calls"),
    *("names_concealed", "message"),
)


def dashboard() -> Iterator[Panel | str]:
    """Give panels, and titles of rows between them."""
    yield "In the time shown"
    yield from summary()
    yield "Each report"
    yield _table()
    yield _timeline()
    yield "Over time"
    yield from _graphs()


def summary(names: tuple[str, ...] = ()) -> Iterator[Panel]:
    """Show what was worst in the time shown, however short it was, and how old the data are.

    That is of all reports, or of those that are named.
    """
    yield _success(names)
    yield panels.stat(
        "Worst outcome",
        "The outcome with the highest number that a report had, be it for one collection only.",
        _asked("outcome_code", "worst", "max")._replace(reports=names),
        mappings=[outcomes(by_code=True)],
    )
    yield panels.stat(
        "Age of data",
        "Since the end of the report's day; Microsoft is usually two to three days behind.",
        _asked("age_seconds", "age", "last")._replace(reports=names),
        unit="s",
        thresholds=panels.thresholds(("green", None), ("red", OLD)),
    )


def _success(names: tuple[str, ...]) -> Panel:
    said: dict[str, Any] = {
        "0": {"text": "failed at times", "color": "red", "index": 0},
        "1": {"text": "good throughout", "color": "green", "index": 1},
    }
    return panels.stat(
        "Success",
        "Whether every collection was good. One that was not makes this red.",
        _asked("up", "success", "min")._replace(reports=names),
        mappings=[{"type": "value", "options": said}],
    )


def _asked(field: str, name: str, reduce: str, every: str = "") -> Asked:
    return Asked(HEALTH, field, name, REPORT, reduce, every)


def _table() -> Panel:
    overrides = (
        panels.override(
            "outcome",
            mappings=[outcomes(by_code=False)],
            custom_cell={"type": "color-text"},
        ),
        *(panels.override(field, unit="s") for field in FIELDS if field.endswith("_seconds")),
    )
    text = "What is in the way of each report, and what to do."
    return panels.table("Reports", text, Rows(HEALTH, FIELDS, REPORT), overrides)


def _timeline() -> Panel:
    return panels.timeline(
        "Outcomes",
        "The worst of each interval, so that a short fault is seen in a long time, too.",
        [_asked("outcome_code", "outcome", "max", INTERVAL)],
        {"mappings": [outcomes(by_code=True)]},
    )


def _graphs() -> Iterator[Panel]:
    """Draw age, confirmation, duration and calls over time."""
    text = "Since the end of the report's day."
    yield panels.lines("Age of data over time", text, [_over("age_seconds", "age")], "s")
    text = f"Since Graph last said that these are its newest; an alert is due at {UNCONFIRMED} s."
    yield panels.lines("Confirmed", text, [_over("confirmed_seconds", "confirmed")], "s")
    text = "How long the last fetch took."
    yield panels.lines("Fetch", text, [_over("fetch_seconds", "fetch")], "s")
    text = "Calls of Graph that the answers cost."
    asked = _asked("calls", "calls", "sum", INTERVAL)
    yield panels.lines("Calls", text, [asked], "short", drawStyle="bars")


def _over(field: str, name: str) -> Asked:
    return _asked(field, name, "max", INTERVAL)
