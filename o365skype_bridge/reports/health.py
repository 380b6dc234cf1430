"""Service health: the status of every service of the tenant, and its open issues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.shape import by_label
from o365skype_bridge.model.units import COUNT, WORD
from o365skype_bridge.reports.figures import items, text, value

PERMISSION = "ServiceHealth.Read.All"
FIVE_MINUTES = 300.0
"""Seconds after which the list is asked for again: whoever is on call wants to know today."""

PORTAL = "https://admin.microsoft.com/#/servicehealth"
PATH = "/admin/serviceAnnouncement/healthOverviews?$expand=issues"

STATUSES = (
    "serviceOperational",
    "investigating",
    "restoringService",
    "verifyingService",
    "serviceRestored",
    "postIncidentReviewPublished",
    "serviceDegradation",
    "serviceInterruption",
    "extendedRecovery",
    "falsePositive",
    "investigationSuspended",
    "resolved",
    "mitigatedExternal",
    "mitigated",
    "resolvedExternal",
    "confirmed",
    "reported",
    "unknownFutureValue",
)
"""Every status that Graph knows; the position is its number there and here."""

INTERRUPTED = ("@7:7",)
NOT_WELL = ("@1:3", "@6:6", "@8:8", "@10:10", "@15:17")
"""Ranges of numbers that are critical, and that are worth a warning.

The others are those of a service that works, and of issues that are over.
"""

CODES = {status.casefold(): code for code, status in enumerate(STATUSES)}
UNKNOWN = len(STATUSES) - 1


def services(item: Mapping[str, Any], _today: date) -> Iterator[Mapping[str, str]]:
    """Give the row of a service: its status as text and number, and which issues are open."""
    opened = _open(item)
    kinds = [text(issue, "classification").casefold() for issue in opened]
    status = text(item, "status")
    code = CODES.get(status.casefold(), UNKNOWN)
    yield {
        "service": text(item, "service"),
        "status": STATUSES[code] if code != UNKNOWN else status,
        "code": str(code),
        "incidents": str(kinds.count("incident")),
        "advisories": str(kinds.count("advisory")),
        "issues": "; ".join(f"{text(one, 'id')} {text(one, 'title')}" for one in opened) or "none",
    }


def issues(item: Mapping[str, Any], _today: date) -> Iterator[Mapping[str, str]]:
    """Give a row for each open issue of a service.

    It names the service that it began with: Graph may list it under others, too.
    """
    for issue in _open(item):
        yield {
            "id": text(issue, "id"),
            "title": text(issue, "title"),
            "service": text(issue, "service"),
            "classification": text(issue, "classification").casefold(),
            "started": text(issue, "startDateTime"),
            "link": f"https://admin.microsoft.com/#/servicehealth/:/alerts/{issue['id']}",
        }


def _open(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [issue for issue in items(item, "issues") if issue["isResolved"] is not True]


SERVICE, ISSUE = ("service", ""), ("issue", "")
"""Labels whose values are found in the list."""

NAMED_BY = ("service", "id")
"""What a service is chosen by: its name changes at times, its id does not."""

SERVICES = Report(
    name="health-services",
    title="Microsoft 365 service health",
    function="healthOverviews",
    permission=PERMISSION,
    namespace="health.services",
    path=PATH,
    portal=PORTAL,
    rows=services,
    named_by=NAMED_BY,
    interval=FIVE_MINUTES,
    shape=by_label("service", "service"),
    metrics=(
        value("health.services.status", WORD, "Status", "status", "Its status.", label=SERVICE),
        value(
            "health.services.code",
            COUNT,
            "Status code",
            "code",
            "Its status as a number, 0 when it is operational.",
            label=SERVICE,
        ).replace(warning=NOT_WELL, critical=INTERRUPTED),
        value(
            "health.services.incidents.count",
            COUNT,
            "Open incidents",
            "incidents",
            "Incidents that are not resolved.",
            label=SERVICE,
        ),
        value(
            "health.services.advisories.count",
            COUNT,
            "Open advisories",
            "advisories",
            "Advisories that are not resolved.",
            label=SERVICE,
        ),
        value(
            "health.services.issues",
            WORD,
            "Open issues",
            "issues",
            "Ids and titles of the issues that are not resolved.",
            label=SERVICE,
        ),
    ),
)

ISSUES = Report(
    name="health-issues",
    title="Microsoft 365 open issues",
    function="healthOverviews",
    permission=PERMISSION,
    namespace="health.issues",
    path=PATH,
    portal=PORTAL,
    rows=issues,
    named_by=NAMED_BY,
    interval=FIVE_MINUTES,
    shape=by_label("issue", "id"),
    metrics=tuple(
        value(f"health.issues.{column}", WORD, title, column, help_, label=ISSUE)
        for column, title, help_ in (
            ("title", "Issue", "What it is about."),
            ("service", "Service of the issue", "The service that has it."),
            ("classification", "Kind of issue", "An incident or an advisory."),
            ("started", "Start of the issue", "When it began."),
            ("link", "Link to the issue", "Where the admin centre tells more."),
        )
    ),
)

REPORTS = (SERVICES, ISSUES)
