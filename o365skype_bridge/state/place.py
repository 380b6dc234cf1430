"""Where one tenant's state lies: in its folder, or in one that stands in when that cannot be used.

Only this user and root may be able to change what lies there, or what leads there: once that is
so, nobody else can put anything into our way afterwards.
"""

from __future__ import annotations

import errno
import os
import stat
import zlib

from o365skype_bridge.process import files

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "o365skype-bridge"

NOWHERE = f"{os.devnull}/{NAME}"
"""A folder in which nothing is and nothing can be."""

WHY = "why"
"""The file in a stand-in that says why it is one."""

ROOM = 1 << 15
"""Bytes that there must be room for."""

MOST_LINKS = 40
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class Place:
    """A tenant's ``folder``: the one that is meant, or the one that stands in for it.

    ``why`` says what is wrong with the one that is meant, and is blank when nothing is;
    ``instead`` is what is used then, and is blank when nothing can be.
    """

    def __init__(self, state_dir: str, name: str) -> None:
        """Look at nothing yet."""
        self.meant = f"{state_dir}/{name}"
        self.folder = self.meant
        self.why = self.instead = ""
        self._mark = f"{zlib.crc32(os.fsencode(state_dir)):08x}-{name}"

    def look(self) -> None:
        """Find out where to read: from the stand-in as long as there is one."""
        for base, folder in self._stand_ins():
            try:
                os.lstat(folder)
                require_private(folder)
                why = files.read_owned(f"{folder}/{WHY}", files.SMALL)
            except OSError:
                continue
            self.folder, self.why, self.instead = folder, why.decode(errors="replace"), base
            return
        if self.instead:  # what stood in is gone
            self.why = self.instead = ""
        self.folder = self._readable()

    def prepare(self) -> None:
        """Find out where to write, and bring along what is newer elsewhere."""
        try:
            _prepared(self.meant)
            for _base, folder in self._stand_ins():
                _bring(folder, self.meant)
                _clear(folder)
        except OSError as error:
            self.leave(error)
        else:
            self.folder = self.meant
            self.why = self.instead = ""

    def leave(self, error: OSError) -> None:
        """Take a stand-in, since the folder that is meant cannot be used."""
        self.why = error.strerror or "error"
        for base, folder in self._stand_ins():
            if not os.path.isdir(os.path.dirname(base)):
                continue
            try:
                _prepared(folder)
                _bring(self.meant, folder)
                files.write_whole(f"{folder}/{WHY}", os.fsencode(self.why))
            except OSError:
                continue
            self.folder, self.instead = folder, base
            return
        self.instead = ""
        self.folder = self._readable()

    def find(self, name: str) -> str:
        """Give the path of a large file, which was not brought along."""
        path = f"{self.folder}/{name}"
        known = self.folder == self.meant or os.path.lexists(path)
        return path if known else f"{self._readable()}/{name}"

    def _readable(self) -> str:
        """Give the folder that is meant, or none if what lies there is not to be trusted.

        Who comes to write finds one that stands in, and says so.
        """
        try:
            require_private(self.meant)
        except OSError:
            return NOWHERE
        return self.meant

    def _stand_ins(self) -> Iterator[tuple[str, str]]:
        """Give the folders of this user that could stand in, each with this tenant's in it."""
        user = os.geteuid()
        temporary = (os.environ.get("TMPDIR", ""), "/tmp")  # noqa: S108 used only if it is ours
        runtime = (os.environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{user}")
        for parent in (*runtime, "/dev/shm", *temporary):  # noqa: S108
            if parent.startswith("/"):
                base = f"{parent.rstrip('/')}/{NAME}-{user}"
                yield base, f"{base}/{self._mark}"


def require_private(path: str) -> None:
    """Raise `OSError` when others could change a folder or what leads there.

    It is an `UnfitError` that says what to do. What is not there yet is nobody's.
    """
    rest, current, links = path.split("/")[::-1], "/", 0
    while rest:
        name = rest.pop()
        if name in ("", "."):
            continue
        place = f"{current.rstrip('/')}/{name}"
        try:
            status = os.lstat(place)
        except FileNotFoundError:
            return
        _require_ours(place, status, last=not any(rest))
        if not stat.S_ISLNK(status.st_mode):
            current = place
            continue
        links += 1
        if links > MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        target = os.readlink(place)
        rest += target.split("/")[::-1]
        current = "/" if target.startswith("/") else current


def _require_ours(place: str, status: os.stat_result, *, last: bool) -> None:
    if status.st_uid not in (os.geteuid(), 0):
        raise files.UnfitError(
            f"{place} belongs to user {status.st_uid}: give it to the user who runs this, "
            "or name another folder"
        )
    if stat.S_ISLNK(status.st_mode):
        return
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    kept_apart = status.st_mode & stat.S_ISVTX and not last
    if status.st_mode & OTHERS_WRITE and not kept_apart:
        raise files.UnfitError(f"others can write to {place}: run chmod go-w on it")


def _prepared(folder: str) -> None:
    """Make a folder of ours if it is not there, and see that something can be kept in it."""
    require_private(folder)
    files.make_folder(folder)
    require_private(folder)  # of what was not there before, somebody else may have made some
    probe = f"{folder}/room"
    files.write_whole(probe, bytes(ROOM))
    files.remove(probe)


def _bring(source: str, target: str) -> None:
    """Copy what is small and newer: results, tokens, the calls made.

    Raises `OSError` when the target cannot take it.
    """
    for name in _names(source):
        if not name.endswith(".json"):
            continue
        try:
            content = files.read_owned(f"{source}/{name}", files.MIDDLING)
            changed = os.stat(f"{source}/{name}").st_mtime_ns
        except OSError:
            continue
        try:
            known = os.stat(f"{target}/{name}").st_mtime_ns
        except FileNotFoundError:
            known = 0
        if changed > known:
            files.write_whole(f"{target}/{name}", content)
            os.utime(f"{target}/{name}", ns=(changed, changed))


def _clear(folder: str) -> None:
    """Delete a stand-in that is not needed any more."""
    for name in _names(folder):
        files.remove(f"{folder}/{name}")
    try:
        os.rmdir(folder)
    except OSError:
        pass


def _names(folder: str) -> list[str]:
    try:
        require_private(folder)
        return os.listdir(folder)
    except OSError:
        return []
