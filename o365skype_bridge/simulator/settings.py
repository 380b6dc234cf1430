"""The settings of a simulator and the data that follow from them, tenant by tenant."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal

from o365skype_bridge.simulator.assertions import Federation
from o365skype_bridge.simulator.data import TenantData
from o365skype_bridge.simulator.faults import Spec, rules
from o365skype_bridge.simulator.oddities import chosen
from o365skype_bridge.simulator.records import Bodies, Rule, Tenant
from o365skype_bridge.simulator.tenancy import Tenancy

DEMO_TENANT_ID: Final = "5111a7ed-0000-4000-8000-000000000000"
DEMO_CLIENT_ID: Final = "5111a7ed-0000-4000-8000-00000000c11e"
DEMO_CLIENT_SECRET: Final = "simulated-not-a-secret"  # noqa: S105 - opens nothing but this


CLOUDS: Final = ("global", "usgov", "usgov-dod", "china")
REPORTS_ROLE: Final = "Reports.Read.All"


def _one_of(value: str, good: tuple[str, ...], name: str) -> str:
    if value not in good:
        raise ValueError(f"{name} is {' or '.join(map(repr, good))}")
    return value


# What may be changed while the simulator runs.
CHANGEABLE: Final[dict[str, Callable[[Any], Any]]] = {
    "users": int,
    "seed": int,
    "activity": float,
    "lag": int,
    "latency": float,
    "download_lifetime": float,
    "enforce_quota": bool,
    "chunked": bool,
    "today": lambda text: date.fromisoformat(text) if isinstance(text, str) else text,
    "download_origin": lambda name: _one_of(name, ("same", "second"), "download_origin"),
    "cloud": lambda name: _one_of(name, CLOUDS, "cloud"),
    "roles": frozenset,
    "page_size": int,
    "secret_days": int,
    "certificate_days": lambda days: None if days is None else int(days),
    "oddities": lambda names: frozenset(odd.name for odd in chosen(names)),
}


@dataclass(kw_only=True, eq=False)
class Settings:
    """How a simulator behaves.

    `tenant_ids` all have the same client, and data from `seed`, `seed` + 1 and so on;
    `tenant_factory` knows further tenants, each with what is its own. `bodies` are literal files
    by function and parameter (`D7` or a day), `faults` are written as in `faults.rule`. `today`
    stands still when it is given. `roles` are what new tokens are good for; reports exist in the
    global `cloud` only. Lists of JSON come in pages of `page_size`; the client's secret, and its
    certificate if it has one, end in so many days from `today`. The client may also sign in with
    one of its `certificates`, in PEM, or a token of its `federation`; `identities` are those of
    this machine, `system` or a client id. Where downloads are is told by
    `serve`; without it a second origin is the same port under the other loopback name.
    """

    tenant_ids: Sequence[str] = (DEMO_TENANT_ID,)
    client_id: str = DEMO_CLIENT_ID
    client_secret: str = field(default=DEMO_CLIENT_SECRET, repr=False)
    certificates: Sequence[str] = ()
    federation: Federation | None = None
    identities: Iterable[str] = ()
    tenant_factory: Callable[[str], Tenant | None] = lambda _: None
    users: int = 50
    seed: int = 1
    activity: float = 0.3
    today: date | None = None
    lag: int = 2
    oddities: Iterable[str] = ()
    faults: Iterable[Spec] = ()
    roles: Iterable[str] = (REPORTS_ROLE,)
    cloud: str = "global"
    page_size: int = 100
    secret_days: int = 180
    certificate_days: int | None = None
    bodies: Bodies = field(default_factory=dict)
    enforce_quota: bool = False
    latency: float = 0.0
    download_lifetime: float = 300.0
    download_origin: Literal["same", "second"] = "second"
    download_endpoint: str = ""
    chunked: bool = False
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        """Check the names of oddities and faults, and remember how everything was at first."""
        self.oddities = frozenset(odd.name for odd in chosen(self.oddities))
        self.faults = list(self.faults)
        self.roles = frozenset(self.roles)
        _one_of(self.cloud, CLOUDS, "cloud")
        self._rules = rules(self.faults)
        self._tenants: dict[str, tuple[Tenant | None, list[Rule]]] = {}
        self._data: dict[tuple[object, ...], TenantData] = {}
        self._anchors: dict[str, date] = {}
        self._first = {name: getattr(self, name) for name in CHANGEABLE}
        self._lock = threading.Lock()

    def set_faults(self, specs: Iterable[Spec]) -> None:
        """Replace the faults that strike every tenant."""
        self._rules = rules(specs)

    def configure(self, **settings: Any) -> None:
        """Change settings by name; a day may be written as text.

        Raises:
            ValueError: a setting or an oddity has no such name.
        """
        if unknown := settings.keys() - CHANGEABLE.keys():
            raise ValueError(f"the simulator cannot change {', '.join(sorted(unknown))}")
        for name, value in {name: CHANGEABLE[name](settings[name]) for name in settings}.items():
            setattr(self, name, value)

    def restore(self) -> None:
        """Have all settings and faults as they were at first, and their counters at zero."""
        with self._lock:
            self._tenants.clear()
            self._anchors.clear()
        self.configure(**self._first)
        self.set_faults(self.faults)

    def current_day(self) -> date:
        """The day in UTC, or the one that was given."""
        return self.today or datetime.now(UTC).date()

    def refresh_date(self, tenant_id: str = "") -> date:
        """The newest day in the reports of this tenant, or of the first one."""
        tenant = self.tenant(tenant_id or self.tenant_ids[0])
        if tenant is None:
            raise ValueError(f"there is no tenant {tenant_id!r}")
        return self.data(tenant).refresh_date

    def tenant(self, tenant_id: str) -> Tenant | None:
        """The tenant with this id, in any case of letters."""
        return self._known(tenant_id)[0]

    def rules_for(self, tenant_id: str) -> list[Rule]:
        """The faults that may strike a request of this tenant."""
        return [*self._rules, *(self._known(tenant_id)[1] if tenant_id else ())]

    def roles_of(self, tenant: Tenant | None) -> frozenset[str]:
        """What a token that is issued now to this tenant is good for."""
        own = tenant.roles if tenant else None
        return frozenset(self.roles if own is None else own)

    def tenancy(self, tenant: Tenant) -> Tenancy:
        """What is known of a tenant beside its reports, as of now."""
        return Tenancy(
            tenant=tenant,
            today=self.current_day(),
            seed=self.seed if tenant.seed is None else tenant.seed,
            oddities=self._odd(tenant),
            page_size=self.page_size,
            secret_days=self.secret_days,
            certificate_days=self.certificate_days,
        )

    def _odd(self, tenant: Tenant) -> frozenset[str]:
        return frozenset(self.oddities if tenant.oddities is None else tenant.oddities)

    def data(self, tenant: Tenant) -> TenantData:
        """The reports of a tenant as of now; tenants with the same settings share them."""
        oddities = self._odd(tenant)
        lag = next((odd.lag for odd in chosen(oddities) if odd.lag), self.lag)
        refresh = self.current_day() - timedelta(days=lag)
        seed = self.seed if tenant.seed is None else tenant.seed
        users = self.users if tenant.users is None else tenant.users
        activity = self.activity if tenant.activity is None else tenant.activity
        with self._lock:
            anchor = self._anchors.setdefault(tenant.tenant_id, refresh)
            key = (seed, users, activity, oddities, refresh, anchor)
            if key not in self._data:
                self._data[key] = TenantData(
                    seed=seed,
                    users=users,
                    refresh_date=refresh,
                    activity=activity,
                    oddities=oddities,
                    anchor=anchor,
                )
            return self._data[key]

    def _known(self, tenant_id: str) -> tuple[Tenant | None, list[Rule]]:
        name = tenant_id.lower()
        with self._lock:
            if name not in self._tenants:
                tenant = self._own(name) or self.tenant_factory(name)
                self._tenants[name] = (tenant, rules(tenant.faults) if tenant else [])
            return self._tenants[name]

    def _own(self, name: str) -> Tenant | None:
        for number, tenant_id in enumerate(self.tenant_ids):
            if tenant_id.lower() == name:
                return Tenant(
                    tenant_id=tenant_id,
                    client_id=self.client_id,
                    client_secret=self.client_secret,
                    seed=self.seed + number,
                    bodies=self.bodies,
                    certificates=self.certificates,
                    federation=self.federation,
                )
        return None
