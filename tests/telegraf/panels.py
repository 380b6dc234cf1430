"""What the dashboard's panels show of simulated data: kept in a file, for the README and a test.

Two days of one tenant, as a good collection each morning would have brought them to InfluxDB, and
on the last one a report in trouble.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TypeVar

from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.model.asked import Asked
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection, ReportResult
from o365skype_bridge.outputs import influx
from o365skype_bridge.reading.count import View
from o365skype_bridge.reports import DEFAULT, chosen
from o365skype_bridge.simulator.data import TenantData

T = TypeVar("T")

HERE = Path(__file__).parent
KEPT = HERE / "panels.json"
DASHBOARD = HERE.parent.parent / "telegraf" / "grafana" / "o365skype.json"

TENANT = "contoso"
LAST = date(2026, 11, 20)
DAYS = [LAST - timedelta(days=back) for back in (1, 0)]
FETCH_SECONDS = 0.4
USUAL = chosen(DEFAULT, "")
TROUBLE = Outcome(
    kind="stale",
    message="Graph did not answer",
    remedy="Check name resolution, firewall and proxy on this host.",
    cause="unreachable",
)

FROM, TO = "2026-11-19T00:00:00Z", "2026-11-23T12:00:00Z"


class _Source:
    """The simulator's report files of one day."""

    def __init__(self, day: date) -> None:
        self.calls = 0
        self._data = TenantData(refresh_date=day, anchor=LAST)

    def read(self, report: Report, asked: Asked, consume: Callable[[Iterable[bytes]], T]) -> T:
        self.calls += 1
        return consume(self._data.body(report.function, asked.value))


def lines() -> str:
    """Give what ``collect --output influx`` prints over the days."""
    return "".join(influx.render(_collected(day), {}, ()).text for day in DAYS)


def _collected(day: date) -> Collection:
    morning = datetime(day.year, day.month, day.day, 7, tzinfo=UTC) + timedelta(days=3)
    now = morning.timestamp()
    return Collection(results=tuple(_results(day, now)), now=now)


def _results(day: date, now: float) -> Iterator[ReportResult]:
    for number, report in enumerate(USUAL):
        ticks = cycle((now - FETCH_SECONDS, now))
        result = collect(_Source(day), report, TENANT, View(), partial(next, ticks))
        result = result.replace(confirmed_at=result.collected_at)
        if day == LAST and number:
            result = result.replace(outcome=TROUBLE, calls=0)
        yield result


def panels() -> Iterator[tuple[str, str, str]]:
    """Give for each panel of the dashboard its row, its title and its query."""
    row = ""
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]:
        if panel["type"] == "row":
            row = panel["title"]
        for target in panel.get("targets", ()):
            yield row, panel["title"], target["query"]


def put_in(query: str, tenants: Iterable[str] = (TENANT,)) -> str:
    """Put in what Grafana puts in: the tenants as a regular expression, the time, the interval."""
    chosen = "|".join(re.escape(tenant) for tenant in tenants)
    values = {
        "${tenant:regex}": chosen if "|" not in chosen else f"({chosen})",
        "$timeFilter": f"time >= '{FROM}' AND time <= '{TO}'",
        "$__interval": "1d",
    }
    for name, value in values.items():
        query = query.replace(name, value)
    return query
