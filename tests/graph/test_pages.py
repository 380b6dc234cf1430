"""Lists in pages: read to the last one, and only from Graph."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Lab, MakeLab

from o365skype_bridge.errors import BridgeError, MalformedError
from o365skype_bridge.graph import pages
from o365skype_bridge.graph.client import connect
from o365skype_bridge.model import asked
from o365skype_bridge.reports.health import SERVICES

ENDPOINT = "https://graph.microsoft.com"


class Budget:
    """Counts what is spent."""

    def __init__(self) -> None:
        self.spent = 0

    def spend(self, _function: str) -> None:
        self.spent += 1

    def hold(self, _function: str, _seconds: float) -> None:
        """Nothing is held."""


@pytest.fixture
def listed(make_lab: MakeLab, tmp_path: Path) -> Callable[..., Any]:
    """Give a function that reads the services of a simulator: their names, or what is wrong."""

    def read(**settings: Any) -> tuple[list[str] | str, Lab]:
        lab = make_lab(roles=["ServiceHealth.Read.All"], **settings)
        source = connect(
            lab.tenant(),
            Budget(),
            token_file=str(tmp_path / "token.json"),
            guard=lambda: contextlib.nullcontext(enter_result=True),
            life=20,
            patience=5,
        )
        question = asked.moment(date(2026, 6, 28))
        try:
            body = source.read(SERVICES, question, b"".join)
        except BridgeError as error:
            return f"{error.kind}: {error}", lab
        finally:
            source.close()
        return [json.loads(line)["service"] for line in body.splitlines()], lab

    return read


def asked_of(lab: Lab) -> int:
    """Count the calls of the list."""
    return lab.kinds().count("resource")


@pytest.mark.parametrize(("size", "calls"), [(100, 1), (15, 1), (14, 2), (2, 8)])
def test_every_page_is_read_once(listed: Any, size: int, calls: int) -> None:
    """In order, whatever their size."""
    names, lab = listed(page_size=size)

    assert (len(names), len(set(names)), asked_of(lab)) == (15, 15, calls)


def test_empty_page_is_not_the_last_one(listed: Any) -> None:
    """While it says where the next is."""
    names, lab = listed(faults=["next-page-empty"])

    assert (len(names), asked_of(lab)) == (15, 2)


def test_page_that_leads_to_itself_is_malformed(listed: Any) -> None:
    """It is asked for no more than twice."""
    said, lab = listed(faults=["next-link-loop"])

    assert said == "malformed: the next page of Graph's list is one that was read already"
    assert asked_of(lab) <= 2


def test_next_page_elsewhere_never_gets_the_token(listed: Any) -> None:
    """A host that only begins like Graph's is not Graph."""
    said, lab = listed(faults=["next-link-evil"])

    assert said == "malformed: the next page of Graph's list is not on Graph's host"
    assert (asked_of(lab), list(lab.simulator.leaks)) == (1, [])


def test_list_without_items_is_a_list(listed: Any) -> None:
    """It is the last page, and there is nothing on it."""
    names, _ = listed(bodies={("healthOverviews", ""): b'{"value": []}'})

    assert names == []


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"\xff\xfe", b"[]", b'"a"', b"null", b"7", b"[" * 100_000]
)
def test_page_that_is_no_object_is_malformed(listed: Any, body: bytes) -> None:
    """It is asked for once; asking again would give the same."""
    said, lab = listed(bodies={("healthOverviews", ""): body})

    assert (said, asked_of(lab)) == ("malformed: Graph's list is no JSON object", 1)


def test_page_that_is_too_large_is_given_up(listed: Any) -> None:
    """Once, before it fills the memory."""
    body = b'{"value": ["' + b"x" * pages.LARGEST + b'"]}'
    said, lab = listed(bodies={("healthOverviews", ""): body})

    assert said.partition(": ")[0] == "unreachable"
    assert said.endswith("the answer is larger than any should be")
    assert asked_of(lab) == 1


@pytest.mark.parametrize("value", ["null", "{}", '"a"', "7", "[null]", "[[]]", '["a"]'])
def test_items_are_objects(value: str) -> None:
    """Anything else is no list that we asked for."""
    with pytest.raises(MalformedError, match="holds what is no object"):
        pages.read(b'{"value": %s}' % value.encode())


@pytest.mark.parametrize("link", ["7", "[]", "{}", "true"])
def test_next_page_is_a_text(link: str) -> None:
    """Anything else leads nowhere."""
    with pytest.raises(MalformedError, match="does not say where its next page is"):
        pages.read(b'{"value": [], "@odata.nextLink": %s}' % link.encode())


def test_single_object_is_a_page_of_one() -> None:
    """As an application that is asked for by its id."""
    page = pages.read(b'{"id": "a1"}')

    assert ([json.loads(line) for line in page.lines], page.next_link) == ([{"id": "a1"}], "")


@pytest.mark.parametrize(
    "link",
    [
        "https://graph.microsoft.com.evil.example/v1.0/x",
        "https://graph.microsoft.com@evil.example/v1.0/x",
        "https://graph.microsoft.com\\@evil.example/v1.0/x",
        "https://graph.microsoft.com/\\evil.example",
        "https://graph.microsoft.com:8443/v1.0/x",
        "http://graph.microsoft.com/v1.0/x",
        "//graph.microsoft.com/v1.0/x",
        "/v1.0/x",
        "https://graph.microsoft.com/v1.0/x\r\nHost: evil.example",
        "https://graph.microsoft.com/v1.0/\x00",
    ],
)
def test_link_that_is_not_graphs_is_refused(link: str) -> None:
    """Before anything is sent there."""
    with pytest.raises(MalformedError, match="not on Graph's host"):
        pages.checked(link, ENDPOINT)


def test_link_of_graphs_is_followed_as_it_is() -> None:
    """With all that it carries."""
    link = f"{ENDPOINT}/v1.0/admin/x?$skiptoken=a%2Fb&$top=3"

    assert pages.checked(link, ENDPOINT) == link
