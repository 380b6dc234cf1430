"""The report files themselves: real formats, the same bytes for the same seed, any size."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from datetime import date, timedelta
from pathlib import Path

import pytest

from o365skype_bridge.simulator.data import TenantData
from o365skype_bridge.simulator.functions import FUNCTIONS, LAYOUTS
from o365skype_bridge.simulator.people import BLOCK

DEVICES = "getSkypeForBusinessDeviceUsageUserDetail"
ACTIVITY = "getSkypeForBusinessActivityUserDetail"
TEAMS = "getTeamsUserActivityUserDetail"
NEWEST = date(2026, 11, 21)
DETAILS = [layout.function for layout in LAYOUTS if layout.takes_date and layout.about == "users"]
HEADERS = dict(
    line.split("=")
    for line in (Path(__file__).parent / "headers.txt").read_text("utf-8").splitlines()
)


def table(data: TenantData, function: str, asked: str | date) -> list[dict[str, str]]:
    """Read a file the simple way, which is right for ordinary data."""
    text = b"".join(data.body(function, str(asked))).decode("utf-8-sig")
    header, *rows = (line.split(",") for line in text.removesuffix("\n").split("\n"))
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def data() -> TenantData:
    return TenantData(refresh_date=NEWEST)


def test_first_rows_are_these(data: TenantData) -> None:
    """The bytes for seed 1 never change: benchmarks and documentation rely on them."""
    body = b"".join(data.body(DEVICES, "D7"))

    assert body.split(b"\n")[:4] == [
        b"\xef\xbb\xbf" + FUNCTIONS[DEVICES].header.encode(),
        b"2026-11-21,sam.berger@contoso.example,2026-11-21,Yes,No,No,No,No,7",
        b"2026-11-21,chris.garcia@contoso.example,2026-11-10,No,No,No,No,No,7",
        b"2026-11-21,rosa.thomas@contoso.example,,No,No,No,No,No,7",
    ]


def test_functions_are_all_of_v1() -> None:
    """Skype has fifteen functions and Teams has ten, and no more are made up."""
    assert set(FUNCTIONS) == set(HEADERS)


@pytest.mark.parametrize("function", HEADERS)
def test_header_is_the_real_one(data: TenantData, function: str) -> None:
    """The file begins with the byte order mark and the columns in the real order."""
    first = next(data.body(function, "D7"))

    assert first == b"\xef\xbb\xbf" + HEADERS[function].encode() + b"\n"


def test_number_of_columns() -> None:
    """Activity has 35 columns, Teams devices have one with two spaces."""
    assert len(FUNCTIONS[ACTIVITY].columns) == 35
    assert "Used  Chrome OS" in FUNCTIONS["getTeamsDeviceUsageUserDetail"].columns


def test_same_seed_same_bytes_in_another_process(data: TenantData) -> None:
    """Nothing depends on the process, its hash seed or the clock."""
    code = (
        "import sys; from datetime import date;"
        "from o365skype_bridge.simulator.data import TenantData;"
        f"d = TenantData(refresh_date=date({NEWEST.year}, {NEWEST.month}, {NEWEST.day}));"
        f"sys.stdout.buffer.write(b''.join(d.body({ACTIVITY!r}, 'D7')))"
    )

    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout

    assert output == b"".join(data.body(ACTIVITY, "D7"))


def test_figures_are_relative_to_the_refresh_date(data: TenantData) -> None:
    """On another day the file is the same but for its dates."""
    later = TenantData(refresh_date=NEWEST + timedelta(days=100))

    assert without_dates(table(later, ACTIVITY, "D7")) == without_dates(table(data, ACTIVITY, "D7"))


def without_dates(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Drop the columns that hold days."""
    return [{key: row[key] for key in row if not key.endswith("Date")} for row in rows]


def test_day_keeps_its_figures_when_time_goes_on(data: TenantData) -> None:
    """With the same anchor a past day is the same after the refresh date has moved."""
    later = TenantData(refresh_date=NEWEST + timedelta(days=3), anchor=NEWEST)

    before, after = table(data, ACTIVITY, NEWEST), table(later, ACTIVITY, NEWEST)

    assert {row["Report Refresh Date"] for row in after} == {"2026-11-24"}
    assert [{**row, "Report Refresh Date": "2026-11-21"} for row in after] == before


def test_other_seed_other_people(data: TenantData) -> None:
    """Another seed gives other names."""
    other = TenantData(refresh_date=NEWEST, seed=2)

    assert b"".join(other.body(DEVICES, "D7")) != b"".join(data.body(DEVICES, "D7"))


@pytest.mark.parametrize("function", DETAILS)
def test_day_lists_who_was_active_and_the_period_lists_all(data: TenantData, function: str) -> None:
    """A day's users are among the period's, all of them active on that day."""
    period, day = table(data, function, "D7"), table(data, function, NEWEST)

    names = [row["User Principal Name"] for row in period]
    assert len(names) == len(set(names)) == 50
    active = [row["User Principal Name"] for row in day]
    assert active == [
        row["User Principal Name"] for row in period if row["Last Activity Date"] == "2026-11-21"
    ]
    assert 5 <= len(active) <= 25
    assert {row["Last Activity Date"] for row in day} == {"2026-11-21"}
    assert {row["Report Period"] for row in period} == {"7"}
    assert {row["Report Period"] for row in day} == {"1"}


@pytest.mark.parametrize("period", ["D7", "D30", "D90", "D180"])
def test_period_is_the_sum_of_its_days(data: TenantData, period: str) -> None:
    """Totals of a period are those of its days together, and its devices are all of theirs."""
    days = [NEWEST - timedelta(days=back) for back in range(int(period[1:]))]
    total = "Total Peer-to-peer Session Count"

    each = sum(int(row[total]) for day in days for row in table(data, ACTIVITY, day))
    used = {
        row["User Principal Name"]
        for day in days
        for row in table(data, DEVICES, day)
        if row["Used iPad"] == "Yes"
    }

    assert each == sum(int(row[total]) for row in table(data, ACTIVITY, period))
    assert used == {
        row["User Principal Name"]
        for row in table(data, DEVICES, period)
        if row["Used iPad"] == "Yes"
    }


def test_everybody_listed_for_a_day_did_something(data: TenantData) -> None:
    """A row of a day has a session or conference, and a device."""
    totals = [name for name in FUNCTIONS[ACTIVITY].columns if name.startswith("Total ")]

    for row in table(data, ACTIVITY, NEWEST):
        assert any(row[name] != "0" for name in totals)
    for row in table(data, DEVICES, NEWEST):
        assert "Yes" in row.values()


def test_idle_users_have_an_old_activity_or_none() -> None:
    """Who did nothing in the window has a day before it, or an empty cell."""
    idle = [
        row["Last Activity Date"]
        for row in table(TenantData(refresh_date=NEWEST, users=400), DEVICES, "D7")
        if "Yes" not in row.values()
    ]

    assert "" in idle
    assert max(idle) < "2026-11-15"
    assert min(filter(None, idle)) < "2026-11-10"


def test_cells_have_the_real_formats(data: TenantData) -> None:
    """Durations, booleans, products and ids look as in real files."""
    row = max(table(data, TEAMS, "D7"), key=lambda row: int(row["Audio Duration In Seconds"]))

    assert row["Audio Duration"] == f"PT{row['Audio Duration In Seconds']}S"
    assert (row["Is Deleted"], row["Is Licensed"]) == ("False", "Yes")
    assert len(row["User Id"]) == 36
    products = {row["Assigned Products"] for row in table(data, ACTIVITY, "D7")}
    assert "OFFICE 365 E3" in products
    assert "" in products
    assert any("+" in each for each in products)


def test_activity_may_be_none_or_full() -> None:
    """With activity 0 a day has a header only, with 1 it has everybody."""
    assert table(TenantData(refresh_date=NEWEST, activity=0), DEVICES, NEWEST) == []
    assert len(table(TenantData(refresh_date=NEWEST, activity=1), DEVICES, NEWEST)) == 50


def test_counts_agree_with_the_details() -> None:
    """A per-day report counts what the rows of that day say, in a tenant of several blocks."""
    data = TenantData(refresh_date=NEWEST, users=BLOCK + 700)
    sessions = table(data, "getSkypeForBusinessActivityCounts", "D7")
    users = table(data, "getSkypeForBusinessActivityUserCounts", "D7")
    devices = table(data, "getSkypeForBusinessDeviceUsageUserCounts", "D7")

    for back in (0, 3):
        day = NEWEST - timedelta(days=back)
        numbers = [
            int(row["Total Participated Conference Count"]) for row in table(data, ACTIVITY, day)
        ]
        assert sessions[back]["Report Date"] == day.isoformat()
        assert sessions[back]["Participated"] == str(sum(numbers))
        assert users[back]["Participated"] == str(sum(1 for number in numbers if number))
        used = [row["Used iPhone"] for row in table(data, DEVICES, day)]
        assert devices[back]["iPhone"] == str(used.count("Yes"))


def test_users_of_a_large_tenant_are_all_different() -> None:
    """Names and ids do not repeat although the people of a block do."""
    rows = table(TenantData(refresh_date=NEWEST, users=2 * BLOCK + 9), TEAMS, "D7")

    assert len(rows) == 2 * BLOCK + 9
    assert len({row["User Principal Name"] for row in rows}) == len(rows)
    assert len({row["User Id"] for row in rows}) == len(rows)


@pytest.mark.parametrize("users", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1])
def test_size_is_the_length_of_the_body(users: int) -> None:
    """The length is known before the body is sent, at every size."""
    data = TenantData(refresh_date=NEWEST, users=users)

    body = b"".join(data.body(DEVICES, "D7"))

    assert data.size(DEVICES, "D7") == len(body)
    assert body.count(b"\n") == users + 1


def test_million_users_are_not_held_in_memory() -> None:
    """A file of 70 MB passes in pieces; what is held stays small."""
    data = TenantData(refresh_date=NEWEST, users=1_000_000)
    next(data.body(DEVICES, "D7"))
    tracemalloc.start()
    try:
        size = sum(map(len, data.body(DEVICES, NEWEST.isoformat())))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size > 15_000_000
    assert peak < 8_000_000


@pytest.mark.parametrize(
    ("function", "asked", "message"),
    [
        ("getNothing", "D7", "there is no report function 'getNothing'"),
        ("getSkypeForBusinessActivityCounts", "2026-11-21", "has no report for a date"),
        (DEVICES, "D8", "Invalid isoformat string: 'D8'"),
    ],
)
def test_what_there_is_no_file_for(
    data: TenantData, function: str, asked: str, message: str
) -> None:
    """Unknown functions, periods and days are refused."""
    with pytest.raises(ValueError, match=message):
        next(data.body(function, asked))
