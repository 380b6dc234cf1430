"""The dashboards' queries in InfluxQL, run by a real InfluxDB that a real Telegraf has filled."""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import alerting
import influxdb_servers
import panels
import pytest
from conftest import Lab, MakeLab
from influxdb_servers import Database, Server, needs_influxdb
from real_telegraf import Agent, environment, generated, needs_telegraf, problems, script

pytestmark = [needs_telegraf, needs_influxdb]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run an InfluxDB for all tests here."""
    with influxdb_servers.influxdb(tmp_path_factory.mktemp("influxdb")) as running:
        yield running


@pytest.fixture
def database(server: Server) -> Database:
    return server.database()


def rows(series: Iterable[dict[str, Any]]) -> list[panels.Row]:
    """Give what a query gave, a row for each time and each values of labels."""
    return [
        {
            "time": values[0],
            **each["tags"],
            **dict(zip(each["columns"][1:], values[1:], strict=True)),
        }
        for each in series
        for values in each["values"]
    ]


def answered(
    database: Database, panel: panels.Shown, times: tuple[str, str] = (panels.FROM, panels.TO)
) -> list[panels.Row]:
    return panels.joined(
        rows(database.ask(panels.put_in(target["query"], times=times))) for target in panel.targets
    )


def test_panels_show_what_is_kept(database: Database, tmp_path: Path) -> None:
    """Every query gives what the README shows of the simulated days."""
    answer = tmp_path / "answer"
    answer.write_text(panels.lines(), encoding="utf-8")
    command = script(tmp_path / "bridge", f"exec cat {shlex.quote(str(answer))}")
    agent = Agent(tmp_path / "telegraf", extra=database.output)
    done = agent.once(generated("", command=command))
    found = [panel.kept(answered(database, panel)) for panel in panels.panels()]
    actual = tmp_path / "panels.json"
    actual.write_text(written(found), encoding="utf-8")

    assert problems(done.stderr) == []
    assert actual.read_text() == panels.KEPT.read_text(encoding="utf-8"), f"see {actual}"


def test_other_periods_and_groups_are_not_counted(database: Database, tmp_path: Path) -> None:
    """Series with the same fields change nothing that is shown of everybody's seven days."""
    plain = panels.lines()
    figures = [line for line in plain.splitlines() if not line.startswith("o365_bridge,")]
    more = [
        re.sub(r"=(\d+)i", r"=9\1i", line).replace(",tenant=", f",{tag},tenant=", 1)
        for line in figures
        for tag in ("group=Sales", "period=D30", "group=Sales,period=D30")
    ]
    answer = tmp_path / "answer"
    answer.write_text(plain + "".join(f"{line}\n" for line in more), encoding="utf-8")
    command = script(tmp_path / "bridge", f"exec cat {shlex.quote(str(answer))}")
    agent = Agent(tmp_path / "telegraf", extra=database.output)
    done = agent.once(generated("", command=command))
    found = [panel.kept(answered(database, panel)) for panel in panels.panels()]
    [counted] = database.ask('SELECT count("active") FROM "o365_skype_users_activity"')

    assert problems(done.stderr) == []
    assert counted["values"][0][1] == 4 * len(panels.DAYS)
    assert written(found) == panels.KEPT.read_text(encoding="utf-8")


def written(found: list[dict[str, Any]]) -> str:
    """Write results, a row on a line."""
    text = json.dumps(found, indent=2, ensure_ascii=False)
    return (
        re.sub(r"\{\s+([^\[\]{}]*?)\s+\}", lambda row: f"{{{' '.join(row[1].split())}}}", text)
        + "\n"
    )


def test_every_panel_shows_something_of_two_tenants(
    make_lab: MakeLab, database: Database, tmp_path: Path
) -> None:
    """From generated file to panel: figures of each tenant, and only of those that are chosen."""
    names = ("contoso", "fab.rikam (2)")
    lab = make_lab(users=30)
    del lab.env["O365_REPORTS"]  # the dashboards are the committed ones, of the default reports
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path), extra=database.output)
    for name in names:
        done = agent.once(generated(tenant=[name], state_dir=str(lab.state)))
        assert problems(done.stderr) == []
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    for panel in panels.panels():
        for target in panel.targets:
            whole = target["query"].replace(
                "$timeFilter", f"time >= '2020-01-01' AND time <= '{now}'"
            )
            for chosen in (names, names[:1], names[1:]):
                series = database.ask(panels.put_in(whole, chosen))
                found = {each["tags"]["tenant"] for each in series}

                assert (panel.title, found) == (panel.title, set(chosen))


LINE = 'o365_bridge,report=r,tenant=contoso up={}i,outcome_code={}i,outcome="{}" {}\n'


def test_short_fault_does_not_vanish(database: Database, tmp_path: Path) -> None:
    """One bad collection among good ones of a day is in the tiles and in the timeline."""
    begin = 1795305600  # 2026-11-22
    went = (1, 0, "ok"), (0, 7, "unauthorized"), (1, 0, "ok")
    answer = tmp_path / "answer"
    text = "".join(LINE.format(*each, (begin + 300 * n) * 10**9) for n, each in enumerate(went))
    answer.write_text(text, encoding="utf-8")
    command = script(tmp_path / "bridge", f"exec cat {shlex.quote(str(answer))}")
    Agent(tmp_path / "telegraf", extra=database.output).once(generated("", command=command))
    found = {
        panel.title: answered(database, panel)
        for panel in panels.panels()
        if panel.dashboard == "o365skype-bridge"
    }

    assert found["Success"][0]["success"] == 0
    assert found["Worst outcome"][0]["worst"] == 7
    assert found["Outcomes"][0]["outcome"] == 7
    assert found["Reports"][0]["outcome"] == "ok"


def test_tenants_can_be_chosen(lab: Lab, database: Database, tmp_path: Path) -> None:
    """The query of the choice of tenants gives their names."""
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path), extra=database.output)
    agent.once(generated("--tenant contoso", state_dir=str(lab.state)))
    for path in (panels.DASHBOARDS / "influxql").glob("*.json"):
        [_, variable] = json.loads(path.read_text(encoding="utf-8"))["templating"]["list"]
        [series] = database.ask(variable["query"])

        assert series["values"] == [["tenant", "contoso"]]


def test_rules_fire_for_whom_they_should(database: Database, tmp_path: Path) -> None:
    """Each rule's query gives a value a tenant, and its condition is true for those in trouble."""
    answer = tmp_path / "answer"
    answer.write_text(alerting.lines(), encoding="utf-8")
    command = script(tmp_path / "bridge", f"exec cat {shlex.quote(str(answer))}")
    Agent(tmp_path / "telegraf", extra=database.output).once(generated("", command=command))
    found = alerting.firing(
        "influxql",
        lambda model: rows(
            database.ask(model["query"].replace("$timeFilter", "time >= now() - 15m"))
        ),
    )

    assert found == alerting.EXPECTED


def test_figures_of_groups_are_not_those_of_everybody(database: Database, tmp_path: Path) -> None:
    """Points of the same field with a group or another period change nothing."""
    answer = tmp_path / "answer"
    answer.write_text(panels.lines() + panels.of_others(), encoding="utf-8")
    command = script(tmp_path / "bridge", f"exec cat {shlex.quote(str(answer))}")
    Agent(tmp_path / "telegraf", extra=database.output).once(generated("", command=command))

    assert panels.active_users((panel, answered(database, panel)) for panel in panels.panels()) == [
        17,
        14,
    ]


def test_every_panel_of_every_family_shows_something(
    make_lab: MakeLab, database: Database, tmp_path: Path
) -> None:
    """Of a tenant of which everything may be read, no panel is empty."""
    lab = make_lab(users=30, roles=panels.ROLES)
    answer = tmp_path / "answer"
    answer.write_text(panels.lines_of_every_family(lab), encoding="utf-8")
    command = script(tmp_path / "bridge", f"exec cat {shlex.quote(str(answer))}")
    Agent(tmp_path / "telegraf", extra=database.output).once(generated("", command=command))
    shown = list(panels.of_every_family("influxql"))
    times = panels.recently()

    assert len({panel.dashboard for panel in shown}) == len(panels.FAMILIES) + 1
    assert [panel.title for panel in shown if not answered(database, panel, times)] == []
