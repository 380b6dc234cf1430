"""Faults of Graph: its refusals and its throttling."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Final

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import as_json, graph_error, page, raw, wrapped_error
from o365skype_bridge.simulator.graph import NOT_FOUND, OLDEST, absent, throttled
from o365skype_bridge.simulator.records import GRAPH, Answer, Exchange, Fault, Rule

_SKYPE: Final = "getSkypeForBusiness"


def _date_refused(exchange: Exchange, _: Rule, answer: Answer) -> Response:
    try:
        date.fromisoformat(exchange.parameter)
    except ValueError:
        return answer()
    message = (
        f"Invalid date value specified: {exchange.parameter}. "
        f"Only support data for the past {OLDEST} days."
    )
    return graph_error(exchange, 400, "InvalidArgument", message)


def _without_credentials(exchange: Exchange, _: Rule, __: Answer) -> Response:
    """As in an incident of March 2023: no inner error, and an id without dashes."""
    exchange.identified = False
    error = {"code": "MissingCredentials", "message": "Valid Authorization header is needed."}
    headers = {"request-id": exchange.request_id.replace("-", "")}
    return as_json(403, {"error": error}, headers)


def _in_two_minutes() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)


def _slow_down(exchange: Exchange, _: Rule, __: Answer, *, when: Callable[[], str]) -> Response:
    headers = {"Retry-After": when()} if when() else {}
    return graph_error(exchange, 429, "TooManyRequests", "Please retry again later.", headers)


def _quota(exchange: Exchange, _: Rule, answer: Answer) -> Response:
    return throttled(exchange) if exchange.quota_wait else answer()


def _not_modified(exchange: Exchange, _: Rule, answer: Answer) -> Response:
    """Only the Skype functions know about conditional requests."""
    if not exchange.function.startswith(_SKYPE):
        return answer()
    if "If-None-Match" in exchange.request.headers:
        return raw(304, b"", "text/plain")
    response = answer()
    response.headers["ETag"] = '"simulated"'
    return response


def _gone(exchange: Exchange, _: Rule, answer: Answer, *, status: int, code: str) -> Response:
    """As after a retirement of the Skype functions: the Teams functions go on."""
    return absent(exchange, status, code) if exchange.function.startswith(_SKYPE) else answer()


def _retired(exchange: Exchange, _: Rule, __: Answer, *, status: int, code: str) -> Response:
    """As after a retirement of what is asked for, or in a cloud that does not have it."""
    return absent(exchange, status, code)


def _anonymous(exchange: Exchange, _: Rule, answer: Answer) -> Response:
    exchange.identified = False
    return answer()


_THROTTLED: Final[tuple[tuple[str, str, Callable[[], str]], ...]] = (
    ("throttled-fractional", "Status 429 with Retry-After: 2.128.", lambda: "2.128"),
    ("throttled-seconds", "Status 429 with Retry-After: 120.", lambda: "120"),
    ("throttled-date", "Status 429 with an HTTP date in two minutes.", _in_two_minutes),
    ("throttled-silent", "Status 429 without Retry-After.", str),
)

_GONE: Final = ((400, "BadRequest"), (404, "itemNotFound"), (410, "Gone"))

GRAPH_FAULTS: Final = (
    Fault(
        name="date-refused",
        traps=(19,),
        where=("report",),
        help="Every date is refused as older than 28 days.",
        act=_date_refused,
    ),
    Fault(
        name="period-refused",
        traps=(20,),
        where=("report",),
        help="Status 400, wrapped, as for a period that does not exist.",
        act=lambda exchange, _, __: wrapped_error(
            exchange, 400, "InvalidArgument", "Invalid period value specified."
        ),
    ),
    Fault(
        name="function-not-found",
        traps=(20,),
        where=("report",),
        help="Status 404, wrapped, as for a function without its parameter.",
        act=lambda exchange, _, __: wrapped_error(exchange, 404, "InvalidArgument", NOT_FOUND),
    ),
    Fault(
        name="forbidden-flat",
        traps=(21,),
        where=GRAPH,
        help="Status 403 S2SUnauthorized, as without Reports.Read.All.",
        act=lambda exchange, _, __: graph_error(
            exchange, 403, "S2SUnauthorized", "Invalid permission."
        ),
    ),
    Fault(
        name="forbidden-wrapped",
        traps=(21,),
        where=GRAPH,
        help="The same inside an UnknownError.",
        act=lambda exchange, _, __: wrapped_error(
            exchange, 403, "S2SUnauthorized", "Invalid permission."
        ),
    ),
    Fault(
        name="forbidden-credentials",
        traps=(21, 27),
        where=GRAPH,
        help="Status 403 MissingCredentials without an inner error, id without dashes.",
        act=_without_credentials,
    ),
    *(
        Fault(
            name=name,
            traps=(23,),
            where=GRAPH,
            help=text,
            act=partial(_slow_down, when=when),
        )
        for name, text, when in _THROTTLED
    ),
    Fault(
        name="throttled-html",
        traps=(23,),
        where=GRAPH,
        help="Status 429 with a web page and Retry-After: 120.",
        act=lambda *_: page(429, {"Retry-After": "120"}),
    ),
    Fault(
        name="quota",
        traps=(23,),
        where=GRAPH,
        help="14 calls a function and tenant in 10 minutes, JSON as its service allows; "
        "refused ones count.",
        act=_quota,
    ),
    Fault(
        name="not-modified",
        traps=(25,),
        where=("report",),
        help="Skype reports have an ETag, and status 304 when it is sent back.",
        act=_not_modified,
    ),
    Fault(
        name="no-request-ids",
        traps=(27,),
        where=GRAPH,
        help="No request-id, client-request-id or x-ms-ags-diagnostic header.",
        act=_anonymous,
    ),
    *(
        Fault(
            name=f"gone-{status}",
            traps=(28,),
            where=("report",),
            help=f"Skype functions are retired with status {status}; Teams is not.",
            act=partial(_gone, status=status, code=code),
        )
        for status, code in _GONE
    ),
    *(
        Fault(
            name=f"retired-{status}",
            traps=(28,),
            where=GRAPH,
            help=f"What REGEX finds is retired with status {status} like gone-{status}; "
            "all else is not.",
            act=partial(_retired, status=status, code=code),
        )
        for status, code in _GONE
    ),
)
