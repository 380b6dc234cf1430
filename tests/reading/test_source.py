"""A folder of report files: which of them answers, whatever they are called."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from catalogue import DEVICES_USAGE, SHAPES, USERS_ACTIVITY
from readers import files
from readers.files import DEVICES, device_row, written

from o365skype_bridge.errors import BridgeError, GoneError, MalformedError, UnreachableError
from o365skype_bridge.model import asked as questions
from o365skype_bridge.model.asked import Asked
from o365skype_bridge.model.declare import Report
from o365skype_bridge.reading.count import View, count
from o365skype_bridge.reading.source import FolderSource, chunks

NEWEST = date(2026, 6, 28)
D7 = questions.period(last=date(2026, 7, 1))
DAY_ASKED = questions.newest_day(NEWEST)
WEEK = written(DEVICES, device_row("a", "WP", 7), device_row("b", "I", 7))
DAY = written(DEVICES, device_row("a", "W"))
NOBODY = written(DEVICES)
OLD_WEEK = written(DEVICES, device_row("a", "WPAID", 7, "2026-06-21"))
OLD_DAY = written(DEVICES, device_row("a", "WPAID", 1, "2026-06-21"))
ACTIVITY = written(files.ACTIVITY, files.activity_row("a", 1, 1, 1))
NO_IPAD = written(DEVICES[:7] + DEVICES[8:], [*device_row("a", "W", 7)[:7], "7"])
TORN = WEEK[:-20] + b"\n"


def saved(folder: Path, **bodies: bytes) -> FolderSource:
    """Save files, named as the arguments are, and give the source."""
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
    return FolderSource(folder)


def whole(body: Iterable[bytes]) -> bytes:
    """Consume a file as it is."""
    return b"".join(body)


def read(source: FolderSource, asked: Asked = D7, report: Report = DEVICES_USAGE) -> bytes:
    """Read a file as it is."""
    return source.read(report, asked, whole)


def refusal(source: FolderSource, asked: Asked, kind: type[BridgeError]) -> str:
    """Give what is said when a file cannot be counted."""
    with pytest.raises(kind) as caught:
        source.read(DEVICES_USAGE, asked, lambda body: count(body, DEVICES_USAGE, asked, [View()]))
    assert caught.value.remedy
    return str(caught.value)


def test_files_are_recognised_by_what_is_in_them(tmp_path: Path) -> None:
    """By header, period and date; names do not matter, and other files do not disturb."""
    source = saved(tmp_path, z=WEEK, a=DAY, m=ACTIVITY, readme=b"# Hello\n", picture=b"\x89PNG\0")
    (tmp_path / "folder").mkdir()

    assert (read(source), read(source, DAY_ASKED)) == (WEEK, DAY)
    assert read(source, DAY_ASKED, USERS_ACTIVITY) == ACTIVITY
    assert source.calls == 0


def test_the_newest_period_answers(tmp_path: Path) -> None:
    """Of two files of seven days the one with the later refresh date."""
    assert read(saved(tmp_path, a=WEEK, b=OLD_WEEK)) == WEEK


def test_the_day_that_is_asked_for_answers(tmp_path: Path) -> None:
    """And no other."""
    source = saved(tmp_path, a=WEEK, b=OLD_DAY, c=DAY)

    assert read(source, questions.newest_day(date(2026, 6, 21))) == OLD_DAY
    assert read(source, DAY_ASKED) == DAY


def test_a_header_alone_is_the_day_beside_a_period(tmp_path: Path) -> None:
    """Nobody was active: a file without rows says neither its day nor its period."""
    source = saved(tmp_path, a=NOBODY, b=WEEK)

    assert (read(source), read(source, DAY_ASKED)) == (WEEK, NOBODY)


def test_a_header_alone_is_the_period_without_one(tmp_path: Path) -> None:
    """The report is empty; there is no day to ask for."""
    assert read(saved(tmp_path, a=NOBODY, b=DAY)) == NOBODY


def test_a_dated_day_goes_before_a_header_alone(tmp_path: Path) -> None:
    """A file that says that it is the day is it."""
    assert read(saved(tmp_path, a=WEEK, b=DAY, c=NOBODY), DAY_ASKED) == DAY


def test_a_period_alone_has_no_day(tmp_path: Path) -> None:
    """What is missing is said in Graph's words, and what to do."""
    said = refusal(saved(tmp_path, a=WEEK), DAY_ASKED, GoneError)

    assert said == (
        f"{str(tmp_path)!a} holds no file of "
        "getSkypeForBusinessDeviceUsageUserDetail(date=2026-06-28)"
    )


OTHERS = {
    f"d{days}": written(DEVICES, *(device_row(user, "WPAID", days, day) for user in "abc"))
    for days, day in ((30, "2026-06-28"), (90, "2026-06-29"), (180, "2026-06-30"), (14, files.DAY))
}


def test_the_seven_days_answer_beside_longer_periods(tmp_path: Path) -> None:
    """However new those are."""
    source = saved(tmp_path, **OTHERS, week=WEEK, day=DAY)

    assert (read(source), read(source, DAY_ASKED)) == (WEEK, DAY)


def test_longer_periods_are_not_the_seven_days(tmp_path: Path) -> None:
    """A month's figures never stand for a week's."""
    source = saved(tmp_path, **OTHERS, day=DAY)

    assert refusal(source, D7, GoneError).endswith("UserDetail(period='D7')")


def test_a_week_of_the_future_does_not_disturb_a_good_one(tmp_path: Path) -> None:
    """Alone it is refused, with its name."""
    future = written(DEVICES, device_row("a", "W", 7, "2036-06-28"))
    alone = refusal(saved(tmp_path, future=future), D7, MalformedError)

    assert alone == "future: the report's refresh date is '2036-06-28', which has not come yet"
    assert read(saved(tmp_path, week=WEEK)) == WEEK


@pytest.mark.parametrize("column", ["Report Period", "Report Refresh Date", "Used iPad"])
def test_a_column_that_stands_twice_is_named_with_the_file(tmp_path: Path, column: str) -> None:
    """The file is that report, and nobody can say which of the two is meant."""
    twice = written([*DEVICES, column], [*device_row("a", "W", 7), "7"])

    assert refusal(saved(tmp_path, week=twice), D7, MalformedError) == (
        f"week: the report has the column '{column}' more than once"
    )


def test_a_day_alone_has_no_period(tmp_path: Path) -> None:
    """The day's figures never stand in for the seven days'."""
    assert refusal(saved(tmp_path, a=DAY), D7, GoneError).endswith("UserDetail(period='D7')")


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    """Nor does one of other files."""
    assert refusal(FolderSource(tmp_path), D7, GoneError).endswith("UserDetail(period='D7')")
    assert refusal(saved(tmp_path, a=ACTIVITY), D7, GoneError).endswith("(period='D7')")


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    """With the system's reason."""
    assert refusal(FolderSource(tmp_path / "no"), D7, UnreachableError) == (
        f"the folder {str(tmp_path / 'no')!a} cannot be read: No such file or directory"
    )


def test_a_missing_column_is_named_with_the_file(tmp_path: Path) -> None:
    """A file with all other columns is that report, and broken."""
    said = refusal(saved(tmp_path, week=NO_IPAD, day=DAY), D7, MalformedError)

    assert said == "week: the report has no column 'Used iPad'"


@pytest.mark.parametrize(("broken", "said"), [(NO_IPAD, "no column"), (TORN, "cells instead of")])
def test_a_broken_file_beside_a_period_is_the_day(tmp_path: Path, broken: bytes, said: str) -> None:
    """It is there and cannot be read; nobody is told that it is missing."""
    found = refusal(saved(tmp_path, week=WEEK, broken=broken), DAY_ASKED, MalformedError)

    assert found.startswith("broken: ")
    assert said in found


def test_a_broken_file_does_not_disturb_a_good_one(tmp_path: Path) -> None:
    """A report that is whole is read."""
    source = saved(tmp_path, a=TORN, b=WEEK, c=DAY, d=NO_IPAD)

    assert (read(source), read(source, DAY_ASKED)) == (WEEK, DAY)


def test_gzip_files_are_unpacked(tmp_path: Path) -> None:
    """Recognised by their first bytes, not by their name."""
    source = saved(tmp_path, a=gzip.compress(WEEK), b=DAY)

    assert (read(source), read(source, DAY_ASKED)) == (WEEK, DAY)


@pytest.mark.parametrize("damage", ["cut", "flipped", "sum"])
@pytest.mark.parametrize("users", [100, 3000])
def test_a_damaged_gzip_file_is_said_to_be(tmp_path: Path, damage: str, users: int) -> None:
    """Its rows end early, or are not what they were."""
    rows = [device_row(f"{number * 2654435761 % 2**64:x}", "W", 7) for number in range(users)]
    packed = bytearray(gzip.compress(written(DEVICES, *rows)))
    if damage == "cut":
        del packed[-len(packed) // 3 :]
    elif damage == "flipped":
        packed[-500:-250] = b"\xff" * 250
    else:
        packed[-8] ^= 1

    said = refusal(saved(tmp_path, a=bytes(packed)), D7, UnreachableError)

    assert said.startswith("a: the file cannot be read to its end: ")


def test_a_file_that_cannot_be_read_does_not_disturb_one_that_can(tmp_path: Path) -> None:
    """Only where nothing answers it may be what was asked for."""
    source = saved(tmp_path, z=gzip.compress(WEEK)[:-9], a=NOBODY, w=WEEK)

    assert (read(source), read(source, DAY_ASKED)) == (WEEK, NOBODY)


def test_a_file_that_cannot_be_opened_is_said_to_be(tmp_path: Path) -> None:
    """As one that is gone by the time that it is read."""
    with pytest.raises(UnreachableError, match="the file cannot be read to its end"):
        list(chunks(tmp_path / "gone"))


def test_large_files_come_in_chunks(tmp_path: Path) -> None:
    """Never as a whole."""
    body = WEEK * 5000
    (tmp_path / "a").write_bytes(body)
    sizes = [len(chunk) for chunk in chunks(tmp_path / "a")]

    assert sum(sizes) == len(body)
    assert max(sizes) <= 65536


@pytest.mark.parametrize("name", ["abacus-room-counts.csv", "AbacusRoomCounts7_11.CSV"])
def test_a_header_that_others_have_needs_the_name_of_its_report(tmp_path: Path, name: str) -> None:
    """By the report's name or Graph's, in any letter case."""
    daily = SHAPES["by day"]
    shared = daily.replace(name="abacus-room-user-counts", function="getAbacusRoomUserCounts")
    header = ["Report Refresh Date", *daily.columns, "Report Period"]
    (tmp_path / name).write_bytes(written(header))
    source, week = FolderSource(tmp_path), questions.period(last=date.max)

    assert source.read(daily, week, b"".join) == written(header)
    with pytest.raises(GoneError) as error:
        source.read(shared, week, b"".join)
    assert error.value.remedy == (
        "Save that report there as CSV, under a name with 'abacus-room-user-counts' in it."
    )
