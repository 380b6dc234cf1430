"""``--debug`` shows what goes over the wire, and nothing that must not be seen."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import urllib.parse
from pathlib import Path

import pytest
from connecting import DEVICES, Make, Service
from hostile import Wire, listening

from o365skype_bridge.simulator.certificates import tls

pytest_plugins = ("connected",)

SECRETS = ["s3~c$r`e&t|<x>;y%z\\w", "a b+c=d&client_id=x", "ë" * 20]
"""What a secret may be: shell's, a form's, and no ASCII."""


def lines(text: str) -> list[str]:
    """Give the lines about requests and answers."""
    return [line for line in text.splitlines() if line.startswith(("> ", "< "))]


def test_requests_and_their_statuses_are_shown(service: Service) -> None:
    """Login service, Graph and download, in order, each with its answer."""
    found = lines(service.run(*DEVICES, "--debug").out)
    kinds = [re.sub(r"[?(].*", "", line.split(" ", 2)[2].split("/")[-1]) for line in found[::2]]

    assert [line[0] for line in found] == [">", "<"] * (len(found) // 2)
    assert len(kinds) == len(service.lab.kinds())
    assert any("oauth2/v2.0/token" in line and "> POST" in line for line in found)
    assert any("getSkypeForBusinessDeviceUsageUserDetail(period='D7')" in line for line in found)
    assert any(re.match(r"< 302 .* in \d+\.\d{3} s .*Location: https://", line) for line in found)


@pytest.mark.parametrize("secret", SECRETS)
def test_neither_secret_nor_token_nor_signed_link_is_in_the_exchange(
    make: Make, secret: str
) -> None:
    """However odd the secret is."""
    service = make(client_secret=secret)
    done = service.run(*DEVICES, "--debug")
    shown = "\n".join(lines(done.out))

    assert done.code == 0
    assert "Authorization: (hidden)" in shown
    assert [
        text for text in (secret, urllib.parse.quote(secret), "simulated.") if text in shown
    ] == []
    assert re.search(r"[?&]\w+=(?!\(hidden\))", shown) is None


def test_an_answer_that_never_came_is_shown_by_the_kind_of_the_error(service: Service) -> None:
    """With the time that it took."""
    done = service.run(
        *(*DEVICES, "--debug", "--graph-endpoint=https://127.0.0.1:9"), without=("graph-endpoint",)
    )
    line = lines(done.out)[-1]

    assert done.code == 3
    assert re.fullmatch(r"< no answer after \d+\.\d{3} s \(\w+\)", line)


def test_nothing_asked_is_said(service: Service) -> None:
    """A second check answers from what is kept."""
    service.run(*DEVICES)
    again = service.run(*DEVICES, "--debug").out

    assert lines(again) == []
    assert "nothing was asked: the answer comes from what is kept" in again.splitlines()


def test_verbose_alone_shows_no_exchange(service: Service) -> None:
    """It is for who debugs."""
    assert lines(service.run(*DEVICES, "--verbose").out) == []


def test_a_proxy_that_speaks_tls_is_gone_through(service: Service, tmp_path: Path) -> None:
    """The exchange says so, without who logs in there."""
    context, ca_file = tls(tmp_path / "proxy")
    port = int(service.lab.running.graph_endpoint.rpartition(":")[2])
    asked: list[bytes] = []

    def talk(plain: Wire) -> None:
        with context.wrap_socket(plain, server_side=True) as wire:
            head = wire.recv(65536)
            asked.append(head)
            wire.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _joined(wire, int(head.split()[1].rpartition(b":")[2]))

    both = tmp_path / "both.pem"
    both.write_bytes(ca_file.read_bytes() + service.lab.running.ca_file.read_bytes())
    with listening(talk) as proxy:
        url = f"--proxyurl=https://user:pass@localhost:{proxy}"
        done = service.run(*DEVICES, url, f"--ca-file={both}", "--debug")

    assert done.code == 0, done.out
    assert any(head.startswith(f"CONNECT 127.0.0.1:{port} ".encode()) for head in asked)
    assert f", through https://localhost:{proxy} (" in done.out
    assert "pass@" not in done.out


def _joined(wire: Wire, port: int) -> None:
    """Carry bytes both ways until either side ends."""
    with socket.create_connection(("127.0.0.1", port)) as there:

        def back() -> None:
            with contextlib.suppress(OSError):
                while part := there.recv(65536):
                    wire.sendall(part)
                wire.shutdown(socket.SHUT_RDWR)

        thread = threading.Thread(target=back, daemon=True)
        thread.start()
        with contextlib.suppress(OSError):
            while part := wire.recv(65536):
                there.sendall(part)
            there.shutdown(socket.SHUT_RDWR)
        thread.join(5)
