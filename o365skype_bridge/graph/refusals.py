"""What the services answer when they refuse, and what an operator does about each."""

from __future__ import annotations

import email.utils
import json
import math
import re
import time
from typing import TYPE_CHECKING

from o365skype_bridge.errors import (
    BridgeError,
    ForbiddenError,
    GoneError,
    NoSuchDayError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)
from o365skype_bridge.graph.aadsts import LATER, LOGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from o365skype_bridge.model.declare import Report


LOGIN_SERVICE = "Login"
GRAPH_SERVICE = "Graph"


def login_refusal(answer: Mapping[str, Any]) -> BridgeError:
    """Turn MSAL's error result (``error``, ``error_codes``, ``error_description``) into ours."""
    codes = [code for code in answer.get("error_codes") or () if isinstance(code, int)]
    error, refusal = answer.get("error"), coded(LOGIN_SERVICE, answer.get("error"))
    description = str(answer.get("error_description") or error or "")
    lines = description.splitlines()
    first_line, ids = without_ids(lines[0] if lines else "no reason given")
    named = [
        f"{name.replace('_', '-')} {printable(str(answer[name]), 64)}"
        for name in ("trace_id", "correlation_id")
        if answer.get(name)
    ]
    support = ", ".join(dict.fromkeys([*named, *ids]))
    for code in codes:
        if code in LOGIN:
            kind, what, remedy = LOGIN[code]
            said = f"login refused: {what} (AADSTS{code})"
            return kind(said, remedy, support=support, refusal=refusal)
    said = f"login refused: {first_line}"
    if error == "temporarily_unavailable":
        return UnreachableError(said, LATER, support=support, refusal=refusal)
    return UnauthorizedError(said, support=support, refusal=refusal)


LABELLED = re.compile(
    r"\b(trace|correlation|client[ -]?request|request|activity|session)[ -]?id\b"
    r"\s*[:=]?\s*['\"]?((?=[a-z-]*\d)[0-9a-z-]{8,})['\"]?[,;.]?",
    re.IGNORECASE,
)
TIME = re.compile(
    r"(?:\btimestamp\s*[:=]?\s*)?['\"]?\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.]\d+)?)?"
    r"\s?(?:Z|UTC|[+-]\d\d:?\d\d)?\b['\"]?",
    re.IGNORECASE,
)
LONGEST_READ = 2000
"""Characters of a foreign message that are looked at; less than a tenth of them is shown."""
NOTHING_IN_BRACKETS = re.compile(r"[(\[{][\s,;:.]*[)\]}]")


def without_ids(text: str) -> tuple[str, list[str]]:
    """Take out of a message what is different every time: labelled ids, and moments.

    Gives what is left in one printable line, and the ids by name.
    """
    text = text[:LONGEST_READ]
    ids = [
        f"{'-'.join(label.lower().replace('-', ' ').split())}-id {id_[:64]}"
        for label, id_ in LABELLED.findall(text)
    ]
    left = NOTHING_IN_BRACKETS.sub("", TIME.sub("", LABELLED.sub("", text)))
    return printable(" ".join(left.split()).rstrip(" ,;:")), ids


def printable(text: str, most: int = 200) -> str:
    """Cut foreign text to one short line of printable characters."""
    shown = "".join(char if char.isprintable() else " " for char in text[: most + 1])
    return shown if len(text) <= most else shown[:most] + "..."


def content_of(body: bytes) -> Mapping[str, Any]:
    """Read a JSON object; anything else is an empty one."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def envelope(body: bytes) -> tuple[str, str, list[str]]:
    """Give ``code`` and ``message`` of Graph's error body, unwrapped; blank where there is none.

    What is different every time is not in the message but beside it; see `without_ids`.
    """
    code = message = ""
    for _ in range(3):  # An UnknownError may wrap the true envelope in its message, as text.
        error = content_of(body).get("error")
        if not isinstance(error, dict):
            break
        code, message = str(error.get("code") or ""), str(error.get("message") or "")
        if code != "UnknownError":
            break
        body = message.encode(errors="replace")
    return printable(code, 64), *without_ids(message)


def outer_refusal(body: bytes) -> str:
    """Give Graph's refusal by the code that a body begins with, not unwrapped; blank without."""
    error = content_of(body).get("error")
    return coded(GRAPH_SERVICE, error.get("code") if isinstance(error, dict) else None)


def login_code(body: bytes) -> str:
    """Give the login service's refusal by its body; blank where there is none."""
    return coded(LOGIN_SERVICE, content_of(body).get("error"))


def coded(service: str, code: object) -> str:
    """Name a service and its code for a refusal; blank without a code."""
    return f"{service} {printable(code, 64)}" if code and isinstance(code, str) else ""


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Read Retry-After in its three forms: seconds, fractional seconds, or an HTTP date.

    None where it asks for nothing that makes sense; never longer than a day.
    """
    value = headers.get("Retry-After", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value, now)
    return min(seconds, LONGEST_WAIT) if seconds > 0 and math.isfinite(seconds) else None


def _seconds_until(value: str, now: Callable[[], float]) -> float:
    try:
        return email.utils.parsedate_to_datetime(value).timestamp() - now()
    except (ValueError, TypeError, IndexError, OverflowError):
        return math.nan


LONGEST_WAIT = 86400.0

CONSENT = (
    "In Entra give the application the permission {report.permission} of Microsoft Graph "
    "(type Application, not Delegated) and press 'Grant admin consent'."
)

Meaning = tuple[type[BridgeError], str, str]

GONE: Meaning = (
    GoneError,
    "Graph does not know {report.function} here",
    "Leave out {report.name}: Microsoft has retired it, or your national cloud lacks it.",
)
NO_SUCH_LIST: Meaning = (
    GoneError,
    "Graph does not have {report.function} here",
    (
        "Leave out {report.name}, or ask where it is: an application's credentials are known in "
        "its home tenant only."
    ),
)
PASSING: Meaning = (UnreachableError, "Graph has a passing problem", LATER)
NO_SUCH_DAY: Meaning = (NoSuchDayError, "Graph has no report of that day yet, or any more", LATER)
OTHER_STATUS: Meaning = (
    UnreachableError,
    "Graph did not answer as Graph does",
    "A proxy may answer in its place; let this host reach Graph directly.",
)
STATUSES: dict[int, Meaning] = {
    400: GONE,
    401: (
        UnauthorizedError,
        "Graph refused the token",
        "Check O365_GRAPH_ENDPOINT, and that the application is still enabled.",
    ),
    403: (
        ForbiddenError,
        "Graph forbids {report.name}",
        CONSENT,
    ),
    404: GONE,
    407: (
        UnreachableError,
        "the proxy wants a login",
        "Put user and password into O365_PROXY: http://USER:PASSWORD@HOST:PORT.",
    ),
    410: GONE,
    429: (ThrottledError, "Graph throttles {report.name}", LATER),
    **dict.fromkeys((500, 502, 503, 504, 509), PASSING),
}


def graph_refusal(
    report: Report, status: int, headers: Mapping[str, str], body: bytes, support: str
) -> BridgeError:
    """Turn a status of Graph's that is neither a redirect nor the report into an error."""
    code, message, ids = envelope(body)
    said = f"HTTP {status}" + (f" {code}" if code else "") + (f", {message}" if message else "")
    kind, what, remedy = STATUSES.get(status, OTHER_STATUS)
    if kind is GoneError and report.is_list:
        kind, what, remedy = NO_SUCH_LIST
    elif kind is GoneError and "date value" in message:
        kind, what, remedy = NO_SUCH_DAY
    return kind(
        f"{what.format(report=report)}: {said}",
        remedy.format(report=report),
        support=", ".join([support, *(each for each in ids if each.split()[1] not in support)]),
        retry_after=retry_after(headers),
        refusal=outer_refusal(body),
    )
