"""Ask Graph for one tenant's reports, once for all processes, and keep what it says."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from o365skype_bridge.engine.asking import DAY, Days, Fetch
from o365skype_bridge.engine.assemble import EMPTY, failed, notes, shown
from o365skype_bridge.engine.concealment import Setting
from o365skype_bridge.engine.recount import PLAIN, viewed
from o365skype_bridge.errors import BridgeError, MalformedError, PendingError, UnreachableError
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import ReportResult, tomorrow
from o365skype_bridge.settings.marks import credential_mark, settings_mark
from o365skype_bridge.state import kept, locks
from o365skype_bridge.state.held import Failure, Held
from o365skype_bridge.state.ledger import Ledger
from o365skype_bridge.state.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from o365skype_bridge.graph.client import GraphSource, Way
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.reading.count import View
    from o365skype_bridge.settings.values import Settings, Tenant
    from o365skype_bridge.state.held import Stamp

FIRST_WAIT = 15.0
LONGEST_WAIT = 300.0
"""Seconds before another try after a first failure, and at most; it doubles in between."""

REREAD_INTERVAL = 86400.0

PART_FOR_NETWORK = 0.95
"""Part of the time left after which the network has had its chance; the rest is for keeping."""


TOO_LATE = Outcome(
    kind="unreachable",
    message="the login service or Graph gave no answer in time",
    remedy=UnreachableError.remedy,
)

DEFECT = "This is a defect of o365skype-bridge: open an issue, please."


class Limits(Frozen):
    """What a refresh may take: ``life`` is all the seconds there are.

    Within ``patience`` seconds somebody waits, and what fails is tried again. ``seen`` holds,
    by tenant and report, the stamp of what was held when the refresh was found to be due;
    what has no stamp is asked for whatever others have done meanwhile.
    """

    life: float
    patience: float
    seen: Mapping[tuple[str, str], Stamp]


class Refresher:
    """Refreshes the reports of one tenant.

    ``notice`` is told of every failure that is followed by another try.
    """

    def __init__(  # noqa: PLR0913 each says what it is by name
        self,
        settings: Settings,
        tenant: Tenant,
        limits: Limits,
        *,
        notice: Callable[[Report, Outcome], None] = lambda _report, _outcome: None,
        clock: Callable[[], float] = time.time,
        store: Store | None = None,
        reserve: int = 0,
        way: Way | None = None,
    ) -> None:
        """Open nothing yet.

        ``store`` holds what is kept, if it is not to be the usual one; ``reserve`` is the part
        of the call budget that is left to others; ``way`` is how the services are reached, if it
        is not the network.
        """
        self._way = way
        self._settings = settings
        self._tenant = tenant
        self._notice = notice
        self._clock = clock
        self._source: GraphSource | None = None
        self._days: Days = {}
        self._reserve = reserve
        self._opened = contextlib.ExitStack()
        self._settings_mark = ""
        self._noticed: dict[str, Outcome] = {}
        self.store = store or Store(settings.state_dir, tenant)
        self._setting = Setting(self.store)
        self.limit(limits)

    def limit(self, limits: Limits) -> None:
        """Take up work, under these limits; token and connections stay from one time to another."""
        self._seen = limits.seen
        self._end = time.monotonic() + limits.life
        self._patience = time.monotonic() + limits.patience
        if self._source is not None:
            self._source.limit(limits.life * PART_FOR_NETWORK, limits.patience)

    def close(self) -> None:
        """Close the connections."""
        self._opened.close()

    def refresh(self, report: Report, view: View) -> ReportResult:
        """Bring a report up to date and give it as ``view`` shows it. Never raises `BridgeError`.

        Whoever waited here while another process did the work takes over its result.
        """
        self._settings_mark = settings_mark(self._tenant)
        self._noticed.pop(report.name, None)
        view = view.about(report)
        store, before = self.store, self.store.folder
        store.prepare()
        if store.folder != before:  # token and budget lie elsewhere now
            self.close()
            self._source = None
        try:
            with locks.hold(store.path(f"{report.name}.lock"), self._patience_left):
                held = store.load(report, self._clock())
                kept.sweep(store, report, held)
                return self._taken_over(report, held, view) or self._tried(report, held, view)
        except PendingError as error:
            return self._without_data(report, failed(error))
        except Exception as error:  # noqa: BLE001 one tenant's surprise must not hide the others
            said = f"unexpected {type(error).__name__}"
            return self.give_up(report, Outcome(kind="malformed", message=said, remedy=DEFECT))

    def give_up(self, report: Report, cause: Outcome | None = None) -> ReportResult:
        """Remember that a refresh came to no end of its own, and what was in its way."""
        cause = cause or self._noticed.get(report.name, TOO_LATE)
        self._settings_mark = self._settings_mark or settings_mark(self._tenant)
        return self._failed(report, self.store.load(report, self._clock()), cause, None)

    def _tell(self, report: Report, error: BridgeError) -> None:
        self._noticed[report.name] = failed(error)
        self._notice(report, self._noticed[report.name])

    @property
    def _left(self) -> float:
        return max(self._end - time.monotonic(), 0.0)

    @property
    def _patience_left(self) -> float:
        return max(self._patience - time.monotonic(), 0.0)

    def _without_data(self, report: Report, outcome: Outcome) -> ReportResult:
        """Give an outcome alone; whoever answers decides whether kept figures go with it."""
        return ReportResult(report=report, tenant=self._tenant.name, outcome=outcome)

    def _taken_over(self, report: Report, held: Held, view: View) -> ReportResult | None:
        """Give what another process found out while we waited for it, if one did."""
        seen, mark = self._seen.get((self._tenant.name, report.name)), self._settings_mark
        if seen is None or held.stamp == seen:
            return None
        if held.failure is not None and held.failure.settings == mark:
            return self._without_data(report, held.failure.outcome)
        if held.confirmed.get(mark, 0.0) <= seen[0]:
            return None
        with contextlib.suppress(MalformedError):
            return viewed(self.store, held, report, view)
        return None

    def _tried(self, report: Report, held: Held, view: View) -> ReportResult:
        before = self._calls
        try:
            result = self._ask(report, held, view)
        except PendingError:
            result = self.give_up(report)
        except BridgeError as error:
            result = self._failed(report, held, failed(error), error.retry_after)
        return result.replace(calls=self._calls - before)

    @property
    def _calls(self) -> int:
        return self._source.calls if self._source else 0

    def _ask(self, report: Report, held: Held, view: View) -> ReportResult:
        """Fetch what is new and keep it."""
        began, source = self._clock(), self.connected()
        fetch = Fetch(
            source,
            self.store,
            report,
            held,
            [PLAIN] if view == PLAIN else [PLAIN, view],
            began=began,
            rereads=bool(held.reread_at) and self._clock() - held.reread_at >= REREAD_INTERVAL,
            always=self._settings.refresh_interval == 0,
            days=self._days,
        )
        with kept.Keeper(self.store, report) as keeper:
            population = fetch.period(keeper)
            newest = population[0].refresh_date
            if newest is None:
                return self._empty(report, held)
            old = held.result
            if old and old.refresh_date and newest < old.refresh_date:
                return self._backwards(report, held, old, newest, view)
            active = fetch.day(keeper, newest, population)
            past = fetch.past(newest)
            hidden = population[0].concealed
            conceals = self._setting.conceals(source.setting, began) if hidden else None
            now = self._clock()
            empty = ReportResult(
                report=report,
                tenant=self._tenant.name,
                outcome=EMPTY,
                refresh_date=newest,
                collected_at=now,
                confirmed_at=now,
                fetch_seconds=round(now - began, 3),
                concealed=hidden,
                notes=notes(population[0], active[0], conceals=conceals),
                reading="" if population[0].is_plain and active[0].is_plain else report.reading,
            )
            result = shown(empty, population[0], active[0])
            if result.outcome.kind == "empty" and old and old.outcome.has_data:
                return self._without_figures(report, held, result.outcome)
            result = result.replace(samples=(*result.samples, *past))
            seen = result if view == PLAIN else shown(empty, population[1], active[1])
            if newest > tomorrow(now):  # believed by Centreon's connector, and kept by nobody
                return seen
            new = Held(
                result=result,
                checked_at=now,
                reread_at=now if fetch.rereads or not held.reread_at else held.reread_at,
                period=keeper.commit(report.shape.period),
                day=keeper.commit(DAY) if fetch.day_fetched else held.day,
                confirmed=held.confirming(self._settings_mark, now),
            )
        self._save(report, new)
        kept.sweep(self.store, report, new)
        return seen

    def _empty(self, report: Report, held: Held) -> ReportResult:
        """A file without rows: the truth about a new tenant, and an accident after good data."""
        if held.result and held.result.outcome.has_data:
            return self._without_figures(report, held, EMPTY)
        now = self._clock()
        result = ReportResult(
            report=report,
            tenant=self._tenant.name,
            outcome=EMPTY,
            collected_at=now,
            confirmed_at=now,
        )
        confirmed = held.confirming(self._settings_mark, now)
        self._save(report, Held(result=result, checked_at=now, confirmed=confirmed))
        return result

    def _without_figures(self, report: Report, held: Held, outcome: Outcome) -> ReportResult:
        """Keep good figures: Graph has answered, and nothing will be in the report so soon."""
        return self._failed(report, held, outcome, self._settings.interval(report))

    def _backwards(
        self, report: Report, held: Held, old: ReportResult, newest: date, view: View
    ) -> ReportResult:
        """Keep the newer data that is held, and say so."""
        now = self._clock()
        note = (
            f"Microsoft's refresh date went back to {newest}; the data of {old.refresh_date} stay."
        )
        result = old.replace(notes=(*notes_without(old, "refresh date"), note), confirmed_at=now)
        confirmed = held.confirming(self._settings_mark, now)
        new = held.replace(result=result, checked_at=now, failure=None, confirmed=confirmed)
        self._save(report, new)
        try:
            return viewed(self.store, new, report, view)
        except MalformedError as error:  # totals of everybody are no answer to a filter
            return self._without_data(report, failed(error))

    def _failed(
        self, report: Report, held: Held, outcome: Outcome, wait: float | None
    ) -> ReportResult:
        """Remember a failure, so that nobody tries again too early."""
        failure = another_failure(held, self._settings_mark, outcome, self._clock(), wait)
        self._save(report, held.replace(failure=failure))
        return self._without_data(report, outcome)

    def _save(self, report: Report, held: Held) -> None:
        try:
            self.store.save(report, held)
        except OSError as error:
            self.store.unusable(error)

    def connected(self) -> GraphSource:
        """Open the way to Graph; only who really asks imports what that takes."""
        if self._source is None:
            from o365skype_bridge.graph.client import connect  # noqa: PLC0415

            tenant, store = self._tenant, self.store
            tenant.require()
            source = connect(
                tenant,
                Ledger(store.path("calls.json"), self._clock, reserve=self._reserve),
                token_file=store.path(f"token-{credential_mark(tenant)}.json"),
                guard=lambda: locks.hold(store.path("token.lock"), self._left),
                life=self._left * PART_FOR_NETWORK,
                patience=self._patience_left,
                way=self._way,
            )
            source.notice = self._tell
            self._source = self._opened.enter_context(contextlib.closing(source))
        return self._source


def another_failure(
    held: Held, settings: str, outcome: Outcome, now: float, wait: float | None = None
) -> Failure:
    """Give the failure that comes after those under the same settings.

    ``settings`` is their mark, ``wait`` what Graph asks for.
    """
    last = held.failure if held.failure and held.failure.settings == settings else None
    times = last.count + 1 if last else 1
    since = last.since if last and last.outcome.kind == outcome.kind else now
    default = min(FIRST_WAIT * 2 ** min(times - 1, 10), LONGEST_WAIT)
    until = now + (default if wait is None else wait)
    return Failure(
        at=now,
        until=until,
        count=times,
        outcome=outcome,
        settings=settings,
        since=since,
        first=last.first if last else now,
    )


def notes_without(result: ReportResult, words: str) -> tuple[str, ...]:
    """Give a result's notes except those that speak of something."""
    return tuple(note for note in result.notes if words not in note)
