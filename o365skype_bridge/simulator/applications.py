"""The client's own application: when its secrets and certificates end."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import graph_error
from o365skype_bridge.simulator.odata import collection, single
from o365skype_bridge.simulator.records import Exchange
from o365skype_bridge.simulator.tenancy import Tenancy

_YEAR: Final = timedelta(days=365)


def _uuid(tenancy: Tenancy, about: str) -> str:
    return str(UUID(int=tenancy.draw(about).getrandbits(128), version=4))


def _term(tenancy: Tenancy, end: date) -> dict[str, str]:
    fraction = ".2742618" if "credentials-fractional" in tenancy.oddities else ""
    return {
        "startDateTime": f"{end - _YEAR}T09:10:35{fraction}Z",
        "endDateTime": f"{end}T09:10:35{fraction}Z",
    }


def _secret(tenancy: Tenancy, name: str | None, end: date) -> dict[str, Any]:
    return {
        "customKeyIdentifier": None,
        "displayName": name,
        **_term(tenancy, end),
        "hint": tenancy.tenant.client_secret[:3],
        "keyId": _uuid(tenancy, f"secret/{name}"),
        "secretText": None,
    }


def _certificate(tenancy: Tenancy, end: date) -> dict[str, Any]:
    return {
        "customKeyIdentifier": f"{tenancy.draw('thumbprint').getrandbits(160):040X}",
        "displayName": "CN=simulated",
        **_term(tenancy, end),
        "key": None,
        "keyId": _uuid(tenancy, "certificate"),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    }


def _secrets(tenancy: Tenancy) -> list[dict[str, Any]]:
    end = tenancy.today + timedelta(days=tenancy.secret_days)
    if tenancy.oddities & {"credentials-none", "credentials-certificate-only"}:
        return []
    name = None if "credentials-unnamed" in tenancy.oddities else "monitoring"
    secrets = [_secret(tenancy, name, end)]
    if "credentials-several" in tenancy.oddities:
        expired = tenancy.today - timedelta(days=40)
        secrets = [_secret(tenancy, "leftover", expired), *secrets]
        secrets.append(_secret(tenancy, "successor", end + _YEAR))
    return secrets


def _certificates(tenancy: Tenancy) -> list[dict[str, Any]]:
    days = tenancy.certificate_days
    if days is None and "credentials-certificate-only" in tenancy.oddities:
        days = tenancy.secret_days
    if days is None or "credentials-none" in tenancy.oddities:
        return []
    return [_certificate(tenancy, tenancy.today + timedelta(days=days))]


def _application(tenancy: Tenancy) -> dict[str, Any]:
    return {
        "id": _uuid(tenancy, "application"),
        "appId": tenancy.tenant.client_id,
        "displayName": "Monitoring of Microsoft 365",
        "signInAudience": "AzureADMyOrg",
        "passwordCredentials": _secrets(tenancy),
        "keyCredentials": _certificates(tenancy),
    }


def applications(exchange: Exchange, tenancy: Tenancy) -> Response:
    """All applications of the tenant, of which there is one."""
    return collection(exchange, "applications", [_application(tenancy)], tenancy.page_size)


def application(exchange: Exchange, tenancy: Tenancy) -> Response:
    """The application whose own id, or whose object's id, was asked for."""
    found = _application(tenancy)
    if exchange.parameter.lower() in {found["id"], found["appId"].lower()}:
        return single(exchange, "applications/$entity", found)
    message = (
        f"Resource '{exchange.parameter}' does not exist or one of its queried "
        "reference-property objects are not present."
    )
    return graph_error(exchange, 404, "Request_ResourceNotFound", message)
