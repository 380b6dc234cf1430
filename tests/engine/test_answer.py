"""Answers from kept results: what is asked of Graph, and what is not."""

from __future__ import annotations

import json
import os
import stat
import time
from pathlib import Path

import pytest
from conftest import Lab, MakeLab

HEAVY = ("requests", "msal", "jinja2", "cryptography", "urllib3", "argparse", "dataclasses")


def held_file(lab: Lab, report: str = "skype-devices-usage") -> Path:
    """Give the file that one report is kept in."""
    [path] = lab.state.rglob(f"{report}.json")
    return path


def outcome(lab: Lab, *words: str, **env: str) -> list[str]:
    """Collect as JSON and give the outcomes."""
    done = lab.run("collect", "--output", "json", *words, **env)
    return [result["outcome"] for result in json.loads(done.stdout)["results"]]


def test_first_answer_asks_twice_a_report_and_downloads_each(lab: Lab) -> None:
    """An empty state costs one login, and a period and a day of each report."""
    lab.run("collect")

    assert [
        "discovery",
        "token",
        *("report", "download") * 4,
    ] == lab.kinds()


def test_second_answer_asks_nothing(lab: Lab) -> None:
    """A fresh result is printed without any request, the same as before."""
    first = lab.run("check", "skype-users-activity")
    asked = len(lab.simulator.calls)
    second = lab.run("check", "skype-users-activity")

    assert asked == len(lab.simulator.calls)
    assert first.stdout == second.stdout


@pytest.mark.parametrize("output", ["influx", "zabbix", "centreon", "json"])
def test_warm_answer_imports_nothing_heavy(lab: Lab, output: str) -> None:
    """A warm answer loads neither the network nor templates nor argparse."""
    lab.run("collect")
    code = (
        "import sys; from o365skype_bridge.cli.entry import main; "
        f"main(['collect', '--output', '{output}']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    process = lab.python_unmeasured(code)

    assert process.stderr == "[]\n"


def test_every_output_and_filter_shares_one_fetch(lab: Lab) -> None:
    """Another output, filter, threshold or unit asks nothing of Graph."""
    lab.run("collect")
    asked = len(lab.simulator.calls)
    for words in (
        ("collect", "--output", "zabbix"),
        ("collect", "--output", "json", "--per-user"),
        ("check", "skype-devices-usage", "--filter-user", "^a"),
        ("check", "skype-users-activity", "--units", "count", "--warning-active-users", "1:"),
    ):
        assert lab.run(*words).returncode in (0, 1)

    assert asked == len(lab.simulator.calls)


def test_filter_from_kept_files_equals_filter_of_a_fresh_fetch(lab: Lab) -> None:
    """A filter counted from the kept files gives what it gives on the wire."""
    words = ("check", "skype-users-activity", "--filter-user", "[a-m].*@", "--per-user")
    fresh = lab.run(*words, O365_STATE_DIR=str(lab.state.with_name("other")))
    lab.run("collect")
    kept = lab.run(*words)

    assert fresh.stdout == kept.stdout


def test_state_is_for_this_user_alone(lab: Lab) -> None:
    """Files are 0600 and folders 0700, whatever the umask."""
    before = os.umask(0)
    try:
        lab.run("collect")
    finally:
        os.umask(before)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in lab.state.rglob("*") if path.is_file()}
    folders = {
        stat.S_IMODE(path.stat().st_mode)
        for path in (lab.state, *lab.state.rglob("*"))
        if path.is_dir()
    }
    assert ({0o600}, {0o700}) == (modes, folders)


def test_state_holds_no_secret(lab: Lab) -> None:
    """The client secret is in no file of the state."""
    lab.run("collect")
    contents = b"".join(path.read_bytes() for path in lab.state.rglob("*") if path.is_file())

    assert lab.simulator.client_secret.encode() not in contents


def test_due_refresh_asks_the_period_only(lab: Lab) -> None:
    """With the day already held, a refresh costs one call a report."""
    lab.run("collect")
    lab.simulator.reset()
    time.sleep(0.05)
    lab.run("collect", "--refresh-interval", "0.01")

    assert lab.reports_asked() == ["D7", "D7"]


def test_new_refresh_date_fetches_the_new_day(lab: Lab) -> None:
    """A newer refresh date is followed by a call for that day."""
    lab.run("check", "skype-devices-usage")
    lab.simulator.reset()
    lab.simulator.configure(lag=1)
    lab.run("check", "skype-devices-usage", "--refresh-interval", "0.01")

    assert ["D7", str(lab.simulator.refresh_date())] == lab.reports_asked()


def test_interval_zero_asks_everything_every_time(lab: Lab) -> None:
    """A refresh interval of 0 keeps nothing in Graph's place."""
    lab.run("check", "skype-devices-usage")
    lab.simulator.reset()
    lab.run("check", "skype-devices-usage", "--refresh-interval", "0")

    assert ["D7", str(lab.simulator.refresh_date())] == lab.reports_asked()


def test_refresh_date_going_backwards_keeps_the_newer_data(lab: Lab) -> None:
    """Older data never replace newer ones, and it is said."""
    first = lab.run("check", "skype-devices-usage")
    lab.simulator.configure(lag=5)
    second = lab.run(
        "check", "skype-devices-usage", "--refresh-interval", "0.01", "--verbose"
    ).stdout.splitlines()

    assert first.stdout == f"{second[0]}\n"
    assert second[1].startswith("skype-devices-usage: Microsoft's refresh date went back to ")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is not a file of this program"),
        (b'{"schema": 1}', "it is not a file of this program"),
        (b"o365skype-bridge 1 00000000 2\n{}", "it is of another version of this program"),
        (b"o365skype-bridge 99 00000000 2\n{}", "it is of another version of this program"),
        (b"o365skype-bridge 2 00000000 2\n{}", "it is damaged or was changed"),
    ],
)
def test_file_that_cannot_be_trusted_is_put_aside(lab: Lab, content: bytes, why: str) -> None:
    """A torn, foreign, older or newer file is fetched anew, with one line."""
    lab.run("collect", "--report", "skype-devices-usage")
    path = held_file(lab)
    path.write_bytes(content)
    done = lab.run("collect", "--report", "skype-devices-usage")

    assert f"W! {path} was put aside: {why}; asking Graph again\n" == done.stderr
    assert content == path.with_name(f"{path.name}.aside").read_bytes()
    assert "success=true" in done.stdout


def test_changed_file_is_put_aside(lab: Lab) -> None:
    """A figure changed by hand is noticed."""
    lab.run("check", "skype-devices-usage")
    path = held_file(lab)
    path.write_bytes(path.read_bytes().replace(b'"skype.devices.ipad.count",', b"7"))

    assert "it is damaged or was changed" in lab.run("collect").stderr


def test_torn_file_at_every_length_is_survived(lab: Lab) -> None:
    """A result cut anywhere never gives a wrong answer or a traceback."""
    whole = lab.run("check", "skype-devices-usage").stdout
    content = held_file(lab).read_bytes()
    for length in range(0, len(content), 97):
        held_file(lab).write_bytes(content[:length])
        held_file(lab).with_name("calls.json").unlink()

        assert whole == lab.run("check", "skype-devices-usage").stdout


def test_file_from_the_future_is_said_and_fetched_anew(lab: Lab) -> None:
    """With the clock set back a day the kept result is not believed to be fresh."""
    lab.run("collect", "--report", "skype-devices-usage")
    asked = len(lab.simulator.calls)
    done = lab.run_at(-86400, "collect", "--report", "skype-devices-usage")

    assert f"W! {held_file(lab)} is from the future; asking Graph again\n" == done.stderr
    assert asked < len(lab.simulator.calls)


def test_clock_forward_a_day_refreshes(lab: Lab) -> None:
    """With the clock set forward a day the kept result is due."""
    lab.run("collect", "--report", "skype-devices-usage")
    asked = len(lab.simulator.calls)
    done = lab.run_at(86400, "collect", "--report", "skype-devices-usage")

    assert (done.returncode, done.stderr) == (0, "")
    assert asked < len(lab.simulator.calls)


def test_past_days_are_read_again_once_a_day(lab: Lab) -> None:
    """A day later the newest day is new, and the day before is asked again as it may be revised."""
    lab.run("check", "skype-devices-usage")
    yesterday = str(lab.simulator.refresh_date())
    lab.simulator.reset()
    lab.simulator.configure(lag=1)
    lab.run_at(90000, "check", "skype-devices-usage")

    assert ["D7", str(lab.simulator.refresh_date()), yesterday] == lab.reports_asked()


def test_revised_day_is_printed_again_at_its_own_time(make_lab: MakeLab) -> None:
    """Influx gets the days that may still be revised, each at its own midnight."""
    lab = make_lab(users=20)
    lab.run("collect", "--report", "skype-users-activity")
    lab.simulator.configure(lag=1)
    done = lab.run_at(90000, "collect", "--report", "skype-users-activity")
    lines = [line for line in done.stdout.splitlines() if "_users_activity," in line]
    days = list(dict.fromkeys(line.rpartition(" ")[2] for line in lines))

    assert len(days) == 2
    assert int(days[0]) - int(days[1]) == 86400 * 10**9


def test_no_temporary_file_is_left(lab: Lab) -> None:
    """What a killed process left behind is gone after the next fetch."""
    lab.run("collect")
    folder = held_file(lab).parent
    for name in ("skype-devices-usage.json.999999.tmp", "calls.json.999999.tmp", "x.1.tmp.tmp"):
        (folder / name).write_text("half")
    (folder / "skype-devices-usage.day.00000000.csv").write_text("orphan")
    lab.run("collect", "--refresh-interval", "0.01")

    assert [name for name in lab.report_files() if ".tmp" in name or "00000000" in name] == []


def test_unwritable_state_costs_speed_never_an_answer(
    lab: Lab, tmp_path: Path, spare: Path
) -> None:
    """A state folder that cannot be made is said in one line, and another one stands in for it."""
    blocker = tmp_path / "file"
    blocker.write_text("")
    words = ("collect", "--report", "skype-devices-usage", "--filter-user", ".")
    done = lab.run(*words, O365_STATE_DIR=f"{blocker}/state")
    again = lab.run(*words, O365_STATE_DIR=f"{blocker}/state")

    assert done.stderr == (
        f"W! the state folder {blocker}/state cannot be used (Not a directory); "
        f"{spare}/o365skype-bridge-0 is used until it can\n"
    )
    assert "success=true" in done.stdout
    assert "success=true" in again.stdout
    assert len(lab.reports_asked()) == 2
