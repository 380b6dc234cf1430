"""The application's credentials: how long each is good for, and which are told."""

from __future__ import annotations

from typing import Any

import pytest
from listed import Item, listed

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.reports.credentials import REPORTS

[EXPIRY] = REPORTS


def credential(key: str = "k1", ends: str = "2026-07-08", **changes: object) -> dict[str, Any]:
    """Make a credential that ends in ten days."""
    return {
        "keyId": key,
        "displayName": "monitoring",
        "endDateTime": f"{ends}T09:10:35Z",
        **changes,
    }


def application(*secrets: Item, certificates: tuple[Item, ...] = ()) -> dict[str, Any]:
    """Make the application that has them."""
    return {
        "id": "a1",
        "passwordCredentials": list(secrets),
        "keyCredentials": list(certificates),
    }


def left(*secrets: Item) -> dict[str, object]:
    """Give the days that are left of each secret that is told."""
    found = listed(EXPIRY, application(*secrets))
    return {key: figures["left"] for key, figures in found.items()}


def test_secret_and_certificate_are_told_apart() -> None:
    """With the days left, the last day and the name."""
    certificate = credential("k2", "2027-06-28", displayName="CN=monitoring")

    assert listed(EXPIRY, application(credential(), certificates=(certificate,))) == {
        "k1": {"left": 10, "ends": "2026-07-08", "name": "monitoring", "kind": "secret"},
        "k2": {"left": 365, "ends": "2027-06-28", "name": "CN=monitoring", "kind": "certificate"},
    }


def test_ended_ones_beside_a_good_one_are_left_out() -> None:
    """What nobody uses any more needs nobody."""
    assert left(credential("old", "2026-05-19"), credential("good", "2027-06-28")) == {"good": 365}


def test_one_that_ends_soon_is_told_beside_its_successor() -> None:
    """Nobody knows which of them the operator has put in place."""
    assert left(credential("k1"), credential("k2", "2027-06-28")) == {"k1": 10, "k2": 365}


def test_of_ended_ones_alone_the_last_is_told() -> None:
    """With no days left, and the day on which it ended."""
    found = listed(
        EXPIRY, application(credential("older", "2025-06-28"), credential("last", "2026-06-01"))
    )

    assert found == {
        "last": {"left": 0, "ends": "2026-06-01", "name": "monitoring", "kind": "secret"}
    }


def test_one_that_ends_today_has_no_day_left() -> None:
    """It is told all day."""
    assert left(credential(ends="2026-06-28")) == {"k1": 0}


@pytest.mark.parametrize(
    "ends",
    ["2026-07-08T09:10:35.2742618Z", "2026-07-08T09:10:35Z", "2026-07-08T09:10:35+00:00"],
)
def test_fractions_of_seconds_do_not_matter(ends: str) -> None:
    """Graph writes seven digits, or none."""
    assert left(credential(endDateTime=ends)) == {"k1": 10}


@pytest.mark.parametrize("name", [None, ""])
def test_nameless_one_goes_by_its_id(name: str | None) -> None:
    """Graph does not ask for a name."""
    found = listed(EXPIRY, application(credential(displayName=name)))

    assert found["k1"]["name"] == "k1"


@pytest.mark.parametrize("name", ["keyId", "endDateTime"])
@pytest.mark.parametrize("given", ["missing", "null", "blank"])
def test_one_without_id_or_end_is_malformed(name: str, given: str) -> None:
    """No end is not no end: nobody knows how long it is good for."""
    wrong = credential()
    del wrong[name]
    if given != "missing":
        wrong[name] = None if given == "null" else ""
    with pytest.raises(MalformedError):
        listed(EXPIRY, application(wrong))


@pytest.mark.parametrize("name", ["passwordCredentials", "keyCredentials"])
def test_application_without_a_list_is_malformed(name: str) -> None:
    """It was asked for; an empty one is there all the same."""
    item = application(credential())
    del item[name]
    with pytest.raises(MalformedError):
        listed(EXPIRY, item)


def test_application_without_credentials_has_no_figures() -> None:
    """It may log in by other means; nothing is made up."""
    assert listed(EXPIRY, application()) == {}
