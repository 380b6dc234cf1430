"""What Graph answers as JSON, beside the reports: one declaration each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import graph_error
from o365skype_bridge.simulator.applications import application, applications
from o365skype_bridge.simulator.graph import absent
from o365skype_bridge.simulator.health import issue, issues, overview, overviews
from o365skype_bridge.simulator.ledger import Limits
from o365skype_bridge.simulator.records import Exchange
from o365skype_bridge.simulator.report_settings import report_settings
from o365skype_bridge.simulator.tenancy import Tenancy

Refusal = tuple[str, str]

_HEALTH: Final = r"GET /v1\.0/admin/serviceAnnouncement"
_S2S: Final = ("S2SUnauthorized", "Invalid permission.")
_DENIED: Final = (
    "Authorization_RequestDenied",
    "Insufficient privileges to complete the operation.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One address, of which the pattern's group is the key of a single item.

    Any of the `roles` opens it; without one it is refused with status 403 in these words. All
    resources of a `service` share its limits. Some exist in the `global_only` cloud.
    """

    name: str
    path: re.Pattern[str]
    roles: frozenset[str]
    refusal: Refusal
    service: str
    limits: Limits
    answer: Callable[[Exchange, Tenancy], Response]
    global_only: bool = False


def _health(name: str, path: str, answer: Callable[[Exchange, Tenancy], Response]) -> Resource:
    return Resource(
        name=name,
        path=re.compile(f"{_HEALTH}/{path}"),
        roles=frozenset({"ServiceHealth.Read.All"}),
        refusal=("Forbidden", "The caller does not have the permission to do this."),
        service="serviceAnnouncement",
        limits=((240, 60.0), (800, 3600.0)),
        answer=answer,
    )


def _application(path: str, answer: Callable[[Exchange, Tenancy], Response]) -> Resource:
    return Resource(
        name="applications",
        path=re.compile(f"GET /v1\\.0/applications{path}"),
        roles=frozenset(
            {"Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"}
        ),
        refusal=_DENIED,
        service="applications",
        # A small tenant has 3,500 units in ten seconds, and to read applications costs two.
        limits=((1750, 10.0),),
        answer=answer,
    )


RESOURCES: Final = (
    _health("healthOverviews", "healthOverviews", overviews),
    _health("healthOverviews", "healthOverviews/([^/]+)", overview),
    _health("issues", "issues", issues),
    _health("issues", "issues/([^/]+)", issue),
    _application("", applications),
    _application(r"\(appId='([^']*)'\)", application),
    _application("/([^/]+)", application),
    Resource(
        name="reportSettings",
        path=re.compile(r"GET /v1\.0/admin/reportSettings"),
        roles=frozenset({"ReportSettings.Read.All", "ReportSettings.ReadWrite.All"}),
        refusal=_S2S,
        service="reportSettings",
        limits=((100, 600.0),),
        answer=report_settings,
        global_only=True,
    ),
)


def find(target: str) -> tuple[Resource, str] | None:
    """The resource that method and path ask for, and the key within it."""
    for resource in RESOURCES:
        if found := resource.path.fullmatch(target):
            return resource, found[1] if found.groups() else ""
    return None


def answer(exchange: Exchange, tenancy: Tenancy, *, elsewhere: bool) -> Response:
    """What a resource answers to a good token; `elsewhere` is any cloud but the global one."""
    found = find(exchange.target)
    assert found is not None  # noqa: S101 - it was found before
    resource, _ = found
    if elsewhere and resource.global_only:
        return absent(exchange, 400, "BadRequest")
    if not exchange.roles & resource.roles:
        return graph_error(exchange, 403, *resource.refusal)
    return resource.answer(exchange, tenancy)
