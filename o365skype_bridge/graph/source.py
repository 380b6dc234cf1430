"""Where a report file comes from: the protocol, and the source that is a folder of files."""

from __future__ import annotations

import gzip
import os
import zlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from o365skype_bridge import files
from o365skype_bridge.errors import BridgeError, GoneError, MalformedError, UnreachableError
from o365skype_bridge.graph.table import Table, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from o365skype_bridge.model import Report

T = TypeVar("T")

PERIOD = "D7"
"""The period that gives the population and the refresh date."""

CHUNK = 1 << 16
GZIP = b"\x1f\x8b"


class Source(Protocol):
    """Something that has report files."""

    calls: int
    """How many calls it has cost so far."""

    def read(self, report: Report, asked: str | date, consume: Callable[[Iterable[bytes]], T]) -> T:
        """Hand the file to ``consume`` as chunks of bytes and return what that gives.

        ``asked`` is a period such as ``D7``, or a day. ``consume`` may be called again from the
        start when a connection broke half-way. Raises `BridgeError`.
        """


class FolderSource:
    """A folder of report files, as exported or saved, recognised by their header row."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is looked through when the first report is asked for."""
        self.calls = 0
        self._folder = folder
        self._headers: dict[Path, frozenset[str]] | None = None

    def read(self, report: Report, asked: str | date, consume: Callable[[Iterable[bytes]], T]) -> T:
        """Hand over the newest file that answers; see `Source.read`."""
        found = sorted(
            (date_ or date.min, path)
            for path, date_, daily in self._files(report)
            if daily is isinstance(asked, date) and date_ in (None, asked if daily else date_)
        )
        if not found:
            wanted = f"date={asked}" if isinstance(asked, date) else f"period='{asked}'"
            raise GoneError(
                f"{str(self._folder)!a} holds no file of {report.function}({wanted})",
                "Save that report there as CSV; any file name will do.",
            )
        try:
            return consume(chunks(found[-1][1]))
        except BridgeError as error:
            error.args = (f"{found[-1][1].name}: {error}",)
            raise

    def _files(self, report: Report) -> Iterator[tuple[Path, date | None, bool]]:
        """Give the report's files with their refresh date, and whether they cover one day.

        A file without rows, or that is broken, says neither: it is the day's file if there is
        one of the period.
        """
        empty = []
        period_seen = False
        for path, header in self._look().items():
            if not _is_of(report, header):
                continue
            found = _first_row(path, report)
            if found is None:
                empty.append(path)
                continue
            period_seen |= not found[1]
            yield path, *found
        for path in empty:
            yield path, None, period_seen

    def _look(self) -> dict[Path, frozenset[str]]:
        if self._headers is None:
            try:
                paths = sorted(path for path in self._folder.iterdir() if path.is_file())
            except OSError as error:
                raise UnreachableError(
                    f"the folder {str(self._folder)!a} cannot be read: {error.strerror}",
                    "Name the folder that holds the report files, with --from-folder.",
                ) from error
            self._headers = {path: _header(path) for path in paths}
        return self._headers


def chunks(path: Path) -> Iterator[bytes]:
    """Give a file's bytes, unpacked if it is a gzip file."""
    try:
        with os.fdopen(files.opened(str(path))[0], "rb") as plain:
            packed = plain.read(2) == GZIP
            plain.seek(0)
            with gzip.open(plain) if packed else plain as opened:
                while chunk := opened.read(CHUNK):
                    yield chunk
    except (OSError, EOFError, zlib.error) as error:
        raise UnreachableError(f"the file cannot be read to its end: {error}") from error


def _is_of(report: Report, header: frozenset[str]) -> bool:
    # One column may be missing: such a file is this report, and reading it names the column.
    names = [normalise(column) for column in report.columns]
    missing = [name for name in names if not {name, name.removeprefix("used ")} & header]
    return names[0] not in missing and len(missing) <= 1


def _header(path: Path) -> frozenset[str]:
    try:
        return frozenset(Table(chunks(path), ()).header)
    except BridgeError:
        return frozenset()


def _first_row(path: Path, report: Report) -> tuple[date | None, bool] | None:
    """Give the refresh date of a file's first row and whether it covers one day."""
    try:
        table = Table(chunks(path), report.columns)
        for batch in table.batches(daily=None):
            return table.refresh_date, bool(table.covers_a_day(batch[0]))
    except MalformedError:
        return None
    return None
