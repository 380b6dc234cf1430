"""What a fault is, and a rule that says which requests it strikes."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.records import Answer, Exchange, Kind

EVERYWHERE: tuple[Kind, ...] = ("discovery", "token", "report", "download", "other")

Act = Callable[[Exchange, "Rule", Answer], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that can go wrong.

    `act` gives the answer instead of, or made from, the ordinary one. A fault that `defers` and is
    matched to a report request strikes the download which that request leads to.
    """

    name: str
    traps: tuple[int, ...]
    where: tuple[Kind, ...]
    help: str
    act: Act
    defers: bool = False


@dataclass(slots=True, kw_only=True)
class Rule:
    """A fault with the requests it strikes: the first `times` of those that fit, after `after`."""

    fault: Fault
    match: re.Pattern[str] | None = None
    times: int | None = None
    after: int = 0
    tenant: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)
    _seen: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def strikes(self, exchange: Exchange) -> bool:
        """Whether this request is struck; every request that fits is counted."""
        if not self._fits(exchange):
            return False
        with self._lock:
            self._seen += 1
            seen = self._seen - self.after
        return seen > 0 and (self.times is None or seen <= self.times)

    def defers(self, exchange: Exchange) -> bool:
        """Whether the fault waits for the download that this request leads to."""
        return self.fault.defers and exchange.kind == "report"

    def answer(self, exchange: Exchange, answer: Answer) -> Response:
        """The answer of a request that is struck."""
        return self.fault.act(exchange, self, answer)

    def _fits(self, exchange: Exchange) -> bool:
        if self.tenant not in {None, exchange.tenant_id}:
            return False
        if self.match is None:
            return exchange.kind in self.fault.where
        if exchange.kind not in self.fault.where and not self.defers(exchange):
            return False
        return self.match.search(exchange.target) is not None
