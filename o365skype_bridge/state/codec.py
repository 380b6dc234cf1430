"""Results as JSON-able values and back; the same for the state and between processes."""

from __future__ import annotations

from datetime import date

from o365skype_bridge.model import Outcome, ReportResult, Sample

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from typing import Any

    from o365skype_bridge.model import Report

PLAIN = ("collected_at", "confirmed_at", "fetch_seconds", "calls", "concealed")
OUTCOME = ("kind", "message", "remedy", "support", "cause", "refusal")


def encode_outcome(outcome: Outcome) -> dict[str, str]:
    """Give an outcome's texts by name, those that are not blank."""
    return {name: getattr(outcome, name) for name in OUTCOME if getattr(outcome, name)}


def encode(result: ReportResult) -> dict[str, Any]:
    """Give a result as what `json` can write; report and tenant are not in it."""
    return {
        "outcome": encode_outcome(result.outcome),
        "refresh_date": result.refresh_date and result.refresh_date.isoformat(),
        "notes": list(result.notes),
        "samples": [
            [sample.metric.dotted, sample.value, sample.day.isoformat(), sample.max, sample.user]
            for sample in result.samples
        ],
        "reading": result.reading,
        **{name: getattr(result, name) for name in PLAIN},
    }


def decode(content: dict[str, Any], report: Report, tenant: str) -> ReportResult:
    """Give back what `encode` took. Raises `KeyError`, `TypeError` or `ValueError`."""
    metrics = {metric.dotted: metric for metric in report.metrics}
    days = {text: date.fromisoformat(text) for _, _, text, _, _ in content["samples"]}
    refresh_date = content["refresh_date"]
    return ReportResult(
        report=report,
        tenant=tenant,
        outcome=Outcome(**content["outcome"]),
        refresh_date=date.fromisoformat(refresh_date) if refresh_date else None,
        notes=tuple(content["notes"]),
        samples=tuple(
            Sample(metric=metrics[name], value=value, day=days[day], max=max_, user=user)
            for name, value, day, max_, user in content["samples"]
        ),
        reading=content.get("reading", ""),
        **{name: content[name] for name in PLAIN},
    )
