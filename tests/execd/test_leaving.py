"""How `execd` ends, and what does not end it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from conftest import COMMAND, Lab, MakeLab

from execd.staying import (
    ALWAYS,
    GENEROUS,
    HANGING,
    execd,
    outcomes,
    processes,
    spent,
    start,
    wait_for,
)

OK = ["ok", "ok"]
PATIENT = ("--deadline", "100")
"""Longer than any test takes, so that nothing but being told to ends the wait."""


@pytest.fixture
def hanging(lab: Lab) -> Lab:
    """Give a Graph that does not answer in time."""
    lab.simulator.set_faults([HANGING])
    return lab


def ignores_hangup(pid: int) -> bool:
    """Say whether a process ignores SIGHUP."""
    status = Path(f"/proc/{pid}/status").read_text()
    [mask] = [line.split()[1] for line in status.splitlines() if line.startswith("SigIgn")]
    return bool(int(mask, 16) & 1)


@pytest.mark.parametrize("number", [None, signal.SIGTERM, signal.SIGINT])
def test_told_to_leave_while_idle(lab: Lab, number: signal.Signals | None) -> None:
    """The end of stdin and signals end it with 0, and nobody is left behind."""
    with execd(lab) as staying:
        first = staying.outcomes()
        if number is None:
            staying.hang_up()
        else:
            staying.process.send_signal(number)
        ended = staying.ended()
        wait_for(lambda: processes(lab) == [])

    assert (first, ended) == (OK, (0, ""))


@pytest.mark.parametrize("number", [None, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("words", [PATIENT, (*PATIENT, "--no-background")])
def test_told_to_leave_while_a_fetch_hangs(
    hanging: Lab, number: signal.Signals | None, words: tuple[str, ...]
) -> None:
    """The answer in hand is finished with what there is; then it ends with 0, and all of it."""
    with execd(hanging, *words) as staying:
        staying.signal()
        wait_for(lambda: spent(hanging))
        if number is None:
            staying.hang_up()
        else:
            staying.process.send_signal(number)
        code, rest = staying.ended()
        wait_for(lambda: processes(hanging) == [])

    assert (code, outcomes(rest.splitlines())) == (0, ["pending", "pending"])
    assert rest.endswith("\n")


def test_kill_leaves_nobody_behind(hanging: Lab) -> None:
    """Whatever was at work ends with it, even when it had no time to say so."""
    with execd(hanging, *PATIENT) as staying:
        staying.signal()
        wait_for(lambda: spent(hanging))
        staying.process.send_signal(signal.SIGKILL)
        wait_for(lambda: processes(hanging) == [])

    assert staying.process.returncode == -signal.SIGKILL


def test_hangup_is_ignored(lab: Lab) -> None:
    """SIGHUP does nothing, from the first moment on and while it answers."""
    with execd(lab) as staying:
        wait_for(lambda: ignores_hangup(staying.process.pid))
        staying.process.send_signal(signal.SIGHUP)
        staying.signal()
        staying.process.send_signal(signal.SIGHUP)
        answer = outcomes(staying.answer())
        staying.process.send_signal(signal.SIGHUP)
        again = staying.outcomes()

    assert (answer, again) == (OK, OK)


def test_filter_that_never_ends_holds_nobody_up(make_lab: MakeLab) -> None:
    """A regular expression without end costs its answer, and not the way out."""
    lab = make_lab(users=20)
    words = ("--report", "skype-devices-usage", "--deadline", "0.5")
    with execd(lab, *words, "--filter-user", "^(.+)+!$", reports=1) as staying:
        first = staying.outcomes()
        staying.process.send_signal(signal.SIGTERM)
        ended = staying.ended()
        wait_for(lambda: processes(lab) == [])

    assert (first, ended) == (["pending"], (0, ""))


def test_closed_reader_ends_it_without_a_word(lab: Lab, tmp_path: Path) -> None:
    """When nobody reads any more it ends by itself, before anybody asks."""
    err = tmp_path / "err"
    with execd(lab, err=err) as staying:
        first = staying.outcomes()
        assert staying.process.stdout is not None
        staying.process.stdout.close()
        code = staying.process.wait(GENEROUS)
        wait_for(lambda: processes(lab) == [])

    assert (first, code, err.read_text()) == (OK, 0, "")


def test_reader_that_closes_during_an_answer_ends_it(hanging: Lab) -> None:
    """When the reader goes away while a fetch hangs, there is nobody to wait for."""
    with execd(hanging, *PATIENT) as staying:
        staying.signal()
        wait_for(lambda: spent(hanging))
        assert staying.process.stdout is not None
        staying.process.stdout.close()

        assert staying.process.wait(GENEROUS) == 0


def test_full_disk_behind_stdout_is_3(lab: Lab, tmp_path: Path) -> None:
    """Output that cannot be written ends it with 3, so that somebody looks."""
    with Path("/dev/full").open("wb") as full, (tmp_path / "err").open("wb") as errors:
        process = start(lab, out=full, errors=errors)
        assert process.stdin is not None
        process.stdin.write(b"\n")
        code = process.wait(GENEROUS)
        process.stdin.close()

    assert (code, (tmp_path / "err").read_text()) == (3, "")


@pytest.mark.parametrize(("closed", "code"), [("0<&-", 0), ("1>&-", 3), ("2>&-", 0)])
def test_closed_standard_streams(lab: Lab, closed: str, code: int) -> None:
    """A stream that was closed before the start is taken for one that has ended."""
    lab.run("collect")
    ended = lab.python(
        "import subprocess, sys\n"
        "done = subprocess.Popen(['sh', '-c', sys.argv[1]], stdin=subprocess.PIPE,"
        " stdout=subprocess.PIPE, stderr=subprocess.PIPE)\n"
        "if sys.argv[2] != '0<&-': done.stdin.write(b'\\n'); done.stdin.flush()\n"
        "if sys.argv[2] == '2>&-': done.stdout.readline()\n"
        "if sys.argv[2] != '1>&-': done.stdin.close()\n"
        "print(done.wait(), done.stderr.read())",
        f"exec {COMMAND} execd {closed}",
        closed,
    )

    assert (ended.stdout, ended.stderr) == (f"{code} b''\n", "")


def test_reader_that_does_not_read_cannot_keep_it(make_lab: MakeLab) -> None:
    """A pipe that is full does not keep it from leaving when it is told to."""
    lab = make_lab(users=3000, activity=1.0)
    lab.run("collect")
    words = ("--per-user", "--deadline", "30")
    with execd(lab, *words) as staying:
        staying.signal()
        first = staying.line()
        os.kill(staying.process.pid, signal.SIGTERM)
        code = staying.process.wait(GENEROUS)

    assert (bool(first), code) == (True, 0)


def test_wrong_option_is_3_and_one_line(lab: Lab, tmp_path: Path) -> None:
    """What no newline can put right is said at once."""
    err = tmp_path / "err"
    with execd(lab, "--filter-user", "(", err=err) as staying:
        code, out = staying.ended()

    assert (code, out, err.read_text().count("\n")) == (3, "", 1)
    assert err.read_text().startswith("E! --filter-user")


def test_always_due_is_not_more_than_asked(lab: Lab) -> None:
    """Without a newline nothing happens, however due everything is."""
    with execd(lab, *ALWAYS) as staying:
        wait_for(lambda: ignores_hangup(staying.process.pid))
        staying.hang_up()
        ended = staying.ended()

    assert (ended, lab.kinds()) == ((0, ""), [])
