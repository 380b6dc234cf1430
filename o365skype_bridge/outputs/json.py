"""The collection as it is, as one JSON document. Nothing is left out and nothing is altered."""

from __future__ import annotations

from o365skype_bridge.model import compact
from o365skype_bridge.outputs.base import Output, Rendered
from o365skype_bridge.outputs.numbers import cut

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import UTC, datetime
    from typing import Any

    from o365skype_bridge.errors import BridgeError
    from o365skype_bridge.model.values import Collection, ReportResult
else:
    from _datetime import UTC, datetime  # what `datetime` wraps, without its twin in Python

SCHEMA = 1
"""Raised whenever a reader of the former document would be wrong about this one."""


def _instant(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(round(seconds, 3), UTC).isoformat().replace("+00:00", "Z")


def _result(result: ReportResult, now: float) -> dict[str, Any]:
    outcome = result.outcome
    return {
        "tenant": result.tenant,
        "report": result.report.name,
        "outcome": outcome.kind,
        "outcome_code": outcome.code,
        "up": int(outcome.is_up),
        "cause": outcome.cause or None,
        "cause_code": outcome.cause_code,
        "message": outcome.message or None,
        "remedy": outcome.remedy or None,
        "support": outcome.support or None,
        "refresh_date": result.refresh_date and result.refresh_date.isoformat(),
        "age_seconds": result.age_seconds(now),
        "collected_at": _instant(result.collected_at),
        "confirmed_at": _instant(result.confirmed_at),
        "confirmed_seconds": result.confirmed_seconds(now),
        "fetch_seconds": result.fetch_seconds,
        "calls": result.calls,
        "names_concealed": result.concealed if outcome.has_data else None,
        "notes": list(result.notes),
        "samples": [
            {
                "metric": sample.metric.dotted,
                "labels": dict(sample.labels),
                "value": sample.value if isinstance(sample.value, str) else cut(sample.value),
                **({} if sample.max is None else {"max": cut(sample.max)}),
                **({"users": sample.rest} if sample.rest else {}),
                "unit": sample.metric.unit.name,
                "day": sample.day.isoformat(),
            }
            for sample in result.samples
        ],
    }


def render(
    collection: Collection, _options: Mapping[str, Any], warnings: tuple[str, ...]
) -> Rendered:
    """Write the document, indented."""
    document = {
        "schema": SCHEMA,
        "now": _instant(collection.now),
        "warnings": list(warnings),
        "results": [_result(result, collection.now) for result in collection.results],
    }
    return Rendered(text=_dump(document))


def fail(error: BridgeError) -> Rendered:
    """Write a document that says what is wrong."""
    document = {"schema": SCHEMA, "error": str(error), "remedy": error.remedy}
    return Rendered(text=_dump(document), exit_code=3)


def _dump(document: dict[str, Any]) -> str:
    return f"{compact.indented(document)}\n"


OUTPUT = Output(
    name="json",
    help="The collection as it is, for people and for jq.",
    render=render,
    fail=fail,
)
