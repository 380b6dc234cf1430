"""Oddities of whole files: their bytes, their lines and their header row."""

from collections.abc import Callable
from typing import Final

from o365skype_bridge.simulator import streams
from o365skype_bridge.simulator.oddity import Oddity
from o365skype_bridge.simulator.reports import Layout


def _shuffled(_: Layout, columns: list[str]) -> list[str]:
    return [*columns[1::2], *columns[::2]]


def _unknown(_: Layout, columns: list[str]) -> list[str]:
    return [*columns[:3], "Brand New Count", *columns[3:]]


def _without_optional(layout: Layout, columns: list[str]) -> list[str]:
    return [column for column in columns if column != layout.optional]


def _renamed(old: str, new: str) -> Callable[[str], str]:
    return lambda header: header.replace(old, new)


def _other_case(header: str) -> str:
    for name in ("Report Refresh Date", "Team Type", "Active Users"):
        header = header.replace(name, name.capitalize())
    return header


# Only the report that counts has them side by side with the durations.
_COUNT: Final = "Meetings Organized Count,Meetings Attended Count,Audio Duration,"


FILE_ODDITIES: Final = (
    Oddity(name="crlf", traps=(6,), help="Lines end with CR LF.", stream=streams.crlf),
    Oddity(
        name="trailing-blank-lines",
        traps=(6,),
        help="Three empty lines follow the last row.",
        stream=streams.trailing_blank_lines,
    ),
    Oddity(
        name="no-final-newline",
        traps=(6,),
        help="The last row has no line end.",
        stream=streams.no_final_newline,
    ),
    Oddity(name="gzip", traps=(6,), help="The download has Content-Encoding gzip."),
    Oddity(name="bom-absent", traps=(7,), help="No byte order mark.", stream=streams.bom_absent),
    Oddity(name="bom-only", traps=(7,), help="A body of three bytes.", stream=streams.bom_only),
    Oddity(name="zero-bytes", traps=(7,), help="An empty body.", stream=streams.zero_bytes),
    Oddity(
        name="header-only",
        traps=(8, 29),
        help="No report has any row.",
        stream=streams.header_only,
    ),
    Oddity(
        name="day-header-only",
        traps=(8,),
        help="Reports of one day have no row, as on a holiday.",
        stream=streams.day_header_only,
    ),
    Oddity(
        name="shuffled-columns",
        traps=(9,),
        help="The columns stand in an undocumented order.",
        columns=_shuffled,
    ),
    Oddity(
        name="unknown-column",
        traps=(9,),
        help="A column nobody has heard of, in the middle.",
        columns=_unknown,
    ),
    Oddity(
        name="missing-optional-column",
        traps=(9,),
        help="One column that some tenants do not have is absent.",
        columns=_without_optional,
    ),
    Oddity(
        name="misspelled-header",
        traps=(9,),
        help="The historical spelling 'Paricipated Conference IM Count'.",
        header=_renamed("Participated Conference IM", "Paricipated Conference IM"),
    ),
    Oddity(
        name="double-space",
        traps=(9,),
        help="Two spaces after 'Used' in a header cell.",
        header=_renamed("Used Windows,", "Used  Windows,"),
    ),
    Oddity(
        name="changed-case",
        traps=(9,),
        help="Header cells in another case, 'Report refresh date'.",
        header=_other_case,
    ),
    Oddity(
        name="documented-names",
        traps=(9,),
        help="Per-day meetings of Teams are named without 'Count', as the documentation has them.",
        header=_renamed(_COUNT, "Meetings Organized,Meetings Attended,Audio Duration,"),
    ),
    Oddity(
        name="short-row",
        traps=(10,),
        help="The first row lacks its last cell.",
        stream=streams.short_row,
    ),
    Oddity(
        name="html",
        traps=(26,),
        help="The file is a web page that says nothing of itself in its headers.",
        stream=streams.html,
    ),
)
