"""What the worker does: refresh reports of many tenants, each on its own token and connections."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from o365skype_bridge.engine import fleet, messages
from o365skype_bridge.engine.messages import Done, Found, Refreshed, Trying
from o365skype_bridge.engine.recount import PLAIN, viewed
from o365skype_bridge.engine.refresh import Limits, Refresher
from o365skype_bridge.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from o365skype_bridge.engine.messages import Request
    from o365skype_bridge.execd.memory import Memory
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.reading.count import View
    from o365skype_bridge.settings.values import Settings
    from o365skype_bridge.state.held import Held

CHUNK = 1 << 16
MARGIN = 5.0
"""Seconds that work may take beyond its life before the kernel ends this process."""


class Server:
    """Answers requests, several tenants' at once."""

    def __init__(
        self,
        settings: Settings,
        memory: Memory,
        reports: Mapping[str, Report],
        views: Mapping[str, View],
        send: Callable[[bytes], None],
    ) -> None:
        """Ask nothing yet."""
        self._settings = settings
        self._memory = memory
        self._reports = reports
        self._views = views
        self._send = send
        self._tenants = {tenant.name: tenant for tenant in settings.tenants}
        self._refreshers: dict[str, Refresher] = {}
        self._lock = threading.Lock()
        self._at_work = 0

    def serve(self, requests: int) -> None:
        """Answer until the pipe of requests ends; then whatever is at work ends, too."""
        with ThreadPoolExecutor(fleet.TENANTS_AT_ONCE) as pool:
            for line in _lines(requests):
                request = messages.request(line)
                with self._lock:
                    self._at_work += 1
                    signal.setitimer(signal.ITIMER_REAL, request.life + MARGIN)
                pool.submit(self._answer, request)
            os._exit(0)

    def _answer(self, request: Request) -> None:
        try:
            refresher = self._refresher(request)
            for report in request.seen:
                self._say(self._found(refresher, request.tenant, self._reports[report]))
        finally:
            self._say(Done(tenant=request.tenant))
            with self._lock:
                self._at_work -= 1
                if not self._at_work:
                    signal.setitimer(signal.ITIMER_REAL, 0)

    def _refresher(self, request: Request) -> Refresher:
        """Give the tenant's refresher, under the request's limits."""
        name = request.tenant
        limits = Limits(
            life=request.life,
            patience=request.patience,
            seen={(name, report): stamp for report, stamp in request.seen.items()},
        )
        if name in self._refreshers:
            self._refreshers[name].limit(limits)
        else:
            self._refreshers[name] = Refresher(
                self._settings,
                self._tenants[name],
                limits,
                store=self._memory.store(name),
                notice=lambda report, outcome: self._say(
                    Trying(tenant=name, report=report, outcome=outcome)
                ),
            )
        return self._refreshers[name]

    def _found(self, refresher: Refresher, name: str, report: Report) -> Found:
        result = refresher.refresh(report, self._views.get(name, PLAIN))
        shown, held = self._shown(report, name, result), self._held(report, name)
        problems = tuple(refresher.store.taken_problems())
        return Found(refreshed=Refreshed(result=result, problems=problems), held=held, shown=shown)

    def _held(self, report: Report, name: str) -> Held:
        return self._memory.store(name).load(report, time.time())

    def _shown(self, report: Report, name: str, result: ReportResult) -> ReportResult | None:
        """Give what is held as the question shows it; None when that is the result itself."""
        view = self._views.get(name, PLAIN)
        if view == PLAIN or result.outcome.is_up:
            return None
        kept = self._memory.store(name)
        with contextlib.suppress(MalformedError):
            return viewed(kept, self._held(report, name), report, view)
        return None

    def _say(self, message: Trying | Found | Done) -> None:
        line = messages.encode(message)
        with self._lock:
            self._send(line)


def _lines(descriptor: int) -> Iterator[bytes]:
    rest = b""
    while chunk := os.read(descriptor, CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
