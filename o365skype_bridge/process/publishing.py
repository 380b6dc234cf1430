"""Files for others to read: they appear whole, with the mode and group of the one before."""

from __future__ import annotations

import os
import stat

from o365skype_bridge.process import files

PUBLIC_FILE = 0o644


def publish(path: str, text: str) -> None:
    """Write a file so that readers see the old text or the new one. Raises `OSError`.

    That is an `UnfitError` for what is no regular file: a device or a link would be gone.
    """
    before = _before(path)
    made = files.temporary(path)
    try:
        with os.fdopen(files.open_private(made), "wb") as opened:
            _hand_on(opened.fileno(), before)
            opened.write(text.encode(errors="replace"))
        os.replace(made, path)
    except BaseException:
        files.remove(made)
        raise


def _before(path: str) -> os.stat_result | None:
    """Give the status of the file that is there, if there is one."""
    try:
        found = os.stat(path, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        kind = files.KINDS.get(stat.S_IFMT(found.st_mode), "a device")
        raise files.UnfitError(f"it is {kind}, not a regular file")
    return found


def _hand_on(descriptor: int, before: os.stat_result | None) -> None:
    """Give a new file the mode and group of the former one, or let everybody read it."""
    if before and before.st_gid != os.fstat(descriptor).st_gid:
        try:
            os.fchown(descriptor, -1, before.st_gid)
        except OSError:
            pass  # only who is in the group may give it
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode) if before else PUBLIC_FILE)
