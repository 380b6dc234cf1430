"""Files: only regular ones of bounded size are read, and ours appear whole, for us alone."""

from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
TEMPORARY = ".tmp"

CHUNK = 1 << 16
READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a symbolic link",
}

SMALL = 1 << 16
"""Bytes of a file that holds a secret or a key."""

MIDDLING = 1 << 22
"""Bytes of a file that somebody wrote by hand, or of certificates."""

LARGE = 1 << 26
"""Bytes of a file with a line for every user."""


class UnfitError(OSError):
    """A file that is there and is not used; ``strerror`` says why."""

    def __init__(self, why: str) -> None:
        """Keep why."""
        super().__init__(errno.EINVAL, why)


_held: dict[str, tuple[bytes, os.stat_result] | OSError] = {}


def hold(path: str, most: int) -> None:
    """Read a file now, for a time when this process may not read it any more."""
    _held.pop(path, None)
    try:
        _held[path] = read(path, most)
    except OSError as error:
        _held[path] = error


def release() -> None:
    """Hold nothing any more."""
    _held.clear()


def status(path: str) -> os.stat_result:
    """Give a file's status, or the one that is held of it. Raises `OSError`."""
    held = _held.get(path)
    return held[1] if isinstance(held, tuple) else os.stat(path)


def read(path: str, most: int) -> tuple[bytes, os.stat_result]:
    """Give a file's content and status, or what is held of it.

    Raises `OSError`, which is an `UnfitError` for what is no regular file or is too large.
    """
    held = _held.get(path)
    if isinstance(held, OSError):
        raise held
    if held is not None:
        return held
    descriptor, found = opened(path)
    try:
        return _content(descriptor, most), found
    finally:
        os.close(descriptor)


def chunks(path: str, most: int) -> Iterator[bytes]:
    """Give a file's content piece by piece, or what is held of it. Raises `OSError` as `read`."""
    if path in _held:
        yield read(path, most)[0]
        return
    descriptor, _ = opened(path)
    try:
        yield from _pieces(descriptor, most)
    finally:
        os.close(descriptor)


def read_owned(path: str, most: int) -> bytes:
    """Read a file of this user's or root's that no link leads to. Raises `OSError`."""
    descriptor, found = opened(path, follow=False)
    try:
        if found.st_uid not in (os.geteuid(), 0):
            raise UnfitError("it belongs to another user")
        return _content(descriptor, most)
    finally:
        os.close(descriptor)


def opened(path: str, *, follow: bool = True) -> tuple[int, os.stat_result]:
    """Open a regular file for reading, which never waits; give descriptor and status.

    Raises `OSError`.
    """
    _require_regular(os.stat(path, follow_symlinks=follow))  # to open a device may do something
    descriptor = os.open(path, READING if follow else READING | os.O_NOFOLLOW)
    found = os.fstat(descriptor)
    try:
        _require_regular(found)
    except UnfitError:
        os.close(descriptor)
        raise
    return descriptor, found


def for_library(path: str, most: int) -> str:
    """Give a path under which a library can read a file, or a folder. Raises `OSError`."""
    if path in _held:
        content, _ = read(path, most)
        descriptor = os.memfd_create("held")
        with os.fdopen(os.dup(descriptor), "wb") as copy:
            copy.write(content)
        return f"/proc/self/fd/{descriptor}"
    found = os.stat(path)
    if not stat.S_ISDIR(found.st_mode):
        _require_regular(found)
        _require_small(found.st_size, most)
    return path


def _require_regular(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = KINDS.get(stat.S_IFMT(found.st_mode), "a device")
        raise UnfitError(f"it is {kind}, not a regular file")


def _require_small(size: int, most: int) -> None:
    if size > most:
        raise UnfitError(f"it is larger than {most} bytes")


def _content(descriptor: int, most: int) -> bytes:
    return b"".join(_pieces(descriptor, most))


def _pieces(descriptor: int, most: int) -> Iterator[bytes]:
    _require_small(os.fstat(descriptor).st_size, most)
    size = 0
    while chunk := os.read(descriptor, CHUNK):
        size += len(chunk)
        _require_small(size, most)  # some files do not tell their size, and some grow
        yield chunk


def make_folder(path: str) -> None:
    """Make a folder and those above it for this user alone. Raises `OSError`."""
    if os.path.isdir(path):
        return
    make_folder(os.path.dirname(path) or ".")
    try:
        os.mkdir(path, PRIVATE_FOLDER)
    except FileExistsError:
        pass


def open_private(path: str) -> int:
    """Open a new file for writing, for this user alone; give its descriptor."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(path, flags, PRIVATE_FILE)
    except FileExistsError:  # left by a killed process of the same number, or laid there
        os.unlink(path)
        return os.open(path, flags, PRIVATE_FILE)


def temporary(path: str) -> str:
    """Name the file beside ``path`` that becomes it."""
    return f"{path}.{os.getpid()}{TEMPORARY}"


def put_in_place(made: str, path: str) -> None:
    """Move a finished temporary file to its place; a folder that lies there gives way."""
    try:
        os.replace(made, path)
    except IsADirectoryError:
        put_aside(path)
        os.replace(made, path)


def put_aside(path: str) -> None:
    """Move something out of the way, whatever it is. Raises `OSError`."""
    try:
        os.replace(path, f"{path}.aside")
    except OSError:  # what lies there already does not give way to it
        os.replace(path, f"{path}.{os.getpid()}.aside")


def write_whole(path: str, content: bytes) -> None:
    """Write a file so that readers see the old content or the new one. Raises `OSError`."""
    made = temporary(path)
    try:
        with os.fdopen(open_private(made), "wb") as opened_:
            opened_.write(content)
        put_in_place(made, path)
    except BaseException:
        remove(made)
        raise


def remove(path: str) -> None:
    """Delete a file if it is there and can be."""
    try:
        os.unlink(path)
    except OSError:
        pass
