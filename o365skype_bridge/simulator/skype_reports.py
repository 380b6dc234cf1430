"""The fifteen reports of Skype for Business, with the columns the real service sends."""

from collections.abc import Mapping
from typing import Final

from o365skype_bridge.simulator.reports import Layout

_SKYPE: Final = "getSkypeForBusiness"
_DAY: Final = "Report Refresh Date,Report Date,Report Period"

_PEER = (
    "Peer-to-peer IM Count,Peer-to-peer Audio Count,Peer-to-peer Audio Minutes,"
    "Peer-to-peer Video Count,Peer-to-peer Video Minutes,Peer-to-peer App Sharing Count,"
    "Peer-to-peer File Transfer Count"
)
_ORGANIZED = (
    "Organized Conference IM Count,Organized Conference Audio/Video Count,"
    "Organized Conference Audio/Video Minutes,Organized Conference App Sharing Count,"
    "Organized Conference Web Count,Organized Conference Dial-in/out 3rd Party Count,"
    "Organized Conference Dial-in/out Microsoft Count,"
    "Organized Conference Dial-in Microsoft Minutes,"
    "Organized Conference Dial-out Microsoft Minutes"
)
_PARTICIPATED = (
    "Participated Conference IM Count,Participated Conference Audio/Video Count,"
    "Participated Conference Audio/Video Minutes,Participated Conference App Sharing Count,"
    "Participated Conference Web Count,Participated Conference Dial-in/out 3rd Party Count"
)
_DEVICES: Final = "Windows,Windows Phone,Android Phone,iPhone,iPad"
_TOTALS: Final = {
    "Peer-to-peer": "Total Peer-to-peer Session Count",
    "Organized": "Total Organized Conference Count",
    "Participated": "Total Participated Conference Count",
}


def _twins(
    name: str, columns: str, figure: str, figures: Mapping[str, str] | None = None
) -> tuple[Layout, Layout]:
    """A report of sessions by day and the report of users that has the same header."""
    header = f"{_DAY},{columns}"
    count, users = (
        Layout(
            function=f"{_SKYPE}{name}{ending}",
            header=header,
            shape="days",
            figure=figure,
            figures=figures or {},
            unique=ending == "UserCounts",
        )
        for ending in ("Counts", "UserCounts")
    )
    return count, users


def _minutes(name: str, columns: str, figure: str) -> Layout:
    return Layout(
        function=f"{_SKYPE}{name}MinuteCounts",
        header=f"{_DAY},{columns}",
        shape="days",
        figure=figure,
    )


SKYPE_REPORTS: Final = (
    Layout(
        function=f"{_SKYPE}DeviceUsageUserDetail",
        header="Report Refresh Date,User Principal Name,Last Activity Date,Used Windows,"
        "Used Windows Phone,Used Android Phone,Used iPhone,Used iPad,Report Period",
        optional="Used Windows Phone",
    ),
    Layout(
        function=f"{_SKYPE}ActivityUserDetail",
        header="Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,"
        "Last Activity Date,Total Peer-to-peer Session Count,Total Organized Conference Count,"
        "Total Participated Conference Count,Peer-to-peer Last Activity Date,"
        "Organized Conference Last Activity Date,Participated Conference Last Activity Date,"
        f"{_PEER},{_ORGANIZED},{_PARTICIPATED},Assigned Products,Report Period",
        optional="Participated Conference Dial-in/out 3rd Party Count",
    ),
    Layout(
        function=f"{_SKYPE}DeviceUsageUserCounts",
        header=f"Report Refresh Date,{_DEVICES},Report Date,Report Period",
        shape="days",
        figure="Used {}",
        unique=True,
        optional="Windows Phone",
    ),
    Layout(
        function=f"{_SKYPE}DeviceUsageDistributionUserCounts",
        header=f"Report Refresh Date,{_DEVICES},Report Period",
        shape="window",
        figure="Used {}",
        unique=True,
        optional="Windows Phone",
    ),
    *_twins("Activity", "Peer-to-peer,Organized,Participated", "{}", _TOTALS),
    *_twins(
        "PeerToPeerActivity",
        "IM,Audio,Video,App Sharing,File Transfer",
        "Peer-to-peer {} Count",
    ),
    _minutes("PeerToPeerActivity", "Audio,Video", "Peer-to-peer {} Minutes"),
    *_twins(
        "OrganizerActivity",
        "IM,Audio/Video,App Sharing,Web,Dial-in/out 3rd Party,Dial-in/out Microsoft",
        "Organized Conference {} Count",
    ),
    _minutes(
        "OrganizerActivity",
        "Audio/Video,Dial-in Microsoft,Dial-out Microsoft",
        "Organized Conference {} Minutes",
    ),
    *_twins(
        "ParticipantActivity",
        "IM,Audio/Video,App Sharing,Web,Dial-in/out 3rd Party",
        "Participated Conference {} Count",
    ),
    _minutes("ParticipantActivity", "Audio/Video", "Participated Conference {} Minutes"),
)
