"""A client that shows what the simulator really sends: requests over TLS, sockets where needed."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from o365skype_bridge.simulator.app import Simulator
from o365skype_bridge.simulator.faults import Spec
from o365skype_bridge.simulator.server import Running, serve

DEVICES = "getSkypeForBusinessDeviceUsageUserDetail"
ACTIVITY = "getSkypeForBusinessActivityUserDetail"
COUNTS = "getSkypeForBusinessActivityCounts"
TEAMS = "getTeamsDeviceUsageUserDetail"
TODAY = date(2026, 11, 23)
NEWEST = "2026-11-21"


class Wire:
    """A running simulator and one client of it, which follows no redirects by itself."""

    def __init__(self, simulator: Simulator, running: Running, session: requests.Session) -> None:
        self.simulator = simulator
        self.running = running
        self.session = session
        self.tenant = simulator.tenant_ids[0]
        self._bearer = ""

    def begin(self, *faults: Spec, **settings: Any) -> Wire:
        """Start over with these faults and settings, on new connections."""
        if "roles" in settings:
            self._bearer = ""
        self.simulator.reset()
        self.simulator.configure(**settings)
        self.simulator.set_faults(faults)
        self.session.close()
        return self

    def get(self, url: str, **options: Any) -> requests.Response:
        """Ask for one address."""
        return self.session.get(url, allow_redirects=False, timeout=30, **options)

    def discovery(self, tenant: str = "", **options: Any) -> requests.Response:
        """Ask for the OpenID configuration."""
        root = f"{self.running.login_endpoint}/{tenant or self.tenant}"
        return self.get(f"{root}/v2.0/.well-known/openid-configuration", **options)

    def token(self, tenant: str = "", **changes: str | None) -> requests.Response:
        """Ask for a token with the right form, but for these changes."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.simulator.client_id,
            "client_secret": self.simulator.client_secret,
            "scope": f"{self.running.graph_endpoint}/.default",
            **changes,
        }
        root = f"{self.running.login_endpoint}/{tenant or self.tenant}"
        return self.session.post(f"{root}/oauth2/v2.0/token", data=form, timeout=30)

    def bearer(self) -> str:
        """Give a good token, the same one as long as nothing else is needed."""
        if not self._bearer:
            kept, self.simulator._rules = self.simulator._rules, []
            self._bearer = self.token().json()["access_token"]
            self.simulator._rules = kept
        return self._bearer

    def ask(
        self,
        function: str = DEVICES,
        arguments: str = "period='D7'",
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Ask Graph for a report, with a good token unless the headers say otherwise."""
        sent = {"Authorization": f"Bearer {self.bearer()}", **(headers or {})}
        url = f"{self.running.graph_endpoint}/v1.0/reports/{function}({arguments})"
        return self.get(url, headers=sent)

    def resource(self, path: str, **headers: str) -> requests.Response:
        """Ask Graph for something that it answers as JSON, with a good token."""
        sent = {"Authorization": f"Bearer {self.bearer()}", **headers}
        return self.get(f"{self.running.graph_endpoint}/v1.0/{path}", headers=sent)

    def fetch(self, function: str = DEVICES, arguments: str = "period='D7'") -> requests.Response:
        """Ask for a report and then for its file."""
        return self.get(self.ask(function, arguments).headers["Location"])

    def body(self, function: str = DEVICES, arguments: str = "period='D7'") -> bytes:
        """Give the content of a report's file."""
        return self.fetch(function, arguments).content

    def rows(self, function: str = DEVICES, arguments: str = "period='D7'") -> list[list[str]]:
        """Give the cells of an ordinary file, header row first."""
        text = self.body(function, arguments).decode("utf-8-sig")
        return [line.split(",") for line in text.removesuffix("\n").split("\n")]

    def get_with_timeout(self, seconds: float) -> requests.Response:
        """Ask for a file, and wait no longer than this for each part of it."""
        location = self.ask().headers["Location"]
        return self.session.get(location, allow_redirects=False, timeout=seconds)

    def download_bytes(self) -> tuple[bytes, str]:
        """Give every byte that comes over the wire for a download, and how it ended."""
        url = urlsplit(self.ask().headers["Location"])
        context = ssl.create_default_context(cafile=str(self.running.ca_file))
        with socket.create_connection((url.hostname or "", url.port or 0), 5) as plain:
            wire = Tls(plain, context, url.hostname)
            request = f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n"
            return wire.talk(request.encode())

    def error(self, response: requests.Response) -> tuple[int, str, str]:
        """Give status, code and message of an answer in Graph's plain envelope."""
        error = response.json()["error"]
        assert error["innerError"]["request-id"] == response.headers["request-id"]
        return response.status_code, error["code"], error["message"]

    def wrapped(self, response: requests.Response) -> tuple[int, str, str]:
        """Give status, inner code and inner message of an answer in the wrapped envelope."""
        status, code, message = self.error(response)
        assert code == "UnknownError"
        inner = json.loads(message)["error"]
        return status, inner["code"], inner["message"]


class Tls:
    """TLS over a socket that is read in the open: a TLS socket hides a reset as an end."""

    def __init__(self, plain: socket.socket, context: ssl.SSLContext, host: str | None) -> None:
        self._plain = plain
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=host)

    def talk(self, request: bytes) -> tuple[bytes, str]:
        """Send a request; give all that comes back until the connection ends, and how it does."""
        self._step(self._tls.do_handshake)
        self._step(lambda: self._tls.write(request))
        received = b""
        try:
            while piece := self._step(lambda: self._tls.read(65536)):
                received += piece
        except ConnectionResetError:
            return received, "reset"
        except EOFError:
            pass
        return received, "closed"

    def _step(self, action: Callable[[], Any]) -> Any:
        while True:
            try:
                result = action()
            except ssl.SSLWantReadError:
                self._plain.sendall(self._out.read())
                if not (data := self._plain.recv(65536)):
                    raise EOFError from None
                self._in.write(data)
            else:
                self._plain.sendall(self._out.read())
                return result


@contextmanager
def running(folder: Path, faults: Iterable[Spec] = (), **settings: Any) -> Iterator[Wire]:
    """Serve a simulator whose day stands still, with a client for it."""
    simulator = Simulator(**{"users": 10, "today": TODAY, "faults": faults, **settings})
    with serve(simulator, folder=folder) as served, requests.Session() as session:
        session.trust_env = False
        session.verify = str(served.ca_file)
        yield Wire(simulator, served, session)
