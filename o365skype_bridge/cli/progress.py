"""Progress of long work, on a terminal only: a pipe, cron and an agent see nothing of it."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from o365skype_bridge.outputs import problems

if TYPE_CHECKING:
    from collections.abc import Iterator

TICK = 0.25
"""Seconds between two looks at the clock: who waits sees that something goes on."""

FORMAT = "{desc} {bar:10} {n_fmt}/{total_fmt} {unit} {elapsed}{postfix}"
FORMAT_WITHOUT_END = "{desc}{bar:0} {n_fmt} {unit} {elapsed}{postfix}"
"""What is shown; an empty bar is there for tqdm to keep the line within the terminal."""


class Progress:
    """What nobody looks at."""

    def at(self, text: str, done: float | None = None) -> None:
        """Say what is going on, and how much is done if that is known."""

    def aside(self) -> contextlib.AbstractContextManager[None]:
        """Have the terminal free for something else to be printed."""
        return contextlib.nullcontext()


class _Shown(Progress):
    """A line on a terminal that is written anew until the work is done."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._ended = threading.Event()
        self._ticking = threading.Thread(target=self._tick, daemon=True)

    def begin(self) -> None:
        self._ticking.start()

    def end(self) -> None:
        """Leave nothing on the terminal. Who is still at work is not listened to any more."""
        with self._bar.get_lock():
            self._ended.set()
            self._bar.clear()
            self._bar.close()

    def at(self, text: str, done: float | None = None) -> None:
        with self._bar.get_lock():
            if self._ended.is_set():
                return
            if done is not None:
                self._bar.n = done
            self._bar.set_postfix_str(problems.shown(text))

    def aside(self) -> contextlib.AbstractContextManager[None]:
        outside: contextlib.AbstractContextManager[None] = self._bar.external_write_mode(sys.stderr)
        return outside

    def _tick(self) -> None:
        while not self._ended.wait(TICK):
            with self._bar.get_lock():
                if not self._ended.is_set():
                    self._bar.refresh()


@contextlib.contextmanager
def shown(what: str, unit: str, total: int | None = None) -> Iterator[Progress]:
    """Show progress on stderr as long as this lasts, if that is a terminal; leave nothing there."""
    if not os.isatty(2) or os.environ.get("TERM") == "dumb":
        yield Progress()
        return
    from tqdm import tqdm  # noqa: PLC0415 who sees nothing of it need not wait for it

    tqdm.set_lock(threading.RLock())  # its own is for many processes, and takes a semaphore
    tqdm.monitor_interval = 0
    bar = tqdm(
        desc=what,
        unit=unit,
        total=total,
        leave=False,
        delay=TICK,
        dynamic_ncols=True,
        bar_format=FORMAT if total else FORMAT_WITHOUT_END,
    )
    line = _Shown(bar)
    try:
        line.begin()
        yield line
    finally:
        line.end()
