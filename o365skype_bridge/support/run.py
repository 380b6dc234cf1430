"""An answer in this process, by another way than the network, with nothing kept of it."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from o365skype_bridge.engine.answer import Ask, Run
from o365skype_bridge.engine.messages import Refreshed
from o365skype_bridge.engine.recount import PLAIN
from o365skype_bridge.engine.refresh import Limits, Refresher
from o365skype_bridge.errors import PendingError
from o365skype_bridge.process import deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from o365skype_bridge.engine.messages import Trying
    from o365skype_bridge.graph.client import Way
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import Collection
    from o365skype_bridge.settings.values import Settings, Tenant

LIFE = 60.0
"""Seconds that all reports of a tenant may take."""


class Aside(Run):
    """Answers as `Run` does; ``way`` gives how a tenant is reached."""

    def __init__(
        self,
        settings: Settings,
        ask: Ask,
        way: Callable[[Tenant], Way],
        clock: Callable[[], float],
    ) -> None:
        """Begin. The state folder of the settings is to be an empty one."""
        life = LIFE * (len(settings.tenants) + 1)
        settings = settings.replace(deadline=life, background=False)
        super().__init__(settings, ask, time.monotonic(), clock)
        self._way = way
        self._aside = settings

    def asked(self, due: dict[str, list[Report]]) -> Iterator[Trying | Refreshed]:
        """Ask here and now, one tenant after the other."""
        for tenant in self._aside.tenants:
            with contextlib.suppress(PendingError):
                yield from self._tenant(tenant, due.get(tenant.name, []))

    def _tenant(self, tenant: Tenant, reports: list[Report]) -> Iterator[Refreshed]:
        limits = Limits(life=LIFE, patience=LIFE, seen={})
        refresher = Refresher(self._aside, tenant, limits, clock=self.clock, way=self._way(tenant))
        with contextlib.closing(refresher), deadline.after(LIFE):
            for report in reports:
                result = refresher.refresh(report, self._views.get(tenant.name, PLAIN))
                yield Refreshed(result=result, problems=tuple(refresher.store.taken_problems()))


def collected(
    settings: Settings,
    ask: Ask,
    way: Callable[[Tenant], Way],
    clock: Callable[[], float],
) -> Collection:
    """Answer every report of every tenant."""
    return Aside(settings, ask, way, clock).answer().collection
