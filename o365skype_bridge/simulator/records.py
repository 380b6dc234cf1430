"""What the simulator remembers: tenants, requests, download links, and what shall go wrong."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import uuid4

from werkzeug.wrappers import Request, Response

from o365skype_bridge.simulator.assertions import Federation
from o365skype_bridge.simulator.data import TenantData

Kind = Literal["discovery", "token", "identity", "report", "resource", "download", "other"]
Bodies = Mapping[tuple[str, str], bytes]

DROPPED: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One customer of the simulated service; what is None is as the simulator's own settings."""

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    seed: int | None = None
    users: int | None = None
    activity: float | None = None
    roles: frozenset[str] | None = None
    oddities: frozenset[str] | None = None
    faults: Sequence[str | Mapping[str, Any]] = ()
    bodies: Bodies = field(default_factory=dict)
    certificates: Sequence[str] = ()
    federation: Federation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token is good for: a tenant, and the roles that were granted when it was issued."""

    tenant: Tenant
    roles: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request that arrived; a connection that was dropped has the status 0."""

    kind: Kind
    tenant: str
    function: str
    parameter: str
    status: int
    had_authorization: bool
    host: str
    time: float


@dataclass(slots=True, kw_only=True)
class Ticket:
    """One download link; `rules` are faults that were asked for where the link was issued."""

    query: str
    tenant: Tenant
    function: str
    parameter: str
    edition: int
    data: TenantData
    issued: float
    uses: int = 0
    rules: "list[Rule]" = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request on its way through the simulator, with what has been found out about it."""

    request: Request
    kind: Kind
    pause: Callable[[float], None]
    download_root: str
    tenant_id: str = ""
    function: str = ""
    parameter: str = ""
    tenant: Tenant | None = None
    roles: frozenset[str] = frozenset()
    ticket: Ticket | None = None
    quota_wait: float = 0.0
    age: float = 0.0
    identified: bool = True
    deferred: "list[Rule]" = field(default_factory=list)
    request_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def bearer(self) -> str:
        """The bearer token that came with the request, empty without one."""
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else ""

    @property
    def client_request_id(self) -> str:
        """The caller's own id for the request, or ours."""
        return self.request.headers.get("client-request-id", self.request_id)

    @property
    def target(self) -> str:
        """Method and decoded path, which is what faults are matched against."""
        return f"{self.request.method} {self.request.path}"


class Dropped(Response):
    """An answer that ends the connection before anything is sent."""


Answer = Callable[[], Response]


EVERYWHERE: Final[tuple[Kind, ...]] = (
    "discovery",
    "token",
    "identity",
    "report",
    "resource",
    "download",
    "other",
)
# Where a token is asked for: reports, and what is answered as JSON.
GRAPH: Final[tuple[Kind, ...]] = ("report", "resource")

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
