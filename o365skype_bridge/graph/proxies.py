"""Proxies: of HTTP, which the library below speaks, and of SOCKS, where a connection begins."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote

import urllib3.util
from urllib3.exceptions import NewConnectionError, ProxyError

from o365skype_bridge.errors import UnauthorizedError, UnreachableError
from o365skype_bridge.graph.trouble import PROXY_REMEDY

if TYPE_CHECKING:
    from o365skype_bridge.settings.values import Tenant

DEFAULT_PORT = 1080

REMOTE = {"socks4": False, "socks4a": True, "socks5": False, "socks5h": True}
"""Kinds of SOCKS, and whether the proxy resolves the names of hosts."""


class Proxy(NamedTuple):
    """A proxy of a tenant; ``url`` holds user and password where it has them."""

    url: str
    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS."""
        return self.scheme in REMOTE


def proxy_of(tenant: Tenant) -> Proxy | None:
    """Give a tenant's proxy, with the credentials that its file holds now.

    Raises `UnreachableError` for a URL that cannot be used.
    """
    if not tenant.proxy:
        return None
    url = tenant.proxy if "://" in tenant.proxy else f"http://{tenant.proxy}"
    try:
        parsed = urllib3.util.parse_url(url)
    except ValueError:
        parsed = urllib3.util.Url()
    scheme, host = parsed.scheme or "", parsed.host or ""
    if scheme not in ("http", "https", *REMOTE) or not host or not url.isprintable():
        raise UnreachableError("the proxy's URL is not usable", PROXY_REMEDY, lasting=True)
    user, _, password = _credentials(tenant, parsed.auth or "").partition(":")
    known = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    port = parsed.port or (DEFAULT_PORT if scheme in REMOTE else 0)
    where = f"{host}:{port}" if port else host
    return Proxy(f"{scheme}://{known}{where}", scheme, host.strip("[]"), port, user, password)


def _credentials(tenant: Tenant, in_url: str) -> str:
    """Give USER:PASSWORD. Raises `UnreachableError` for a file that cannot be used."""
    if not tenant.proxy_credentials:
        return unquote(in_url)
    try:
        found = tenant.proxy_credentials.reveal()
    except UnauthorizedError as error:
        raise UnreachableError(str(error), error.remedy, lasting=True) from error
    if ":" not in found:
        raise UnreachableError(
            "the proxy credentials file does not hold USER:PASSWORD",
            "Write both on one line, with a colon between them.",
            lasting=True,
        )
    return found


class Socks:
    """What makes a kind of connection begin at a SOCKS proxy; ``made`` is a kind of its sockets."""

    socks: Proxy
    made: Any

    def _new_conn(self: Any) -> socket.socket:
        """Have the proxy connect to the host."""
        import socks  # noqa: PLC0415 an extra

        proxy, kinds = self.socks, {"4": socks.SOCKS4, "5": socks.SOCKS5}
        try:
            [(family, *_), *_] = socket.getaddrinfo(proxy.host, proxy.port, 0, socket.SOCK_STREAM)
            made: socket.socket = self.made(family, socket.SOCK_STREAM)
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error
        made.set_proxy(  # type: ignore[attr-defined]
            kinds[proxy.scheme[5]],
            *(proxy.host, proxy.port),
            rdns=REMOTE[proxy.scheme],
            username=proxy.user or None,
            password=proxy.password or None,
        )
        try:
            made.connect((self._dns_host, self.port))
        except (socks.ProxyError, OSError) as error:
            made.close()
            raise ProxyError(str(error), error) from error
        return made


def socks_socket() -> type[socket.socket]:
    """Give the kind of socket that speaks SOCKS. Raises `UnreachableError` without the library."""
    try:
        import socks  # noqa: PLC0415 an extra
    except ImportError as error:
        raise UnreachableError(
            "a SOCKS proxy needs the package PySocks",
            "Install it with: pip install 'o365skype-bridge[socks]'.",
            lasting=True,
        ) from error
    kind: type[socket.socket] = socks.socksocket
    return kind
