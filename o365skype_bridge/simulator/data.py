"""Report files of one tenant: the same seed gives the same bytes, streamed at any size."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import chain
from typing import Final

from o365skype_bridge.simulator.cells import HIDDEN, NAMED, concealed, maker, numbered, quoted
from o365skype_bridge.simulator.counts import counted
from o365skype_bridge.simulator.crowd import Asked, Crowd, Line, crowd
from o365skype_bridge.simulator.functions import FUNCTIONS
from o365skype_bridge.simulator.oddities import chosen
from o365skype_bridge.simulator.oddity import Cells
from o365skype_bridge.simulator.people import NUMBER, People, Tally
from o365skype_bridge.simulator.reports import PERIODS
from o365skype_bridge.simulator.streams import BOM

# The name and the finished row of each line, empty for those who are not listed.
_Rows = list[tuple[str, bytes]]

_NAME: Final = "<name>"
# Finished rows of this many different reports are kept for the next download.
_KEPT: Final = 16


class TenantData:
    """The reports of one tenant as of one refresh date.

    Days are numbered from `anchor`, which is the refresh date unless told otherwise: the figures
    are the same whatever the calendar says, and a day keeps its figures when the refresh date
    moves on while the anchor stays.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        users: int = 50,
        refresh_date: date,
        activity: float = 0.3,
        oddities: frozenset[str] = frozenset(),
        anchor: date | None = None,
    ) -> None:
        """Draw the people; reports are made when they are asked for."""
        self.oddities = oddities
        self.refresh_date = refresh_date
        self._chosen = chosen(oddities)
        self._anchor = anchor or refresh_date
        self._seed = seed
        self._made: dict[tuple[str, str, int], list[_Rows]] = {}
        self._sizes: dict[tuple[str, str, int], int] = {}
        self._people = People(
            seed=seed,
            count=next((odd.users for odd in self._chosen if odd.users), users),
            activity=0.0 if "zeros" in oddities else activity,
            domain="contoso.example",
        )

    def refresh(self, function: str, edition: int = 0) -> date:
        """The newest day that this function knows of."""
        behind = "refresh-differs" in self.oddities and "Device" not in function
        backwards = "refresh-backwards" in self.oddities and edition % 2
        return self.refresh_date - timedelta(days=bool(behind) + bool(backwards))

    def body(self, function: str, period_or_date: str, edition: int = 0) -> Iterator[bytes]:
        """The file for a period such as `D7` or a day such as `2026-11-20`.

        The first chunk is the header row. `edition` counts how often the same was asked before;
        it matters to oddities that change their answer.

        Raises:
            ValueError: the function, the period or the date is unknown.
        """
        asked = self._ask(function, period_or_date, edition)
        columns = asked.layout.columns
        for odd in self._chosen:
            if odd.columns:
                columns = odd.columns(asked.layout, columns)
        header = ",".join(columns)
        for odd in self._chosen:
            header = odd.header(header) if odd.header else header
        first = BOM + header.encode() + b"\n"
        chunks: Iterator[bytes] = chain([first], self._rows(asked, period_or_date, columns))
        for odd in self._chosen:
            if odd.stream:
                chunks = odd.stream(asked, chunks)
        return chunks

    def size(self, function: str, period_or_date: str, edition: int = 0) -> int:
        """The number of bytes that `body` gives."""
        asked = (function, period_or_date, edition)
        if asked not in self._sizes:
            self._sizes[asked] = sum(map(len, self.body(*asked)))
        return self._sizes[asked]

    def _ask(self, function: str, period_or_date: str, edition: int) -> Asked:
        if function not in FUNCTIONS:
            raise ValueError(f"there is no report function {function!r}")
        layout = FUNCTIONS[function]
        days = PERIODS.get(period_or_date, 1)
        if days == 1 and not layout.takes_date:
            raise ValueError(f"{function} has no report for a date")
        refresh = self.refresh(function, edition if days > 1 else 0)
        return Asked(
            layout=layout,
            refresh=refresh,
            end=refresh if days > 1 else date.fromisoformat(period_or_date),
            days=days,
            edition=edition if "revised" in self.oddities else 0,
        )

    def _rows(self, asked: Asked, parameter: str, columns: list[str]) -> Iterator[bytes]:
        key = (f"{asked.layout.function} {asked.refresh}", parameter, asked.edition)
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= _KEPT:
                self._made.clear()
            make = self._listed if asked.layout.shape == "rows" else self._counted
            made = self._made[key] = make(asked, columns)
        if asked.layout.shape != "rows":
            return (row for _, row in made[0])
        show = self._concealed if "concealed" in self.oddities else self._numbered
        blocks = (show(rows, number) for number, rows in enumerate(made))
        first = next(blocks, b"")
        again = first.split(b"\n", 2)[:2] if "duplicate-users" in self.oddities else []
        twice = b"".join(line + b"\n" for line in again if line)
        return filter(None, chain([self._extra(asked, columns), twice, first], blocks))

    def _offset(self, day: date) -> int:
        return (day - self._anchor).days

    def _numbered(self, rows: _Rows, number: int) -> bytes:
        return numbered(b"".join(row for _, row in rows), number)

    def _concealed(self, rows: _Rows, number: int) -> bytes:
        return b"".join(
            row.replace(b"\0", concealed(name.replace(NUMBER, str(number)), self._seed))
            for name, row in rows
            if row
        )

    def _counted(self, asked: Asked, columns: list[str]) -> list[_Rows]:
        rows = counted(self._people, asked, self._offset(asked.end), self.oddities)
        return [[("", self._row(asked, index, cells, columns)) for index, cells in enumerate(rows)]]

    def _listed(self, asked: Asked, columns: list[str]) -> list[_Rows]:
        """The rows of every block; blocks that are alike are the same list."""
        crowded: Crowd = crowd(self._people, asked, self._offset(asked.end), asked.days)

        def rows(lines: list[Line]) -> _Rows:
            return [
                (line.name, b"")
                if asked.is_day and line.tally.last < 0
                else (line.name, self._line(line, columns))
                for line in lines
            ]

        whole = rows(crowded.whole)
        last = [*whole[: crowded.left], *rows(crowded.rest)]
        return [*([whole] * crowded.blocks), *([last] if last else [])]

    def _line(self, line: Line, columns: list[str]) -> bytes:
        cells = {column: maker(column)(line) for column in line.asked.layout.columns}
        if "concealed" in self.oddities:
            # The place of a name is kept: its digits depend on the block.
            hidden = HIDDEN if line.name == _NAME else HIDDEN | dict.fromkeys(NAMED, NUMBER)
            cells |= {column: hidden[column] for column in cells if column in hidden}
        return self._row(line.asked, line.index, cells, columns)

    def _row(self, asked: Asked, index: int, cells: Cells, columns: list[str]) -> bytes:
        for odd in self._chosen:
            if odd.cells:
                odd.cells(index, cells, asked)
        return b",".join(quoted(cells.get(column, "17")) for column in columns) + b"\n"

    def _extra(self, asked: Asked, columns: list[str]) -> bytes:
        """The rows that oddities add before all others."""
        hide = partial(concealed, seed=self._seed) if "concealed" in self.oddities else quoted
        tally = Tally(last=-1)
        tally.add(2 | 1 << 7, 1)
        tally.last = 0
        names = [name for odd in self._chosen for name in odd.names]
        return b"".join(
            # The name goes in last because it may hold what stands for a number.
            numbered(self._line(Line(asked, index, _NAME, tally, 1), columns), 0).replace(
                _NAME.encode(), hide(name)
            )
            for index, name in enumerate(names, 1 << 20)
        )
