"""A real NRPE carries the answers of `check`, as far as its protocol has room.

NRPE refuses to run as root. What `check` has answered is replayed to it by a script, so that
another account need not reach this Python.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import waiting
from conftest import Lab, MakeLab
from engine import ROOT, running

from o365skype_bridge.reports import DEFAULT

PLACE = ROOT / ".agents" / "nrpe"
SHORT = 1023
"""Bytes of an answer in the protocol's second version."""

NOBODY = 65534

pytestmark = pytest.mark.skipif(
    not PLACE.exists(), reason="there is no NRPE here: make agents unpacks it"
)

CONFIGURATION = """
server_address=127.0.0.1
server_port={port}
nrpe_user={user}
nrpe_group={group}
pid_file={folder}/nrpe.pid
log_file={folder}/nrpe.log
allowed_hosts=127.0.0.1
"""

Answered = subprocess.CompletedProcess[str]


@contextmanager
def served(*answers: Answered) -> Iterator[int]:
    """Serve commands c0, c1, … that answer like this; give the port."""
    who: dict[str, Any] = {} if os.geteuid() else {"user": NOBODY, "group": NOBODY}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        text = CONFIGURATION.format(
            port=port,
            user=who.get("user", os.geteuid()),
            group=who.get("group", os.getegid()),
            folder=folder,
        )
        for number, answer in enumerate(answers):
            (folder / f"answer{number}").write_text(answer.stdout, "utf-8")
            script = folder / f"command{number}"
            script.write_text(
                f"#!/bin/sh\ncat {folder}/answer{number}\nexit {answer.returncode}\n", "utf-8"
            )
            script.chmod(0o755)
            text += f"command[c{number}]={script}\n"
        (folder / "nrpe.cfg").write_text(text, "utf-8")
        daemon = shutil.copy(PLACE / "nrpe", folder / "nrpe")  # where another account can reach it
        words = [str(daemon), "-n", "-c", str(folder / "nrpe.cfg"), "-f"]
        with running(words, dict(os.environ), folder / "nrpe.out", **who) as process:

            def listens() -> bool:
                assert process.poll() is None, (folder / "nrpe.log").read_text("utf-8")
                with socket.socket() as there:
                    return there.connect_ex(("127.0.0.1", port)) == 0

            waiting.until(listens)
            yield port


def asked(port: int, number: int, *options: str) -> tuple[int, str]:
    """Ask for a command as Nagios would; give exit code and output."""
    done = subprocess.run(
        [
            *(PLACE / "check_nrpe", "-n", "-H", "127.0.0.1", "-p", str(port), "-t", "60:3"),
            *(*options, "-c", f"c{number}"),
        ],
        capture_output=True,
        text=True,
        timeout=waiting.PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("version", ["", "-2"])
def test_the_default_reports_arrive_whole(lab: Lab, version: str) -> None:
    """Through the oldest protocol too."""
    whole = [lab.run("check", report) for report in DEFAULT]
    with served(*whole) as port:
        found = [asked(port, number, *version.split()) for number in range(len(whole))]

    assert found == [(done.returncode, done.stdout) for done in whole]
    assert max(len(done.stdout) for done in whole) < SHORT


def test_what_is_longer_needs_the_newest_protocol(make_lab: MakeLab) -> None:
    """The second version keeps the beginning, and says nothing of the rest."""
    whole = make_lab(users=200).run("check", "skype-users-activity", "--per-user", "--verbose")
    with served(whole) as port:
        new, old = asked(port, 0), asked(port, 0, "-2")

    assert len(whole.stdout) > 2 * SHORT
    assert new == (0, whole.stdout)
    assert old == (0, f"{whole.stdout[:SHORT]}\n")


def test_a_state_arrives(lab: Lab) -> None:
    """And the exit code with it."""
    whole = lab.run("check", "skype-devices-usage", "--critical-active-devices=@0:")
    with served(whole) as port:
        found = asked(port, 0)

    assert found == (2, whole.stdout)
