"""The dashboards' SQL, run by DataFusion, which is what InfluxDB 3 runs it by."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import alerting
import panels
import pytest
from conftest import MakeLab
from readers import line_protocol
from real_telegraf import ROOT

from o365skype_bridge.generate import grafana
from o365skype_bridge.model.options import defaults
from o365skype_bridge.reports import chosen

FOLDER = ROOT / ".agents" / "datafusion"

pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="there is no DataFusion; make agents installs it, with pip"
)

KEPT = json.loads(panels.KEPT.read_text(encoding="utf-8"))


def engine(lines: str) -> Any:
    """Give DataFusion with a table for each measurement, of columns as InfluxDB 3 makes them."""
    sys.path.append(str(FOLDER))
    try:
        arrow, fusion = map(importlib.import_module, ("pyarrow", "datafusion"))
    finally:
        sys.path.remove(str(FOLDER))
    context = fusion.SessionContext()
    tables: dict[str, list[line_protocol.Point]] = {}
    for line in lines.splitlines():
        for point in line_protocol.read(f"{line}\n"):
            tables.setdefault(point.measurement, []).append(point)
    for name, points in tables.items():
        context.register_record_batches(name, [_table(arrow, points).to_batches()])
    return context


def _table(arrow: Any, points: list[line_protocol.Point]) -> Any:
    times = arrow.timestamp("ns")
    names = arrow.dictionary(arrow.int32(), arrow.string())
    tags = dict.fromkeys(name for point in points for name in point.tags)
    fields = dict.fromkeys(name for point in points for name in point.fields)
    columns = {
        "time": arrow.array([point.time for point in points], times),
        **{tag: arrow.array([point.tags.get(tag) for point in points]).cast(names) for tag in tags},
        **{field: arrow.array([point.fields.get(field) for point in points]) for field in fields},
    }
    return arrow.table(columns)


@pytest.fixture(scope="module")
def filled() -> Any:
    """Give the days that the README shows."""
    return engine(panels.lines())


def rows(context: Any, query: str) -> Iterator[panels.Row]:
    """Give what a query gives, times as InfluxQL writes them."""
    for row in context.sql(query).to_pylist():
        time = row.pop("time").replace(tzinfo=UTC)
        shown = {name: value for name, value in row.items() if value is not None}
        yield {
            "time": f"{datetime.fromtimestamp(time.timestamp(), UTC):%Y-%m-%dT%H:%M:%SZ}",
            **shown,
        }


@pytest.mark.parametrize(
    "number", range(len(KEPT)), ids=[f"{each['dashboard']}: {each['title']}" for each in KEPT]
)
def test_panel_in_sql_shows_what_influxql_does(filled: Any, number: int) -> None:
    """Every panel has the same figures; what is of the whole time has no time of its own.

    A table has other columns, too: SQL refuses to name those that may not be there.
    """
    kept, panel = KEPT[number], list(panels.panels("sql"))[number]
    found = panels.joined(rows(filled, panels.put_in(target["rawSql"])) for target in panel.targets)
    names = {name for row in kept["rows"] for name in row}
    found = [{name: is_ for name, is_ in row.items() if name in names} for row in found]
    wanted = [{name: is_ for name, is_ in row.items() if is_ is not None} for row in kept["rows"]]

    assert (panel.dashboard, panel.row, panel.title) == (
        *(kept["dashboard"], kept["row"], kept["title"]),
    )
    if panel.has_times:
        assert found == wanted
    else:
        assert panels.untimed(found) == panels.untimed(wanted)


def test_figures_of_groups_are_not_those_of_everybody() -> None:
    """Where they are said to be there, points with a group or another period change nothing."""
    context = engine(panels.lines() + panels.of_others())
    values = {**defaults(grafana.OPTIONS), "source": "sql", "groups": True}
    made = json.loads(grafana.make(values, chosen(("skype",), ""))["o365skype-skype.json"])
    [query, *_] = (
        target["rawSql"]
        for panel in made["panels"]
        if panel["title"] == "Skype: Active users" and panel["type"] == "timeseries"
        for target in panel["targets"]
    )

    assert [row["Active users"] for row in rows(context, panels.put_in(query))] == [17, 14]


def test_only_chosen_tenants_are_shown() -> None:
    """A name with an apostrophe is one, and nothing but a name."""
    line = "o365_bridge,report=r,tenant={} up=1i 1795305600000000000\n"
    context = engine(line.format("contoso") + line.format("o'neill"))
    [first, *_] = (panel for panel in panels.panels("sql") if panel.title == "Success")
    query = panels.put_in(first.targets[0]["rawSql"], ["o'neill"])

    assert [row["tenant"] for row in rows(context, query)] == ["o'neill"]


def test_every_panel_of_every_family_shows_something(make_lab: MakeLab) -> None:
    """Of a tenant of which everything may be read, no panel is empty."""
    context = engine(panels.lines_of_every_family(make_lab(users=30, roles=panels.ROLES)))
    times = panels.recently()
    empty = [
        panel.title
        for panel in panels.of_every_family("sql")
        for target in panel.targets
        if not list(rows(context, panels.put_in(target["rawSql"], times=times)))
    ]

    assert empty == []


def test_tenants_can_be_chosen() -> None:
    """The query of the choice of tenants gives their names, of the last month only."""
    now = datetime.now(UTC).timestamp()
    line = "o365_bridge,report=r,tenant={} up=1i {}\n"
    old, new = (int(now - days * 86400) * 10**9 for days in (40, 1))
    context = engine(line.format("gone", old) + line.format("contoso", new))
    path = panels.DASHBOARDS / "sql" / "o365skype-bridge.json"
    [_, variable] = json.loads(path.read_text(encoding="utf-8"))["templating"]["list"]

    assert context.sql(variable["query"]).to_pylist() == [{"tenant": "contoso"}]


def test_rules_fire_for_whom_they_should() -> None:
    """Each rule's query gives a value a tenant, and its condition is true for those in trouble."""
    context = engine(alerting.lines())
    span = "time >= now() - INTERVAL '15 minutes'"
    found = alerting.firing(
        "sql",
        lambda model: rows(context, model["rawSql"].replace("$__timeFilter(time)", span)),
    )

    assert found == alerting.EXPECTED
