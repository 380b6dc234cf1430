"""One HTTP session: time-outs, TLS, proxy, no redirects, and our errors instead of its own."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from o365skype_bridge import __version__, files
from o365skype_bridge.errors import PendingError, UnreachableError
from o365skype_bridge.graph.refusals import login_code, printable, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from o365skype_bridge.settings import Tenant

READ_TIMEOUT = 30.0
CONNECT_TIMEOUT = 10.0
CHUNK = 1 << 16
LARGEST_ERROR = 1 << 16
LARGEST_REPORT = 4 << 30


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


class Http:
    """A `requests.Session` that obeys a deadline. MSAL uses it too (`get`, `post`, `close`).

    The environment is not trusted: a ``~/.netrc`` would replace the bearer token, and proxies
    and CA come from the settings.
    """

    def __init__(self, tenant: Tenant, deadline: Deadline) -> None:
        """Open no connection yet."""
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = not tenant.insecure and _authorities(tenant.ca_file)
        self._session.proxies = {"https": tenant.proxy} if tenant.proxy else {}
        self._session.headers["User-Agent"] = f"o365skype-bridge/{__version__}"
        self._session.mount("https://", HTTPAdapter(max_retries=0))
        if tenant.insecure:  # who asked for it need not be told at every request
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._ca_file = tenant.ca_file
        self.deadline = deadline
        self.last_status = 0
        self.last_wait: float | None = None
        self.last_refusal = ""

    def get(self, url: str, **options: Any) -> requests.Response:
        """Send a GET; see `requests.Session.get`."""
        return self._send("GET", url, options)

    def post(self, url: str, **options: Any) -> requests.Response:
        """Send a POST; see `requests.Session.post`."""
        return self._send("POST", url, options)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _send(self, method: str, url: str, options: Mapping[str, Any]) -> requests.Response:
        settings: dict[str, Any] = dict(options)
        settings["timeout"] = self._timeout()
        settings["allow_redirects"] = False
        with self.mapped(url):
            response = self._session.request(method, url, **settings)
        self.last_status, self.last_wait = response.status_code, retry_after(response.headers)
        if not settings.get("stream"):  # MSAL's own, of which it keeps the code to itself
            self.last_refusal = login_code(response.content)
        return response

    def download(self, url: str) -> requests.Response:
        """GET a URL exactly as it is written, without any credential, as a stream."""
        timeout = self._timeout()
        with self.mapped(url):
            prepared = self._session.prepare_request(requests.Request("GET", url))
            prepared.headers.pop("Authorization", None)
            prepared.url = url  # as signed; requests would unquote what need not be quoted
            return self._session.send(
                prepared,
                stream=True,
                timeout=timeout,
                allow_redirects=False,
                proxies=self._session.proxies,
                verify=self._session.verify,
            )

    def _timeout(self) -> tuple[float, float]:
        """Give the seconds for connecting and for each read. Raises `PendingError` without any."""
        self.deadline.check()
        left = self.deadline.remaining
        return min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left)

    def body(self, response: requests.Response) -> Iterator[bytes]:
        """Give a response's body in chunks, unpacked; a cut one is an error."""
        size = 0
        with self.mapped(response.url), contextlib.closing(response):
            # What has arrived is looked at as it comes, so that a trickle meets the deadline.
            while chunk := response.raw.read1(CHUNK, decode_content=True):
                self.deadline.check()
                size += len(chunk)
                if size > LARGEST_REPORT:
                    raise UnreachableError(f"the report is larger than {LARGEST_REPORT} bytes")
                yield chunk

    def short_body(self, response: requests.Response) -> bytes:
        """Give the first bytes of an error's body."""
        with self.mapped(response.url), contextlib.closing(response):
            for chunk in response.iter_content(LARGEST_ERROR):
                return bytes(chunk)
        return b""

    @contextlib.contextmanager
    def mapped(self, url: str) -> Iterator[None]:
        """Turn every exception of requests and urllib3 into one of ours."""
        host = urllib3.util.parse_url(url).netloc or "?"
        try:
            yield
        except (urllib3.exceptions.HTTPError, OSError) as error:  # those of requests are OSErrors
            raise self._unreachable(error, printable(host, 100)) from error

    def _unreachable(self, error: Exception, host: str) -> UnreachableError:
        if isinstance(error, requests.exceptions.InvalidSchema | requests.exceptions.InvalidURL):
            return UnreachableError(
                f"{host} or the proxy's URL is not usable", PROXY_REMEDY, lasting=True
            )
        if isinstance(error, requests.exceptions.ProxyError):
            return UnreachableError(f"the proxy did not let us reach {host}", PROXY_REMEDY)
        if isinstance(error, requests.exceptions.SSLError):
            return UnreachableError(
                f"TLS with {host} failed: {_tls_reason(error)}", TLS_REMEDY, lasting=True
            )
        if isinstance(error, OSError) and not isinstance(
            error, requests.exceptions.RequestException
        ):
            where = f" {self._ca_file!a}" if self._ca_file else ""
            return UnreachableError(
                f"the CA file{where} cannot be used: {error.strerror or 'no such file'}",
                CA_REMEDY,
                lasting=True,
            )
        words = f"{type(error).__name__} {error}"
        for sign, what in SIGNS:
            if sign in words:
                return UnreachableError(f"{host}: {what}")
        return UnreachableError(f"{host}: {printable(type(error).__name__)}")


PROXY_REMEDY = "Check O365_PROXY: http://HOST:PORT, and that the proxy allows this host through."
CA_REMEDY = "Check O365_CA_FILE: a readable file of PEM certificates."
TLS_REMEDY = (
    "If a proxy opens TLS, or the service has a private CA, name its CA with O365_CA_FILE; "
    "otherwise check this host's clock."
)

# What a library's message contains: what it means. First match wins.
SIGNS = (
    ("NameResolution", "the host name cannot be resolved"),
    ("Name or service", "the host name cannot be resolved"),
    ("ConnectTimeout", "no connection in time"),
    ("ReadTimeout", "no answer in time"),
    ("Read timed out", "the answer stopped half-way"),
    ("refused", "the connection was refused"),
    ("IncompleteRead", "the answer was cut off"),
    ("Connection aborted", "the connection was closed"),
    ("reset", "the connection was reset"),
    ("decod", "the answer's compression is broken"),
    ("ChunkedEncoding", "the answer was cut off"),
    ("unreachable", "the network is unreachable"),
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


def _tls_reason(error: Exception) -> str:
    words = str(error)
    for sign, what in (
        ("NO_CERTIFICATE", "the CA file holds no certificate"),
        ("self-signed", "the certificate is self-signed"),
        ("self signed", "the certificate is self-signed"),
        ("unable to get local issuer", "the certificate's issuer is not trusted"),
        ("expired", "the certificate has expired"),
        ("doesn't match", "the certificate is for another host"),
        ("mismatch", "the certificate is for another host"),
        ("WRONG_VERSION", "the other side does not speak TLS"),
    ):
        if sign in words:
            return what
    return "the handshake failed"
