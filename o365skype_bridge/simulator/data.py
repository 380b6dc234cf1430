"""Report files of one tenant: the same seed gives the same bytes, streamed at any size."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import chain
from typing import Final

from o365skype_bridge.simulator.cells import Asked, Line, concealed, maker, numbered, quoted
from o365skype_bridge.simulator.counts import count_rows
from o365skype_bridge.simulator.oddities import chosen
from o365skype_bridge.simulator.people import BLOCK, NUMBER, People, Tally
from o365skype_bridge.simulator.reports import FUNCTIONS, PERIODS
from o365skype_bridge.simulator.streams import BOM

_NOBODY: Final = "00000000-0000-0000-0000-000000000000"
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
        self._made: dict[tuple[str, str, int], list[bytes]] = {}
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
        if asked.layout.per_day:
            yield from count_rows(self._people, asked, self._offset(asked.end), self.oddities)
            return
        key = (f"{asked.layout.function} {asked.refresh}", parameter, asked.edition)
        rows = self._made.get(key)
        if rows is None:
            if len(self._made) >= _KEPT:
                self._made.clear()
            rows = self._made[key] = self._make(asked, columns)
        blocks = self._concealed(rows) if "concealed" in self.oddities else self._blocks(rows)
        first = next(blocks, b"")
        again = first.split(b"\n", 2)[:2] if "duplicate-users" in self.oddities else []
        twice = b"".join(line + b"\n" for line in again if line)
        yield from filter(None, chain([self._extra(asked, columns), twice, first], blocks))

    def _offset(self, day: date) -> int:
        return (day - self._anchor).days

    def _blocks(self, rows: list[bytes]) -> Iterator[bytes]:
        whole = b"".join(rows)
        for number, start in enumerate(range(0, self._people.count, BLOCK)):
            left = self._people.count - start
            block = whole if left >= len(rows) else b"".join(rows[:left])
            yield numbered(block, number)

    def _concealed(self, rows: list[bytes]) -> Iterator[bytes]:
        for number, start in enumerate(range(0, self._people.count, BLOCK)):
            left = self._people.count - start
            yield b"".join(
                row.replace(b"\0", concealed(name.replace(NUMBER, str(number)), self._seed))
                for row, name in zip(rows[:left], self._people.names, strict=False)
                if row
            )

    def _make(self, asked: Asked, columns: list[str]) -> list[bytes]:
        """One row for each of the people, empty for those who are not listed."""
        tallies = self._people.tallies(
            asked.layout.product, self._offset(asked.end), asked.days, asked.edition
        )
        names = self._people.names
        if "concealed" in self.oddities:
            names = [NUMBER] * len(names)
        return [
            b""
            if asked.is_day and tally.last < 0
            else self._row(Line(asked, index, name, tally, luck), columns)
            for index, (name, tally, luck) in enumerate(
                zip(names, tallies, self._people.luck, strict=True)
            )
        ]

    def _row(self, line: Line, columns: list[str]) -> bytes:
        cells = {column: maker(column)(line) for column in line.asked.layout.columns}
        if "concealed" in self.oddities and "User Id" in cells:
            cells["User Id"] = _NOBODY
        for odd in self._chosen:
            if odd.cells:
                odd.cells(line.index, cells, line.asked)
        return b",".join(quoted(cells.get(column, "17")) for column in columns) + b"\n"

    def _extra(self, asked: Asked, columns: list[str]) -> bytes:
        """The rows that oddities add before all others."""
        hide = partial(concealed, seed=self._seed) if "concealed" in self.oddities else quoted
        tally = Tally(p2p=2, participated=1, devices=1, last=0)
        names = [name for odd in self._chosen for name in odd.names]
        return b"".join(
            # The name goes in last because it may hold what stands for a number.
            numbered(self._row(Line(asked, index, _NAME, tally, 1), columns), 0).replace(
                _NAME.encode(), hide(name)
            )
            for index, name in enumerate(names, 1 << 20)
        )
