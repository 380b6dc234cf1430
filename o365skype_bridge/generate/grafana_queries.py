"""What Grafana's panels ask, and how it is written for each data source that holds the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from o365skype_bridge.generate.flux import text as flux_text
from o365skype_bridge.model.values import GROUP, PERIOD
from o365skype_bridge.outputs.influx import HEALTH

DAY = "1d"
INTERVAL = "auto"


class Asked(NamedTuple):
    """One figure: a value for each tenant and each value of the labels in ``by``.

    ``reduce`` is what is made of several points: ``last``, ``min``, ``max`` or ``sum``. ``every``
    is a day, Grafana's interval, or nothing, for one value of the whole time. It is about the
    tenants that are ``chosen`` above the panels, or about all, and about the named ``reports``.
    ``period`` is the one that it is over, blank for the usual one. ``others`` are tags by which SQL
    leaves other figures out; it refuses those that are not there.
    """

    measurement: str
    field: str
    name: str
    by: tuple[str, ...] = ()
    reduce: str = "last"
    every: str = ""
    chosen: bool = True
    reports: tuple[str, ...] = ()
    period: str = ""
    others: tuple[str, ...] = ()

    @property
    def told_apart(self) -> dict[str, str]:
        """The tags that tell it from figures of groups and other periods, with its values."""
        return {} if self.measurement == HEALTH else {GROUP: "", PERIOD: self.period}

    @property
    def tags(self) -> tuple[str, ...]:
        """What tells the lines apart."""
        return ("tenant", *self.by)


class Rows(NamedTuple):
    """A table: the newest point of each tenant and of each value of the labels, with its fields."""

    measurement: str
    fields: tuple[str, ...]
    by: tuple[str, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """What tells the rows apart."""
        return (*self.by, "tenant")


class Source(NamedTuple):
    """A language that Grafana's data source for InfluxDB speaks.

    ``figure`` and ``rows`` give what stands in a panel's target beside the data source;
    ``tenants`` asks for the names that can be chosen; ``legend`` names a line of a panel whose
    queries do not say it themselves, of the given labels.
    """

    name: str
    says: str
    figure: Callable[[Asked], dict[str, Any]]
    rows: Callable[[Rows], dict[str, Any]]
    tenants: str
    legend: Callable[[tuple[str, ...]], str]

    def without_others(self) -> Source:
        """Give the same language for a database with figures of groups and other periods."""

        def figure(asked: Asked) -> dict[str, Any]:
            return self.figure(asked._replace(others=tuple(asked.told_apart)))

        return self._replace(figure=figure)


# InfluxQL

_CHOSEN = '"tenant" =~ /^${tenant:regex}$/ AND '


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _among(names: tuple[str, ...]) -> str:
    """Write a pattern that is for these names, which are words and dashes."""
    return f"/^({'|'.join(names)})$/"


def _influxql(asked: Asked) -> dict[str, Any]:
    every = {DAY: "time(1d), ", INTERVAL: "time($__interval), "}.get(asked.every, "")
    fill = " fill(none)" if asked.every else ""
    told = f'"report" =~ {_among(asked.reports)} AND ' if asked.reports else ""
    told += "".join(f"\"{tag}\" = '{value}' AND " for tag, value in asked.told_apart.items())
    query = (
        f'SELECT {asked.reduce}("{asked.field}") AS "{asked.name}" FROM "{asked.measurement}" '
        f"WHERE {told}{_CHOSEN if asked.chosen else ''}$timeFilter "
        f"GROUP BY {every}{_quoted(asked.tags)}{fill}"
    )
    alias = " ".join([*(f"$tag_{tag}" for tag in asked.tags), "$col"])
    return {"query": query, "rawQuery": True, "resultFormat": "time_series", "alias": alias}


def _influxql_rows(rows: Rows) -> dict[str, Any]:
    query = (
        f'SELECT {_quoted(rows.fields)} FROM "{rows.measurement}" WHERE {_CHOSEN}$timeFilter '
        f"GROUP BY {_quoted(rows.tags)} ORDER BY time DESC LIMIT 1"
    )
    return {"query": query, "rawQuery": True, "resultFormat": "table"}


# Flux

_RANGE = "from(bucket: v.defaultBucket)\n  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)"
_FLUX_CHOSEN = "filter(fn: (r) => r.tenant =~ /^${tenant:regex}$/)"


def _flux_list(names: tuple[str, ...]) -> str:
    return f"[{', '.join(map(flux_text, names))}]"


def _flux_is(tag: str, value: str) -> str:
    return f"r.{tag} == {flux_text(value)}" if value else f"not exists r.{tag}"


def _flux(asked: Asked) -> dict[str, Any]:
    every = {DAY: "1d", INTERVAL: "v.windowPeriod"}.get(asked.every)
    windows = f"every: {every}, fn: {asked.reduce}, createEmpty: false"
    reduced = f'aggregateWindow({windows}, timeSrc: "_start")' if every else f"{asked.reduce}()"
    kept = ("_time", "_value", *asked.tags)
    steps = (
        _RANGE,
        f"filter(fn: (r) => r._measurement == {flux_text(asked.measurement)})",
        f"filter(fn: (r) => r._field == {flux_text(asked.field)})",
        *(f"filter(fn: (r) => {_flux_is(*told)})" for told in asked.told_apart.items()),
        *([f"filter(fn: (r) => r.report =~ {_among(asked.reports)})"] if asked.reports else []),
        *([_FLUX_CHOSEN] if asked.chosen else []),
        f"group(columns: {_flux_list(asked.tags)})",
        'sort(columns: ["_time"])',
        reduced,
        f"keep(columns: {_flux_list(kept)})",
        f"rename(columns: {{_value: {flux_text(asked.name)}}})",
    )
    return {"query": "\n  |> ".join(steps)}


def _flux_rows(rows: Rows) -> dict[str, Any]:
    fields = " or ".join(f"r._field == {flux_text(field)}" for field in rows.fields)
    shown = ("_time", *rows.tags, *rows.fields)
    steps = (
        _RANGE,
        f"filter(fn: (r) => r._measurement == {flux_text(rows.measurement)})",
        f"filter(fn: (r) => {fields})",
        _FLUX_CHOSEN,
        'pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")',
        f"group(columns: {_flux_list(rows.tags)})",
        'sort(columns: ["_time"])',
        "tail(n: 1)",
        f"keep(columns: {_flux_list(shown)})",
        "group()",
    )
    return {"query": "\n  |> ".join(steps)}


_FLUX_TENANTS = f"""\
import "influxdata/influxdb/schema"

schema.tagValues(
    bucket: v.defaultBucket,
    tag: "tenant",
    predicate: (r) => r._measurement == "{HEALTH}",
    start: -30d,
)"""


# SQL of InfluxDB 3

_SQL_REDUCED = {
    "last": 'last_value("{field}" ORDER BY time)',
    "min": 'min("{field}")',
    "max": 'max("{field}")',
    "sum": 'sum("{field}")',
}
_SQL_TIME = "$__timeFilter(time)"
_SQL_CHOSEN = '"tenant" IN (${tenant:sqlstring})'
_SQL_DAY = "date_bin(INTERVAL '1 day', time, TIMESTAMP '1970-01-01T00:00:00Z')"


def _sql_texts(names: tuple[str, ...]) -> Iterator[str]:
    return (f"'{name}'" for name in names)


def _sql(asked: Asked) -> dict[str, Any]:
    time = {DAY: _SQL_DAY, INTERVAL: "$__dateBin(time)"}.get(asked.every, "")
    reduced = _SQL_REDUCED[asked.reduce].format(field=asked.field)
    grouped = f"{time}, " if time else ""
    told = [_SQL_TIME, *([_SQL_CHOSEN] if asked.chosen else []), f'"{asked.field}" IS NOT NULL']
    apart = asked.told_apart.items()
    told += [f"\"{tag}\" = '{value}'" for tag, value in apart if value]
    told += [f'"{tag}" IS NULL' for tag, value in apart if tag in asked.others and not value]
    told += [f'"report" IN ({", ".join(_sql_texts(asked.reports))})'] if asked.reports else []
    query = (
        f'SELECT {time or "max(time)"} AS "time", {_quoted(asked.tags)}, '
        f'{reduced} AS "{asked.name}" FROM "{asked.measurement}" '
        f"WHERE {' AND '.join(told)} "
        f"GROUP BY {grouped}{_quoted(asked.tags)} ORDER BY 1, {_quoted(asked.tags)}"
    )
    return {"rawSql": query, "rawQuery": True, "format": "time_series"}


def _sql_rows(rows: Rows) -> dict[str, Any]:
    """Ask for all columns: one that nothing was written to yet is refused."""
    query = (
        f"SELECT * FROM (SELECT *, row_number() OVER "
        f'(PARTITION BY {_quoted(rows.tags)} ORDER BY time DESC) AS "newest" '
        f'FROM "{rows.measurement}" WHERE {_SQL_TIME} AND {_SQL_CHOSEN}) '
        f'WHERE "newest" = 1 ORDER BY {_quoted(rows.tags)}'
    )
    return {"rawSql": query, "rawQuery": True, "format": "table"}


def _by_labels(tags: tuple[str, ...]) -> str:
    """Name a line by its labels and its column."""
    return " ".join([*(f"${{__field.labels.{tag}}}" for tag in tags), "${__field.name}"])


SOURCES = {
    source.name: source
    for source in (
        Source(
            "influxql",
            "InfluxQL, for InfluxDB 1 and others that speak it",
            _influxql,
            _influxql_rows,
            f'SHOW TAG VALUES FROM "{HEALTH}" WITH KEY = "tenant"',
            lambda _: "",
        ),
        Source("flux", "Flux, for InfluxDB 2", _flux, _flux_rows, _FLUX_TENANTS, _by_labels),
        Source(
            "sql",
            "SQL, for InfluxDB 3",
            _sql,
            _sql_rows,
            f'SELECT DISTINCT "tenant" FROM "{HEALTH}" '
            "WHERE time >= now() - INTERVAL '30 days' ORDER BY 1",
            _by_labels,
        ),
    )
}
