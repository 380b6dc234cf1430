"""Report files in Microsoft's format, made in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

BOM = b"\xef\xbb\xbf"
DAY = "2026-06-28"

DEVICES = [
    "Report Refresh Date",
    "User Principal Name",
    "Last Activity Date",
    "Used Windows",
    "Used Windows Phone",
    "Used Android Phone",
    "Used iPhone",
    "Used iPad",
    "Report Period",
]

TOTALS = [
    "Total Peer-to-peer Session Count",
    "Total Organized Conference Count",
    "Total Participated Conference Count",
]
PEER_TO_PEER = [
    "IM Count",
    "Audio Count",
    "Audio Minutes",
    "Video Count",
    "Video Minutes",
    "App Sharing Count",
    "File Transfer Count",
]
CONFERENCE = [
    "IM Count",
    "Audio/Video Count",
    "Audio/Video Minutes",
    "App Sharing Count",
    "Web Count",
    "Dial-in/out 3rd Party Count",
]
ORGANIZED = [
    "Dial-in/out Microsoft Count",
    "Dial-in Microsoft Minutes",
    "Dial-out Microsoft Minutes",
]
ACTIVITY = [
    "Report Refresh Date",
    "User Principal Name",
    "Is Deleted",
    "Deleted Date",
    "Last Activity Date",
    *TOTALS,
    "Peer-to-peer Last Activity Date",
    "Organized Conference Last Activity Date",
    "Participated Conference Last Activity Date",
    *(f"Peer-to-peer {name}" for name in PEER_TO_PEER),
    *(f"Organized Conference {name}" for name in [*CONFERENCE, *ORGANIZED]),
    *(f"Participated Conference {name}" for name in CONFERENCE),
    "Assigned Products",
    "Report Period",
]

Row = list[str]


def device_row(user: str, used: str, period: object = 1, day: str = DAY) -> Row:
    """Make a row; ``used`` has a letter for each device kind: W, P, A, I and D (iPad)."""
    return [day, user, day, *("Yes" if kind in used else "No" for kind in "WPAID"), str(period)]


def activity_row(user: str, *figures: object, period: object = 1, day: str = DAY) -> Row:
    """Make a row of 35 cells with the three totals."""
    cells = dict.fromkeys(ACTIVITY, "0") | {
        "Report Refresh Date": day,
        "User Principal Name": user,
        "Is Deleted": "False",
        "Deleted Date": "",
        "Last Activity Date": day,
        "Assigned Products": "MICROSOFT 365 E5+POWER BI (FREE)",
        "Report Period": str(period),
    }
    cells |= {name: str(figure) for name, figure in zip(TOTALS, figures, strict=True)}
    return list(cells.values())


def written(
    header: Iterable[str], *rows: Iterable[str], bom: bytes = BOM, end: str = "\n"
) -> bytes:
    """Write a file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerows([header, *rows])
    return bom + text.getvalue().encode()


def pieces(body: bytes, size: int) -> Iterator[bytes]:
    """Cut a file into chunks of one size."""
    return (body[at : at + size] for at in range(0, len(body), size))
