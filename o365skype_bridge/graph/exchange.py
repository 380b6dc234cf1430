"""What goes over the wire, in lines for whoever debugs; neither bodies nor what must not be seen.

Of headers only those are shown that are known to be harmless, of a query only the names. A
secret that a service sends back is hidden as well.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, quote_plus

import urllib3.util

from o365skype_bridge.graph.refusals import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests

HIDDEN = "(hidden)"
LONGEST_PART = 64
"""Characters of a path's part, beyond which it may be a key."""

SHOWN = (
    *("Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Retry-After"),
    *("Date", "Server", "request-id", "client-request-id", "x-ms-request-id"),
)
SECRET_FIELDS = ("client_secret", "client_assertion", "assertion", "refresh_token")

_listener: list[Callable[[str], None]] = []
_secrets: set[str] = set()


def listen(listener: Callable[[str], None]) -> None:
    """Tell ``listener`` all that this process exchanges from now on."""
    _listener[:] = [listener]


def asked(prepared: requests.PreparedRequest, proxy: str) -> float:
    """Tell of a request that goes out now, and give the time."""
    if _listener:
        _remember(prepared)
        names = ", ".join(name for name in prepared.headers if name != "Authorization")
        bearer = f"; Authorization: {HIDDEN}" if "Authorization" in prepared.headers else ""
        way = f", through {_place(proxy)}" if proxy else ""
        size = f"; a body of {len(prepared.body)} bytes" if prepared.body else ""
        _tell(f"> {prepared.method} {_place(prepared.url or '')}{way} ({names}{bearer}{size})")
    return time.monotonic()


def answered(response: requests.Response, began: float) -> None:
    """Tell of the answer's status and headers."""
    if not _listener:
        return
    headers: Mapping[str, str] = response.headers
    shown = [f"{name}: {headers[name]}" for name in SHOWN if name in headers]
    if "Location" in headers:
        shown.append(f"Location: {_place(headers['Location'])}")
    status = f"{response.status_code} {response.reason or ''}".strip()
    _tell(f"< {status} in {time.monotonic() - began:.3f} s ({', '.join(shown)})")


def unanswered(error: BaseException, began: float) -> None:
    """Tell that no answer came, by the kind of the error: its text may hold anything."""
    if _listener:
        _tell(f"< no answer after {time.monotonic() - began:.3f} s ({type(error).__name__})")


def _tell(line: str) -> None:
    for secret in sorted(_secrets, key=len, reverse=True):
        line = line.replace(secret, HIDDEN)
    _listener[0](printable(line, 1000))


def _remember(prepared: requests.PreparedRequest) -> None:
    """Know the secrets of a request, so that they are hidden wherever they come back."""
    body = prepared.body or ""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    fields = dict(parse_qsl(text, keep_blank_values=True))
    found = [fields[name] for name in SECRET_FIELDS if name in fields]
    found.append(prepared.headers.get("Authorization", "").removeprefix("Bearer "))
    for secret in filter(None, found):
        _secrets.update({secret, quote(secret), quote(secret, safe=""), quote_plus(secret)})


def _place(url: str) -> str:
    """Give a URL without who logs in there, what its query says, and parts that may be a key."""
    try:
        parsed = urllib3.util.parse_url(url)
    except ValueError:
        return "(no URL)"
    parts = (parsed.path or "").split("/")
    path = "/".join(part if len(part) <= LONGEST_PART else HIDDEN for part in parts)
    names = [pair.partition("=")[0] for pair in (parsed.query or "").split("&") if pair]
    query = "&".join(f"{name[:LONGEST_PART]}={HIDDEN}" for name in names)
    host = f"{parsed.scheme}://{parsed.netloc}" if parsed.host else ""
    return f"{host}{path}{'?' if query else ''}{query}"
