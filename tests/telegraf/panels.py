"""What the dashboards' panels show of simulated data: kept in a file, for the README and a test.

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
from typing import Any, NamedTuple, TypeVar

from conftest import Lab

from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.generate import grafana
from o365skype_bridge.model.asked import Asked
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import defaults
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection, ReportResult
from o365skype_bridge.outputs import influx
from o365skype_bridge.reading.count import View
from o365skype_bridge.reports import DEFAULT, chosen
from o365skype_bridge.simulator.data import TenantData

T = TypeVar("T")

HERE = Path(__file__).parent
KEPT = HERE / "panels.json"
DASHBOARDS = HERE.parent.parent / "telegraf" / "grafana"

LABELS = ("tenant", "report", "device", "time")
"""What tells rows apart."""

Row = dict[str, Any]

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

FAMILIES = ("skype", "teams", "migration", "health", "credentials")
ROLES = ["Reports.Read.All", "ServiceHealth.Read.All", "Application.Read.All"]

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


def of_others() -> str:
    """Give figures of a group and of a longer period, as there may be beside those of everybody."""
    at = int(datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC).timestamp()) * 10**9
    line = "o365_skype_users_activity,{},tenant=contoso active=999i,active_max=999i {}\n"
    return line.format("group=sales", at + 10**9) + line.format("period=D30", at + 2 * 10**9)


def active_users(found: Iterable[tuple[Shown, list[Row]]]) -> list[Any]:
    """Give the active users that the panel of that name draws, day by day."""
    shown = [
        rows for panel, rows in found if panel.title == "Skype: Active users" and panel.has_times
    ]
    return [row["Active users"] for rows in shown for row in rows]


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


class Shown(NamedTuple):
    """A panel of a dashboard, with what it asks a data source."""

    dashboard: str
    row: str
    title: str
    targets: list[dict[str, Any]]

    @property
    def has_times(self) -> bool:
        """Whether each value has a time of its own, and is not the one of the whole time."""
        text = json.dumps(self.targets)
        return any(words in text for words in ("time(1d)", "$__interval", "every: ", "date_bin"))

    def kept(self, rows: Iterable[Row]) -> dict[str, Any]:
        """Give it with what its queries gave."""
        return {
            "dashboard": self.dashboard,
            "row": self.row,
            "title": self.title,
            "rows": list(rows),
        }


def panels(language: str = "influxql") -> Iterator[Shown]:
    """Give the panels of the committed dashboards."""
    for path in sorted((DASHBOARDS / language).glob("*.json")):
        yield from _shown(path.stem, json.loads(path.read_text(encoding="utf-8")))


def of_every_family(language: str) -> Iterator[Shown]:
    """Give the panels of dashboards of everything that there is."""
    values = {**defaults(grafana.OPTIONS), "source": language}
    for name, text in grafana.make(values, chosen(FAMILIES, "")).items():
        if name != grafana.RULES:
            yield from _shown(name.removesuffix(".json"), json.loads(text))


def lines_of_every_family(lab: Lab) -> str:
    """Give what a tenant says of everything that there is."""
    return lab.run("collect", "--tenant", TENANT, "--report", ",".join(FAMILIES)).stdout


def _shown(name: str, document: dict[str, Any]) -> Iterator[Shown]:
    row = ""
    for panel in document["panels"]:
        if panel["type"] == "row":
            row = panel["title"]
        else:
            yield Shown(name, row, panel["title"], panel["targets"])


def joined(answers: Iterable[Iterable[Row]]) -> list[Row]:
    """Put rows of several queries together that are of the same time and labels, in their order."""
    found: dict[tuple[str, ...], Row] = {}
    for row in (row for answer in answers for row in answer):
        key = tuple(str(row[name]) for name in LABELS if name in row)
        found.setdefault(key, {}).update(row)
    return [found[key] for key in sorted(found)]


def recently() -> tuple[str, str]:
    """Give the last days and the next hour."""
    now = datetime.now(UTC)
    begin, end = now - timedelta(days=10), now + timedelta(hours=1)
    return f"{begin:%Y-%m-%dT%H:%M:%SZ}", f"{end:%Y-%m-%dT%H:%M:%SZ}"


def untimed(rows: Iterable[Row]) -> list[Row]:
    """Leave the times out, where each source says another."""
    return [{name: value for name, value in row.items() if name != "time"} for row in rows]


def put_in(
    query: str,
    tenants: Iterable[str] = (TENANT,),
    bucket: str = "",
    times: tuple[str, str] = (FROM, TO),
) -> str:
    """Put in what Grafana puts in: the tenants, the time, the interval, the bucket."""
    begin, end = times
    names = list(tenants)
    pattern = "|".join(re.escape(tenant) for tenant in names)
    quoted = ",".join("'" + tenant.replace("'", "''") + "'" for tenant in names)
    values = {
        "${tenant:regex}": pattern if "|" not in pattern else f"({pattern})",
        "${tenant:sqlstring}": quoted,
        "$__timeFilter(time)": f"time >= '{begin}' AND time <= '{end}'",
        "$timeFilter": f"time >= '{begin}' AND time <= '{end}'",
        "$__dateBin(time)": "date_bin(interval '86400 second', time, "
        "timestamp '1970-01-01T00:00:00Z')",
        "$__interval": "1d",
        "v.defaultBucket": json.dumps(bucket),
        "v.timeRangeStart": begin,
        "v.timeRangeStop": end,
        "v.windowPeriod": "1d",
    }
    for name, value in values.items():
        query = query.replace(name, value)
    return query
