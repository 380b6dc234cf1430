"""A process of its own for what takes long, so that an answer never waits for the network.

The work is done in a detached process from the start: it has its own session, none of the
agent's pipes and no terminal, and a life that ends by an alarm. Its results come back
line by line over a pipe for as long as somebody listens; who has no time left stops listening,
and the work goes on and is kept.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import select
import signal
import time

from o365skype_bridge.process import deadline, signals

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Send = Callable[[bytes], None]

CHUNK = 1 << 16
LAST_DESCRIPTOR = 1 << 16
LAST_MOMENT = 2.0
"""Seconds that work has for saying how it stands when its life is over."""


_unreaped: list[int] = []
"""Processes that were still at work when nobody had time left to wait for them."""


def run(work: Callable[[Send], None], seconds: float, life: float) -> Iterator[bytes]:
    """Run ``work`` detached; give the lines it sends until it ends or ``seconds`` are over.

    SIGTERM ends the waiting too.

    ``work`` gets a function that sends one line without a line end. ``life`` is the seconds
    after which `PendingError` is raised in it, as at SIGTERM; who does not heed that is ended.
    Raises `OSError` when no process can be made.
    """
    end = time.monotonic() + seconds
    reader, writer = os.pipe()
    try:
        with signals.awaited() as hurried:
            try:
                _reap(block=False)
                _unreaped.append(_spawn(work, reader, writer, life))
            finally:
                os.close(writer)
            yield from _lines(reader, hurried, end)
    finally:
        os.close(reader)


def _lines(reader: int, hurried: int, end: float) -> Iterator[bytes]:
    rest = b""
    while ready := select.select([reader, hurried], [], [], max(end - time.monotonic(), 0.0))[0]:
        if reader not in ready:
            return
        chunk = os.read(reader, CHUNK)
        if not chunk:
            _reap(block=True)  # the pipe ends with the process; leave no zombie to the agent
            return
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def _reap(*, block: bool) -> None:
    """Let processes that have ended go; with ``block`` wait for the last one."""
    last = _unreaped[-1:] if block else []
    for pid in list(_unreaped):
        try:
            if os.waitpid(pid, 0 if pid in last else os.WNOHANG) == (0, 0):
                continue
        except ChildProcessError:
            pass  # who started us ignores its children, and so the kernel lets them go
        _unreaped.remove(pid)


def _spawn(work: Callable[[Send], None], reader: int, writer: int, life: float) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.close(reader)
        become_detached([writer])
        os.chdir("/")
        # Beyond that nothing helps but an end that asks nobody: a regular expression heeds nothing.
        faulthandler.dump_traceback_later(life + LAST_MOMENT, exit=True, file=2)
        with deadline.after(life):
            work(lambda line: send(writer, line))
    except BaseException:  # noqa: BLE001, S110 nobody is there to be told
        pass
    finally:
        os._exit(0)


def become_detached(kept: list[int]) -> None:
    """Leave session, terminal and pipes of whoever started us; ``kept`` stays open."""
    os.setsid()
    gc.freeze()
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    first = 3
    for descriptor in (*sorted(kept), LAST_DESCRIPTOR):
        os.closerange(first, descriptor)
        first = descriptor + 1


def send(writer: int, line: bytes) -> None:
    """Send a line, if anybody listens."""
    rest = memoryview(line + b"\n")
    try:
        while rest:
            rest = rest[os.write(writer, rest) :]
    except OSError:
        pass  # nobody listens any more; what matters is kept in the state
