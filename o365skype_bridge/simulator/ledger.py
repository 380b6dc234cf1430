"""What has happened so far: requests, tokens, download links and how much of a quota is used."""

import base64
import hashlib
import itertools
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from o365skype_bridge.simulator.data import TenantData
from o365skype_bridge.simulator.records import Call, Exchange, Grant, Tenant, Ticket

# So many calls in so many seconds, one limit or several.
Limits = tuple[tuple[int, float], ...]
QUOTA: Final = 14
WINDOW: Final = 600.0
REPORT_LIMITS: Final[Limits] = ((QUOTA, WINDOW),)


@dataclass(eq=False)
class Ledger:
    """The simulator's memory; every method may be called from several threads."""

    calls: list[Call] = field(default_factory=list)
    leaks: list[Call] = field(default_factory=list)
    bearers: dict[str, Grant] = field(default_factory=dict)
    _tickets: dict[str, Ticket] = field(default_factory=dict)
    _asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _used: dict[tuple[str, str], deque[float]] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> None:
        """Forget requests and quotas; tokens and links stay good."""
        with self._lock:
            self.calls.clear()
            self.leaks.clear()
            self._asked.clear()
            self._used.clear()

    def note(self, call: Call, *, leak: bool) -> None:
        """Write a request down."""
        with self._lock:
            self.calls.append(call)
            if leak:
                self.leaks.append(call)

    def use(self, tenant: str, what: str, now: float, limits: Limits = REPORT_LIMITS) -> float:
        """Count a request against its limits; the seconds to wait if one is used up, else 0."""
        longest = max(window for _, window in limits)
        with self._lock:
            used = self._used.setdefault((tenant, what), deque())
            while used and used[0] <= now - longest:
                used.popleft()
            used.append(now)
            # Refused requests count too, so whoever keeps asking keeps being refused.
            return max(
                used[-most] + window - now
                if len(used) > most and used[-most - 1] > now - window
                else 0.0
                for most, window in limits
            )

    def issue(self, exchange: Exchange, tenant: Tenant, data: TenantData, now: float) -> Ticket:
        """A new download link for the report that was asked for."""
        asked = (tenant.tenant_id, exchange.function, exchange.parameter)
        with self._lock:
            number = next(self._numbers)
            digest = hashlib.sha256(f"{number} {asked}".encode()).digest()
            # Signs that must come back percent-encoded, as they are in real links.
            token = f"{base64.b64encode(digest).decode().rstrip('=')}+{number}/sig=="
            ticket = Ticket(
                query=f"token={quote(token, safe='')}",
                tenant=tenant,
                function=exchange.function,
                parameter=exchange.parameter,
                edition=self._asked[asked],
                data=data,
                issued=now,
                rules=exchange.deferred,
            )
            self._asked[asked] += 1
            self._tickets[ticket.query] = ticket
        return ticket

    def redeem(self, query: str) -> Ticket | None:
        """The link with exactly this query, counting its uses."""
        with self._lock:
            ticket = self._tickets.get(query)
            if ticket:
                ticket.uses += 1
            return ticket
