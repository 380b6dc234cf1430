"""What a report of the catalogue counts: rows of Microsoft's file in, samples out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from readers import files, making

from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.model.declare import Report
from o365skype_bridge.reading.count import View
from o365skype_bridge.reading.source import FolderSource

Cells = Mapping[str, object]
Figures = dict[str, object]


def _usual(column: str) -> tuple[str, str]:
    """Give a column with the cell that stands in it unless a row says otherwise."""
    if column.startswith(("Used", "Is ", "Has ")):
        return column, "No"
    return column, files.DAY if column.endswith("Date") and column != "Deleted Date" else "0"


def counted(
    folder: Path, report: Report, header: str, day: Iterable[Cells], others: Iterable[Cells] = ()
) -> Figures:
    """Give every sample by its name: of one day's rows, and of those of other days in the period.

    A maximum stands under the name with ``max``, and a user's sample under the user's name too.
    """
    day = list(day)
    for value, rows in (("1", day), ("7", [*day, *others])):
        columns = header.split(",")
        usual = {**dict(map(_usual, columns)), "Report Period": value}
        lines = [[str({**usual, **row}[name]) for name in columns] for row in rows]
        (folder / f"{value}.csv").write_bytes(files.written(columns, *lines))
    result = collect(
        FolderSource(folder), report, "contoso", View(per_user=True), lambda: making.NOW
    )
    found: Figures = {"outcome": result.outcome.kind}
    for sample in result.samples:
        found[" ".join(filter(None, (sample.metric.dotted, sample.user)))] = sample.value
        if sample.max is not None:
            found[f"{sample.metric.dotted} max"] = sample.max
    return found
