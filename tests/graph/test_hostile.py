"""Answers that no service of Microsoft's would give: an outcome each, remembered, no defect."""

from __future__ import annotations

import gc
import gzip
import json
import os
import subprocess
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from catalogue import DEVICES_USAGE
from conftest import COMMAND
from hostile import Reply, Services, answer, as_json, redirect, services

from o365skype_bridge.engine.recount import PLAIN
from o365skype_bridge.engine.refresh import Limits, Refresher
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.state.held import Held
from o365skype_bridge.state.store import Store

LIFE = 60.0
"""Seconds, more than any answer takes that comes at all."""


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Services]:
    """Give services that are as they should be until told otherwise."""
    with services(tmp_path / "ca") as made:
        yield made
        gc.collect(1)  # an answer that `urllib3` cannot begin with leaves its socket to this


def refreshed(hostile: Services, state: Path, life: float = LIFE) -> tuple[Outcome, Held]:
    """Refresh one report, and give the outcome and what is held then."""
    settings = hostile.settings(state)
    tenant = settings.tenants[0]
    refresher = Refresher(settings, tenant, Limits(life=life, patience=0.0, seen={}))
    outcome = refresher.refresh(DEVICES_USAGE, PLAIN).outcome
    refresher.close()
    return outcome, Store(settings.state_dir, tenant).load(DEVICES_USAGE, time.time())


LONGEST_TEXT = 700
KNOWN = ("throttled", "forbidden", "gone", "unauthorized", "unreachable", "malformed")

HTTP = {
    "nothing at all": b"",
    "no HTTP": b"hello\r\n\r\n",
    "binary noise": bytes(range(256)) * 4,
    "half a status line": b"HTTP/1.1 20",
    "status without number": b"HTTP/1.1 OK\r\n\r\n",
    "status 000": answer(b"", "000 Zero"),
    "status 99": answer(b"", "99 Few"),
    "status 101": answer(b"", "101 Switching Protocols"),
    "status 103": answer(b"", "103 Early Hints"),
    "status 204": answer(b"", "204 No Content"),
    "status 206": answer(b"x", "206 Partial Content"),
    "status 299": answer(b"x", "299 Odd"),
    "status 300": answer(b"x", "300 Multiple Choices"),
    "status 304": answer(b"", "304 Not Modified"),
    "status 418": answer(b"x", "418 I'm a teapot"),
    "status 600": answer(b"x", "600 Odd"),
    "status 999": answer(b"x", "999 Odd"),
    "status 1000": answer(b"x", "1000 Odd"),
    "huge status": b"HTTP/1.1 " + b"9" * 5000 + b" Odd\r\n\r\n",
    "status line without end": b"HTTP/1.1 200 " + b"x" * 100_000,
    "continue and no more": b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
    "a header without colon": answer(b"{}", "200 OK", "no colon here"),
    "NUL in a header": answer(b"{}", "200 OK", "X-Odd: a\0b"),
    "line feeds in a header": answer(b"{}", "200 OK", "X-Odd: a\n\n\n b"),
    "no UTF-8 in a header": answer(b"{}", "200 OK", "X-Odd: \udcff\udcfe"),
    "one huge header": answer(b"{}", "200 OK", "X-Odd: " + "x" * 200_000),
    "a thousand headers": answer(b"{}", "200 OK", *[f"X-{n}: x" for n in range(1000)]),
    "length negative": answer(b"{}", "200 OK", "Content-Length: -1"),
    "length no number": answer(b"{}", "200 OK", "Content-Length: many"),
    "length of thousands of digits": answer(b"{}", "200 OK", "Content-Length: " + "9" * 5000),
    "two lengths": answer(b"{}", "200 OK", "Content-Length: 2, 9"),
    "length too great": answer(b"{}", "200 OK", "Content-Length: 99"),
    "chunk size no number": answer(
        b"zz\r\nxx\r\n0\r\n\r\n", "200 OK", "Transfer-Encoding: chunked"
    ),
    "chunk size negative": answer(b"-5\r\nhello", "200 OK", "Transfer-Encoding: chunked"),
    "chunk size huge": answer(b"F" * 40 + b"\r\nx", "200 OK", "Transfer-Encoding: chunked"),
    "chunk size without end": answer(b"1" * 100_000, "200 OK", "Transfer-Encoding: chunked"),
    "last chunk missing": answer(b"2\r\n{}\r\n", "200 OK", "Transfer-Encoding: chunked"),
    "unknown transfer": answer(b"{}", "200 OK", "Transfer-Encoding: odd"),
    "gzip that is none": answer(b"{}", "200 OK", "Content-Encoding: gzip"),
    "gzip cut": answer(gzip.compress(b"{}" * 999)[:-9], "200 OK", "Content-Encoding: gzip"),
    "gzip with a tail": answer(gzip.compress(b"{}") + b"xx", "200 OK", "Content-Encoding: gzip"),
    "deflate broken": answer(zlib.compress(b"{}")[2:], "200 OK", "Content-Encoding: deflate"),
    "compression unknown": answer(b"{}", "200 OK", "Content-Encoding: odd"),
    "compression many times": answer(b"{}", "200 OK", "Content-Encoding: " + "gzip," * 50),
    "charset unknown": answer(b"{}", "200 OK", "Content-Type: application/json; charset=odd"),
    "charset wrong": answer(b"\xff\xfe{\x00", "200 OK", "Content-Type: text/csv; charset=utf-16"),
    "cookie odd": answer(b"{}", "200 OK", "Set-Cookie: =;;;=; expires=x; \x01"),
    "authenticate odd": answer(b"{}", "401 Unauthorized", "WWW-Authenticate: =,,\x7f"),
    "web page": answer(b"<html>", "200 OK", "Content-Type: text/html"),
    **{
        f"retry after {when[:9]!r}": answer(b"{}", status, f"Retry-After: {when}")
        for status in ("429 Too Many", "503 Busy")
        for when in (
            *("nan", "inf", "-inf", "-5", "", "0", "1e400", "x" * 9999, "9" * 5000),
            "Fri, 31 Dec 99999999999999 23:59:59 GMT",
        )
    },
}
"""Whatever is asked: answers that are hardly HTTP."""

VALUES: dict[str, object] = {
    "null": None,
    "true": True,
    "number": 5,
    "text": "x",
    "list": [],
    "lists": [[[]]],
    "object": {},
}
JSON = {
    **{f"body is {name}": as_json(value) for name, value in VALUES.items()},
    "body is nested": answer(b"[" * 100_000),
    "body is nested objects": answer(b'{"a":' * 100_000),
    "body is a huge number": answer(b"9" * 5000),
    "body breaks off": answer(b'{"access_token": "x'),
    "body is no UTF-8": answer(b'{"access_token": "\xff"}'),
    "body has lone surrogates": answer(b'{"access_token": "\\ud800", "token_endpoint": "\\ud800"}'),
    **{
        f"{field} is {name}": as_json({field: value}, status)
        for status in ("200 OK", "400 Bad Request")
        for field in ("error", "error_codes", "error_description")
        for name, value in VALUES.items()
    },
}
DISCOVERY = {
    f"{field} is {name}": as_json({"token_endpoint": good, "authorization_endpoint": good, **odd})
    for field in ("token_endpoint", "authorization_endpoint", "issuer")
    for name, value in {
        **VALUES,
        "no URL": "https://[::1/x/y",
        "without TLS": "http://127.0.0.1:1/x/y",
        "of another port": "https://127.0.0.1:99999/x/y",
        "of no port": "https://127.0.0.1:x/x/y",
        "with control characters": "https://127.0.0.1:1/x\r\n/y\0",
        "of an odd host": "https://" + "x" * 300 + "/x/y",
        "of a host with dots": "https://a..b/x/y",
        "of no ASCII": "https://\u2100\u0130\ud800/x/y",
    }.items()
    for good, odd in [("https://127.0.0.1:1/x/y", {field: value})]
}
TOKEN = {
    f"{field} is {name}": as_json({"access_token": "x", "expires_in": 3599, field: value})
    for field in ("access_token", "expires_in", "refresh_in", "token_type", "scope", "client_info")
    for name, value in {
        **VALUES,
        "infinite": float("inf"),
        "not a number": float("nan"),
        "negative": -5,
        "huge": 10**300,
        "empty": "",
        "two lines": "a\r\nX-Odd: b",
        "no ASCII": "\u0100\u00e9",
        "with a blank": "a b",
        "long": "x" * 500_000,
        "of digits": "9" * 5000,
    }.items()
}
LOCATIONS = [
    *("https://[::1/x", "https://user@reports.office.com/x", "https://user:x@127.0.0.1/x"),
    *("https://\u00fc.office.com/x", "https://xn--a.office.com/", "https://..office.com/x"),
    *(f"https://{'x' * 70}.office.com/", f"https://{'x.' * 200}office.com/", "https://:443/"),
    *("https://reports.office.com:99999/x", "https://reports.office.com:x/", "https:///x"),
    *("https://reports.office.com\\@evil/", "https://127.0.0.1\x01/", "http://reports.office.com/"),
    *("javascript:alert(1)", "file:///etc/passwd", "//[", "\x7f", "https://%00/", "https://%zz/"),
    *(
        "https://127.0.0.1:1/" + "x" * 60_000,
        "?" * 60_000,
        "\udcff\udcfe",
        "https://[fe80::1%25x]/",
    ),
    *("https://127.0.0.1:1/ü", "https://127.0.0.1:1/\ttab", "https://[::ffff:1.2.3.4]/", " "),
]

CASES = [
    *[(place, name, reply) for place in ("discovery", "token") for name, reply in JSON.items()],
    *[
        (place, name, reply)
        for place in ("discovery", "token", "report", "download")
        for name, reply in HTTP.items()
    ],
    *[("discovery", name, reply) for name, reply in DISCOVERY.items()],
    *[("token", name, reply) for name, reply in TOKEN.items()],
    *[("report", f"location {where[:40]!a}", redirect(where)) for where in LOCATIONS],
    *[
        (
            "report",
            f"code is {name}",
            as_json({"error": {"code": value, "message": value}}, "403 F"),
        )
        for name, value in VALUES.items()
    ],
]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("place", "reply"),
    [pytest.param(place, reply, id=f"{place}-{name}") for place, name, reply in CASES],
)
def test_hostile_answer_is_an_outcome_that_is_remembered(
    hostile: Services, tmp_path: Path, place: str, reply: Reply
) -> None:
    """Whatever comes is one line and a remedy of ours, and keeps the next poll from asking."""
    hostile.replies[place] = reply
    outcome, held = refreshed(hostile, tmp_path / "state")
    text = outcome.text

    assert (
        outcome.kind in KNOWN,
        held.is_held_off(time.time(), held.failure.settings if held.failure else ""),
    ) == (True, True)
    assert (text.isprintable(), "defect" in text, len(text) < LONGEST_TEXT) == (True, False, True)


@pytest.mark.parametrize(
    ("place", "reply"),
    [
        ("discovery", JSON["body is list"]),
        ("token", TOKEN["expires_in is infinite"]),
        ("token", TOKEN["access_token is two lines"]),
        ("report", redirect("https://[::1/x")),
        ("report", HTTP["retry after 'nan'"]),
        ("download", HTTP["gzip cut"]),
        ("download", b""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_second_poll_asks_nobody(
    hostile: Services, tmp_path: Path, place: str, reply: Reply
) -> None:
    """Through the command: an outcome, nothing on stderr but that, and no call for a while."""
    hostile.replies[place] = reply
    env = {**os.environ, **hostile.environment(tmp_path / "state"), "HOME": str(tmp_path)}
    words = ["collect", "--output", "json", "--report", DEVICES_USAGE.name, "--deadline", "20"]
    polls, calls = [], []
    for _ in range(3):
        done = subprocess.run(
            [COMMAND, *words], env=env, capture_output=True, text=True, timeout=60, check=False
        )
        polls.append((done.returncode, json.loads(done.stdout)["results"][0]["outcome"]))
        calls.append(len(hostile.calls))

    assert polls == [(0, polls[0][1])] * 3
    assert (polls[0][1] in KNOWN, calls) == (True, [calls[0]] * 3)
    assert ("defect" in done.stderr, "Traceback" in done.stderr) == (False, False)
