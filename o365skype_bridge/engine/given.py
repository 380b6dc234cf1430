"""What whoever reads the figures was given before, so that it is not given again every minute.

Nobody says whether what was printed has arrived. So all is given again when the day changes and
after some hours: a point that got lost on its way is late then, and not gone.
"""

from __future__ import annotations

import contextlib
import zlib

from o365skype_bridge.model.values import SECONDS_PER_DAY
from o365skype_bridge.process import parent
from o365skype_bridge.state.store import Store

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Sequence

    from o365skype_bridge.model.values import Collection, ReportResult
    from o365skype_bridge.settings.values import Settings

    Given = tuple[str, float]
    Content = dict[str, dict[str, dict[str, Given]]]

AGAIN = 6 * 3600
"""Seconds after which figures are given again though nothing has changed."""


class Memory:
    """What was given to one reader, as long as this process lives."""

    def __init__(self) -> None:
        """Have given nothing."""
        self.given: dict[str, dict[str, Given]] = {}
        self._new: dict[str, dict[str, Given]] = {}

    def ungiven(self, collection: Collection) -> Collection:
        """Give a collection without the figures of reports that have not changed; health stays."""
        self._new = {}
        shown = [self._shown(result, collection.now) for result in collection.results]
        return collection.replace(results=tuple(shown))

    def note(self) -> None:
        """Remember that the figures of the last collection were printed."""
        for tenant, given in self._new.items():
            self.given.setdefault(tenant, {}).update(given)
            self.keep(tenant)

    def keep(self, tenant: str) -> None:
        """Do what lets others know of a tenant's figures that were given."""

    def _shown(self, result: ReportResult, now: float) -> ReportResult:
        if not result.samples:
            return result
        mark, name = _mark(result), result.report.name
        if _is_enough(self.given.get(result.tenant, {}).get(name), mark, now):
            return result.replace(samples=())
        self._new.setdefault(result.tenant, {})[name] = (mark, now)
        return result


class Record(Memory):
    """What was given to one reader, in each tenant's state; what is not kept is given again.

    A reader without a name is the process that started us. So an agent that was started anew, or
    run beside the service to try something, gets all, and takes nothing from another one.
    """

    def __init__(self, settings: Settings, consumer: str, question: Sequence[object]) -> None:
        """Read what is known of a reader; what it asks tells it from others, too."""
        super().__init__()
        asked = repr((consumer, *question)).encode(errors="replace")
        self._name = f"given-{zlib.crc32(asked):08x}.json"
        self._reader = consumer or parent.mark()
        self._stores = {
            tenant.name: Store(settings.state_dir, tenant) for tenant in settings.tenants
        }
        for tenant, store in self._stores.items():
            store.place.look()
            self.given[tenant] = store.kept(self._name, self._read) or {}

    def keep(self, tenant: str) -> None:
        """Write it into the tenant's state, where that can be."""
        with contextlib.suppress(OSError):
            readers = {self._reader: self.given[tenant]}
            self._stores[tenant].keep(self._name, {"readers": readers})

    def _read(self, content: Content) -> dict[str, Given]:
        given = content["readers"].get(self._reader, {})
        return {name: (str(mark), float(at)) for name, (mark, at) in given.items()}


def _is_enough(given: Given | None, mark: str, now: float) -> bool:
    """Say whether something given is still new enough."""
    if given is None or given[0] != mark or not 0 <= now - given[1] < AGAIN:
        return False
    return given[1] // SECONDS_PER_DAY == now // SECONDS_PER_DAY


def _mark(result: ReportResult) -> str:
    """Give what changes with any figure of a result, its labels or its time."""
    crc = adler = 1
    for sample in result.samples:
        metric = sample.metric
        figure = (metric.name, sample.labels, sample.value, sample.max, result.time_of(sample))
        text = repr(figure).encode(errors="replace")
        crc, adler = zlib.crc32(text, crc), zlib.adler32(text, adler)
    return f"{crc:08x}{adler:08x}"
