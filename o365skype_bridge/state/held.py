"""What is held of one report: its result, when Graph told it, and the last failure."""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.values import tomorrow

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping

    from o365skype_bridge.model.outcome import Outcome
    from o365skype_bridge.model.values import ReportResult

CLOCK_TOLERANCE = 120.0
"""Seconds by which a file may be newer than our clock says it can be."""

NEVER = float("-inf")

MOST_SETTINGS = 4
"""Settings that are remembered; an old secret and a new one are in use at the same time."""

Stamp = tuple[float, float]


class KeptFile(Frozen):
    """A kept report file: its name in the folder, and what it must measure."""

    name: str
    size: int
    crc: int


class Failure(Frozen):
    """The last try to refresh that did not work, and when the next one makes sense.

    ``settings`` is the mark of those it was tried under: others may work at once. ``since`` is
    when it first went wrong in this way under them, ``first`` when in any way.
    """

    at: float
    until: float
    count: int
    outcome: Outcome
    settings: str
    since: float = 0.0
    first: float = 0.0


class Held(Frozen):
    """What is held of one report.

    ``checked_at`` is when Graph last told the refresh date; ``reread_at`` when past days were
    last read again. ``period`` and ``day`` are the files that ``result`` was counted from.
    ``confirmed`` is when Graph told it under which settings, by their mark: who has others
    learns from this result nothing about his own.
    """

    result: ReportResult | None = None
    checked_at: float = 0.0
    reread_at: float = 0.0
    period: KeptFile | None = None
    day: KeptFile | None = None
    failure: Failure | None = None
    confirmed: Mapping[str, float] = {}

    def is_fresh(self, now: float, interval: float, settings: str) -> bool:
        """Say whether who has these settings need not ask; what is from the future never is."""
        age = now - self.confirmed.get(settings, NEVER)
        return self.result is not None and 0 <= age < interval

    def confirming(self, settings: str, now: float) -> dict[str, float]:
        """Give what `confirmed` becomes when Graph tells it under these settings, too."""
        latest = sorted({**self.confirmed, settings: now}.items(), key=lambda pair: pair[1])
        return dict(latest[-MOST_SETTINGS:])

    def is_ahead(self, now: float) -> bool:
        """Say whether the result is of a day that no report can be of yet."""
        day = self.result.refresh_date if self.result else None
        return day is not None and day > tomorrow(now)

    @property
    def stamp(self) -> Stamp:
        """What changes whenever somebody has asked Graph."""
        return self.checked_at, self.failure.at if self.failure else 0.0

    def is_held_off(self, now: float, settings: str) -> bool:
        """Say whether trying again now, under these settings, would be too early."""
        failure = self.failure
        if failure is None or failure.settings != settings:
            return False
        return failure.at - CLOCK_TOLERANCE <= now < failure.until
