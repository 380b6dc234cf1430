"""Run the collector on a bundle: offline, at the time at which it was captured, nothing kept."""

from __future__ import annotations

import tempfile
from collections import deque
from typing import TYPE_CHECKING

from o365skype_bridge.errors import UnreachableError, UsageError, meant
from o365skype_bridge.graph.client import Way
from o365skype_bridge.graph.taping import DISCOVERY, OPENING, TOKEN, Answer, Player, kind_of
from o365skype_bridge.settings.values import Chosen
from o365skype_bridge.support import document
from o365skype_bridge.support.run import collected

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from o365skype_bridge.engine.answer import Ask
    from o365skype_bridge.graph.http import Http
    from o365skype_bridge.graph.wire import Deadline
    from o365skype_bridge.model.values import Collection, ReportResult
    from o365skype_bridge.settings.values import Tenant
    from o365skype_bridge.support.document import Bundle, Recorded


class Clock:
    """A clock that stands still but for what was recorded of waiting."""

    def __init__(self, now: float) -> None:
        """Begin at a time."""
        self.now = now

    def time(self) -> float:
        """Give the time."""
        return self.now

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class Recording(Way):
    """Answers in the order in which they were recorded; the last one to a question is repeated."""

    def __init__(self, exchanges: Iterable[Recorded], tenant: Tenant, clock: Clock) -> None:
        """Take what was exchanged with a tenant's services."""
        self._clock = clock
        self._tenant = tenant
        self._left: dict[tuple[str, str], deque[Recorded]] = {}
        self.used: list[Recorded] = []
        for one in exchanges:
            if one.tenant == tenant.name:
                signs_in = one.kind in (DISCOVERY, TOKEN)
                question = (one.kind, "") if signs_in else ("", one.url)
                self._left.setdefault(question, deque()).append(one)

    def clock(self) -> float:
        """Give the time."""
        return self._clock.now

    def sleep(self, seconds: float) -> None:
        """Let time pass without waiting."""
        self._clock.pass_(seconds)

    def http(self, tenant: Tenant, deadline: Deadline) -> Http:
        """Give what answers in the network's place. Raises what was raised."""
        for queue in self._left.values():
            for one in queue:
                if one.kind == OPENING and one.failure:
                    raise one.failure
        return Player(tenant, deadline, self._answer)

    def _question(self, method: str, url: str) -> tuple[str, str]:
        kind = kind_of(method, url, self._tenant)
        if kind == DISCOVERY or method == "POST":
            return kind, ""
        # A managed identity's service is another one on every machine.
        elsewhere = kind == TOKEN and ("", url) not in self._left
        return (kind, "") if elsewhere and self._tenant.credential.is_local else ("", url)

    def _answer(self, method: str, url: str) -> Answer:
        queue = self._left.get(self._question(method, url))
        if not queue:
            raise UnreachableError("the bundle holds no answer to this question", lasting=True)
        one = queue.popleft() if len(queue) > 1 else queue[0]
        self._clock.pass_(one.seconds)
        self.used.append(one)
        return Answer(one.status, one.headers, one.body, one.failure)


def answer(bundle: Bundle, ask: Ask, names: Sequence[str] = ()) -> Collection:
    """Answer as the tenants did when the bundle was made; ``names`` are those that are asked.

    Raises `UsageError`.
    """
    settings, clock = bundle.settings, Clock(bundle.clock)
    known = [tenant.name for tenant in settings.tenants]
    for name in names:
        if name not in known:
            raise UsageError(
                f"there is no tenant {name!a} in the bundle",
                f"{meant(name, known)}Known: {', '.join(known)}.",
            )
    tenants = tuple(one for one in settings.tenants if one.name in (names or known))
    ways = {one.name: Recording(bundle.exchanges, one, clock) for one in tenants}
    with tempfile.TemporaryDirectory(prefix="o365skype-bridge-") as folder:
        collection = collected(
            settings.replace(tenants=tenants, state_dir=folder),
            ask,
            lambda tenant: ways[tenant.name],
            clock.time,
        )
    results = [_noted(result, ways[result.tenant].used) for result in collection.results]
    return collection.replace(results=tuple(results))


def _noted(result: ReportResult, used: Sequence[Recorded]) -> ReportResult:
    """Say so where figures are those of a sample."""
    sources = [one.function for one in (result.report, *result.report.sources)]
    cut = [one for one in used if one.rows > one.shown and one.asks in sources]
    rows, shown = max(((one.rows, one.shown) for one in cut), default=(0, 0))
    if not rows or not result.outcome.has_data:
        return result
    note = f"These are the figures of a sample: the bundle shows {shown} of {rows} rows."
    return result.replace(notes=(*result.notes, note))


class Replayed:
    """A bundle as a source of answers; ``chosen`` are the reports that it was made of."""

    def __init__(self, path: str, tenants: Sequence[str]) -> None:
        """Read it; ``tenants`` are those that are asked, none for all. Raises `UsageError`."""
        self._bundle = document.read(path)
        self._tenants = tenants
        self.chosen = Chosen(names=self._bundle.reports, setting=f"reports in {path!a}")

    def answer(self, ask: Ask) -> Collection:
        """Answer; see `answer`."""
        return answer(self._bundle, ask, self._tenants)
