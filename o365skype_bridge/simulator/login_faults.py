"""Faults of the login service: discovery and tokens."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import as_json, login_error, page, raw
from o365skype_bridge.simulator.login import INSTANCE_DISCOVERY, LOGIN_ERRORS, refusal
from o365skype_bridge.simulator.records import Answer, Exchange, Fault, Rule
from o365skype_bridge.simulator.wire_faults import dropped

Edit = Callable[[Exchange, dict[str, Any]], dict[str, Any]]


def _edited(exchange: Exchange, _: Rule, answer: Answer, *, edit: Edit) -> Response:
    """The good answer with other content; a refusal stays as it is."""
    response = answer()
    if response.status_code != 200:  # noqa: PLR2004 - the one status with content to edit
        return response
    return as_json(200, edit(exchange, json.loads(response.get_data())))


def _refused(exchange: Exchange, _: Rule, __: Answer, *, code: int) -> Response:
    return refusal(exchange, code)


def _throttled(exchange: Exchange, _: Rule, __: Answer) -> Response:
    text = "The tenant is throttled."
    response = login_error(exchange, 429, "temporarily_unavailable", 90055, text)
    response.headers["Retry-After"] = "120"
    return response


def _unknown_tenant(exchange: Exchange, _: Rule, __: Answer) -> Response:
    return login_error(exchange, 400, "invalid_tenant", 90002, LOGIN_ERRORS[90002].text)


def _slow(exchange: Exchange, rule: Rule, answer: Answer) -> Response:
    exchange.pause(float(rule.options.get("seconds", 30)))
    return answer()


def _cut_off(exchange: Exchange, _: Rule, answer: Answer) -> Response:
    if exchange.request.path == INSTANCE_DISCOVERY:
        return dropped(exchange, abort=False)
    return answer()


def _with_endpoint(change: Callable[[Exchange, str], str]) -> Edit:
    return lambda exchange, content: {
        **content,
        "token_endpoint": change(exchange, content["token_endpoint"]),
    }


_DISCOVERED: Final[tuple[tuple[str, str, Edit], ...]] = (
    (
        "discovery-http-token-endpoint",
        "The discovery document names a token endpoint that is not encrypted.",
        _with_endpoint(lambda _, url: url.replace("https://", "http://", 1)),
    ),
    (
        "discovery-other-port",
        "The discovery document names a token endpoint on the download origin.",
        _with_endpoint(
            lambda exchange, url: url.replace(exchange.request.host_url, exchange.download_root, 1)
        ),
    ),
)
_TOKENS: Final[tuple[tuple[str, str, Edit], ...]] = (
    (
        "token-expires-text",
        "The lifetime of the token is text, '3599'.",
        lambda _, content: {**content, "expires_in": "3599"},
    ),
    (
        "token-expires-missing",
        "The token has no lifetime.",
        lambda _, content: {
            key: value for key, value in content.items() if not key.endswith("expires_in")
        },
    ),
    (
        "token-expires-200",
        "The token lives 200 seconds.",
        lambda _, content: {**content, "expires_in": 200},
    ),
    (
        "token-refresh-in",
        "The token says when to renew it early.",
        lambda _, content: {**content, "expires_in": 86399, "refresh_in": 43199},
    ),
)

LOGIN_FAULTS: Final = (
    Fault(
        name="discovery-404",
        traps=(36,),
        where=("discovery",),
        help="There is no discovery document.",
        act=lambda *_: raw(404, "Not Found", "text/plain"),
    ),
    Fault(
        name="discovery-invalid-tenant",
        traps=(37,),
        where=("discovery",),
        help="Discovery says 400 invalid_tenant, AADSTS90002.",
        act=_unknown_tenant,
    ),
    Fault(
        name="discovery-503",
        traps=(37,),
        where=("discovery",),
        help="Discovery says 503 with a web page.",
        act=lambda *_: page(503),
    ),
    Fault(
        name="discovery-delay",
        traps=(37,),
        where=("discovery",),
        help="Discovery takes SECONDS (30).",
        act=_slow,
    ),
    *(
        Fault(
            name=name,
            traps=(37,),
            where=("discovery",),
            help=text,
            act=partial(_edited, edit=edit),
        )
        for name, text, edit in _DISCOVERED
    ),
    *(
        Fault(
            name=f"token-{code}",
            traps=(39,) if code == 7000218 else (38,),  # noqa: PLR2004 - the missing secret
            where=("token",),
            help=f"AADSTS{code}, {known.status} {known.error}.",
            act=partial(_refused, code=code),
        )
        for code, known in LOGIN_ERRORS.items()
    ),
    Fault(
        name="token-429",
        traps=(38,),
        where=("token",),
        help="Status 429 with Retry-After: 120 instead of a token.",
        act=_throttled,
    ),
    Fault(
        name="token-503-html",
        traps=(38,),
        where=("token",),
        help="Status 503 with a web page instead of a token.",
        act=lambda *_: page(503),
    ),
    Fault(
        name="token-200-html",
        traps=(38,),
        where=("token",),
        help="Status 200 with a web page instead of a token.",
        act=lambda *_: page(),
    ),
    *(
        Fault(
            name=name,
            traps=(38,),
            where=("token",),
            help=text,
            act=partial(_edited, edit=edit),
        )
        for name, text, edit in _TOKENS
    ),
    Fault(
        name="instance-discovery-down",
        traps=(40,),
        where=("other",),
        help="The discovery of login hosts hangs up; everything else goes on.",
        act=_cut_off,
    ),
)
