"""What MSAL sends by: bounded answers, and of each only what a login service says."""

from __future__ import annotations

import json
import math
import time
from typing import TYPE_CHECKING, Any

import msal.exceptions

from o365skype_bridge.graph.refusals import content_of, login_code, retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o365skype_bridge.graph.http import Http

OK = 200
FAILED = 400
LONGEST_LIFE = 86400
"""Seconds; no token lives longer, whatever is said of it."""

TEXTS = (
    *("authorization_endpoint", "token_endpoint", "issuer"),
    *("access_token", "token_type"),
    *("error", "error_description", "trace_id", "correlation_id"),
)
TIMES = ("expires_in", "refresh_in")
END = "expires_on"
"""When a managed identity's token ends, in seconds since the epoch."""


class Answer:
    """An answer in the form that MSAL expects: ``status_code``, ``headers``, ``text``."""

    def __init__(self, status: int, headers: Mapping[str, str], text: str) -> None:
        """Take the three."""
        self.status_code = status
        self.headers = dict(headers)
        self.text = text

    def raise_for_status(self) -> None:
        """Raise MSAL's error if the service failed."""
        if self.status_code >= FAILED:
            raise msal.exceptions.MsalServiceError(error=None, error_description=None)


class LoginClient:
    """MSAL's HTTP client. ``status``, ``wait`` and ``refusal`` are of the last answer.

    ``asks_token`` says whether that was about a token, or only about the tenant. ``patience`` is
    how many seconds an answer may take, where that is less than there is.
    """

    def __init__(self, http: Http) -> None:
        """Send nothing yet."""
        self._http = http
        self.status = 0
        self.wait: float | None = None
        self.refusal = ""
        self.asks_token = False
        self.patience: float | None = None

    def get(self, url: str, **options: Any) -> Answer:
        """Send a GET. Raises `BridgeError`."""
        return self._send("GET", url, options)

    def post(self, url: str, **options: Any) -> Answer:
        """Send a POST. Raises `BridgeError`."""
        return self._send("POST", url, options)

    def close(self) -> None:
        """Leave the connections to whoever opened them."""

    def _send(self, method: str, url: str, options: Mapping[str, Any]) -> Answer:
        self.asks_token = method == "POST" or self.patience is not None
        self.status, self.wait, self.refusal = 0, None, ""
        known = {name: options[name] for name in ("headers", "params", "data") if name in options}
        patience = self._http.deadline.remaining if self.patience is None else self.patience
        with self._http.deadline.nearer(patience):
            response = self._http.send(method, url, **known)
            self.status, self.wait = response.status_code, retry_after(response.headers)
            whole = self.status == OK
            body = self._http.whole_body(response) if whole else self._http.short_body(response)
        self.refusal = login_code(body)
        return Answer(self.status, response.headers, _text(content_of(body)))


def _text(content: Mapping[str, Any]) -> str:
    """Write what a login service may have said as JSON; nothing where it was nothing of that."""
    known: dict[str, Any] = {
        name: content[name] for name in TEXTS if isinstance(content.get(name), str)
    }
    for name in TIMES:
        seconds = _seconds(content.get(name))
        if seconds is not None:
            known[name] = seconds
    if (left := _seconds(content.get(END), time.time())) is not None:
        known[END] = int(time.time()) + left
    codes = content.get("error_codes")
    if isinstance(codes, list):
        known["error_codes"] = [code for code in codes if isinstance(code, int)]
    return json.dumps(known) if known else ""


def _seconds(value: object, since: float = 0.0) -> int | None:
    """Read a number of seconds ``since``, which may be a text; None for what is none."""
    if not isinstance(value, str | int | float):
        return None
    try:
        number = float(value) - since
    except (ValueError, OverflowError):
        return None if isinstance(value, str) else LONGEST_LIFE
    return None if math.isnan(number) else int(min(max(number, 0.0), LONGEST_LIFE))
