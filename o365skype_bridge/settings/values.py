"""The settings of a run as values."""

from __future__ import annotations

from o365skype_bridge.errors import UnauthorizedError
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.settings.credential import KEYS, Credential, Secret

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping

    from o365skype_bridge.model.declare import Report

DAY = 86400.0


class Tenant(Frozen):
    """One tenant: who we are there, and how it is reached."""

    name: str
    tenant_id: str = ""
    client_id: str = ""
    credential: Credential = Secret()
    login_endpoint: str = "https://login.microsoftonline.com"
    graph_endpoint: str = "https://graph.microsoft.com"
    ca_file: str = ""
    proxy: str = ""
    proxy_credentials: Secret = Secret()
    """The proxy's user and password, as USER:PASSWORD."""

    download_hosts: tuple[str, ...] = ()
    groups: str = ""
    """The CSV file that says who is in which group; blank if nobody wants to know."""

    group_minimum: int = 5
    """Members that a group must have to be told apart."""

    secret_expires: str = ""
    """The day on which the secret ends, as 2027-01-31; blank if Graph is to be asked."""

    insecure: bool = False
    """Take any certificate; for a drop-in that is told so, not a setting of ours."""

    @property
    def identity(self) -> str:
        """What makes results belong together: another value is another tenant's state."""
        parts = (self.tenant_id, self.client_id, self.login_endpoint, self.graph_endpoint)
        return "\n".join(parts)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that its settings name."""
        every = (*self.credential.files, *self.proxy_credentials.files, self.ca_file, self.groups)
        return tuple(path for path in every if path)

    def require(self) -> None:
        """Refuse a tenant that cannot sign in, naming what is missing."""
        for setting in self.credential.needs:
            if not getattr(self, setting):
                raise UnauthorizedError(
                    f"tenant {self.name!a}: no {setting.replace('_', ' ')}",
                    f"Set O365_{setting.upper()}, or {setting} in the configuration file, "
                    f"or --{setting.replace('_', '-')}.",
                )
        if not self.credential:
            raise UnauthorizedError(
                f"tenant {self.name!a}: no {self.credential.what}", self.credential.remedy
            )


class Chosen(Frozen):
    """Names of reports and families as they were given, none for the default; and by what.

    So are the periods.
    """

    names: tuple[str, ...] = ()
    setting: str = ""
    periods: tuple[str, ...] = ()
    period_setting: str = ""

    def __bool__(self) -> bool:
        """Say whether anything was named."""
        return bool(self.names)


class Settings(Frozen):
    """Everything that does not depend on the output. Durations are seconds.

    ``refresh_interval`` is None where each report's own counts. ``max_age`` is the age of data from
    which on it is not served stale any more: the three days that reports usually lag, and four
    more. ``services`` names those of a list that are wanted, none for all. ``judging`` holds the
    texts of the settings in `JUDGING`, for outputs that judge.
    """

    tenants: tuple[Tenant, ...]
    state_dir: str
    deadline: float = 8.0
    refresh_interval: float | None = None
    max_age: float = 7 * DAY
    background: bool = True
    reports: Chosen = Chosen()
    services: tuple[str, ...] = ()
    judging: Mapping[str, str] = {}
    warnings: tuple[str, ...] = ()

    def interval(self, report: Report) -> float:
        """Give the seconds after which Graph is asked again for a report, 0 for always."""
        own, chosen = report.interval, self.refresh_interval
        return own if chosen is None else chosen


CLOUDS = {
    "global": ("https://login.microsoftonline.com", "https://graph.microsoft.com"),
    "usgov": ("https://login.microsoftonline.us", "https://graph.microsoft.us"),
    "usgov-dod": ("https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
    "china": ("https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"),
}
"""Microsoft's clouds: where each has its login service and its Graph."""

IDENTITY = ("tenant_id", "client_id", *KEYS)
CONNECTION = (
    "cloud",
    "login_endpoint",
    "graph_endpoint",
    "ca_file",
    "proxy",
    "proxy_credentials_file",
    "download_hosts",
    "secret_expires",
    "groups",
    "group_minimum",
)
GENERAL = ("state_dir", "deadline", "refresh_interval", "max_age", "background")
REPORTS = "reports"
PERIOD = "period"
SERVICES = "services"
NUMBERS = ("deadline", "refresh_interval", "max_age")
JUDGING = ("stale_state", "warning_age", "critical_age", "warning_confirmed", "critical_confirmed")
