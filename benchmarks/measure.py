"""Running processes and taking their time, in turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

COMMAND = str(Path(sys.executable).with_name("o365skype-bridge"))
CONNECTOR = str(Path(COMMAND).with_name("centreon_office365_skype_api"))
MEASURED = Path(__file__).with_name("measured")

FOREIGN = ("O365", "PYTHON", "COVERAGE", "REQUESTS_", "MSAL_")
"""Beginnings of variables that would change what is measured."""


class WrongError(Exception):
    """What was measured did not do its work."""


class Took(NamedTuple):
    """What a process took: seconds from its start to its end, and seconds of computing."""

    wall: float
    cpu: float


def clean_environment() -> dict[str, str]:
    """Give the environment as an agent would, with bytecode and without settings of ours."""
    return {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}


def took(*words: str, env: Mapping[str, str], out: str = os.devnull) -> Took:
    """Run a process to its end, its output going to a file. A failure is a `WrongError`."""
    create = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, create, 0o600),
    ]
    began = time.perf_counter()
    process = os.posix_spawn(words[0], words, env, file_actions=files)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - began
    if code := os.waitstatus_to_exitcode(status):
        raise WrongError(f"{' '.join(words)} ended with {code}")
    return Took(wall=wall, cpu=usage.ru_utime + usage.ru_stime)


def script(name: str, *words: str, env: Mapping[str, str] | None = None) -> Any:
    """Run a script of the folder ``measured`` and give what it prints, which is JSON."""
    done = subprocess.run(
        [sys.executable, str(MEASURED / name), *words],
        env=clean_environment() if env is None else env,
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise WrongError(f"{name} {' '.join(words)} ended with {done.returncode}")
    return json.loads(done.stdout)


def in_turns(rounds: int, *works: Callable[[], float]) -> Iterator[list[float]]:
    """Run A B C A B C and so on; give for each of them what its runs returned."""
    found = [[work() for work in works] for _ in range(rounds)]
    return map(list, zip(*found, strict=True))


def require(*, true: bool, otherwise: str) -> None:
    """Raise `WrongError` unless something is true."""
    if not true:
        raise WrongError(otherwise)
