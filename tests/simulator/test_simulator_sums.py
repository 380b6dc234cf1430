"""All reports are made of the same people and days: what one says, the others say too."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from o365skype_bridge.simulator.data import TenantData
from o365skype_bridge.simulator.functions import FUNCTIONS, LAYOUTS
from o365skype_bridge.simulator.people import BLOCK

NEWEST = date(2026, 11, 21)
DAYS = [NEWEST - timedelta(back) for back in range(7)]
FIXED = {"Report Refresh Date", "Report Date", "Report Period"}
SKYPE, TEAMS = "getSkypeForBusinessActivityUserDetail", "getTeamsUserActivityUserDetail"
TEAM = "getTeamsTeamActivityDetail"
PERIODS = {"D7": 7, "D30": 30, "D90": 90, "D180": 180}
OTHER_NAMES = {
    "Peer-to-peer": "Total Peer-to-peer Session Count",
    "Organized": "Total Organized Conference Count",
    "Participated": "Total Participated Conference Count",
    "Team Chat Messages": "Team Chat Message Count",
    "Private Chat Messages": "Private Chat Message Count",
    "Calls": "Call Count",
    "Meetings": "Meeting Count",
    "Other Actions": "Has Other Action",
    "Chrome OS": "Used  Chrome OS",
}
# Report: the detail it counts, and what its columns are called there.
COUNTS = {
    "getSkypeForBusinessActivityCounts": (SKYPE, "{}"),
    "getSkypeForBusinessActivityUserCounts": (SKYPE, "{}"),
    "getSkypeForBusinessDeviceUsageUserCounts": (
        "getSkypeForBusinessDeviceUsageUserDetail",
        "Used {}",
    ),
    "getSkypeForBusinessPeerToPeerActivityCounts": (SKYPE, "Peer-to-peer {} Count"),
    "getSkypeForBusinessPeerToPeerActivityUserCounts": (SKYPE, "Peer-to-peer {} Count"),
    "getSkypeForBusinessPeerToPeerActivityMinuteCounts": (SKYPE, "Peer-to-peer {} Minutes"),
    "getSkypeForBusinessOrganizerActivityCounts": (SKYPE, "Organized Conference {} Count"),
    "getSkypeForBusinessOrganizerActivityUserCounts": (SKYPE, "Organized Conference {} Count"),
    "getSkypeForBusinessOrganizerActivityMinuteCounts": (SKYPE, "Organized Conference {} Minutes"),
    "getSkypeForBusinessParticipantActivityCounts": (SKYPE, "Participated Conference {} Count"),
    "getSkypeForBusinessParticipantActivityUserCounts": (SKYPE, "Participated Conference {} Count"),
    "getSkypeForBusinessParticipantActivityMinuteCounts": (
        SKYPE,
        "Participated Conference {} Minutes",
    ),
    "getTeamsDeviceUsageUserCounts": ("getTeamsDeviceUsageUserDetail", "Used {}"),
    "getTeamsUserActivityCounts": (TEAMS, "{}"),
    "getTeamsUserActivityUserCounts": (TEAMS, "{}"),
    "getTeamsTeamActivityCounts": (TEAM, "{}"),
}
WINDOWS = {
    "getSkypeForBusinessDeviceUsageDistributionUserCounts": (
        "getSkypeForBusinessDeviceUsageUserDetail",
        "Used {}",
    ),
    "getTeamsDeviceUsageDistributionUserCounts": ("getTeamsDeviceUsageUserDetail", "Used {}"),
    "getTeamsTeamActivityDistributionCounts": (TEAM, "{}"),
}


def table(data: TenantData, function: str, asked: str | date = "D7") -> list[dict[str, str]]:
    """Read a file with a reader of CSV, which finds the same number of cells in every row."""
    text = b"".join(data.body(function, str(asked))).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def numbers(rows: list[dict[str, str]], name: str) -> list[int]:
    """Give the cells of a column as numbers; a Yes is 1 and a duration its seconds."""
    if name.endswith(" Duration"):
        return [int(row[name].strip("PTS") or 0) for row in rows]
    return [{"Yes": 1, "No": 0}.get(row[name]) or int(row[name].replace("No", "0")) for row in rows]


def counted(rows: list[dict[str, str]], function: str, name: str) -> int:
    """Count a column of rows as the function counts it: users with any of it, or all of it."""
    found = numbers(rows, name)
    return sum(map(bool, found)) if function.endswith("UserCounts") else sum(found)


def within(pattern: str, column: str) -> str:
    """Give the name that a counted column has in the report of rows."""
    other = OTHER_NAMES.get(column, "")
    return other if other and pattern in {"{}", "Used {}"} else pattern.format(column)


@pytest.fixture(scope="module")
def data() -> TenantData:
    """A tenant of two blocks, the second cut off within a team."""
    return TenantData(refresh_date=NEWEST, users=BLOCK + 59)


@pytest.fixture(scope="module")
def small() -> TenantData:
    return TenantData(refresh_date=NEWEST)


@pytest.mark.parametrize("function", COUNTS)
def test_day_counts_what_the_rows_of_that_day_say(data: TenantData, function: str) -> None:
    """Sums and unique users of a day are those of the detail asked for that day."""
    detail, pattern = COUNTS[function]
    for number in (0, 4):
        row = table(data, function)[number]
        rows = table(data, detail, row["Report Date"])
        for column in row.keys() - FIXED:
            expected = counted(rows, function, within(pattern, column))
            assert numbers([row], column) == [expected], column


@pytest.mark.parametrize("function", WINDOWS)
@pytest.mark.parametrize("period", PERIODS)
def test_distribution_counts_the_rows_of_the_period(
    small: TenantData, function: str, period: str
) -> None:
    """A distribution is one row, which counts each of the period's users or teams once."""
    detail, pattern = WINDOWS[function]
    (row,) = table(small, function, period)
    rows = table(small, detail, period)

    assert row["Report Period"] == period[1:]
    for column in row.keys() - FIXED:
        assert int(row[column]) == counted(rows, function, within(pattern, column)), column


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize(
    "function", [layout.function for layout in LAYOUTS if layout.shape == "days"]
)
def test_per_day_report_has_every_day_of_its_period(
    small: TenantData, function: str, period: str
) -> None:
    """The newest day is first and none is left out."""
    rows = table(small, function, period)

    assert [row["Report Date"] for row in rows] == [
        (NEWEST - timedelta(back)).isoformat() for back in range(PERIODS[period])
    ]
    assert {row.get("Report Period", period[1:]) for row in rows} == {period[1:]}


def test_period_of_teams_is_the_sum_of_its_days(small: TenantData) -> None:
    """Every number of the users' activity adds up over the days."""
    period = table(small, TEAMS, "D7")
    days = [row for day in DAYS for row in table(small, TEAMS, day)]

    for column in FUNCTIONS[TEAMS].columns:
        if column.endswith((" Count", " Messages", " Duration", " Seconds")):
            assert sum(numbers(period, column)) == sum(numbers(days, column)), column


def test_period_of_skype_has_more_than_its_days(small: TenantData) -> None:
    """As in real tenants, kinds of sessions do not add up over days; totals do."""
    period = table(small, SKYPE, "D7")
    days = [row for day in DAYS for row in table(small, SKYPE, day)]

    for column in ("Total Peer-to-peer Session Count", "Total Organized Conference Count"):
        assert sum(numbers(period, column)) == sum(numbers(days, column))
    for column in ("Peer-to-peer IM Count", "Organized Conference Web Count"):
        assert sum(numbers(period, column)) > sum(numbers(days, column))


def test_messages_of_teams_are_those_of_their_users(data: TenantData) -> None:
    """Posts, replies and active users are the same whether teams or users are counted."""
    teams, users = table(data, TEAM, NEWEST), table(data, TEAMS, NEWEST)

    for column in ("Post Messages", "Reply Messages", "Urgent Messages"):
        assert sum(numbers(teams, column)) == sum(numbers(users, column)), column
    assert sum(numbers(teams, "Channel Messages")) == sum(numbers(users, "Team Chat Message Count"))
    assert sum(numbers(teams, "Active Users")) == len(users)


def test_teams_are_counted_by_type(data: TenantData) -> None:
    """Public and private teams of the detail are those of the counts; active ones had activity."""
    teams, today = table(data, TEAM), table(data, TEAM, NEWEST)
    counts = table(data, "getTeamsTeamCounts")[0]

    for kind in ("Public", "Private"):
        assert int(counts[f"{kind} Teams"]) == [row["Team Type"] for row in teams].count(kind)
        active = [row["Team Type"] for row in today].count(kind)
        assert int(counts[f"Active {kind} Teams"]) == active
        assert active > 0
    assert len({row["Team Id"] for row in teams}) == len({row["Team Name"] for row in teams})
    assert len(teams) == len({row["Team Id"] for row in teams}) == BLOCK // 8 + 8


def test_team_is_active_when_one_of_it_was(small: TenantData) -> None:
    """Idle teams are listed for a period, without figures and with an older day or none."""
    quiet = TenantData(refresh_date=NEWEST, activity=0.01, users=400)
    idle = [row for row in table(quiet, TEAM) if row["Active Users"] == "0"]

    assert {row["Channel Messages"] for row in idle} == {"0"}
    assert all(row["Last Activity Date"] < "2026-11-15" for row in idle)
    assert "" in {row["Last Activity Date"] for row in idle}
    assert max(row["Last Activity Date"] for row in table(small, TEAM)) == NEWEST.isoformat()


def test_meetings_of_a_kind_are_no_more_than_all_meetings(data: TenantData) -> None:
    """Meetings that are of no kind make the rest, so kinds need not reach the total."""
    kinds = ("Ad Hoc", "Scheduled One-time", "Scheduled Recurring")
    for row in table(data, TEAMS, NEWEST):
        for role in ("Organized", "Attended"):
            parts = sum(int(row[f"{kind} Meetings {role} Count"]) for kind in kinds)
            assert parts <= int(row[f"Meetings {role} Count"])


def test_nothing_at_all_is_an_empty_duration() -> None:
    """Where nobody talked, the per-day report has empty durations and zeros otherwise."""
    row = table(TenantData(refresh_date=NEWEST, activity=0), "getTeamsUserActivityCounts")[0]

    assert {row[f"{kind} Duration"] for kind in ("Audio", "Video", "Screen Share")} == {""}
    assert (row["Calls"], row["Meetings Attended Count"]) == ("0", "0")


def test_teams_has_no_windows_phones(data: TenantData) -> None:
    """The column is still there, and says No for everybody."""
    rows = table(data, "getTeamsDeviceUsageUserDetail", "D30")

    assert {row["Used Windows Phone"] for row in rows} == {"No"}
