"""Locks between processes that the kernel releases when their holder dies."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from typing import TYPE_CHECKING

import portalocker

from o365skype_bridge.errors import PendingError
from o365skype_bridge.process import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

CHECK_EVERY = 0.05


@contextlib.contextmanager
def hold(path: str, wait: float) -> Iterator[bool]:
    """Hold a lock and give True; or give False where there can be none, and go on without.

    That is so in a folder that cannot be written and on a file system without locks. Raises
    `PendingError` when somebody else holds it for longer than ``wait`` seconds.
    """
    held = False
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            opened = stack.enter_context(os.fdopen(_opened(path), "r+b"))
            held = _acquire(opened, time.monotonic() + wait)
        yield held


def _acquire(opened: IO[bytes], end: float) -> bool:
    while True:
        try:
            portalocker.lock(opened, portalocker.LOCK_EX | portalocker.LOCK_NB)
        except portalocker.exceptions.AlreadyLocked as error:
            if time.monotonic() >= end:
                raise PendingError("another process is still fetching this report") from error
            time.sleep(CHECK_EVERY)
        except portalocker.exceptions.LockException:
            return False
        else:
            return True


def _opened(path: str) -> int:
    """Open the lock's file; what cannot be one gives way. Raises `OSError`."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    with contextlib.suppress(FileNotFoundError):
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            files.put_aside(path)
    return os.open(path, flags, files.PRIVATE_FILE)
