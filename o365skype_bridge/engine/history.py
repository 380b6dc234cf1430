"""What a backfill found: a collection a day, the days without data, and what is left to ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o365skype_bridge.engine import derive
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from o365skype_bridge.engine.answer import Ask, Key
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.settings.values import Settings


class Left(Frozen):
    """Days of a report that are still to be asked for, and what was in the way."""

    tenant: str
    report: Report
    days: tuple[date, ...]
    outcome: Outcome
    retry_after: float | None = None


class Past:
    """What was found. Iterate over it for a `Collection` a day, the oldest first.

    A day without data, or that Graph has forgotten, is not among them: ``without_data`` and
    ``forgotten`` hold such days by tenant and report. ``left`` is what is worth another run.
    """

    def __init__(self, settings: Settings, ask: Ask, clock: Callable[[], float]) -> None:
        """Know nothing yet."""
        self.left: list[Left] = []
        self.is_interrupted = False
        self.without_data: dict[Key, list[date]] = {}
        self.forgotten: dict[Key, list[date]] = {}
        self.problems: list[str] = []
        self._reports = ask.reports
        self._keys = [
            (tenant.name, report)
            for tenant in settings.tenants
            for report in derive.sources_of(ask.reports)
        ]
        self._days: dict[Key, dict[date, Callable[[], ReportResult | None]]] = {}
        self._clock = clock

    def add(
        self, result: ReportResult, day: date, again: Callable[[], ReportResult | None]
    ) -> None:
        """Take a day's result in; ``again`` gives it again, so that it need not stay in memory."""
        key = result.tenant, result.report.name
        if result.outcome.kind == "ok":
            self._days.setdefault(key, {})[day] = again
        else:
            empty = result.outcome.kind == "empty"
            lists = self.without_data if empty else self.forgotten
            lists.setdefault(key, []).append(day)

    def __iter__(self) -> Iterator[Collection]:
        """Give each day's results, of all tenants and reports in their order."""
        for day in sorted({day for days in self._days.values() for day in days}):
            found = []
            for tenant, report in self._keys:
                again = self._days.get((tenant, report.name), {}).get(day)
                result = again() if again else None
                if result is not None:
                    found.append(result)
            if found:
                collection = Collection(results=tuple(found), now=self._clock())
                yield derive.shown(collection, self._reports)
