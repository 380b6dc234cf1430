"""A refresher killed at each of its writes: before it, half-way through it, and after it."""

from __future__ import annotations

import itertools

import pytest
from conftest import Lab

# Runs a refresh in which the write with a given number, in any process, ends by SIGKILL.
KILLER = """
import builtins, io, os, signal, sys
number, moment = int(sys.argv[1]), sys.argv[2]
seen = 0

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def fatal(function, half=None):
    def wrapped(*arguments, **options):
        global seen
        seen += 1
        if seen - 1 != number:
            return function(*arguments, **options)
        if moment == "half" and half:
            half(*arguments)
        try:
            if moment == "after":
                function(*arguments, **options)
        finally:
            die()
    return wrapped

class Dying:
    def __init__(self, file):
        self.file = file
        self.write = fatal(file.write, self.half)

    def half(self, content):
        self.file.write(content[: len(content) // 2])
        self.file.flush()

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

opener = os.fdopen
os.fdopen = lambda number_, mode="r", *rest: (
    Dying(opener(number_, mode, *rest)) if "w" in mode else opener(number_, mode, *rest)
)
os.replace = fatal(os.replace)
os.unlink = fatal(os.unlink)
from o365skype_bridge.cli.commands import run
code = run(["refresh", "--all", "--report", "skype-devices-usage"])
print("survived")
sys.exit(code)
"""


@pytest.mark.parametrize("moment", ["before", "half", "after"])
def test_kill_at_each_write_leaves_a_state_that_answers_right(lab: Lab, moment: str) -> None:
    """Whatever write is the last one, the next answer is right and the next fetch cleans up."""
    good = lab.run("check", "skype-devices-usage").stdout
    for number in itertools.count():
        for path in lab.state.rglob("calls.json"):
            path.unlink()
        killed = lab.python(KILLER, str(number), moment)
        done = lab.run("check", "skype-devices-usage")

        assert (done.stdout, done.stderr) == (good, "")
        if killed.stdout.endswith("survived\n"):
            break
    lab.run("refresh", "--all")

    assert number > 5
    assert [name for name in lab.report_files() if name.endswith((".tmp", ".aside"))] == []


@pytest.mark.parametrize("moment", ["before", "half", "after"])
def test_kill_at_each_first_write_leaves_nothing_wrong(lab: Lab, moment: str) -> None:
    """The same on an empty state: there is no half result, and the next answer is complete."""
    for number in itertools.count():
        for path in lab.state.rglob("*.*"):
            path.unlink()
        killed = lab.python(KILLER, str(number), moment)
        done = lab.run("check", "skype-devices-usage")

        assert (done.returncode, done.stderr) == (0, "")
        if killed.stdout.endswith("survived\n"):
            break

    assert number > 5
