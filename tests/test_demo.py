"""The demo tells its story: short, quick, and with a good end."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from conftest import COMMAND

from o365skype_bridge import outputs

ROOT = Path(__file__).parent.parent

LONGEST, WIDTH = 75, 100
"""Rows of a terminal that the demo may fill, a screen or two, and how wide that is."""


class Told:
    """What the demo printed, and how it went."""

    def __init__(self) -> None:
        began = time.monotonic()
        clean = {key: value for key, value in os.environ.items() if not key.startswith("O365")}
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        [line] = re.findall(
            r"^\t@(\$\(BIN\)/o365skype-bridge simulate .*demo\.sh.*)$", makefile, re.MULTILINE
        )
        done = subprocess.run(
            ["sh", "-c", line.replace("$(BIN)", str(COMMAND.parent))],
            cwd=ROOT,
            env={**clean, "TZ": "UTC"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.seconds = time.monotonic() - began
        self.code, self.text, self.errors = done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def told() -> Told:
    """Run what `make demo` runs, once."""
    return Told()


def after(text: str, typed: str) -> str:
    """Give what was printed after a command, up to an empty line."""
    return text.partition(f"$ o365skype-bridge {typed}\n")[2].partition("\n\n")[0]


def test_demo_ends_well(told: Told) -> None:
    """Faults are part of the story, not of the demo."""
    assert (told.code, told.errors) == (0, "")


def test_demo_fits_on_two_screens(told: Told) -> None:
    """Nobody reads a wall."""
    rows = sum(-(-len(line) // WIDTH) or 1 for line in told.text.splitlines())

    assert rows <= LONGEST


def test_demo_is_quick(told: Told) -> None:
    """Nobody waits for it, even on a busy machine."""
    assert told.seconds < 30


def test_every_report_is_fetched_first(told: Told) -> None:
    """The default reports, each with its age."""
    lines = after(told.text, "refresh").splitlines()

    assert [re.sub(r"\(data of .*\)$", "(…)", line).split()[2:] for line in lines] == [
        ["ok", "(…)"]
    ] * 4


@pytest.mark.parametrize(
    "output", [name for name in outputs.OUTPUTS if name not in ("centreon", "json")]
)
def test_every_agent_gets_an_answer(told: Told, output: str) -> None:
    """One for each output that an agent reads, about the report that is asked for."""
    answer = after(told.text, f"collect --output {output} --report teams-users-activity")

    assert re.search(r"\bo?(365_)?teams[-_]users[-_]activity", answer)


def test_a_check_is_judged(told: Told) -> None:
    """Status line, perfdata, exit code."""
    answer = after(told.text, "check teams-users-activity --warning-active-users 40:")

    assert re.match(r"WARNING: .* 19/50 .*\| .*'active_users'=19users;20:;;0;50 ", answer)
    assert answer.endswith("(exit code 1)")


def test_the_fault_is_not_green(told: Told) -> None:
    """An expired secret is UNKNOWN, and the line says what to do."""
    answer = after(told.text, "check teams-users-activity")

    assert "the client secret has expired" in answer
    assert "Create a new client secret in Entra" in answer
    assert answer.startswith("UNKNOWN: ")
    assert answer.endswith("(exit code 3)")


def test_the_doctor_says_what_to_do(told: Told) -> None:
    """The one line that failed, and its remedy."""
    failed, remedy = after(told.text, "doctor").splitlines()

    assert re.match(r"failed +token +login refused: the client secret has expired", failed)
    assert re.match(r" +-> Create a new client secret in Entra", remedy)


def test_what_comes_next_is_there(told: Told) -> None:
    """The story ends with commands that are some."""
    lines = told.text.partition("4. What next:")[2].splitlines()
    commands = [re.split(r"  +", line.strip())[0] for line in lines if "o365skype-bridge" in line]

    assert commands == [
        "o365skype-bridge generate telegraf",
        "o365skype-bridge simulate --list",
    ]
