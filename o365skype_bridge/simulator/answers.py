"""Error answers in the shapes of Graph, of the login service and of machines in between."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.records import Exchange
from o365skype_bridge.simulator.streams import PORTAL

Headers = Mapping[str, str]

CHALLENGE = (
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    ', client_id="00000003-0000-0000-c000-000000000000"'
)


def raw(
    status: int,
    body: bytes | str = b"",
    content_type: str = "application/json",
    headers: Headers | None = None,
) -> Response:
    """An answer with exactly this body and type."""
    return Response(body, status, headers=dict(headers or {}), content_type=content_type)


def as_json(status: int, content: object, headers: Headers | None = None) -> Response:
    """An answer whose body is this content as JSON."""
    return raw(status, json.dumps(content), headers=headers)


def page(status: int = 200, headers: Headers | None = None) -> Response:
    """A web page, such as a captive portal or a proxy sends."""
    return raw(status, PORTAL, "text/html; charset=utf-8", headers)


def _inner(exchange: Exchange) -> dict[str, str]:
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}",
        "request-id": exchange.request_id,
        "client-request-id": exchange.client_request_id,
    }


def graph_error(
    exchange: Exchange,
    status: int,
    code: str,
    message: str,
    headers: Headers | None = None,
) -> Response:
    """Graph's plain error envelope."""
    error = {"code": code, "message": message, "innerError": _inner(exchange)}
    return as_json(status, {"error": error}, headers)


def wrapped_error(exchange: Exchange, status: int, code: str, message: str) -> Response:
    """The envelope of the reports service: the true error is JSON inside the outer message."""
    within = json.dumps({"error": {"code": code, "message": message}}, separators=(",", ":"))
    return graph_error(exchange, status, "UnknownError", within)


def unauthorized(exchange: Exchange, message: str) -> Response:
    """Graph's answer to a token it does not take."""
    headers = {"WWW-Authenticate": CHALLENGE}
    return graph_error(exchange, 401, "InvalidAuthenticationToken", message, headers)


def login_error(
    exchange: Exchange,
    status: int,
    error: str,
    code: int,
    text: str,
) -> Response:
    """An error of the login service; its description has several lines."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
    trace, correlation = exchange.request_id, exchange.client_request_id
    description = (
        f"AADSTS{code}: {text}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}"
        f"\r\nTimestamp: {now}"
    )
    content = {
        "error": error,
        "error_description": description,
        "error_codes": [code],
        "timestamp": now,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={code}",
    }
    return as_json(status, content, {"x-ms-request-id": trace})
