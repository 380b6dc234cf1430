"""What the simulator remembers: tenants, requests that arrived, and download links it issued."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import uuid4

from werkzeug.wrappers import Request, Response

from o365skype_bridge.simulator.data import TenantData

if TYPE_CHECKING:
    from o365skype_bridge.simulator.fault import Rule

Kind = Literal["discovery", "token", "report", "download", "other"]
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
    oddities: frozenset[str] | None = None
    faults: Sequence[str | Mapping[str, Any]] = ()
    bodies: Bodies = field(default_factory=dict)


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
