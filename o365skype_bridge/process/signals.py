"""SIGTERM means that time is up: whoever waits or counts stops, and what there is gets answered.

Telegraf sends it at its time limit, to us and to our group, and takes what we print as long as we
end with 0. So it is heard once and from then on changes nothing more: the answer is on its way.
"""

from __future__ import annotations

import contextlib
import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_told = False


def told() -> bool:
    """Say whether the time is up."""
    return _told


@contextlib.contextmanager
def heard(then: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hear SIGTERM in the body and call ``then``, in the main thread, between two of its steps.

    Who has a handler of his own is told as well, and keeps it.
    """

    def hear(number: int, frame: FrameType | None) -> None:
        global _told
        again, _told = _told, True
        if callable(before):
            before(number, frame)
        if not again:
            then()

    before = signal.signal(signal.SIGTERM, hear)
    try:
        yield
    finally:
        ours = _told and not callable(before)
        signal.signal(signal.SIGTERM, signal.SIG_IGN if ours else before)


@contextlib.contextmanager
def awaited() -> Iterator[int]:
    """Give a descriptor that can be read as soon as SIGTERM came during the body, or before."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        with heard():
            if _told:
                os.write(writer, b"\0")
            yield reader
    finally:
        signal.set_wakeup_fd(before)
        os.close(reader)
        os.close(writer)
