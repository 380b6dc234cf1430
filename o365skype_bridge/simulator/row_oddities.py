"""Oddities of rows: who is listed, with what, and as of which day."""

from typing import Final

from o365skype_bridge.simulator.crowd import Asked
from o365skype_bridge.simulator.oddity import Cells, Oddity


def _other_boolean(_: int, cells: Cells, __: Asked) -> None:
    column = next((name for name in cells if name.startswith("Used ")), "Is Deleted")
    spelling = {"Yes": "True", "No": "False", "True": "Yes", "False": "No"}
    if column in cells:
        cells[column] = spelling[cells[column]]


def _without_activity_dates(_: int, cells: Cells, __: Asked) -> None:
    for column in cells:
        if column.endswith("Last Activity Date"):
            cells[column] = ""


def _deleted(index: int, cells: Cells, asked: Asked) -> None:
    if "Is Deleted" in cells:
        is_deleted = index % 5 == 1
        cells["Is Deleted"] = str(is_deleted)
        cells["Deleted Date"] = asked.end.isoformat() if is_deleted else ""


def _retired(_: int, cells: Cells, __: Asked) -> None:
    if cells.get("Last Activity Date"):
        cells["Last Activity Date"] = "2021-03-22"


def _period_of_one(_: int, cells: Cells, __: Asked) -> None:
    cells["Report Period"] = "1"


def _one_more(_: int, cells: Cells, asked: Asked) -> None:
    for column in cells:
        if column.startswith("Total ") and not asked.is_day:
            cells[column] = str(int(cells[column]) + 1)


def _empty_when_idle(_: int, cells: Cells, asked: Asked) -> None:
    figures = [column for column in cells if not column.startswith("Report ")]
    if asked.layout.shape == "days" and all(cells[column] in {"", "0"} for column in figures):
        cells.update(dict.fromkeys(figures, ""))


def _hours(_: int, cells: Cells, __: Asked) -> None:
    for column, cell in cells.items():
        if column.endswith(" Duration") and cell:
            minutes, seconds = divmod(int(cell[2:-1]), 60)
            hours, minutes = divmod(minutes, 60)
            days, hours = divmod(hours, 24)
            day = f"{days}D" if days else ""
            cells[column] = f"P{day}T{hours}H{minutes}M{seconds}S"


QUOTED: Final = ("doe, jane@contoso.example", 'the "boss"@contoso.example', "two\nlines@x.example")
NON_ASCII: Final = ("zoë.müller@contoso.example", "李雷@contoso.example", "Ωmega.ß@contoso.example")
HOSTILE: Final = (
    "a|b'c=\"d,e=f\\@contoso.example",
    "new\nline@contoso.example",
    "tab\tbed@contoso.example",
    "nul\0byte@contoso.example",
    "party\U0001f389@contoso.example",
    "${HOME} $(id) {#MACRO} {{ 7*7 }} %s\x1b[31m@contoso.example",
    "l" * 300 + "@contoso.example",
)

ROW_ODDITIES: Final = (
    Oddity(
        name="quoted-fields",
        traps=(10,),
        help="Names with a comma, a quote and a line break, quoted.",
        names=QUOTED,
    ),
    Oddity(
        name="non-ascii",
        traps=(10,),
        help="Names beyond ASCII and beyond Latin-1.",
        names=NON_ASCII,
    ),
    Oddity(
        name="odd-names",
        traps=(10,),
        help="The names '--', 'unknown' and an empty one.",
        names=("--", "unknown", ""),
    ),
    Oddity(
        name="hostile-names",
        traps=(10,),
        help="Names full of other formats' syntax, control characters and length.",
        names=HOSTILE,
    ),
    Oddity(
        name="true-false",
        traps=(11,),
        help="True/False and Yes/No in the same row.",
        cells=_other_boolean,
    ),
    Oddity(
        name="blank-activity-dates",
        traps=(12,),
        help="No last activity date at all, also for active users.",
        cells=_without_activity_dates,
    ),
    Oddity(
        name="deleted-users",
        traps=(12,),
        help="Every fifth user is deleted, some of them with activity.",
        cells=_deleted,
    ),
    Oddity(
        name="concealed",
        traps=(13,),
        help="Names are 32 hexadecimal digits and every User Id is zero.",
    ),
    Oddity(name="duplicate-users", traps=(14,), help="The first two users are listed twice."),
    Oddity(
        name="period-of-one",
        traps=(15,),
        help="Report Period says 1 for a period too, so it cannot tell the two apart.",
        cells=_period_of_one,
    ),
    *(
        Oddity(
            name=f"refresh-{days}-days-old",
            traps=(16,),
            help=f"The newest day is {days} days old.",
            lag=days,
        )
        for days in (2, 3, 5, 9)
    ),
    Oddity(
        name="refresh-backwards",
        traps=(16,),
        help="Every second answer for a period is one day older than the one before.",
    ),
    Oddity(
        name="refresh-differs",
        traps=(16,),
        help="Activity and per-day reports are one day behind the device reports.",
    ),
    Oddity(
        name="counts-oldest-first",
        traps=(17,),
        help="Rows of per-day reports begin with the oldest day.",
    ),
    Oddity(
        name="counts-six-days",
        traps=(17,),
        help="Per-day reports lack the day before the newest one.",
    ),
    Oddity(
        name="idle-cells-empty",
        traps=(17,),
        help="Per-day reports have empty cells instead of zeros on a day when nobody did anything.",
        cells=_empty_when_idle,
    ),
    Oddity(
        name="durations-in-hours",
        traps=(9,),
        help="Durations are written with days, hours and minutes, as P1DT2H3M4S.",
        cells=_hours,
    ),
    Oddity(
        name="revised",
        traps=(18,),
        help="The same question asked again gives other numbers.",
    ),
    Oddity(
        name="period-sum-differs",
        traps=(18,),
        help="Totals of a period are higher than the sum of its days.",
        cells=_one_more,
    ),
    Oddity(
        name="zeros",
        traps=(17, 29),
        help="Users are listed, nobody has done anything since 2021.",
        cells=_retired,
    ),
    Oddity(name="large", traps=(30,), help="200,000 users.", users=200_000),
    Oddity(
        name="huge-field",
        traps=(30,),
        help="A name of one million characters.",
        names=("h" * 1_000_000,),
    ),
    Oddity(
        name="invalid-utf8",
        traps=(10,),
        help="A name with a byte that is not UTF-8.",
        names=("caf\udce9@contoso.example",),
    ),
)
