"""Service health: what is said of a service and of its open issues."""

from __future__ import annotations

from typing import Any

import pytest
from listed import Item, listed

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.reports.health import ISSUES, SERVICES, STATUSES


def issue(**changes: object) -> dict[str, Any]:
    """Make an open incident."""
    return {
        "id": "EX801",
        "title": "Mail is late",
        "service": "Exchange Online",
        "classification": "incident",
        "isResolved": False,
        "startDateTime": "2026-06-27T20:15:00Z",
        **changes,
    }


def service(*issues: Item, **changes: object) -> dict[str, Any]:
    """Make a service that is fine, but for its issues."""
    return {
        "id": "Exchange",
        "service": "Exchange Online",
        "status": "serviceOperational",
        "issues": list(issues),
        **changes,
    }


def without(item: Item, name: str) -> dict[str, Any]:
    """Give an item that lacks a field."""
    return {key: value for key, value in item.items() if key != name}


def test_service_has_its_status_and_its_open_issues() -> None:
    """As a text, as a number, and how many issues of each kind."""
    item = service(issue(), issue(id="EX802", classification="advisory"), issue(id="EX803"))
    degraded = {**item, "status": "serviceDegradation"}
    teams = service(service="Microsoft Teams")

    assert listed(SERVICES, degraded, teams) == {
        "Exchange Online": {
            "status": "serviceDegradation",
            "code": 6,
            "incidents": 2,
            "advisories": 1,
            "issues": "EX801 Mail is late; EX802 Mail is late; EX803 Mail is late",
        },
        "Microsoft Teams": {
            "status": "serviceOperational",
            "code": 0,
            "incidents": 0,
            "advisories": 0,
            "issues": "none",
        },
    }


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("cased", [str.upper, str.lower, lambda word: word[0].upper() + word[1:]])
def test_letter_case_of_a_status_is_its_own(status: str, cased: Any) -> None:
    """The documentation writes capitals, Graph does not."""
    found = listed(SERVICES, service(status=cased(status)))["Exchange Online"]

    assert found["code"] == STATUSES.index(status)


def test_status_that_nobody_knows_stays_as_it_is() -> None:
    """Its number is the one that Graph has for what is to come."""
    found = listed(SERVICES, service(status="onFire"))["Exchange Online"]

    assert (found["status"], found["code"]) == ("onFire", 17)


def test_kind_of_an_issue_is_known_in_any_letter_case() -> None:
    """The documentation writes capitals, Graph does not."""
    found = listed(SERVICES, service(issue(classification="Incident")))["Exchange Online"]

    assert (found["incidents"], found["advisories"]) == (1, 0)


def test_resolved_issue_is_not_counted() -> None:
    """It stays in the list for a month."""
    item = service(issue(isResolved=True), issue(id="EX802", classification="advisory"))
    found = listed(SERVICES, item)["Exchange Online"]

    assert (found["incidents"], found["advisories"]) == (0, 1)
    assert list(listed(ISSUES, item)) == ["EX802"]


@pytest.mark.parametrize("name", ["service", "status", "issues"])
def test_service_without_a_field_is_malformed(name: str) -> None:
    """What is not said is not taken for good news."""
    with pytest.raises(MalformedError, match="an item of healthOverviews is not what it should"):
        listed(SERVICES, without(service(), name))


@pytest.mark.parametrize("report", [SERVICES, ISSUES])
@pytest.mark.parametrize("issues", [None, {}, "", 0, [None], ["EX801"], [[]]])
def test_issues_that_are_no_list_of_issues_are_malformed(report: Any, issues: object) -> None:
    """Nobody knows how many are open, then."""
    with pytest.raises(MalformedError):
        listed(report, {**service(), "issues": issues})


@pytest.mark.parametrize("name", ["classification", "isResolved"])
def test_issue_without_a_field_that_counts_is_malformed(name: str) -> None:
    """Whether it is open, and of which kind, must be said."""
    with pytest.raises(MalformedError):
        listed(SERVICES, service(without(issue(), name)))


@pytest.mark.parametrize("name", ["id", "title", "classification", "isResolved", "startDateTime"])
def test_issue_without_a_field_that_is_shown_is_malformed(name: str) -> None:
    """A sample without its text would be a gap that nobody sees."""
    with pytest.raises(MalformedError):
        listed(ISSUES, service(without(issue(), name)))


def test_issue_is_told_with_its_service_and_a_link() -> None:
    """So that whoever is woken by it knows where to read on."""
    assert listed(ISSUES, service(issue(classification="Incident"))) == {
        "EX801": {
            "title": "Mail is late",
            "service": "Exchange Online",
            "classification": "incident",
            "started": "2026-06-27T20:15:00Z",
            "link": "https://admin.microsoft.com/#/servicehealth/:/alerts/EX801",
        }
    }


def test_issue_of_two_services_is_one_issue() -> None:
    """Graph lists it under each of them; it names the one that it began with."""
    suite = service(issue(), id="OSDPPlatform", service="Microsoft 365 suite")

    assert listed(ISSUES, service(issue()), suite) == listed(ISSUES, service(issue()))


def test_two_issues_under_one_id_are_malformed() -> None:
    """Nobody can say which of them it is."""
    with pytest.raises(MalformedError, match="'EX801' in 'id' more than once"):
        listed(ISSUES, service(issue(), issue(title="Mail is lost")))


def test_service_that_is_not_listed_has_no_figures() -> None:
    """Only those that the tenant has are listed; nothing is made up for others."""
    assert listed(SERVICES) == {}
