"""Chunks of bytes as lines of cells: decoded, split, and never held as a whole."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from itertools import chain, compress, islice
from typing import TYPE_CHECKING, TypeVar

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.reading.columns import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Row = Sequence[str]
    Column = list[str]

CHUNK = 1 << 13
"""Bytes; so many or some more are split at once, which is quick and weighs nothing."""

LONGEST_LINE = 1 << 20
"""Bytes; a body without a line end for longer than this is not a report."""

T = TypeVar("T")


def blocks(chunks: Iterable[bytes]) -> Iterator[bytearray]:
    """Give the same bytes in blocks of whole lines. A BOM at the beginning is passed over."""
    block, begun = bytearray(), bytearray()
    for chunk in _without_bom(iter(chunks)):
        for start in range(0, len(chunk), CHUNK):
            lines, end, rest = chunk[start : start + CHUNK].rpartition(b"\n")
            if end:
                block += begun + lines + end
                begun = bytearray()
            begun += rest
            if len(begun) > LONGEST_LINE:
                raise MalformedError(f"a line of the report is longer than {LONGEST_LINE} bytes")
            if len(block) >= CHUNK:
                yield block
                block = bytearray()
    if block or begun:
        yield block + begun


def _without_bom(chunks: Iterator[bytes]) -> Iterator[bytes]:
    begin = b""
    for chunk in chunks:
        begin += chunk
        if len(begin) >= len(BOM_UTF8):
            break
    yield begin.removeprefix(BOM_UTF8)
    yield from chunks


class Batch:
    """Rows of one width, as one list of cells; rows and columns are made when they are needed.

    ``names`` are what a list's item goes by.
    """

    def __init__(self, cells: list[str], width: int, names: tuple[str, ...] = ()) -> None:
        """Take the cells, row after row."""
        self.size = len(cells) // width
        self.names = names
        self._cells = cells
        self._width = width

    @property
    def rows(self) -> list[Row]:
        """The rows."""
        places = range(self._width)
        return list(zip(*map(self.column, places), strict=True))

    def column(self, place: int) -> Column:
        """Give the cells that stand at this place of every row."""
        return self._cells[place :: self._width]

    def only(self, wanted: Iterable[object]) -> Batch:
        """Give the rows for which something true stands here."""
        return of_rows(compress(self.rows, wanted), self._width)


def of_rows(rows: Iterable[Row], width: int, names: tuple[str, ...] = ()) -> Batch:
    """Give rows of this width as a batch."""
    return Batch(list(chain.from_iterable(rows)), width, names)


def split(text: str, width: int) -> list[str] | None:
    """Give all cells of whole lines, row after row; None where that is work for `csv`.

    That is where anything is quoted, or a row may be of another width.
    """
    if '"' in text or width == 1 or len(text) > csv.field_size_limit():
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            return None
    text = text.removesuffix("\n")
    # Every line end begins a cell. Where there is one for each row but the first, and the first
    # cells of the rows have them all, each row begins where it should, and is as wide as it should.
    marked = text.replace("\n", ",\n")
    cells = marked.split(",")
    first = "".join(cells[::width]).split("\n")
    rows, more = divmod(len(cells), width)
    if more or not len(first) == rows == len(marked) - len(text) + 1:
        return None
    cells[::width] = first
    return cells


class Lines:
    """The lines of a file. Raises `MalformedError` for what is no CSV, with its line."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Read nothing yet."""
        self._texts = self._decoded(chunks)
        self._text = self._rest = ""
        self._opened = io.StringIO()
        self._line = 0  # how many were given

    def header(self) -> list[str]:
        """Give the names of the columns as they are compared."""
        line, end, self._rest = next(self._texts, "").partition("\n")
        self._text = line + end
        names = self._taken(
            lambda rows: next((row for row in rows if any(map(normalise, row))), [])
        )
        if not names:
            raise MalformedError(
                "the report is empty, not even a header row came", "Try again later."
            )
        if names[0].lstrip("\ufeff \t").startswith("<"):
            raise MalformedError(
                "a web page came instead of the report",
                "A proxy or captive portal answers in Microsoft's place: let this host reach "
                "the login service, Graph and *.office.com without one.",
            )
        return list(map(normalise, names))

    def cells(self, width: int) -> list[str] | None:
        """Give the cells of the next rows, one after the other; none at the end.

        None where that is work for `csv`: `rows` gives them, then.
        """
        self._text = self._next()
        cells = split(self._text, width) if self._text else []
        self._line += len(cells) // width if cells else 0
        return cells

    def rows(self) -> list[Row]:
        """Give the rows that `cells` did not give.

        The last one may go on in the lines after them; what it leaves of those comes next.
        """
        ends = self._text.count("\n")
        return self._taken(lambda rows: list(islice(rows, ends or 1)))

    def _taken(self, take: Callable[[Iterator[Row]], T]) -> T:
        before = self._line
        reader = csv.reader(chain.from_iterable(self._openings()), strict=True)
        try:
            taken = take(reader)
        except csv.Error as error:
            line = before + reader.line_num
            raise MalformedError(f"line {line} of the report: {error}") from error
        self._line = before + reader.line_num
        return taken

    def _next(self) -> str:
        text = self._opened.read()
        if not text:
            text, self._rest = self._rest, ""
        return text or next(self._texts, "")

    def _openings(self) -> Iterator[io.StringIO]:
        while self._text:
            self._opened = io.StringIO(self._text, newline="")
            yield self._opened
            self._line += self._text.count("\n")
            self._text = self._next()

    def _decoded(self, chunks: Iterable[bytes]) -> Iterator[str]:
        for block in blocks(chunks):
            try:
                yield block.decode()
            except UnicodeDecodeError as error:
                line = self._line + 1 + error.object[: error.start].count(b"\n")
                raise MalformedError(f"the report is not UTF-8 near line {line}") from error
