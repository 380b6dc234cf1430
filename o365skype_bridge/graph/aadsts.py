"""The login service's error codes: what each means, and what an operator does about it."""

from __future__ import annotations

from o365skype_bridge.errors import (
    BridgeError,
    ForbiddenError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)

RENEW = (
    "Create a new client secret in Entra (App registrations, Certificates & secrets) "
    "and give its value."
)
WRONG_TENANT = "Check O365_TENANT_ID (a GUID or a domain) and the login endpoint of its cloud."
LATER = "Nothing to do; it is tried again later."

# AADSTS code: (kind of error, what happened, what to do)
LOGIN: dict[int, tuple[type[BridgeError], str, str]] = {
    7000215: (
        UnauthorizedError,
        "the client secret is wrong",
        "Give the secret's value, not its id; if the value is lost, create a new secret in Entra.",
    ),
    7000222: (UnauthorizedError, "the client secret has expired", RENEW),
    7000218: (
        UnauthorizedError,
        "no client secret was sent",
        "Set O365_CLIENT_SECRET or O365_CLIENT_SECRET_FILE.",
    ),
    700016: (
        UnauthorizedError,
        "the client id is not known in this tenant",
        "Check O365_CLIENT_ID (the Application (client) ID) and O365_TENANT_ID.",
    ),
    7000112: (
        UnauthorizedError,
        "the application is disabled",
        "Enable it in Entra (Enterprise applications, Properties).",
    ),
    90002: (UnauthorizedError, "the tenant does not exist", WRONG_TENANT),
    900023: (UnauthorizedError, "the tenant id is neither a GUID nor a domain", WRONG_TENANT),
    90038: (
        UnauthorizedError,
        "the tenant lives in another national cloud",
        "Set O365_LOGIN_ENDPOINT and O365_GRAPH_ENDPOINT to that cloud's.",
    ),
    50049: (
        UnauthorizedError,
        "the login endpoint is not known",
        "Check O365_LOGIN_ENDPOINT.",
    ),
    700027: (
        UnauthorizedError,
        "the certificate is not registered or its signature is wrong",
        "Upload the certificate in Entra (App registrations, Certificates & secrets).",
    ),
    700024: (
        UnauthorizedError,
        "the login is outside its time window",
        "Set this host's clock right (NTP).",
    ),
    1002012: (
        UnauthorizedError,
        "the scope is wrong",
        "Check O365_GRAPH_ENDPOINT: a host name without a path.",
    ),
    70011: (
        UnauthorizedError,
        "the scope is wrong",
        "Check O365_GRAPH_ENDPOINT: a host name without a path.",
    ),
    500011: (
        UnauthorizedError,
        "the Graph endpoint does not belong to this tenant's cloud",
        "Check O365_GRAPH_ENDPOINT.",
    ),
    53003: (
        ForbiddenError,
        "Conditional Access blocks this login",
        "Let the administrator exempt the application or this host's address.",
    ),
    530032: (
        ForbiddenError,
        "the tenant's security policy blocks this login",
        "Let the administrator exempt the application.",
    ),
    65001: (
        ForbiddenError,
        "the application has no consent in this tenant",
        "Grant admin consent in Entra (App registrations, API permissions).",
    ),
    **dict.fromkeys(
        (70021, 700211, 700212, 700213, 7002138),
        (
            UnauthorizedError,
            "no federated credential of the application matches",
            "Correct issuer, subject and audience of the federated credential in Entra.",
        ),
    ),
    50196: (
        ThrottledError,
        "the login service sees too many identical requests",
        "Make the state folder writable, so that the token is kept between runs.",
    ),
    90055: (ThrottledError, "the login service throttles this tenant", LATER),
} | dict.fromkeys(
    (90033, 90024, 50033, 50087, 90006, 90090, 90091),
    (UnreachableError, "the login service has a passing problem", LATER),
)
