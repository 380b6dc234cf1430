"""What the tests of both engines share: where they are, files for them, and a plugin that tells."""

from __future__ import annotations

import argparse
import json
import os
import random
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from catalogue import CATALOGUE
from conftest import COMMAND, Lab

from o365skype_bridge import generate
from o365skype_bridge.cli import generate as generating

ROOT = Path(__file__).parent.parent.parent
PLACE = ROOT / ".agents" / "engines"

needs_engines = pytest.mark.skipif(
    not PLACE.exists(), reason="there is no Nagios and no Icinga 2 here: make agents unpacks them"
)

CREDENTIALS = (
    "O365_TENANT_ID",
    "O365_CLIENT_ID",
    "O365_CLIENT_SECRET",
    "O365_CLIENT_SECRET_FILE",
)

STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")

GRACE = 60

SECRET = "a~B8$Q `x\"&|<y>;'%z\\w!"
"""A client secret with everything that some reader on its way might take for its own."""

_DRAWN = random.Random(20260628)
_SPECIAL = "\\!;$'\"`ab |#~=*?(){}[]<>&@:,%^"

HOSTILE = (
    *("".join(["x", *_DRAWN.choices(_SPECIAL, k=length), "x"]) for length in range(1, 41)),
    "a|b",
    "total$",
    "$USER1$ $ARG1$ $HOSTNAME$",
    "~:10",
    'it\'s "quoted" `here`',
    r"^a\.b\d+\\$",
    r"back\!slash\;es\\!\\;",
    "a;b!c#d%e&f<g>h*i?j[k]l{m}n(o)p",
    "$(touch nowhere) ${HOME} &&",
    "-x --y=z",
    "zoë 漢字",
    "x" * 1500,
)

TITLES = {report.name: report.title for report in CATALOGUE}

RECORDER = f"""#!{sys.executable}
import json, os, sys, tempfile
told = {{"argv": sys.argv[1:], "env": {{k: v for k, v in os.environ.items() if "O365" in k}}}}
folder = os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "told")
number, path = tempfile.mkstemp(dir=folder)
with os.fdopen(number, "w") as file:
    json.dump(told, file)
os.rename(path, path + ".json")
print("OK: told")
"""
"""A plugin that writes down its arguments, and the variables that are for us."""


class Answer(NamedTuple):
    """What a check gave: the state, the status text, and the perfdata, whole."""

    state: int
    text: str
    perfdata: str


class Told(NamedTuple):
    """How the recorder was called."""

    argv: list[str]
    env: dict[str, str]


class Recorder:
    """The plugin that tells, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._told = folder / "told"
        self._told.mkdir(parents=True)
        self.path = folder / "recorder"
        self.path.write_text(RECORDER, encoding="utf-8")
        self.path.chmod(0o755)

    def told(self) -> list[Told]:
        """Give every call so far."""
        texts = (path.read_text(encoding="utf-8") for path in self._told.glob("*.json"))
        return [Told(**json.loads(text)) for text in texts]


def generated(line: str, *, command: Path = COMMAND) -> dict[str, str]:
    """Make files by a command line of `generate`, for our installed command."""
    words = [*shlex.split(line), "--command", str(command)]
    parser = argparse.ArgumentParser()
    generating.add_arguments(parser, words)
    values = vars(parser.parse_args(words))
    return generate.load(values["target"]).make(values, CATALOGUE)


def secret_file(folder: Path, secret: str) -> Path:
    """Write a client secret to where only we can read it."""
    path = folder / "client-secret"
    path.write_text(f"{secret}\n", encoding="utf-8")
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return path


def surroundings(lab: Lab) -> dict[str, str]:
    """Give an engine's environment: how Microsoft 365 is reached, and not who we are there."""
    known = {key: value for key, value in lab.env.items() if key not in CREDENTIALS}
    # A slow machine is to be waited for here; the engines end a check after 30 s.
    return {**known, "O365_DEADLINE": "25"}


def configuration(folder: Path, lab: Lab, name: str) -> Path:
    """Write a configuration file with the simulated tenant under a name, and another tenant."""
    simulator = lab.simulator
    path = folder / "config.toml"
    path.write_text(
        f"[tenants.{name}]\ntenant_id = {json.dumps(simulator.tenant_ids[0])}\n"
        f"client_id = {json.dumps(simulator.client_id)}\n"
        f"client_secret_file = {json.dumps(str(secret_file(folder, simulator.client_secret)))}\n"
        "[tenants.another]\ntenant_id = 'x'\nclient_id = 'x'\nclient_secret_file = '/x'\n",
        encoding="utf-8",
    )
    return path


def expected(lab: Lab, *words: str) -> Answer:
    """Give what `check` itself answers."""
    done = lab.run("check", *words)
    first, _, _ = done.stdout.partition("\n")
    text, _, perfdata = first.partition("|")
    return Answer(state=done.returncode, text=text.strip(), perfdata=perfdata.strip())


@contextmanager
def running(
    words: list[str], env: Mapping[str, str], log: Path, **user: Any
) -> Iterator[subprocess.Popen[str]]:
    """Run something in the foreground, as this user or another, and end it by its own id."""
    with log.open("w", encoding="utf-8") as opened:
        process = subprocess.Popen(
            words,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=opened,
            stderr=opened,
            text=True,
            start_new_session=True,
            **user,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(GRACE)
