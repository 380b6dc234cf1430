"""Microsoft Teams: what each report counts, and names that people's graphs know."""

from __future__ import annotations

from pathlib import Path

from counted import counted

from o365skype_bridge.reports import teams

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
