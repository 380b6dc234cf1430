"""The settings of a run as values, and the secret that none of them shows."""

from __future__ import annotations

import os

from o365skype_bridge.errors import UnauthorizedError
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.process import files

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping

    from o365skype_bridge.model.declare import Report

OTHERS_WRITE = 0o022
ONLY_OWN = 0o1000
"""The mode bit of a folder in which users can replace their own files only."""

DAY = 86400.0


def is_exposed(status: os.stat_result) -> bool:
    """Say whether users can read a file that need not.

    A file of somebody else's that we read as a member of its group is meant to be that way.
    """
    theirs = 0o004 if status.st_uid != os.geteuid() else 0o044
    return bool(status.st_mode & theirs)


def changeable(what: str, path: str) -> list[str]:
    """Give a warning when others can change a file, or put another one in its place."""
    folder = os.path.dirname(path) or "."
    try:
        if os.stat(path).st_mode & OTHERS_WRITE:
            return [f"other users can change {what} {path}: run chmod go-w on it"]
        mode = os.stat(folder).st_mode
    except (OSError, ValueError):
        return []
    if mode & OTHERS_WRITE and not mode & ONLY_OWN:
        return [f"other users can replace {what} {path}: run chmod go-w on {folder}"]
    return []


class Secret:
    """A client secret, or the file that holds it; never shown by `repr` or `str`."""

    def __init__(self, value: str = "", file: str = "") -> None:
        """Take one of the two."""
        self._value = value
        self.file = file

    def __bool__(self) -> bool:
        """Say whether anything was given."""
        return bool(self._value or self.file)

    def __repr__(self) -> str:
        """Show nothing."""
        return "Secret(***)"

    def warnings(self) -> list[str]:
        """Say so when other users can read or change the file."""
        if not self.file:
            return []
        said = changeable(FILE, self.file)
        try:
            exposed = is_exposed(os.stat(self.file))
        except (OSError, ValueError):
            return said
        if exposed:
            said.append(f"other users can read {FILE} {self.file}: run chmod 600 on it")
        return said

    def reveal(self) -> str:
        """Give the secret itself, for the login request only; a file is read now."""
        if not self.file:
            return self._value
        try:
            value = text_of(files.read(self.file, files.SMALL)[0]).strip("\r\n")
        except (OSError, ValueError) as error:
            raise UnauthorizedError(
                f"{FILE} {self.file!a} cannot be read: {reason(error)}",
                "Name a file that this user can read and that holds the secret's value alone.",
            ) from error
        if not value:
            raise UnauthorizedError(
                f"{FILE} {self.file!a} is empty", "Put the secret's value into it."
            )
        if has_controls(value):
            raise UnauthorizedError(
                f"{FILE} {self.file!a} holds control characters",
                "Put the secret's value alone into it, as UTF-8 text on one line.",
            )
        return value


class Tenant(Frozen):
    """One tenant: who we are there, and how it is reached."""

    name: str
    tenant_id: str = ""
    client_id: str = ""
    client_secret: Secret = Secret()
    login_endpoint: str = "https://login.microsoftonline.com"
    graph_endpoint: str = "https://graph.microsoft.com"
    ca_file: str = ""
    proxy: str = ""
    download_hosts: tuple[str, ...] = ()
    secret_expires: str = ""
    """The day on which the secret ends, as 2027-01-31; blank if Graph is to be asked."""

    insecure: bool = False
    """Take any certificate; for a drop-in that is told so, not a setting of ours."""

    @property
    def identity(self) -> str:
        """What makes results belong together: another value is another tenant's state."""
        parts = (self.tenant_id, self.client_id, self.login_endpoint, self.graph_endpoint)
        return "\n".join(parts)

    def require(self) -> None:
        """Refuse a tenant that cannot log in, naming what is missing."""
        for setting in ("tenant_id", "client_id", "client_secret"):
            if not getattr(self, setting):
                flag, variable = setting.replace("_", "-"), f"O365_{setting.upper()}"
                extra = f" or {variable}_FILE" if setting == "client_secret" else ""
                raise UnauthorizedError(
                    f"tenant {self.name!a}: no {setting.replace('_', ' ')}",
                    f"Set {variable}{extra}, or {setting} in the configuration file, "
                    f"or --{flag}{'-file' if extra else ''}.",
                )


class Chosen(Frozen):
    """Names of reports and families as they were given, none for the default; and by what."""

    names: tuple[str, ...] = ()
    setting: str = ""

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

IDENTITY = ("tenant_id", "client_id", "client_secret", "client_secret_file")
CONNECTION = (
    "cloud",
    "login_endpoint",
    "graph_endpoint",
    "ca_file",
    "proxy",
    "download_hosts",
    "secret_expires",
)
GENERAL = ("state_dir", "deadline", "refresh_interval", "max_age", "background")
REPORTS = "reports"
SERVICES = "services"
NUMBERS = ("deadline", "refresh_interval", "max_age")
JUDGING = ("stale_state", "warning_age", "critical_age", "warning_confirmed", "critical_confirmed")


FILE = "the client secret file"


def reason(error: Exception) -> str:
    """Say why a file could not be used, without its name."""
    return error.strerror or "error" if isinstance(error, OSError) else "it is not UTF-8 text"


def text_of(content: bytes) -> str:
    """Read a file's text, which may begin with the mark that editors put there.

    Raises `ValueError` when it is not UTF-8.
    """
    return content.removeprefix(b"\xef\xbb\xbf").decode()


def has_controls(text: str) -> bool:
    """Say whether a text holds what no line of text does."""
    return any(char < " " or "\x7f" <= char <= "\x9f" for char in text)
