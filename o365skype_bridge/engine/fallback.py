"""What is said when Graph was not asked: the kept result, marked, or why there is none."""

from __future__ import annotations

from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import ReportResult

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.state.held import Held


def served(
    held: Held, report: Report, tenant: str, cause: Outcome, *, now: float, max_age: float
) -> ReportResult:
    """Give the kept result as ``stale`` because of ``cause``, or the cause alone.

    A result is not served any more once its data are older than ``max_age`` seconds.
    """
    result = held.result
    if result is None:
        return ReportResult(report=report, tenant=tenant, outcome=cause)
    age = result.age_seconds(now)
    if not result.outcome.has_data or age is None or age > max_age:
        return result.replace(outcome=cause, samples=(), calls=0)
    stale = Outcome(
        kind="stale",
        message=cause.message,
        remedy=cause.remedy,
        support=cause.support,
        cause=cause.kind,
    )
    return result.replace(outcome=stale, calls=0)
