"""Real InfluxDB servers on free ports of this host: Debian's 1.6, and a 2 that was built."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest
import waiting
from real_telegraf import ROOT

ONE = ROOT / ".agents" / "influxdb" / "usr" / "bin" / "influxd"
TWO = ROOT / ".agents" / "influxdb2" / "influxd"

needs_influxdb = pytest.mark.skipif(
    not ONE.exists(), reason="there is no InfluxDB; make agents unpacks Debian's"
)
needs_influxdb2 = pytest.mark.skipif(
    not TWO.exists(), reason="there is no InfluxDB 2; make agents builds it, with Go and Rust"
)

ORGANIZATION, TOKEN = "tests", "a-token-of-these-tests"

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
  database = "{database}"
"""

OUTPUT_2 = """\
[[outputs.influxdb_v2]]
  urls = ["{url}"]
  organization = "tests"
  token = "a-token-of-these-tests"
  bucket = "{bucket}"
"""

Row = dict[str, str]


class Database:
    """A database of a running InfluxDB 1."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.output = OUTPUT.format(url=url, database=name)

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Run a query; give its series. An error is one."""
        words = urlencode({"db": self.name, "q": query})
        document = json.loads(_sent(Request(f"{self.url}/query?{words}")))
        [result] = document["results"]
        assert "error" not in result, (query, result)
        series: list[dict[str, Any]] = result.get("series", [])
        return series


class Bucket:
    """A bucket of a running InfluxDB 2."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.output = OUTPUT_2.format(url=url, bucket=name)
        self._tasks: list[str] = []

    def write(self, lines: str) -> None:
        """Write line protocol."""
        words = urlencode({"org": ORGANIZATION, "bucket": self.name})
        _sent(self._request(f"/api/v2/write?{words}", lines.encode()))

    def ask(self, query: str) -> list[Row]:
        """Run a query in Flux; give the rows of all tables. An error is one."""
        body = json.dumps({"query": query, "type": "flux"}).encode()
        text = _sent(self._request(f"/api/v2/query?org={ORGANIZATION}", body)).decode()
        return [row for part in text.split("\r\n\r\n") for row in _rows(part)]

    def run_task(self, flux: str) -> str:
        """Have a task run; give its id."""
        [organization] = self.get(f"/api/v2/orgs?org={ORGANIZATION}")["orgs"]
        made = self.post("/api/v2/tasks", {"orgID": organization["id"], "flux": flux})
        self._tasks.append(made["id"])
        return self._tasks[-1]

    def end_tasks(self) -> None:
        """Have no task run any more."""
        for task in self._tasks:
            _sent(self._request(f"/api/v2/tasks/{task}", method="DELETE"))

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Post to the API; give what it says."""
        document: dict[str, Any] = json.loads(_sent(self._request(path, json.dumps(body).encode())))
        return document

    def get(self, path: str) -> dict[str, Any]:
        """Ask the API."""
        document: dict[str, Any] = json.loads(_sent(self._request(path)))
        return document

    def _request(self, path: str, body: bytes | None = None, method: str | None = None) -> Request:
        headers = {
            "Authorization": f"Token {TOKEN}",
            "Content-Type": "application/json",
            "Accept": "application/csv" if "query" in path else "application/json",
        }
        return Request(f"{self.url}{path}", data=body, headers=headers, method=method)


def _rows(text: str) -> Iterator[Row]:
    for row in csv.DictReader(io.StringIO(text)):
        assert "error" not in row, row
        yield {name: value for name, value in row.items() if name not in ("", "result", "table")}


def _sent(request: Request) -> bytes:
    with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
        body: bytes = answer.read()
    return body


class Server:
    """A running InfluxDB; each test has a place of its own in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._numbers = itertools.count()

    def database(self) -> Database:
        """Give a database that nobody else writes to."""
        return Database(self.url, f"telegraf{next(self._numbers)}")

    def bucket(self) -> Bucket:
        """Make a bucket that nobody else writes to."""
        made = Bucket(self.url, f"telegraf{next(self._numbers)}")
        [organization] = made.get("/api/v2/orgs")["orgs"]
        made.post("/api/v2/buckets", {"name": made.name, "orgID": organization["id"]})
        return made


@contextmanager
def influxdb(folder: Path) -> Iterator[Server]:
    """Run an InfluxDB 1, with its data in a folder."""
    config = folder / "influxdb.conf"
    config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
    with _running([str(ONE), "-config", str(config)], r"on HTTP.*addr=\S+:(\d+)", folder) as port:
        yield Server(f"http://127.0.0.1:{port}")


@contextmanager
def influxdb2(folder: Path) -> Iterator[Server]:
    """Run an InfluxDB 2, set up with an organization and a token."""
    paths = {"bolt": "bolt", "engine": "engine", "sqlite": "sqlite"}
    words = [str(TWO), "--http-bind-address", "127.0.0.1:0", "--reporting-disabled"]
    words += [f"--{name}-path={folder / path}" for name, path in paths.items()]
    with _running(words, r"msg=Listening.*port=(\d+)", folder) as port:
        server = Server(f"http://127.0.0.1:{port}")
        given = {"username": "tests", "password": "of-no-importance", "bucket": "first"}
        Bucket(server.url, "first").post(
            "/api/v2/setup", {**given, "org": ORGANIZATION, "token": TOKEN}
        )
        yield server


@contextmanager
def _running(words: list[str], listening: str, folder: Path) -> Iterator[str]:
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out)
    try:
        waiting.until(lambda: process.poll() is not None or re.search(listening, log.read_text()))
        found = re.search(listening, log.read_text())
        assert found, log.read_text()[-2000:]
        waiting.until(lambda: _is_open(int(found[1])))
        yield found[1]
    finally:
        process.terminate()
        process.wait(timeout=60)


def _is_open(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
