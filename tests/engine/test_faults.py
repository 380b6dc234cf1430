"""Faults made to happen for real: an answer within the deadline, right or marked, always."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from accounts import DEVICES, give, run_as
from conftest import STRANGER, Lab, MakeLab

DUE = ("--refresh-interval", "0.01")


def results(lab: Lab, *words: str, **env: str) -> list[dict[str, Any]]:
    """Collect as JSON and give the results."""
    done = lab.run("collect", "--output", "json", *words, **env)
    found: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return found


def outcomes(lab: Lab, *words: str, **env: str) -> list[tuple[str, str | None]]:
    """Give outcome and cause of every report."""
    return [(result["outcome"], result["cause"]) for result in results(lab, *words, **env)]


def wait_for(condition: Any, seconds: float = 60.0) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def detached(lab: Lab) -> list[int]:
    """Give the processes that work for this lab in a session of their own."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            pid = int(path.parent.name)
            if str(lab.state).encode() in path.read_bytes() and os.getsid(pid) != os.getsid(0):
                found.append(pid)
        except OSError:
            continue
    return found


def begun(lab: Lab) -> int:
    """Give the calls of Graph that were begun, whether they were answered or not."""
    return sum(
        len(entry["calls"])
        for path in lab.state.rglob("calls.json")
        for entry in json.loads(path.read_text()).values()
    )


def test_slow_first_fetch_is_pending_and_the_next_poll_has_it(make_lab: MakeLab) -> None:
    """Past the deadline the answer is 'pending'; the fetch goes on and is kept."""
    lab = make_lab(users=20, latency=1)
    first = outcomes(lab, *DEVICES, "--deadline", "1")
    wait_for(lambda: "skype-devices-usage.json" in lab.report_files())
    asked = len(lab.simulator.calls)

    assert first == [("pending", None)]
    assert outcomes(lab, *DEVICES) == [("ok", None)]
    assert len(lab.simulator.calls) == asked


def test_slow_refresh_serves_the_last_result_as_stale(lab: Lab) -> None:
    """With a good result at hand a slow Graph makes it stale, with its age, not missing."""
    good = results(lab, *DEVICES)[0]
    lab.simulator.configure(latency=3)
    stale = results(lab, *DEVICES, *DUE, "--deadline", "1")[0]

    assert (stale["outcome"], stale["cause"]) == ("stale", "pending")
    assert stale["samples"] == good["samples"]
    assert stale["age_seconds"] >= good["age_seconds"]


def test_background_fetch_holds_no_pipe_of_the_agent(make_lab: MakeLab) -> None:
    """The agent sees end of file at once; the fetch has its own session and no terminal."""
    lab = make_lab(users=20, latency=20)
    process = lab.popen("collect", *DEVICES, "--deadline", "0.5")
    process.communicate(timeout=60)
    workers = detached(lab)
    opened = {
        str(Path(f"/proc/{pid}/fd/{number}").readlink()) for pid in workers for number in (0, 1, 2)
    }

    assert len(workers) == 1
    assert opened == {"/dev/null"}


def test_fetch_in_time_leaves_no_process_to_anybody(lab: Lab) -> None:
    """What ends before the deadline is waited for: the agent inherits no zombie."""
    code = (
        "import os\n"
        "from o365skype_bridge.cli.entry import main\n"
        "main(['collect'])\n"
        "try: print(os.waitpid(-1, os.WNOHANG))\n"
        "except ChildProcessError: print('no child')"
    )

    assert "no child" in lab.python(code).stdout.splitlines()


def test_late_fetch_is_reaped_by_a_process_that_stays(make_lab: MakeLab) -> None:
    """In a long-running process the next fetch lets go of what an earlier one left."""
    lab = make_lab(users=5, latency=0.2)
    code = (
        "import os, time\n"
        "from o365skype_bridge.cli.entry import main\n"
        "main(['collect', '--deadline', '0.5'])\n"
        "time.sleep(3)\n"
        "main(['collect', '--deadline', '20', '--refresh-interval', '0.01'])\n"
        "try: print(os.waitpid(-1, os.WNOHANG))\n"
        "except ChildProcessError: print('no child')"
    )

    assert "no child" in lab.python(code).stdout.splitlines()


def test_relative_paths_mean_the_same_to_a_detached_fetch(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """State folder, CA file and secret file are found from where the command was started."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ca.pem").write_bytes(Path(lab.env["O365_CA_FILE"]).read_bytes())
    (tmp_path / "secret").write_text(lab.env.pop("O365_CLIENT_SECRET"))
    (tmp_path / "secret").chmod(0o600)
    lab.env |= {
        "O365_CA_FILE": "ca.pem",
        "O365_CLIENT_SECRET_FILE": "secret",
        "O365_STATE_DIR": "state",
    }

    assert outcomes(lab, *DEVICES) == [("ok", None)]
    assert len(list((tmp_path / "state").rglob("skype-devices-usage.json"))) == 1


def test_no_background_ends_with_the_deadline(make_lab: MakeLab) -> None:
    """With --no-background nothing is left running after the answer."""
    lab = make_lab(users=20, latency=1)
    got = outcomes(lab, *DEVICES, "--deadline", "0.6", "--no-background")
    wait_for(lambda: not detached(lab))

    assert got == [("pending", None)]


def test_background_can_be_switched_off_in_the_configuration(
    make_lab: MakeLab, tmp_path: Path
) -> None:
    """`background = false` does what --no-background does."""
    lab = make_lab(users=20, latency=1)
    config = tmp_path / "config.toml"
    config.write_text("background = false\n")
    outcomes(lab, *DEVICES, "--deadline", "0.6", "--config", str(config))
    wait_for(lambda: not detached(lab))

    assert [name for name in lab.report_files() if name.endswith(".csv")] == []


@pytest.mark.parametrize("starts", [50])
def test_many_starts_at_once_make_one_fetch(lab: Lab, starts: int) -> None:
    """Fifty processes on an empty state ask what one asks, and all have the same answer."""
    processes = [
        lab.popen("check", "skype-devices-usage", O365_DEADLINE="30") for _ in range(starts)
    ]
    answers = Counter(process.communicate(timeout=60)[0] for process in processes)

    assert list(answers.values()) == [starts]
    assert lab.kinds() == ["discovery", "token", *("report", "download") * 2]


def test_start_between_answer_and_keeping_makes_no_second_fetch(lab: Lab) -> None:
    """Who finds nothing kept while the first result is being written waits for it and takes it."""
    code = (
        "import sys, time\n"
        "from o365skype_bridge.state.store import Store\n"
        "save = Store.save\n"
        "Store.save = lambda *words: (time.sleep(0.8), save(*words))\n"
        "from o365skype_bridge.cli.entry import main\n"
        "sys.exit(main(['check', 'skype-devices-usage']))"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", code], env=lab.env, stdout=subprocess.PIPE, text=True
    )
    wait_for(lambda: lab.kinds().count("download") == 2)
    second = lab.run("check", "skype-devices-usage")

    assert first.communicate(timeout=20)[0] == second.stdout
    assert lab.kinds().count("report") == 2


def test_start_before_and_look_after_the_keeping_makes_no_second_fetch(lab: Lab) -> None:
    """Who began before a result was kept and reads it afterwards finds it fresh."""
    code = (
        "import sys, time\n"
        "from o365skype_bridge.state.store import Store\n"
        "load = Store.load\n"
        "Store.load = lambda *words: (time.sleep(2), load(*words))[1]\n"
        "from o365skype_bridge.cli.entry import main\n"
        "sys.exit(main(['check', 'skype-devices-usage', '--deadline', '20']))"
    )
    slow = subprocess.Popen(
        [sys.executable, "-c", code], env=lab.env, stdout=subprocess.PIPE, text=True
    )
    time.sleep(0.7)
    quick = lab.run("check", "skype-devices-usage")

    assert slow.communicate(timeout=20)[0] == quick.stdout
    assert lab.kinds().count("report") == 2


def test_killed_refresher_leaves_no_lock(make_lab: MakeLab) -> None:
    """A refresher killed while it holds the lock does not hold up the next one."""
    lab = make_lab(users=20, latency=0.5)
    lab.run("collect", *DEVICES, "--deadline", "0.4")
    for pid in detached(lab):
        os.kill(pid, signal.SIGKILL)
    lab.simulator.configure(latency=0)

    assert outcomes(lab, *DEVICES) == [("ok", None)]
    assert [name for name in lab.report_files() if name.endswith(".tmp")] == []


def test_kill_at_any_moment_never_breaks_the_state(lab: Lab) -> None:
    """Refreshers killed at many moments leave a state that answers right and is clean."""
    good = lab.run("check", "skype-devices-usage").stdout
    for step in range(12):
        process = lab.popen("refresh", *DEVICES, "--all", O365_REFRESH_INTERVAL="0")
        time.sleep(0.12 + step * 0.02)
        process.kill()
        process.communicate()
        for path in lab.state.rglob("calls.json"):
            path.unlink()
        done = lab.run("check", "skype-devices-usage")
        assert (done.stdout, done.stderr) == (good, "")
    lab.run("refresh", *DEVICES, "--all")

    assert [name for name in lab.report_files() if name.endswith((".tmp", ".aside"))] == []


def test_hanging_refresher_does_not_hold_up_the_answer(make_lab: MakeLab) -> None:
    """While one refresher hangs, others answer by their deadline, stale."""
    lab = make_lab(users=20)
    lab.run("collect", *DEVICES)
    lab.simulator.set_faults(["delay=20@reports"])
    lab.run("collect", *DEVICES, *DUE, "--deadline", "0.6")
    wait_for(lambda: begun(lab) == 3)  # the simulator counts a call when it answers it
    asked = len(lab.simulator.calls)
    second = outcomes(lab, *DEVICES, *DUE, "--deadline", "0.8")

    assert second == [("stale", "pending")]
    assert len(lab.simulator.calls) == asked


def test_graph_down_for_three_days_is_stale_all_the_time(lab: Lab) -> None:
    """A report of two days' age is served through three days without Graph, and said to be old."""
    good = results(lab, *DEVICES)[0]
    lab.simulator.set_faults(["close"])
    for day in (0.1, 1, 2, 3):
        done = lab.run_at(day * 86400, "collect", "--output", "json", *DEVICES)
        [result] = json.loads(done.stdout)["results"]

        assert (result["outcome"], result["cause"]) == ("stale", "unreachable")
        assert result["samples"] == good["samples"]
        assert abs(result["age_seconds"] - good["age_seconds"] - day * 86400) < 60


def test_data_beyond_the_maximum_age_are_not_served(lab: Lab) -> None:
    """Once data are older than max_age the answer is the failure alone, and UNKNOWN."""
    lab.run("collect", *DEVICES)
    lab.simulator.set_faults(["close"])
    done = lab.run("check", "skype-devices-usage", *DUE, "--max-age", "1000")

    assert done.returncode == 3
    assert done.stdout.startswith("UNKNOWN: skype-devices-usage is unreachable: ")


def test_down_graph_is_not_asked_at_every_poll(lab: Lab) -> None:
    """After a failure the next polls answer from what is known, at once."""
    lab.run("collect", *DEVICES)
    lab.simulator.set_faults(["503"])
    lab.run("collect", *DEVICES, *DUE, "--deadline", "2")
    wait_for(lambda: not detached(lab))
    asked = len(lab.simulator.calls)
    again = [outcomes(lab, *DEVICES, *DUE) for _ in range(3)]

    assert again == [[("stale", "unreachable")]] * 3
    assert len(lab.simulator.calls) == asked


def test_retry_after_binds_every_process(lab: Lab) -> None:
    """A Retry-After of 600 s, met by one agent, keeps four others from asking."""
    lab.simulator.set_faults(
        [{"kind": "status", "status": 429, "headers": {"Retry-After": "600"}, "match": "reports"}]
    )
    first = outcomes(lab, *DEVICES)
    asked = len(lab.simulator.calls)
    processes = [lab.popen("check", "skype-devices-usage", *DUE) for _ in range(4)]
    codes = [process.wait(20) for process in processes]
    for process in processes:
        process.communicate()

    assert first == [("throttled", None)]
    assert codes == [3] * 4
    assert len(lab.simulator.calls) == asked


def test_call_budget_stops_before_graph_does(lab: Lab) -> None:
    """Twelve calls of a function in ten minutes are made, the thirteenth is not."""
    got = [outcomes(lab, *DEVICES, "--refresh-interval", "0")[0] for _ in range(7)]

    assert got == [("ok", None)] * 6 + [("stale", "throttled")]
    assert len(lab.reports_asked()) == 12


def test_token_revoked_between_fetches_is_renewed_once(lab: Lab) -> None:
    """A kept token that Graph refuses is dropped, and another login gets through."""
    lab.run("collect", *DEVICES)
    lab.simulator.reset()
    lab.simulator.set_faults(["401:1@reports"])

    assert outcomes(lab, *DEVICES, *DUE) == [("ok", None)]
    assert lab.kinds() == ["discovery", "report", "discovery", "token", "report", "download"]


@pytest.mark.parametrize(
    ("oddity", "cause"),
    [("header-only", "empty"), ("zero-bytes", "malformed"), ("short-row", "malformed")],
)
def test_bad_file_after_good_ones_loses_nothing(lab: Lab, oddity: str, cause: str) -> None:
    """An empty or broken file does not replace good data, which are served as stale."""
    good = results(lab, *DEVICES)[0]
    lab.simulator.configure(oddities=[oddity])
    stale = results(lab, *DEVICES, *DUE)[0]

    assert (stale["outcome"], stale["cause"]) == ("stale", cause)
    assert stale["samples"] == good["samples"]


def test_file_of_blank_cells_after_good_ones_loses_nothing(make_lab: MakeLab) -> None:
    """Nobody knows whether a blank is 0; the new day has no figures, and that is said."""
    lab = make_lab(users=20, bodies=(bodies := dict[tuple[str, str], bytes]()))
    words = ("--report", "skype-activity-counts")
    [good] = results(lab, *words)
    day = lab.simulator.refresh_date() + timedelta(days=1)
    names = [
        *("Report Refresh Date", "Report Date", "Report Period"),
        *("Peer-to-peer", "Organized", "Participated"),
    ]
    rows = f"{','.join(names)}\r\n{day},{day},7,,,\r\n"
    bodies["getSkypeForBusinessActivityCounts", "D7"] = rows.encode()
    [stale] = results(lab, *words, *DUE)

    assert (stale["outcome"], stale["cause"]) == ("stale", "empty")
    assert stale["message"] == "every figure of the report is blank"
    assert (stale["samples"], stale["refresh_date"]) == (good["samples"], good["refresh_date"])


def test_report_without_rows_is_asked_for_at_its_own_time(lab: Lab) -> None:
    """Graph has answered: to ask again in seconds would be too early."""
    results(lab, *DEVICES)
    lab.simulator.configure(oddities=["header-only"])
    lab.run_at(3700, "collect", *DEVICES)
    asked = len(lab.simulator.calls)
    lab.run_at(3700 + 600, "collect", *DEVICES)
    early = len(lab.simulator.calls) - asked
    lab.run_at(3700 + 3700, "collect", *DEVICES)

    assert early == 0
    assert len(lab.simulator.calls) > asked


@pytest.mark.parametrize(("fault", "cause"), [("404@reports", "gone"), ("truncate", "unreachable")])
def test_failing_download_after_good_ones_loses_nothing(lab: Lab, fault: str, cause: str) -> None:
    """A report that is gone, or always cut off, leaves the good data in place."""
    good = results(lab, *DEVICES)[0]
    lab.simulator.set_faults([fault])
    stale = results(lab, *DEVICES, *DUE, "--deadline", "3")[0]

    assert (stale["outcome"], stale["cause"]) == ("stale", cause)
    assert stale["samples"] == good["samples"]


def test_wrong_secret_put_right_works_at_once(lab: Lab) -> None:
    """A refused login is not repeated with the same secret, and is with another one."""
    wrong = outcomes(lab, *DEVICES, O365_CLIENT_SECRET="not-it")
    asked = len(lab.simulator.calls)
    still = outcomes(lab, *DEVICES, O365_CLIENT_SECRET="not-it")

    assert (wrong, still) == ([("unauthorized", None)], [("unauthorized", None)])
    assert len(lab.simulator.calls) == asked
    assert outcomes(lab, *DEVICES) == [("ok", None)]


def test_stale_answer_counts_only_whom_the_filter_wants(lab: Lab) -> None:
    """While Graph is away a filter still counts its own users, from the kept files."""
    words = ("check", "skype-users-activity", "--filter-user", "^a")
    good = lab.run(*words).stdout.partition(" - Total")[0]
    lab.simulator.set_faults(["503@reports"])
    fetched = lab.run(*words, *DUE)
    held_off = lab.run(*words, *DUE)

    assert "is stale" in fetched.stdout
    assert "is stale" in held_off.stdout
    assert [run.stdout.partition(" - Total")[0] for run in (fetched, held_off)] == [good] * 2


def test_stale_answer_without_report_files_has_no_figures(lab: Lab) -> None:
    """A filter that cannot be counted while Graph is away is the failure, not an empty OK."""
    lab.run("collect")
    for path in lab.state.rglob("*.csv"):
        path.unlink()
    lab.simulator.set_faults(["close"])
    done = lab.run("check", "skype-users-activity", "--filter-user", "a", "--deadline", "2")

    assert done.returncode == 3
    assert done.stdout.startswith("UNKNOWN: skype-users-activity is unreachable: ")


def test_changed_report_file_is_fetched_anew(lab: Lab) -> None:
    """A kept report file that somebody changed does not answer a filter."""
    words = ("check", "skype-users-activity", "--filter-user", "a")
    good = lab.run(*words).stdout
    for path in lab.state.rglob("*.csv"):
        path.write_bytes(path.read_bytes()[:-20] + b"0" * 20)

    assert lab.run(*words).stdout == good


def test_state_that_may_not_be_entered_is_done_without(
    lab: Lab, public: Path, stand_in: Path
) -> None:
    """Who may not enter the state folder gets an answer and one line."""
    lab.env["O365_STATE_DIR"] = str(public / "state")
    lab.run("collect", *DEVICES)
    done = run_as(lab, STRANGER, "collect", *DEVICES)

    assert "success=true" in done.stdout
    assert done.stderr == (
        f"W! the state folder {public}/state cannot be used (Permission denied); "
        f"{stand_in} is used until it can\n"
    )


def test_read_only_state_is_served(lab: Lab, public: Path, stand_in: Path) -> None:
    """On a state that can be read and not written, what is due is asked and what is not is read."""
    state = give(public / "state", STRANGER)
    lab.env["O365_STATE_DIR"] = str(state)
    run_as(lab, STRANGER, "collect", *DEVICES)
    for path in (state, *state.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    asked = len(lab.simulator.calls)
    warm = run_as(lab, STRANGER, "collect", *DEVICES)
    due = run_as(lab, STRANGER, "collect", *DEVICES, *DUE)

    assert (warm.stderr, due.stderr.count("cannot be used (Permission denied)")) == ("", 1)
    assert "success=true" in warm.stdout
    assert "success=true" in due.stdout
    assert len(lab.simulator.calls) == asked + 3
    assert stand_in.is_dir()


def test_full_disk_costs_speed_never_an_answer(
    make_lab: MakeLab, mount: Callable[[str], Path]
) -> None:
    """On a disk that has no room for the report files every answer is right, and it is said."""
    lab, small_disk = make_lab(users=3000), mount("size=128k")
    env = {"O365_STATE_DIR": str(small_disk / "state")}
    words = ("collect", "--report", "skype-users-activity", "--filter-user", "a")
    done = lab.run(*words, **env)
    again = lab.run(*words, **env)
    elsewhere = lab.run(*words)

    assert "No space left on device" in done.stderr
    samples = [run.stdout.splitlines()[0] for run in (done, again, elsewhere)]
    assert samples == [samples[0]] * 3
    assert list(small_disk.rglob("*.tmp")) == []


def test_file_system_without_locks_works_without_them(lab: Lab) -> None:
    """Where locks cannot be had, the answer comes all the same and in time."""
    code = (
        "import errno, fcntl\n"
        "def flock(*_): raise OSError(errno.ENOLCK, 'No locks available')\n"
        "fcntl.flock = flock\n"
        "from o365skype_bridge.cli.entry import main\n"
        "raise SystemExit(main(['check', 'skype-devices-usage', '--deadline', '40']))"
    )
    began = time.monotonic()

    assert lab.python(code).returncode == 0
    assert time.monotonic() - began < 30


def test_refresh_ends_at_its_deadline(lab: Lab) -> None:
    """However long Graph takes, a timer's job is over when it was told to be."""
    lab.simulator.set_faults(["delay=6@reports"])
    done = lab.run("refresh", "--deadline", "1")
    kinds = [line.split()[2] for line in done.stdout.splitlines()]

    assert done.returncode == 1
    assert (len(kinds), set(kinds) <= {"pending", "unreachable"}) == (2, True)


INTERRUPTED = {
    "refresh": "E! interrupted. Not fetched: {0} skype-devices-usage, {0} skype-users-activity.\n",
    "backfill": "E! interrupted. {0} skype-devices-usage: nothing was read; "
    "{0} skype-users-activity: nothing was read. Days that were read are kept.\n",
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", INTERRUPTED)
def test_who_waits_for_slow_graph_can_be_interrupted(
    lab: Lab, command: str, number: signal.Signals
) -> None:
    """Ctrl-C and a stopped service end it at once, and it says what is left."""
    lab.simulator.set_faults(["delay=6@reports"])
    process = lab.popen(command)
    wait_for(lab.reports_asked)
    process.send_signal(number)
    _, err = process.communicate(timeout=40)

    assert (process.returncode, err) == (
        3,
        INTERRUPTED[command].format(lab.simulator.tenant_ids[0]),
    )


def test_fetch_that_is_ended_leaves_a_failure(lab: Lab) -> None:
    """The next poll says what was in the way, and does not ask again at once."""
    lab.simulator.set_faults(["delay=6@reports"])
    lab.run("collect", *DEVICES, "--deadline", "1")
    wait_for(lambda: detached(lab))
    for pid in detached(lab):
        os.kill(pid, signal.SIGTERM)
    wait_for(lambda: not detached(lab))
    asked = len(lab.reports_asked())

    assert outcomes(lab, *DEVICES) == [("unreachable", None)]
    assert len(lab.reports_asked()) == asked
