"""Samples do not hang on the order of columns, nor on columns that nobody reads or that lack."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from counted import HEADERS, Cells, Figures, counted, usual

from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.shape import OTHERS
from o365skype_bridge.reading.columns import normalise, spellings
from o365skype_bridge.reports import catalogue

REPORTS = [report for report in catalogue() if not report.is_list and report.shape.kind != OTHERS]
"""All that are read from Microsoft's files."""

OPTIONAL = [(report, column) for report in REPORTS for column in report.optional]

Columns = list[str]

ORDERS: dict[str, Callable[[Columns], Columns]] = {
    "reversed": lambda columns: columns[::-1],
    "sorted": sorted,
    "turned": lambda columns: [*columns[3:], *columns[:3]],
    "shuffled": lambda columns: random.Random(7).sample(columns, len(columns)),
    "with others": lambda columns: [
        "New",
        *(each for one in columns for each in (one, one + " 2")),
    ],
}


def header(report: Report) -> Columns:
    """Give the columns in Microsoft's order."""
    return HEADERS[report.function].split(",")


def found(folder: Path, report: Report, columns: Columns) -> Figures:
    """Give the samples of a file with these columns, whose cells are of one column each."""
    cells: dict[str, object] = {}
    for place, name in enumerate(header(report), start=1):
        if usual(name)[1] == "No":
            cells[name] = "Yes" if place % 2 else "No"
        elif usual(name)[1] == "0" and name != "Report Period":
            cells[name] = place
    one: Cells = {**cells, report.shape.key: "one"}
    two: Cells = {**cells, report.shape.key: "two"}
    return counted(folder, report, [one, two] if report.shape.key else [cells], columns=columns)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
@pytest.mark.parametrize("order", ORDERS)
def test_any_order_gives_the_same(order: str, report: Report, tmp_path: Path) -> None:
    """Also between columns that nobody knows yet."""
    columns = header(report)
    expected = found(tmp_path, report, columns)

    assert found(tmp_path, report, ORDERS[order](columns)) == expected
    assert len(expected) > len(report.metrics)  # and the outcome, which is ok
    assert expected["outcome"] == "ok"


@pytest.mark.parametrize(
    ("report", "column"), OPTIONAL, ids=[f"{report.name} {column}" for report, column in OPTIONAL]
)
def test_a_missing_column_is_no_figure(report: Report, column: str, tmp_path: Path) -> None:
    """Never 0, and all others are as they were."""
    lacking = [name for name in header(report) if normalise(name) not in spellings(column)]
    without = {metric.dotted for metric in report.metrics if set(metric.tally.columns) == {column}}
    expected = found(tmp_path, report, header(report))

    assert without & set(expected) == without
    assert found(tmp_path, report, lacking) == {
        name: value for name, value in expected.items() if name not in without
    }
