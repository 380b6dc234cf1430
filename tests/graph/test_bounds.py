"""Nothing that is read takes longer than there is time, or more memory than a little."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from catalogue import DEVICES_USAGE
from hostile import Reply, Services, Wire, answer, as_json, listening, redirect, services

from o365skype_bridge.engine.recount import PLAIN
from o365skype_bridge.engine.refresh import Limits, Refresher
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.graph.http import Deadline, Http
from o365skype_bridge.model.outcome import Outcome

LIFE = 0.5
"""Seconds there are; whatever is slow here takes more than ten times as many."""

LONGER = 1.5
"""Seconds there are where something has to arrive within them."""

LATE = "no answer in time"


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Services]:
    """Give services that are as they should be until told otherwise."""
    with services(tmp_path / "ca") as made:
        yield made


def refreshed(slow: Services, state: Path, life: float = LIFE, **changes: Any) -> Outcome:
    """Refresh one report in the time there is."""
    tenant = slow.tenant(**changes)
    settings = slow.settings(state)
    refresher = Refresher(settings, tenant, Limits(life=life, patience=0.0, seen={}))
    outcome = refresher.refresh(DEVICES_USAGE, PLAIN).outcome
    refresher.close()
    return outcome


def long_headers(status: str = "200 OK") -> bytes:
    """Give an answer with many bytes of headers."""
    return answer(b"{}", status, *[f"X-{number}: {'x' * 20}" for number in range(30)])


def chunked(status: str = "200 OK") -> bytes:
    """Give an answer of many small chunks."""
    return answer(b"1\r\nx\r\n" * 200, status, "Transfer-Encoding: chunked")


def gzipped(content: bytes) -> bytes:
    """Give an answer whose body is packed."""
    return answer(gzip.compress(content), "200 OK", "Content-Encoding: gzip")


SLOW = {
    "headers": long_headers(),
    "headers of a refusal": long_headers("503 Busy"),
    "going on": b"HTTP/1.1 100 Continue\r\n\r\n" * 30,
    "one line": b"HTTP/1.1 200 " + b"x" * 600,
    "body": answer(b" " * 600),
    "chunks": chunked(),
    "a chunk's size": answer(b"0" * 600, "200 OK", "Transfer-Encoding: chunked"),
    "trailers": answer(b"0\r\n" + b"X: y\r\n" * 200, "200 OK", "Transfer-Encoding: chunked"),
    "packed body": gzipped(os.urandom(600)),
}


@pytest.mark.parametrize("place", ["discovery", "token", "report", "download"])
@pytest.mark.parametrize("content", SLOW.values(), ids=list(SLOW))
def test_trickle_ends_with_the_time_there_is(
    slow: Services, tmp_path: Path, place: str, content: bytes
) -> None:
    """However slowly the bytes of an answer come, none of them prolongs the wait."""
    slow.replies[place] = slow.slowly(content)
    outcome = refreshed(slow, tmp_path / "state")

    assert (outcome.kind, LATE in outcome.message) == ("unreachable", True)
    assert slow.finished == []


@pytest.mark.parametrize(
    ("place", "status", "kind"),
    [
        ("report", "403 Forbidden", "forbidden"),
        ("report", "429 Too Many Requests", "throttled"),
        ("report", "404 Not Found", "gone"),
        ("download", "403 Forbidden", "unreachable"),
        ("discovery", "404 Not Found", "unauthorized"),
        ("discovery", "503 Busy", "unreachable"),
        ("token", "503 Busy", "unreachable"),
        ("token", "429 Too Many Requests", "throttled"),
    ],
)
def test_trickling_body_of_a_refusal_hides_not_the_refusal(
    slow: Services, tmp_path: Path, place: str, status: str, kind: str
) -> None:
    """The status alone says what is the matter, whenever the reason may come."""
    slow.replies[place] = slow.slowly(answer(b" " * 600, status), size=20)
    outcome = refreshed(slow, tmp_path / "state", LONGER)

    assert (outcome.kind, LATE in outcome.message) == (kind, False)
    assert slow.finished == []


def test_trickling_body_of_a_redirect_is_not_waited_for(slow: Services, tmp_path: Path) -> None:
    """Where the report is was said in the headers."""
    location = f"{slow.url}/data"
    head = answer(b" " * 600, "302 Found", f"Location: {location}")
    slow.replies["report"] = slow.slowly(head, size=40)
    outcome = refreshed(slow, tmp_path / "state", LONGER)

    assert (outcome.kind, slow.calls[-1]) == ("malformed", "download")
    assert slow.finished == []


def test_silence_ends_with_the_time_there_is(slow: Services, tmp_path: Path) -> None:
    """An answer of which nothing comes is not waited for."""
    slow.replies["token"] = slow.slowly(answer(), seconds=60.0)
    outcome = refreshed(slow, tmp_path / "state")

    assert (outcome.kind, LATE in outcome.message) == ("unreachable", True)


@pytest.mark.parametrize("content", [b"\x16\x03\x03\x40\x00" + bytes(600), b"\x16" * 600])
def test_trickling_handshake_ends_with_the_time_there_is(
    slow: Services, tmp_path: Path, content: bytes
) -> None:
    """TLS that is never agreed on is given up."""
    with listening(slow.slowly(content)) as port:
        there = f"https://127.0.0.1:{port}"
        outcome = refreshed(slow, tmp_path / "state", login_endpoint=there)
        slow.over.set()

    assert outcome.kind == "unreachable"
    assert slow.finished == []


PROXY_ANSWERS = {
    "headers": b"HTTP/1.1 200 Connection established\r\n" + b"X: y\r\n" * 100,
    "refusal": b"HTTP/1.1 407 Who are you\r\n" + b"X: y\r\n" * 100,
    "line": b"HTTP/1.1 200 " + b"x" * 600,
    "nothing of HTTP": b"\xff" * 600,
    "line ends": b"\r\n" * 300,
}


@pytest.mark.parametrize(
    ("content", "scheme"),
    [*[(content, "http://") for content in PROXY_ANSWERS], ("line", "https://"), ("line", "")],
)
def test_trickling_proxy_ends_with_the_time_there_is(
    slow: Services, tmp_path: Path, content: str, scheme: str
) -> None:
    """What a proxy says before it lets us through has no more time than anything else."""
    send = slow.slowly(PROXY_ANSWERS[content])

    def proxy(wire: Wire) -> None:
        wire.recv(65536)
        send(wire)

    with listening(proxy) as port:
        outcome = refreshed(slow, tmp_path / "state", proxy=f"{scheme}127.0.0.1:{port}")
        slow.over.set()

    assert outcome.kind == "unreachable"
    assert (slow.finished, slow.calls) == ([], [])


def test_trickle_behind_a_proxy_ends_with_the_time_there_is(slow: Services, tmp_path: Path) -> None:
    """A tunnel changes nothing."""
    port = int(slow.url.rpartition(":")[2])
    slow.replies["download"] = slow.slowly(answer(b" " * 600))
    with listening(lambda wire: tunnel(wire, port)) as proxy:
        outcome = refreshed(slow, tmp_path / "state", proxy=f"http://127.0.0.1:{proxy}")
        slow.over.set()

    assert (outcome.kind, LATE in outcome.message) == ("unreachable", True)
    assert (slow.finished, slow.calls[-1]) == ([], "download")


def tunnel(wire: Wire, port: int) -> None:
    """Let a client through to a port of this host."""
    wire.recv(65536)
    wire.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    with socket.create_connection(("127.0.0.1", port)) as there:

        def back() -> None:
            with contextlib.suppress(OSError):
                while part := there.recv(65536):
                    wire.sendall(part)

        thread = threading.Thread(target=back, daemon=True)
        thread.start()
        while part := wire.recv(65536):
            there.sendall(part)


MEASURE = """
import json, sys, time
from o365skype_bridge.engine.refresh import Limits, Refresher
from o365skype_bridge.reports.skype import DEVICES_USAGE
from o365skype_bridge.settings.credential import Secret
from o365skype_bridge.settings.values import Settings, Tenant
from o365skype_bridge.engine.recount import PLAIN
values = json.loads(sys.argv[1])
tenant = Tenant(name="hostile", credential=Secret("secret"), **values["tenant"])
settings = Settings(tenants=(tenant,), state_dir=values["state"])
refresher = Refresher(settings, tenant, Limits(life=60.0, patience=0.0, seen={}))
outcome = refresher.refresh(DEVICES_USAGE, PLAIN).outcome
with open("/proc/self/status") as status:
    [most] = [int(line.split()[1]) for line in status if line.startswith("VmHWM")]
print(json.dumps([outcome.kind, outcome.message, most // 1024]))
"""

MOST_MEMORY = 150
"""MiB; a process that has everything loaded needs half of it, each of these bombs far more."""


def measured(slow: Services, state: Path) -> tuple[str, str, bool]:
    """Refresh in a process of its own; give kind, message, and whether memory stayed flat."""
    tenant = {"tenant_id": "x.example", "client_id": "client", "ca_file": str(slow.ca_file)}
    tenant |= {"login_endpoint": slow.url, "graph_endpoint": slow.url}
    given = json.dumps({"tenant": tenant, "state": str(state)})
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, given],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    kind, message, most = json.loads(done.stdout)
    return kind, message, most < MOST_MEMORY


BOMB = gzip.compress(bytes(1 << 29), 9)
PLAIN_PART = b"10000\r\n" + b" " * 65536 + b"\r\n"


def bombs(status: str) -> dict[str, Callable[[Services], Reply]]:
    """Give the bodies that have no end, or only seem to be small, with this status."""
    head = answer(b"", status, "Transfer-Encoding: chunked", "Location: /x")
    twice = gzip.compress(BOMB)
    return {
        "packed": lambda _: answer(BOMB, status, "Content-Encoding: gzip", "Location: /x"),
        "packed twice": lambda _: answer(twice, status, "Content-Encoding: gzip, gzip"),
        "endless": lambda slow: slow.endlessly(head, PLAIN_PART),
    }


CASES = [
    ("discovery", "200 OK", "unreachable"),
    ("discovery", "404 Not Found", "unauthorized"),
    ("discovery", "302 Found", "unreachable"),
    ("token", "200 OK", "unreachable"),
    ("token", "400 Bad Request", "unreachable"),
    ("token", "302 Found", "unreachable"),
    ("report", "200 OK", "malformed"),
    ("report", "403 Forbidden", "forbidden"),
    ("download", "200 OK", "malformed"),
    ("download", "403 Forbidden", "unreachable"),
]


@pytest.mark.parametrize("name", ["packed", "packed twice", "endless"])
@pytest.mark.parametrize(("place", "status", "kind"), CASES)
def test_bomb_costs_no_memory(
    slow: Services, tmp_path: Path, place: str, status: str, kind: str, name: str
) -> None:
    """Half a gigabyte in half a megabyte, or no end at all, is an outcome and little memory."""
    slow.replies[place] = bombs(status)[name](slow)
    got, _, is_flat = measured(slow, tmp_path / "state")

    assert (got, is_flat) == (kind, True)


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n", b""],
)
def test_headers_without_end_cost_no_memory(slow: Services, tmp_path: Path, head: bytes) -> None:
    """Lines and headers are counted, and a line has a length."""
    part = b"X: y\r\n" * 999 if head.endswith(b"\n") else b"x" * 65536
    slow.replies["token"] = slow.endlessly(head, part)
    got, _, is_flat = measured(slow, tmp_path / "state")

    assert (got, is_flat) == ("unreachable", True)


def test_going_on_without_end_ends_with_the_time_there_is(slow: Services, tmp_path: Path) -> None:
    """A service that says again and again that it is at work does not say it for ever."""
    slow.replies["token"] = slow.endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n")
    outcome = refreshed(slow, tmp_path / "state")

    assert (outcome.kind, LATE in outcome.message) == ("unreachable", True)


@pytest.mark.parametrize(
    "url",
    [
        *("https://", "https://[::1", "https://[::1]x", "https://a:99999", "https://a:x"),
        *("https://user@a", "https://user:password@a", "https://a?x=y", "https://a#x"),
        *("https://a b", "https://a\nb", "https://a\0", "https://" + "\u2100" * 5),
    ],
)
@pytest.mark.parametrize("setting", ["graph_endpoint", "login_endpoint"])
def test_endpoint_that_cannot_be_used_is_named(slow: Services, setting: str, url: str) -> None:
    """An endpoint is a root that paths are added to; whoever typed another one is told which."""
    with pytest.raises(BridgeError) as caught:
        Http(slow.tenant(**{setting: url}), Deadline(1.0))

    assert caught.value.kind == "unreachable"
    assert f"O365_{setting.upper()} is not the URL of a service" in str(caught.value)
    assert "password" not in caught.value.text


@pytest.mark.parametrize(
    "proxy",
    [
        *("http://", "http://[::1", "http://a:99999", "http://a:x", "ftp://a", "socks6://a:1"),
        *("://", "//a", "http://a\nb", "file:///x", "a:99999", "\u2100\u2100"),
    ],
)
def test_proxy_that_cannot_be_used_is_said(slow: Services, tmp_path: Path, proxy: str) -> None:
    """A proxy's URL with a mistake in it is an outcome that names the setting."""
    outcome = refreshed(slow, tmp_path / "state", proxy=proxy)

    assert (outcome.kind, slow.calls) == ("unreachable", [])
    assert "O365_PROXY" in outcome.remedy


@pytest.mark.parametrize("path", ["", "/gateway", "/a/b"])
def test_endpoint_may_have_a_path_and_an_address_of_version_6(tmp_path: Path, path: str) -> None:
    """A gateway of one's own may be anywhere."""
    with services(tmp_path / "ca", "::1") as made:
        made.replies["report"] = redirect(f"{made.url}/data")
        outcome = refreshed(made, tmp_path / "state", 60.0, graph_endpoint=made.url + path)

    assert (outcome.kind, made.calls) == (
        "malformed",
        ["discovery", "token", "report", "download"],
    )


def test_token_is_taken_whatever_is_said_of_its_life(slow: Services, tmp_path: Path) -> None:
    """The ends of its range are clamped: a life without end is a day."""
    endless = {"access_token": "x", "token_type": "Bearer", "expires_in": float("inf")}
    slow.replies["token"] = as_json(endless)
    refreshed(slow, tmp_path / "state", 60.0)
    [kept] = (tmp_path / "state").rglob("token-*.json")
    [token] = json.loads(kept.read_text())["AccessToken"].values()

    assert 86000 < int(token["expires_on"]) - time.time() <= 86400
