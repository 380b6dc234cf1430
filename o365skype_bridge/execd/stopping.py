"""Signals that end a process that stays, and those that do not."""

from __future__ import annotations

import contextlib
import os
import signal

TYPE_CHECKING = False  # this is loaded before anything else, so that no signal comes too early
if TYPE_CHECKING:
    from types import FrameType


class Stop:
    """Whether SIGTERM or SIGINT came; ``reader`` can be read from then on."""

    def __init__(self) -> None:
        """Install the handlers; SIGHUP is ignored from now on."""
        for descriptor in (0, 1, 2):
            _have(descriptor)
        self.asked = False
        self.reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        with contextlib.suppress(OSError):
            os.write(self._writer, b".")


def _have(descriptor: int) -> None:
    """Have something in the place of a closed standard stream, so that no other file gets it.

    It reads as ended and cannot be written to.
    """
    try:
        os.fstat(descriptor)
    except OSError:
        os.open(os.devnull, os.O_RDONLY)


_installed: list[Stop] = []


def installed() -> Stop:
    """Give the one `Stop` of this process; the first call installs it."""
    if not _installed:
        _installed.append(Stop())
    return _installed[0]
