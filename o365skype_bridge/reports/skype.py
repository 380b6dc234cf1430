"""Skype for Business usage: devices by kind, sessions and conferences by user.

Products that are assigned to users are no figures: their names are Microsoft's licences, which
other reports count.
"""

from o365skype_bridge.model.units import COUNT, MINUTES, USERS
from o365skype_bridge.reports.usage import devices_usage, more, once, users_activity

IN_CONFERENCE = (
    # label value, what it is in words, what columns call it
    ("im", "instant messages", "IM"),
    ("av", "audio or video", "Audio/Video"),
    ("sharing", "application sharing", "App Sharing"),
    ("web", "web access", "Web"),
    ("dial3rd", "dial-in or dial-out by others", "Dial-in/out 3rd Party"),
)
ORGANIZED = (*IN_CONFERENCE, ("dial", "dial-in or dial-out by Microsoft", "Dial-in/out Microsoft"))
BETWEEN_TWO = (
    ("im", "instant messages", "IM"),
    ("audio", "audio", "Audio"),
    ("video", "video", "Video"),
    ("sharing", "application sharing", "App Sharing"),
    ("files", "file transfer", "File Transfer"),
)
LASTING = (("av", "audio or video", "Audio/Video"),)
ORGANIZED_LASTING = (
    *LASTING,
    ("dialin", "dial-in by Microsoft", "Dial-in Microsoft"),
    ("dialout", "dial-out by Microsoft", "Dial-out Microsoft"),
)
BETWEEN_TWO_LASTING = (("audio", "audio", "Audio"), ("video", "video", "Video"))

Called = tuple[tuple[str, str, str], ...]


def _of(part: str, called: Called, what: str) -> Called:
    """Give the columns of a part of the activity report, such as its counts of conferences."""
    return tuple((value, words, f"{part} {name} {what}") for value, words, name in called)


DEVICES_USAGE = devices_usage(
    "skype-devices-usage",
    "Skype for Business",
    "getSkypeForBusinessDeviceUsageUserDetail",
    (
        # label value, title, CSV column, perfdata label
        ("windows", "Windows", "Used Windows", "windows"),
        ("ipad", "iPad", "Used iPad", "ipad"),
        ("iphone", "iPhone", "Used iPhone", "iphone"),
        ("android", "Android Phone", "Used Android Phone", "android_phone"),
        ("windowsphone", "Windows Phone", "Used Windows Phone", "windows_phone"),
    ),
    *once(
        "active",
        "skype.devices.recent.active.count",
        USERS,
        "Users of devices in the period",
        "Users with activity on any device in the period.",
        "Last Activity Date",
        of_period=True,
    ),
)

USERS_ACTIVITY = users_activity(
    "skype-users-activity",
    "Skype for Business",
    "getSkypeForBusinessActivityUserDetail",
    (
        # middle of the name, title, CSV column, perfdata label, what is counted
        (
            "sessions.p2p",
            "Peer-to-peer Sessions Count",
            "Total Peer-to-peer Session Count",
            "peer_to_peer_sessions",
            "Peer-to-peer sessions used",
        ),
        (
            "conferences.organized",
            "Organized Conference Count",
            "Total Organized Conference Count",
            "organized_conference",
            "Conferences organized",
        ),
        (
            "conferences.participated",
            "Participated Conference Count",
            "Total Participated Conference Count",
            "participated_conference",
            "Conferences joined",
        ),
    ),
    *more(
        "sum",
        "skype.users.p2p.*.count",
        COUNT,
        "Peer-to-peer sessions with {}",
        "Peer-to-peer sessions with {} on the day by all users.",
        *_of("Peer-to-peer", BETWEEN_TWO, "Count"),
        label="kind",
    ),
    *more(
        "sum",
        "skype.users.p2p.minutes.*",
        MINUTES,
        "Minutes of peer-to-peer {}",
        "Minutes of {} in peer-to-peer sessions on the day by all users.",
        *_of("Peer-to-peer", BETWEEN_TWO_LASTING, "Minutes"),
        label="kind",
    ),
    *more(
        "sum",
        "skype.users.organized.*.count",
        COUNT,
        "Organized conferences with {}",
        "Conferences with {} organized on the day by all users.",
        *_of("Organized Conference", ORGANIZED, "Count"),
        label="kind",
    ),
    *more(
        "sum",
        "skype.users.organized.minutes.*",
        MINUTES,
        "Minutes of organized {}",
        "Minutes of {} in conferences organized on the day by all users.",
        *_of("Organized Conference", ORGANIZED_LASTING, "Minutes"),
        label="kind",
    ),
    *more(
        "sum",
        "skype.users.participated.*.count",
        COUNT,
        "Joined conferences with {}",
        "Conferences with {} joined on the day by all users.",
        *_of("Participated Conference", IN_CONFERENCE, "Count"),
        label="kind",
    ),
    *more(
        "sum",
        "skype.users.participated.minutes.*",
        MINUTES,
        "Minutes of joined {}",
        "Minutes of {} in conferences joined on the day by all users.",
        *_of("Participated Conference", LASTING, "Minutes"),
        label="kind",
    ),
    *more(
        "active",
        "skype.users.recent.*.count",
        USERS,
        "Users with {} in the period",
        "Users with {} in the period.",
        ("p2p", "peer-to-peer sessions", "Peer-to-peer Last Activity Date"),
        ("organized", "organized conferences", "Organized Conference Last Activity Date"),
        ("participated", "joined conferences", "Participated Conference Last Activity Date"),
        label="type",
        of_period=True,
    ),
    *once(
        "active",
        "skype.users.recent.active.count",
        USERS,
        "Users active in the period",
        "Users with activity of any type in the period.",
        "Last Activity Date",
        of_period=True,
    ),
    *once(
        "active",
        "skype.users.recent.deleted.count",
        USERS,
        "Users deleted in the period",
        "Users who lost their licence in the period.",
        "Deleted Date",
        of_period=True,
    ),
    *once(
        "yes",
        "skype.users.deleted.count",
        USERS,
        "Deleted users",
        "Users in the report of the period who have lost their licence.",
        "Is Deleted",
        of_period=True,
    ),
)

REPORTS = (DEVICES_USAGE, USERS_ACTIVITY)

MORE = "skype_counts"
"""The module with the reports of this family that few ask for."""
