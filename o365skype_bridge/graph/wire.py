"""Connections of which no single step outlives a deadline, however slowly the other side talks.

A time-out of the libraries below is one of a read, and a line of a header may take any number of
those. So each read of a socket, a handshake's and a proxy's answer included, is given no more
than what is left.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.ssl_ import create_urllib3_context

from o365skype_bridge.errors import PendingError
from o365skype_bridge.graph.proxies import Socks, socks_socket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from o365skype_bridge.graph.proxies import Proxy

READ_TIMEOUT = 30.0
CONNECT_TIMEOUT = 10.0
"""Seconds of silence after which nobody hopes any more, and for connecting to one address."""


class Deadline:
    """A point on the monotonic clock by which everything must be over."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Start now."""
        self._clock = clock
        self.restart(seconds)

    def restart(self, seconds: float) -> None:
        """Start anew, now."""
        self._end = self._clock() + seconds

    @property
    def remaining(self) -> float:
        """Give the seconds left, never below zero."""
        return max(self._end - self._clock(), 0.0)

    def check(self) -> None:
        """Raise `PendingError` when it has passed."""
        if not self.remaining:
            raise PendingError("the deadline passed before the report had arrived")

    @contextlib.contextmanager
    def nearer(self, seconds: float) -> Iterator[None]:
        """Have no more than so many seconds in the body."""
        end = self._end
        self._end = min(end, self._clock() + seconds)
        try:
            yield
        finally:
            self._end = end


class _Timed:
    """What makes a kind of socket obey its class's deadline."""

    deadline: Deadline

    def connect(self: Any, address: Any) -> None:
        """Connect, if that is possible soon."""
        self._arm(CONNECT_TIMEOUT)
        super().connect(address)  # type: ignore[misc]

    def do_handshake(self: Any, *words: Any) -> None:
        """Agree on TLS."""
        self._arm(CONNECT_TIMEOUT)
        super().do_handshake(*words)  # type: ignore[misc]

    def recv(self: Any, *words: Any) -> bytes:
        """Receive what there is."""
        self._arm(READ_TIMEOUT)
        received: bytes = super().recv(*words)  # type: ignore[misc]
        return received

    def recv_into(self: Any, *words: Any) -> int:
        """Receive what there is."""
        self._arm(READ_TIMEOUT)
        received: int = super().recv_into(*words)  # type: ignore[misc]
        return received

    def sendall(self: Any, *words: Any) -> None:
        """Send everything."""
        self._arm(READ_TIMEOUT)
        super().sendall(*words)  # type: ignore[misc]

    def _arm(self: Any, most: float) -> None:
        left = self.deadline.remaining
        if not left:
            raise TimeoutError("timed out")
        self.settimeout(min(most, left))


class Adapter(HTTPAdapter):
    """What `requests` sends by, over connections that obey a deadline."""

    def __init__(
        self,
        deadline: Deadline,
        *,
        insecure: bool,
        authorities: str = "",
        local: bool = False,
        socks: Proxy | None = None,
    ) -> None:
        """Open nothing yet; ``insecure`` takes any certificate.

        ``authorities`` is the file of those that a proxy is trusted by. ``local`` speaks HTTP
        without TLS, too, as this machine's own endpoints do. ``socks`` is the proxy that every
        connection with TLS begins at.
        """
        plain = type("Plain", (_Timed, socket.socket), {"deadline": deadline})
        secure = type("Secure", (_Timed, ssl.SSLSocket), {"deadline": deadline})
        kinds = (HTTPSConnectionPool, HTTPConnectionPool) if local else (HTTPSConnectionPool,)
        self._pools = {kind.scheme: _having(kind, _Timely, {"plain": plain}) for kind in kinds}
        if socks:
            made = type("Made", (_Timed, socks_socket()), {"deadline": deadline})
            own = {"socks": socks, "made": made}
            self._pools["https"] = _having(HTTPSConnectionPool, Socks, own)
        self._authorities = authorities
        self._context = create_urllib3_context(
            cert_reqs=ssl.CERT_NONE if insecure else ssl.CERT_REQUIRED
        )
        self._context.sslsocket_class = secure
        super().__init__(max_retries=0)

    def init_poolmanager(self, *words: Any, **options: Any) -> None:
        """Make what keeps the connections; see `HTTPAdapter`."""
        super().init_poolmanager(*words, **options, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Make what keeps the connections through a proxy; see `HTTPAdapter`."""
        if self._authorities and proxy.lower().startswith("https://"):
            # A pool loads them for the service behind the proxy, and by then it is too late.
            self._context.load_verify_locations(self._authorities)
        options |= {"ssl_context": self._context, "proxy_ssl_context": self._context}
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _having(pool: Any, first: type, own: Mapping[str, Any]) -> Any:
    """Give a kind of pool whose connections begin as ``first`` says, with what is its ``own``."""
    connection = type("Connection", (first, pool.ConnectionCls), dict(own))
    return type("Pool", (pool,), {"ConnectionCls": connection})


class _Timely:
    """What makes a kind of connection begin with a socket that obeys the deadline."""

    plain: Callable[..., socket.socket]

    def _new_conn(self: Any) -> socket.socket:
        """Connect to the first of the host's addresses that answers."""
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, 0, socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NameResolutionError(self.host, self, error) from error  # type: ignore[arg-type]
        trouble: OSError = OSError("no address")
        for family, kind, number, _, address in found:
            try:
                return _opened(self.plain(family, kind, number), self.socket_options, address)
            except OSError as error:
                trouble = error
        if isinstance(trouble, TimeoutError):
            raise ConnectTimeoutError(self, "timed out") from trouble
        raise NewConnectionError(self, str(trouble)) from trouble


def _opened(made: socket.socket, options: Any, address: Any) -> socket.socket:
    """Connect a socket, or close it."""
    try:
        for option in options or ():
            made.setsockopt(*option)
        made.connect(address)
    except BaseException:
        made.close()
        raise
    return made
