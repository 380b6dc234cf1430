"""Answers that any of the services, or a machine before them, may give to anything."""

from functools import partial
from typing import Final

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import graph_error, login_error, page, raw, unauthorized
from o365skype_bridge.simulator.records import EVERYWHERE, GRAPH, Answer, Exchange, Fault, Rule

_CODES: Final = {
    400: ("BadRequest", "invalid_request"),
    401: ("InvalidAuthenticationToken", "invalid_client"),
    403: ("Forbidden", "unauthorized_client"),
    404: ("UnknownError", "invalid_request"),
    410: ("Gone", "invalid_request"),
    429: ("TooManyRequests", "temporarily_unavailable"),
    500: ("generalException", "server_error"),
    502: ("badGateway", "server_error"),
    503: ("serviceNotAvailable", "temporarily_unavailable"),
    504: ("gatewayTimeout", "server_error"),
    509: ("bandwidthLimitExceeded", "server_error"),
}


_TRAPS: Final = {400: 20, 401: 22, 403: 21, 404: 28, 410: 28, 429: 23}


def _status(_: Exchange, rule: Rule, __: Answer) -> Response:
    """An answer written out in the rule's own options."""
    options = rule.options
    body, kind = options.get("body", ""), options.get("ctype", "application/json")
    return raw(int(options.get("status", 500)), body, kind, options.get("headers"))


def coded(exchange: Exchange, rule: Rule, _: Answer, *, status: int) -> Response:
    """This status in the words of the service that was asked; headers come from the rule."""
    graph, login = _CODES[status]
    headers = rule.options.get("headers") or {}
    if exchange.kind in {"discovery", "token"}:
        response = login_error(exchange, status, login, 0, "The simulator was told to fail.")
    elif exchange.kind == "download":
        response = raw(status, f"<Error><Code>{graph}</Code></Error>", "application/xml")
    elif status == 401:  # noqa: PLR2004 - the one status with a header of its own
        response = unauthorized(exchange, "Access token has expired or is not yet valid.")
    else:
        response = graph_error(exchange, status, graph, "The simulator was told to fail.")
    response.headers.update(headers)
    return response


def later(exchange: Exchange, rule: Rule, answer: Answer, *, status: int, when: str) -> Response:
    """This status with a Retry-After header."""
    response = coded(exchange, rule, answer, status=status)
    response.headers["Retry-After"] = when
    return response


STATUS_FAULTS: Final = (
    Fault(
        name="html",
        traps=(26,),
        where=EVERYWHERE,
        help="A captive portal's page with status 200, wherever the request goes.",
        act=lambda *_: page(),
    ),
    Fault(
        name="badjson",
        traps=(26,),
        where=("discovery", "token", *GRAPH),
        help="Status 200 and JSON that breaks off.",
        act=lambda *_: raw(200, '{"access_token": "bro'),
    ),
    Fault(
        name="empty",
        traps=(7,),
        where=EVERYWHERE,
        help="Status 200 and no body.",
        act=lambda *_: raw(200),
    ),
    Fault(
        name="status",
        traps=(24,),
        where=EVERYWHERE,
        help="An answer of its own: status, body, headers and ctype (JSON form only).",
        act=_status,
    ),
    *(
        Fault(
            name=str(status),
            traps=(_TRAPS.get(status, 24),),
            where=EVERYWHERE,
            help=f"Status {status} in the words of the service that was asked.",
            act=partial(coded, status=status),
        )
        for status in _CODES
    ),
    *(
        Fault(
            name=f"{status}-retry-after",
            traps=(24,),
            where=EVERYWHERE,
            help=f"Status {status} with Retry-After: 1.",
            act=partial(later, status=status, when="1"),
        )
        for status in (500, 502, 503, 504)
    ),
)
