"""What a report of the catalogue counts: rows of Microsoft's file in, samples out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from readers import files, making

from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.values import ReportResult
from o365skype_bridge.reading.count import View
from o365skype_bridge.reading.source import FolderSource

HEADERS: dict[str, str] = json.loads(Path(__file__).with_name("headers.json").read_text())
"""The header rows that Microsoft's files were seen with, by function."""

Cells = Mapping[str, object]
Figures = dict[str, object]


def usual(column: str) -> tuple[str, str]:
    """Give a column with the cell that stands in it unless a row says otherwise."""
    if column.startswith(("Used", "Is ", "Has ")):
        return column, "No"
    if column == "Deleted Date":
        return column, ""
    return column, files.DAY if column.endswith("Date") else "0"


def counted(
    folder: Path,
    report: Report,
    day: Iterable[Cells],
    others: Iterable[Cells] = (),
    columns: Sequence[str] = (),
) -> Figures:
    """Give every sample by its name: of one day's rows, and of those of other days in the period.

    A maximum stands under the name with ``max``, and a user's sample under the user's name too.
    The files have the usual ``columns`` unless others are given.
    """
    day = list(day)
    columns = columns or HEADERS[report.function].split(",")
    for value, rows in (("1", day), ("7", [*day, *others])):
        cells = {**dict(map(usual, columns)), "Report Period": value}
        lines = [[str({**cells, **row}[name]) for name in columns] for row in rows]
        (folder / f"{report.name}-{value}.csv").write_bytes(files.written(columns, *lines))
    result = collect(
        FolderSource(folder), report, "contoso", View(per_user=True), lambda: making.NOW
    )
    found: Figures = {"outcome": result.outcome.kind}
    for sample in result.samples:
        found[" ".join(filter(None, (sample.metric.dotted, sample.user)))] = sample.value
        if sample.max is not None:
            found[f"{sample.metric.dotted} max"] = sample.max
    return found


def told(report: Report, figures: Figures) -> Figures:
    """Give those of the metrics that Centreon's connector has words for, too."""
    names = {metric.dotted for metric, _ in report.spoken}
    return {name: value for name, value in figures.items() if name.partition(" ")[0] in names}


def read(folder: Path, report: Report, *rows: Cells) -> ReportResult:
    """Read a file of a period with these rows; cells that it does not name are as usual."""
    columns = HEADERS[report.function].split(",")
    cells = {**dict(map(usual, columns)), "Report Period": "7"}
    lines = [[str({**cells, **row}[name]) for name in columns] for row in rows]
    (folder / f"{report.name}.csv").write_bytes(files.written(columns, *lines))
    return collect(FolderSource(folder), report, "contoso", View(), lambda: making.NOW)


def newest(result: ReportResult) -> Figures:
    """Give the figures of the newest day by name; a maximum stands under the name with ``max``."""
    found: Figures = {}
    for sample in result.newest:
        found[sample.metric.dotted] = sample.value
        if sample.max is not None:
            found[f"{sample.metric.dotted} max"] = sample.max
    return found


def numbered(folder: Path, report: Report) -> Figures:
    """Give the newest figures of a file whose columns hold 1, 2, 3 and so on, and no others.

    A report by day has another row before, of the day before, with other numbers.
    """
    names = columns_of(report)
    cells = {name: number for number, name in enumerate(names, start=1)}
    before = {**dict.fromkeys(names, 99), "Report Date": "2026-06-27"}
    rows = [before, cells] if report.shape.day else [cells]
    return newest(read(folder, report, *rows))


def columns_of(report: Report) -> list[str]:
    """Give the columns of a report's file that hold figures."""
    fixed = ("Report Refresh Date", "Report Date", "Report Period")
    return [name for name in HEADERS[report.function].split(",") if name not in fixed]
