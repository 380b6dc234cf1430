"""What lies between this host and Microsoft: names, connections, TLS, clock, cloud and token."""

from __future__ import annotations

import contextlib
import email.utils
import json
import socket
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from o365skype_bridge.doctor.findings import FAILED, OK, SKIPPED, WARNING, Finding
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.graph.auth import Token
from o365skype_bridge.graph.claims import roles_of
from o365skype_bridge.graph.http import Deadline, Http
from o365skype_bridge.settings.values import CLOUDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.settings.values import Tenant

PATIENCE = 8.0
"""Seconds for each of the steps."""

OFF, FAR_OFF = 60, 300
"""Seconds that a clock may be wrong before it is said, and before logins are refused."""

NTP = "Set this host's clock right, and keep it so with NTP (timedatectl set-ntp true)."
DNS = "Check /etc/resolv.conf and that this host may ask its name server."
URL = "Check O365_LOGIN_ENDPOINT, O365_GRAPH_ENDPOINT and O365_PROXY."
FIREWALL = "Let this host open connections to port 443 there, or name a proxy with O365_PROXY."


class Service:
    """One tenant's way to Microsoft, looked at step by step; a step that fails ends it."""

    def __init__(
        self, tenant: Tenant, reports: Sequence[Report], notice: Callable[[str], None]
    ) -> None:
        """Open nothing yet; ``notice`` is told of every step before it is taken."""
        self._notice = notice
        self._tenant = tenant
        self._reports = reports
        self._discovery: dict[str, Any] = {}
        self._offset: float | None = None
        self.token = ""
        self.roles: frozenset[str] = frozenset()

    def findings(self) -> Iterator[Finding]:
        """Look at one thing after the other; what depends on a failure is not looked at."""
        steps: tuple[tuple[str, Callable[[], Finding]], ...] = (
            ("name resolution", self._names),
            ("connection", self._connections),
            ("TLS", self._tls),
            ("clock", self._clock),
            ("cloud", self._cloud),
            ("token", self._token),
            ("roles", self._roles),
            ("download host", self._download),
        )
        broken = ""
        for name, step in steps:
            if broken:
                yield self._found(name, SKIPPED, f"not looked at, since {broken} failed")
                continue
            self._notice(name)
            try:
                found = step()
            except BridgeError as error:
                found = self._found(name, FAILED, str(error), error.remedy)
            except ValueError:
                found = self._found(name, FAILED, "the URL of a service or the proxy is none", URL)
            if found.state == FAILED and name not in ("clock", "cloud", "roles"):
                broken = name
            yield found

    def _found(self, check: str, state: str, text: str, remedy: str = "") -> Finding:
        return Finding(check, state, text, remedy, self._tenant.name)

    def _hosts(self) -> list[tuple[str, int]]:
        """Give the hosts that this one connects to itself: the proxy, or the services."""
        proxy, urls = self._tenant.proxy, [self._tenant.login_endpoint, self._tenant.graph_endpoint]
        if self._tenant.credential.is_local:
            urls = urls[1:]
        if proxy:
            urls = [proxy if "://" in proxy else f"http://{proxy}"]
        parsed = [urlsplit(url) for url in urls]
        default = 3128 if proxy else 443
        return list(dict.fromkeys((one.hostname or "", one.port or default) for one in parsed))

    def _names(self) -> Finding:
        for host, port in self._hosts():
            answer = _soon(partial(socket.getaddrinfo, host, port))
            if answer is None:
                return self._found(
                    "name resolution", FAILED, f"{host}: no answer in {PATIENCE:.0f} s", DNS
                )
            if isinstance(answer, Exception):
                return self._found("name resolution", FAILED, f"{host} cannot be resolved", DNS)
        names = ", ".join(host for host, _ in self._hosts())
        role = " (the proxy resolves all others)" if self._tenant.proxy else ""
        return self._found("name resolution", OK, f"{names}{role}")

    def _connections(self) -> Finding:
        for host, port in self._hosts():
            try:
                socket.create_connection((host, port), PATIENCE).close()
            except OSError as error:
                why = error.strerror or "no answer in time"
                return self._found("connection", FAILED, f"{host}:{port}: {why}", FIREWALL)
        names = ", ".join(f"{host}:{port}" for host, port in self._hosts())
        through = "the proxy answers at " if self._tenant.proxy else ""
        return self._found("connection", OK, f"{through}{names}")

    def _tls(self) -> Finding:
        with contextlib.closing(Http(self._tenant, Deadline(2 * PATIENCE))) as http:
            if not self._tenant.credential.is_local:
                self._discover(http)
            answer = http.get(f"{self._tenant.graph_endpoint}/v1.0/")
            self._note_time(answer.headers.get("Date"))
            http.done(answer)
        trust = f"by {self._tenant.ca_file}" if self._tenant.ca_file else "by the usual authorities"
        if self._tenant.insecure:
            return self._found("TLS", WARNING, "any certificate is taken", "Leave --insecure away.")
        return self._found("TLS", OK, f"the certificates of login and Graph are trusted {trust}")

    def _discover(self, http: Http) -> None:
        """Read what the login service says of the tenant."""
        tenant = self._tenant
        path = f"{tenant.tenant_id}/v2.0/.well-known/openid-configuration"
        answer = http.get(f"{tenant.login_endpoint}/{path}")
        self._note_time(answer.headers.get("Date"))
        body = http.short_body(answer)
        with contextlib.suppress(ValueError, RecursionError):
            content = json.loads(body)
            self._discovery = content if isinstance(content, dict) else {}

    def _note_time(self, date: str | None) -> None:
        try:
            said = email.utils.parsedate_to_datetime(date or "").timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        self._offset = time.time() - said

    def _clock(self) -> Finding:
        if self._offset is None:
            return self._found("clock", SKIPPED, "the services did not say what time it is")
        off = round(abs(self._offset))
        which = "ahead of" if self._offset > 0 else "behind"
        text = f"this host's clock is {off} s {which} Microsoft's"
        if off >= FAR_OFF:
            return self._found("clock", FAILED, text, NTP)
        if off >= OFF:
            return self._found("clock", WARNING, text, NTP)
        return self._found("clock", OK, "this host's clock agrees with Microsoft's")

    def _cloud(self) -> Finding:
        used = urlsplit(self._tenant.graph_endpoint).hostname
        said = self._discovery.get("msgraph_host")
        if not isinstance(said, str) or not said:
            return self._found("cloud", SKIPPED, "the login service does not say which one it is")
        wanted = urlsplit(f"https://{said}").hostname or said
        cloud = next((name for name, ends in CLOUDS.items() if ends[1].endswith(f"//{wanted}")), "")
        named = f"{cloud or 'another one'} ({wanted})"
        if wanted == used:
            return self._found("cloud", OK, f"{cloud or wanted}: login and Graph belong together")
        return self._found(
            "cloud",
            FAILED,
            f"the tenant lives in the cloud {named}, and {used} is asked",
            f"Set O365_CLOUD={cloud}." if cloud else "Set O365_GRAPH_ENDPOINT to that host.",
        )

    def _token(self) -> Finding:
        with contextlib.closing(Http(self._tenant, Deadline(2 * PATIENCE))) as http:
            self._tenant.require()
            # Not kept: what the kept one says is no answer to whether a login works now.
            guard = contextlib.nullcontext(enter_result=False)
            self.token = Token(self._tenant, http, "", lambda: guard).get()
        way = self._tenant.credential.what
        return self._found(
            "token", OK, f"{self._tenant.credential.service(self._tenant)} takes the {way}"
        )

    def _roles(self) -> Finding:
        self.roles = roles_of(self.token)
        needed = {report.permission for report in self._reports if report.function}
        missing = sorted(needed - self.roles)
        granted = ", ".join(sorted(self.roles)) or "none"
        if not missing:
            return self._found("roles", OK, f"granted: {granted}")
        lacking = [report.name for report in self._reports if report.permission in missing]
        return self._found(
            "roles",
            FAILED,
            f"granted: {granted}; missing: {', '.join(missing)}, for {', '.join(lacking)}",
            "Add it in Entra (App registrations, API permissions, Application permissions) and "
            "grant admin consent; or leave these reports away with --report.",
        )

    def _download(self) -> Finding:
        report = next((one for one in self._reports if one.function and not one.is_list), None)
        if report is None or report.permission not in self.roles:
            return self._found(
                "download host", SKIPPED, "no report is asked for that is downloaded"
            )
        tenant = self._tenant
        url = f"{tenant.graph_endpoint}/v1.0/reports/{report.function}(period='D7')"
        with contextlib.closing(Http(tenant, Deadline(2 * PATIENCE))) as http:
            answer = http.get(url, {"Authorization": f"Bearer {self.token}"})
            location = answer.headers.get("Location", "")
            http.done(answer)
            if not location:
                return self._found(
                    "download host",
                    SKIPPED,
                    f"Graph answered HTTP {answer.status_code} without one",
                )
            host = urlsplit(location)
            http.done(http.download(f"https://{host.netloc}/"))
        return self._found("download host", OK, f"{host.netloc} answers")


def _soon(work: Callable[[], Any]) -> Any:
    """Give what a call gives or raises, None when that takes too long."""
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(work())
        except (OSError, UnicodeError) as error:
            answers.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return answers[0] if answers else None
