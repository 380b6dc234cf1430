"""Requests over TLS: time-outs, proxy, bounded bodies, no redirects, and errors of ours."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import requests
import urllib3.exceptions
import urllib3.util
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from o365skype_bridge import __version__
from o365skype_bridge.errors import BridgeError, UnreachableError
from o365skype_bridge.graph import exchange
from o365skype_bridge.graph.proxies import proxy_of
from o365skype_bridge.graph.refusals import printable
from o365skype_bridge.graph.trouble import CA_REMEDY, ENDLESS, TROUBLE, unreachable
from o365skype_bridge.graph.wire import CONNECT_TIMEOUT, READ_TIMEOUT, Adapter, Deadline
from o365skype_bridge.process import files
from o365skype_bridge.reading.unpacking import CHUNK, CODINGS, codings, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o365skype_bridge.settings.values import Tenant

__all__ = ["Deadline", "Http"]

LARGEST_ERROR = 1 << 16
LARGEST_LOGIN = 1 << 20
LARGEST_REPORT = 4 << 30
"""Bytes, unpacked, that are read of a refusal, of the login service, and of a report."""

PATIENCE = 3.0
NO_PATIENCE = 0.2
"""Seconds for a body whose status has said what matters, and for one that says nothing."""

HEADERS = {
    "User-Agent": f"o365skype-bridge/{__version__}",
    "Accept": "*/*",
    "Accept-Encoding": CODINGS,
}


class Http:
    """Sends requests, and obeys a deadline in every step of each.

    The environment is not trusted: a ``~/.netrc`` would replace the bearer token, and proxies
    and CA come from the settings. Cookies are not kept and redirects not followed.
    """

    def __init__(self, tenant: Tenant, deadline: Deadline) -> None:
        """Open no connection yet. Raises `UnreachableError` for settings that cannot be used."""
        check_root(tenant.graph_endpoint, "O365_GRAPH_ENDPOINT")
        check_root(tenant.login_endpoint, "O365_LOGIN_ENDPOINT")
        proxy = proxy_of(tenant)
        socks = proxy if proxy and proxy.is_socks else None
        trusted = "" if tenant.insecure else _authorities(tenant.ca_file)
        self._adapter = Adapter(
            deadline,
            insecure=tenant.insecure,
            authorities=trusted,
            local=tenant.credential.is_local,
            socks=socks,
        )
        self._ways: dict[str, Any] = {
            "verify": trusted or False,
            "proxies": {"https": proxy.url} if proxy and not socks else {},
        }
        if tenant.insecure:  # who asked for it need not be told at every request
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._ca_file, self._proxy = tenant.ca_file, tenant.proxy
        self.deadline = deadline

    def close(self) -> None:
        """Close the connections."""
        self._adapter.close()

    def send(
        self, method: str, url: str, headers: dict[str, str] | None = None, **options: Any
    ) -> requests.Response:
        """Send a request and give the answer, of which only the headers were read.

        ``options`` are those of `requests.Request`. Raises `BridgeError`.
        """
        with self.mapped(url):
            asked = requests.Request(method, url, {**HEADERS, **(headers or {})}, **options)
            return self._sent(asked.prepare())

    def get(self, url: str, headers: dict[str, str] | None = None) -> requests.Response:
        """Send a GET; see `send`."""
        return self.send("GET", url, headers)

    def download(self, url: str) -> requests.Response:
        """GET a URL exactly as it is written, without any credential; see `send`."""
        with self.mapped(url):
            prepared = requests.Request("GET", url, HEADERS).prepare()
            prepared.headers.pop("Authorization", None)
            prepared.url = url  # as signed; requests would unquote what need not be quoted
            return self._sent(prepared)

    def _sent(self, prepared: requests.PreparedRequest) -> requests.Response:
        self.deadline.check()
        left = self.deadline.remaining
        timeout = min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left)
        # A session would read the bodies of redirects, and choke on where they lead.
        began = exchange.asked(prepared, self._proxy)
        try:
            response = self._adapter.send(prepared, stream=True, timeout=timeout, **self._ways)
        except BaseException as error:
            exchange.unanswered(error, began)
            raise
        exchange.answered(response, began)
        return response

    def body(self, response: requests.Response) -> Iterator[bytes]:
        """Give a report's body in chunks, unpacked; one that may be cut is an error."""
        size, raw = 0, response.raw
        coding = response.headers.get("Content-Encoding", "")
        with self.mapped(response.url), contextlib.closing(response):
            if raw.length_remaining is None and not raw.chunked and not codings(coding):
                raise EOFError(ENDLESS)
            for chunk in self._arriving(response):
                size += len(chunk)
                if size > LARGEST_REPORT:
                    raise UnreachableError(f"the report is larger than {LARGEST_REPORT} bytes")
                yield chunk

    def _arriving(self, response: requests.Response) -> Iterator[bytes]:
        """Give what arrives, as it comes, so that a trickle meets the deadline."""
        with self.mapped(response.url), contextlib.closing(response):
            for chunk in unpacked(_raw(response), response.headers.get("Content-Encoding", "")):
                if not self.deadline.remaining:
                    raise TimeoutError
                yield chunk

    def whole_body(self, response: requests.Response, most: int = LARGEST_LOGIN) -> bytes:
        """Give a body that is never long; one that is raises `UnreachableError`."""
        found = bytearray()
        for chunk in self._arriving(response):
            found += chunk
            if len(found) > most:
                raise UnreachableError(
                    f"{self._host(response.url)}: the answer is larger than any should be",
                    lasting=True,
                )
        return bytes(found)

    def short_body(self, response: requests.Response, patience: float = PATIENCE) -> bytes:
        """Give the first bytes of a body that matters little: what soon comes of them."""
        found = bytearray()
        patience = min(patience, self.deadline.remaining / 2)  # who is refused may ask once more
        with contextlib.suppress(BridgeError), self.deadline.nearer(patience):
            for chunk in self._arriving(response):
                found += chunk
                if len(found) >= LARGEST_ERROR:
                    break
        return bytes(found[:LARGEST_ERROR])

    def done(self, response: requests.Response) -> None:
        """Be done with an answer whose body says nothing, so that its connection can go on."""
        self.short_body(response, NO_PATIENCE)

    @contextlib.contextmanager
    def mapped(self, url: str) -> Iterator[None]:
        """Turn every exception of the libraries below into one of ours."""
        try:
            yield
        except TROUBLE as error:
            raise unreachable(error, self._host(url), self._ca_file) from error

    @staticmethod
    def _host(url: str) -> str:
        try:
            return printable(urllib3.util.parse_url(url).netloc or "?", 100)
        except ValueError:
            return "?"


def _raw(response: requests.Response) -> Iterator[bytes]:
    # What has arrived is given as it comes, so that somebody looks at the time.
    while chunk := response.raw.read1(CHUNK, decode_content=False):
        yield chunk


def check_root(url: str, setting: str) -> None:
    """Refuse a URL that no path can be added to. Raises `UnreachableError`."""
    try:
        parsed = urllib3.util.parse_url(url)
    except ValueError:
        parsed = urllib3.util.Url()
    usable = parsed.scheme == "https" and parsed.host and url.isprintable() and " " not in url
    if not usable or parsed.auth or parsed.query is not None or parsed.fragment is not None:
        raise UnreachableError(
            f"{setting} is not the URL of a service",
            f"Set {setting} to https://HOST or https://HOST:PORT.",
            lasting=True,
        )


def _authorities(file: str) -> str:
    """Give where the HTTP library finds the authorities that it is to trust."""
    try:
        return files.for_library(file or DEFAULT_CA_BUNDLE_PATH, files.MIDDLING)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no file's name"
        raise UnreachableError(
            f"the CA file {file!a} cannot be used: {why}", CA_REMEDY, lasting=True
        ) from error
