"""Microsoft Teams usage: devices by kind, messages, calls and meetings by user."""

from o365skype_bridge.reports.usage import devices_usage, users_activity

DEVICES_USAGE = devices_usage(
    "teams-devices-usage",
    "Teams",
    "getTeamsDeviceUsageUserDetail",
    (
        # label value, title, CSV column, perfdata label
        ("windows", "Windows", "Used Windows", "windows"),
        ("mac", "Mac", "Used Mac", "mac"),
        ("web", "Web", "Used Web", "web"),
        ("ios", "iOS", "Used iOS", "ios"),
        ("android", "Android Phone", "Used Android Phone", "android_phone"),
        ("windowsphone", "Windows Phone", "Used Windows Phone", "windows_phone"),
    ),
)

USERS_ACTIVITY = users_activity(
    "teams-users-activity",
    "Teams",
    "getTeamsUserActivityUserDetail",
    (
        # middle of the name, title, CSV column, perfdata label, what is counted
        (
            "messages.team",
            "Team Chat Message Count",
            "Team Chat Message Count",
            "team_chat",
            "Messages in channels",
        ),
        (
            "messages.private",
            "Private Chat Message Count",
            "Private Chat Message Count",
            "private_chat",
            "Messages in private chats",
        ),
        ("call", "Call Count", "Call Count", "call", "Calls"),
        ("meeting", "Meeting Count", "Meeting Count", "meeting", "Meetings"),
    ),
)

REPORTS = (DEVICES_USAGE, USERS_ACTIVITY)

MORE = "teams_counts"
"""The module with the reports of this family that few ask for."""
