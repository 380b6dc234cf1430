"""What one refresh asks Graph for: the period, the newest day, and days that may be revised."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

from o365skype_bridge.engine.assemble import DAYS_HELD, first_question, latest
from o365skype_bridge.engine.recount import PLAIN
from o365skype_bridge.errors import BridgeError, MalformedError, PendingError
from o365skype_bridge.model import asked
from o365skype_bridge.reading.count import count
from o365skype_bridge.state import kept

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from o365skype_bridge.model.asked import Asked
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import Sample
    from o365skype_bridge.reading.count import Counted, View
    from o365skype_bridge.reading.source import Source
    from o365skype_bridge.state.held import Held
    from o365skype_bridge.state.store import Store

Days = dict[str, tuple["date", "list[Counted]"]]

DAY = "day"


class Fetch:
    """One refresh of one report: what it asks for, and what kept files spare it.

    ``began`` is when it began. ``rereads`` says that past days are due to be read again, ``always``
    that no kept file may stand in for Graph. ``days`` remembers, in a process that stays, what the
    newest day's file of each report came to; that spares a download where no file can be kept.
    Every method raises `BridgeError`.
    """

    def __init__(  # noqa: PLR0913 each says what it is by name
        self,
        source: Source,
        store: Store,
        report: Report,
        held: Held,
        views: list[View],
        *,
        began: float,
        rereads: bool,
        always: bool,
        days: Days,
    ) -> None:
        """Ask nothing yet."""
        self._source = source
        self._report = report
        self._held = held
        self._views = views
        self._store = store
        self._began = began
        self.rereads = rereads
        self._always = always
        self._days = days
        self.day_fetched = False

    def period(self, keeper: kept.Keeper) -> list[Counted]:
        """Fetch the period's file: the population and the refresh date."""
        week = first_question(self._report, self._began)
        kind = self._report.shape.period
        return self._source.read(
            self._report, week, lambda body: self._count(keeper.tee(kind, body), week)
        )

    def day(self, keeper: kept.Keeper, newest: date, population: list[Counted]) -> list[Counted]:
        """Give the newest day's file: the kept one, unless it is another day or may be revised.

        Where no day is asked for, the period's answer has the figures.
        """
        if not self._report.shape.asks_day:
            return population
        held, day = self._held, asked.newest_day(newest)
        same = held.result is not None and held.result.refresh_date == newest
        if same and held.day is not None and not self.rereads and not self._always:
            with contextlib.suppress(MalformedError):
                return self._count(kept.read(self._store, held.day), day)
        counted = self._days.get(self._report.name)
        if same and counted and counted[0] == newest and not self.rereads and not self._always:
            return counted[1]
        self.day_fetched = True
        read = self._source.read(
            self._report, day, lambda body: self._count(keeper.tee(DAY, body), day)
        )
        self._days[self._report.name] = newest, read
        return read

    def _count(self, body: Iterable[bytes], question: Asked) -> list[Counted]:
        return count(body, self._report, question, self._views)

    def past(self, newest: date) -> tuple[Sample, ...]:
        """Give the samples of the days before, read again once a day; what fails stays."""
        result = self._held.result
        if result is None or not self._report.shape.asks_day:
            return ()
        days = [newest - timedelta(days=back) for back in range(1, DAYS_HELD)]
        past: list[Sample] = []
        for day in days:
            old = [sample for sample in result.samples if sample.day == day]
            revised = self._revised(day, newest, old) if self.rereads and old else None
            past += revised or old
        return tuple(past)

    def _revised(self, day: date, newest: date, old: list[Sample]) -> tuple[Sample, ...] | None:
        question = asked.past_day(day, newest, latest(self._report, self._began))
        said = {
            ("", sample.metric.dotted): sample.value if sample.metric.of_period else sample.max
            for sample in old
        }
        period = {name: value for name, value in said.items() if isinstance(value, (int, float))}
        try:
            [counted] = self._source.read(
                self._report, question, lambda body: count(body, self._report, question, [PLAIN])
            )
        except PendingError:
            raise
        except BridgeError:
            return None
        return counted.samples(day, period)
