"""The process that asks Graph for a process that stays: made when needed, kept, and replaced.

It holds tokens, connections and the call budget; the agent's pipes and the answers are not its
business, so that whatever hangs in it holds nobody up. It ends with us: it reads from a pipe
that closes when we end, however we end.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import TYPE_CHECKING

from o365skype_bridge.engine import messages
from o365skype_bridge.engine.messages import Done
from o365skype_bridge.process import detach

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from o365skype_bridge.engine.messages import Found, Request, Trying
    from o365skype_bridge.model.declare import Report

CHUNK = 1 << 16
PATIENCE = 0.3
"""Seconds in which a worker that is told to end does so by itself."""


class Worker:
    """Our side of it: what it was asked for, and what it says."""

    def __init__(self, serve: Callable[[int, Callable[[bytes], None]], None]) -> None:
        """Take what it does: answer requests from a descriptor by sending lines."""
        self._serve = serve
        self._busy: dict[str, tuple[float, list[str]]] = {}
        self._pid = 0
        self.reader: int | None = None
        self._writer: int | None = None
        self._rest = bytearray()

    def is_busy(self, tenant: str) -> bool:
        """Whether it is at work for this tenant."""
        return tenant in self._busy

    @property
    def overdue_in(self) -> float | None:
        """Seconds after which work has taken longer than it may; None when there is none."""
        ends = [end for end, _ in self._busy.values()]
        return max(min(ends) - time.monotonic(), 0.0) if ends else None

    def ask(self, request: Request, overdue: float) -> None:
        """Ask for one tenant's reports; after ``overdue`` seconds there is no hope any more.

        Raises `OSError` when there can be no process, or it does not listen.
        """
        if self.reader is None:
            self._start()
        self._busy[request.tenant] = time.monotonic() + overdue, list(request.seen)
        line = messages.encode(request) + b"\n"
        if os.write(self._writer or 0, line) < len(line):
            raise BlockingIOError("the worker does not listen")

    def heard(self, reports: Mapping[str, Report]) -> list[Trying | Found]:
        """Give what it says of its reports, as far as that can be read without waiting much.

        Raises `EOFError` at its end, and `LineError` for what it cannot have said.
        """
        chunk = os.read(self.reader or 0, CHUNK) if self.reader else b""
        if not chunk:
            raise EOFError("the worker ended")
        *lines, rest = chunk.split(b"\n")
        if not lines:
            self._rest += rest
            return []
        lines[0] = bytes(self._rest + lines[0])
        self._rest = bytearray(rest)
        found = [messages.of_worker(line, reports) for line in lines]
        for message in found:
            if isinstance(message, Done):
                self._busy.pop(message.tenant, None)
        return [message for message in found if not isinstance(message, Done)]

    def end(self) -> list[tuple[str, str]]:
        """End it, and give the tenants and reports that it was still at work for."""
        lost = [(name, report) for name, (_, reports) in self._busy.items() for report in reports]
        self._busy = {}
        if self.reader is None or self._writer is None:
            return lost
        os.close(self._writer)
        os.close(self.reader)
        self.reader = self._writer = None
        self._rest.clear()
        end = time.monotonic() + PATIENCE
        while not self._is_reaped():
            if time.monotonic() > end:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)
            time.sleep(0.005)
        return lost

    def _is_reaped(self) -> bool:
        try:
            return os.waitpid(self._pid, os.WNOHANG) != (0, 0)
        except ChildProcessError:
            return True

    def _start(self) -> None:
        requests, writer = os.pipe()
        try:
            reader, answers = os.pipe()
        except OSError:
            os.close(requests)
            os.close(writer)
            raise
        try:
            self._pid = os.fork()
        except OSError:
            for descriptor in (requests, writer, reader, answers):
                os.close(descriptor)
            raise
        if not self._pid:
            self._work(requests, answers)
        os.close(requests)
        os.close(answers)
        os.set_blocking(writer, False)
        self.reader, self._writer = reader, writer

    def _work(self, requests: int, answers: int) -> None:
        try:
            detach.become_detached([requests, answers])
            self._serve(requests, lambda line: detach.send(answers, line))
        except BaseException:  # noqa: BLE001, S110 nobody is there to be told
            pass
        finally:
            os._exit(0)
