"""Answer from what is kept, and ask Graph only for what is due, within the deadline."""

from __future__ import annotations

import os
import time

from o365skype_bridge.engine import derive
from o365skype_bridge.engine.fallback import served
from o365skype_bridge.errors import BridgeError, PendingError, UsageError
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection, ReportResult
from o365skype_bridge.settings.marks import settings_mark
from o365skype_bridge.state.store import Store

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from o365skype_bridge.engine.messages import Refreshed, Trying
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.reading.count import View
    from o365skype_bridge.settings.values import Settings, Tenant
    from o365skype_bridge.state.held import Held

    Views = dict[str, View]

BACKGROUND_LIFE = 120.0
"""Seconds that a fetch may go on after the answer was given."""

GRACE = 0.15
"""Seconds of the deadline that are kept for writing the answer."""

PATIENCE = 0.8
"""Part of the time left in which what failed is tried again."""

PENDING = Outcome(
    kind="pending",
    message="the fetch takes longer than the deadline and goes on in the background",
    remedy=PendingError.remedy,
)
GIVEN_UP = Outcome(
    kind="pending",
    message="the fetch took longer than the deadline",
    remedy="Give a longer --deadline, or let it go on in the background.",
)
NO_PROCESS = Outcome(
    kind="unreachable",
    message="this host has no resources for another process",
    remedy="Look at the host's limits for processes and memory.",
)


class Ask(Frozen):
    """What is asked for: which reports, of which users, with them told apart or not.

    ``by_group`` says that tenants' groups count, where they have any. ``neighbours`` gives the
    reports that may be known besides, for what it means that one is gone. ``traced`` asks for lines
    about what goes over the wire as well.
    """

    reports: tuple[Report, ...]
    filter_user: str = ""
    per_user: bool = False
    by_group: bool = False
    neighbours: Callable[[], Sequence[Report]] = tuple
    traced: bool = False

    def is_plain(self, settings: Settings) -> bool:
        """Say whether kept results of these tenants answer as they are."""
        grouped = self.by_group and any(tenant.groups for tenant in settings.tenants)
        return not (self.filter_user or self.per_user or grouped or self.services(settings))

    def services(self, settings: Settings) -> tuple[str, ...]:
        """Give the names of the services that are wanted of a list, none for all."""
        return settings.services if any(report.named_by for report in self.reports) else ()


class Answer(Frozen):
    """The collection, and lines for the operator about what was put aside, and what was asked."""

    collection: Collection
    problems: tuple[str, ...] = ()
    exchange: tuple[str, ...] = ()


Key = tuple[str, str]


def answer(settings: Settings, ask: Ask, began: float, clock: Callable[[], float]) -> Answer:
    """Answer for every tenant and report, in order, by the deadline.

    ``began`` is the monotonic time at which the command began. Raises `UsageError` for a filter
    that cannot be used; everything else is an outcome.
    """
    if not os.geteuid():
        from o365skype_bridge.state import account  # noqa: PLC0415 for root only

        account.become_owner(settings)
    return Run(settings, ask, began, clock).answer()


class Run:
    """One answer. `store`, `counted` and `asked` are what a process that stays does otherwise."""

    def __init__(
        self, settings: Settings, ask: Ask, began: float, clock: Callable[[], float]
    ) -> None:
        """Begin; see `answer`."""
        self._settings = settings
        self._ask = ask
        self._reports = {report.name: report for report in derive.sources_of(ask.reports)}
        self.clock = clock
        self._started = clock()
        self._grace = min(GRACE, settings.deadline / 4)
        self._end = began + settings.deadline - self._grace
        self._stores = {tenant.name: self.store(tenant) for tenant in settings.tenants}
        self.held: dict[Key, Held] = {}
        self.results: dict[Key, ReportResult] = {}
        self._exchange: list[str] = []
        self._trying: dict[Key, Outcome] = {}
        self._marks = {tenant.name: settings_mark(tenant) for tenant in settings.tenants}
        self._views: Views = {}

    def store(self, tenant: Tenant) -> Store:
        """Give what holds a tenant's results."""
        return Store(self._settings.state_dir, tenant)

    def views(self) -> Views:
        """Give each tenant's view, none where what is kept is shown as it is."""
        return views_of(self._settings, self._ask)

    def counted(self, store: Store, held: Held, report: Report, view: View) -> ReportResult:
        """Give a kept result as a view shows it. Raises `BridgeError`."""
        from o365skype_bridge.engine import recount  # noqa: PLC0415 only who filters counts again
        from o365skype_bridge.process import deadline  # noqa: PLC0415 only who filters counts again

        with deadline.after(self.left):
            return recount.viewed(store, held, report, view)

    def asked(self, due: dict[str, list[Report]]) -> Iterator[Trying | Refreshed]:
        """Let a process of its own ask, and give what it says as it comes. Raises `OSError`."""
        from o365skype_bridge.engine import messages  # noqa: PLC0415 a warm answer hears none
        from o365skype_bridge.process import detach  # noqa: PLC0415 a warm answer needs no process

        life = max(self._settings.deadline, BACKGROUND_LIFE)
        if not self._settings.background:
            life = self.left + self._grace  # with the deadline, and not while we still listen
        seen = {key: held.stamp for key, held in self.held.items()}

        def work(send: Callable[[bytes], None]) -> None:
            from o365skype_bridge.engine import fleet, refresh  # noqa: PLC0415 in the detached process only

            if self._ask.traced:
                from o365skype_bridge.graph import exchange  # noqa: PLC0415 for who debugs

                exchange.listen(lambda line: send(messages.encode(messages.Exchanged(line=line))))
            limits = refresh.Limits(life=life, patience=self.left * PATIENCE, seen=seen)
            fleet.refresh(
                self._settings, due, self._views, limits, lambda said: send(messages.encode(said))
            )

        for line in detach.run(work, self.left, life):
            message = messages.of_fetch(line, self._reports)
            if isinstance(message, messages.Exchanged):
                self._exchange.append(message.line)
            else:
                yield message

    @property
    def left(self) -> float:
        """Seconds until the answer is due."""
        return max(self._end - time.monotonic(), 0.0)

    def answer(self) -> Answer:
        """Answer for every tenant and report, in order."""
        due: dict[str, list[Report]] = {}
        self._views = self.views()
        for tenant in self._settings.tenants:
            for report in self._reports.values():
                if not self._from_kept(tenant, report):
                    due.setdefault(tenant.name, []).append(report)
        problems = self._refresh(due) if due else []
        results = [
            self._explained(
                self._dated(
                    self.results.get((tenant.name, report.name)) or self._late(tenant, report)
                )
            )
            for tenant in self._settings.tenants
            for report in self._reports.values()
        ]
        for store in self._stores.values():
            problems += store.taken_problems()
        collection = Collection(results=tuple(results), now=self.clock())
        if any(report.sources for report in self._ask.reports):
            collection = derive.shown(collection, self._ask.reports)
        return Answer(
            collection=collection,
            problems=tuple(dict.fromkeys(problems)),
            exchange=tuple(self._exchange),
        )

    def _dated(self, result: ReportResult) -> ReportResult:
        """Say of a report that Graph has never given since when it has not."""
        failure = self.held[result.tenant, result.report.name].failure
        if failure is None or result.confirmed_at is not None:
            return result
        same = failure.settings == self._marks[result.tenant]
        return result.replace(failing_since=failure.first) if same else result

    def _explained(self, result: ReportResult) -> ReportResult:
        """Say of a report that is gone what that means."""
        if result.outcome.root != "gone":
            return result
        from o365skype_bridge.engine import retirement  # noqa: PLC0415 only where one is gone

        store, mark, known = (
            self._stores[result.tenant],
            self._marks[result.tenant],
            self._ask.neighbours(),
        )
        outcome = retirement.explained(
            result.outcome, result.report, store, mark, known, self.clock()
        )
        return result.replace(outcome=outcome)

    def _from_kept(self, tenant: Tenant, report: Report) -> bool:
        """Answer without asking, if what is kept is fresh or asking again would be too early."""
        store = self._stores[tenant.name]
        held = self.held[tenant.name, report.name] = store.load(report, self._started)
        result: ReportResult | None = None
        # The clock is read after the file: one kept a moment ago must not be from the future.
        if self.is_fresh(tenant.name, report, held):
            result = self._viewed(store, held, report)
        elif self._is_held_off(tenant, held) and held.failure:
            result = self._served(tenant.name, report, held.failure.outcome)
        if result is not None:
            self.results[tenant.name, report.name] = result.replace(calls=0)
        return result is not None

    def _viewed(self, store: Store, held: Held, report: Report) -> ReportResult | None:
        seen = self._views.get(store.tenant.name)
        if seen is None or held.result is None:
            return held.result
        try:
            return self.counted(store, held, report, seen)
        except UsageError:  # asking Graph would not help
            raise
        except BridgeError:
            return None

    def _served(self, tenant: str, report: Report, cause: Outcome) -> ReportResult:
        """Give what is kept although it is due; with a filter its figures are counted again."""
        store, held = self._stores[tenant], self.held[tenant, report.name]
        max_age = self._settings.max_age
        result = served(held, report, tenant, cause, now=self._started, max_age=max_age)
        if tenant not in self._views or not result.outcome.has_data:
            return result
        view = self._viewed(store, held, report)
        # Without the report files, or anybody who matches, this filter has no figures to keep.
        if view is None or not (view.outcome.has_data or view.samples):
            return result.replace(outcome=cause, samples=())
        outcome = result.outcome if view.outcome.has_data else view.outcome
        return result.replace(outcome=outcome, samples=view.samples)

    def is_fresh(self, tenant: str, report: Report, held: Held) -> bool:
        """Say whether what is held of a report needs no asking."""
        return held.is_fresh(self.clock(), self._settings.interval(report), self._marks[tenant])

    def _is_held_off(self, tenant: Tenant, held: Held) -> bool:
        """Say whether the last failure is too fresh to try again."""
        always = self._settings.refresh_interval == 0
        return not always and held.is_held_off(self._started, self._marks[tenant.name])

    def _arrived(self, result: ReportResult) -> ReportResult:
        """Answer with what a refresh gave, or when Graph did not give it, with what is kept."""
        held = self.held[result.tenant, result.report.name].result
        if result.confirmed_at is not None or held is None or not held.outcome.has_data:
            return result
        served_instead = self._served(result.tenant, result.report, result.outcome)
        return served_instead.replace(calls=result.calls)

    def _late(self, tenant: Tenant, report: Report) -> ReportResult:
        """Answer for what did not arrive in time: with what is known to be in its way."""
        key = tenant.name, report.name
        failure, cause = self.held[key].failure, self._trying.get(key)
        if cause is None and failure is not None and failure.settings == self._marks[tenant.name]:
            cause = failure.outcome
        if cause is None:
            cause = PENDING if self._settings.background else GIVEN_UP
        return self._served(tenant.name, report, cause)

    def _refresh(self, due: dict[str, list[Report]]) -> list[str]:
        """Have what is due asked for, and take the results that come in time."""
        problems: list[str] = []
        try:
            self._read_groups()
            for message in self.asked(due):
                problems += self.heard(message)
        except PendingError as error:
            cause = Outcome(kind=error.kind, message=str(error), remedy=error.remedy)
            self._serve(due, cause)
        except OSError:
            self._serve(due, NO_PROCESS)
        return problems

    def _serve(self, due: dict[str, list[Report]], cause: Outcome) -> None:
        """Give what is kept of the reports that nobody could ask for."""
        for tenant in self._settings.tenants:
            for report in due.get(tenant.name, ()):
                self.results.setdefault(
                    (tenant.name, report.name), self._served(tenant.name, report, cause)
                )

    def _read_groups(self) -> None:
        """Have the groups' files read by now. Raises `PendingError` when that takes too long."""
        if not any(view.groups for view in self._views.values()):
            return
        from o365skype_bridge.engine import views  # noqa: PLC0415 only who has groups counts them
        from o365skype_bridge.process import deadline  # noqa: PLC0415 as before

        with deadline.after(self.left, "Name a smaller groups file, or a longer --deadline."):
            views.read(self._views)

    def heard(self, message: Trying | Refreshed) -> Sequence[str]:
        """Take what is said about a report; give what the operator is told of it."""
        from o365skype_bridge.engine.messages import Trying  # noqa: PLC0415 a warm answer hears none

        if isinstance(message, Trying):
            self._trying[message.key] = message.outcome
            return ()
        self.results[message.key] = self._arrived(message.result)
        return message.problems


def views_of(settings: Settings, ask: Ask, *, now: bool = False) -> Views:
    """Give each tenant's view, none where what is kept is shown as it is.

    Groups are read when they are needed, or ``now``. Raises `UsageError` for a filter or a groups'
    file that cannot be used.
    """
    if ask.is_plain(settings):
        return {}
    from o365skype_bridge.engine import views  # noqa: PLC0415 only who asks for less or more counts

    plain = views.compiled(ask.filter_user, per_user=ask.per_user)
    plain = plain._replace(services=ask.services(settings))
    found = views.of(settings.tenants, plain, by_group=ask.by_group)
    if now:
        views.read(found)
    return found
