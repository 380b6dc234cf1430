"""The folder that generated files are written to, and which of its files somebody has changed.

A list of checksums beside the files says what was written last, in the form of ``sha256sum``; by
it a file of an earlier version, which may be replaced, is told from one that somebody edited.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from o365skype_bridge.errors import UsageError

LIST = ".o365skype-bridge.sha256"
"""Hidden, and with an ending that no agent reads configuration from."""

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class Folder:
    """One folder, and what was last written into it."""

    def __init__(self, path: Path) -> None:
        """Read the list, if there is one."""
        self._path = path
        self._sums = dict(_sums(path / LIST))

    def edited(self, files: Mapping[str, str]) -> list[str]:
        """Name those that are there, are not what is to be written, and were not written by us."""
        return [name for name, text in files.items() if self._is_edited(name, text)]

    def write(self, files: Mapping[str, str]) -> Iterator[Path]:
        """Write files whole, each readable by all: there is no secret in them. Give their paths.

        Raises `UsageError`.
        """
        for name, text in files.items():
            path = self._path / name
            _write(path, text)
            self._sums[name] = _sum(text.encode())
            yield path
        _write(self._path / LIST, "".join(f"{sum_}  {name}\n" for name, sum_ in self._listed()))

    def _is_edited(self, name: str, text: str) -> bool:
        try:
            there = (self._path / name).read_bytes()
        except OSError:  # nothing is there, or what writing will complain about
            return False
        return there != text.encode() and _sum(there) != self._sums.get(name)

    def _listed(self) -> list[tuple[str, str]]:
        return [(name, self._sums[name]) for name in sorted(self._sums)]


def write(folder: Path, files: Mapping[str, str], *, force: bool) -> Iterator[Path]:
    """Write files and give their paths. Raises `UsageError`, for edited ones unless told to."""
    there = Folder(folder)
    edited = [] if force else there.edited(files)
    if edited:
        is_one = len(edited) == 1
        raise UsageError(
            f"{', '.join(str(folder / name) for name in edited)} {'was' if is_one else 'were'} "
            "changed since, or made by somebody else",
            f"Keep what you need of {'it' if is_one else 'them'} and say --force, or choose "
            "another folder: --to DIR.",
        )
    return there.write(files)


def _sums(path: Path) -> Iterator[tuple[str, str]]:
    """Give names and checksums of a list; none of one that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    for line in text.splitlines():
        if found := _LINE.fullmatch(line):
            yield found[2], found[1]


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, encoding="utf-8", newline="")
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise UsageError(
            f"cannot write {path}: {error.strerror}", "Choose a folder you may write to: --to DIR."
        ) from error
