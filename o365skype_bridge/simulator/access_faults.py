"""Faults of tokens and links at the door: who is let in, and for how long."""

from typing import Final

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import page, raw, unauthorized
from o365skype_bridge.simulator.graph import expired
from o365skype_bridge.simulator.records import GRAPH, Answer, Exchange, Fault, Rule


def _revoked(exchange: Exchange, rule: Rule, answer: Answer) -> Response:
    """The first token that comes is never good again; a new one is."""
    if rule.memory.setdefault("revoked", exchange.bearer) == exchange.bearer:
        return unauthorized(exchange, "Access token has expired or is not yet valid.")
    return answer()


def _forbids_bearers(exchange: Exchange, _: Rule, answer: Answer) -> Response:
    if "Authorization" in exchange.request.headers:
        return raw(403, b"<Error><Code>Forbidden</Code></Error>", "application/xml")
    return answer()


def _once(exchange: Exchange, _: Rule, answer: Answer) -> Response:
    return expired() if exchange.ticket and exchange.ticket.uses > 1 else answer()


def _expires(exchange: Exchange, rule: Rule, answer: Answer) -> Response:
    return expired() if exchange.age >= float(rule.options.get("seconds", 0)) else answer()


ACCESS_FAULTS: Final = (
    Fault(
        name="unauthorized",
        traps=(22,),
        where=GRAPH,
        help="Status 401 for every token, with WWW-Authenticate.",
        act=lambda exchange, _, __: unauthorized(
            exchange, "CompactToken validation failed with reason code: 80049228."
        ),
    ),
    Fault(
        name="token-revoked",
        traps=(22,),
        where=GRAPH,
        help="Status 401 for the first token that comes; a new one is good.",
        act=_revoked,
    ),
    Fault(
        name="download-forbids-bearer",
        traps=(2,),
        where=("download",),
        help="A bearer token at the download is answered 403 instead of 401.",
        act=_forbids_bearers,
    ),
    Fault(
        name="download-once",
        traps=(5,),
        where=("download",),
        help="A link works once.",
        act=_once,
    ),
    Fault(
        name="download-expires",
        traps=(5,),
        where=("download",),
        help="A link stops working after SECONDS (0, so it never does).",
        act=_expires,
    ),
    Fault(
        name="html-graph",
        traps=(26,),
        where=GRAPH,
        help="A captive portal's page with status 200 instead of Graph's answer.",
        act=lambda *_: page(),
    ),
    Fault(
        name="html-download",
        traps=(26,),
        where=("download",),
        help="A captive portal's page with status 200 instead of the file.",
        act=lambda *_: page(),
    ),
    Fault(
        name="html-login",
        traps=(26,),
        where=("discovery", "token"),
        help="A captive portal's page with status 200 instead of the login service.",
        act=lambda *_: page(),
    ),
)
