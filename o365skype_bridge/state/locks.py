"""Locks between processes that the kernel releases when their holder dies."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING

import portalocker

from o365skype_bridge.errors import PendingError
from o365skype_bridge.state import files

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
            opened = stack.enter_context(open(path, "a", opener=_private))
            held = _acquire(opened, time.monotonic() + wait)
        yield held


def _acquire(opened: IO[str], end: float) -> bool:
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


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, files.PRIVATE_FILE)
