"""How metrics are counted off the rows of a file: a column at a time, in batches."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model.units import COUNT, share
from o365skype_bridge.reading.cells import MOST_DIGITS, day, reader, whole
from o365skype_bridge.reading.ticks import Ticks, said_yes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from o365skype_bridge.model.declare import Metric
    from o365skype_bridge.model.units import Unit
    from o365skype_bridge.reading.lines import Batch, Column
    from o365skype_bridge.reading.table import Rows

    Number = int | float
    ByGroup = Mapping[tuple[str, str], float]

DEFAULT_DAYS = 7
"""Days that a report covers which does not say it."""

MOST_KNOWN = 1000
LONGEST_KNOWN = 20
"""What is remembered of a column's cells: how many, and of how many characters each."""

SMALL = {str(number): number for number in range(256)}
"""What most counts are."""

MOST_DISTINCT = 2_000_000

LIMIT = "limit "


class Tally(Protocol):
    """Adds up cells of columns, and gives figures."""

    is_plain: bool
    """Whether the figures are the same however the report is read."""

    def add(self, batch: Batch) -> None:
        """Count some rows."""

    def figure(self, name: str) -> float | None:
        """Give a figure so far; None when there is none."""


class Tallies:
    """All tallies of metrics in one file, and of the limits that they have in the same file."""

    def __init__(self, metrics: Iterable[Metric], table: Rows, reading: str) -> None:
        """Count nothing yet; ``reading`` is as in `Report`."""
        self._metrics = {metric.dotted: metric for metric in metrics}
        self._wanted = {name: metric.tally for name, metric in self._metrics.items()}
        self._wanted |= {
            f"{LIMIT}{name}": metric.limit for name, metric in self._metrics.items() if metric.limit
        }
        self._made = self._make(table, reading)
        self._counting = list({id(tally): tally for tally in self._made.values()}.values())
        self._refused: dict[str, None] = {}

    def _make(self, table: Rows, reading: str) -> dict[str, Tally]:
        """Make what counts each figure; those of yes/no cells share one, limits have a mark."""
        made: dict[str, Tally] = {}
        ticks = Ticks(table, reading)
        for name, tally in self._wanted.items():
            columns = tuple(column for column in tally.columns if column in table.places)
            if tally.columns and not columns:
                continue  # what the file does not have is no figure, and not 0
            if tally.kind == "yes" and not tally.is_optional:
                ticks.tick(name, columns)
                made[name] = ticks
            else:
                unit = self._metrics[name.removeprefix(LIMIT)].unit
                made[name] = KINDS[tally.kind](columns, table, unit)
        return made

    def count(self, batch: Batch) -> None:
        """Count some rows. Raises `MalformedError`."""
        for tally in self._counting:
            try:
                tally.add(batch)
            except MalformedError as error:
                self._do_without(tally, error)

    def _do_without(self, tally: Tally, error: MalformedError) -> None:
        """Have no figure of a column that might as well be missing; others cannot be missed."""
        names = [name for name, made in self._made.items() if made is tally]
        if not all(self._wanted[name].is_optional for name in names):
            raise error
        self._counting = [one for one in self._counting if one is not tally]
        self._made = {name: made for name, made in self._made.items() if made is not tally}
        self._refused[str(error)] = None

    @property
    def refused(self) -> tuple[str, ...]:
        """What is wrong with columns that the report can do without."""
        return tuple(self._refused)

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
            if tally and value is not None:
                is_share = not mark and metric.tally.kind == "ratio"
                try:
                    found[name] = value if is_share else whole(value, name)
                except MalformedError as error:
                    self._do_without(tally, error)
        return found


def given(
    metrics: Sequence[Metric], counted: Mapping[str, float], period: ByGroup, group: str = ""
) -> dict[str, float]:
    """Give what was counted of a group by dotted name, and what only the period's file has."""
    theirs = [metric.dotted for metric in metrics if metric.of_period]
    found = {name: period[group, name] for name in theirs if (group, name) in period}
    return found | dict(counted)


class _Known(dict[str, "Number"]):
    """What each cell of a column comes to, looked up where it was read before."""

    def __init__(
        self, read: Callable[[str, str], Number], column: str, known: Mapping[str, Number]
    ) -> None:
        super().__init__(known)
        self._read = read
        self._column = column

    def __missing__(self, cell: str) -> Number:
        found = self._read(cell, self._column)
        if len(self) < MOST_KNOWN and len(cell) <= LONGEST_KNOWN:
            self[cell] = found
        return found


def _are_digits(cells: Column) -> bool:
    text = "".join(cells)
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and "" not in cells


class _Rows:
    is_plain = True

    def __init__(self, _columns: Sequence[str], _table: Rows, _unit: Unit) -> None:
        self._rows = 0

    def add(self, batch: Batch) -> None:
        self._rows += batch.size

    def figure(self, _name: str) -> float | None:
        return self._rows


class _Sum:
    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, unit: Unit) -> None:
        self._place = table.places[columns[0]]
        self._known = _Known(reader(unit), columns[0], SMALL)
        self._sum: float = 0

    def add(self, batch: Batch) -> None:
        # A fraction is summed as it is and cut at the end, as the graphs expect.
        self._sum += sum(self._numbers(batch.column(self._place)))

    def _numbers(self, cells: Column) -> Iterator[Number]:
        if len(self._known) >= MOST_KNOWN and _are_digits(cells):
            return map(int, cells)  # of sizes hardly any is there twice
        return map(self._known.__getitem__, cells)

    def figure(self, _name: str) -> float | None:
        return self._sum


class _Max(_Sum):
    def add(self, batch: Batch) -> None:
        self._sum = max((self._sum, *self._numbers(batch.column(self._place))))


class _Filled:
    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, _unit: Unit) -> None:
        self._place = table.places[columns[0]]
        self._filled = 0

    def add(self, batch: Batch) -> None:
        self._filled += sum(map(bool, map(str.strip, batch.column(self._place))))

    def figure(self, _name: str) -> float | None:
        return self._filled


class _Distinct:
    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, _unit: Unit) -> None:
        self._place = table.places[columns[0]]
        self._column = columns[0]
        self._seen: set[int] = set()

    def add(self, batch: Batch) -> None:
        # Hashes instead of texts: a million of them is memory that can be had.
        self._seen.update(map(hash, filter(None, map(str.strip, batch.column(self._place)))))
        if len(self._seen) > MOST_DISTINCT:
            raise MalformedError(f"column '{self._column}' holds too many different cells")

    def figure(self, _name: str) -> float | None:
        return len(self._seen)


class _Active:
    """Rows whose newest date is in the period that the report covers."""

    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, _unit: Unit) -> None:
        self._columns = [
            (_Known(self._is_in, column, {}), table.places[column]) for column in columns
        ]
        self._table = table
        self._active: Number = 0

    def add(self, batch: Batch) -> None:
        found = [map(known.__getitem__, batch.column(place)) for known, place in self._columns]
        self._active += sum(map(any, zip(*found, strict=True)) if found[1:] else found[0])

    def _is_in(self, cell: str, column: str) -> bool:
        last, days = self._table.refresh_date, self._table.days or DEFAULT_DAYS
        read = day(cell, column) if cell.strip() else None
        return bool(read and last and last - timedelta(days=days) < read)

    def figure(self, _name: str) -> float | None:
        return int(self._active)


class _Yes:
    """Yes cells of columns that Centreon's connector does not read in a way of its own."""

    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, _unit: Unit) -> None:
        self._columns = [(_Known(said_yes, column, {}), table.places[column]) for column in columns]
        self._yes: Number = 0

    def add(self, batch: Batch) -> None:
        for known, place in self._columns:
            self._yes += sum(map(known.__getitem__, batch.column(place)))

    def figure(self, _name: str) -> float | None:
        return self._yes


class _Ratio:
    is_plain = True

    def __init__(self, columns: Sequence[str], table: Rows, _unit: Unit) -> None:
        self._sums = [_Sum((column,), table, COUNT) for column in columns]

    def add(self, batch: Batch) -> None:
        for one in self._sums:
            one.add(batch)

    def figure(self, name: str) -> float | None:
        part, all_ = (one.figure(name) or 0 for one in self._sums)
        return share(part, all_)


KINDS: Mapping[str, Callable[[Sequence[str], Rows, Unit], Tally]] = {
    "rows": _Rows,
    "yes": _Yes,
    "sum": _Sum,
    "max": _Max,
    "distinct": _Distinct,
    "active": _Active,
    "filled": _Filled,
    "ratio": _Ratio,
}
"""What counts off many rows; a `value` is read where there is one row for it."""
