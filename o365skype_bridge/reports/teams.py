"""Microsoft Teams usage: devices by kind, messages, calls and meetings by user.

How long something lasted stands in two columns each, of which one is read. Names of tenants are no
figures, nor are products that are assigned to users: Microsoft's licences, which other reports
count. Chrome OS and Linux, which the connector does not know, are not in its number of devices.
"""

from o365skype_bridge.model.declare import Metric
from o365skype_bridge.model.units import COUNT, SECONDS, USERS
from o365skype_bridge.reports.usage import devices_usage, more, once, users_activity


def _users(namespace: str, licensed: str, of: str) -> tuple[Metric, ...]:
    """Declare how many users of the period are active, deleted and licensed."""
    return (
        *once(
            "active",
            f"{namespace}.recent.active.count",
            USERS,
            f"{of} active in the period",
            "Users with activity in the period.",
            "Last Activity Date",
            of_period=True,
        ),
        *once(
            "active",
            f"{namespace}.recent.deleted.count",
            USERS,
            f"{of} deleted in the period",
            "Users who were deleted in the period.",
            "Deleted Date",
            of_period=True,
        ),
        *once(
            "yes",
            f"{namespace}.{licensed}deleted.count",
            USERS,
            f"{of} who are deleted",
            "Users in the report of the period who are deleted.",
            "Is Deleted",
            of_period=True,
        ),
        *once(
            "yes",
            f"{namespace}.{licensed}licensed.count",
            USERS,
            f"{of} with a licence",
            "Users in the report of the period who have a licence.",
            "Is Licensed",
            of_period=True,
        ),
    )


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
    *more(
        "yes",
        "teams.devices.*.count",
        COUNT,
        "{}",
        "Users of Teams on {} on the day.",
        ("chromeos", "Chrome OS", "Used Chrome OS"),
        ("linux", "Linux", "Used Linux"),
        label="device",
    ),
    *_users("teams.devices", "users.", "Users of devices"),
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
    *(
        metric
        for middle, title, column in (
            ("messages.post", "Posts in channels", "Post Messages"),
            ("messages.reply", "Replies in channels", "Reply Messages"),
            ("messages.urgent", "Urgent messages", "Urgent Messages"),
            ("meetings.organized", "Organized meetings", "Meetings Organized Count"),
            ("meetings.attended", "Attended meetings", "Meetings Attended Count"),
        )
        for metric in once(
            "sum",
            f"teams.users.{middle}.total.count",
            COUNT,
            title,
            f"{title} on the day by all users.",
            column,
        )
    ),
    *(
        metric
        for word in ("Organized", "Attended")
        for metric in more(
            "sum",
            f"teams.users.meetings.*.{word.lower()}.count",
            COUNT,
            f"{word} {{}} meetings",
            f"{word} {{}} meetings on the day by all users.",
            ("adhoc", "ad hoc", f"Ad Hoc Meetings {word} Count"),
            ("onetime", "scheduled one-time", f"Scheduled One-time Meetings {word} Count"),
            ("recurring", "scheduled recurring", f"Scheduled Recurring Meetings {word} Count"),
            label="kind",
        )
    ),
    *more(
        "sum",
        "teams.users.duration.*",
        SECONDS,
        "Time of {} by all users",
        "Time of {} on the day by all users.",
        ("audio", "audio", "Audio Duration In Seconds|Audio Duration"),
        ("video", "video", "Video Duration In Seconds|Video Duration"),
        ("sharing", "screen sharing", "Screen Share Duration In Seconds|Screen Share Duration"),
        label="medium",
    ),
    *once(
        "yes",
        "teams.users.other.count",
        USERS,
        "Users with another action",
        "Users who did on the day what no column counts.",
        "Has Other Action",
    ),
    *_users("teams.users", "", "Users"),
)

REPORTS = (DEVICES_USAGE, USERS_ACTIVITY)

MORE = "teams_counts"
"""The module with the reports of this family that few ask for."""
