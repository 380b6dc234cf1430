"""Help ends with examples that work and with what the exit codes mean; short forms are read."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from conftest import COMMAND, Lab
from test_docs import parse

from o365skype_bridge import generate, outputs
from o365skype_bridge.cli import commands, entry
from o365skype_bridge.cli import help as helps
from o365skype_bridge.cli.flags import QUESTION
from o365skype_bridge.model import options

EVERY = {
    "": helps.WHOLE,
    **helps.COMMANDS,
    **{f"generate {target}": helps.of_target(target) for target in generate.TARGETS},
}
EXAMPLES = [line for which in EVERY.values() for line in which.examples]


def printed(words: str) -> str:
    """Give what ``--help`` prints of a command."""
    done = subprocess.run(
        [COMMAND, *shlex.split(words), "--help"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout


def test_every_command_has_examples_and_exit_codes() -> None:
    """A command without them cannot be added."""
    assert list(helps.COMMANDS) == list(commands.SUMMARIES)


@pytest.mark.parametrize("words", EVERY)
def test_help_ends_with_examples_and_exit_codes(words: str) -> None:
    """All of them stand at the end of what is printed, as they were written."""
    assert printed(words).endswith(f"{helps.epilog(EVERY[words])}\n")


@pytest.mark.parametrize("line", dict.fromkeys(EXAMPLES))
def test_example_parses(line: str) -> None:
    """What help shows is a command line that the program takes."""
    parse(shlex.split(line))


@pytest.mark.parametrize("words", EVERY)
def test_examples_are_of_their_command(words: str) -> None:
    """A command's help shows that command."""
    assert [line for line in EVERY[words].examples if not line.startswith(words)] == []


@pytest.mark.parametrize("target", generate.TARGETS)
def test_example_of_a_target_makes_its_files(target: str, tmp_path: Path) -> None:
    """The first example writes into the folder it is run in."""
    [line, *_] = helps.of_target(target).examples
    done = subprocess.run(
        [COMMAND, *shlex.split(line)], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    made = {path.name for path in tmp_path.rglob("[!.]*") if path.is_file()}
    assert {Path(name).name for name in done.stdout.splitlines()} == made != set()


def test_every_exit_code_is_one_of_four() -> None:
    """No help promises another code than 0 to 3, but for that of somebody else's command."""
    codes = {code for which in EVERY.values() for code in which.exit_codes}

    assert {code for code in codes if not re.fullmatch("[0-3]|0-3", code)} == {"any other"}


def test_short_form_is_read_quickly() -> None:
    """`-v` says more, without argparse."""
    long, short = (options.quick([word], QUESTION) for word in ("--verbose", "-v"))

    assert short == long
    assert short
    assert short["verbose"] is True


def test_short_form_is_read_by_argparse() -> None:
    """`-v` is the same where a command line needs a closer look."""
    every = entry.options_of("collect", outputs.load("influx"), ())

    assert commands.parser_of("collect", every, ()).parse_args(["-v"]).verbose is True


def test_short_form_says_as_much(lab: Lab) -> None:
    """A check with `-v` answers what it answers with `--verbose`."""
    lab.run("refresh")
    long, short = (lab.run("check", "skype-users-activity", word) for word in ("--verbose", "-v"))

    assert (short.stdout, short.returncode) == (long.stdout, 0)


def test_short_form_with_a_value_is_refused(lab: Lab) -> None:
    """A flag takes no value, in any form."""
    assert lab.run("collect", "-v=1").returncode == 3
