"""Chunks of bytes as lines of cells: decoded, split, and never held as a whole."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from itertools import islice
from typing import TYPE_CHECKING

from o365skype_bridge.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHUNK = 1 << 15

LONGEST_LINE = 1 << 20
"""Bytes; a body without a line end for longer than this is not a report."""

MISSPELLED = {"paricipated": "participated"}

Row = list[str]


class ByteStream(io.RawIOBase):
    """Chunks of bytes as a file, so that decoding and line ends are the standard library's work."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Take the chunks; nothing is read yet. A BOM at the beginning is passed over."""
        self._chunks = _without_bom(iter(chunks))
        self._rest = memoryview(b"")
        self._line = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer from the next chunk."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._measure(chunk)
            self._rest = memoryview(chunk)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def _measure(self, chunk: bytes) -> None:
        last = chunk.rfind(b"\n")
        self._line = self._line + len(chunk) if last < 0 else len(chunk) - last
        if self._line > LONGEST_LINE:
            raise MalformedError(f"a line of the report is longer than {LONGEST_LINE} bytes")


def _without_bom(chunks: Iterator[bytes]) -> Iterator[bytes]:
    begin = b""
    for chunk in chunks:
        begin += chunk
        if len(begin) >= len(BOM_UTF8):
            break
    yield begin.removeprefix(BOM_UTF8)
    yield from chunks


def normalise(column: str) -> str:
    """Give a column's name as it is compared: no BOM, single blanks, lower case, right spelling."""
    words = column.replace("\ufeff", "").casefold().split()
    return " ".join(MISSPELLED.get(word, word) for word in words)


def spellings(column: str) -> list[str]:
    """Give every name that a declared column may have in a header, as they are compared."""
    known = [normalise(name) for name in column.split("|")]
    return list(dict.fromkeys([*known, *(name.removeprefix("used ") for name in known)]))


class Lines:
    """The rows of a file. Raises `MalformedError` for what is no CSV, with its line."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Read nothing yet."""
        stream = io.BufferedReader(ByteStream(chunks), CHUNK)
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        text._CHUNK_SIZE = CHUNK  # type: ignore[attr-defined] # noqa: SLF001 a tenth faster
        self._reader = csv.reader(text, strict=True)

    def header(self) -> list[str]:
        """Give the names of the columns as they are compared."""
        first = self.read(1)
        while first and not any(map(normalise, first[0])):
            first = self.read(1)
        if not first:
            raise MalformedError(
                "the report is empty, not even a header row came", "Try again later."
            )
        if first[0][0].lstrip("\ufeff \t").startswith("<"):
            raise MalformedError(
                "a web page came instead of the report",
                "A proxy or captive portal answers in Microsoft's place: let this host reach "
                "the login service, Graph and *.office.com without one.",
            )
        return list(map(normalise, first[0]))

    def read(self, size: int) -> list[Row]:
        """Give the next rows, so many at most."""
        try:
            return list(islice(self._reader, size))
        except csv.Error as error:
            raise MalformedError(f"line {self._reader.line_num} of the report: {error}") from error
        except UnicodeDecodeError as error:
            line = self._reader.line_num + 1 + error.object[: error.start].count(b"\n")
            raise MalformedError(f"the report is not UTF-8 near line {line}") from error
