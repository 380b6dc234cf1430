"""The usage reports that the simulator can answer, with the columns the real service sends."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One report: its Graph function and the header row of its file.

    `optional` is the column that some real tenants leave out.
    """

    function: str
    header: str
    product: str = "skype"
    optional: str = ""
    per_day: bool = False

    @property
    def columns(self) -> list[str]:
        """The column names, in the order of the real file."""
        return self.header.split(",")

    @property
    def takes_date(self) -> bool:
        """Whether the function accepts date= as well as period=."""
        return not self.per_day


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
_MEETINGS = (
    "Meetings Organized Count,Meetings Attended Count,"
    "Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended Count,"
    "Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings Attended Count,"
    "Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended Count"
)
_DURATIONS = (
    "Audio Duration,Video Duration,Screen Share Duration,"
    "Audio Duration In Seconds,Video Duration In Seconds,Screen Share Duration In Seconds"
)

LAYOUTS: Final = (
    Layout(
        function="getSkypeForBusinessDeviceUsageUserDetail",
        header="Report Refresh Date,User Principal Name,Last Activity Date,Used Windows,"
        "Used Windows Phone,Used Android Phone,Used iPhone,Used iPad,Report Period",
        optional="Used Windows Phone",
    ),
    Layout(
        function="getSkypeForBusinessActivityUserDetail",
        header="Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,"
        "Last Activity Date,Total Peer-to-peer Session Count,Total Organized Conference Count,"
        "Total Participated Conference Count,Peer-to-peer Last Activity Date,"
        "Organized Conference Last Activity Date,Participated Conference Last Activity Date,"
        f"{_PEER},{_ORGANIZED},{_PARTICIPATED},Assigned Products,Report Period",
        optional="Participated Conference Dial-in/out 3rd Party Count",
    ),
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
        f"Call Count,Meeting Count,{_MEETINGS},{_DURATIONS},Has Other Action,Urgent Messages,"
        "Post Messages,Tenant Display Name,Shared Channel Tenant Display Names,Reply Messages,"
        "Is Licensed,Report Period",
        optional="Shared Channel Tenant Display Names",
    ),
    Layout(
        function="getSkypeForBusinessActivityCounts",
        header="Report Refresh Date,Report Date,Report Period,Peer-to-peer,Organized,Participated",
        per_day=True,
    ),
    Layout(
        function="getSkypeForBusinessActivityUserCounts",
        header="Report Refresh Date,Report Date,Report Period,Peer-to-peer,Organized,Participated",
        per_day=True,
    ),
    Layout(
        function="getSkypeForBusinessDeviceUsageUserCounts",
        header="Report Refresh Date,Windows,Windows Phone,Android Phone,iPhone,iPad,Report Date,"
        "Report Period",
        per_day=True,
    ),
)

FUNCTIONS: Final = {layout.function: layout for layout in LAYOUTS}

PERIODS: Final = {"D7": 7, "D30": 30, "D90": 90, "D180": 180}
