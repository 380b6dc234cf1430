"""What Graph adds up itself about Teams: by day, by device in the period, and by team."""

from o365skype_bridge.model.declare import Metric, Report, Tally
from o365skype_bridge.model.shape import BY_DAY, ONE_ROW, Shape, by_entity
from o365skype_bridge.model.units import COUNT, SECONDS, TEAMS, USERS
from o365skype_bridge.reports.figures import by_column, report, value

KINDS = (
    ("web", "the web", "Web"),
    ("windows", "Windows", "Windows"),
    ("mac", "Mac", "Mac"),
    ("ios", "iOS", "iOS"),
    ("android", "Android Phone", "Android Phone"),
    ("windowsphone", "Windows Phone", "Windows Phone"),
    ("chromeos", "Chrome OS", "Chrome OS"),
    ("linux", "Linux", "Linux"),
)
ACTIVITIES = (
    ("messages.team", "Messages in channels", "Team Chat Messages"),
    ("messages.private", "Messages in private chats", "Private Chat Messages"),
    ("messages.post", "Posts in channels", "Post Messages"),
    ("messages.reply", "Replies in channels", "Reply Messages"),
    ("calls", "Calls", "Calls"),
    ("meetings", "Meetings", "Meetings"),
    ("meetings.organized", "Meetings organized", "Meetings Organized|Meetings Organized Count"),
    ("meetings.attended", "Meetings attended", "Meetings Attended|Meetings Attended Count"),
)
SPANS = (
    ("audio", "audio", "Audio Duration"),
    ("video", "video", "Video Duration"),
    ("sharing", "screen sharing", "Screen Share Duration"),
)
IN_TEAMS = (
    ("users.active", USERS, "Active users", "Active Users"),
    ("channels.active", COUNT, "Active channels", "Active Channels"),
    ("channels.shared.active", COUNT, "Active shared channels", "Active Shared Channels"),
    ("externals.active", USERS, "Active external users", "Active External Users"),
    ("guests", USERS, "Guests", "Guests"),
    ("meetings.organized", COUNT, "Meetings organized", "Meetings Organized"),
    ("messages.post", COUNT, "Posts", "Post Messages"),
    ("messages.reply", COUNT, "Replies", "Reply Messages"),
    ("messages.channel", COUNT, "Channel messages", "Channel Messages"),
    ("messages.urgent", COUNT, "Urgent messages", "Urgent Messages"),
    ("mentions", COUNT, "Mentions", "Mentions"),
    ("reactions", COUNT, "Reactions", "Reactions"),
)
"""The middle of a name, the unit, the title and the column of each figure about teams."""


def _by_device(
    name: str, title: str, namespace: str, when: str, function: str, shape: Shape
) -> Report:
    metrics = by_column(
        f"{namespace}.*.count",
        USERS,
        "device",
        KINDS,
        f"Licensed users of Teams on {{}} {when}.",
        f"Users on {{}} {when}",
    )
    # Some tenants' reports know no Chrome OS.
    metrics = tuple(
        one.replace(tally=one.tally.replace(optional=one.tally.columns))
        if one.value == "chromeos"
        else one
        for one in metrics
    )
    return report(name, title, function, shape, namespace, *metrics)


REPORTS = (
    report(
        "teams-activity-counts",
        "Teams activity by day",
        "getTeamsUserActivityCounts",
        BY_DAY,
        "teams.activity",
        *(
            value(
                f"teams.activity.{middle}.count",
                COUNT,
                f"{title} by day",
                column,
                f"{title} on the day by all users.",
            )
            for middle, title, column in ACTIVITIES
        ),
        *by_column(
            "teams.activity.duration.*",
            SECONDS,
            "medium",
            SPANS,
            "Time of {} on the day by all users.",
            "Time of {} by day",
        ),
    ),
    report(
        "teams-activity-user-counts",
        "Teams users by activity and day",
        "getTeamsUserActivityUserCounts",
        BY_DAY,
        "teams.activity.users",
        *by_column(
            "teams.activity.users.*.count",
            USERS,
            "type",
            (
                ("team", "messages in channels", "Team Chat Messages"),
                ("private", "messages in private chats", "Private Chat Messages"),
                ("calls", "calls", "Calls"),
                ("meetings", "meetings", "Meetings"),
                ("other", "other actions", "Other Actions"),
            ),
            "Licensed users with {} on the day.",
            "Users with {}",
        ),
    ),
    _by_device(
        "teams-devices-user-counts",
        "Teams users by device and day",
        "teams.devices.daily",
        "on the day",
        "getTeamsDeviceUsageUserCounts",
        BY_DAY,
    ),
    _by_device(
        "teams-devices-distribution",
        "Teams users by device in the period",
        "teams.devices.period",
        "in the period",
        "getTeamsDeviceUsageDistributionUserCounts",
        ONE_ROW,
    ),
    report(
        "teams-team-activity",
        "Activity of teams",
        "getTeamsTeamActivityDetail",
        by_entity("Team Name"),
        "teams.teams",
        Metric(
            name="teams.teams.total.count",
            unit=TEAMS,
            help="Teams in the report.",
            title="Teams",
            tally=Tally(kind="rows"),
        ),
        Metric(
            name="teams.teams.active.count",
            unit=TEAMS,
            help="Teams with activity in the period; the maximum is all teams of the report.",
            title="Active teams",
            tally=Tally(kind="active", columns=("Last Activity Date",)),
            limit=Tally(kind="rows"),
        ),
        *(
            Metric(
                name=f"teams.teams.{middle}.count",
                unit=unit,
                help=f"{title} in the period, added up over all teams.",
                title=f"{title} over all teams",
                tally=Tally(kind="sum", columns=(column,)),
            )
            for middle, unit, title, column in IN_TEAMS
        ),
    ),
    report(
        "teams-team-activity-counts",
        "Activity in teams by day",
        "getTeamsTeamActivityCounts",
        BY_DAY,
        "teams.team",
        *(
            value(
                f"teams.team.{middle}.count",
                unit,
                f"{title} in teams by day",
                column,
                f"{title} in all teams on the day.",
            )
            for middle, unit, title, column in IN_TEAMS
        ),
    ),
    report(
        "teams-team-activity-distribution",
        "Activity in teams in the period",
        "getTeamsTeamActivityDistributionCounts",
        ONE_ROW,
        "teams.team.period",
        *(
            value(
                f"teams.team.period.{middle}.count",
                unit,
                f"{title} in teams in the period",
                column,
                f"{title} in all teams in the period, each once.",
            )
            for middle, unit, title, column in IN_TEAMS
        ),
    ),
    report(
        "teams-team-counts",
        "Teams by visibility and day",
        "getTeamsTeamCounts",
        BY_DAY,
        "teams.visibility",
        *(
            value(
                "teams.visibility.*.count",
                TEAMS,
                f"{title} teams",
                f"{title} Teams",
                f"{title} teams on the day.",
                label=("type", title.lower()),
            )
            for title in ("Public", "Private")
        ),
        *(
            value(
                "teams.visibility.*.active.count",
                TEAMS,
                f"Active {title.lower()} teams",
                f"Active {title} Teams",
                f"{title} teams with activity on the day; the maximum is all of them.",
                most=f"{title} Teams",
                label=("type", title.lower()),
            )
            for title in ("Public", "Private")
        ),
    ),
)
