"""`--changed-only`: figures come once, and again when they changed or it is time; health always."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from catalogue import DEVICES_USAGE, USERS_ACTIVITY
from conftest import COMMAND, Lab, MakeLab
from execd.staying import execd

from o365skype_bridge.engine.given import AGAIN, Memory
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection, ReportResult, Sample

ONLY = ("collect", "--changed-only")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
DAY = date(2026, 11, 20)


def measurements(text: str) -> set[str]:
    """Give the measurements of an answer, whatever their number of lines."""
    return {line.partition(",")[0].partition(" ")[0] for line in text.splitlines()}


ALL = {"o365_bridge", "o365_skype_devices_usage", "o365_skype_users_activity"}
HEALTH = {"o365_bridge"}


def collection(now: float, *values: int) -> Collection:
    """Give what the two reports say of one figure each; nothing of the second unless given."""
    results = []
    for report, value in zip((DEVICES_USAGE, USERS_ACTIVITY), values, strict=False):
        sample = Sample(metric=report.metrics[0], value=value, day=DAY)
        results.append(
            ReportResult(
                report=report,
                tenant="contoso",
                outcome=Outcome(kind="ok"),
                samples=(sample,),
                refresh_date=DAY,
            )
        )
    return Collection(results=tuple(results), now=now)


def given(memory: Memory, now: float, *values: int) -> list[bool]:
    """Give which of the reports have figures this time, and have them printed."""
    shown = memory.ungiven(collection(now, *values))
    memory.note()
    return [bool(result.samples) for result in shown.results]


def test_only_what_changed_comes_again() -> None:
    """A report with another figure has all of its figures, its neighbour none."""
    memory = Memory()

    assert given(memory, NOON, 1, 2) == [True, True]
    assert given(memory, NOON + 60, 1, 2) == [False, False]
    assert given(memory, NOON + 120, 1, 3) == [False, True]


@pytest.mark.parametrize(
    ("later", "comes"),
    [(AGAIN - 1, False), (AGAIN, True), (-1, True)],
)
def test_lost_points_come_again_in_time(later: float, *, comes: bool) -> None:
    """After six hours all is given again, and when the clock went back."""
    memory = Memory()
    given(memory, NOON, 1)

    assert given(memory, NOON + later, 1) == [comes]


def test_new_day_brings_everything() -> None:
    """The first answer of a day is whole."""
    memory = Memory()
    given(memory, NOON + 11 * 3600, 1)

    assert given(memory, NOON + 12 * 3600 - 1, 1) == [False]
    assert given(memory, NOON + 12 * 3600, 1) == [True]


def test_what_was_not_printed_counts_as_not_given() -> None:
    """Only a note after printing makes it known."""
    memory = Memory()
    memory.ungiven(collection(NOON, 1))

    assert given(memory, NOON + 60, 1) == [True]


def test_second_answer_has_health_only(lab: Lab) -> None:
    """Two processes, one after the other: the second gives no figure again, its health does."""
    first, second = lab.run(*ONLY), lab.run(*ONLY)

    assert measurements(first.stdout) == ALL
    assert measurements(second.stdout) == HEALTH
    assert first.stdout.splitlines()[:-2] == lab.run("collect").stdout.splitlines()[:-2]
    assert len(second.stdout.splitlines()) == 2
    assert (first.stderr, second.stderr) == ("", "")


def test_answers_without_the_option_take_nothing_away(lab: Lab) -> None:
    """Whoever looks by hand neither misses figures nor makes the agent miss them."""
    lab.run("collect")

    assert measurements(lab.run(*ONLY).stdout) == ALL
    assert measurements(lab.run("collect").stdout) == ALL


@pytest.mark.parametrize(
    "words",
    [
        ("--consumer", "second"),
        ("--per-user",),
        ("--filter-user", "contoso"),
        ("--per-user", "--max-users", "3"),
    ],
)
def test_each_reader_is_told_what_is_new_to_it(lab: Lab, words: tuple[str, ...]) -> None:
    """Another name or another question is another reader."""
    lab.run(*ONLY)

    assert measurements(lab.run(*ONLY, *words).stdout) == ALL
    assert measurements(lab.run(*ONLY, *words).stdout) == HEALTH


def test_answer_that_nobody_took_is_given_again(lab: Lab) -> None:
    """Where stdout is closed, nothing was given."""
    lab.run("collect")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        process = subprocess.run(
            [COMMAND, *ONLY], env=lab.env, stdout=writing, timeout=60, check=False
        )
    finally:
        os.close(writing)

    assert process.returncode == 3
    assert measurements(lab.run(*ONLY).stdout) == ALL


def test_hours_later_all_comes_again(lab: Lab) -> None:
    """By the command's own clock: seven hours on the figures are there again."""
    lab.run(*ONLY)

    assert measurements(lab.run_at(AGAIN + 3600, *ONLY).stdout) == ALL


def through_a_shell(lab: Lab, *words: str) -> str:
    """Give the answer to a process that lives for this one only."""
    done = subprocess.run(
        ["sh", "-c", f"{COMMAND} {' '.join((*ONLY, *words))}; true"],
        env=lab.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout


def test_agent_that_was_started_anew_gets_all(lab: Lab) -> None:
    """What an agent that is gone was given says nothing of the next one."""
    lab.run(*ONLY)

    assert measurements(through_a_shell(lab)) == ALL
    assert measurements(through_a_shell(lab)) == ALL


def test_trial_beside_the_service_takes_nothing_from_it(lab: Lab) -> None:
    """After somebody else got the figures, the agent gets them once more."""
    lab.run(*ONLY)
    through_a_shell(lab)

    assert measurements(lab.run(*ONLY).stdout) == ALL


def test_reader_with_a_name_is_the_same_whoever_starts_it(lab: Lab) -> None:
    """A script of cron's has another process every time, so it says a name."""
    through_a_shell(lab, "--consumer", "cron")

    assert measurements(through_a_shell(lab, "--consumer", "cron")) == HEALTH


def test_kept_file_that_is_damaged_is_put_aside(lab: Lab) -> None:
    """What was given is not known any more then, so all is given, without a word on it."""
    lab.run(*ONLY)
    [path] = lab.state.rglob("given-*.json")
    path.write_text("{}", encoding="utf-8")

    assert measurements(lab.run(*ONLY).stdout) == ALL
    assert measurements(lab.run(*ONLY).stdout) == HEALTH


def test_kept_file_holds_no_name(lab: Lab) -> None:
    """Per user too, only checksums of figures are kept."""
    lab.run(*ONLY, "--per-user")
    [path] = lab.state.rglob("given-*.json")
    header, _, body = path.read_bytes().partition(b"\n")
    [given] = json.loads(body)["readers"].values()

    assert b"@" not in header + body
    assert sorted(given) == ["skype-devices-usage", "skype-users-activity"]


def test_failure_after_good_figures_is_in_health(make_lab: MakeLab) -> None:
    """Leaving figures out leaves no outcome out."""
    lab = make_lab(users=5)
    lab.run(*ONLY)
    lab.simulator.set_faults(["503"])
    done = lab.run(*ONLY, "--refresh-interval", "0")

    assert measurements(done.stdout) == HEALTH
    assert done.stdout.count('outcome="stale"') == 2


def test_execd_gives_figures_once(lab: Lab) -> None:
    """The process that stays remembers by itself what it wrote."""
    with execd(lab, "--changed-only") as staying:
        first, second = staying.asked(), staying.asked()

    assert measurements("\n".join(first)) == ALL
    assert measurements("\n".join(second)) == HEALTH


@pytest.mark.parametrize("command", ["collect", "execd"])
@pytest.mark.parametrize("words", [("--timestamp", "now"), ("--from-folder", "/nonexistent")])
def test_contradictions_are_refused(lab: Lab, command: str, words: tuple[str, ...]) -> None:
    """Points at the time of collection are all new, and a folder keeps nothing."""
    done = lab.run(command, "--changed-only", *words)

    assert (done.returncode, done.stdout) == (3, "")
    flag = " ".join(words[:1] if words[0] == "--from-folder" else words)
    assert done.stderr == f"E! {flag} and --changed-only contradict each other. Give one.\n"


def test_other_outputs_always_give_all(lab: Lab, tmp_path: Path) -> None:
    """Only line protocol has it: what answers for a state must be whole."""
    done = lab.run("collect", "--output", "json", "--changed-only")

    assert done.returncode == 3
    assert not list(tmp_path.rglob("given-*.json"))
