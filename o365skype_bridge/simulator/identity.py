"""The endpoints at which Azure gives its machines tokens of their managed identities."""

import secrets
import time
from collections.abc import Collection
from typing import Final

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import as_json
from o365skype_bridge.simulator.login import bearer
from o365skype_bridge.simulator.records import Exchange, Grant, Tenant

SYSTEM: Final = "system"
MACHINE: Final = "/metadata/identity/oauth2/token"
APP_SERVICE: Final = "/msi/token"
IDENTITY_HEADER: Final = "simulated-identity-header"
"""What an app of App Service has in IDENTITY_HEADER, so that nobody else is answered."""

IDS: Final = ("client_id", "object_id", "msi_res_id", "mi_res_id")
LIFE: Final = 86399


def token(
    exchange: Exchange,
    tenant: Tenant,
    bearers: dict[str, Grant],
    roles: frozenset[str],
    identities: Collection[str],
) -> Response:
    """A token of one of this machine's `identities`, which is noted in `bearers`."""
    headers, asked = exchange.request.headers, exchange.request.args
    is_app = exchange.request.path == APP_SERVICE
    if is_app and not secrets.compare_digest(
        headers.get("X-IDENTITY-HEADER", "").encode(), IDENTITY_HEADER.encode()
    ):
        return as_json(401, {"statusCode": 401, "message": "No valid identity header."})
    if not is_app and headers.get("Metadata", "").lower() != "true":
        return _refused("Required metadata header not specified")
    if not asked.get("resource", "").startswith("https://") or ".default" in asked["resource"]:
        return _refused("The resource is not an application ID URI")
    identity = next((asked[name] for name in IDS if asked.get(name)), SYSTEM)
    if identity not in identities:
        return _refused("Identity not found")
    grant = Grant(tenant=tenant, roles=roles)
    made = bearer(grant)
    bearers[made] = grant
    times = {"expires_on": str(int(time.time()) + LIFE)}
    if not is_app:
        times["expires_in"] = str(LIFE)
    kind = {"token_type": "Bearer", "resource": asked["resource"]}
    return as_json(200, {"access_token": made, **times, **kind})


def _refused(why: str) -> Response:
    return as_json(400, {"error": "invalid_request", "error_description": why})
