"""The installed `execd` at the end of pipes, as Telegraf has it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from conftest import COMMAND, Lab

GENEROUS = 60.0
"""Seconds that nothing takes, on however slow a machine."""

INTERVAL = 0.05
ALWAYS = ("--refresh-interval", str(INTERVAL))
"""With these words what is kept is due again at the next newline."""

HANGING = "delay=120@reports"
"""A Graph that answers when nobody waits any more."""

READ_ONLY = "mount -t tmpfs -o ro none /dev/shm && mount --bind /tmp /tmp && "
READ_ONLY += 'mount -o remount,ro,bind /tmp && exec "$0" "$@"'
NOWHERE = ("unshare", "--mount", "sh", "-c", READ_ONLY)
"""What comes before a command that is to find no folder that it can write to."""

HEALTH = re.compile(r"o365_bridge,report=([\w-]+),tenant=(\S+) .*?outcome=\"(\w+)\"")


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + GENEROUS
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def processes(lab: Lab) -> list[int]:
    """Give the processes that work on this lab's state."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(lab.state).encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def spent(lab: Lab) -> int:
    """Give the calls of Graph that were begun, whether they were answered or not."""
    return sum(
        len(entry["calls"])
        for path in lab.state.rglob("calls.json")
        for entry in json.loads(path.read_text()).values()
    )


class Execd:
    """A running `execd` that is asked and listened to."""

    def __init__(self, process: subprocess.Popen[bytes], reports: int) -> None:
        """Take the process, and how many health lines an answer has."""
        self.process = process
        self._reports = reports
        self._rest = b""

    def signal(self, times: int = 1) -> None:
        """Send newlines."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n" * times)
        self.process.stdin.flush()

    def hang_up(self) -> None:
        """Let stdin end."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def line(self) -> str:
        """Give the next whole line of stdout; empty at its end."""
        assert self.process.stdout is not None
        while b"\n" not in self._rest:
            chunk = os.read(self.process.stdout.fileno(), 1 << 16)
            if not chunk:
                return ""
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()

    def answer(self) -> list[str]:
        """Give the lines of the next answer: up to the last report's health."""
        lines: list[str] = []
        while sum(line.startswith("o365_bridge,") for line in lines) < self._reports:
            lines.append(self.line())
            assert lines[-1], (lines, self.process.poll())
        return lines

    def asked(self) -> list[str]:
        """Send a newline and give the answer."""
        self.signal()
        return self.answer()

    def due(self) -> list[str]:
        """Send a newline when nothing is fresh any more, and give the answer."""
        time.sleep(2 * INTERVAL)
        return self.asked()

    def outcomes(self) -> list[str]:
        """Send a newline and give the outcomes of the answer."""
        return outcomes(self.asked())

    def ended(self) -> tuple[int, str]:
        """Wait for its end; give what is left of stdout and the exit code."""
        rest = ""
        while line := self.line():
            rest += f"{line}\n"
        return self.process.wait(GENEROUS), rest


def outcomes(lines: list[str]) -> list[str]:
    """Give the outcomes that health lines tell."""
    return [found[3] for line in lines if (found := HEALTH.match(line))]


def samples(lines: list[str]) -> list[str]:
    """Give the lines that are not about health."""
    return [line for line in lines if not line.startswith("o365_bridge,")]


@contextmanager
def execd(
    lab: Lab,
    *words: str,
    reports: int = 2,
    err: Path | None = None,
    before: tuple[str, ...] = (),
    **env: str,
) -> Iterator[Execd]:
    """Run `execd` for a while; what still runs at the end is killed."""
    with (err or Path(os.devnull)).open("wb") as errors:
        process = start(lab, *words, errors=errors, env=env, before=before)
        try:
            yield Execd(process, reports)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(GENEROUS)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def start(
    lab: Lab,
    *words: str,
    errors: IO[bytes] | int,
    out: IO[bytes] | int = subprocess.PIPE,
    env: Mapping[str, str] | None = None,
    before: tuple[str, ...] = (),
) -> subprocess.Popen[bytes]:
    """Start `execd` with pipes; the words ``before`` it prepare the place where it runs."""
    return subprocess.Popen(
        [*before, COMMAND, "execd", *words],
        env={**lab.env, **(env or {})},
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=errors,
        bufsize=0,
    )
