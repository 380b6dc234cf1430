"""Microsoft Teams: what each report counts, and names that people's graphs know."""

from __future__ import annotations

from pathlib import Path

import pytest
from counted import columns_of, counted, newest, numbered, read
from readers import files

from o365skype_bridge.reports import teams, teams_counts

DEVICES = (
    "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,"
    "Used Web,Used Windows Phone,Used iOS,Used Mac,Used Android Phone,Used Windows,"
    "Used  Chrome OS,Used Linux,Is Licensed,Report Period"
)
ACTIVITY = (
    "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,"
    "Assigned Products,Team Chat Message Count,Private Chat Message Count,Call Count,"
    "Meeting Count,Meetings Organized Count,Meetings Attended Count,"
    "Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended Count,"
    "Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings Attended Count,"
    "Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended Count,"
    "Audio Duration,Video Duration,Screen Share Duration,Audio Duration In Seconds,"
    "Video Duration In Seconds,Screen Share Duration In Seconds,Has Other Action,"
    "Urgent Messages,Post Messages,Tenant Display Name,Shared Channel Tenant Display Names,"
    "Reply Messages,Is Licensed,Report Period"
)
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
    adele = {**ADELE, "Used Web": "Yes", "Used Mac": "Yes", "Used Windows": "No"}
    alex = {**ALEX, "Used Web": "Yes", "Used iOS": "Yes", "Used Android Phone": "Yes"}
    others = [{"User Principal Name": "allan@contoso.com", "Used Windows Phone": "Yes"}]

    assert counted(tmp_path, teams.DEVICES_USAGE, DEVICES, [adele, alex], others) == {
        "outcome": "ok",
        "teams.devices.active.count": 5,
        "teams.devices.active.count max": 6,
        "teams.devices.windows.count": 0,
        "teams.devices.mac.count": 1,
        "teams.devices.web.count": 2,
        "teams.devices.ios.count": 1,
        "teams.devices.android.count": 1,
        "teams.devices.windowsphone.count": 0,
    }


def test_users_activity(tmp_path: Path) -> None:
    """Messages, calls and meetings are summed over the day, and told by user."""
    adele = {**ADELE, **dict(zip(COUNTS, (4, 3, 2, 1), strict=True))}
    alex = {**ALEX, **dict(zip(COUNTS, (10, 0, 0, 5), strict=True))}
    others = [{"User Principal Name": "allan@contoso.com", **dict.fromkeys(COUNTS, 0)}]

    assert counted(tmp_path, teams.USERS_ACTIVITY, ACTIVITY, [adele, alex], others) == {
        "outcome": "ok",
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
