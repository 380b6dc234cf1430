"""What stands in each cell of a report: column name and user to text."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from o365skype_bridge.simulator.people import NUMBER, WIDE_NUMBER, Tally
from o365skype_bridge.simulator.reports import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request for a report, as far as its content depends on it."""

    layout: Layout
    refresh: date
    end: date
    days: int
    edition: int = 0

    @property
    def is_day(self) -> bool:
        """Whether one day was asked for, with date=."""
        return self.days == 1


@dataclass(frozen=True, slots=True)
class Line:
    """One user within one report."""

    asked: Asked
    index: int
    name: str
    tally: Tally
    luck: int

    @property
    def last_activity(self) -> str:
        """The day of the last activity; half of the idle users have an old one, half have none."""
        if not 0 <= self.tally.last < self.asked.days and self.luck & 8:
            return ""
        if self.tally.last >= 0:
            return (self.asked.end - timedelta(self.tally.last)).isoformat()
        return (self.asked.end - timedelta(max(self.asked.days, 28) + self.luck % 90)).isoformat()


_PRODUCTS = (
    "MICROSOFT 365 E5+POWER BI (FREE)",
    "OFFICE 365 E3",
    "MICROSOFT 365 E5+MICROSOFT POWER APPS PLAN 2 TRIAL+POWER BI (FREE)",
    "",
)

_PLAIN: Final[dict[str, Callable[[Line], str]]] = {
    "Report Refresh Date": lambda line: line.asked.refresh.isoformat(),
    "User Principal Name": lambda line: line.name,
    "User Id": lambda line: f"{line.index:08x}-5ca1-4b1e-9d00-{WIDE_NUMBER}",
    "Is Deleted": lambda _: "False",
    "Deleted Date": lambda _: "",
    "Last Activity Date": lambda line: line.last_activity,
    "Peer-to-peer Last Activity Date": lambda line: line.last_activity if line.tally.p2p else "",
    "Organized Conference Last Activity Date": lambda line: (
        line.last_activity if line.tally.organized else ""
    ),
    "Participated Conference Last Activity Date": lambda line: (
        line.last_activity if line.tally.participated else ""
    ),
    "Assigned Products": lambda line: _PRODUCTS[line.luck % 4],
    "Tenant Display Name": lambda _: "",
    "Shared Channel Tenant Display Names": lambda _: "",
    "Has Other Action": lambda line: "Yes" if line.tally.devices and line.luck & 64 else "No",
    "Is Licensed": lambda _: "Yes",
    "Report Period": lambda line: str(line.asked.days),
}

_DEVICES: Final = {
    "Used Windows": 0,
    "Used iPhone": 1,
    "Used iOS": 1,
    "Used Android Phone": 2,
    "Used iPad": 3,
    "Used Mac": 3,
    "Used Windows Phone": 4,
    "Used Web": 5,
    "Used  Chrome OS": 6,
    "Used Linux": 7,
}

# Column: the tally it follows, how many of it make one, and how much that one counts for.
_COUNTS: Final[dict[str, tuple[str, int, int]]] = {
    "Total Peer-to-peer Session Count": ("p2p", 1, 1),
    "Total Organized Conference Count": ("organized", 1, 1),
    "Total Participated Conference Count": ("participated", 1, 1),
    "Peer-to-peer IM Count": ("p2p", 2, 1),
    "Peer-to-peer Audio Count": ("p2p", 3, 1),
    "Peer-to-peer Audio Minutes": ("p2p", 3, 11),
    "Peer-to-peer Video Count": ("p2p", 4, 1),
    "Peer-to-peer Video Minutes": ("p2p", 4, 17),
    "Peer-to-peer App Sharing Count": ("p2p", 5, 1),
    "Peer-to-peer File Transfer Count": ("p2p", 7, 1),
    "Organized Conference IM Count": ("organized", 2, 1),
    "Organized Conference Audio/Video Count": ("organized", 1, 1),
    "Organized Conference Audio/Video Minutes": ("organized", 1, 33),
    "Organized Conference App Sharing Count": ("organized", 2, 1),
    "Organized Conference Web Count": ("organized", 3, 1),
    "Organized Conference Dial-in/out 3rd Party Count": ("organized", 9, 1),
    "Organized Conference Dial-in/out Microsoft Count": ("organized", 3, 1),
    "Organized Conference Dial-in Microsoft Minutes": ("organized", 3, 21),
    "Organized Conference Dial-out Microsoft Minutes": ("organized", 3, 4),
    "Participated Conference IM Count": ("participated", 2, 1),
    "Participated Conference Audio/Video Count": ("participated", 1, 1),
    "Participated Conference Audio/Video Minutes": ("participated", 1, 29),
    "Participated Conference App Sharing Count": ("participated", 2, 1),
    "Participated Conference Web Count": ("participated", 3, 1),
    "Participated Conference Dial-in/out 3rd Party Count": ("participated", 9, 1),
    "Team Chat Message Count": ("p2p", 2, 3),
    "Private Chat Message Count": ("p2p", 1, 5),
    "Call Count": ("p2p", 3, 1),
    "Meeting Count": ("participated", 1, 1),
    "Meetings Organized Count": ("organized", 1, 1),
    "Meetings Attended Count": ("participated", 1, 1),
    "Ad Hoc Meetings Organized Count": ("organized", 3, 1),
    "Ad Hoc Meetings Attended Count": ("participated", 3, 1),
    "Scheduled One-time Meetings Organized Count": ("organized", 4, 1),
    "Scheduled One-time Meetings Attended Count": ("participated", 4, 1),
    "Scheduled Recurring Meetings Organized Count": ("organized", 2, 1),
    "Scheduled Recurring Meetings Attended Count": ("participated", 2, 1),
    "Audio Duration In Seconds": ("participated", 1, 1740),
    "Video Duration In Seconds": ("participated", 2, 1020),
    "Screen Share Duration In Seconds": ("participated", 3, 480),
    "Urgent Messages": ("p2p", 9, 1),
    "Post Messages": ("p2p", 4, 1),
    "Reply Messages": ("p2p", 3, 1),
}


def _device(bit: int) -> Callable[[Line], str]:
    return lambda line: "Yes" if line.tally.devices >> bit & 1 else "No"


def _count(column: str) -> Callable[[Line], str]:
    tally, one_of, worth = _COUNTS[column]
    return lambda line: str(getattr(line.tally, tally) // one_of * worth)


@cache
def maker(column: str) -> Callable[[Line], str]:
    """The function that fills this column."""
    if column in _PLAIN:
        return _PLAIN[column]
    if column in _DEVICES:
        return _device(_DEVICES[column])
    if column.endswith(" Duration"):
        seconds = _count(f"{column} In Seconds")
        return lambda line: f"PT{seconds(line)}S"
    return _count(column)


def quoted(cell: str) -> bytes:
    """A cell as bytes, in quotes where its content asks for them."""
    if any(sign in cell for sign in ',"\r\n'):
        cell = '"' + cell.replace('"', '""') + '"'
    return cell.encode("utf-8", "surrogateescape")


def concealed(name: str, seed: int) -> bytes:
    """What the service shows instead of a name when names are hidden."""
    name = f"{seed}/{name}"
    digest = hashlib.md5(name.encode("utf-8", "surrogateescape"), usedforsecurity=False)
    return digest.hexdigest().upper().encode()


def numbered(rows: bytes, block: int) -> bytes:
    """Rows with the number of their block in names and identifiers."""
    number = str(block + 1).encode() if block else b""
    return rows.replace(NUMBER.encode(), number).replace(WIDE_NUMBER.encode(), b"%012d" % block)
