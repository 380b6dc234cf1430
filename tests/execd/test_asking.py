"""`execd` as Telegraf asks it: newlines, what they cost, and what is shared with others."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from conftest import Lab, MakeLab

from execd.staying import (
    ALWAYS,
    HANGING,
    INTERVAL,
    NOWHERE,
    execd,
    outcomes,
    processes,
    samples,
    spent,
    wait_for,
)

OK = ["ok", "ok"]


def test_newline_gets_the_samples_of_collect(lab: Lab) -> None:
    """An answer is what `collect` prints: the same samples, and a health line a report."""
    with execd(lab) as staying:
        answer = staying.asked()
    collected = lab.run("collect").stdout.splitlines()

    assert samples(answer) == samples(collected)
    assert outcomes(answer) == OK


def test_derived_report_is_answered_from_its_sources(lab: Lab) -> None:
    """They are fetched by the worker, and not printed."""
    with execd(lab, "--report", "migration", reports=1) as staying:
        answer = staying.asked()
    collected = lab.run("collect", "--report", "migration").stdout.splitlines()

    assert (samples(answer), outcomes(answer)) == (samples(collected), ["ok"])


@pytest.mark.parametrize("times", [50])
def test_every_newline_is_answered_and_one_fetch_serves_all(lab: Lab, times: int) -> None:
    """Fifty newlines, one after another, get fifty whole answers at the price of one fetch."""
    with execd(lab) as staying:
        answers = [staying.asked() for _ in range(times)]
        staying.hang_up()
        ended = staying.ended()

    assert [outcomes(answer) for answer in answers] == [OK] * times
    assert {tuple(samples(answer)) for answer in answers} == {tuple(samples(answers[0]))}
    assert lab.kinds() == ["discovery", "token", *("report", "download") * 4]
    assert ended == (0, "")


def test_newlines_that_come_while_one_is_answered_get_one_answer(lab: Lab) -> None:
    """What queued up behind a slow fetch is answered once: a second answer would say the same."""
    lab.simulator.configure(latency=0.3)
    with execd(lab) as staying:
        staying.signal()
        wait_for(lambda: lab.simulator.calls)
        staying.signal(20)
        first = outcomes(staying.answer())
        second = outcomes(staying.answer())
        staying.hang_up()
        ended = staying.ended()

    assert (first, second, ended) == (OK, OK, (0, ""))


def test_line_with_words_is_a_newline_too(lab: Lab) -> None:
    """What stands before the newline does not matter."""
    with execd(lab) as staying:
        assert staying.process.stdin is not None
        staying.process.stdin.write(b"collect, please\r\n")
        answer = outcomes(staying.answer())

    assert answer == OK


def test_newline_before_the_end_of_stdin_is_answered(lab: Lab) -> None:
    """One newline through a pipe that ends is answered from what is kept, and all ends well."""
    lab.run("collect")
    with execd(lab) as staying:
        staying.signal()
        staying.hang_up()
        code, rest = staying.ended()

    assert (code, outcomes(rest.splitlines())) == (0, OK)


def test_token_and_connections_stay(lab: Lab) -> None:
    """Refresh upon refresh logs in once, and asks once a report for the refresh date."""
    with execd(lab, *ALWAYS) as staying:
        answers = [outcomes(staying.due()) for _ in range(3)]

    assert answers == [OK] * 3
    assert lab.kinds() == [
        *("discovery", "token"),
        *("report", "download") * 4,
        *("report", "download") * 2,
        *("report", "download") * 2,
    ]


def test_unwritable_state_costs_no_further_call(lab: Lab, tmp_path: Path) -> None:
    """Where nothing can be kept, everything is kept in memory: token, results, the day's file."""
    (tmp_path / "file").touch()
    state = str(tmp_path / "file" / "state")
    with execd(lab, before=NOWHERE, O365_STATE_DIR=state) as staying:
        fresh = [staying.outcomes() for _ in range(3)]
    first = lab.kinds()
    lab.simulator.reset()
    with execd(lab, *ALWAYS, "--filter-user", "a", before=NOWHERE, O365_STATE_DIR=state) as staying:
        due = [staying.due() for _ in range(3)]

    assert fresh == [OK] * 3
    assert first == ["discovery", "token", *("report", "download") * 4]
    assert [outcomes(answer) for answer in due] == [OK] * 3
    assert len({tuple(samples(answer)) for answer in due}) == 1
    assert lab.kinds() == [
        *("discovery", "token"),
        *("report", "download") * 4,
        *("report", "download") * 4,
    ]


def test_call_budget_holds_without_a_state(lab: Lab, tmp_path: Path) -> None:
    """Twelve calls a function in ten minutes are made, though they can be written down nowhere."""
    (tmp_path / "file").touch()
    words = ("--refresh-interval", "0", "--report", "skype-devices-usage")
    state = str(tmp_path / "file" / "state")
    with execd(lab, *words, reports=1, before=NOWHERE, O365_STATE_DIR=state) as staying:
        answers = [staying.outcomes() for _ in range(9)]

    assert answers == [["ok"]] * 6 + [["stale"]] * 3
    assert len(lab.reports_asked()) == 12


def test_what_it_fetched_is_there_for_others(lab: Lab) -> None:
    """`collect` on the same host asks nothing, and neither does another `execd`."""
    with execd(lab) as staying:
        staying.asked()
        asked = len(lab.simulator.calls)
        done = lab.run("collect", "--per-user")
        with execd(lab) as other:
            answer = other.outcomes()

    assert (done.returncode, answer, len(lab.simulator.calls)) == (0, OK, asked)


@pytest.mark.parametrize("words", [(), ("--per-user", "--filter-user", "^[a-m]")])
def test_what_others_fetched_is_taken_over(lab: Lab, words: tuple[str, ...]) -> None:
    """Newer figures of another process of the host are the next answer, without any request."""
    with execd(lab, *words) as staying:
        before = samples(staying.asked())
        lab.simulator.configure(users=60)
        lab.run("refresh", "--all", "--refresh-interval", "0")
        asked = len(lab.simulator.calls)
        after = samples(staying.asked())
    collected = samples(lab.run("collect", *words).stdout.splitlines())

    assert before != after
    assert after == collected
    assert len(lab.simulator.calls) == asked


def test_question_is_that_of_collect(lab: Lab) -> None:
    """Filter, users and the choice of report work as in `collect`, warm and cold."""
    words = ("--report", "skype-users-activity", "--per-user", "--filter-user", "^[a-m]")
    with execd(lab, *words, reports=1) as staying:
        cold, warm = samples(staying.asked()), samples(staying.asked())
    collected = samples(lab.run("collect", *words).stdout.splitlines())

    assert len(collected) > 2
    assert cold == warm == collected


def test_filter_is_counted_from_what_is_kept_while_graph_is_away(lab: Lab) -> None:
    """An `execd` that begins while Graph is down serves its own users as stale."""
    words = ("--filter-user", "^[a-m]", "--report", "skype-devices-usage")
    expected = samples(lab.run("collect", *words).stdout.splitlines())
    lab.simulator.set_faults(["status=503@reports"])
    with execd(lab, *words, *ALWAYS, "--deadline", "6", reports=1) as staying:
        answer = staying.due()

    assert (outcomes(answer), samples(answer)) == (["stale"], expected)


def test_folder_of_report_files_is_read(lab: Lab) -> None:
    """--from-folder answers without credentials, as in `collect`."""
    folder = str(Path(__file__).parent.parent / "golden" / "typical-day" / "input")
    with execd(lab, "--from-folder", folder) as staying:
        answer = staying.asked()

    assert (outcomes(answer), lab.kinds()) == (OK, [])


def test_lost_worker_is_replaced(lab: Lab) -> None:
    """When the process that asks Graph is killed, what is known stays, and another one asks."""
    with execd(lab, *ALWAYS) as staying:
        first = staying.outcomes()
        [worker] = [pid for pid in processes(lab) if pid != staying.process.pid]
        lab.simulator.set_faults([HANGING])
        time.sleep(2 * INTERVAL)
        staying.signal()
        wait_for(lambda: spent(lab) == 5)
        os.kill(worker, signal.SIGKILL)
        lost = outcomes(staying.answer())
        held_off = outcomes(staying.due())

    assert (first, lost, held_off) == (OK, ["stale"] * 2, ["stale"] * 2)


def test_worker_lost_while_idle_is_not_missed(lab: Lab) -> None:
    """When the process that asks Graph ends between two newlines, the next one has another."""
    with execd(lab, *ALWAYS) as staying:
        first = staying.outcomes()
        [worker] = [pid for pid in processes(lab) if pid != staying.process.pid]
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: worker not in processes(lab))
        second = outcomes(staying.due())

    assert (first, second) == (OK, OK)


def test_slow_fetch_is_pending_and_a_later_newline_has_it(make_lab: MakeLab) -> None:
    """Past the deadline the answer is 'pending'; the fetch goes on, and nothing is asked twice."""
    lab = make_lab(users=20, latency=0.4)
    with execd(lab, "--deadline", "0.3") as staying:
        first = staying.outcomes()
        wait_for(lambda: staying.outcomes() == OK)

    assert first == ["pending", "pending"]
    assert len(lab.reports_asked()) == 4
