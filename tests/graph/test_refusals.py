"""What a refusal says: the same words as long as the trouble is the same, and ids beside them."""

from __future__ import annotations

import json

import pytest
from catalogue import DEVICES_USAGE, SHAPES

from o365skype_bridge.graph.refusals import graph_refusal, login_refusal, retry_after

ONE, TWO = "1a2b3c4d-0000-4000-8000-00000000000", "9f8e7d6c-0000-4000-8000-00000000000"

LOGIN = [
    "AADSTS70099: Odd. Trace ID: {id}1 Correlation ID: {id}2 Timestamp: 2026-11-2{day} 10:00:00Z",
    "AADSTS70099: Odd.\r\nTrace ID: {id}1\r\nCorrelation ID: {id}2\r\nTimestamp: 2026-11-2{day}",
    "AADSTS70099: Odd. (Trace ID: '{id}1', correlation-id={id}2)",
    "AADSTS70099: Odd. [trace id {id}1; Correlation Id {id}2; 2026-11-2{day}T10:00:00.123+01:00]",
]


@pytest.mark.parametrize("description", LOGIN)
@pytest.mark.parametrize(("id_", "day"), [(ONE, 1), (TWO, 2)])
def test_login_refusal_is_the_same_text_at_every_try(description: str, id_: str, day: int) -> None:
    """Whatever form its description has, ids and times are not in the message."""
    said = description.format(id=id_, day=day)
    error = login_refusal({"error": "odd", "error_description": said, "error_codes": [70099]})

    assert str(error) == "login refused: AADSTS70099: Odd."


def test_ids_of_a_login_refusal_are_for_support() -> None:
    """An id that stands twice in the answer is shown once."""
    said = LOGIN[0].format(id=ONE, day=1)
    error = login_refusal({"error": "odd", "error_description": said, "trace_id": f"{ONE}1"})

    assert error.support == f"trace-id {ONE}1, correlation-id {ONE}2"


GRAPH = [
    "Too many requests. Request ID: {id}1",
    "Too many requests. (client-request-id: {id}1; 2026-11-2{day}T10:00:00Z)",
    "Too many requests. Date: 2026-11-2{day} 10:00:00 RequestId: {id}1.",
]


@pytest.mark.parametrize("message", GRAPH)
@pytest.mark.parametrize(("id_", "day"), [(ONE, 1), (TWO, 2)])
def test_graph_refusal_is_the_same_text_at_every_try(message: str, id_: str, day: int) -> None:
    """Ids and times in Graph's message go into what is for support."""
    content = {"error": {"code": "Odd", "message": message.format(id=id_, day=day)}}
    error = graph_refusal(DEVICES_USAGE, 418, {}, json.dumps(content).encode(), "request-id x")

    assert str(error).removesuffix(" Date") == (
        "Graph did not answer as Graph does: HTTP 418 Odd, Too many requests."
    )
    assert error.support.split(", ")[0] == "request-id x"
    assert f"{id_}1" in error.support


@pytest.mark.parametrize(
    "message",
    [
        "Invalid date value specified: 2026-11-20. Only support data for the past 28 days.",
        f"The application '{ONE}1' was not found.",
        "A session identity is missing. Request id required.",
    ],
)
def test_words_that_do_not_change_stay(message: str) -> None:
    """Days, applications and tenants are what the message is about."""
    content = {"error": {"code": "Odd", "message": message}}
    error = graph_refusal(DEVICES_USAGE, 418, {}, json.dumps(content).encode(), "")

    assert str(error) == f"Graph did not answer as Graph does: HTTP 418 Odd, {message}"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        *[("2.128", 2.128), ("120", 120.0), ("1e9", 86400.0), ("9" * 400, None)],
        *[("nan", None), ("inf", None), ("-inf", None), ("-5", None), ("0", None), ("", None)],
        *[("1e400", None), ("soon", None), ("Fri, 31 Dec 99999999999999 23:59:59 GMT", None)],
        *[("Thu, 01 Jan 1970 00:01:40 GMT", 60.0), ("Thu, 01 Jan 1970 00:00:00 GMT", None)],
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400.0),
    ],
)
def test_wait_that_is_asked_for_is_between_nothing_and_a_day(
    value: str, seconds: float | None
) -> None:
    """What is no such time asks for nothing."""
    assert retry_after({"Retry-After": value}, lambda: 40.0) == seconds


def test_list_that_is_not_there_is_not_called_retired() -> None:
    """An application is known in its home tenant; nothing has been taken away."""
    error = graph_refusal(SHAPES["list"], 404, {}, b"", "request-id x")

    assert (error.kind, str(error)) == (
        "gone",
        "Graph does not have healthOverviews here: HTTP 404",
    )
    assert "home tenant" in error.remedy
