"""A real Telegraf hands on to Prometheus and OpenTelemetry: the same names, nothing dropped."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest
import waiting
from conftest import Lab, MakeLab
from readers import line_protocol, prometheus
from real_telegraf import ROOT, Agent, environment, generated, needs_telegraf, problems

from o365skype_bridge import reports
from o365skype_bridge.outputs import prometheus as output

pytestmark = needs_telegraf

ASKED = "skype,teams,migration,health,credentials"
ROLES = ["Reports.Read.All", "ServiceHealth.Read.All", "Application.Read.All"]

OWN = {"o365_bridge_failed", "o365_bridge_day_timestamp_seconds"}
"""What only our own text has: Telegraf has the day for a point's time."""

Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def granted(make_lab: MakeLab) -> Lab:
    """Give a Microsoft 365 of which everything may be read, and one answer of it kept."""
    lab = make_lab(users=20, roles=ROLES)
    lab.env["O365_REPORTS"] = ASKED
    assert lab.run("collect").returncode == 0
    return lab


def agent(lab: Lab, folder: Path, extra: str) -> Agent:
    """Give a Telegraf with one more output."""
    folder.mkdir()
    return Agent(folder, env=environment(lab, folder), extra=extra)


def asked(lab: Lab) -> str:
    return generated(state_dir=str(lab.state), report=ASKED.split(","))


def numbers(text: str) -> Series:
    """Give every number in line protocol by the name that Telegraf makes: newest days only.

    Truth values have a number beside them, for outputs that know none.
    """
    found: Series = {}
    for point in sorted(line_protocol.read(text), key=lambda point: point.time):
        tags = tuple(sorted(point.tags.items()))
        for key, value in point.fields.items():
            if not isinstance(value, str | bool):
                found[f"{point.measurement}_{key}", tags] = float(value)
    return found


def clockless(series: Series) -> Series:
    """Leave out what goes on between two answers."""
    going = (
        *("o365_bridge_age_seconds", "o365_bridge_confirmed_seconds", "o365_bridge_calls"),
        *("o365_bridge_fetch_seconds", "o365_credentials_expiry_left"),
    )
    return {key: value for key, value in series.items() if not key[0].startswith(going)}


def scraped(lab: Lab, folder: Path, options: str = "") -> str:
    """Have Telegraf collect and give what Prometheus would get from it."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port = made.getsockname()[1]
    extra = f'[[outputs.prometheus_client]]\n  listen = "127.0.0.1:{port}"\n{options}'
    opener = build_opener(ProxyHandler({}))
    telegraf = agent(lab, folder, f'{extra}\n  collectors_exclude = ["gocollector", "process"]\n')
    texts = [""]

    def arrived() -> bool:
        try:
            with opener.open(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                texts.append(answer.read().decode())
        except OSError:
            return False
        return "o365_bridge_up" in texts[-1] and "o365_credentials" in texts[-1]

    with telegraf.running(asked(lab)):
        waiting.until(arrived)
    assert problems(telegraf.logged()) == []
    return texts[-1]


def series(text: str) -> Series:
    """Read Prometheus' text."""
    found = prometheus.samples(prometheus.plain(text))
    return {(each.name, each.labels): each.value for each in found}


def test_every_number_of_influx_arrives_in_prometheus(granted: Lab, tmp_path: Path) -> None:
    """None is taken for a part of something else, or for a counter."""
    expected = numbers(granted.run("collect").stdout)
    text = scraped(granted, tmp_path / "telegraf", "  string_as_label = false\n")
    types = {family.type for family in prometheus.plain(text)}

    assert len(expected) > 200
    assert clockless(series(text)) == clockless(expected)
    assert types == {"unknown"}


def test_names_and_labels_are_those_of_our_own_text(granted: Lab, tmp_path: Path) -> None:
    """With texts as labels; what has a base unit is the only thing with another name."""
    theirs = series(scraped(granted, tmp_path / "telegraf"))
    ours = series(granted.run("collect", "--output", "prometheus").stdout)
    based = {
        output.name(report, metric)
        for report in reports.catalogue()
        for metric in report.metrics
        if output.unit(metric)
    }
    missing = {name for name, _ in ours} - {name for name, _ in theirs}
    infos = {key for key in ours if key[0].endswith("_info")}

    assert missing == OWN | (based & {name for name, _ in ours})
    assert infos - theirs.keys() == set()


def test_readme_shows_what_telegraf_takes(tmp_path: Path) -> None:
    """Its own check has nothing to say about either example."""
    text = (ROOT / "prometheus" / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    done = [Agent(tmp_path / f"telegraf{i}").check(block) for i, block in enumerate(blocks)]

    assert [(one.returncode, problems(one.stderr)) for one in done] == [(0, []), (0, [])]


class Received(BaseHTTPRequestHandler):
    """Take what an exporter of OpenTelemetry sends, as JSON."""

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(json.loads(content))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def collector() -> Iterator[tuple[str, list[Any]]]:
    """Be a collector of OpenTelemetry; give its address and what it has received."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Received)
    server.received = []  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/metrics", server.received  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


Exported = tuple[str, str, dict[str, str], float]
"""Name, kind, attributes and value of a data point."""


def points(received: list[Any]) -> Iterator[Exported]:
    """Give name, kind, attributes and value of every data point."""
    for message in received:
        for resource in message["resourceMetrics"]:
            for scope in resource["scopeMetrics"]:
                for metric in scope["metrics"]:
                    [kind] = metric.keys() - {"name", "metadata"}
                    for point in metric[kind]["dataPoints"]:
                        attributes = {
                            each["key"]: each["value"]["stringValue"]
                            for each in point.get("attributes", [])
                        }
                        value = float(point.get("asInt", point.get("asDouble", 0)))
                        yield metric["name"], kind, attributes, value


def documented() -> str:
    """Give what the README says of texts for OpenTelemetry: the processor alone."""
    text = (ROOT / "prometheus" / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(
        r"^(\[\[processors\.converter\]\]\n.*?)\n\n", text, re.DOTALL | re.MULTILINE
    )
    return f"{block}\n"


def exported(lab: Lab, folder: Path, more: str = "") -> list[Exported]:
    """Have Telegraf collect once and give what OpenTelemetry got from it."""
    with collector() as (address, received):
        extra = (
            f'{more}[[outputs.opentelemetry]]\n  service_address = "{address}"\n'
            '  encoding_type = "json"\n  compression = "none"\n  fieldexclude = ["support"]\n'
        )
        done = agent(lab, folder, extra).once(asked(lab))
    assert problems(done.stderr) == []
    return list(points(received))


def test_every_number_of_influx_arrives_in_opentelemetry(granted: Lab, tmp_path: Path) -> None:
    """As gauges under the same names."""
    expected = numbers(granted.run("collect").stdout)
    found = exported(granted, tmp_path / "telegraf")

    assert {kind for _, kind, _, _ in found} == {"gauge"}
    assert clockless(
        {(name, tuple(sorted(labels.items()))): value for name, _, labels, value in found}
    ) == clockless(expected)


def test_texts_are_attributes_as_the_readme_says(granted: Lab, tmp_path: Path) -> None:
    """The same ones that are labels in our own text."""
    own = prometheus.read(granted.run("collect", "--output", "prometheus").stdout)
    found = exported(granted, tmp_path / "telegraf", documented())
    theirs = {(name, tuple(sorted(labels.items()))) for name, _, labels, _ in found}
    said = {(each.name, each.labels) for each in own if each.name.endswith("_info")}

    assert len(said) > 30
    assert said - theirs == set()
