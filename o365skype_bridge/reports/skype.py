"""Skype for Business usage: devices by kind, sessions and conferences by user."""

from o365skype_bridge.reports.usage import devices_usage, users_activity

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
)

REPORTS = (DEVICES_USAGE, USERS_ACTIVITY)

MORE = "skype_counts"
"""The module with the reports of this family that few ask for."""
