"""The simulated Graph: a report is a redirect to a link that needs no token."""

import json
import re
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import graph_error, raw, unauthorized, wrapped_error
from o365skype_bridge.simulator.data import TenantData
from o365skype_bridge.simulator.functions import FUNCTIONS
from o365skype_bridge.simulator.records import Exchange, Ticket
from o365skype_bridge.simulator.reports import PERIODS

OLDEST: Final = 28
_PERIOD: Final = re.compile(r"period='(.*)'")
_DATE: Final = re.compile(r"date=(.*)")
_DIAGNOSTIC: Final = json.dumps(
    {"ServerInfo": {"DataCenter": "Nowhere", "Slice": "E", "Ring": "0", "ScaleUnit": "000"}},
    separators=(",", ":"),
)
NOT_FOUND: Final = "The requested function cannot be found."


def parameter_of(arguments: str) -> str:
    """`D7` of `period='D7'`, the day of `date=2026-11-20`, anything else as it is."""
    found = _PERIOD.fullmatch(arguments) or _DATE.fullmatch(arguments)
    return found[1] if found else arguments


def unknown_token(exchange: Exchange) -> Response:
    """The refusal of a request without a good token."""
    text = "Access token is empty." if not exchange.bearer else "IDX14100: JWT is not well formed."
    return unauthorized(exchange, text)


def _date_refusal(exchange: Exchange, newest: date, today: date) -> Response | None:
    text = exchange.parameter
    try:
        good = today - timedelta(days=OLDEST) <= date.fromisoformat(text) <= newest
    except ValueError:
        good = False
    message = f"Invalid date value specified: {text}. Only support data for the past {OLDEST} days."
    return None if good else graph_error(exchange, 400, "InvalidArgument", message)


def identify(exchange: Exchange, response: Response) -> None:
    """Add the ids that every answer of Graph has."""
    response.headers.setdefault("request-id", exchange.request_id)
    response.headers.setdefault("client-request-id", exchange.client_request_id)
    response.headers.setdefault("x-ms-ags-diagnostic", _DIAGNOSTIC)


def absent(exchange: Exchange, status: int, code: str) -> Response:
    """Graph's answer where there is nothing of that name."""
    message = f"Resource not found for the segment '{exchange.function}'."
    return graph_error(exchange, status, code, message)


def forbidden(exchange: Exchange) -> Response:
    """The refusal of a token that has not the role for reports."""
    return graph_error(exchange, 403, "S2SUnauthorized", "Invalid permission.")


def refuse(exchange: Exchange, arguments: str, data: TenantData, today: date) -> Response | None:
    """The refusal of a report that cannot be had, if it is one; `arguments` is what was written."""
    layout = FUNCTIONS.get(exchange.function)
    if layout is None:
        return absent(exchange, 400, "BadRequest")
    if _DATE.fullmatch(arguments) and layout.takes_date:
        return _date_refusal(exchange, data.refresh(exchange.function), today)
    if not exchange.parameter or not _PERIOD.fullmatch(arguments):
        return wrapped_error(exchange, 404, "InvalidArgument", NOT_FOUND)
    if exchange.parameter not in PERIODS:
        message = f"Invalid period value specified: {exchange.parameter}."
        return wrapped_error(exchange, 400, "InvalidArgument", message)
    return None


def throttled(exchange: Exchange) -> Response:
    """Graph's answer when the quota is used up."""
    headers = {"Retry-After": str(int(exchange.quota_wait) + 1)}
    return graph_error(exchange, 429, "TooManyRequests", "Too many requests.", headers)


def redirect(location: str) -> Response:
    """The successful answer: no content, only where to find it."""
    return raw(302, b"", "text/plain", {"Location": location})


def _gzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=31)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()


def gzipped(response: Response) -> Response:
    """The same answer with its body compressed."""
    response.response = _gzip(response.iter_encoded())
    response.headers.remove("Content-Length")
    response.headers["Content-Encoding"] = "gzip"
    return response


def _body(ticket: Ticket) -> tuple[Iterator[bytes], int]:
    asked = (ticket.function, ticket.parameter)
    if asked in ticket.tenant.bodies:
        return iter([ticket.tenant.bodies[asked]]), len(ticket.tenant.bodies[asked])
    return (
        ticket.data.body(*asked, ticket.edition),
        ticket.data.size(*asked, ticket.edition),
    )


def expired() -> Response:
    """The answer to a link that is no longer good, or never was."""
    return raw(403, b"<Error><Code>AuthenticationFailed</Code></Error>", "application/xml")


def download(exchange: Exchange, *, lifetime: float, chunked: bool) -> Response:
    """The file behind a link; whoever sends a token along is turned away."""
    ticket = exchange.ticket
    if "Authorization" in exchange.request.headers:
        return raw(401, b"<Error><Code>AuthorizationNotAllowed</Code></Error>", "application/xml")
    if ticket is None or exchange.age > lifetime:
        return expired()
    chunks, size = _body(ticket)
    headers = {} if chunked else {"Content-Length": str(size)}
    response = Response(chunks, 200, headers, content_type="application/octet-stream")
    return gzipped(response) if "gzip" in ticket.data.oddities else response
