"""Where a report file comes from: the protocol, and the source that is a folder of files."""

from __future__ import annotations

import os
import zlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from o365skype_bridge.errors import BridgeError, GoneError, UnreachableError
from o365skype_bridge.model.shape import DAY, PERIODS, SNAPSHOT, USUAL
from o365skype_bridge.process import files
from o365skype_bridge.reading.columns import spellings
from o365skype_bridge.reading.lines import Lines
from o365skype_bridge.reading.table import Table
from o365skype_bridge.reading.unpacking import CHUNK, CODINGS, GZIP, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from o365skype_bridge.model.asked import Asked
    from o365skype_bridge.model.declare import Report

T = TypeVar("T")


class Source(Protocol):
    """Something that has report files."""

    @property
    def calls(self) -> int:
        """How many calls it has cost so far."""

    def read(self, report: Report, asked: Asked, consume: Callable[[Iterable[bytes]], T]) -> T:
        """Hand the file that answers to ``consume`` in chunks and return what that gives.

        ``consume`` may be called again from the start when a connection broke half-way. Raises
        `BridgeError`.
        """


Headers = dict[Path, frozenset[str] | None]
"""The names of each file's columns; None for a file that cannot be read."""


class Found(NamedTuple):
    """A file of a report and what its rows say; one that has none or is broken says nothing."""

    path: Path
    days: int = 0
    day: date = date.min
    is_whole: bool = True


class FolderSource:
    """A folder of report files, as exported or saved, recognised by their header row.

    Reports whose rows do not say whom they are about are recognised by the file's name, too.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is looked through when the first report is asked for."""
        self.calls = 0
        self._folder = folder
        self._headers: Headers | None = None

    def read(self, report: Report, asked: Asked, consume: Callable[[Iterable[bytes]], T]) -> T:
        """Hand over the newest file that answers; see `Source.read`."""
        path = None if report.is_list else self._answering(report, asked)
        if path is None:
            raise GoneError(
                f"{str(self._folder)!a} holds no file of {report.function}({asked.parameter})",
                f"Save that report there as CSV, under {_name(report)}.",
            )
        try:
            return consume(chunks(path))
        except BridgeError as error:
            error.args = (f"{path.name}: {error}",)
            raise

    def _answering(self, report: Report, asked: Asked) -> Path | None:
        """Find the newest file that says what was asked for, or else one that may be it.

        A period's file that is not believed may be: reading it tells why. So may one that says
        nothing, or cannot be read; it is the day's file if there is one of the period.
        """
        headers = self._look()
        headers = {path: names for path, names in headers.items() if _is_called(report, path)}
        ours = [_said(path, report) for path, names in headers.items() if _is_of(report, names)]
        good = [file for file in ours if file.days == asked.days and asked.allows(file.day)]
        mute = [file for file in ours if not file.days]
        mute = mute or [Found(path) for path, names in headers.items() if names is None]
        weeks = [file for file in ours if file.days == PERIODS[report.shape.period]]
        found = good or ((weeks and mute) if asked.is_day else (weeks or mute))
        found.sort(key=lambda file: (file.day, file.is_whole, file.path))
        return found[-1].path if found else None

    def _look(self) -> Headers:
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
        with os.fdopen(files.opened(str(path))[0], "rb") as opened:
            packed = opened.read(len(GZIP)) == GZIP
            opened.seek(0)
            plain = iter(lambda: opened.read(CHUNK), b"")
            yield from unpacked(plain, CODINGS if packed else "")
    except (OSError, EOFError, zlib.error) as error:
        raise UnreachableError(f"the file cannot be read to its end: {error}") from error


def _needs_name(report: Report) -> bool:
    """Whether its header is that of others, too: counts of sessions look like counts of users."""
    return report.shape.kind in (DAY, SNAPSHOT)


def _name(report: Report) -> str:
    wanted = f"a name with '{report.base}' in it"
    return wanted if _needs_name(report) else "any file name"


def _is_called(report: Report, path: Path) -> bool:
    name = path.name.casefold()
    known = (report.base, report.function.removeprefix("get").casefold())
    return not _needs_name(report) or any(one in name for one in known)


def _is_of(report: Report, header: frozenset[str] | None) -> bool:
    if header is None:
        return False
    # One column may be missing: such a file is this report, and reading it names the column.
    missing = [column for column in report.columns if not header.intersection(spellings(column))]
    return report.columns[0] not in missing and len(missing) <= 1


def _header(path: Path) -> frozenset[str] | None:
    try:
        return frozenset(Lines(chunks(path)).header())
    except UnreachableError:
        return None
    except BridgeError:
        return frozenset()


def _said(path: Path, report: Report) -> Found:
    """Look at a file's first rows. Without a period column they are taken for the usual one's."""
    try:
        table = Table(chunks(path), report.columns)
        for _ in table.batches():
            return Found(path, table.days or PERIODS[USUAL], table.refresh_date or date.min)
    except BridgeError:
        return Found(path, is_whole=False)
    return Found(path)
