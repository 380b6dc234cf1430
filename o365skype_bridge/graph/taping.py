"""Requests that are recorded, and requests that are answered from a recording."""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING, Any, NamedTuple

import requests
from requests.structures import CaseInsensitiveDict

from o365skype_bridge.errors import BridgeError
from o365skype_bridge.graph.http import Http

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from o365skype_bridge.graph.wire import Deadline
    from o365skype_bridge.settings.values import Tenant

DISCOVERY, TOKEN, REPORT, LIST, DOWNLOAD = "discovery", "token", "report", "list", "download"
OPENING = "opening"
"""Kinds of exchanges; the last one is none yet: settings with which nothing can be sent."""

IN_MEMORY = 1 << 20
"""Bytes of a body that are held in memory; what is more lies in a file without a name."""


def kind_of(method: str, url: str, tenant: Tenant) -> str:
    """Say what a request is for that is no download."""
    if method == "POST":
        return TOKEN
    if "/.well-known/openid-configuration" in url:
        return DISCOVERY
    if not url.startswith(f"{tenant.graph_endpoint}/"):
        return TOKEN  # a managed identity's
    return REPORT if url.startswith(f"{tenant.graph_endpoint}/v1.0/reports/") else LIST


class Exchange:
    """A request and what came of it; a body, or nothing, may end in a ``failure``."""

    def __init__(self, tenant: Tenant, kind: str, method: str, url: str) -> None:
        """Begin; nothing has come yet."""
        self.tenant = tenant
        self.kind = kind
        self.method = method
        self.url = url
        self.status = 0
        self.seconds = 0.0
        self.headers: Mapping[str, str] = {}
        self.failure: BridgeError | None = None
        self._body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 closed by `close`

    def take(self, chunk: bytes) -> None:
        """Take a part of the body, unpacked."""
        self._body.write(chunk)

    def body(self) -> Iterator[bytes]:
        """Give what came of the body, from its beginning."""
        self._body.seek(0)
        yield from iter(lambda: self._body.read(1 << 16), b"")

    def close(self) -> None:
        """Forget the body."""
        self._body.close()


class Recorder(Http):
    """Sends requests as `Http` does, and tells of each exchange."""

    def __init__(
        self,
        tenant: Tenant,
        deadline: Deadline,
        tape: list[Exchange],
        clock: Callable[[], float],
    ) -> None:
        """Open no connection yet; what is exchanged is put on the ``tape``, in order."""
        super().__init__(tenant, deadline)
        self._tenant = tenant
        self._tape = tape
        self._clock = clock
        self._exchanges: dict[requests.Response, Exchange] = {}

    def send(
        self, method: str, url: str, headers: dict[str, str] | None = None, **options: Any
    ) -> requests.Response:
        """Send a request; see `Http`."""
        exchange = Exchange(self._tenant, kind_of(method, url, self._tenant), method, url)
        send = super().send
        return self._recorded(exchange, lambda: send(method, url, headers, **options))

    def download(self, url: str) -> requests.Response:
        """GET a URL without any credential; see `Http`."""
        download = super().download
        exchange = Exchange(self._tenant, DOWNLOAD, "GET", url)
        return self._recorded(exchange, lambda: download(url))

    def _recorded(
        self, exchange: Exchange, work: Callable[[], requests.Response]
    ) -> requests.Response:
        self._tape.append(exchange)
        began = self._clock()
        try:
            response = work()
        except BridgeError as error:
            exchange.failure = error
            raise
        finally:
            exchange.seconds = self._clock() - began
        exchange.status, exchange.headers = response.status_code, response.headers
        self._exchanges[response] = exchange
        return response

    def body(self, response: requests.Response) -> Iterator[bytes]:
        """Give a report's body in chunks; see `Http`."""
        try:
            yield from super().body(response)
        except BridgeError as error:
            self._exchanges[response].failure = error
            raise

    def _arriving(self, response: requests.Response) -> Iterator[bytes]:
        exchange, began = self._exchanges[response], self._clock()
        before = exchange.seconds
        try:
            for chunk in super()._arriving(response):
                exchange.take(chunk)
                yield chunk
        except BridgeError as error:
            exchange.failure = error
            raise
        finally:
            exchange.seconds = before + self._clock() - began


class Answer(NamedTuple):
    """What is answered in the network's place; a body, or nothing, may end in a ``failure``."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    failure: BridgeError | None


class Player(Http):
    """Sends nothing: every request is answered by a function."""

    def __init__(
        self, tenant: Tenant, deadline: Deadline, answer: Callable[[str, str], Answer]
    ) -> None:
        """Take what answers a method and a URL."""
        super().__init__(tenant, deadline)
        self._answer = answer

    def _sent(self, prepared: requests.PreparedRequest) -> requests.Response:
        self.deadline.check()
        url = prepared.url or ""
        answer = self._answer(prepared.method or "", url)
        if not answer.status:
            raise answer.failure or BridgeError("no answer was recorded")
        response = requests.Response()
        response.status_code, response.url = answer.status, url
        response.headers = CaseInsensitiveDict(answer.headers)
        response.raw = _Raw(answer.body, answer.failure)
        return response


class _Raw(io.BytesIO):
    """A body as the library below gives one."""

    length_remaining = 0
    chunked = False

    def __init__(self, body: bytes, failure: BridgeError | None) -> None:
        super().__init__(body)
        self._failure = failure

    def read1(self, size: int | None = -1, /, **_: object) -> bytes:
        found = super().read1(-1 if size is None else size)
        if not found and self._failure:
            raise self._failure
        return found
