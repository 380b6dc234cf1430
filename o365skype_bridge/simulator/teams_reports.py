"""The ten reports of Teams in v1.0, with the columns the real service sends."""

from typing import Final

from o365skype_bridge.simulator.reports import Layout

_DEVICES: Final = "Web,Windows Phone,Android Phone,iOS,Mac,Windows,Chrome OS,Linux"
_MEETINGS: Final = (
    "Meetings Organized Count,Meetings Attended Count,"
    "Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended Count,"
    "Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings Attended Count,"
    "Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended Count"
)
_DURATIONS: Final = "Audio Duration,Video Duration,Screen Share Duration"
_SECONDS: Final = (
    "Audio Duration In Seconds,Video Duration In Seconds,Screen Share Duration In Seconds"
)
_ACTIVITIES: Final = {
    "Team Chat Messages": "Team Chat Message Count",
    "Private Chat Messages": "Private Chat Message Count",
    "Calls": "Call Count",
    "Meetings": "Meeting Count",
    "Other Actions": "Has Other Action",
}
# Counted of teams, in the order of the reports that count; the report that lists has its own.
_OF_TEAMS: Final = (
    "Active Users,Active Channels,Guests,Reactions,Meetings Organized,Post Messages,"
    "Channel Messages,Active Shared Channels,Active External Users,Reply Messages,"
    "Urgent Messages,Mentions"
)

TEAMS_REPORTS: Final = (
    Layout(
        function="getTeamsDeviceUsageUserDetail",
        product="teams",
        # The two spaces are the service's own.
        header="Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,"
        "Deleted Date,Used Web,Used Windows Phone,Used iOS,Used Mac,Used Android Phone,"
        "Used Windows,Used  Chrome OS,Used Linux,Is Licensed,Report Period",
        optional="Used  Chrome OS",
    ),
    Layout(
        function="getTeamsUserActivityUserDetail",
        product="teams",
        header="Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,"
        "Deleted Date,Assigned Products,Team Chat Message Count,Private Chat Message Count,"
        f"Call Count,Meeting Count,{_MEETINGS},{_DURATIONS},{_SECONDS},Has Other Action,"
        "Urgent Messages,Post Messages,Tenant Display Name,Shared Channel Tenant Display Names,"
        "Reply Messages,Is Licensed,Report Period",
        optional="Shared Channel Tenant Display Names",
    ),
    Layout(
        function="getTeamsDeviceUsageUserCounts",
        product="teams",
        header=f"Report Refresh Date,{_DEVICES},Report Date,Report Period",
        shape="days",
        figure="Used {}",
        unique=True,
        optional="Chrome OS",
    ),
    Layout(
        function="getTeamsDeviceUsageDistributionUserCounts",
        product="teams",
        header=f"Report Refresh Date,{_DEVICES},Report Period",
        shape="window",
        figure="Used {}",
        unique=True,
        optional="Chrome OS",
    ),
    Layout(
        function="getTeamsUserActivityCounts",
        product="teams",
        header="Report Refresh Date,Report Date,Team Chat Messages,Private Chat Messages,Calls,"
        f"Meetings,Meetings Organized Count,Meetings Attended Count,{_DURATIONS},Post Messages,"
        "Reply Messages,Report Period",
        shape="days",
        figures=_ACTIVITIES,
        optional="Reply Messages",
    ),
    Layout(
        function="getTeamsUserActivityUserCounts",
        product="teams",
        header="Report Refresh Date,Report Date,Team Chat Messages,Private Chat Messages,Calls,"
        "Meetings,Other Actions,Report Period",
        shape="days",
        figures=_ACTIVITIES,
        unique=True,
        optional="Other Actions",
    ),
    Layout(
        function="getTeamsTeamActivityDetail",
        product="teams",
        about="teams",
        header="Report Refresh Date,Team Name,Team Id,Team Type,Last Activity Date,Report Period,"
        "Active Users,Active Channels,Guests,Reactions,Meetings Organized,Post Messages,"
        "Reply Messages,Channel Messages,Urgent Messages,Mentions,Active Shared Channels,"
        "Active External Users",
        optional="Active Shared Channels",
    ),
    Layout(
        function="getTeamsTeamActivityCounts",
        product="teams",
        about="teams",
        header=f"Report Refresh Date,Report Period,Report Date,{_OF_TEAMS}",
        shape="days",
        optional="Active Shared Channels",
    ),
    Layout(
        function="getTeamsTeamActivityDistributionCounts",
        product="teams",
        about="teams",
        header=f"Report Refresh Date,Report Period,{_OF_TEAMS}",
        shape="window",
        optional="Active Shared Channels",
    ),
    Layout(
        function="getTeamsTeamCounts",
        product="teams",
        about="teams",
        # The only one without a Report Period.
        header="Report Refresh Date,Report Date,Public Teams,Active Public Teams,Private Teams,"
        "Active Private Teams",
        shape="days",
    ),
)
