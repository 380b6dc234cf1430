"""Refresh many tenants, several at once; none waits for, or is hidden by, another."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from o365skype_bridge.engine.messages import Refreshed, Trying
from o365skype_bridge.engine.recount import PLAIN
from o365skype_bridge.engine.refresh import Limits, Refresher
from o365skype_bridge.errors import PendingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.outcome import Outcome
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.reading.count import View
    from o365skype_bridge.settings.values import Settings

T = TypeVar("T")

TENANTS_AT_ONCE = 16
"""Tenants that are asked at the same time; each has one connection a host."""


def refresh(
    settings: Settings,
    due: Mapping[str, Sequence[Report]],
    views: Mapping[str, View],
    limits: Limits,
    tell: Callable[[Trying | Refreshed], None],
) -> None:
    """Refresh the reports that are due, by tenant name, and tell how each of them goes.

    Who has no view is shown everybody's totals.
    `PendingError` and `KeyboardInterrupt`, raised in the main thread, end it: what was not done
    is remembered as a failure, for whoever asks next. Only the second one comes out of here.
    """
    work = _Work(settings, due, views, limits, tell)
    try:
        side_by_side(work.tenant, work.refreshers)
    except PendingError:
        for name, report, result in work.given_up():
            work.done(name, report, result)
    except KeyboardInterrupt:
        work.given_up()
        raise


class _Work:
    """What is due, and what is left of it."""

    def __init__(
        self,
        settings: Settings,
        due: Mapping[str, Sequence[Report]],
        views: Mapping[str, View],
        limits: Limits,
        tell: Callable[[Trying | Refreshed], None],
    ) -> None:
        self._due = due
        self._views = views
        self._tell = tell
        self._lock = threading.Lock()
        self._left = [(name, report) for name, reports in due.items() for report in reports]
        self.refreshers = {
            tenant.name: Refresher(
                settings, tenant, limits, notice=partial(self._notice, tenant.name)
            )
            for tenant in settings.tenants
            if tenant.name in due
        }

    def tenant(self, name: str) -> None:
        """Refresh one tenant's reports."""
        view = self._views.get(name, PLAIN)
        with contextlib.closing(self.refreshers[name]) as refresher:
            for report in self._due[name]:
                self.done(name, report, refresher.refresh(report, view))

    def given_up(self) -> list[tuple[str, Report, ReportResult]]:
        """Remember that what is left did not come in time."""
        left = tuple(self._left)
        return [(name, report, self.refreshers[name].give_up(report)) for name, report in left]

    def done(self, name: str, report: Report, result: ReportResult) -> None:
        """Send a result, unless another one was sent: what was given up may come after all."""
        with self._lock:
            if (name, report) not in self._left:
                return
            self._left.remove((name, report))
        problems = self.refreshers[name].store.taken_problems()
        self._say(Refreshed(result=result, problems=tuple(problems)))

    def _notice(self, name: str, report: Report, outcome: Outcome) -> None:
        self._say(Trying(tenant=name, report=report, outcome=outcome))

    def _say(self, message: Trying | Refreshed) -> None:
        with self._lock:  # a long line is not written in one piece
            self._tell(message)


def side_by_side(work: Callable[[T], None], items: Iterable[T]) -> None:
    """Do the work on all items, several at once; who interrupts the wait is not kept waiting."""
    pool = ThreadPoolExecutor(TENANTS_AT_ONCE)
    try:
        for _ in pool.map(work, items):
            pass
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
