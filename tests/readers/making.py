"""Collections for tests of outputs, made without a file or a clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from catalogue import DEVICES_USAGE, USERS_ACTIVITY

from o365skype_bridge import outputs
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection, ReportResult, Sample
from o365skype_bridge.outputs.base import Rendered

DAY = date(2026, 6, 28)
NOW = 1782799200.0
"""2026-06-30 at 06:00 UTC, 30 hours after the end of the day."""

METRICS = {
    metric.dotted: metric for report in (DEVICES_USAGE, USERS_ACTIVITY) for metric in report.metrics
}

WORDS = {
    words.metric: words
    for report in (DEVICES_USAGE, USERS_ACTIVITY)
    for words in report.words.words
}
"""What the plugin's output calls them."""

DEVICES = {
    "skype.devices.active.count": 4,
    "skype.devices.windows.count": 2,
    "skype.devices.ipad.count": 0,
    "skype.devices.iphone.count": 1,
    "skype.devices.android.count": 1,
    "skype.devices.windowsphone.count": 0,
}
ACTIVITY = {
    "skype.users.active.count": 3,
    "skype.users.sessions.p2p.total.count": 15,
    "skype.users.conferences.organized.total.count": 3,
    "skype.users.conferences.participated.total.count": 6,
}
PER_USER = (
    "skype.users.sessions.p2p.count",
    "skype.users.conferences.organized.count",
    "skype.users.conferences.participated.count",
)
Figures = tuple[int, int, int]


def totals(figures: Mapping[str, int], most: int | None, day: date = DAY) -> tuple[Sample, ...]:
    """Make the samples of a report's totals; ``most`` is the maximum of its limited metric."""
    return tuple(
        Sample(
            metric=METRICS[name],
            value=value,
            day=day,
            max=most if METRICS[name].limited else None,
        )
        for name, value in figures.items()
    )


def singles(users: Mapping[str, Figures], day: date = DAY) -> tuple[Sample, ...]:
    """Make the samples of single users."""
    return tuple(
        Sample(metric=METRICS[name], value=value, day=day, user=user)
        for user, figures in users.items()
        for name, value in zip(PER_USER, figures, strict=True)
    )


def result(report: Report, samples: tuple[Sample, ...] = (), **changes: Any) -> ReportResult:
    """Make a good result."""
    values: dict[str, Any] = {
        "report": report,
        "tenant": "contoso",
        "outcome": Outcome(kind="ok"),
        "samples": samples,
        "refresh_date": DAY,
        "collected_at": NOW - 60,
        "confirmed_at": NOW - 60,
        "fetch_seconds": 0.25,
        "calls": 2,
    }
    return ReportResult(**{**values, **changes})


def devices(**changes: Any) -> ReportResult:
    """Make a good result of the devices report."""
    return result(DEVICES_USAGE, totals(DEVICES, 7), **changes)


def activity(users: Mapping[str, Figures] | None = None, **changes: Any) -> ReportResult:
    """Make a good result of the activity report, with single users if there are any."""
    return result(USERS_ACTIVITY, (*totals(ACTIVITY, 5), *singles(users or {})), **changes)


def failed(report: Report, kind: str, **changes: Any) -> ReportResult:
    """Make the result of a report that gave nothing."""
    outcome = Outcome(kind=kind, message="what happened", remedy="What to do.")
    times = {"collected_at": None, "confirmed_at": None}
    values = {"outcome": outcome, "refresh_date": None, **times, "calls": 1}
    return result(report, **{**values, **changes})


def collection(*results: ReportResult, now: float = NOW) -> Collection:
    """Make a collection."""
    return Collection(results=results, now=now)


def render(
    output: str, *results: ReportResult, warnings: tuple[str, ...] = (), **options: Any
) -> Rendered:
    """Print results with one output."""
    return outputs.load(output).render(collection(*results), options, warnings)
