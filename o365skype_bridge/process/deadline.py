"""A time limit on work in this process, a regular expression's above all; SIGTERM ends it too."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING

from o365skype_bridge.errors import PendingError
from o365skype_bridge.process import signals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextlib.contextmanager
def after(
    seconds: float, remedy: str = "Use a simpler --filter-user, or a longer --deadline."
) -> Iterator[None]:
    """Raise `PendingError` in the body when it takes longer. For the main thread only."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise PendingError("counting took longer than the deadline", remedy)

    def stop() -> None:
        raise PendingError(
            "the agent ended the counting", "Give the agent a longer timeout than --deadline."
        )

    if signals.told():
        stop()
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01))
    try:
        with signals.heard(stop):
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
