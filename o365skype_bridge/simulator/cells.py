"""What stands in each cell of a report that lists users or teams: column name and line to text."""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Final

from o365skype_bridge.simulator.crowd import Line
from o365skype_bridge.simulator.figures import DEVICES, figure
from o365skype_bridge.simulator.people import NUMBER, WIDE_NUMBER

Cell = Callable[[Line], str]

_NOBODY: Final = "00000000-0000-0000-0000-000000000000"
_PRODUCTS = (
    "MICROSOFT 365 E5+POWER BI (FREE)",
    "OFFICE 365 E3",
    "MICROSOFT 365 E5+MICROSOFT POWER APPS PLAN 2 TRIAL+POWER BI (FREE)",
    "",
)


def _identifier(kind: str) -> Cell:
    return lambda line: f"{line.index:08x}-{kind}-4b1e-9d00-{WIDE_NUMBER}"


_PLAIN: Final[dict[str, Cell]] = {
    "Report Refresh Date": lambda line: line.asked.refresh.isoformat(),
    "User Principal Name": lambda line: line.name,
    "User Id": _identifier("5ca1"),
    "Team Name": lambda line: line.name,
    "Team Id": _identifier("7ea3"),
    "Team Type": lambda line: "Public" if line.public else "Private",
    "Is Deleted": lambda line: str(line.deleted is not None),
    "Deleted Date": lambda line: str(line.deleted or ""),
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
    "Is Licensed": lambda _: "Yes",
    "Report Period": lambda line: str(line.asked.days),
}
_FLAGS: Final = {*DEVICES, "Has Other Action"}

# When names are concealed: what stands in every row, and which columns hold digits instead.
HIDDEN: Final = {"User Id": _NOBODY, "Team Id": _NOBODY}
NAMED: Final = ("User Principal Name", "Team Name")


@cache
def maker(column: str) -> Cell:
    """The function that fills this column."""
    if column in _PLAIN:
        return _PLAIN[column]
    if column.endswith(" Duration"):
        seconds = figure(f"{column} In Seconds")
        return lambda line: f"PT{seconds(line)}S"
    number = figure(column)
    if " ".join(column.split()) in _FLAGS:
        return lambda line: "Yes" if number(line) else "No"
    return lambda line: str(number(line))


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
