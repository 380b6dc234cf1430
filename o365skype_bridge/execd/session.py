"""What a process that stays remembers from one answer to the next, and each of its answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from o365skype_bridge.engine import derive
from o365skype_bridge.engine.answer import BACKGROUND_LIFE, PATIENCE, Answer, Run
from o365skype_bridge.engine.messages import Found, LineError, Request
from o365skype_bridge.engine.refresh import TOO_LATE, another_failure
from o365skype_bridge.errors import MalformedError
from o365skype_bridge.execd.memory import Memory
from o365skype_bridge.execd.worker import Worker
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.settings.marks import settings_mark
from o365skype_bridge.state import account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from o365skype_bridge.engine.answer import Ask, Key
    from o365skype_bridge.engine.messages import Refreshed, Trying
    from o365skype_bridge.engine.views import Views
    from o365skype_bridge.execd.streams import Inlet
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.reading.count import View
    from o365skype_bridge.settings.values import Settings, Tenant
    from o365skype_bridge.state.held import Held, Stamp
    from o365skype_bridge.state.store import Store

LOST = Outcome(
    kind="unreachable",
    message="the process that asks Graph had to be ended",
    remedy="Nothing to do; it is tried again with another one.",
)

MARGIN = 2.0
"""Seconds by which work in the background may be late before it is given up."""

ANY_OTHER = (-1.0, -1.0)
"""The stamp of nothing: whatever another process has kept is taken over."""


class Session:
    """Results in memory, and the worker that refreshes them, under one set of settings."""

    def __init__(self, inlet: Inlet, ask: Ask) -> None:
        """Remember nothing; `use` must come before the first answer."""
        self.inlet = inlet
        self.ask = ask
        self.memory = Memory()
        self.reports: dict[str, Report] = {}
        self.worker = Worker(self._serve)
        self.views: Views = {}
        self._trying: dict[Key, Outcome] = {}

    def use(self, settings: Settings, reports: tuple[Report, ...], views: Views) -> None:
        """Go on under other settings, with what is remembered of tenants that are the same.

        ``views`` are those of tenants whose results are not shown as they are kept.
        """
        self.worker.end()
        self.ask = self.ask.replace(reports=reports)
        self.reports = {report.name: report for report in derive.sources_of(reports)}
        account.become_owner(settings, for_good=False)
        self.settings = settings
        self.memory.use(settings)
        self.views = views

    def answer(self, began: float, clock: Callable[[], float] = time.time) -> Answer:
        """Answer what is asked, by the deadline or by the last moment."""
        self.drop_overdue()
        return _Answer(self, began, clock).answer()

    def hear(self) -> list[Trying | Refreshed]:
        """Take in what the worker has to say, and give what of it is for an answer."""
        try:
            heard = self.worker.heard(self.reports)
        except (EOFError, LineError):
            self.lose()
            return []
        for message in heard:
            if isinstance(message, Found):
                self._remember(message)
            else:
                self._trying[message.key] = message.outcome
        return [each.refreshed if isinstance(each, Found) else each for each in heard]

    def drop_overdue(self) -> None:
        """End a worker that hangs beyond all limits."""
        if self.worker.overdue_in == 0:
            self.lose(TOO_LATE)

    def lose(self, cause: Outcome = LOST) -> list[Key]:
        """Do without the worker, until it is time for another try; ``cause`` is why."""
        lost = self.worker.end()
        tenants = {tenant.name: tenant for tenant in self.settings.tenants}
        for name, report_name in lost:
            report, kept, now = self.reports[report_name], self.memory.store(name), time.time()
            held = kept.load(report, now)
            known = self._trying.pop((name, report_name), cause)
            failure = another_failure(held, settings_mark(tenants[name]), known, now)
            kept.take(report, held.replace(failure=failure), now)
        return lost

    def _remember(self, found: Found) -> None:
        """Keep what a refresh found out, whoever waits for it."""
        result, kept = found.refreshed.result, self.memory.store(found.refreshed.result.tenant)
        self._trying.pop(found.refreshed.key, None)
        kept.take(result.report, found.held, time.time())
        if result.tenant in self.views and (found.shown is not None or result.outcome.is_up):
            kept.take_view(result.report, found.held, found.shown or result)

    def _serve(self, requests: int, send: Callable[[bytes], None]) -> None:
        account.settle()
        from o365skype_bridge.execd.refreshing import Server  # noqa: PLC0415 imports the network

        Server(self.settings, self.memory, self.reports, self.views, send).serve(requests)


class _Answer(Run):
    """One answer from memory, by the worker where something is due."""

    def __init__(self, session: Session, began: float, clock: Callable[[], float]) -> None:
        self._session = session
        super().__init__(session.settings, session.ask, began, clock)

    def store(self, tenant: Tenant) -> Store:
        return self._session.memory.store(tenant.name)

    def views(self) -> Views:
        return self._session.views

    def counted(self, store: Store, held: Held, report: Report, _view: View) -> ReportResult:
        result = self._session.memory.store(store.tenant.name).view(report, held)
        if result is None:
            raise MalformedError("the worker has not counted this yet")
        return result

    def asked(self, due: dict[str, list[Report]]) -> Iterator[Trying | Refreshed]:
        """Have the worker ask, and give what it says until it has done all or the time is over."""
        session, unasked = self._session, dict(due)
        while unasked or any(map(session.worker.is_busy, due)):
            for name in [name for name in unasked if not session.worker.is_busy(name)]:
                self._ask_for(name, unasked.pop(name))
            left = session.inlet.left(self.left)
            if not left:
                break
            if session.inlet.wait(session.worker.reader, left):
                yield from session.hear()
        for name, reports in due.items():
            for report in reports:
                self.held[name, report.name] = session.memory.store(name).load(report, self.clock())

    def _ask_for(self, name: str, reports: list[Report]) -> None:
        """Have the worker refresh what it has not refreshed while we waited for it."""
        reports = [report for report in reports if (name, report.name) not in self.results]
        if not reports:
            return
        left, settings = self.left, self._session.settings
        life = max(settings.deadline, BACKGROUND_LIFE) if settings.background else left
        request = Request(
            tenant=name,
            life=life,
            patience=left * PATIENCE,
            seen={report.name: self._stamp(name, report) for report in reports},
        )
        margin = MARGIN if settings.background else 0.0
        self._session.worker.ask(request, life + margin)

    def _stamp(self, name: str, report: Report) -> Stamp:
        """Give what was held; where it was fresh only the view of it is missing."""
        held = self.held[name, report.name]
        return ANY_OTHER if self.is_fresh(name, report, held) else held.stamp

    def heard(self, message: Trying | Refreshed) -> Sequence[str]:
        tenant, report = message.key
        kept = self._session.memory.store(tenant)
        self.held[message.key] = kept.load(self._session.reports[report], self.clock())
        return super().heard(message)
