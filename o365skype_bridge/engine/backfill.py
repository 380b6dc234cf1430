"""The days before the newest one: asked for once, kept, and given in the order of time."""

from __future__ import annotations

import contextlib
import math
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from o365skype_bridge.engine import derive, retirement
from o365skype_bridge.engine.answer import views_of
from o365skype_bridge.engine.assemble import EMPTY, failed, latest
from o365skype_bridge.engine.fleet import side_by_side
from o365skype_bridge.engine.history import Left, Past
from o365skype_bridge.engine.recount import PLAIN, viewed
from o365skype_bridge.engine.refresh import Limits, Refresher
from o365skype_bridge.errors import BridgeError, MalformedError, NoSuchDayError, PendingError
from o365skype_bridge.model import asked
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.shape import DAY
from o365skype_bridge.model.values import ReportResult
from o365skype_bridge.process import deadline
from o365skype_bridge.reading.count import count
from o365skype_bridge.settings.marks import settings_mark
from o365skype_bridge.state import locks
from o365skype_bridge.state.past import PastDays
from o365skype_bridge.state.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from o365skype_bridge.engine.answer import Ask
    from o365skype_bridge.model.asked import Asked
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import Sample
    from o365skype_bridge.reading.count import Counted, View
    from o365skype_bridge.settings.values import Settings, Tenant

OLDEST = 28
"""Days for which Graph has reports of single days."""

RESERVE = 2
"""Calls of the budget that are left to the agents' own refresh."""

INTERRUPTED = Outcome(kind="pending", message="the command was interrupted")

OVER = Outcome(
    kind="pending",
    message="the deadline is over",
    remedy="Run the same command again, with a longer --deadline or none.",
)

LIFE = 120.0
PATIENCE = 30.0
"""Seconds that reading one day may take, and in which what fails is tried again."""


def collections(
    settings: Settings,
    ask: Ask,
    days: int,
    clock: Callable[[], float] = time.time,
    seconds: float = math.inf,
    notice: Callable[[str, int], None] = lambda _what, _left: None,
) -> Past:
    """Read so many days before the newest one, as far as Graph has them and the budget goes.

    Nothing is asked for any more when ``seconds`` are over. ``notice`` is told what is read next,
    and how many days of all tenants and reports are left.
    What was read before, for the same selection of users, is not asked for again. Raises
    `UsageError` for a filter that cannot be used; everything else is in what is returned, also
    what is left at a `KeyboardInterrupt`.
    """
    past = Past(settings, ask, clock)
    work = _Work(settings, ask, days, past, clock, time.monotonic() + seconds, notice)
    try:
        if ask.filter_user:  # a regular expression's time can be limited in the main thread only
            for tenant in settings.tenants:
                work.tenant(tenant)
        else:
            side_by_side(work.tenant, settings.tenants)
    except KeyboardInterrupt:
        past.is_interrupted = True
        work.leave_all()
    past.left = [_explained(left, settings, ask, clock()) for left in past.left]
    return past


def _explained(left: Left, settings: Settings, ask: Ask, now: float) -> Left:
    """Say of a report that is gone what that means."""
    [tenant] = [tenant for tenant in settings.tenants if tenant.name == left.tenant]
    store, mark = Store(settings.state_dir, tenant), settings_mark(tenant)
    said = retirement.explained(left.outcome, left.report, store, mark, ask.neighbours(), now)
    return left.replace(outcome=said)


class _Work:
    def __init__(  # noqa: PLR0913, PLR0917 each says what it is by name
        self,
        settings: Settings,
        ask: Ask,
        days: int,
        past: Past,
        clock: Callable[[], float],
        end: float,
        notice: Callable[[str, int], None],
    ) -> None:
        self._notice = notice
        self._settings = settings
        self._ask = ask
        self._reports = derive.sources_of(ask.reports)
        self._days = days
        self._past = past
        self._clock = clock
        self._end = end
        self._months: dict[tuple[str, str], Counted | BridgeError] = {}
        self._views = views_of(settings, ask, now=True)
        self._unread = {
            (tenant, report): list[date]()
            for tenant in settings.tenants
            for report in self._reports
        }
        self._coming = dict.fromkeys(self._unread, days)

    def leave_all(self) -> None:
        """Note that everything that is not read yet is left."""
        for (tenant, report), days in tuple(self._unread.items()):
            self._leave(tenant, report, tuple(days), INTERRUPTED)

    def tenant(self, tenant: Tenant) -> None:
        """Read one tenant's days."""
        refresher = Refresher(
            self._settings, tenant, self._limits, clock=self._clock, reserve=RESERVE
        )
        with contextlib.closing(refresher):
            refresher.store.prepare()
            for report in self._reports:
                self._tell(tenant, report, self._days)
                self._report(refresher, tenant, report)
                del self._unread[tenant, report]
                self._tell(tenant, report, 0)
        self._past.problems += refresher.store.taken_problems()

    def _tell(self, tenant: Tenant, report: Report, left: int) -> None:
        """Say what is being read, and how many of its days are left."""
        self._coming[tenant, report] = left
        self._notice(f"{tenant.name} {report.name}", sum(tuple(self._coming.values())))

    @property
    def _limits(self) -> Limits:
        left = self._left
        return Limits(life=min(LIFE, left), patience=min(PATIENCE, left), seen={})

    @property
    def _left(self) -> float:
        return max(self._end - time.monotonic(), 0.0)

    def _report(self, refresher: Refresher, tenant: Tenant, report: Report) -> None:
        if not self._left:
            self._leave(tenant, report, (), OVER)
            return
        if not report.shape.asks_day and report.shape.kind != DAY:
            said = f"{tenant.name} {report.name}: Graph has the newest figures of it only"
            self._past.problems.append(said)
            return
        newest = self._newest(refresher, report)
        if not newest.outcome.has_data or newest.refresh_date is None:
            if newest.outcome.kind == "empty":
                self._past.problems.append(f"{tenant.name} {report.name}: {newest.outcome.text}")
            else:
                self._leave(tenant, report, (), newest.outcome)
            return
        today = datetime.fromtimestamp(self._clock(), UTC).date()
        first = max(newest.refresh_date - timedelta(days=self._days), today - timedelta(OLDEST))
        wanted = [first + timedelta(n) for n in range((newest.refresh_date - first).days)]
        groups = self._view(tenant.name).groups
        asks = f"{self._ask.filter_user}\n{self._ask.per_user}" if report.is_by_user else ""
        asks = f"{asks}\n{groups.mark}" if groups and report.is_by_user else asks
        kept = PastDays(refresher.store, report, asks)
        kept.sweep(today)
        try:
            with locks.hold(
                refresher.store.path(f"{report.name}.past.lock"), self._limits.patience
            ):
                self._read(refresher, newest, kept, wanted)
        except BridgeError as error:
            self._leave(tenant, report, tuple(wanted), failed(error))

    def _newest(self, refresher: Refresher, report: Report) -> ReportResult:
        """Give the newest result: the kept one if it is fresh, or what asking gives."""
        now = self._clock()
        held = refresher.store.load(report, now)
        mark = settings_mark(refresher.store.tenant)
        view = self._view(refresher.store.tenant.name)
        if held.is_fresh(now, self._settings.interval(report), mark):
            with contextlib.suppress(MalformedError), self._limited():
                return viewed(refresher.store, held, report, view)
        refresher.limit(self._limits)
        with self._limited():
            result = refresher.refresh(report, view)
        if not result.outcome.has_data and held.result and held.result.outcome.has_data:
            return held.result
        return result

    def _read(
        self, refresher: Refresher, newest: ReportResult, kept: PastDays, wanted: list[date]
    ) -> None:
        """Read what is neither kept nor known, until something is in the way."""
        report, missing, obstacle = newest.report, list[date](), None
        for place, day in enumerate(wanted):
            self._unread[refresher.store.tenant, report] = wanted[place:]
            self._tell(refresher.store.tenant, report, len(wanted) - place)
            result = self._again(newest, kept, day)
            if result is None and (obstacle is None or isinstance(obstacle, MalformedError)):
                try:
                    result = self._asked(refresher, newest, day)
                    kept.save(day, result)
                except BridgeError as error:
                    obstacle = error
            if result is None:
                missing.append(day)
                continue
            self._past.add(result, day, partial(self._again, newest, kept, day))
        if obstacle is not None:
            tenant = refresher.store.tenant
            self._leave(tenant, report, tuple(missing), failed(obstacle), obstacle.retry_after)

    def _again(self, newest: ReportResult, kept: PastDays, day: date) -> ReportResult | None:
        """Give a day that need not be asked for."""
        return self._known(newest, day) or kept.load(day)

    def _known(self, newest: ReportResult, day: date) -> ReportResult | None:
        """Give what was kept of a day when it was the newest; its maximum is known, too."""
        mine = tuple(sample for sample in newest.samples if sample.day == day)
        if not mine or (newest.report.is_by_user and self._view(newest.tenant) != PLAIN):
            return None
        return _result(newest, day, Outcome(kind="ok"), mine)

    def _asked(self, refresher: Refresher, newest: ReportResult, day: date) -> ReportResult:
        """Ask Graph for a day. The maximum of its period is not to be had any more."""
        if not self._left:
            raise PendingError(OVER.message, OVER.remedy)
        refresher.limit(self._limits)
        report = newest.report
        last = latest(report, self._clock())
        if report.shape.kind == DAY:
            found = self._month(refresher, report, last).samples(day, {})
            return _result(newest, day, Outcome(kind="ok") if found else EMPTY, found)
        question = asked.past_day(day, newest.refresh_date or day, last)
        try:
            [counted] = refresher.connected().read(
                report, question, lambda body: self._counted(body, report, question, newest.tenant)
            )
        except NoSuchDayError as error:
            return _result(newest, day, failed(error).replace(kind="gone"))
        if not counted.rows:
            return _result(newest, day, EMPTY)
        found = counted.samples(day, {})
        if not counted.tells_groups:
            found = tuple(sample for sample in found if not sample.group)
        return _result(newest, day, Outcome(kind="ok"), found, concealed=counted.concealed)

    def _month(self, refresher: Refresher, report: Report, last: date) -> Counted:
        """Ask once for all days of a report with a row a day, however it goes."""
        key = refresher.store.tenant.name, report.name
        if key not in self._months:
            question = asked.month(last)
            try:
                [self._months[key]] = refresher.connected().read(
                    report, question, lambda body: self._counted(body, report, question, key[0])
                )
            except BridgeError as error:
                self._months[key] = error
        known = self._months[key]
        if isinstance(known, BridgeError):
            raise known
        return known

    def _counted(
        self, body: Iterable[bytes], report: Report, question: Asked, tenant: str
    ) -> list[Counted]:
        with self._limited():
            return count(body, report, question, [self._view(tenant)])

    def _view(self, tenant: str) -> View:
        return self._views.get(tenant, PLAIN)

    def _limited(self) -> contextlib.AbstractContextManager[None]:
        """Limit the time of a regular expression, if there is one."""
        return (
            deadline.after(self._limits.life) if self._ask.filter_user else contextlib.nullcontext()
        )

    def _leave(
        self,
        tenant: Tenant,
        report: Report,
        days: tuple[date, ...],
        outcome: Outcome,
        retry_after: float | None = None,
    ) -> None:
        self._past.left.append(
            Left(
                tenant=tenant.name,
                report=report,
                days=days,
                outcome=outcome,
                retry_after=retry_after,
            )
        )


def _result(
    newest: ReportResult,
    day: date,
    outcome: Outcome,
    found: tuple[Sample, ...] = (),
    *,
    concealed: bool = False,
) -> ReportResult:
    return ReportResult(
        report=newest.report,
        tenant=newest.tenant,
        outcome=outcome,
        samples=found,
        refresh_date=day,
        concealed=concealed,
    )
