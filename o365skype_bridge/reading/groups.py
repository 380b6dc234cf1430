"""Who belongs to which department, country or office: the operator's file, read as it is now."""

from __future__ import annotations

import csv
import io
from itertools import chain
from typing import TYPE_CHECKING

from o365skype_bridge.errors import MalformedError, UsageError
from o365skype_bridge.process import files
from o365skype_bridge.reading.lines import blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Membership = Mapping[str, str]

OTHER = "other"
"""The group of whoever is in no group, or in one that is too small to be told apart."""

MOST_ROWS = 2_000_000
MOST_GROUPS = 5_000
LONGEST_NAME = 200
"""Rows of the file, groups that are large enough, and letters of a group's name."""

USER, GROUP = "upn", "group"
DELIMITERS = ",;\t"

REMEDY = "Name a CSV file in UTF-8 with the columns upn and group, that this user can read."


class Groups:
    """Who is in which group. The file is read when it is needed, and looked at now.

    ``mark`` is another one when the file or the minimum is.
    """

    def __init__(self, path: str, minimum: int) -> None:
        """Look at the file. Raises `UsageError` where there is none."""
        self._path = path
        self._minimum = minimum
        try:
            found = files.status(path)
        except OSError as error:
            raise self._unusable(error.strerror or "error") from error
        times = (found.st_mtime_ns, found.st_ctime_ns)
        self.mark = ".".join(map(str, (found.st_ino, found.st_size, *times, minimum)))
        self._known: Membership = {}
        self._of: Membership = {}
        self._names: tuple[str, ...] = ()

    def read(self) -> None:
        """Read the file, unless that was done. Raises `UsageError` that says what is wrong."""
        if self._names:
            return
        try:
            self._known = _membership(files.chunks(self._path, files.LARGE))
        except UnicodeDecodeError as error:
            raise self._unusable("it is not UTF-8 text") from error
        except OSError as error:
            raise self._unusable(error.strerror or "error") from error
        except (csv.Error, ValueError) as error:
            raise self._unusable(str(error)) from error
        except MalformedError as error:
            raise self._unusable("a line of it is too long") from error
        self._merge()

    def _unusable(self, why: str) -> UsageError:
        return UsageError(f"the groups file {self._path!a} cannot be used: {why}", REMEDY)

    def _merge(self) -> None:
        """Merge what has fewer members than the minimum, and what is called like the rest."""
        sizes: dict[str, int] = {}
        for group in self._known.values():
            sizes[group] = sizes.get(group, 0) + 1
        large = {group for group, size in sizes.items() if size >= self._minimum} - {OTHER}
        if len(large) > MOST_GROUPS:
            raise UsageError(
                f"the groups file {self._path!a} has {len(large)} groups, more than {MOST_GROUPS}",
                "Group by something that fewer people differ in, or raise --group-minimum.",
            )
        self._of = {user: group for user, group in self._known.items() if group in large}
        self._names = (*sorted(large), OTHER)

    @property
    def names(self) -> tuple[str, ...]:
        """All groups that there are figures of, the rest last. Raises `UsageError`."""
        self.read()
        return self._names

    def of(self, names: Iterable[str]) -> Iterator[str]:
        """Give the group of each user, by a name in any case."""
        group = self._of.get
        return (group(name.casefold(), OTHER) for name in names)

    def knows(self, names: Iterable[str]) -> bool:
        """Say whether one of these users is in the file."""
        return any(name.casefold() in self._known for name in names)


def _membership(body: Iterable[bytes]) -> Membership:
    """Give the group of each user, by the name in lower case."""
    lines = chain.from_iterable(io.StringIO(block.decode(), newline="") for block in blocks(body))
    header = next(lines, "")
    rows = csv.reader(lines, delimiter=_delimiter(header), strict=True)
    user, group, width = _places(header)
    found: dict[str, str] = {}
    shared: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        if number > MOST_ROWS + 1:
            raise ValueError(f"it has more than {MOST_ROWS} rows")
        if not any(map(str.strip, row)):
            continue
        if len(row) != width:
            raise ValueError(f"row {number} has {len(row)} cells instead of {width}")
        name, its = row[user].strip().casefold(), row[group].strip()
        if not name:
            raise ValueError(f"row {number} has no {USER}")
        if len(its) > LONGEST_NAME:
            raise ValueError(f"the group in row {number} is longer than {LONGEST_NAME} letters")
        its = shared.setdefault(its, its or OTHER)  # one text for all who are in it
        its = OTHER if its.casefold() == OTHER else its
        if found.setdefault(name, its) != its:
            raise ValueError(f"row {number} has another group of a user who is in a row before")
    return found


def _delimiter(header: str) -> str:
    """Give what a spreadsheet has put between the columns."""
    return max(DELIMITERS, key=header.count)


def _places(header: str) -> tuple[int, int, int]:
    """Give where the two columns stand, and how many there are."""
    names = next(csv.reader([header], delimiter=_delimiter(header), strict=True), [])
    names = [name.strip().casefold() for name in names]
    for wanted in (USER, GROUP):
        if names.count(wanted) != 1:
            times = "more than once" if wanted in names else "not"
            raise ValueError(f"its first row has the column {wanted} {times}")
    return names.index(USER), names.index(GROUP), len(names)
