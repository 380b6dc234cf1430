"""A real Prometheus and node_exporter: figures arrive as they are, alerts fire and end."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import time
from collections.abc import Iterator

import pytest
import waiting
from conftest import COMMAND, TIMEOUT, Lab, MakeLab
from real_prometheus import (
    FAMILIES,
    Monitored,
    generated,
    monitored,
    needs_prometheus,
    rules,
)

from o365skype_bridge import reports
from o365skype_bridge.outputs import prometheus as output

pytestmark = needs_prometheus

ASKED = ("--report", ",".join(FAMILIES))
ROLES = ["Reports.Read.All", "ServiceHealth.Read.All", "Application.Read.All"]
REVOKED = ["token-7000222", "token-revoked"]


@pytest.fixture
def granted(make_lab: MakeLab) -> Lab:
    """Give a Microsoft 365 that is fine, and lets the application read everything."""
    return make_lab(users=20, roles=ROLES, secret_days=200, oddities=["health-all-good"])


@pytest.fixture
def engine(granted: Lab) -> Iterator[Monitored]:
    with monitored(rules(), granted.env) as found:
        yield found


def write(lab: Lab, engine: Monitored, *words: str, **env: str) -> int:
    """Collect into the file."""
    to = ("collect", "--output", "prometheus", "--to", str(engine.file))
    return lab.run(*to, *ASKED, *words, **env).returncode


def fires(engine: Monitored, name: str) -> bool:
    return name in engine.alerts()


def test_values_are_those_of_json(granted: Lab, engine: Monitored) -> None:
    """Of every report of every family, figure by figure, as Prometheus has them."""
    assert write(granted, engine) == 0
    document = json.loads(granted.run("collect", "--output", "json", *ASKED).stdout)
    metrics = {
        metric.dotted: (report, metric)
        for report in reports.catalogue()
        for metric in report.metrics
    }
    expected = {}
    for result in document["results"]:
        newest = max((sample["day"] for sample in result["samples"]), default="")
        for sample in result["samples"]:
            report, metric = metrics[sample["metric"]]
            labels = tuple(sorted({"tenant": result["tenant"], **sample["labels"]}.items()))
            if sample["day"] != newest or metric.is_text:
                continue
            name = output.name(report, metric)
            expected[name, labels] = pytest.approx(output.scaled(metric, sample["value"]))
            if "max" in sample:
                name = output.name(report, metric, "max")
                expected[name, labels] = pytest.approx(output.scaled(metric, sample["max"]))
    waiting.until(lambda: engine.query("o365_bridge_up"))
    found = {}
    for its, value in engine.query('{__name__=~"o365_.+", __name__!~"o365_bridge.*|.*_info"}'):
        found[its.pop("__name__"), tuple(sorted(its.items()))] = value

    assert len(expected) > 100
    assert found == expected
    assert engine.query("node_textfile_scrape_error")[0][1] == 0
    waiting.until(lambda: engine.alerts() == {})


def test_alert_on_a_revoked_secret_fires_once_and_ends(granted: Lab, engine: Monitored) -> None:
    """It says what happened and what to do, and no other alert is about the same."""
    write(granted, engine, O365_REFRESH_INTERVAL="0")
    granted.simulator.set_faults(REVOKED)
    write(granted, engine, O365_REFRESH_INTERVAL="0")
    waiting.until(lambda: fires(engine, "O365LoginRefused"))
    time.sleep(3)
    [(name, text)] = engine.alerts().items()

    assert name == "O365LoginRefused"
    assert "AADSTS7000222" in text
    assert "create a new" in text.lower()

    granted.simulator.set_faults([])
    write(granted, engine, O365_REFRESH_INTERVAL="0")
    waiting.until(lambda: engine.alerts() == {})


def test_file_that_is_not_written_any_more_is_noticed(granted: Lab, engine: Monitored) -> None:
    """And the alert ends when it is written again."""
    write(granted, engine)
    waiting.until(lambda: engine.query("o365_bridge_up"))
    long_ago = time.time() - 3600
    os.utime(engine.file, (long_ago, long_ago))
    waiting.until(lambda: fires(engine, "O365FileStopped"))
    write(granted, engine)
    waiting.until(lambda: engine.alerts() == {})


def test_settings_that_cannot_be_followed_are_an_alert(granted: Lab, engine: Monitored) -> None:
    """What the command says of them is what the alert says."""
    code = write(granted, engine, O365_DEADLINE="soon")
    waiting.until(lambda: fires(engine, "O365BridgeFailed"))

    assert code == 3
    assert "'soon'" in engine.alerts()["O365BridgeFailed"]
    assert not fires(engine, "O365NothingArrives")


def test_command_of_the_service_writes_what_is_read(granted: Lab, engine: Monitored) -> None:
    """The very words that systemd starts, but for the folder of what is kept."""
    made = generated(families=("skype",), command=str(COMMAND), file=str(engine.file))
    text = made["systemd/o365skype-prometheus.service"]
    [line] = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    words = shlex.split(line.removeprefix("ExecStart="))
    words = [word for word in words if not word.startswith("--state-dir")]
    done = subprocess.run(
        words, env=granted.env, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    waiting.until(lambda: engine.query("o365_bridge_up"))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {value for _, value in engine.query("o365_bridge_up")} == {1}


def test_every_panel_has_something_to_show(make_lab: MakeLab) -> None:
    """Prometheus takes every query of the dashboard, and finds figures for it."""
    lab = make_lab(users=20, roles=ROLES)
    text = generated()["grafana/o365skype-prometheus.json"]
    queries = [
        (panel["title"], target["expr"].replace("$tenant", ".*"))
        for panel in json.loads(text)["panels"]
        for target in panel.get("targets", ())
    ]
    with monitored(rules(), lab.env) as engine:
        write(lab, engine)
        waiting.until(lambda: engine.query("o365_bridge_up"))
        empty = [title for title, expr in queries if not engine.get("query", query=expr)["result"]]

    assert len(queries) > 50
    assert empty == []


def test_nothing_at_all_is_an_alert(engine: Monitored) -> None:
    """When no host has ever written the file."""
    waiting.until(lambda: fires(engine, "O365NothingArrives"))
