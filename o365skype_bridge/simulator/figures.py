"""The number behind a column: what one user or one team did, as far as that column counts it."""

from collections.abc import Callable
from functools import cache
from typing import Final

from o365skype_bridge.simulator.crowd import Line

Figure = Callable[[Line], int]

# One bit of a user's devices each.
DEVICES: Final = {
    "Used Windows": 0,
    "Used iPhone": 1,
    "Used iOS": 1,
    "Used Android Phone": 2,
    "Used iPad": 3,
    "Used Mac": 3,
    "Used Windows Phone": 4,
    "Used Web": 5,
    "Used Chrome OS": 6,
    "Used Linux": 7,
}

# Column: the kind of session it follows, how many of it make one, and how much that one counts.
# Skype's rows of a period count what is left over of one day into the next: more than their days.
_SKYPE: Final[dict[str, tuple[str, int, int]]] = {
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
    "Organized Conference Dial-in/out 3rd Party Count": ("organized", 3, 1),
    "Organized Conference Dial-in/out Microsoft Count": ("organized", 3, 1),
    "Organized Conference Dial-in Microsoft Minutes": ("organized", 3, 21),
    "Organized Conference Dial-out Microsoft Minutes": ("organized", 3, 4),
    "Participated Conference IM Count": ("participated", 2, 1),
    "Participated Conference Audio/Video Count": ("participated", 1, 1),
    "Participated Conference Audio/Video Minutes": ("participated", 1, 29),
    "Participated Conference App Sharing Count": ("participated", 2, 1),
    "Participated Conference Web Count": ("participated", 3, 1),
    "Participated Conference Dial-in/out 3rd Party Count": ("participated", 3, 1),
}

# The same for Teams, each day for itself.
_TEAMS: Final[dict[str, tuple[str, int, int]]] = {
    "Private Chat Message Count": ("p2p", 1, 5),
    "Call Count": ("p2p", 3, 1),
    "Meeting Count": ("participated", 1, 1),
    "Meetings Organized Count": ("organized", 1, 1),
    "Meetings Attended Count": ("participated", 1, 1),
    "Ad Hoc Meetings Organized Count": ("organized", 3, 1),
    "Ad Hoc Meetings Attended Count": ("participated", 3, 1),
    "Scheduled One-time Meetings Organized Count": ("organized", 3, 1),
    "Scheduled One-time Meetings Attended Count": ("participated", 3, 1),
    "Scheduled Recurring Meetings Organized Count": ("organized", 2, 1),
    "Scheduled Recurring Meetings Attended Count": ("participated", 2, 1),
    "Audio Duration In Seconds": ("participated", 1, 1740),
    "Video Duration In Seconds": ("participated", 2, 1020),
    "Screen Share Duration In Seconds": ("participated", 3, 480),
    "Urgent Messages": ("p2p", 7, 1),
    "Post Messages": ("p2p", 4, 1),
    "Reply Messages": ("p2p", 3, 1),
    "Reactions": ("p2p", 2, 1),
    "Mentions": ("p2p", 5, 1),
    "Meetings Organized": ("organized", 2, 1),
}


def _among(most: int) -> Callable[[Line], int]:
    """At most so many and as many as a team's luck has, but no more than it has active users."""
    return lambda line: min(line.luck % (most + 1), line.tally.active)


def _posted(line: Line) -> int:
    return figure("Post Messages")(line) + figure("Reply Messages")(line)


def _busy(line: Line) -> bool:
    return line.tally.active > 0


_OTHERS: Final[dict[str, Figure]] = {
    "Has Other Action": lambda line: int(bool(line.tally.devices and line.luck & 64)),
    "Team Chat Message Count": _posted,
    "Channel Messages": _posted,
    "Active Users": lambda line: line.tally.active,
    "Active Channels": lambda line: min(1 + line.luck % 5, line.tally.active),
    "Guests": _among(3),
    "Active Shared Channels": _among(1),
    "Active External Users": _among(2),
    "Public Teams": lambda line: int(line.public),
    "Active Public Teams": lambda line: int(line.public and _busy(line)),
    "Private Teams": lambda line: int(not line.public),
    "Active Private Teams": lambda line: int(not line.public and _busy(line)),
}


def _device(bit: int) -> Figure:
    return lambda line: line.tally.devices >> bit & 1


def _whole(kind: str, one_of: int, worth: int) -> Figure:
    return lambda line: int(getattr(line.tally, kind)) // one_of * worth


def _daily(kind: str, one_of: int, worth: int) -> Figure:
    return lambda line: line.tally.daily(kind, one_of) * worth


@cache
def figure(column: str) -> Figure:
    """The figure of this column of rows; a device is 1 for whoever used it."""
    column = " ".join(column.split())
    if column in _OTHERS:
        return _OTHERS[column]
    if column in DEVICES:
        return _device(DEVICES[column])
    return _daily(*_TEAMS[column]) if column in _TEAMS else _whole(*_SKYPE[column])
