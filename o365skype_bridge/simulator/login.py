"""The simulated login service: OpenID discovery and the client credentials grant."""

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Final

from werkzeug.wrappers import Response

from o365skype_bridge.simulator import assertions
from o365skype_bridge.simulator.answers import as_json, login_error
from o365skype_bridge.simulator.records import Exchange, Grant, Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginError:
    """One error of the login service."""

    status: int
    error: str
    code: int
    text: str


INSTANCE_DISCOVERY: Final = "/common/discovery/instance"
JWT_BEARER: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

_TABLE: Final = (
    LoginError(
        status=401,
        error="invalid_client",
        code=7000215,
        text="Invalid client secret provided. Ensure the secret being sent in the request is the "
        "client secret value, not the client secret ID.",
    ),
    LoginError(
        status=401,
        error="invalid_client",
        code=7000222,
        text="The provided client secret keys for the app are expired.",
    ),
    LoginError(
        status=401,
        error="invalid_client",
        code=7000218,
        text="The request body must contain 'client_assertion' or 'client_secret'.",
    ),
    LoginError(
        status=401,
        error="unauthorized_client",
        code=7000112,
        text="The application is disabled.",
    ),
    LoginError(
        status=400,
        error="unauthorized_client",
        code=700016,
        text="The application was not found in the directory.",
    ),
    LoginError(
        status=400,
        error="invalid_request",
        code=90002,
        text="The tenant was not found. Check to make sure you have the correct tenant ID.",
    ),
    LoginError(
        status=400,
        error="invalid_request",
        code=900023,
        text="The tenant identifier is neither a valid DNS name nor a valid external domain.",
    ),
    LoginError(
        status=400,
        error="invalid_scope",
        code=1002012,
        text="The provided value for scope is not valid. Client credential flows must have a "
        "scope value with /.default suffixed to the resource identifier.",
    ),
    LoginError(
        status=400,
        error="invalid_resource",
        code=500011,
        text="The resource principal was not found in the tenant.",
    ),
    LoginError(
        status=400,
        error="access_denied",
        code=53003,
        text="Access has been blocked by Conditional Access policies.",
    ),
    LoginError(
        status=400,
        error="unsupported_grant_type",
        code=70003,
        text="The app requested an unsupported grant type.",
    ),
)

_ASSERTIONS: Final = {
    700027: "The certificate with identifier used to sign the client assertion is not registered "
    "on application, or the signature is wrong.",
    700024: "Client assertion is not within its valid time range.",
    700211: "No matching federated identity record found for presented assertion issuer.",
    700212: "No matching federated identity record found for presented assertion audience.",
    700213: "No matching federated identity record found for presented assertion subject.",
}

LOGIN_ERRORS: Final = {error.code: error for error in _TABLE} | {
    code: LoginError(status=401, error="invalid_client", code=code, text=text)
    for code, text in _ASSERTIONS.items()
}


def refusal(exchange: Exchange, code: int) -> Response:
    """The login service's answer with this AADSTS code."""
    known = LOGIN_ERRORS[code]
    return login_error(exchange, known.status, known.error, known.code, known.text)


GRAPHS: Final = {
    "usgov": "graph.microsoft.us",
    "usgov-dod": "dod-graph.microsoft.us",
    "china": "microsoftgraph.chinacloudapi.cn",
}
"""Where Graph is in each cloud but the global one, which is here."""


def discovery(exchange: Exchange, cloud: str) -> Response:
    """The OpenID configuration of a tenant, which lives in a cloud."""
    if exchange.tenant is None:
        known = LOGIN_ERRORS[90002]
        return login_error(exchange, 400, "invalid_tenant", known.code, known.text)
    root = f"{exchange.request.host_url}{exchange.tenant_id}"
    return as_json(
        200,
        {
            "token_endpoint": f"{root}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
            "issuer": f"{root}/v2.0",
            "msgraph_host": GRAPHS.get(cloud, exchange.request.host),
            "response_types_supported": ["code", "id_token", "token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
        },
    )


def instance_discovery(exchange: Exchange) -> Response:
    """What the service says about login hosts; it knows every host that asks."""
    host = exchange.request.host_url
    return as_json(
        200,
        {
            "tenant_discovery_endpoint": f"{host}common/v2.0/.well-known/openid-configuration",
            "metadata": [],
        },
    )


def _complaint(tenant: Tenant | None, form: dict[str, str], endpoint: str) -> int:
    """The AADSTS code of what is wrong with a token request, 0 for nothing."""
    if tenant is None:
        return 90002
    if form.get("grant_type") != "client_credentials":
        return 70003
    if form.get("client_id") != tenant.client_id:
        return 700016
    if form.get("client_assertion_type") == JWT_BEARER:
        code = assertions.complaint(
            form.get("client_assertion", ""),
            client_id=tenant.client_id,
            endpoint=endpoint,
            certificates=tenant.certificates,
            federation=tenant.federation,
        )
    else:
        code = _secret_complaint(tenant, form.get("client_secret", ""))
    return code or (0 if form.get("scope", "").endswith("/.default") else 1002012)


def _secret_complaint(tenant: Tenant, secret: str) -> int:
    if not secret:
        return 7000218
    right = secrets.compare_digest(secret.encode(), tenant.client_secret.encode())
    return 0 if right else 7000215


def bearer(grant: Grant) -> str:
    """A token in the form of a JWT, whose claims can be read and whose signature is chance."""
    claims = {
        "appid": grant.tenant.client_id,
        "tid": grant.tenant.tenant_id,
        "roles": sorted(grant.roles),
    }
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"simulated.{middle}.{secrets.token_urlsafe(32)}"


def token(exchange: Exchange, bearers: dict[str, Grant], roles: frozenset[str]) -> Response:
    """A bearer token for the application with these roles, which is noted in `bearers`."""
    form, endpoint = exchange.request.form.to_dict(), exchange.request.base_url
    if code := _complaint(exchange.tenant, form, endpoint):
        return refusal(exchange, code)
    assert exchange.tenant is not None  # noqa: S101 - _complaint has seen to it
    grant = Grant(tenant=exchange.tenant, roles=roles)
    made = bearer(grant)
    bearers[made] = grant
    return as_json(
        200,
        {
            "token_type": "Bearer",
            "expires_in": 3599,
            "ext_expires_in": 3599,
            "access_token": made,
        },
        {"Cache-Control": "no-store, no-cache", "x-ms-request-id": exchange.request_id},
    )
