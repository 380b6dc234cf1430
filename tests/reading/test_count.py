"""Counting report files: every metric's figure, whoever made the file and however it comes."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from catalogue import DEVICES_USAGE, USERS_ACTIVITY
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import files
from readers.files import ACTIVITY, DEVICES, TOTALS, Row, activity_row, device_row, written

from o365skype_bridge.errors import MalformedError, UsageError
from o365skype_bridge.model import asked
from o365skype_bridge.model.declare import CONNECTOR, EXACT, Report
from o365skype_bridge.model.units import USERS
from o365skype_bridge.reading.count import Count, View, compile_filter, count
from o365skype_bridge.reports.usage import more, once

EVERYBODY = View()
SINGLE = View(per_user=True)
CONCEALED = "08C843C9980C257E2C928A88FD219B98"
NEWEST = date(2026, 6, 28)
DAY = asked.newest_day(NEWEST)
WEEK = asked.period(last=NEWEST)
AS_CONNECTOR = DEVICES_USAGE.replace(reading=CONNECTOR)


def counted(report: Report, *rows: Row, view: View = EVERYBODY, daily: bool = True) -> Count:
    """Count a file of these rows."""
    header = ACTIVITY if report is USERS_ACTIVITY else DEVICES
    [found] = count([written(header, *rows)], report, DAY if daily else WEEK, [view])
    assert isinstance(found, Count)
    return found


def refusal(report: Report, *rows: Row, **asked: Any) -> str:
    """Give what is said of a file that is refused, once its figures are asked for."""
    with pytest.raises(MalformedError) as caught:
        _ = counted(report, *rows, **asked).figures
    return str(caught.value)


def figures(*values: int) -> dict[str, int]:
    """Give figures of the activity report by name."""
    names = [metric.dotted for metric in USERS_ACTIVITY.metrics if not metric.per_user]
    return dict(zip(names, values, strict=True))


def test_every_used_column_counts_one_device() -> None:
    """Active is the sum over all kinds; a kind is the number of its users."""
    rows = [device_row("a", "WPAID"), device_row("b", "W"), device_row("c", "")]

    assert counted(DEVICES_USAGE, *rows).figures == {
        "skype.devices.active.count": 6,
        "skype.devices.windows.count": 2,
        "skype.devices.ipad.count": 1,
        "skype.devices.iphone.count": 1,
        "skype.devices.android.count": 1,
        "skype.devices.windowsphone.count": 1,
    }


YES = ["Yes", "yes", "YES", "True", "true", "TRUE", " Yes ", "\ttRuE"]
NO = ["No", "no", "NO", "False", "false", "", "  ", " No"]
NEITHER = [
    "1",
    "0",
    "Ja",
    "Y",
    "N",
    "Yes!",
    "Yes (desktop)",
    "-",
    "Ye",
    "Yes\0Yes",
    "Yes\nNo",
    "x" * 99,
]


def with_windows(*cells: str) -> list[Row]:
    """Give a row for each of these cells of the column 'Used Windows'."""
    rows = [device_row(str(number), "") for number in range(len(cells))]
    for row, cell in zip(rows, cells, strict=True):
        row[3] = cell
    return rows


@pytest.mark.parametrize(
    ("cell", "devices"), [*((cell, 1) for cell in YES), *((cell, 0) for cell in NO)]
)
def test_yes_and_no_are_read_in_any_case(cell: str, devices: int) -> None:
    """True and False as well; blank is no."""
    rows = with_windows(cell, "Yes", cell)
    found = counted(DEVICES_USAGE, *rows)

    assert found.figures["skype.devices.windows.count"] == 2 * devices + 1
    assert found.figures["skype.devices.active.count"] == 2 * devices + 1


@pytest.mark.parametrize("cell", NEITHER)
@pytest.mark.parametrize("daily", [True, False])
def test_what_is_neither_yes_nor_no_is_refused(cell: str, *, daily: bool) -> None:
    """With the column and what stands there: nobody knows whether the device was used."""
    rows = with_windows(*["No"] * 400, cell)
    for row in rows:
        row[-1] = "1" if daily else "7"

    assert refusal(DEVICES_USAGE, *rows, daily=daily) == (
        f"column 'Used Windows' holds {cell[:20]!a}, not Yes or No"
    )


PIECES = ["Yes", "No", "", "Yes\n", "\nNo", "Yes\nNo", "YesNo", "Ye", "s", "N", "o", "s\nNo"]


@given(cells=st.lists(st.sampled_from(PIECES), max_size=6))
@settings(deadline=None)
def test_cells_are_told_apart_whatever_stands_in_them(cells: list[str]) -> None:
    """What is no yes and no no never passes for one because of its neighbours."""
    odd = [cell for cell in cells if cell.strip() not in ("Yes", "No", "")]
    rows = with_windows(*cells)

    if odd:
        assert refusal(DEVICES_USAGE, *rows).endswith(f"holds {odd[0]!a}, not Yes or No")
    else:
        ticked = sum("Yes" in cell for cell in cells)
        assert counted(DEVICES_USAGE, *rows).figures["skype.devices.windows.count"] == ticked


@pytest.mark.parametrize(
    ("cell", "devices"),
    [("Yes", 1), ("Yes (desktop)", 1), ("yes", 0), ("True", 0), ("No", 0), ("", 0), ("1", 0)],
)
def test_the_connector_sees_a_yes_anywhere_in_a_cell(cell: str, devices: int) -> None:
    """And nothing else, so that the drop-in's graphs go on."""
    found = counted(AS_CONNECTOR, *with_windows(cell))

    assert found.figures["skype.devices.windows.count"] == devices


@pytest.mark.parametrize("report", [DEVICES_USAGE, AS_CONNECTOR])
@pytest.mark.parametrize(
    ("cell", "is_plain"),
    [("Yes", True), ("No", True), ("", True), ("False", True), ("True", False), ("yes", False)],
)
def test_figures_that_depend_on_the_reading_are_known(
    report: Report, cell: str, *, is_plain: bool
) -> None:
    """They are nobody else's; all others are everybody's."""
    assert counted(report, *with_windows("Yes", cell)).is_plain is is_plain


def test_an_odd_cell_is_refused_whoever_is_looked_at() -> None:
    """A filter does not make a file any better."""
    rows = with_windows("Yes", "Ja")
    said = refusal(DEVICES_USAGE, *rows, view=View(wanted=compile_filter("^0$")))

    assert said == "column 'Used Windows' holds 'Ja', not Yes or No"


def test_every_row_is_an_active_user() -> None:
    """Totals are the sums of their columns."""
    rows = [activity_row("a", 3, 1, 2), activity_row("b", 0, 0, 4), activity_row("c", 0, 0, 0)]

    assert counted(USERS_ACTIVITY, *rows).figures == figures(3, 3, 1, 6)


def test_a_period_is_counted_for_the_maxima_only() -> None:
    """What the seven days' sessions are is no maximum of anything."""
    devices = counted(DEVICES_USAGE, device_row("a", "WPA", 7), daily=False)
    users = counted(USERS_ACTIVITY, activity_row("a", "x", "x", "x", period=7), daily=False)

    assert devices.figures == {"skype.devices.active.count": 3}
    assert users.figures == {"skype.users.active.count": 1}


def test_nobody_is_zero() -> None:
    """A header alone gives zeros, no users and no date."""
    found = counted(USERS_ACTIVITY, view=SINGLE)

    assert (found.figures, found.users, found.rows) == (figures(0, 0, 0, 0), {}, 0)
    assert (found.refresh_date, found.concealed) == (None, False)


def test_the_refresh_date_is_the_files() -> None:
    """Of its first row."""
    assert counted(DEVICES_USAGE, device_row("a", "")).refresh_date == date(2026, 6, 28)


def test_users_are_told_apart_when_asked() -> None:
    """Three figures each, in the order of their metrics."""
    rows = [activity_row("a", 3, 1, 2), activity_row("", 0, 0, 4)]

    assert counted(USERS_ACTIVITY, *rows, view=SINGLE).users == {"a": (3, 1, 2), "": (0, 0, 4)}
    assert counted(USERS_ACTIVITY, *rows).users == {}


def test_of_duplicate_users_totals_add_and_the_last_row_stays() -> None:
    """As with Centreon's connector."""
    rows = [activity_row("a", 3, 1, 2), activity_row("a", 10, 0, 0)]
    found = counted(USERS_ACTIVITY, *rows, view=SINGLE)

    assert (found.figures, found.users) == (figures(2, 13, 1, 2), {"a": (10, 0, 0)})


@pytest.mark.parametrize(
    ("pattern", "users"),
    [
        ("", ["adele@a.com", "Zoë@b.com", "x|y"]),
        ("a", ["adele@a.com"]),
        ("^.*@b", ["Zoë@b.com"]),
        ("(?i)ZOË", ["Zoë@b.com"]),
        ("\\|", ["x|y"]),
        ("nobody", []),
    ],
)
def test_a_filter_is_looked_for_anywhere_in_the_name(pattern: str, users: list[str]) -> None:
    """Totals and users are those of the users that match; rows are the file's."""
    rows = [activity_row(name, 1, 0, 0) for name in ("adele@a.com", "Zoë@b.com", "x|y")]
    view = View(wanted=compile_filter(pattern), per_user=True)
    found = counted(USERS_ACTIVITY, *rows, view=view)

    assert (list(found.users), found.rows) == (users, 3)
    assert found.figures == figures(len(users), len(users), 0, 0)


@pytest.fixture
def _no_garbage() -> Iterator[None]:
    """Let no other test's leftovers be collected where the stack is nearly full."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_garbage")
@pytest.mark.parametrize("pattern", ["(", "*a", "a{99999999999}", "(" * 5000 + ")" * 5000])
def test_a_filter_that_is_none_is_refused(pattern: str) -> None:
    """With the option's name and what is wrong."""
    with pytest.raises(UsageError, match=r"^--filter-user '.*' is not a regular expression: "):
        compile_filter(pattern)


def test_views_are_counted_in_one_pass() -> None:
    """One stream, read once, gives every view of it."""
    rows = [activity_row("adele", 3, 1, 2), activity_row("emil", 12, 2, 0)]
    body = iter([written(ACTIVITY, *rows)])
    views = [EVERYBODY, View(wanted=compile_filter("emil"))]
    found = count(body, USERS_ACTIVITY, DAY, views)

    assert [view.figures for view in found] == [figures(2, 15, 3, 2), figures(1, 12, 2, 0)]


@pytest.mark.parametrize(
    ("names", "concealed"),
    [
        ([CONCEALED], True),
        ([CONCEALED, CONCEALED[::-1]], True),
        ([CONCEALED, "adele@contoso.com"], False),
        ([CONCEALED.lower()], False),
        ([CONCEALED + "0"], False),
    ],
)
def test_concealed_names_are_recognised(names: list[str], *, concealed: bool) -> None:
    """All names are 32 upper-case hex digits."""
    rows = [activity_row(name, 1, 1, 1) for name in names]

    assert counted(USERS_ACTIVITY, *rows).concealed is concealed


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        (["1", "2"], 3),
        (["", " "], 0),
        (["1", ""], 1),
        (["1.5", "1.5"], 3),
        (["1.5", "1"], 2),
        ([" 7 ", "0"], 7),
        (["007", "0"], 7),
        (["9007199254740991", "1"], 2**53),
    ],
)
def test_counts_are_added_and_then_cut(cells: list[str], total: int) -> None:
    """Blank is 0; fractions are added as they are and cut at the end."""
    rows = [activity_row(str(number), cell, 0, 0) for number, cell in enumerate(cells)]
    found = counted(USERS_ACTIVITY, *rows, view=SINGLE)

    assert found.figures["skype.users.sessions.p2p.total.count"] == total
    assert [values[0] for values in found.users.values()] == [
        int(float(cell.strip() or 0)) for cell in cells
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "x",
        "1,5",
        "1.",
        ".5",
        "0x10",
        "-1",
        "--1",
        "+5",
        "-0",
        "1_000",
        "1e2",
        "1E0",
        "\u0661\u0662",
        "\uff11",
        "\u00b2",
        "1 2",
        "1 000",
        "Yes",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "9" * 5000,
        "\0",
        "1\0",
        "1\n2",
    ],
)
@pytest.mark.parametrize("view", [EVERYBODY, SINGLE, View(wanted=compile_filter("^0$"))])
def test_what_is_no_count_is_refused(cell: str, view: View) -> None:
    """With the column and what stands there, and without anything unprintable."""
    rows = [activity_row(str(number), 0, 1, 0) for number in range(400)]
    rows[-1][6] = cell
    said = refusal(USERS_ACTIVITY, *rows, view=view)

    assert said == f"column 'Total Organized Conference Count' holds {cell[:20]!a}, not a count"


@pytest.mark.parametrize("cell", ["9007199254740993", "9" * 400, f"{'9' * 400}.5"])
def test_numbers_beyond_sense_are_refused(cell: str) -> None:
    """One such figure would make an agent drop all others, or store another one."""
    row = activity_row("a", cell, 0, 0)
    name = "skype.users.sessions.p2p.total.count"

    assert refusal(USERS_ACTIVITY, row) == f"'{name}' comes to a number that cannot be"
    assert refusal(USERS_ACTIVITY, row, view=SINGLE) == (
        "'Total Peer-to-peer Session Count' comes to a number that cannot be"
    )


@pytest.mark.parametrize("digits", [1, 14, 15, 20, 100])
def test_many_digits_are_added_as_they_are(digits: int) -> None:
    """However long the cells of a batch are together."""
    rows = [activity_row(str(number), "1".zfill(digits), 0, 0) for number in range(700)]

    assert counted(USERS_ACTIVITY, *rows).figures == figures(700, 700, 0, 0)


def test_sums_beyond_sense_are_refused() -> None:
    """However small each of them is."""
    rows = [activity_row(str(number), 2**53, 0, 0) for number in range(2)]

    assert "comes to a number that cannot be" in refusal(USERS_ACTIVITY, *rows)


@pytest.mark.parametrize("column", TOTALS)
def test_a_missing_column_is_named(column: str) -> None:
    """Also when everything else is there."""
    header = [name for name in ACTIVITY if name != column]

    with pytest.raises(MalformedError, match=f"the report has no column '{column}'"):
        count([written(header)], USERS_ACTIVITY, DAY, [EVERYBODY])


def test_very_different_cells_are_counted_in_little_memory() -> None:
    """A hostile report with another text in every cell is counted as it comes."""
    rows = with_windows(*(f"Yes {number}" for number in range(30_000)))
    found = counted(AS_CONNECTOR, *rows)

    assert found.figures["skype.devices.windows.count"] == len(rows)
    assert found.figures["skype.devices.active.count"] == len(rows)


@given(
    used=st.lists(st.text("WPAID", max_size=5), max_size=700),
    size=st.integers(1, 4096),
    end=st.sampled_from(["\n", "\r\n"]),
    bom=st.sampled_from([b"", files.BOM]),
)
@settings(deadline=None, max_examples=30)
def test_chunks_of_any_size_give_the_same_counts(
    used: list[str], size: int, end: str, bom: bytes
) -> None:
    """What is counted is what stands in the file, however it is cut."""
    rows = [device_row(f"zoë{number}", kinds) for number, kinds in enumerate(used)]
    body = written(DEVICES, *rows, end=end, bom=bom)
    [found] = count(files.pieces(body, size), DEVICES_USAGE, DAY, [EVERYBODY])
    users_of = Counter(kind for kinds in used for kind in set(kinds))

    assert list(found.figures.values()) == [
        users_of.total(),
        *(users_of[kind] for kind in "WDIAP"),
    ]


STREAM = """
import datetime, resource, sys
from catalogue import USERS_ACTIVITY
from o365skype_bridge.model import asked
from o365skype_bridge.reading.count import View, count
from readers import files

row = files.written(files.activity_row("adele.vance@contoso.com", 1, 2, 3), bom=b"", end="\\r\\n")
chunk = row * (65536 // len(row))
times = 100_000_000 // len(chunk) + 1

def body():
    yield files.written(files.ACTIVITY, end="\\r\\n")
    for _ in range(times):
        yield chunk

day = asked.newest_day(datetime.date.fromisoformat(files.DAY))
[found] = count(body(), USERS_ACTIVITY, day, [View()])
rows = times * (len(chunk) // len(row))
assert list(found.figures.values()) == [rows, rows, 2 * rows, 3 * rows]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_hundred_megabytes_are_counted_in_less_than_eighty() -> None:
    """A report is never held: its size does not matter to the memory."""
    code = f"import sys; sys.path[:0] = {sys.path!r}\n{STREAM}"
    # A process inherits the peak of the one that starts it, so a small shell starts it.
    command = ["sh", "-c", '"$0" -c "$1"; exit $?', sys.executable, code]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)

    assert int(done.stdout) < 80 * 1024


LATER = DEVICES_USAGE.replace(
    metrics=(
        *DEVICES_USAGE.metrics,
        *more(
            "active",
            "skype.devices.recent.*.count",
            USERS,
            "Recent {}",
            "Users of {} in the period.",
            ("any", "anything", "Last Activity Date"),
            label="type",
            of_period=True,
        ),
        *once("yes", "skype.devices.good.count", USERS, "Good", "Good ones.", "Is Good"),
    )
)
"""A report with a figure of the period, and one of a column that a file may lack."""


def later(*cells: str, period: str = "1", reading: str = EXACT) -> Count:
    """Count a file with a row for each of these cells of the column that may lack."""
    rows = [[*device_row(str(number), "W"), cell] for number, cell in enumerate(cells)]
    for row in rows:
        row[DEVICES.index("Report Period")] = period
    body = written([*DEVICES, "Is Good"], *rows)
    question = DAY if period == "1" else WEEK
    [found] = count([body], LATER.replace(reading=reading), question, [EVERYBODY])
    assert isinstance(found, Count)
    return found


def names(found: Count) -> set[str]:
    """Give the names of its figures without those of devices by kind."""
    return {name for name in found.figures if name.split(".")[-2] in ("active", "good", "any")}


def test_a_figure_of_the_period_is_counted_in_its_file() -> None:
    """And what else is no maximum in the other one."""
    assert names(later("Yes", period="7")) == {
        "skype.devices.active.count",
        "skype.devices.recent.any.count",
    }
    assert names(later("Yes")) == {"skype.devices.active.count", "skype.devices.good.count"}


def test_a_days_samples_have_what_the_period_says() -> None:
    """In the declared order; a day whose period is not known has no such figure."""
    day = later("Yes", "No")
    told = day.samples(NEWEST, {("", "skype.devices.recent.any.count"): 7})
    alone = day.samples(NEWEST, {})

    assert [(one.metric.dotted, one.value) for one in told[-2:]] == [
        ("skype.devices.recent.any.count", 7),
        ("skype.devices.good.count", 1),
    ]
    assert "skype.devices.recent.any.count" not in {one.metric.dotted for one in alone}


@pytest.mark.parametrize("cell", ["maybe", "1", "Yes Yes"])
@pytest.mark.parametrize("before", [0, 3000])
def test_a_column_that_may_lack_is_done_without(cell: str, before: int) -> None:
    """When a cell of it says nothing: no figure, but a remark, and all others are as they were."""
    found = later(*["Yes"] * before, cell, "Yes")

    assert names(found) == {"skype.devices.active.count"}
    assert found.figures["skype.devices.active.count"] == before + 2
    assert found.refused == (f"column 'Is Good' holds '{cell}', not Yes or No",)


def test_columns_that_the_connector_has_not_are_read_in_one_way() -> None:
    """So that what is kept is good for both."""
    found = later("True", "False", "Yes", reading=CONNECTOR)

    assert found.figures["skype.devices.good.count"] == 2
    assert found.is_plain
