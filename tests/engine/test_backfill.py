"""The days before the newest one: which, in which order, at which price, and said when missing."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from catalogue import CATALOGUE
from conftest import Lab, MakeLab
from readers import line_protocol

from o365skype_bridge.engine import backfill
from o365skype_bridge.engine.answer import Ask
from o365skype_bridge.model.values import Collection, day_start
from o365skype_bridge.settings.values import Settings

DEVICES = ("--report", "skype-devices-usage")
ACTIVITY = ("--report", "skype-users-activity")
FEW = ("--days", "5")
NANOSECONDS = 1_000_000_000


def days_of(text: str) -> list[date]:
    """Give the days of all lines, in the order of the lines."""
    points = line_protocol.read(text) if text else []
    seconds = [int(point.time) // NANOSECONDS for point in points]
    return [datetime.fromtimestamp(second, UTC).date() for second in seconds]


def before(lab: Lab, *back: int) -> list[date]:
    """Give the days so many before the newest one, the oldest first."""
    newest = lab.simulator.refresh_date()
    return [newest - timedelta(days=number) for number in sorted(back, reverse=True)]


def forget_calls(lab: Lab) -> None:
    """Let ten minutes pass for the call budget."""
    for path in lab.state.rglob("calls.json"):
        path.unlink()


def asked_days(lab: Lab) -> list[str]:
    """Give the single days that Graph was asked for, in order."""
    return [asked for asked in lab.reports_asked() if asked != "D7"]


def body(lab: Lab, function: str, day: date) -> bytes:
    """Give the file of one day as the simulated Graph has it."""
    tenant = lab.simulator.tenant(lab.simulator.tenant_ids[0])
    assert tenant is not None
    return b"".join(lab.simulator.data(tenant).body(function, str(day)))


def unique(days: Iterable[date]) -> list[date]:
    return list(dict.fromkeys(days))


def test_days_before_the_newest_come_in_the_order_of_time(lab: Lab) -> None:
    """Five days of both reports, the oldest first across reports, and no health lines."""
    done = lab.run("backfill", *FEW)
    days = days_of(done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert unique(days) == before(lab, 5, 4, 3, 2, 1)
    assert days == sorted(days)
    assert [days.count(day) for day in unique(days)] == [18] * 5
    assert "o365_bridge," not in done.stdout


def test_figures_are_those_of_their_day(make_lab: MakeLab) -> None:
    """Those that `collect` printed when it was the newest, but nothing of its period."""
    today = datetime.now(UTC).date()
    lab = make_lab(users=20, today=today - timedelta(days=1))
    then = lab.run("collect", O365_STATE_DIR=str(lab.state.with_name("then"))).stdout
    lab.simulator.configure(today=today)
    now = lab.run("backfill", "--days", "1").stdout
    expected = [
        re.sub(r",(active_max|recent_\w+|deleted)=\d+i", "", line)
        for line in then.splitlines()
        if not line.startswith("o365_bridge,") and ",type=" not in line
    ]

    assert now.splitlines() == expected
    assert "active_max" in then


def test_maximum_is_printed_where_it_is_known(make_lab: MakeLab) -> None:
    """A day that was collected when it was the newest one costs no call and has its maximum."""
    today = datetime.now(UTC).date()
    lab = make_lab(users=20, today=today - timedelta(days=1))
    then = lab.run("collect").stdout
    lab.simulator.configure(today=today)
    lab.run("refresh", "--all")
    asked = len(lab.simulator.calls)
    now = lab.run("backfill", "--days", "1").stdout

    assert now.splitlines() == [
        line for line in then.splitlines() if not line.startswith("o365_bridge,")
    ]
    assert len(lab.simulator.calls) == asked


def test_newest_day_is_for_collect(lab: Lab) -> None:
    """After a backfill `collect` asks nothing, and prints the one day that is not in it."""
    past = set(days_of(lab.run("backfill", *FEW).stdout))
    asked = len(lab.simulator.calls)
    collected = lab.run("collect").stdout.splitlines(keepends=True)
    newest = set(days_of("".join(line for line in collected if "o365_bridge" not in line)))

    assert newest == {lab.simulator.refresh_date()}
    assert past & newest == set()
    assert len(lab.simulator.calls) == asked


def test_second_run_prints_the_same_and_asks_nothing(lab: Lab) -> None:
    """Every day is asked for once; what it came to is kept and printed again."""
    first = lab.run("backfill", *FEW)
    asked = len(lab.simulator.calls)
    second = lab.run("backfill", *FEW)

    assert (first.returncode, first.stdout) == (0, second.stdout)
    assert len(lab.simulator.calls) == asked


def test_everything_takes_three_runs_within_the_budget(make_lab: MakeLab) -> None:
    """A run stops short of the budget and says what is left; the next ones go on from there."""
    lab = make_lab(users=30, enforce_quota=True)
    every = before(lab, *range(1, 27))
    runs = []
    for _ in range(4):
        runs.append(lab.run("backfill", *DEVICES))
        spent = len(lab.reports_asked())
        lab.simulator.reset()
        forget_calls(lab)
        runs[-1].args = (spent, unique(days_of(runs[-1].stdout)))

    assert [run.args for run in runs] == [
        (10, every[:8]),
        (10, every[:18]),
        (8, every),
        (0, every),
    ]
    assert [run.returncode for run in runs] == [1, 1, 0, 0]
    assert runs[0].stderr == (
        f"E! {lab.simulator.tenant_ids[0]} skype-devices-usage: days left: 18 "
        f"({every[8]} to {every[-1]}), throttled: the budget of 10 calls in 10 minutes for "
        "getSkypeForBusinessDeviceUsageUserDetail is used up. "
        "Run the same command again in 10 minutes.\n"
    )
    assert runs[2].stderr == ""


def test_collect_finds_the_budget_that_was_left_for_it(lab: Lab) -> None:
    """After a backfill that stopped at the budget a refresh gets through."""
    lab.run("backfill", *DEVICES)
    done = lab.run("refresh", "--all", *DEVICES)

    assert done.stdout.split()[1:3] == ["skype-devices-usage", "ok"]


def test_oldest_days_are_asked_for_first(lab: Lab) -> None:
    """Graph forgets them first."""
    lab.run("backfill", *FEW, *DEVICES)

    assert asked_days(lab) == [str(day) for day in [*before(lab, 0), *before(lab, 5, 4, 3, 2, 1)]]


def test_day_too_long_ago_is_not_asked_for(lab: Lab) -> None:
    """No call is spent on what Graph has not had for long: all that is asked for is answered."""
    for _ in range(3):
        lab.run("backfill", *DEVICES)
        forget_calls(lab)
    statuses = {call.status for call in lab.simulator.calls if call.kind == "report"}

    assert statuses == {302}
    assert min(asked_days(lab)) == str(datetime.now(UTC).date() - timedelta(days=28))


def test_day_without_rows_is_said_and_not_zero(make_lab: MakeLab) -> None:
    """A holiday has no line; it is said, and not asked for again."""
    lab = make_lab(users=20, oddities=["day-header-only"])
    first = lab.run("backfill", "--days", "2", *DEVICES)
    asked = len(lab.simulator.calls)
    second = lab.run("backfill", "--days", "2", *DEVICES)
    days = ", ".join(map(str, before(lab, 2, 1)))

    assert (first.returncode, first.stdout) == (0, "")
    assert first.stderr == (
        f"W! {lab.simulator.tenant_ids[0]} skype-devices-usage: nobody was active on {days}; "
        "nothing is printed for that\n"
    )
    assert (second.stdout, second.stderr) == (first.stdout, first.stderr)
    assert len(lab.simulator.calls) == asked


def test_day_that_graph_has_not_is_said(lab: Lab) -> None:
    """When Graph has forgotten a day earlier than it should, the others are printed."""
    lab.run("collect", *DEVICES)
    gone = before(lab, 2)[0]
    lab.simulator.set_faults([f"date-refused@{gone}"])
    done = lab.run("backfill", "--days", "3", *DEVICES)

    assert unique(days_of(done.stdout)) == before(lab, 3, 1)
    assert done.returncode == 0
    assert done.stderr == (
        f"W! {lab.simulator.tenant_ids[0]} skype-devices-usage: Graph has no report of {gone} "
        "any more\n"
    )


def test_broken_day_is_left_and_the_others_are_read(lab: Lab) -> None:
    """A file that is no report is tried again at the next run."""
    lab.run("collect", *DEVICES)
    lab.simulator.set_faults([f"html@{before(lab, 2)[0]}"])
    first = lab.run("backfill", "--days", "3", *DEVICES)
    lab.simulator.set_faults([])
    second = lab.run("backfill", "--days", "3", *DEVICES)

    assert (first.returncode, unique(days_of(first.stdout))) == (1, before(lab, 3, 1))
    assert (second.returncode, unique(days_of(second.stdout))) == (0, before(lab, 3, 2, 1))
    assert re.search(r"days left: 1 \(.*\), malformed: ", first.stderr)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("forbidden-flat@reports", "nothing was read, forbidden: "),
        ("token-7000215", "nothing was read, unauthorized: "),
    ],
)
def test_graph_that_refuses_is_said_for_every_report(lab: Lab, fault: str, said: str) -> None:
    """Without access there is nothing to print, and the remedy is named."""
    lab.simulator.set_faults([fault])
    done = lab.run("backfill")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count(said) == 2


def test_throttled_by_graph_says_when_to_go_on(lab: Lab) -> None:
    """Graph's own wait is obeyed, here and in the next run."""
    lab.run("collect", *DEVICES)
    lab.simulator.set_faults(["throttled-seconds@reports"])
    first = lab.run("backfill", *FEW, *DEVICES)
    asked = len(lab.reports_asked())
    second = lab.run("backfill", *FEW, *DEVICES)

    assert "Please retry again later. Run the same command again in 10 minutes." in first.stderr
    assert [first.returncode, second.returncode] == [1, 1]
    assert len(lab.reports_asked()) == asked


def test_deadline_ends_the_asking_and_what_was_read_is_printed(lab: Lab) -> None:
    """With a deadline, a slow Graph costs days and not the time of whoever waits."""
    lab.run("collect", *DEVICES)
    first = lab.run("backfill", "--days", "1", *DEVICES)
    lab.simulator.set_faults(["delay=3@reports"])
    done = lab.run("backfill", *FEW, *DEVICES, "--deadline", "1")

    assert done.returncode == 1
    assert done.stdout == first.stdout
    assert "days left: 4" in done.stderr
    assert len(lab.reports_asked()) <= 4


def test_kill_loses_no_day(lab: Lab) -> None:
    """What was read before a run was killed is not asked for again."""
    lab.run("collect", *DEVICES)
    lab.simulator.configure(latency=0.1)
    process = lab.popen("backfill", *FEW, *DEVICES)
    end = time.monotonic() + 60
    while len(list(lab.state.rglob("*.past.*.json"))) < 2:
        assert time.monotonic() < end
        time.sleep(0.01)
    process.kill()
    process.communicate()
    lab.simulator.configure(latency=0)
    kept = [path.name.split(".")[2] for path in lab.state.rglob("*.past.*.json")]
    done = lab.run("backfill", *FEW, *DEVICES)

    assert unique(days_of(done.stdout)) == before(lab, 5, 4, 3, 2, 1)
    assert [asked_days(lab).count(day) for day in kept] == [1] * len(kept)


def test_two_at_once_share_the_work(lab: Lab) -> None:
    """Of two runs at the same time one waits for the other, and takes what it has kept."""
    lab.run("collect", *DEVICES)
    processes = [lab.popen("backfill", *FEW, *DEVICES) for _ in range(2)]
    outs = [process.communicate(timeout=60)[0] for process in processes]

    assert outs[0] == outs[1] != ""
    assert len(asked_days(lab)) == 1 + 5


def test_selection_of_users_is_asked_for_by_itself(lab: Lab) -> None:
    """A filter or single users are other figures: their days are read once, too."""
    every = lab.run("backfill", "--days", "2", *ACTIVITY)
    words = ("backfill", "--days", "2", *ACTIVITY, "--per-user", "--filter-user", "^[a-m]")
    some, again = lab.run(*words), lab.run(*words)

    assert some.stdout == again.stdout != every.stdout
    assert ",user=" in some.stdout
    assert len(asked_days(lab)) == 1 + 2 + 2
    assert {point.tags["user"][0] < "n" for point in users(some.stdout)} == {True}


def users(text: str) -> list[line_protocol.Point]:
    """Give the points of single users."""
    return [point for point in line_protocol.read(text) if "user" in point.tags]


def test_caps_and_pseudonyms_apply(lab: Lab, tmp_path: Path) -> None:
    """No name is printed of the past either, and no more users than asked for."""
    key = tmp_path / "key"
    key.write_text("a long random key")
    key.chmod(0o600)
    words = ("--per-user", "--max-users", "2", "--pseudonymize", str(key))
    done = lab.run("backfill", "--days", "2", *ACTIVITY, *words)
    found = users(done.stdout)

    assert len(found) == 2 * 3
    assert all(re.fullmatch(r"user-[0-9a-f]{16}|other", point.tags["user"]) for point in found)
    assert "@" not in done.stdout + done.stderr


def test_changed_file_is_read_again(lab: Lab) -> None:
    """A kept day that somebody changed is put aside with a line, and asked for again."""
    first = lab.run("backfill", "--days", "2", *DEVICES)
    path = min(lab.state.rglob("*.past.*.json"))
    path.write_bytes(path.read_bytes().replace(b"1", b"2"))
    second = lab.run("backfill", "--days", "2", *DEVICES)

    assert second.stdout == first.stdout
    assert (second.returncode, second.stderr.count("was put aside")) == (0, 1)


def test_unwritable_state_costs_resuming_not_the_answer(lab: Lab, tmp_path: Path) -> None:
    """Where no day can be kept it is printed all the same."""
    (tmp_path / "file").touch()
    done = lab.run("backfill", *FEW, *DEVICES, O365_STATE_DIR=str(tmp_path / "file" / "state"))

    assert unique(days_of(done.stdout)) == before(lab, 5, 4, 3, 2, 1)
    assert done.returncode == 0


def test_days_that_nobody_will_ask_for_are_deleted(lab: Lab) -> None:
    """Kept days go when they are older than anything Graph has."""
    lab.run("backfill", "--days", "1", *DEVICES)
    [path] = lab.state.rglob("*.past.*.json")
    old = path.with_name("skype-devices-usage.past.2020-01-01.00000000.json")
    odd = path.with_name("skype-devices-usage.past.odd.json")
    path.rename(old)
    odd.touch()
    lab.run("backfill", "--days", "1", *DEVICES)

    assert [one.exists() for one in (path, old, odd)] == [True, False, True]


def test_kept_days_are_for_this_user_alone(lab: Lab) -> None:
    """They may hold names."""
    lab.run("backfill", "--days", "1", *ACTIVITY, "--per-user")
    [path] = lab.state.rglob("*.past.*.json")

    assert path.stat().st_mode & 0o777 == 0o600


def test_new_tenant_without_users_is_said(make_lab: MakeLab) -> None:
    """An empty report has no past; that is no failure."""
    lab = make_lab(users=20, oddities=["header-only"])
    done = lab.run("backfill", *DEVICES)

    assert (done.returncode, done.stdout) == (0, "")
    assert "the report has a header and no rows" in done.stderr


@pytest.mark.parametrize("days", ["0", "29", "-1", "many", "1.5", "٣", "100", "1000000"])
def test_what_is_no_number_of_days_is_refused(lab: Lab, days: str) -> None:
    """Graph has 28 days at most."""
    done = lab.run("backfill", f"--days={days}")

    assert (done.returncode, done.stdout, lab.kinds()) == (3, "", [])
    assert done.stderr.startswith("E! --days ")


def test_filter_that_is_no_expression_is_refused(lab: Lab) -> None:
    """As everywhere."""
    done = lab.run("backfill", "--filter-user", "(")

    assert (done.returncode, lab.kinds()) == (3, [])


def test_closed_stdout_is_3_without_a_traceback(lab: Lab) -> None:
    """Whoever stops reading gets no complaint."""
    lab.run("backfill", *FEW)
    process = lab.popen("backfill", *FEW)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (3, "")


def test_collections_are_there_for_every_output(lab: Lab) -> None:
    """A collection a day, with a good result a report, its refresh date being the day."""
    settings = Settings(tenants=(lab.tenant(),), state_dir=str(lab.state))
    past = backfill.collections(settings, Ask(reports=CATALOGUE), 3)
    found = list(past)

    assert [[result.refresh_date for result in one.results] for one in found] == [
        [day] * 2 for day in before(lab, 3, 2, 1)
    ]
    assert all(isinstance(one, Collection) for one in found)
    assert {result.outcome.kind for one in found for result in one.results} == {"ok"}
    assert (past.left, past.problems, past.without_data, past.forgotten) == ([], [], {}, {})


def test_times_are_the_beginning_of_the_day(lab: Lab) -> None:
    """Points lie where `collect` puts them, so that another run overwrites and adds none."""
    done = lab.run("backfill", "--days", "1", *DEVICES)
    [day] = before(lab, 1)

    assert {point.time for point in line_protocol.read(done.stdout)} == {
        day_start(day) * NANOSECONDS
    }


def test_state_holds_the_question_only_as_a_mark(lab: Lab) -> None:
    """A filter may be somebody's name: it is in no file and in no file's name."""
    lab.run("backfill", "--days", "1", *ACTIVITY, "--filter-user", "somebody|")
    contents = [path.name.encode() + path.read_bytes() for path in lab.state.rglob("*.past.*.json")]

    assert [content for content in contents if b"somebody" in content] == []
    assert json.loads(contents[0].partition(b"\n")[2])["outcome"] == {"kind": "ok"}
