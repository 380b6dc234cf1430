"""The agent's pipes: newlines in, whole lines out, and neither can hold us up when we must go."""

from __future__ import annotations

import contextlib
import os
import re
import select
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o365skype_bridge.execd.stopping import Stop

CHUNK = 1 << 16
ATOMIC = select.PIPE_BUF
"""Bytes that a pipe takes without blocking once it says that it can be written to."""

LAST_MOMENT = 0.5
"""Seconds for what is in hand once there is nobody to answer any more."""

BROKEN = select.POLLERR | select.POLLHUP | select.POLLNVAL

REPEAT = 3600.0
"""Seconds after which a problem that is still there is said again."""

MOST_REMEMBERED = 1000

CHANGING = re.compile(r"[0-9a-f-]{8,}|\d+")
"""What may differ between two lines that say the same: request ids and numbers."""


class Inlet:
    """Stdin and the signals.

    ``asked`` says that newlines have come: one answer is for all of them, since a later one
    would say the same. ``ended_at`` is the monotonic time at which stdin or stdout ended, or a
    signal came.
    """

    def __init__(self, stop: Stop, descriptor: int = 0, watched: int = 1) -> None:
        """Take the signals, the descriptor to read, and the one whose reader may go away."""
        self.asked = False
        self.ended_at: float | None = None
        self._stop = stop
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(stop.reader, select.POLLIN)
        self._poll.register(descriptor, select.POLLIN)
        self._poll.register(watched, 0)
        self._watched = watched

    @property
    def stopped(self) -> bool:
        """Whether a signal came."""
        return self._stop.asked

    def left(self, seconds: float) -> float:
        """Give how much of so many seconds there is, now that we may be about to go."""
        if self.ended_at is None:
            return seconds
        return max(min(seconds, self.ended_at + LAST_MOMENT - time.monotonic()), 0.0)

    def wait(self, other: int | None, seconds: float | None) -> bool:
        """Wait until something comes, or for so long; say whether ``other`` can be read."""
        if other is not None:
            self._poll.register(other, select.POLLIN)
        try:
            events = dict(self._poll.poll(None if seconds is None else seconds * 1000))
        finally:
            if other is not None:
                self._poll.unregister(other)
        if self._descriptor in events:
            self._read()
        if self._stop.reader in events:
            self._end(self._stop.reader)
        if events.get(self._watched, 0) & BROKEN:
            self._end(self._watched)
        return other in events

    def _read(self) -> None:
        try:
            chunk = os.read(self._descriptor, CHUNK)
        except OSError:
            chunk = b""
        self.asked |= b"\n" in chunk
        if not chunk:
            self._end(self._descriptor)

    def _end(self, descriptor: int) -> None:
        """Look no more at what would only say the same again."""
        self._poll.unregister(descriptor)
        if self.ended_at is None:
            self.ended_at = time.monotonic()


class Outlet:
    """Stdout and stderr, written to only as far as they take it at once."""

    def __init__(self, inlet: Inlet, out: int = 1, err: int = 2) -> None:
        """Take the descriptors."""
        self._inlet = inlet
        self._out = out
        self._err = err
        self._said: dict[str, float] = {}

    def write(self, text: str) -> None:
        """Write to stdout. Raises `OSError` when that cannot be, or not before we must go."""
        rest = memoryview(text.encode(errors="replace"))
        ready = select.poll()
        ready.register(self._out, select.POLLOUT)
        while rest:
            if not ready.poll(100):
                self._inlet.wait(None, 0)
                if not self._inlet.left(1.0):
                    raise BlockingIOError("nobody reads what we write")
                continue
            with contextlib.suppress(BlockingIOError):  # somebody else has filled it meanwhile
                rest = rest[os.write(self._out, rest[:ATOMIC]) :]

    def say(self, lines: Iterable[str]) -> None:
        """Write lines to stderr, unless they were said lately; nobody has to read them."""
        now = time.monotonic()
        self._said = {key: at for key, at in self._said.items() if now - at < REPEAT}
        ready = select.poll()
        ready.register(self._err, select.POLLOUT)
        for line in lines:
            key = CHANGING.sub("", line)
            if key in self._said or len(self._said) >= MOST_REMEMBERED:
                continue
            self._said[key] = now
            try:
                if ready.poll(0):
                    os.write(self._err, line.encode(errors="replace"))
            except OSError:
                pass
