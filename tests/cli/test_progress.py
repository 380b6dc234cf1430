"""Long work shows itself on a terminal, and nowhere else."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COMMAND, Lab, MakeLab

from o365skype_bridge.cli.simulate import environment

WIDTH = 90
LONG = ("refresh", "backfill --days 2", "doctor")

SLOW = {"latency": 0.4}
"""Of every answer, so that there is something to wait for."""


class Terminal:
    """A pseudo-terminal that a command has for its stderr, and perhaps for its stdout."""

    def __init__(self, lab: Lab, *words: str, out: bool = False, **env: str) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
        self.process = subprocess.Popen(
            [COMMAND, *words],
            env={**lab.env, "TERM": "xterm", **env},
            stdin=subprocess.DEVNULL,
            stdout=theirs if out else subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        self._ours = ours
        self.text = ""

    def until(self, found: Callable[[str], object], seconds: float = 60.0) -> str:
        """Read until something is found or the command has ended; give everything so far."""
        end = time.monotonic() + seconds
        while not found(self.text) and time.monotonic() < end:
            if not select.select([self._ours], [], [], 0.1)[0]:
                continue
            try:
                self.text += os.read(self._ours, 65536).decode()
            except OSError:  # nobody has the other side any more
                break
        return self.text

    def end(self) -> str:
        """Read to the end; give what was printed to stdout, if that is no terminal."""
        self.until(lambda _: False)
        out = self.process.communicate(timeout=60)[0]
        os.close(self._ours)
        return out.decode() if out else ""


def screen(text: str) -> list[str]:
    """Give the lines that stand on a terminal in the end; each begins anew at a return."""
    rows = []
    for row in text.replace("\r\n", "\n").split("\n"):
        cells: list[str] = []
        for part in row.split("\r"):
            cells[: len(part)] = part
        rows.append("".join(cells).rstrip())
    return rows


@pytest.fixture
def slow(make_lab: MakeLab) -> Lab:
    """Give a Microsoft 365 that takes its time."""
    return make_lab(users=20, **SLOW)


@pytest.mark.parametrize("command", LONG)
def test_long_work_shows_itself_on_a_terminal(slow: Lab, command: str) -> None:
    """What is going on, and how much is done, stands on stderr and is written anew."""
    terminal = Terminal(slow, *command.split())
    terminal.end()
    shown = [part for part in terminal.text.split("\r") if part.strip()]

    assert len(set(shown)) > 3
    assert {part.split()[0] for part in shown} == {command.split(maxsplit=1)[0]}


@pytest.mark.parametrize("command", LONG)
def test_nothing_of_it_is_left(lab: Lab, command: str) -> None:
    """Who looks at the terminal afterwards sees no half-drawn line."""
    terminal = Terminal(lab, *command.split())
    terminal.end()

    assert screen(terminal.text) == [""]


@pytest.mark.parametrize("command", LONG)
def test_no_line_is_wider_than_the_terminal(slow: Lab, command: str) -> None:
    """A line that wraps could not be written anew."""
    terminal = Terminal(slow, *command.split())
    terminal.end()
    shown = [part.strip() for part in re.split(r"[\r\n]", terminal.text)]

    assert max(map(len, shown)) <= WIDTH
    assert terminal.text.count("\n") == 0


@pytest.mark.parametrize("command", LONG)
def test_nothing_shows_in_a_pipe(lab: Lab, command: str) -> None:
    """Cron mails what is on stderr: that is nothing."""
    done = lab.run(*command.split())

    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_shows_on_a_terminal_that_cannot_return(lab: Lab) -> None:
    """A terminal that calls itself dumb gets no line written anew."""
    terminal = Terminal(lab, "refresh", TERM="dumb")
    terminal.end()

    assert terminal.text == ""


def test_the_answer_is_the_same_with_and_without(lab: Lab) -> None:
    """Progress is no part of what is printed."""
    piped = lab.run("refresh", "--all").stdout
    terminal = Terminal(lab, "refresh", "--all")

    assert terminal.end() == piped


def test_lines_and_progress_do_not_mix(slow: Lab) -> None:
    """On one terminal every line of the answer stands alone, as a pipe gets it."""
    terminal = Terminal(slow, "refresh", "--all", out=True)
    terminal.end()
    piped = slow.run("refresh", "--all").stdout

    assert screen(terminal.text) == piped.split("\n")


def test_another_try_is_said(make_lab: MakeLab) -> None:
    """Who waits sees why."""
    lab = make_lab(users=20, faults=["503:2@/reports/"])
    terminal = Terminal(lab, "refresh")
    terminal.end()

    assert "trying again" in terminal.text


def test_interrupted_work_leaves_a_clean_terminal(make_lab: MakeLab) -> None:
    """After Ctrl-C there is the line that says what is left, and nothing else."""
    lab = make_lab(users=20, latency=5.0)
    terminal = Terminal(lab, "refresh")
    terminal.until(lambda text: "refresh" in text)
    terminal.process.send_signal(signal.SIGINT)
    terminal.end()
    left = [line for line in screen(terminal.text) if line]

    assert terminal.process.returncode == 3
    assert [line.partition("Not fetched")[0] for line in left] == ["E! interrupted. "]


def test_simulator_shows_what_it_is_asked(lab: Lab, tmp_path: Path) -> None:
    """Who serves sees that somebody asks, and the last of it."""
    folder = tmp_path / "served"
    terminal = Terminal(lab, "simulate", "--folder", str(folder))
    assert terminal.process.stdout
    lines = [
        terminal.process.stdout.readline().decode() for _ in environment(lab.simulator, lab.running)
    ]
    served = dict(re.findall(r"export (\w+)='(.*)'", "".join(lines)))
    client = Lab(lab.simulator, lab.running, tmp_path / "s", {**lab.env, **served})
    client.run("refresh", "--report", "skype-users-activity")
    shown = terminal.until(lambda text: "download, HTTP 200" in text, 10)
    terminal.process.send_signal(signal.SIGTERM)
    terminal.end()

    assert re.search(r"serving until Ctrl-C +[1-9]\d* requests", shown)
    assert "download, HTTP 200" in shown
    assert terminal.process.returncode == 0


@pytest.mark.parametrize("words", [("refresh",), ("collect",)])
def test_library_is_imported_on_a_terminal_only(lab: Lab, words: tuple[str, ...]) -> None:
    """Who sees no progress does not wait for what draws it."""
    done = lab.python(
        "import sys; from o365skype_bridge.cli.entry import main; "
        f"main({list(words)!r}); sys.stderr.write(str('tqdm' in sys.modules))"
    )

    assert done.stderr == "False"
