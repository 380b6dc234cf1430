"""Report files that are kept so that another filter needs no other download."""

from __future__ import annotations

import contextlib
import os
import time
import zlib
from typing import TYPE_CHECKING, BinaryIO, Self

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.process import files
from o365skype_bridge.state.held import KeptFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.state.held import Held
    from o365skype_bridge.state.store import Store

CHUNK = 1 << 16
TOKEN_LIFE = 86400.0
"""Seconds that no access token lives."""
SUFFIX = ".csv"


class Keeper:
    """Keeps copies of what streams by. Not being able to costs the copy, never the stream.

    Used as a context: what was not committed is deleted at its end.
    """

    def __init__(self, store: Store, report: Report) -> None:
        """Write nothing yet."""
        self._store = store
        self._report = report
        self._made: dict[str, tuple[str, int, int]] = {}

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Delete what was not committed."""
        for made, _size, _crc in self._made.values():
            files.remove(made)

    def tee(self, kind: str, body: Iterable[bytes]) -> Iterator[bytes]:
        """Pass a body through and keep a copy under ``kind``; a later one replaces it."""
        made = files.temporary(self._store.path(f"{self._report.name}.{kind}{SUFFIX}"))
        with contextlib.suppress(KeyError):
            files.remove(self._made.pop(kind)[0])
        copy: BinaryIO | None = None
        try:
            copy = os.fdopen(files.open_private(made), "wb")
        except OSError as error:
            self._store.unusable(error)
        size = crc = 0
        try:
            for chunk in body:
                size, crc = size + len(chunk), zlib.crc32(chunk, crc)
                if copy is not None and not self._write(copy, chunk, made):
                    copy = None
                yield chunk
            if copy is not None and self._write(copy, b"", made):
                self._made[kind] = (made, size, crc)
                made = ""
        finally:
            with contextlib.suppress(OSError):
                if copy is not None:
                    copy.close()
            if made:
                files.remove(made)

    def commit(self, kind: str) -> KeptFile | None:
        """Put a finished copy in its place; None when there is none."""
        if kind not in self._made:
            return None
        made, size, crc = self._made[kind]
        name = f"{self._report.name}.{kind}.{crc:08x}{SUFFIX}"
        try:
            files.put_in_place(made, self._store.path(name))
        except OSError as error:
            self._store.unusable(error)
            return None
        del self._made[kind]
        return KeptFile(name=name, size=size, crc=crc)

    def _write(self, copy: BinaryIO, chunk: bytes, made: str) -> bool:
        try:
            copy.write(chunk)
            if not chunk:
                copy.flush()
        except OSError as error:
            self._store.unusable(error)
            with contextlib.suppress(OSError):
                copy.close()
            files.remove(made)
            return False
        return True


def read(store: Store, kept: KeptFile) -> Iterator[bytes]:
    """Give a kept file in chunks. Raises `MalformedError` when it is gone or was changed."""
    size = crc = 0
    try:
        descriptor, _ = files.opened(store.place.find(kept.name), follow=False)
        with os.fdopen(descriptor, "rb") as opened:
            while size <= kept.size and (chunk := opened.read(CHUNK)):
                size, crc = size + len(chunk), zlib.crc32(chunk, crc)
                yield chunk
    except OSError as error:
        raise MalformedError(f"the kept file {kept.name} cannot be read") from error
    if (size, crc) != (kept.size, kept.crc):
        raise MalformedError(f"the kept file {kept.name} was changed")


def sweep(store: Store, report: Report, held: Held) -> None:
    """Delete what killed processes left, and the report's files that nothing refers to.

    Whoever calls holds the report's lock.
    """
    used = {kept.name for kept in (held.period, held.day) if kept is not None}
    with contextlib.suppress(OSError), os.scandir(store.folder) as entries:
        for entry in entries:
            ours = entry.name.startswith(f"{report.name}.")
            orphan = ours and entry.name.endswith(SUFFIX) and entry.name not in used
            half = entry.name.endswith(files.TEMPORARY) and not _is_alive(entry.name)
            if orphan or half or _is_old_token(entry):
                files.remove(entry.path)


def _is_old_token(entry: os.DirEntry[str]) -> bool:
    """Say whether this is the token of a secret that is not used any more."""
    is_token = entry.name.startswith("token-") and entry.name.endswith(".json")
    return is_token and time.time() - entry.stat().st_mtime > TOKEN_LIFE


def _is_alive(name: str) -> bool:
    """Say whether the process that a temporary file is named for is still there."""
    number = name.removesuffix(files.TEMPORARY).rpartition(".")[2]
    try:
        os.kill(int(number), 0)
    except (ValueError, ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return int(number) != os.getpid()
