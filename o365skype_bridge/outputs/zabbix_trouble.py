"""What the Zabbix document says of troubles: one that all reports share, or those of single ones.

A trouble that is the tenant's must not be a problem of every report, so it stands in one place.
"""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.outcome import NEED_SOMEBODY, OUTCOMES

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from o365skype_bridge.model.values import ReportResult

WELL = frozenset({"ok", "empty"})


class Trouble(Frozen):
    """A trouble: its outcome, what is said of it, and how long nothing has been confirmed."""

    kind: str = "ok"
    text: str = ""
    seconds: int = 0

    @property
    def document(self) -> dict[str, Any]:
        """The trouble in numbers; the outcome is 0 without any."""
        return {
            "trouble_code": OUTCOMES.index(self.kind),
            "needs_somebody": int(self.kind in NEED_SOMEBODY),
            "unconfirmed_seconds": self.seconds,
        }


def of_report(result: ReportResult, now: float) -> Trouble:
    """Give the trouble of one report. A derived one has none of its own: its sources have it."""
    root = result.outcome.root
    if root in WELL or result.report.sources:
        return Trouble(seconds=result.unconfirmed_seconds(now))
    return Trouble(
        kind=root, text=result.outcome.text or root, seconds=result.unconfirmed_seconds(now)
    )


def shared(results: Sequence[ReportResult], now: float) -> Trouble:
    """Give the trouble that is the tenant's, whichever report met it.

    A refused login is, and so is what is in the way of all reports: a cause that passes by itself,
    or one and the same that does not.
    """
    each = [of_report(result, now) for result in results if not result.report.sources]
    seconds = min((one.seconds for one in each), default=0)
    found = [one for one in each if one.kind == "unauthorized"]
    kinds = {one.kind for one in each}
    if not found and not kinds & WELL and (len(kinds) == 1 or not kinds & NEED_SOMEBODY):
        found = sorted(each, key=lambda one: -OUTCOMES.index(one.kind))
    return found[0].replace(seconds=seconds) if found else Trouble(seconds=seconds)
