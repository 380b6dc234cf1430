"""Messages between our processes: each comes out of its line as it went in, and no other line."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from catalogue import DEVICES_USAGE, USERS_ACTIVITY
from readers import making

from o365skype_bridge.engine import messages
from o365skype_bridge.engine.messages import Done, Exchanged, Found, Refreshed, Request, Trying
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.state.held import Failure, Held, KeptFile

REPORTS = {report.name: report for report in (DEVICES_USAGE, USERS_ACTIVITY)}
USERS = {"ann@contoso.example": (1, 2, 3), 'b\n"ö\udcff': (0, 0, 4)}

FAULT = Outcome(
    kind="throttled",
    message="Graph takes no more calls",
    remedy="Wait.",
    support="request-id 1",
    refusal="Graph TooManyRequests",
)
TRYING = Trying(tenant="contoso", report=DEVICES_USAGE, outcome=FAULT)
REFRESHED = Refreshed(result=making.activity(USERS, notes=("a remark",)), problems=("full disk",))
REFUSED = Refreshed(result=making.failed(DEVICES_USAGE, "forbidden"))
HELD = Held(
    result=making.activity(),
    checked_at=making.NOW,
    reread_at=making.NOW - 60,
    period=KeptFile(name="D7.csv", size=12, crc=34),
    failure=Failure(at=making.NOW, until=making.NOW + 15, count=1, outcome=FAULT, settings="m"),
    confirmed={"m": making.NOW},
)
FOUND = Found(refreshed=REFRESHED, held=HELD)
SHOWN = Found(refreshed=REFUSED, held=Held(), shown=making.devices(outcome=Outcome(kind="empty")))
DONE = Done(tenant="contoso")
EXCHANGED = Exchanged(line="> GET https://graph.example/v1.0 (Accept)")
REQUEST = Request(
    tenant="contoso",
    life=120.0,
    patience=6.28,
    seen={"skype-users-activity": (-1.0, -1.0), "skype-devices-usage": (making.NOW, 0.0)},
)

Decode = Callable[[bytes], Frozen]


def fetched(line: bytes) -> Frozen:
    return messages.of_fetch(line, REPORTS)


def worked(line: bytes) -> Frozen:
    return messages.of_worker(line, REPORTS)


@pytest.mark.parametrize(
    ("message", "decode"),
    [
        (TRYING, fetched),
        (REFRESHED, fetched),
        (REFUSED, fetched),
        (EXCHANGED, fetched),
        (TRYING, worked),
        (FOUND, worked),
        (SHOWN, worked),
        (DONE, worked),
        (REQUEST, messages.request),
    ],
)
def test_message_comes_out_of_its_line_as_it_went_in(
    message: messages.Message, decode: Decode
) -> None:
    """What one process sends is what the other one gets, whatever texts hold."""
    assert decode(messages.encode(message)) == message


@pytest.mark.parametrize("message", [TRYING, REFRESHED, EXCHANGED, FOUND, SHOWN, DONE, REQUEST])
def test_message_is_one_line(message: messages.Message) -> None:
    """A line end is the end of a message; none has one inside."""
    assert b"\n" not in messages.encode(message)


def test_request_keeps_the_order_of_its_reports() -> None:
    """Reports are refreshed in the order in which they were asked for."""
    assert list(messages.request(messages.encode(REQUEST)).seen) == list(REQUEST.seen)


def changed(message: messages.Message, **values: object) -> bytes:
    """Give a message's line with other values in it."""
    return json.dumps({**json.loads(messages.encode(message)), **values}).encode()


@pytest.mark.parametrize("decode", [fetched, worked, messages.request])
@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"\xff",
        b"7",
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        messages.encode(TRYING)[:-1],
        changed(TRYING, report="of-nobody"),
        changed(TRYING, tenant=7),
        changed(TRYING, trying=["throttled"]),
        changed(TRYING, trying={"kind": "sunny"}),
        changed(TRYING, trying={"kind": "ok", "other": "field"}),
        changed(REFRESHED, result=None),
        changed(REFRESHED, problems="full disk"),
        changed(REFRESHED, problems=[7]),
        changed(REFRESHED, held={}, view=None),
        changed(FOUND, held=None),
        changed(FOUND, view={}),
        changed(DONE, tenant=None),
        changed(REQUEST, life="long"),
        changed(REQUEST, seen=["skype-devices-usage"]),
        changed(REQUEST, seen={"skype-devices-usage": [1.0]}),
    ],
)
def test_broken_line_is_refused(line: bytes, decode: Decode) -> None:
    """Whatever is wrong with a line, and whoever reads it: it is one kind of error."""
    with pytest.raises(messages.LineError):
        decode(line)


@pytest.mark.parametrize(
    ("message", "decode"),
    [(each, fetched) for each in (FOUND, SHOWN, DONE, REQUEST)]
    + [(each, worked) for each in (REFRESHED, REQUEST)]
    + [(each, messages.request) for each in (TRYING, REFRESHED, FOUND, DONE)],
)
def test_message_that_is_for_somebody_else_is_refused(
    message: messages.Message, decode: Decode
) -> None:
    """A pipe carries the messages that are meant for its end."""
    with pytest.raises(messages.LineError):
        decode(messages.encode(message))
