"""InfluxDB 2 for real: the dashboards' Flux, tasks that alert and recover, and a loaded history."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

import influxdb_servers
import panels
import pytest
from influxdb_servers import Bucket, Row, Server, needs_influxdb2
from real_telegraf import Agent, generated, needs_telegraf, problems, script

pytestmark = [needs_telegraf, needs_influxdb2]

KEPT = json.loads(panels.KEPT.read_text(encoding="utf-8"))
OF_TABLES = ("_start", "_stop")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run an InfluxDB 2 for all tests here."""
    with influxdb_servers.influxdb2(tmp_path_factory.mktemp("influxdb2")) as running:
        yield running


@pytest.fixture
def bucket(server: Server) -> Bucket:
    return server.bucket()


@pytest.fixture(scope="module")
def filled(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Bucket:
    """Have a real Telegraf write the days that the README shows."""
    folder = tmp_path_factory.mktemp("filled")
    made = server.bucket()
    (folder / "answer").write_text(panels.lines(), encoding="utf-8")
    command = script(folder / "bridge", f"exec cat {shlex.quote(str(folder / 'answer'))}")
    done = Agent(folder / "telegraf", extra=made.output).once(generated("", command=command))
    assert problems(done.stderr) == []
    return made


def rows(answer: Iterable[Row]) -> list[panels.Row]:
    """Give what a query gave, times and labels first, without what is empty."""
    return [
        {
            ("time" if name == "_time" else name): value
            for name, value in row.items()
            if value != "" and name not in OF_TABLES
        }
        for row in answer
    ]


def as_text(found: Iterable[panels.Row]) -> list[panels.Row]:
    """Write values as CSV does, in the order of their names."""
    return [
        {
            name: str(row[name]).lower() if isinstance(row[name], bool) else str(row[name])
            for name in sorted(row)
            if row[name] is not None
        }
        for row in found
    ]


@pytest.mark.parametrize(
    "number", range(len(KEPT)), ids=[f"{each['dashboard']}: {each['title']}" for each in KEPT]
)
def test_panel_in_flux_shows_what_influxql_does(filled: Bucket, number: int) -> None:
    """Every panel has the same figures, at the same times, under the same names."""
    kept, panel = KEPT[number], list(panels.panels("flux"))[number]
    found = panels.joined(
        rows(filled.ask(panels.put_in(target["query"], bucket=filled.name)))
        for target in panel.targets
    )

    assert (panel.dashboard, panel.row, panel.title) == (
        *(kept["dashboard"], kept["row"], kept["title"]),
    )
    assert as_text(found) == as_text(kept["rows"])


def test_tenants_can_be_chosen(bucket: Bucket) -> None:
    """The query of the choice of tenants gives the names of the last month."""
    bucket.write('o365_bridge,report=r,tenant=contoso up=1i\nother,tenant=fabrikam up=1i\n')
    path = panels.DASHBOARDS / "flux" / "o365skype-bridge.json"
    [_, variable] = json.loads(path.read_text(encoding="utf-8"))["templating"]["list"]
    found = bucket.ask(panels.put_in(variable["query"], bucket=bucket.name))

    assert [row["_value"] for row in found] == ["contoso"]
