"""Services over TLS on loopback that send whatever bytes a test wants, at whatever pace."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from o365skype_bridge.settings.credential import Secret
from o365skype_bridge.settings.values import Settings, Tenant
from o365skype_bridge.simulator.certificates import tls

Wire = socket.socket
Talk = Callable[[Wire], None]
Reply = bytes | Talk

PLACES = ("discovery", "token", "report", "download")
"""Where an answer can be hostile, in the order of the way to a report."""

SIGNS = {"openid-configuration": "discovery", "/token": "token", "/reports/": "report"}
TENANT = "hostile.example"


def answer(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    """Write a whole answer, after which the connection ends."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers]
    if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body


def as_json(content: object, status: str = "200 OK") -> bytes:
    """Write an answer of JSON."""
    return answer(json.dumps(content).encode(), status, "Content-Type: application/json")


def redirect(location: str) -> bytes:
    """Write Graph's answer that leads to a report."""
    return answer(b"", "302 Found", f"Location: {location}")


@dataclass
class Services:
    """Login service, Graph and download host. What is not hostile is as it should be."""

    ca_file: Path
    url: str = ""
    replies: dict[str, Reply] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    finished: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def reply(self, place: str) -> Reply:
        """Give what is sent at a place."""
        root = f"{self.url}/{TENANT}"
        good: Mapping[str, Any] = {
            "discovery": as_json(
                {
                    "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{root}/oauth2/v2.0/token",
                    "issuer": f"{root}/v2.0",
                }
            ),
            "token": as_json({"token_type": "Bearer", "expires_in": 3599, "access_token": "good"}),
            "report": redirect(f"{self.url}/data"),
            "download": answer(b"Report Refresh Date\r\n"),
        }
        found: Reply = self.replies.get(place, good[place])
        return found

    def slowly(self, content: bytes, size: int = 2, seconds: float = 0.1) -> Talk:
        """Make a reply that sends ``content`` by few bytes; whole, it is among ``finished``."""

        def send(wire: Wire) -> None:
            for start in range(0, len(content), size):
                wire.sendall(content[start : start + size])
                if self.over.wait(seconds):
                    return
            self.finished.append(content)

        return send

    def endlessly(self, head: bytes, part: bytes) -> Talk:
        """Make a reply that sends ``part`` again and again."""

        def send(wire: Wire) -> None:
            wire.sendall(head)
            while not self.over.is_set():
                wire.sendall(part)

        return send

    def tenant(self, **changes: Any) -> Tenant:
        """Give the tenant that these services have."""
        values = {
            "name": "hostile",
            "tenant_id": TENANT,
            "client_id": "client",
            "credential": Secret("secret"),
            "login_endpoint": self.url,
            "graph_endpoint": self.url,
            "ca_file": str(self.ca_file),
        }
        return Tenant(**{**values, **changes})

    def settings(self, state: Path, **changes: Any) -> Settings:
        """Give settings for this tenant alone."""
        return Settings(tenants=(self.tenant(),), state_dir=str(state), **changes)

    def environment(self, state: Path) -> dict[str, str]:
        """Give the variables that point the installed command here."""
        return {
            "O365_TENANT_ID": TENANT,
            "O365_CLIENT_ID": "client",
            "O365_CLIENT_SECRET": "secret",
            "O365_LOGIN_ENDPOINT": self.url,
            "O365_GRAPH_ENDPOINT": self.url,
            "O365_CA_FILE": str(self.ca_file),
            "O365_STATE_DIR": str(state),
        }


@contextlib.contextmanager
def services(folder: Path, host: str = "127.0.0.1") -> Iterator[Services]:
    """Serve until the block ends."""
    context, ca_file = tls(folder)
    made = Services(ca_file)

    def talk(plain: Wire) -> None:
        with context.wrap_socket(plain, server_side=True) as wire:
            place = _asked(wire)
            made.calls.append(place)
            reply = made.reply(place)
            if callable(reply):
                reply(wire)
            else:
                wire.sendall(reply)
            _hang_up(wire)

    with listening(talk, host) as port:
        made.url = f"https://{f'[{host}]' if ':' in host else host}:{port}"
        try:
            yield made
        finally:
            made.over.set()


@contextlib.contextmanager
def listening(talk: Talk, host: str = "127.0.0.1") -> Iterator[int]:
    """Listen on a port, and let a thread ``talk`` on each connection, until the block ends."""
    threads = []
    opened: list[Wire] = []

    def quietly(plain: Wire) -> None:
        with plain, contextlib.suppress(OSError):
            talk(plain)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listener.accept()
                opened.append(plain.dup())
                thread = threading.Thread(target=quietly, args=(plain,), daemon=True)
                threads.append(thread)
                thread.start()

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family, backlog=128) as listener:
        threads.append(threading.Thread(target=accept, daemon=True))
        threads[0].start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for plain in opened:
                with contextlib.suppress(OSError):
                    plain.shutdown(socket.SHUT_RDWR)
                plain.close()
            for thread in threads:
                thread.join(10)


def _asked(wire: Wire) -> str:
    """Read a request, with the body it may have; give the place that it asks."""
    read = b""
    while b"\r\n\r\n" not in read:
        if not (part := wire.recv(65536)):
            raise ConnectionError
        read += part
    head, _, body = read.partition(b"\r\n\r\n")
    size = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while size and len(body) < int(size[0].partition(b":")[2]):
        body += wire.recv(65536)
    line = head.decode().splitlines()[0]
    return next((place for sign, place in SIGNS.items() if sign in line), "download")


def _hang_up(wire: Wire) -> None:
    """End the connection so that what was sent arrives."""
    wire.shutdown(socket.SHUT_WR)
    while wire.recv(65536):
        pass
