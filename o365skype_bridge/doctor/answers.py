"""What Graph answers about each report when it is asked now, and what follows from it."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from o365skype_bridge.doctor.findings import FAILED, OK, SKIPPED, WARNING, Finding
from o365skype_bridge.engine import derive, fleet
from o365skype_bridge.engine.messages import Refreshed, Trying
from o365skype_bridge.engine.refresh import Limits
from o365skype_bridge.errors import PendingError
from o365skype_bridge.process import deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.settings.values import Settings

LIFE = 60.0
"""Seconds that all reports of a tenant may take."""

OLD = 7 * 86400
"""Seconds after which a report's newest day is older than Microsoft ever lets it be for long."""

SOON, VERY_SOON = 30, 7
"""Days before a credential's end at which it is said, and at which it is urgent."""

RENEW = "Create the next one in Entra (App registrations, Certificates & secrets) now."


def asked(
    settings: Settings, reports: Sequence[Report], notice: Callable[[str], None]
) -> list[ReportResult]:
    """Ask Graph now for all reports of the settings' only tenant.

    ``notice`` is told of every report that was answered.
    """
    every = derive.sources_of(tuple(reports))
    results: list[ReportResult] = []

    def hear(message: Trying | Refreshed) -> None:
        if isinstance(message, Refreshed):
            results.append(message.result)
            notice(f"report {message.result.report.name}")

    limits = Limits(life=LIFE, patience=LIFE, seen={})
    with contextlib.suppress(PendingError), deadline.after(LIFE):
        fleet.refresh(settings, {settings.tenants[0].name: list(every)}, {}, limits, hear)
    return results


def findings(results: Sequence[ReportResult]) -> Iterator[Finding]:
    """Say of each report how it went and how old its figures are, and whether names show."""
    now = time.time()
    for result in results:
        yield _report(result, now)
    if not results:
        return
    concealed = [result.report.name for result in results if result.concealed]
    tenant = results[0].tenant
    if concealed:
        yield Finding(
            "names",
            WARNING,
            f"the tenant conceals the names of users: {', '.join(concealed)}",
            "If you need them: Microsoft 365 admin centre, Settings, Org settings, Reports. Totals "
            "are right as they are.",
            tenant,
        )
    elif any(result.outcome.kind == "ok" and result.report.is_by_user for result in results):
        yield Finding("names", OK, "names of users are shown", tenant=tenant)


def _report(result: ReportResult, now: float) -> Finding:
    outcome, tenant = result.outcome, result.tenant
    check, age = f"report {result.report.name}", result.age_seconds(now)
    if not outcome.is_up:
        return Finding(check, FAILED, f"{outcome.kind}: {outcome.message}", outcome.remedy, tenant)
    days = "" if result.refresh_date is None else f", newest day {result.refresh_date}"
    text = f"{outcome.kind}{days}, {len(result.samples)} figures"
    if age is not None and age > OLD:
        remedy = "Microsoft is late with it: see the service health of Microsoft 365 suite."
        return Finding(check, WARNING, text, remedy, tenant)
    return Finding(check, OK, text, tenant=tenant)


def credential(
    settings: Settings,
    roles: frozenset[str],
    expiry: Report,
    results: Sequence[ReportResult],
    notice: Callable[[str], None],
) -> Finding:
    """Say how many days the credential has left, if anybody knows."""
    [tenant] = settings.tenants
    name, what = "credential's end", tenant.credential.what
    known = bool(tenant.secret_expires or tenant.credential.ends())
    if not known and expiry.permission not in roles:
        return Finding(
            name,
            SKIPPED,
            f"not known: {expiry.permission} is not granted, and secret_expires is not set",
            tenant=tenant.name,
        )
    held = [result for result in results if result.report.name == expiry.name]
    [result] = held or asked(settings, (expiry,), notice)
    left = [
        sample.value
        for sample in result.samples
        if sample.metric.dotted == "credentials.left" and not isinstance(sample.value, str)
    ]
    if not left:
        return Finding(name, SKIPPED, f"the {what} has none", tenant=tenant.name)
    days = max(left)
    state = FAILED if days <= 0 else WARNING if days < SOON else OK
    urgent = " That is urgent." if 0 < days < VERY_SOON else ""
    return Finding(name, state, f"the {what} has {days} days left", f"{RENEW}{urgent}", tenant.name)
