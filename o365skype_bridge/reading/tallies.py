"""How metrics are counted off the rows of a file: a column at a time, in batches."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model.units import COUNT, share
from o365skype_bridge.reading.cells import MOST_DIGITS, day, reader, whole
from o365skype_bridge.reading.ticks import Ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from o365skype_bridge.model.declare import Metric
    from o365skype_bridge.model.units import Unit
    from o365skype_bridge.reading.table import Rows

    Column = tuple[str, ...]
    Number = int | float

DEFAULT_DAYS = 7
"""Days that a report covers which does not say it."""

MOST_DATES = 10_000
MOST_DISTINCT = 2_000_000

LIMIT = "limit "


class Tally(Protocol):
    """Adds up columns of cells, and gives figures."""

    is_plain: bool
    """Whether the figures are the same however the report is read."""

    def add(self, columns: Sequence[Column]) -> None:
        """Count some rows."""

    def figure(self, name: str) -> float | None:
        """Give a figure so far; None when there is none."""


class Tallies:
    """All tallies of metrics in one file, and of the limits that they have in the same file."""

    def __init__(self, metrics: Iterable[Metric], table: Rows, reading: str) -> None:
        """Count nothing yet; ``reading`` is as in `Report`."""
        self._metrics = {metric.dotted: metric for metric in metrics}
        self._made = self._make(table, reading)
        self._counting = list({id(tally): tally for tally in self._made.values()}.values())

    def _make(self, table: Rows, reading: str) -> dict[str, Tally]:
        """Make what counts each figure; those of yes/no cells share one, limits have a mark."""
        wanted = {name: metric.tally for name, metric in self._metrics.items()}
        wanted |= {
            f"{LIMIT}{name}": metric.limit for name, metric in self._metrics.items() if metric.limit
        }
        made: dict[str, Tally] = {}
        ticks = Ticks(table, reading)
        for name, tally in wanted.items():
            columns = tuple(column for column in tally.columns if column in table.places)
            if tally.columns and not columns:
                continue  # what the file does not have is no figure, and not 0
            if tally.kind == "yes":
                ticks.tick(name, columns)
                made[name] = ticks
            else:
                unit = self._metrics[name.removeprefix(LIMIT)].unit
                made[name] = KINDS[tally.kind](columns, table, unit)
        return made

    def count(self, columns: Sequence[Column]) -> None:
        """Count some rows."""
        for tally in self._counting:
            tally.add(columns)

    @property
    def is_plain(self) -> bool:
        """Whether the figures are the same however the report is read."""
        return all(tally.is_plain for tally in self._counting)

    def figures(self) -> dict[str, Number]:
        """Give the figures by dotted name; one that the file does not give is not in it."""
        return self._given("")

    def limits(self) -> dict[str, Number]:
        """Give the natural maxima by dotted name."""
        return self._given(LIMIT)

    def _given(self, mark: str) -> dict[str, Number]:
        found: dict[str, Number] = {}
        for name, metric in self._metrics.items():
            tally = self._made.get(f"{mark}{name}")
            value = tally.figure(f"{mark}{name}") if tally else None
            if value is not None:
                is_share = not mark and metric.tally.kind == "ratio"
                found[name] = value if is_share else whole(value, name)
        return found


class _Rows:
    is_plain = True

    def __init__(self, _columns: Sequence[str], _table: Rows, _unit: Unit) -> None:
        self._rows = 0

    def add(self, columns: Sequence[Column]) -> None:
        self._rows += len(columns[0])

    def figure(self, _name: str) -> float | None:
        return self._rows


class _Sum:
    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, unit: Unit) -> None:
        self._column = columns[0]
        self._place = table.places[self._column]
        self._read = reader(unit)
        self._sum: float = 0

    def add(self, columns: Sequence[Column]) -> None:
        cells = columns[self._place]
        text = "".join(cells)
        digits = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
        if digits and "" not in cells:
            self._sum += sum(map(int, cells))
        else:
            # A fraction is summed as it is and cut at the end, as the graphs expect.
            self._sum += sum(self._read(cell, self._column) for cell in cells)

    def figure(self, _name: str) -> float | None:
        return self._sum


class _Max(_Sum):
    def add(self, columns: Sequence[Column]) -> None:
        cells = columns[self._place]
        found = [self._read(cell, self._column) for cell in cells]
        self._sum = max(self._sum, *found) if found else self._sum


class _Filled:
    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, _unit: Unit) -> None:
        self._place = table.places[columns[0]]
        self._filled = 0

    def add(self, columns: Sequence[Column]) -> None:
        self._filled += sum(1 for cell in columns[self._place] if cell.strip())

    def figure(self, _name: str) -> float | None:
        return self._filled


class _Distinct:
    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, _unit: Unit) -> None:
        self._place = table.places[columns[0]]
        self._column = columns[0]
        self._seen: set[int] = set()

    def add(self, columns: Sequence[Column]) -> None:
        # Hashes instead of texts: a million of them is memory that can be had.
        self._seen.update(map(hash, filter(None, map(str.strip, columns[self._place]))))
        if len(self._seen) > MOST_DISTINCT:
            raise MalformedError(f"column '{self._column}' holds too many different cells")

    def figure(self, _name: str) -> float | None:
        return len(self._seen)


class _Active:
    """Rows whose newest date is in the period that the report covers."""

    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, _unit: Unit) -> None:
        self._places = [(column, table.places[column]) for column in columns]
        self._table = table
        self._active = 0
        self._known: dict[str, bool] = {"": False}

    def add(self, columns: Sequence[Column]) -> None:
        found = [
            [self._is_in(cell, column) for cell in columns[place]] for column, place in self._places
        ]
        self._active += sum(map(any, zip(*found, strict=True)))

    def _is_in(self, cell: str, column: str) -> bool:
        known = self._known.get(cell)
        if known is None:
            last, days = self._table.refresh_date, self._table.days or DEFAULT_DAYS
            read = day(cell, column) if cell.strip() else None
            known = bool(read and last and last - timedelta(days=days) < read)
            if len(self._known) < MOST_DATES:
                self._known[cell] = known
        return known

    def figure(self, _name: str) -> float | None:
        return self._active


class _Ratio:
    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, _unit: Unit) -> None:
        self._sums = [_Sum((column,), table, COUNT) for column in columns]

    def add(self, columns: Sequence[Column]) -> None:
        for one in self._sums:
            one.add(columns)

    def figure(self, name: str) -> float | None:
        part, all_ = (one.figure(name) or 0 for one in self._sums)
        return share(part, all_)


KINDS: Mapping[str, Callable[[Sequence[str], Rows, Unit], Tally]] = {
    "rows": _Rows,
    "sum": _Sum,
    "max": _Max,
    "distinct": _Distinct,
    "active": _Active,
    "filled": _Filled,
    "ratio": _Ratio,
}
"""What counts off many rows; a `value` is read where there is one row for it."""
