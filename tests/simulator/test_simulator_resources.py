"""What Graph answers as JSON: service health, the application's credentials, report settings."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from wire import ACTIVITY, DEVICES, TEAMS, TODAY, Wire, running

from o365skype_bridge.simulator.resource_faults import RESOURCE_FAULTS
from o365skype_bridge.simulator.resource_oddities import RESOURCE_ODDITIES

HEALTH = "admin/serviceAnnouncement/healthOverviews"
ISSUES = "admin/serviceAnnouncement/issues"
SETTINGS = "admin/reportSettings"
APPLICATION = "applications(appId='5111a7ed-0000-4000-8000-00000000c11e')"
REPORTS, HEALTH_ROLE = "Reports.Read.All", "ServiceHealth.Read.All"
ROLES = (REPORTS, HEALTH_ROLE, "Application.Read.All", "ReportSettings.Read.All")
REFUSALS = {
    HEALTH: "Forbidden",
    ISSUES: "Forbidden",
    APPLICATION: "Authorization_RequestDenied",
    "applications": "Authorization_RequestDenied",
    SETTINGS: "S2SUnauthorized",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with running(tmp_path_factory.mktemp("ca"), roles=ROLES) as wire:
        yield wire


@pytest.fixture
def wire(shared: Wire) -> Wire:
    return shared.begin(roles=ROLES)


def found(wire: Wire, path: str) -> list[dict[str, Any]]:
    """Give the items of a list, page by page."""
    items: list[dict[str, Any]] = []
    link = f"{wire.running.graph_endpoint}/v1.0/{path}"
    while link:
        content = wire.get(link, headers={"Authorization": f"Bearer {wire.bearer()}"}).json()
        items += content["value"]
        link = content.get("@odata.nextLink", "")
    return items


def application(wire: Wire, *oddities: str, **settings: Any) -> dict[str, Any]:
    """Give the application of the client."""
    content: dict[str, Any] = wire.begin(oddities=oddities, **settings).resource(APPLICATION).json()
    return content


def test_token_carries_its_roles(wire: Wire) -> None:
    """The middle of a token is JSON with the roles that were granted when it was issued."""
    middle = wire.bearer().split(".")[1]

    claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))

    assert claims["roles"] == sorted(ROLES)
    assert (claims["appid"], claims["tid"]) == (wire.simulator.client_id, wire.tenant)


@pytest.mark.parametrize("path", REFUSALS)
def test_default_roles_open_reports_only(wire: Wire, path: str) -> None:
    """Without its own role each is refused with 403 in the words of its service."""
    wire.begin(roles=[REPORTS])

    response = wire.resource(path)

    assert wire.error(response)[:2] == (403, REFUSALS[path])
    assert response.headers["request-id"]
    assert wire.fetch(DEVICES).status_code == 200


def test_report_without_its_role_is_forbidden(wire: Wire) -> None:
    """Other roles do not open reports."""
    response = wire.begin(roles=[HEALTH_ROLE]).ask(ACTIVITY)

    assert wire.error(response) == (403, "S2SUnauthorized", "Invalid permission.")


def test_new_role_needs_a_new_token(wire: Wire) -> None:
    """What is granted later is not in the token that somebody has already."""
    old = wire.begin(roles=[REPORTS]).bearer()
    wire.simulator.configure(roles=[REPORTS, HEALTH_ROLE])

    assert wire.resource(HEALTH, Authorization=f"Bearer {old}").status_code == 403
    wire._bearer = ""
    assert wire.resource(HEALTH).status_code == 200


@pytest.mark.parametrize("path", REFUSALS)
def test_resource_without_a_good_token_is_unauthorized(wire: Wire, path: str) -> None:
    """Graph knows nobody without a token."""
    assert wire.resource(path, Authorization="Bearer stale").status_code == 401


def test_calls_are_counted_by_name_and_key(wire: Wire) -> None:
    """A call says which resource was asked for, and the key of a single item."""
    wire.resource(HEALTH)
    wire.resource(f"{HEALTH}/Microsoft Teams")
    wire.resource(APPLICATION)

    calls = [(call.kind, call.function, call.parameter) for call in wire.simulator.calls[-3:]]
    assert calls == [
        ("resource", "healthOverviews", ""),
        ("resource", "healthOverviews", "Microsoft Teams"),
        ("resource", "applications", wire.simulator.client_id),
    ]
    assert wire.simulator.leaks == []


def test_overviews_name_every_service_once(wire: Wire) -> None:
    """Each service has an id, a name and a status, Skype and Teams among them."""
    items = found(wire, HEALTH)

    assert all(set(item) == {"id", "service", "status"} for item in items)
    assert len({item["id"] for item in items}) == len(items) == 15
    names = {item["id"]: item["service"] for item in items}
    assert (names["Lync"], names["microsoftteams"]) == ("Skype for Business", "Microsoft Teams")


def test_service_is_as_bad_as_its_open_issues(wire: Wire) -> None:
    """Services without an open issue are operational, others are not, on any day."""
    for days in range(12):
        wire.begin(roles=ROLES, today=TODAY + timedelta(days))
        troubled = {item["service"] for item in found(wire, ISSUES) if not item["isResolved"]}
        states = {item["service"]: item["status"] for item in found(wire, HEALTH)}

        assert 1 <= len(troubled) <= 2
        assert {name for name in states if states[name] != "serviceOperational"} == troubled


def test_issues_are_the_same_on_the_same_day(wire: Wire) -> None:
    """Day and seed decide; an issue keeps its id and its beginning while it goes on."""
    today = found(wire, ISSUES)
    assert found(wire, ISSUES) == today

    tomorrow = found(wire.begin(roles=ROLES, today=TODAY + timedelta(1)), ISSUES)
    starts = {item["id"]: item["startDateTime"] for item in tomorrow}
    assert tomorrow != today
    assert {starts.get(item["id"], item["startDateTime"]) for item in today} == {
        item["startDateTime"] for item in today
    }
    assert len(starts.keys() & {item["id"] for item in today}) >= 9
    assert found(wire.begin(roles=ROLES, seed=2), ISSUES) != today


def test_issue_has_the_fields_of_real_ones(wire: Wire) -> None:
    """Advisories and incidents, resolved ones with an end, posts in HTML."""
    items = found(wire, ISSUES)

    assert {item["classification"] for item in items} == {"advisory", "incident"}
    for item in items:
        assert (item["endDateTime"] is None) == (not item["isResolved"])
        for name in ("startDateTime", "lastModifiedDateTime"):
            assert datetime.fromisoformat(item[name]).date() < TODAY
        assert item["posts"][0]["description"]["contentType"] == "html"
        assert wire.resource(f"{ISSUES}/{item['id']}").json()["title"] == item["title"]


def test_one_service_by_its_name(wire: Wire) -> None:
    """A service is found by its name with spaces; there is none by another name."""
    content = wire.resource(f"{HEALTH}/Skype%20for%20Business").json()

    assert (content["id"], content["service"]) == ("Lync", "Skype for Business")
    assert wire.resource(f"{HEALTH}/Lync").status_code == 404


def test_issues_come_with_their_services(wire: Wire) -> None:
    """$expand=issues puts each issue below the service it is about."""
    items = found(wire, f"{HEALTH}?$expand=issues")

    inside = [issue for item in items for issue in item["issues"]]
    assert sorted(issue["id"] for issue in inside) == sorted(
        issue["id"] for issue in found(wire, ISSUES)
    )
    assert all(issue["service"] == item["service"] for item in items for issue in item["issues"])


@pytest.mark.parametrize("size", [1, 4, 15, 16])
def test_pages(wire: Wire, size: int) -> None:
    """Pages of any size together are the whole list, and the last one has no link."""
    whole = found(wire, HEALTH)
    wire.begin(roles=ROLES, page_size=size)

    assert found(wire, HEALTH) == whole
    assert len(wire.simulator.calls) - 1 == -(-15 // size)


def test_page_keeps_the_question(wire: Wire) -> None:
    """Filter, fields and page size are in the link to the next page."""
    wire.begin(roles=ROLES, page_size=2)

    items = found(wire, f"{ISSUES}?$filter=isResolved eq true&$select=id,isResolved")

    assert len(items) >= 8
    assert all(item.keys() == {"id", "isResolved"} and item["isResolved"] for item in items)
    link = wire.resource(f"{ISSUES}?$top=1&$select=id").json()["@odata.nextLink"]
    root = f"{wire.running.graph_endpoint}/v1.0/{ISSUES}"
    assert link == f"{root}?$top=1&$select=id&$skiptoken=c2tpcD0x"
    assert len(wire.get(link, headers={"Authorization": f"Bearer {wire.bearer()}"}).json()) == 3


@pytest.mark.parametrize("query", ["$filter=id gt 3", "$top=0", "$top=x", "$skiptoken=nonsense"])
def test_option_that_is_not_understood(wire: Wire, query: str) -> None:
    """A wrong query option is a bad request."""
    assert wire.error(wire.resource(f"{ISSUES}?{query}"))[:2] == (400, "BadRequest")


def test_application_by_its_ids_and_by_filter(wire: Wire) -> None:
    """The client's application is found in three ways, and no other one is there."""
    content = application(wire, roles=ROLES)
    client = wire.simulator.client_id

    assert content["appId"] == client
    by_object = wire.resource(f"applications/{content['id']}").json()
    assert by_object == content
    (listed,) = found(wire, f"applications?$filter=appId eq '{client}'")
    assert {"@odata.context": content["@odata.context"], **listed} == content
    assert found(wire, "applications?$filter=appId eq 'other'") == []
    assert wire.error(wire.resource("applications(appId='other')"))[:2] == (
        404,
        "Request_ResourceNotFound",
    )


@pytest.mark.parametrize("days", [-3, 0, 180])
def test_secret_ends_in_so_many_days(wire: Wire, days: int) -> None:
    """The secret's end is counted from the simulator's day; the secret itself is not shown."""
    content = application(wire, roles=ROLES, secret_days=days)

    (secret,) = content["passwordCredentials"]
    end = datetime.fromisoformat(secret["endDateTime"])
    assert end.date() == TODAY + timedelta(days)
    assert secret["secretText"] is None
    assert secret["hint"] == wire.simulator.client_secret[:3]
    assert wire.simulator.client_secret not in json.dumps(content)
    assert content["keyCredentials"] == []


def test_certificate_ends_too(wire: Wire) -> None:
    """A certificate has its own end."""
    (certificate,) = application(wire, roles=ROLES, certificate_days=30)["keyCredentials"]

    assert certificate["endDateTime"].startswith(str(TODAY + timedelta(30)))
    assert (certificate["type"], certificate["usage"]) == ("AsymmetricX509Cert", "Verify")


def test_fields_of_an_application_are_chosen(wire: Wire) -> None:
    """$select leaves the other fields out."""
    content = wire.resource(f"{APPLICATION}?$select=appId,passwordCredentials").json()

    assert set(content) == {"@odata.context", "appId", "passwordCredentials"}


@pytest.mark.parametrize("oddities", [[], ["concealed"]])
def test_report_settings_agree_with_the_reports(wire: Wire, oddities: list[str]) -> None:
    """Names are concealed in the settings when they are in the reports."""
    wire.begin(roles=ROLES, oddities=oddities)

    content = wire.resource(SETTINGS).json()

    assert content["displayConcealedNames"] is bool(oddities)
    assert (b"@contoso.example" not in wire.body()) is bool(oddities)


@pytest.mark.parametrize("cloud", ["usgov", "usgov-dod", "china"])
def test_national_clouds_have_no_reports(wire: Wire, cloud: str) -> None:
    """Reports and their settings are unknown segments there; health and applications are not."""
    wire.begin(roles=ROLES, cloud=cloud)

    for response in (wire.ask(DEVICES), wire.ask(TEAMS), wire.resource(SETTINGS)):
        status, code, message = wire.error(response)
        assert (status, code) == (400, "BadRequest")
        assert message.startswith("Resource not found for the segment '")
    assert wire.resource(HEALTH).status_code == 200
    assert wire.resource(APPLICATION).status_code == 200


@pytest.mark.parametrize(
    ("fault", "path", "status"),
    [
        ("retired-404@issues", HEALTH, 200),
        ("retired-404@issues", ISSUES, 404),
        ("forbidden-flat@serviceAnnouncement", HEALTH, 403),
        ("forbidden-flat@serviceAnnouncement", APPLICATION, 200),
        ("unauthorized", SETTINGS, 401),
        ("throttled-seconds", APPLICATION, 429),
        ("503-retry-after", HEALTH, 503),
        ("html-graph", HEALTH, 200),
    ],
)
def test_faults_of_graph_strike_json_too(wire: Wire, fault: str, path: str, status: int) -> None:
    """A fault is asked for by its name and by what is asked."""
    response = wire.begin(fault, roles=ROLES).resource(path)

    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html") == (fault == "html-graph")


def test_retired_function_leaves_its_neighbours(wire: Wire) -> None:
    """The JSON resources go on when a report is retired."""
    wire.begin(f"retired-400@{ACTIVITY}", roles=ROLES)

    assert wire.ask(ACTIVITY).status_code == 400
    assert wire.resource(SETTINGS).status_code == 200


def test_limits_are_those_of_each_service(tmp_path: Path) -> None:
    """Health has 240 calls a minute for all of its lists; the settings have 100 in ten minutes."""
    now = [0.0]
    with running(tmp_path, roles=ROLES, enforce_quota=True, clock=lambda: now[0]) as wire:
        statuses = [wire.resource(path).status_code for path in (HEALTH, ISSUES) * 120]
        refused = wire.resource(HEALTH)
        settings = {wire.resource(SETTINGS).status_code for _ in range(100)}
        last = wire.resource(SETTINGS)
        other = wire.resource(APPLICATION)
        now[0] = 61
        again = wire.resource(HEALTH)

    assert set(statuses) == {200}
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "61")
    assert (settings, last.headers["Retry-After"]) == ({200}, "601")
    assert (other.status_code, again.status_code) == (200, 200)


def test_literal_body_takes_the_place_of_a_made_one(tmp_path: Path) -> None:
    """A literal answer is served by name and key."""
    bodies = {("healthOverviews", ""): b'{"value": 3}'}
    with running(tmp_path, roles=ROLES, bodies=bodies) as wire:
        assert wire.resource(HEALTH).json() == {"value": 3}
        assert wire.resource(ISSUES).json()["value"]


def health(wire: Wire, *oddities: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give services and issues with these oddities."""
    wire.begin(roles=ROLES, oddities=oddities)
    return found(wire, HEALTH), found(wire, ISSUES)


def test_health_pascal_case(wire: Wire) -> None:
    """Only the first letter differs."""
    plain, odd = health(wire)[0], health(wire, "health-pascal-case")[0]

    assert [item["status"] for item in odd] == [
        item["status"][0].upper() + item["status"][1:] for item in plain
    ]


def test_health_unknown_status(wire: Wire) -> None:
    """Services in trouble have a status that is in no list."""
    services, _ = health(wire, "health-unknown-status")

    assert {item["status"] for item in services} == {"serviceOperational", "unknownFutureValue"}


def test_health_renamed(wire: Wire) -> None:
    """Names change in services and issues alike, ids stay."""
    plain, _ = health(wire)
    services, issues = health(wire, "health-renamed")

    assert [item["id"] for item in services] == [item["id"] for item in plain]
    names = {item["service"] for item in services}
    assert not names & {item["service"] for item in plain}
    assert {item["service"] for item in issues} <= names


def test_health_without_skype(wire: Wire) -> None:
    """Skype is in no list."""
    services, issues = health(wire, "health-without-skype")

    assert len(services) == 14
    assert "Skype for Business" not in {item["service"] for item in (*services, *issues)}


def test_health_all_good(wire: Wire) -> None:
    """No issue, and every service is operational."""
    services, issues = health(wire, "health-all-good")

    assert issues == []
    assert {item["status"] for item in services} == {"serviceOperational"}


def test_settings_wrapped(wire: Wire) -> None:
    """The setting stands one level deeper."""
    wire.begin(roles=ROLES, oddities=["settings-wrapped", "concealed"])

    assert wire.resource(SETTINGS).json()["value"] == {"displayConcealedNames": True}


def test_settings_off(wire: Wire) -> None:
    """Names in reports are concealed as they were when these were made."""
    wire.begin(roles=ROLES, oddities=["settings-off", "concealed"])

    assert wire.resource(SETTINGS).json()["displayConcealedNames"] is False


def test_credentials_several(wire: Wire) -> None:
    """One has ended, one is in use and one follows."""
    secrets = application(wire, "credentials-several", roles=ROLES)["passwordCredentials"]

    days = [(date.fromisoformat(secret["endDateTime"][:10]) - TODAY).days for secret in secrets]
    assert days == [-40, 180, 545]
    assert len({secret["keyId"] for secret in secrets}) == 3


def test_credentials_none(wire: Wire) -> None:
    """Neither secret nor certificate."""
    content = application(wire, "credentials-none", roles=ROLES, certificate_days=5)

    assert (content["passwordCredentials"], content["keyCredentials"]) == ([], [])


def test_credentials_certificate_only(wire: Wire) -> None:
    """A certificate and no secret."""
    content = application(wire, "credentials-certificate-only", roles=ROLES)

    assert content["passwordCredentials"] == []
    assert len(content["keyCredentials"]) == 1


def test_credentials_fractional(wire: Wire) -> None:
    """Seven digits follow the seconds."""
    (secret,) = application(wire, "credentials-fractional", roles=ROLES)["passwordCredentials"]

    assert secret["endDateTime"].endswith("T09:10:35.2742618Z")


def test_credentials_unnamed(wire: Wire) -> None:
    """The name is null."""
    (secret,) = application(wire, "credentials-unnamed", roles=ROLES)["passwordCredentials"]

    assert secret["displayName"] is None


def test_next_link_loop(wire: Wire) -> None:
    """Every page leads to itself."""
    wire.begin("next-link-loop", roles=ROLES)
    content = wire.resource(f"{HEALTH}?$top=3").json()

    assert content["@odata.nextLink"] == f"{wire.running.graph_endpoint}/v1.0/{HEALTH}?$top=3"


def test_next_link_evil(wire: Wire) -> None:
    """The next page is somebody else's."""
    content = wire.begin("next-link-evil", roles=ROLES).resource(HEALTH).json()

    link = content["@odata.nextLink"]
    assert link.startswith(f"https://graph.microsoft.com.evil.example/v1.0/{HEALTH}")


def test_next_page_empty(wire: Wire) -> None:
    """A page without items is followed by those with all of them."""
    whole = found(wire, ISSUES)
    wire.begin("next-page-empty", roles=ROLES, page_size=4)

    assert wire.resource(ISSUES).json()["value"] == []
    assert found(wire, ISSUES) == whole


def test_status_missing(wire: Wire) -> None:
    """No item has a status; what is no list stays as it is."""
    wire.begin("status-missing", roles=ROLES)

    assert not any("status" in item for item in found(wire, HEALTH))
    assert "status" in wire.resource(f"{HEALTH}/Planner").json()


def test_every_oddity_and_fault_of_json_is_exercised_here() -> None:
    """Each has a test that bears its name."""
    names = {name.removeprefix("test_").replace("_", "-") for name in globals() if "test_" in name}

    assert {oddity.name for oddity in RESOURCE_ODDITIES} <= names
    assert {fault.name for fault in RESOURCE_FAULTS} <= names
