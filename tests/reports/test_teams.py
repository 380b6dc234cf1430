"""Microsoft Teams: what each report counts, and names that people's graphs know."""

from __future__ import annotations

from pathlib import Path

import pytest
from counted import HEADERS, columns_of, counted, newest, numbered, read, told
from readers import files

from o365skype_bridge.reports import teams, teams_counts

COUNTS = ("Team Chat Message Count", "Private Chat Message Count", "Call Count", "Meeting Count")
ADELE = {"User Principal Name": "adele@contoso.com"}
ALEX = {"User Principal Name": "alex@contoso.com"}

NAMES = [
    # dotted name, perfdata label
    ("teams.devices.active.count", "active_devices"),
    ("teams.devices.windows.count", "windows"),
    ("teams.devices.mac.count", "mac"),
    ("teams.devices.web.count", "web"),
    ("teams.devices.ios.count", "ios"),
    ("teams.devices.android.count", "android_phone"),
    ("teams.devices.windowsphone.count", "windows_phone"),
    ("teams.users.active.count", "active_users"),
    ("teams.users.messages.team.total.count", "total_team_chat"),
    ("teams.users.messages.private.total.count", "total_private_chat"),
    ("teams.users.call.total.count", "total_call"),
    ("teams.users.meeting.total.count", "total_meeting"),
    ("teams.users.messages.team.count", "team_chat"),
    ("teams.users.messages.private.count", "private_chat"),
    ("teams.users.call.count", "call"),
    ("teams.users.meeting.count", "meeting"),
]


def test_names_are_what_centreons_graphs_know() -> None:
    """Name and legacy label; a change breaks somebody's graphs."""
    assert [
        (words.metric, words.label)
        for report in (teams.DEVICES_USAGE, teams.USERS_ACTIVITY)
        for words in report.words.words
    ] == NAMES


def test_devices_usage(tmp_path: Path) -> None:
    """Kinds of devices are counted on the day; the period gives the most that there can be."""
    adele = {**ADELE, "Used Web": "Yes", "Used Mac": "Yes", "Is Licensed": "Yes"}
    alex = {**ALEX, "Used Web": "Yes", "Used iOS": "Yes", "Used Android Phone": "Yes"}
    alex |= {"Used  Chrome OS": "Yes", "Is Licensed": "Yes"}
    allan = {"User Principal Name": "allan@contoso.com", "Used Windows Phone": "Yes"}
    others = [{**allan, "Last Activity Date": "", "Is Deleted": "True"}]

    assert counted(tmp_path, teams.DEVICES_USAGE, [adele, alex], others) == {
        "outcome": "ok",
        "teams.devices.active.count": 5,
        "teams.devices.active.count max": 6,
        "teams.devices.windows.count": 0,
        "teams.devices.mac.count": 1,
        "teams.devices.web.count": 2,
        "teams.devices.ios.count": 1,
        "teams.devices.android.count": 1,
        "teams.devices.windowsphone.count": 0,
        "teams.devices.chromeos.count": 1,
        "teams.devices.linux.count": 0,
        "teams.devices.recent.active.count": 2,
        "teams.devices.recent.deleted.count": 0,
        "teams.devices.users.deleted.count": 1,
        "teams.devices.users.licensed.count": 2,
    }


def test_users_activity(tmp_path: Path) -> None:
    """Messages, calls and meetings are summed over the day, and told by user."""
    adele = {**ADELE, **dict(zip(COUNTS, (4, 3, 2, 1), strict=True))}
    alex = {**ALEX, **dict(zip(COUNTS, (10, 0, 0, 5), strict=True))}
    others = [{"User Principal Name": "allan@contoso.com", **dict.fromkeys(COUNTS, 0)}]
    found = counted(tmp_path, teams.USERS_ACTIVITY, [adele, alex], others)

    assert told(teams.USERS_ACTIVITY, found) == {
        "teams.users.active.count": 2,
        "teams.users.active.count max": 3,
        "teams.users.messages.team.total.count": 14,
        "teams.users.messages.private.total.count": 3,
        "teams.users.call.total.count": 2,
        "teams.users.meeting.total.count": 6,
        "teams.users.messages.team.count adele@contoso.com": 4,
        "teams.users.messages.private.count adele@contoso.com": 3,
        "teams.users.call.count adele@contoso.com": 2,
        "teams.users.meeting.count adele@contoso.com": 1,
        "teams.users.messages.team.count alex@contoso.com": 10,
        "teams.users.messages.private.count alex@contoso.com": 0,
        "teams.users.call.count alex@contoso.com": 0,
        "teams.users.meeting.count alex@contoso.com": 5,
    }


def test_all_other_columns_of_activity_are_figures(tmp_path: Path) -> None:
    """Sums over the day; and of the period, in which one more user was there, who is idle."""
    columns = HEADERS[teams.USERS_ACTIVITY.function].split(",")
    counts = [name for name in columns if name.endswith(("Count", "Messages", "Seconds"))]
    adele = {**ADELE, **{name: columns.index(name) for name in counts}}
    adele |= {"Has Other Action": "Yes", "Is Licensed": "Yes"}
    alex = {**ALEX, **dict.fromkeys(counts, 100), "Is Licensed": "Yes"}
    allan = {"User Principal Name": "allan@contoso.com", "Last Activity Date": "2026-06-21"}
    allan |= {"Is Deleted": "True", "Deleted Date": "2026-06-22", "Has Other Action": "Yes"}
    found = counted(tmp_path, teams.USERS_ACTIVITY, [adele, alex], [allan])
    known = told(teams.USERS_ACTIVITY, found)

    assert {name: value for name, value in found.items() if name not in known} == {
        "outcome": "ok",
        "teams.users.meetings.organized.total.count": 111,
        "teams.users.meetings.attended.total.count": 112,
        "teams.users.meetings.adhoc.organized.count": 113,
        "teams.users.meetings.adhoc.attended.count": 114,
        "teams.users.meetings.onetime.organized.count": 115,
        "teams.users.meetings.onetime.attended.count": 116,
        "teams.users.meetings.recurring.organized.count": 117,
        "teams.users.meetings.recurring.attended.count": 118,
        "teams.users.duration.audio": 122,
        "teams.users.duration.video": 123,
        "teams.users.duration.sharing": 124,
        "teams.users.other.count": 1,
        "teams.users.messages.urgent.total.count": 126,
        "teams.users.messages.post.total.count": 127,
        "teams.users.messages.reply.total.count": 130,
        "teams.users.recent.active.count": 2,
        "teams.users.recent.deleted.count": 1,
        "teams.users.deleted.count": 1,
        "teams.users.licensed.count": 2,
    }


def test_time_is_read_as_text_where_it_is_not_there_in_seconds(tmp_path: Path) -> None:
    """Files of before 2021 have it in one column only."""
    header = HEADERS[teams.USERS_ACTIVITY.function].split(",")
    columns = [name for name in header if not name.endswith("In Seconds")]
    adele = {**ADELE, "Audio Duration": "PT1H2M3S"}
    found = counted(tmp_path, teams.USERS_ACTIVITY, [adele], columns=columns)

    assert found["teams.users.duration.audio"] == 3723


KINDS = "web windowsphone android ios mac windows chromeos linux"
IN_TEAMS = (
    "users.active channels.active guests reactions meetings.organized messages.post "
    "messages.channel channels.shared.active externals.active messages.reply messages.urgent "
    "mentions"
)
COLUMNS = {
    # report: what its metrics are called, and what stands in place of {} for each column
    "teams-activity-user-counts": ("activity.users.{}.count", "team private calls meetings other"),
    "teams-devices-user-counts": ("devices.daily.{}.count", KINDS),
    "teams-devices-distribution": ("devices.period.{}.count", KINDS),
    "teams-team-activity-counts": ("team.{}.count", IN_TEAMS),
    "teams-team-activity-distribution": ("team.period.{}.count", IN_TEAMS),
}
REPORTS = {report.name: report for report in teams_counts.REPORTS}


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_is_a_figure(name: str, tmp_path: Path) -> None:
    """Of the newest day, whichever row comes first, under the column's own name."""
    pattern, words = COLUMNS[name]
    names = [f"teams.{pattern.format(word)}" for word in words.split()]

    assert numbered(tmp_path, REPORTS[name]) == {
        name: number for number, name in enumerate(names, start=1)
    }
    assert len(names) == len(columns_of(REPORTS[name]))


def test_activity_counts(tmp_path: Path) -> None:
    """What is counted is a number, what lasts is in seconds however it is written."""
    cells = {
        "Report Date": files.DAY,
        "Team Chat Messages": 1,
        "Private Chat Messages": 2,
        "Calls": 3,
        "Meetings": 4,
        "Meetings Organized Count": 5,
        "Meetings Attended Count": 6,
        "Audio Duration": "PT1H2M3S",
        "Video Duration": "PT59S",
        "Screen Share Duration": "00:01:40",
        "Post Messages": 7,
        "Reply Messages": 8,
    }
    before = {**cells, "Report Date": "2026-06-27", "Calls": 99}

    assert newest(read(tmp_path, REPORTS["teams-activity-counts"], before, cells)) == {
        "teams.activity.messages.team.count": 1,
        "teams.activity.messages.private.count": 2,
        "teams.activity.calls.count": 3,
        "teams.activity.meetings.count": 4,
        "teams.activity.meetings.organized.count": 5,
        "teams.activity.meetings.attended.count": 6,
        "teams.activity.duration.audio": 3723,
        "teams.activity.duration.video": 59,
        "teams.activity.duration.sharing": 100,
        "teams.activity.messages.post.count": 7,
        "teams.activity.messages.reply.count": 8,
    }


def test_team_activity(tmp_path: Path) -> None:
    """Teams are counted, those with activity in the period apart, and their figures added up."""
    columns = [
        name
        for name in columns_of(REPORTS["teams-team-activity"])
        if not name.startswith(("Team ", "Last "))
    ]
    numbers = {name: number for number, name in enumerate(columns, start=1)}
    sales = {"Team Name": "Sales", "Team Id": "1", **numbers}
    works = {"Team Name": "Works", "Team Id": "2", **dict.fromkeys(columns, 10)}
    idle = {"Team Name": "Idle", "Team Id": "3", "Last Activity Date": "2026-05-01"}
    never = {"Team Name": "Never", "Team Id": "4", "Last Activity Date": ""}
    found = newest(read(tmp_path, REPORTS["teams-team-activity"], sales, works, idle, never))

    assert found == {
        "teams.teams.total.count": 4,
        "teams.teams.active.count": 2,
        "teams.teams.active.count max": 4,
        "teams.teams.users.active.count": 11,
        "teams.teams.channels.active.count": 12,
        "teams.teams.guests.count": 13,
        "teams.teams.reactions.count": 14,
        "teams.teams.meetings.organized.count": 15,
        "teams.teams.messages.post.count": 16,
        "teams.teams.messages.reply.count": 17,
        "teams.teams.messages.channel.count": 18,
        "teams.teams.messages.urgent.count": 19,
        "teams.teams.mentions.count": 20,
        "teams.teams.channels.shared.active.count": 21,
        "teams.teams.externals.active.count": 22,
    }


def test_team_counts(tmp_path: Path) -> None:
    """Active teams are a part of all teams of their kind, which is their maximum."""
    assert numbered(tmp_path, REPORTS["teams-team-counts"]) == {
        "teams.visibility.public.count": 1,
        "teams.visibility.public.active.count": 2,
        "teams.visibility.public.active.count max": 1,
        "teams.visibility.private.count": 3,
        "teams.visibility.private.active.count": 4,
        "teams.visibility.private.active.count max": 3,
    }
