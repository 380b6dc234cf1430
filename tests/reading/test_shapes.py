"""Reports of every shape: which cells are figures, of which day, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest
from readers.files import written

from o365skype_bridge.engine.assemble import samples
from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model import asked
from o365skype_bridge.model.declare import Metric, Report, Tally
from o365skype_bridge.model.shape import BY_DAY, ONE_ROW, Shape, by_entity, by_label
from o365skype_bridge.model.units import COUNT, SECONDS, Unit
from o365skype_bridge.reading.count import View, count
from o365skype_bridge.reports import figures

NEWEST = date(2026, 6, 28)
REFRESHED = str(NEWEST)
WEEK = asked.period(last=NEWEST)

Rows = Sequence[Sequence[str]]
Figure = tuple[str, float | str, str, float | None, str]


def metric(tally: Tally, unit: Unit = COUNT, limit: Tally | None = None, label: str = "") -> Metric:
    """Declare a figure that is counted so."""
    return Metric(name="lab.x", unit=unit, help="Something.", tally=tally, limit=limit, label=label)


def report(shape: Shape, *metrics: Metric) -> Report:
    """Declare a report of a shape."""
    named = [one.replace(name=f"lab.x{number}") for number, one in enumerate(metrics, start=1)]
    return figures.report("lab-report", "Lab", "getLab", shape, "lab", *named)


def read(declared: Report, header: Sequence[str], rows: Rows) -> list[Figure]:
    """Read a file of these columns and rows, and give its samples."""
    names = ["Report Refresh Date", *header, "Report Period"]
    body = written(names, *([REFRESHED, *row, "7"] for row in rows))
    [found] = count([body], declared, WEEK, [View()])
    assert found.refresh_date == NEWEST
    return [
        (one.metric.name, one.value, str(one.day), one.max, one.user)
        for one in samples(found, NEWEST, {})
    ]


def values(declared: Report, header: Sequence[str], rows: Rows) -> list[float | str]:
    """Give the values alone."""
    return [value for _, value, *_ in read(declared, header, rows)]


def refused(declared: Report, header: Sequence[str], rows: Rows) -> str:
    """Give what is said of a file that is refused."""
    with pytest.raises(MalformedError) as caught:
        read(declared, header, rows)
    return str(caught.value)


ALL = Tally(kind="value", columns=("A",))
DAILY = report(BY_DAY, metric(ALL, limit=Tally(kind="value", columns=("B",))))
DAYS = [("2026-06-26", "1", "9"), ("2026-06-28", "3", "9"), ("2026-06-27", "2", "9")]


@pytest.mark.parametrize("rows", list(permutations(DAYS)))
def test_every_row_is_of_its_own_day_in_any_order(rows: Rows) -> None:
    """The newest day comes first, whatever comes first in the file."""
    assert read(DAILY, ["Report Date", "A", "B"], rows) == [
        ("lab.x1", 3, "2026-06-28", 9, ""),
        ("lab.x1", 2, "2026-06-27", 9, ""),
        ("lab.x1", 1, "2026-06-26", 9, ""),
    ]


def test_columns_stand_in_any_order() -> None:
    """Columns are found by name; those that nobody declared are left alone."""
    rows = [("9", "?", "3", "2026-06-28")]

    assert values(DAILY, ["B", "Unknown", "A", "Report Date"], rows) == [3]


def test_days_before_the_last_three_are_left() -> None:
    """What Microsoft does not revise any more is not repeated at every answer."""
    rows = [(f"2026-06-{day}", str(day), "99") for day in range(22, 29)]

    assert values(DAILY, ["Report Date", "A", "B"], rows) == [28, 27, 26]


def test_blank_cell_of_a_day_is_no_figure() -> None:
    """Nobody knows whether a blank means 0, so nothing is said of that day."""
    rows = [("2026-06-28", "", "9"), ("2026-06-27", "0", "9")]

    assert read(DAILY, ["Report Date", "A", "B"], rows) == [("lab.x1", 0, "2026-06-27", 9, "")]


@pytest.mark.parametrize("day", ["2026-06-29", "2026-06-21", "2025-06-28"])
def test_day_outside_of_the_period_is_refused(day: str) -> None:
    """A row that is not of the days asked for is no figure of them."""
    assert day in refused(DAILY, ["Report Date", "A", "B"], [(day, "1", "9")])


@pytest.mark.parametrize("day", ["", "28.06.2026", "2026-06-31", "2026-06-28T00:00:00Z"])
def test_what_is_no_day_is_refused(day: str) -> None:
    """A day is a date like 2026-06-28."""
    said = refused(DAILY, ["Report Date", "A", "B"], [(day, "1", "9")])

    assert "not a date like" in said


def test_two_rows_of_one_day_are_refused() -> None:
    """Nobody can say which of them is right."""
    rows = [("2026-06-28", "1", "9"), ("2026-06-28", "2", "9")]

    assert refused(DAILY, ["Report Date", "A", "B"], rows) == (
        "the report has more than one row of 2026-06-28"
    )


SITES = report(BY_DAY.replace(where=(("Site Type", "All"),)), metric(ALL))


@pytest.mark.parametrize("backwards", [False, True])
def test_only_rows_of_the_declared_dimension_count(*, backwards: bool) -> None:
    """The rows of parts are not counted beside the row of all."""
    rows = [("2026-06-28", "All", "5"), ("2026-06-28", "OneDrive", "5")]
    rows = rows[::-1] if backwards else rows

    assert values(SITES, ["Report Date", "Site Type", "A"], rows) == [5]


def test_report_without_the_declared_dimension_is_refused() -> None:
    """A sum over parts that might be missing is no figure of all."""
    said = refused(SITES, ["Report Date", "Site Type", "A"], [("2026-06-28", "Team", "5")])

    assert said == "the report has no row with 'All' in 'Site Type'"


SNAPSHOT = report(ONE_ROW, metric(ALL))


def test_only_row_is_the_figures_of_the_period() -> None:
    """One row is a snapshot of the refresh date."""
    assert read(SNAPSHOT, ["A"], [("7",)]) == [("lab.x1", 7, REFRESHED, None, "")]


def test_second_row_of_a_snapshot_is_refused() -> None:
    """Where one row is expected, two say nothing."""
    assert refused(SNAPSHOT, ["A"], [("7",), ("8",)]) == "the report has more than one row"


PRODUCTS = report(by_label("product", "Product Type"), metric(ALL, label="product"))


def test_labels_are_found_in_the_data() -> None:
    """Each product that there is has a sample, in the order of names."""
    rows = [("Visio", "2"), ("Apps", "1")]

    assert read(PRODUCTS, ["Product Type", "A"], rows) == [
        ("lab.x1", 1, REFRESHED, None, "Apps"),
        ("lab.x1", 2, REFRESHED, None, "Visio"),
    ]


def test_label_that_comes_twice_is_refused() -> None:
    """Two rows of one product are not added up by guess."""
    said = refused(PRODUCTS, ["Product Type", "A"], [("Visio", "2"), ("Visio", "3")])

    assert said == "the report has 'Visio' in 'Product Type' more than once"


def entity(tally: Tally, unit: Unit = COUNT, limit: Tally | None = None) -> Report:
    """Declare a report with a row a team."""
    return report(by_entity("Team Name"), metric(tally, unit, limit))


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        ("sum", ["1", "", "2.5"], 3),
        ("max", ["1", "7", "2"], 7),
        ("distinct", ["a", "b", "a"], 2),
        ("filled", ["a", " ", ""], 1),
        ("yes", ["Yes", "False", "true"], 2),
        ("active", ["2026-06-28", "2026-06-22", "2026-06-21"], 2),
        ("active", ["", "", "2020-01-01"], 0),
    ],
)
def test_tally_counts_off_the_rows_of_entities(
    kind: str, cells: Sequence[str], expected: int
) -> None:
    """Each tally says what it says of a column."""
    rows = [(f"Team {place}", cell) for place, cell in enumerate(cells)]
    limit = Tally(kind="rows")

    assert read(
        entity(Tally(kind=kind, columns=("A",)), limit=limit), ["Team Name", "A"], rows
    ) == [("lab.x1", expected, REFRESHED, len(rows), "")]


def test_newest_of_several_dates_decides_who_is_active() -> None:
    """Who used one service in the period was active."""
    rows = [("T", "2020-01-01", "2026-06-27"), ("U", "", "2020-01-01")]
    declared = entity(Tally(kind="active", columns=("A", "B")))

    assert values(declared, ["Team Name", "A", "B"], rows) == [1]


def test_ratio_is_of_sums_in_percent() -> None:
    """A share of all is not the mean of shares."""
    declared = entity(Tally(kind="ratio", columns=("A", "B")))

    assert values(declared, ["Team Name", "A", "B"], [("T", "1", "2"), ("U", "0", "1")]) == [33.33]


def test_ratio_of_nothing_is_no_figure() -> None:
    """Nothing divided by nothing is unknown, and not 0."""
    declared = entity(Tally(kind="ratio", columns=("A", "B")))

    assert values(declared, ["Team Name", "A", "B"], [("T", "0", "0")]) == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("PT0S", 0), ("PT1H2M3S", 3723), ("P1DT1S", 86401), ("00:01:05", 65), ("90", 90), ("", 0)],
)
def test_duration_is_seconds_however_it_is_written(cell: str, expected: int) -> None:
    """Microsoft writes spans of time in three ways."""
    declared = entity(Tally(kind="sum", columns=("A",)), SECONDS)

    assert values(declared, ["Team Name", "A"], [("T", cell)]) == [expected]


@pytest.mark.parametrize("cell", ["P", "PT", "P1DT", "PT1X", "1:2:3", "-PT1S", "P1M"])
def test_what_is_no_duration_is_refused(cell: str) -> None:
    """A month has no length, and half a duration is none."""
    declared = entity(Tally(kind="sum", columns=("A",)), SECONDS)

    assert repr(cell) in refused(declared, ["Team Name", "A"], [("T", cell)])


def test_missing_optional_column_is_no_figure() -> None:
    """A device that a tenant's report does not know has no number, and not 0."""
    tally = Tally(kind="yes", columns=("A",), optional=("A",))

    assert values(entity(tally), ["Team Name"], [("T",)]) == []


def test_what_is_there_is_counted_beside_a_missing_optional_column() -> None:
    """A sum over kinds is of those that the report knows."""
    tally = Tally(kind="yes", columns=("A", "B"), optional=("B",))

    assert values(entity(tally), ["Team Name", "A"], [("T", "Yes")]) == [1]


@pytest.mark.parametrize("name", ["Meetings Organized", "meetings  organized COUNT"])
def test_column_may_have_several_names(name: str) -> None:
    """Documentation and service call some columns differently."""
    tally = Tally(kind="sum", columns=("Meetings Organized|Meetings Organized Count",))

    assert values(entity(tally), ["Team Name", name], [("T", "4")]) == [4]


@pytest.mark.parametrize(
    ("shape", "kind"), [(BY_DAY, "value"), (ONE_ROW, "value"), (by_entity("Team Name"), "sum")]
)
def test_missing_column_is_named(shape: Shape, kind: str) -> None:
    """A report without a declared column is not believed."""
    declared = report(shape, metric(Tally(kind=kind, columns=("A",))))

    assert refused(declared, ["Report Date", "Team Name"], []) == "the report has no column 'A'"


@pytest.mark.parametrize("shape", [BY_DAY, ONE_ROW, by_entity("Team Name")])
def test_file_without_rows_has_no_refresh_date(shape: Shape) -> None:
    """Whoever reads it says that the report is empty."""
    kind = "sum" if shape.key else "value"
    declared = report(shape, metric(Tally(kind=kind, columns=("A",))))
    header = ["Report Refresh Date", "Report Date", "Team Name", "A", "Report Period"]
    [found] = count([written(header)], declared, WEEK, [View()])

    assert (found.rows, found.refresh_date) == (0, None)
