"""Refresh many tenants, several at once; none waits for, or is hidden by, another."""

from __future__ import annotations

import contextlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from o365skype_bridge.errors import PendingError
from o365skype_bridge.model import Outcome, ReportResult
from o365skype_bridge.refresh import Limits, Refresher
from o365skype_bridge.state import codec
from o365skype_bridge.views import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from o365skype_bridge.graph.count import View
    from o365skype_bridge.model import Report
    from o365skype_bridge.settings import Settings, Tenant

T = TypeVar("T")

TENANTS_AT_ONCE = 16
"""Tenants that are asked at the same time; each has one connection a host."""

DEFECT = "This is a defect of o365skype-bridge: open an issue, please."


def refresh(
    settings: Settings,
    due: Mapping[str, Sequence[Report]],
    view: View | None,
    limits: Limits,
    send: Callable[[bytes], None],
) -> None:
    """Refresh the reports that are due, by tenant name, and send JSON lines about each.

    A line holds either the ``result``, or what is being tried again (``trying``). `PendingError`
    and `KeyboardInterrupt`, raised in the main thread, end it: what was not done is remembered
    as a failure, for whoever asks next.
    """
    lock = threading.Lock()
    at_work: dict[str, tuple[Refresher, Report]] = {}

    def say(tenant: Tenant, report: Report, **content: object) -> None:
        line = {"tenant": tenant.name, "report": report.name, **content}
        with lock:  # a long line is not written in one piece
            send(json.dumps(line).encode())

    def tenant_done(tenant: Tenant) -> None:
        refresher = Refresher(
            settings,
            tenant,
            limits,
            notice=lambda report, outcome: say(
                tenant, report, trying=codec.encode_outcome(outcome)
            ),
        )
        with contextlib.closing(refresher):
            for report in due.get(tenant.name, ()):
                at_work[tenant.name] = refresher, report
                result = safely(refresher, report, view or PLAIN, tenant)
                problems = refresher.store.taken_problems()
                say(tenant, report, result=codec.encode(result), problems=problems)
        at_work.pop(tenant.name, None)

    try:
        side_by_side(tenant_done, settings.tenants)
    except (PendingError, KeyboardInterrupt):
        for refresher, report in tuple(at_work.values()):
            refresher.give_up(report)
        raise


def side_by_side(work: Callable[[T], None], items: Iterable[T]) -> None:
    """Do the work on all items, several at once; who interrupts the wait is not kept waiting."""
    pool = ThreadPoolExecutor(TENANTS_AT_ONCE)
    try:
        for _ in pool.map(work, items):
            pass
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def safely(refresher: Refresher, report: Report, view: View, tenant: Tenant) -> ReportResult:
    """Refresh one report; an exception that nobody foresaw is an outcome too."""
    try:
        return refresher.refresh(report, view)
    except Exception as error:  # noqa: BLE001 one tenant's surprise must not hide the others
        outcome = Outcome(
            kind="malformed", message=f"unexpected {type(error).__name__}", remedy=DEFECT
        )
        return ReportResult(report=report, tenant=tenant.name, outcome=outcome)
