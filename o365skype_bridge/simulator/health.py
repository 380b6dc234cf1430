"""Service health: the state of every service, and the issues that explain it."""

from datetime import date, timedelta
from typing import Any, Final

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import graph_error
from o365skype_bridge.simulator.odata import collection, options, single
from o365skype_bridge.simulator.records import Exchange
from o365skype_bridge.simulator.tenancy import Tenancy

_PATH: Final = "admin/serviceAnnouncement"
# Id, name, how ids of its issues begin, and the part that fails.
SERVICES: Final = (
    ("Exchange", "Exchange Online", "EX", "E-Mail timely delivery"),
    ("OrgLiveID", "Microsoft Entra", "EN", "Sign-in"),
    ("OSDPPlatform", "Microsoft 365 suite", "MO", "Administration"),
    ("Lync", "Skype for Business", "LY", "Presence"),
    ("SharePoint", "SharePoint Online", "SP", "SharePoint Features"),
    ("OneDriveForBusiness", "OneDrive for Business", "OD", "Sync client"),
    ("Intune", "Microsoft Intune", "IT", "Device enrollment"),
    ("microsoftteams", "Microsoft Teams", "TM", "Chat"),
    ("O365Client", "Microsoft 365 apps", "OC", "Desktop apps"),
    ("officeonline", "Microsoft 365 for the web", "OO", "Word"),
    ("MobileDeviceManagement", "Mobile Device Management for Office 365", "MD", "Policies"),
    ("Planner", "Planner", "PL", "Plans"),
    ("PowerBIcom", "Power BI", "PB", "Dashboards"),
    ("Forms", "Microsoft Forms", "FM", "Responses"),
    ("yammer", "Microsoft Viva Engage", "YA", "Feeds"),
)
# One issue begins every so many days, and each is open for at least as long.
_EVERY: Final = 3
_KEPT: Final = 10
# How an issue looks on each day it is open, and when it is over.
_INCIDENT: Final = (
    "serviceInterruption",
    "serviceDegradation",
    "restoringService",
    "extendedRecovery",
)
_ADVISORY: Final = ("investigating", "serviceDegradation", "verifyingService", "verifyingService")
_OVER: Final = (
    "serviceRestored",
    "serviceRestored",
    "postIncidentReviewPublished",
    "falsePositive",
)
_GRAVE: Final = (*_INCIDENT, "verifyingService", "investigating")


def _cased(tenancy: Tenancy, word: str) -> str:
    pascal = "health-pascal-case" in tenancy.oddities
    return word[:1].upper() + word[1:] if pascal else word


def _service(tenancy: Tenancy, index: int) -> tuple[str, str]:
    """Id and name; ids stay when a service is renamed."""
    key, name, _, _ = SERVICES[index]
    return key, f"{name} (new)" if "health-renamed" in tenancy.oddities else name


def _listed(tenancy: Tenancy) -> list[int]:
    without = "health-without-skype" in tenancy.oddities
    return [place for place, each in enumerate(SERVICES) if not (without and each[0] == "Lync")]


def _state(tenancy: Tenancy, number: int, begun: date) -> tuple[int, bool, bool, str]:
    """The service, whether an incident, whether over, and the status of an issue."""
    drawn = tenancy.draw(f"issue {number}")
    places = _listed(tenancy)
    place, incident = places[drawn.randrange(len(places))], drawn.random() < 0.5  # noqa: PLR2004
    lasts, end = _EVERY + drawn.randrange(2), drawn.choice(_OVER)
    age = (tenancy.today - begun).days
    if age >= lasts:
        return place, incident, True, end
    return place, incident, False, (_INCIDENT if incident else _ADVISORY)[age]


def _issue(tenancy: Tenancy, number: int) -> dict[str, Any]:
    begun = date.fromordinal(number * _EVERY)
    place, incident, over, status = _state(tenancy, number, begun)
    key, name = _service(tenancy, place)
    _, _, letters, feature = SERVICES[place]
    day = timedelta(days=1)
    start, changed = f"{begun - day}T20:15:00Z", f"{max(begun, tenancy.today) - day}T22:40:00Z"
    end = f"{begun + (_EVERY - 1) * day}T22:10:00Z" if over else None
    return {
        "id": f"{letters}{800_000 + number}",
        "title": f"Some users may be unable to use {feature} in {name}",
        "service": name,
        "feature": feature,
        "featureGroup": f"{key} features",
        "status": _cased(tenancy, _unknown(tenancy, status)),
        "classification": _cased(tenancy, "incident" if incident else "advisory"),
        "origin": _cased(tenancy, "microsoft"),
        "impactDescription": f"Users may see delays or errors when using {feature}.",
        "isResolved": over,
        "highImpact": None,
        "startDateTime": start,
        "endDateTime": end,
        "lastModifiedDateTime": end or changed,
        "details": [{"name": "NotifyInApp", "value": "True"}],
        "posts": [
            {
                "createdDateTime": start,
                "postType": _cased(tenancy, "regular"),
                "description": {
                    "contentType": "html",
                    "content": f"<p>Title: {feature} &amp; more</p><br><b>Status:</b> {status}",
                },
            }
        ],
    }


def _unknown(tenancy: Tenancy, status: str) -> str:
    odd = "health-unknown-status" in tenancy.oddities and status != "serviceOperational"
    return "unknownFutureValue" if odd else status


def _issues(tenancy: Tenancy) -> list[dict[str, Any]]:
    """The issues of a month, newest first; the newest one or two are open."""
    if "health-all-good" in tenancy.oddities:
        return []
    newest = tenancy.today.toordinal() // _EVERY
    return [_issue(tenancy, number) for number in range(newest, newest - _KEPT, -1)]


def _overview(tenancy: Tenancy, place: int) -> dict[str, Any]:
    """A service; its status is that of the gravest of its open issues."""
    key, name = _service(tenancy, place)
    found = {
        issue["status"]
        for issue in _issues(tenancy)
        if issue["service"] == name and not issue["isResolved"]
    }
    grave = (_cased(tenancy, _unknown(tenancy, status)) for status in _GRAVE)
    fine = _cased(tenancy, "serviceOperational")
    return {
        "id": key,
        "service": name,
        "status": next((status for status in grave if status in found), fine),
    }


def _overviews(exchange: Exchange, tenancy: Tenancy) -> list[dict[str, Any]]:
    found = [_overview(tenancy, place) for place in _listed(tenancy)]
    if options(exchange).get("$expand") != "issues":
        return found
    every = _issues(tenancy)
    return [
        each | {"issues": [issue for issue in every if issue["service"] == each["service"]]}
        for each in found
    ]


def _one(exchange: Exchange, path: str, items: list[dict[str, Any]], key: str) -> Response:
    for item in items:
        if item[key].lower() == exchange.parameter.lower():
            return single(exchange, f"{_PATH}/{path}/$entity", item)
    return graph_error(exchange, 404, "NotFound", f"{exchange.parameter} was not found.")


def overviews(exchange: Exchange, tenancy: Tenancy) -> Response:
    """The state of all services."""
    items = _overviews(exchange, tenancy)
    return collection(exchange, f"{_PATH}/healthOverviews", items, tenancy.page_size)


def overview(exchange: Exchange, tenancy: Tenancy) -> Response:
    """The state of one service, which is asked for by its name."""
    return _one(exchange, "healthOverviews", _overviews(exchange, tenancy), "service")


def issues(exchange: Exchange, tenancy: Tenancy) -> Response:
    """All issues."""
    return collection(exchange, f"{_PATH}/issues", _issues(tenancy), tenancy.page_size)


def issue(exchange: Exchange, tenancy: Tenancy) -> Response:
    """One issue by its id."""
    return _one(exchange, "issues", _issues(tenancy), "id")
