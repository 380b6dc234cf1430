"""The real Telegraf that `make agents` builds, run with files that `generate` makes."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from catalogue import CATALOGUE
from conftest import COMMAND, Lab
from readers import line_protocol

from o365skype_bridge.generate import telegraf
from o365skype_bridge.model.options import defaults

ROOT = Path(__file__).parent.parent.parent
BUILT = ROOT / ".agents" / "telegraf"
TELEGRAF = BUILT / "telegraf"
PARSE = BUILT / "parse"

needs_telegraf = pytest.mark.skipif(
    not PARSE.exists(), reason="there is no real Telegraf; make agents builds it, with Go"
)

TIMEOUT = 180

STRICT = "--strict-env-handling"
"""How the agent reads variables unless told otherwise; said, it does not warn of that."""

AGENT = """\
[agent]
  omit_hostname = true
  round_interval = false
  interval = "1s"
  flush_interval = "1s"
  skip_processors_after_aggregators = true
  metric_buffer_limit = {limit}
"""

OUTPUT = """\
[[outputs.file]]
  files = [{path}]
  data_format = "influx"
"""

INTERNAL = """\
[[inputs.internal]]
"""


def generated(line: str = "", *, command: Path | str = COMMAND, **changes: Any) -> str:
    """Make a file by a command line of ``generate telegraf``, for our installed command."""
    options = {option.flag: option for option in telegraf.TARGET.options}
    values = {**defaults(telegraf.TARGET.options), "command": str(command)}
    words = shlex.split(line)
    while words:
        option = options[words.pop(0)]
        value = words.pop(0) if option.metavar else True
        values[option.name] = [*values[option.name], value] if option.many else value
    return telegraf.make({**values, **changes}, CATALOGUE)[telegraf.NAME]


def script(path: Path, text: str) -> Path:
    """Write a shell script that can be run as a command."""
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def environment(lab: Lab, folder: Path) -> dict[str, str]:
    """Give what stands in Telegraf's environment file: ids, and where the secret is."""
    env = dict(lab.env)
    secret = folder / "secret"
    secret.write_text(env.pop("O365_CLIENT_SECRET"), encoding="utf-8")
    secret.chmod(0o400)
    return {**env, "O365_CLIENT_SECRET_FILE": str(secret)}


@dataclass
class Agent:
    """One Telegraf with its files in a folder, and the environment that it gets."""

    folder: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    extra: str = ""
    """More configuration, beside the agent's and the output's."""
    limit: int = 10_000
    """Points that the output can hold."""

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.out = self.folder / "out"
        self.log = self.folder / "log"

    def _files(self, *texts: str) -> list[str]:
        output = OUTPUT.format(path=json.dumps(str(self.out)))
        words = []
        for number, text in enumerate(
            (
                AGENT.format(limit=self.limit),
                output,
                self.extra,
                *texts,
            )
        ):
            path = self.folder / f"{number}.conf"
            path.write_text(text, encoding="utf-8")
            words += ["--config", str(path)]
        return words

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Telegraf to its end."""
        return subprocess.run(
            [TELEGRAF, *words],
            env=dict(self.env),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

    def check(self, text: str) -> subprocess.CompletedProcess[str]:
        """Have Telegraf check a file as the agent will read it."""
        return self.run("config", "check", STRICT, *self._files(text))

    def test(self, *texts: str, wait: int = 0) -> subprocess.CompletedProcess[str]:
        """Have Telegraf collect once and print what it got."""
        extra = ["--test-wait", str(wait)] if wait else []
        return self.run(*self._files(*texts), STRICT, "--test", *extra)

    def once(self, *texts: str, words: Iterable[str] = ()) -> subprocess.CompletedProcess[str]:
        """Have Telegraf collect once and write what it got."""
        return self.run(*self._files(*texts), STRICT, "--once", *words)

    @contextmanager
    def running(self, *texts: str, words: Iterable[str] = ()) -> Iterator[subprocess.Popen[bytes]]:
        """Have Telegraf run; its end is waited for."""
        command: list[str | Path] = [TELEGRAF, *self._files(*texts), STRICT, *words]
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                command, env=dict(self.env), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=TIMEOUT)

    def logged(self) -> str:
        """Give the log of a running Telegraf so far."""
        return self.log.read_text(encoding="utf-8")

    def points(self, measurement: str = "") -> list[line_protocol.Point]:
        """Give the points written so far, of one measurement or all."""
        text = self.out.read_text(encoding="utf-8") if self.out.exists() else ""
        found = read(text[: text.rfind("\n") + 1])
        return [point for point in found if measurement in ("", point.measurement)]

    def outcomes(self) -> list[str]:
        """Give the outcomes of the health points written so far."""
        return [str(point.fields["outcome"]) for point in self.points("o365_bridge")]

    def internal(self, measurement: str, name: str) -> int:
        """Give the largest value of a counter of Telegraf's own."""
        values = [point.fields.get(name, 0) for point in self.points(measurement)]
        return max(int(value) for value in values)


def read(text: str) -> list[line_protocol.Point]:
    """Read lines, each by itself: over time a series may have the same point again."""
    return [point for line in text.splitlines() for point in line_protocol.read(f"{line}\n")]


def printed(done: subprocess.CompletedProcess[str]) -> list[line_protocol.Point]:
    """Read what ``--test`` prints."""
    lines = [line.removeprefix("> ") for line in done.stdout.splitlines()]
    return read("".join(f"{line}\n" for line in lines))


OWN = ("Outputs are not used in testing mode", "file already closed")
"""What Telegraf says of itself: in every test run, and at times when it stops a process."""


def problems(log: str) -> list[str]:
    """Give the errors and warnings in a log that are about more than Telegraf itself."""
    found = [line for line in log.splitlines() if re.search(r" [EW]! ", line)]
    return [line for line in found if not any(words in line for words in OWN)]


def samples(points: Iterable[line_protocol.Point]) -> list[line_protocol.Point]:
    """Give the points of reports, in an order of their own."""
    return sorted(
        (point for point in points if point.measurement.startswith("o365_skype")), key=repr
    )


def health(points: Iterable[line_protocol.Point]) -> list[line_protocol.Point]:
    """Give the health points."""
    return [point for point in points if point.measurement == "o365_bridge"]


def children(pid: int) -> list[str]:
    """Give the processes that a process has started."""
    return [
        number
        for tasks in Path(f"/proc/{pid}/task").glob("*/children")
        for number in tasks.read_text().split()
    ]
