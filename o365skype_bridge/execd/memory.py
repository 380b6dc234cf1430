"""Results that stay in memory, besides the state that other processes share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from o365skype_bridge.state.held import CLOCK_TOLERANCE, Held
from o365skype_bridge.state.store import Store

if TYPE_CHECKING:
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.settings.values import Settings, Tenant

    Mark = tuple[int, int, int] | None


def mark_of(path: str) -> Mark:
    """Give what changes with a file: time, inode and size; None when there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


class MemoryStore(Store):
    """A store that remembers what it held, and reads a file only when it is another one.

    Of what is in memory and what is in the file the newer counts; so a folder that cannot be
    used costs nothing but what others could have told.
    """

    without = "what Graph says stays in this process until it can"

    def __init__(self, state_dir: str, tenant: Tenant) -> None:
        """Remember nothing yet."""
        super().__init__(state_dir, tenant)
        self._held: dict[str, Held] = {}
        self._marks: dict[str, Mark] = {}
        self._views: dict[str, tuple[float, ReportResult]] = {}

    def load(self, report: Report, now: float) -> Held:
        """Give what is held, in memory or in the file."""
        mark = mark_of(self.path(f"{report.name}.json"))
        if mark is not None and mark != self._marks.get(report.name):
            self._marks[report.name] = mark
            self.take(report, super().load(report, now), now)
        held = self._held.get(report.name, Held())
        return Held() if held.is_ahead(now) else held

    def save(self, report: Report, held: Held) -> None:
        """Remember, and write for others. Raises `OSError`."""
        self._held[report.name] = held
        super().save(report, held)

    def take(self, report: Report, held: Held, now: float) -> None:
        """Remember what somebody else found out, if it is newer."""
        mine = self._held.get(report.name)
        if mine is None or max(mine.stamp) < max(held.stamp) <= now + CLOCK_TOLERANCE:
            self._held[report.name] = held

    def view(self, report: Report, held: Held) -> ReportResult | None:
        """Give a held result as the question shows it, if that was counted."""
        result = held.result
        if result is None or not result.outcome.has_data:
            return result
        checked_at, shown = self._views.get(report.name, (None, result))
        if checked_at != held.checked_at:
            return None
        notes = tuple(dict.fromkeys((*result.notes, *shown.notes)))
        return result.replace(outcome=shown.outcome, samples=shown.samples, notes=notes)

    def take_view(self, report: Report, held: Held, shown: ReportResult) -> None:
        """Remember what a held result shows of what the question is about."""
        self._views[report.name] = held.checked_at, shown

    def forget_views(self) -> None:
        """Forget what was counted for a question that may be another one now."""
        self._views = {}


class Memory:
    """The stores of all tenants."""

    def __init__(self) -> None:
        """Know nobody."""
        self._stores: dict[str, MemoryStore] = {}

    def use(self, settings: Settings) -> None:
        """Have stores for these settings' tenants; who is the same as before is remembered."""
        stores = {}
        for tenant in settings.tenants:
            store = MemoryStore(settings.state_dir, tenant)
            old = self._stores.get(tenant.name)
            if old is not None and old.folder == store.folder:
                old.forget_views()
                old.tenant, store = tenant, old
            stores[tenant.name] = store
        self._stores = stores

    def store(self, tenant: str) -> MemoryStore:
        """Give a tenant's store."""
        return self._stores[tenant]
