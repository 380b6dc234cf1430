"""Refresh many tenants, several at once; none waits for, or is hidden by, another."""

from __future__ import annotations

import contextlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from o365skype_bridge.model import Outcome, ReportResult
from o365skype_bridge.refresh import Limits, Refresher
from o365skype_bridge.state import codec
from o365skype_bridge.views import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from o365skype_bridge.graph.count import View
    from o365skype_bridge.model import Report
    from o365skype_bridge.settings import Settings, Tenant

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

    A line holds either the ``result``, or what is being tried again (``trying``).
    """
    lock = threading.Lock()

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
                result = safely(refresher, report, view or PLAIN, tenant)
                problems = refresher.store.taken_problems()
                say(tenant, report, result=codec.encode(result), problems=problems)

    with ThreadPoolExecutor(TENANTS_AT_ONCE) as pool:
        list(pool.map(tenant_done, settings.tenants))


def safely(refresher: Refresher, report: Report, view: View, tenant: Tenant) -> ReportResult:
    """Refresh one report; an exception that nobody foresaw is an outcome too."""
    try:
        return refresher.refresh(report, view)
    except Exception as error:  # noqa: BLE001 one tenant's surprise must not hide the others
        outcome = Outcome(
            kind="malformed", message=f"unexpected {type(error).__name__}", remedy=DEFECT
        )
        return ReportResult(report=report, tenant=tenant.name, outcome=outcome)
