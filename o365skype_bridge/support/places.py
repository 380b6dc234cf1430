"""Hosts and URLs without what they tell: tenants, ids, tickets, and who sits behind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from o365skype_bridge.graph import taping
from o365skype_bridge.settings.values import CLOUDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o365skype_bridge.graph.taping import Exchange
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.settings.values import Tenant
    from o365skype_bridge.support.names import Names

OFFICE = ".office.com"
EVERYBODYS = frozenset(
    {
        *(urlsplit(url).netloc for urls in CLOUDS.values() for url in urls),
        *("reports.office.com", "reportsncu.office.com", "reportsweu.office.com"),
        *("127.0.0.1", "localhost", "169.254.169.254"),
    }
)
"""Hosts that tell nothing about anybody."""

FUNCTION = re.compile(r"[A-Za-z0-9]{1,80}\((?:period='D\d{1,3}'|date=\d{4}-\d\d-\d\d)\)")
LOGIN_PARTS = frozenset(
    {"oauth2", "v2.0", "token", "authorize", "common", ".well-known", "openid-configuration", ""}
    | {"metadata", "identity", "organizations"}
)
LONGEST = 1 << 14
NOWHERE = "https://elsewhere.example.invalid/"


class Places:
    """Where the services of a tenant are, as they are and as they are shown."""

    def __init__(self, tenant: Tenant, reports: Sequence[Report], names: Names) -> None:
        """Take a tenant, and the reports that it may be asked for."""
        self._names = names
        self._tenant = tenant
        self.graph = self.root(tenant.graph_endpoint)
        self.login = self.root(tenant.login_endpoint)
        client = quote(names.of(tenant.client_id), safe="")
        real = quote(tenant.client_id, safe="")
        lists = [report.path for report in reports if report.is_list]
        self._lists = {
            f"{tenant.graph_endpoint}/v1.0{path.replace('{client_id}', real)}": (
                f"{self.graph}/v1.0{path.replace('{client_id}', client)}"
            )
            for path in lists
        }

    def host(self, netloc: str) -> str:
        """Give what stands for a host; its port stays."""
        name, port = netloc.rpartition("@")[2], ""
        if found := re.fullmatch(r"(.*?)(:\d{1,5})", name):
            name, port = found.groups()
        if name.lower() in EVERYBODYS:
            return f"{name.lower()}{port}"
        form = "microsoft" if name.lower().endswith(OFFICE) else "host"
        return f"{self._names.of(name.lower(), form)}{port}"

    def root(self, url: str) -> str:
        """Give what stands for an endpoint, with as many steps as it has."""
        parts = urlsplit(url)
        steps = [self._names.of(step, "path") for step in parts.path.split("/")]
        return f"{parts.scheme}://{self.host(parts.netloc)}{'/'.join(steps)}"

    def asked(self, exchange: Exchange) -> str:
        """Give what stands for the URL of a request."""
        if exchange.kind in (taping.DISCOVERY, taping.TOKEN):
            return self.login_url(exchange.url)
        if exchange.kind == taping.DOWNLOAD:
            return self.location(exchange.url)
        return self.graph_url(exchange.url)

    def login_url(self, url: str) -> str:
        """Give what stands for a URL of the login service: its shape, and whose it is."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return NOWHERE
        steps = [
            step if step in LOGIN_PARTS else self._names.of(step)
            for step in parts.path.split("/")[:20]
        ]
        scheme = parts.scheme if parts.scheme in ("http", "https") else "other"
        return f"{scheme}://{self.host(parts.netloc)}{'/'.join(steps)}"

    def graph_url(self, url: str) -> str:
        """Give what stands for a URL of Graph's; one that nobody but Graph has made tells nothing.

        A next page that the collector refuses stays one that it refuses.
        """
        if report := self._report(url):
            return f"{self.graph}/{report}"
        if url in self._lists:
            return self._lists[url]
        mine = url.startswith(f"{self._tenant.graph_endpoint}/") and url.isprintable()
        if not mine or "\\" in url:
            return NOWHERE
        return f"{self.graph}/v1.0/{self._names.of(url, 'path')}"

    def _report(self, url: str) -> str:
        """Give the path of a report's URL; nothing for another one."""
        root = f"{self._tenant.graph_endpoint}/"
        path = url.removeprefix(root)
        reports = "v1.0/reports/"
        is_one = url.startswith(root + reports) and FUNCTION.fullmatch(path.removeprefix(reports))
        return path if is_one else ""

    def location(self, text: str) -> str:
        """Give what stands for the link to a download: its host, and whatever is odd about it."""
        if not text:
            return ""
        made = self._link(text)
        if not text.isascii():
            made += "\u00e9"
        if not text.isprintable():
            made += "\x7f"
        if "\\" in text:
            made += "\\"
        return made + "x" * LONGEST if len(text) > LONGEST else made

    def _link(self, text: str) -> str:
        try:
            whole = urljoin(f"{self._tenant.graph_endpoint}/", text)
            parts = urlsplit(whole)
            host = self.host(parts.netloc)
        except ValueError:
            return "https://[/"
        # One question asked again is answered by another link: what counts is that it is one.
        path = self._report(whole) or self._names.of(whole, "path")
        if not urlsplit(text).netloc:
            return f"/{path}"
        if not host:
            return "https://"
        scheme = parts.scheme if parts.scheme in ("http", "https") else "other"
        user = "user@" if "@" in parts.netloc else ""
        return f"{scheme}://{user}{host}/{path}"
