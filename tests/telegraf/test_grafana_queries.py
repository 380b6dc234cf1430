"""The dashboard's queries, run by a real InfluxDB that a real Telegraf has filled."""

from __future__ import annotations

import json
import re
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import panels
import pytest
import waiting
from conftest import Lab, MakeLab
from real_telegraf import (
    ROOT,
    Agent,
    environment,
    generated,
    needs_telegraf,
    problems,
    script,
)

INFLUXD = ROOT / ".agents" / "influxdb" / "usr" / "bin" / "influxd"

pytestmark = [
    needs_telegraf,
    pytest.mark.skipif(
        not INFLUXD.exists(), reason="there is no InfluxDB; make agents unpacks Debian's"
    ),
]

CONFIG = """\
reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:0"
"""

OUTPUT = """\
[[outputs.influxdb]]
  urls = ["{url}"]
  database = "telegraf"
"""


class Database:
    """A running InfluxDB."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Run a query; give its series. An error is one."""
        words = urlencode({"db": "telegraf", "q": query})
        direct = build_opener(ProxyHandler({}))
        with direct.open(f"{self.url}/query?{words}", timeout=60) as answer:
            document = json.loads(answer.read())
        [result] = document["results"]
        assert "error" not in result, (query, result)
        series: list[dict[str, Any]] = result.get("series", [])
        return series


@contextmanager
def influxdb(folder: Path) -> Iterator[Database]:
    """Run an InfluxDB on a free port, with its data in a folder."""
    folder.mkdir()
    config, log = folder / "influxdb.conf", folder / "log"
    config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
    listening = re.compile(r"Listening on HTTP.*addr=(\S+)")
    with log.open("wb") as out:
        process = subprocess.Popen([INFLUXD, "-config", config], stdout=out, stderr=out)
    try:
        waiting.until(lambda: process.poll() is not None or listening.search(log.read_text()))
        found = listening.search(log.read_text())
        assert found, log.read_text()[-2000:]
        host, _, port = found[1].rpartition(":")
        waiting.until(lambda: is_open(host, int(port)))
        yield Database(f"http://{found[1]}")
    finally:
        process.terminate()
        process.wait(timeout=60)


def is_open(host: str, port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex((host, port)) == 0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with influxdb(tmp_path / "influxdb") as running:
        yield running


def test_panels_show_what_is_kept(database: Database, tmp_path: Path) -> None:
    """Every query gives what the README shows of the simulated days."""
    answer = tmp_path / "answer"
    answer.write_text(panels.lines(), encoding="utf-8")
    command = script(tmp_path / "bridge", f"exec cat {shlex.quote(str(answer))}")
    agent = Agent(tmp_path / "telegraf", extra=OUTPUT.format(url=database.url))
    done = agent.once(generated("", command=command))
    found = [
        {"row": row, "title": title, "series": database.ask(panels.put_in(query))}
        for row, title, query in panels.panels()
    ]
    actual = tmp_path / "panels.json"
    actual.write_text(written(found), encoding="utf-8")

    assert problems(done.stderr) == []
    assert actual.read_text() == panels.KEPT.read_text(encoding="utf-8"), f"see {actual}"


def written(found: list[dict[str, Any]]) -> str:
    """Write results, a row of values on a line."""
    text = json.dumps(found, indent=2, ensure_ascii=False)
    return (
        re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda row: f"[{' '.join(row[1].split())}]", text) + "\n"
    )


def test_every_panel_shows_something_of_two_tenants(
    make_lab: MakeLab, database: Database, tmp_path: Path
) -> None:
    """From generated file to panel: figures of each tenant, and only of those that are chosen."""
    names = ("contoso", "fab.rikam (2)")
    lab = make_lab(users=30)
    del lab.env["O365_REPORTS"]  # the dashboard is the committed one, of the default reports
    agent = Agent(
        tmp_path / "telegraf",
        env=environment(lab, tmp_path),
        extra=OUTPUT.format(url=database.url),
    )
    for name in names:
        done = agent.once(generated(tenant=[name], state_dir=str(lab.state)))
        assert problems(done.stderr) == []
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    for _, title, query in panels.panels():
        whole = query.replace("$timeFilter", f"time >= '2020-01-01' AND time <= '{now}'")
        for chosen in (names, names[:1], names[1:]):
            series = database.ask(panels.put_in(whole, chosen))
            found = {each["tags"]["tenant"] for each in series}

            assert (title, found) == (title, set(chosen))


def test_tenants_can_be_chosen(lab: Lab, database: Database, tmp_path: Path) -> None:
    """The query of the choice of tenants gives their names."""
    agent = Agent(
        tmp_path / "telegraf",
        env=environment(lab, tmp_path),
        extra=OUTPUT.format(url=database.url),
    )
    agent.once(generated("--tenant contoso", state_dir=str(lab.state)))
    document = json.loads(panels.DASHBOARD.read_text(encoding="utf-8"))
    [_, variable] = document["templating"]["list"]
    [series] = database.ask(variable["query"])

    assert series["values"] == [["tenant", "contoso"]]
