"""Only figures that are in the report: what a file says wrongly is an outcome, and no number."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Lab, MakeLab
from readers import line_protocol
from readers.files import ACTIVITY, BOM, DEVICES, activity_row, device_row, written

from o365skype_bridge.engine.assemble import MORE_NOTE

FUNCTIONS = {
    "skype-devices-usage": "getSkypeForBusinessDeviceUsageUserDetail",
    "skype-users-activity": "getSkypeForBusinessActivityUserDetail",
}
DEVICES_USAGE, USERS_ACTIVITY = FUNCTIONS
MONTH = 30 * 86400
ALWAYS = ("--refresh-interval", "0")


Made = tuple[bytes, bytes]


def newest() -> date:
    """Give the simulator's newest day."""
    return datetime.now(UTC).date() - timedelta(days=2)


def back(days: int) -> str:
    """Give a day so many before the newest one."""
    return str(newest() - timedelta(days=days))


def devices(user: str, used: str, period: int, day: str = "", **cells: str) -> list[str]:
    """Give a row of the devices report, with these cells changed."""
    row = device_row(user, used, period, day or back(0))
    for name, cell in cells.items():
        row[DEVICES.index(name.replace("_", " "))] = cell
    return row


def activity(user: str, *figures: object, period: int = 1) -> list[str]:
    """Give a row of the activity report."""
    return activity_row(user, *figures, period=period, day=back(0))


def week(*more: list[str]) -> bytes:
    """Give a good file of the seven days, with these rows besides."""
    return written(DEVICES, *(devices(user, "WP", 7) for user in "abcd"), *more)


def day(*more: list[str]) -> bytes:
    """Give a good file of the newest day, with these rows besides."""
    return written(DEVICES, devices("a", "W", 1), devices("b", "W", 1), *more)


def many(row: Callable[[str], list[str]], odd: list[str]) -> bytes:
    """Give a file of a thousand rows whose last but one is odd."""
    return written(DEVICES, *(row(f"user{number}") for number in range(998)), odd, row("last"))


REFRESHED = "the report's refresh date is"
WRONG: dict[str, Callable[[], tuple[Made, str]]] = {
    "a yes in another language": lambda: (
        (week(), day(devices("c", "", 1, Used_iPhone="Ja"))),
        "column 'Used iPhone' holds 'Ja', not Yes or No",
    ),
    "a number for a yes in the week": lambda: (
        (week(devices("e", "", 7, Used_Windows="1")), day()),
        "column 'Used Windows' holds '1', not Yes or No",
    ),
    "the file of the day before": lambda: (
        (week(), written(DEVICES, devices("a", "W", 1, back(1)))),
        f"{REFRESHED} '{back(1)}'; date={back(0)} was asked for",
    ),
    "the file of the day after": lambda: (
        (week(), written(DEVICES, devices("a", "W", 1, back(-1)))),
        f"{REFRESHED} '{back(-1)}'; date={back(0)} was asked for",
    ),
    "a row of another day among many": lambda: (
        (week(), many(lambda user: devices(user, "W", 1), devices("x", "W", 1, back(1)))),
        f"{REFRESHED} '{back(1)}' in row 999; date={back(0)} was asked for",
    ),
    "a row of another day in the week": lambda: (
        (many(lambda user: devices(user, "W", 7), devices("x", "W", 7, back(1))), day()),
        f"'Report Refresh Date' is '{back(0)}' in row 1 and '{back(1)}' in row 999",
    ),
    "a row of the week in the day": lambda: (
        (week(), many(lambda user: devices(user, "W", 1), devices("x", "W", 7))),
        f"'Report Period' is '7' in row 999; date={back(0)} was asked for",
    ),
    "thirty days for seven": lambda: (
        (week().replace(b",7\n", b",30\n"), day()),
        "'Report Period' is '30'; period='D7' was asked for",
    ),
    "two files joined": lambda: (
        (week(), day() + day()),
        f"{REFRESHED} '\\ufeffReport Refresh Date' in row 3, not a date like 2026-11-20",
    ),
    "two files joined without a mark": lambda: (
        (week() + week().removeprefix(BOM), day()),
        f"{REFRESHED} 'Report Refresh Date' in row 5, not a date like 2026-11-20",
    ),
    "a day joined to the week": lambda: (
        (week() + day().split(b"\n", 1)[1], day()),
        "'Report Period' is '1' in row 5; period='D7' was asked for",
    ),
    "a column twice": lambda: (
        (week().replace(b"Last Activity Date", b"used  windows"), day()),
        "the report has the column 'Used Windows' more than once",
    ),
    "two columns of users": lambda: (
        (week(), day().replace(b"Last Activity Date", b"User Principal Name")),
        "the report has the column 'User Principal Name' more than once",
    ),
    "two refresh dates": lambda: (
        (week().replace(b"Last Activity Date", b"Report Refresh Date"), day()),
        "the report has the column 'Report Refresh Date' more than once",
    ),
    "two periods": lambda: (
        (week(), day().replace(b"Last Activity Date", b"Report Period")),
        "the report has the column 'Report Period' more than once",
    ),
    "half a row": lambda: (
        (week(), day()[:-20]),
        "row 2 of the report has 3 cells instead of 9",
    ),
    "half a cell": lambda: (
        (week()[:-2], day()),
        "'Report Period' is '' in row 4; period='D7' was asked for",
    ),
    "half a quoted cell": lambda: (
        (week() + f'{back(0)},"e'.encode(), day()),
        "line 6 of the report: unexpected end of data",
    ),
    "a week that has not come": lambda: (
        (written(DEVICES, devices("a", "W", 7, back(-4))), day()),
        f"{REFRESHED} '{back(-4)}', which has not come yet",
    ),
    "a week of 2036": lambda: (
        (written(DEVICES, devices("a", "W", 7, "2036-02-29")), day()),
        f"{REFRESHED} '2036-02-29', which has not come yet",
    ),
    "the last day there is": lambda: (
        (written(DEVICES, devices("a", "W", 7, "9999-12-31")), day()),
        f"{REFRESHED} '9999-12-31', which has not come yet",
    ),
    "the first day there was": lambda: (
        (written(DEVICES, devices("a", "W", 7, "0001-01-01")), day()),
        f"{REFRESHED} '0001-01-01', which cannot be",
    ),
}
"""What can be wrong with the two files of the devices report, and what is said of it."""

OTHERS = {"the file of the day before", "the file of the day after", "thirty days for seven"}
"""Files that are good answers to other questions."""

NO_COUNTS = ["-1", "+5", "1_000", "\u0661\u0662", "1e3", "0x1F", "inf", "nan", "1,5", "1 000"]


def bodies(made: Made, report: str = DEVICES_USAGE) -> dict[tuple[str, str], bytes]:
    """Give the two files as the simulator takes them."""
    function = FUNCTIONS[report]
    return {(function, "D7"): made[0], (function, back(0)): made[1]}


def collected(lab: Lab, *words: str, report: str = DEVICES_USAGE) -> dict[str, Any]:
    """Collect one report as JSON."""
    done = lab.run("collect", "--output", "json", "--report", report, *words)
    [found] = json.loads(done.stdout)["results"]
    assert isinstance(found, dict)
    return found


def said(result: dict[str, Any]) -> tuple[str, str, int]:
    """Give an answer's outcome, its message, and how many figures came with it."""
    return result["outcome"], result["message"], len(result["samples"])


def saved(lab: Lab, folder: Path, **files: bytes) -> dict[str, Any]:
    """Collect the devices report from a folder with these files."""
    for name, body in files.items():
        (folder / f"{name}.csv").write_bytes(body)
    for name in [name for name in lab.env if name.startswith("O365_")]:
        del lab.env[name]
    return collected(lab, "--from-folder", str(folder))


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_is_not_the_report_is_malformed(make_lab: MakeLab, what: str) -> None:
    """No figure of it is shown, and what is wrong with it is said."""
    made, message = WRONG[what]()

    assert said(collected(make_lab(bodies=bodies(made)))) == ("malformed", message, 0)


@pytest.mark.parametrize("cell", NO_COUNTS)
@pytest.mark.parametrize("words", [(), ("--per-user",), ("--filter-user", "^a$")])
def test_what_is_no_count_is_malformed(
    make_lab: MakeLab, cell: str, words: tuple[str, ...]
) -> None:
    """With its column and what stands there, whoever is looked at."""
    made = (
        written(ACTIVITY, *(activity(user, 9, 9, 9, period=7) for user in "ab")),
        written(ACTIVITY, activity("a", 1, 2, 3), activity("b", 1, cell, 3)),
    )
    lab = make_lab(bodies=bodies(made, USERS_ACTIVITY))

    assert said(collected(lab, *words, report=USERS_ACTIVITY)) == (
        "malformed",
        f"column 'Total Organized Conference Count' holds {cell!a}, not a count",
        0,
    )


@pytest.mark.parametrize("what", WRONG)
def test_a_saved_file_that_is_not_the_report_is_malformed(
    lab: Lab, tmp_path: Path, what: str
) -> None:
    """A folder is believed no more than Graph; a file of another day or period is not taken."""
    made, message = WRONG[what]()
    found = saved(lab, tmp_path, week=made[0], day=made[1])
    named = found["message"].partition(".csv: ")[2]

    assert (found["outcome"], found["samples"]) == ("gone" if what in OTHERS else "malformed", [])
    assert named == ("" if what in OTHERS else message)


def test_the_week_is_found_among_longer_periods(lab: Lab, tmp_path: Path) -> None:
    """Whatever the files are called, and although the others are newer and have more users."""
    longer = {
        f"d{period}": gzip.compress(
            written(DEVICES, *(devices(user, "WPAID", period, refreshed) for user in "abcdefgh"))
        )
        for period, refreshed in ((30, back(0)), (90, back(-1)), (180, back(-2)))
    }
    found = saved(lab, tmp_path, **longer, a=week(), z=day())
    (tmp_path / "a.csv").unlink()

    assert (found["samples"][0]["value"], found["samples"][0]["max"]) == (2, 8)
    assert said(saved(lab, tmp_path))[::2] == ("gone", 0)


def test_true_and_false_are_yes_and_no(make_lab: MakeLab) -> None:
    """In any case, they give the same figures."""
    found = collected(make_lab(users=40, oddities=["true-false"]))

    assert found["samples"] == collected(make_lab(users=40))["samples"]
    assert found["samples"][0]["value"] > 0


def test_a_contradiction_of_microsofts_is_noted(make_lab: MakeLab) -> None:
    """A day may have more users than its week: deleted ones are listed in one of them only."""
    made = week(), day(*(devices(user, "W", 1) for user in "cdefghij"))
    found = collected(make_lab(bodies=bodies(made)))

    assert (found["outcome"], found["notes"]) == ("ok", [MORE_NOTE])
    assert (found["samples"][0]["value"], found["samples"][0]["max"]) == (10, 8)


CUT = "the answer was cut off"
ENDLESS = "the answer may be cut off: it does not say how long it is"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"kind": "gzip-cut"}, CUT),
        ({"kind": "truncate", "at_line": 11}, CUT),
        ({"kind": "truncate-chunked", "at_line": 11}, CUT),
        ({"kind": "until-close", "at_line": 11}, ENDLESS),
        ({"kind": "until-close"}, ENDLESS),
    ],
)
def test_a_body_that_may_be_cut_is_not_believed(
    make_lab: MakeLab, fault: dict[str, Any], message: str
) -> None:
    """Where every row of it is good, too: some rows would pass for all."""
    lab = make_lab(users=200, faults=[fault])
    outcome, text, figures = said(collected(lab, "--deadline", "1.5"))

    assert (outcome, figures) == ("unreachable", 0)
    assert text.partition(": ")[2] == message


@pytest.mark.parametrize("fault", ["gzip", "chunked"])
def test_a_whole_body_is_believed_however_it_comes(make_lab: MakeLab, fault: str) -> None:
    """Compressed, or in chunks."""
    found = collected(make_lab(users=200, faults=[fault]))

    assert found["samples"] == collected(make_lab(users=200))["samples"]


def test_a_date_that_has_not_come_replaces_nothing(make_lab: MakeLab) -> None:
    """The good figures stay, marked, and the next good file is taken."""
    lab = make_lab(users=20)
    good = collected(lab)
    lab.simulator.configure(today=newest() + timedelta(days=32))
    bad = collected(lab, *ALWAYS)
    lab.simulator.configure(today=None)
    healed = collected(lab, *ALWAYS)

    assert (bad["outcome"], bad["cause"], bad["samples"]) == ("stale", "malformed", good["samples"])
    assert bad["message"] == f"{REFRESHED} '{back(-30)}', which has not come yet"
    assert bad["remedy"].startswith("Check this host's clock")
    assert (healed["outcome"], healed["samples"]) == ("ok", good["samples"])


def poisoned(make_lab: MakeLab) -> Lab:
    """Give a lab whose state holds figures of a day that has not come yet."""
    lab = make_lab(users=20, today=newest() + timedelta(days=32))
    done = lab.run_at(MONTH, "collect", "--output", "json", "--report", DEVICES_USAGE)
    [kept] = json.loads(done.stdout)["results"]
    assert (kept["outcome"], kept["refresh_date"]) == ("ok", back(-30))
    return lab


def test_a_poisoned_state_heals(make_lab: MakeLab) -> None:
    """Nothing that Graph says now is older than what was kept by mistake."""
    lab = poisoned(make_lab)
    lab.simulator.configure(today=None)
    done = lab.run("collect", "--output", "json", "--report", DEVICES_USAGE)
    [found] = json.loads(done.stdout)["results"]

    assert (found["outcome"], found["refresh_date"], found["notes"]) == ("ok", back(0), [])
    [line] = done.stderr.splitlines()
    assert line.endswith(
        "was put aside: its data are of a day that has not come yet; asking Graph again"
    )


def test_a_poisoned_state_is_not_served(make_lab: MakeLab) -> None:
    """Not even where there is nothing else."""
    lab = poisoned(make_lab)
    lab.simulator.set_faults(["503@reports"])
    found = collected(lab, "--deadline", "1.5")

    assert (found["outcome"], found["refresh_date"], found["samples"]) == ("unreachable", None, [])


def test_a_past_day_of_another_date_is_left_out(make_lab: MakeLab) -> None:
    """It says which, and the other days are given."""
    other = written(DEVICES, devices("a", "W", 1, back(3)))
    lab = make_lab(users=20, bodies={(FUNCTIONS[DEVICES_USAGE], back(2)): other})
    done = lab.run("backfill", "--days", "3", "--report", DEVICES_USAGE)
    seconds = {int(point.time) // 10**9 for point in line_protocol.read(done.stdout)}
    days = {str(datetime.fromtimestamp(second, UTC).date()) for second in seconds}

    assert (done.returncode, days) == (1, {back(1), back(3)})
    assert f"{REFRESHED} '{back(3)}'; date={back(2)} was asked for" in done.stderr
