"""Proxies that note what they are asked for: HTTP's CONNECT, and SOCKS 5."""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator

Open = Callable[[socket.socket, list[str]], tuple[str, int]]


@contextlib.contextmanager
def serving(opened: Open) -> Iterator[tuple[int, list[str]]]:
    """Run a proxy; give its port and what it was asked for."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=_carry, args=(client, opened, asked), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], asked
        server.shutdown(socket.SHUT_RDWR)


def _carry(client: socket.socket, opened: Open, asked: list[str]) -> None:
    with client, contextlib.suppress(OSError, ValueError):
        address = opened(client, asked)
        with socket.create_connection(address) as server:
            pair = {client: server, server: client}
            while True:
                for ready in select.select(list(pair), [], [], 30)[0]:
                    content = ready.recv(1 << 16)
                    if not content:
                        return
                    pair[ready].sendall(content)


def _exactly(client: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        more = client.recv(size - len(found))
        if not more:
            raise ValueError
        found += more
    return found


def connect(user: str = "", password: str = "") -> Open:
    """Give what an HTTP proxy does that wants a user, if there is one."""
    wanted = base64.b64encode(f"{user}:{password}".encode()).decode()

    def opened(client: socket.socket, asked: list[str]) -> tuple[str, int]:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        text = head.decode()
        host, _, port = text.split()[1].rpartition(":")
        if user and f"Basic {wanted}" not in text:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            raise ValueError
        asked.append(host)
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        return host, int(port)

    return opened


def socks(user: str = "", password: str = "") -> Open:
    """Give what a SOCKS 5 proxy does that wants a user, if there is one."""
    method = 2 if user else 0

    def opened(client: socket.socket, asked: list[str]) -> tuple[str, int]:
        _, number = _exactly(client, 2)
        if method not in _exactly(client, number):
            client.sendall(b"\x05\xff")
            raise ValueError
        client.sendall(bytes([5, method]))
        if user:
            _, size = _exactly(client, 2)
            name = _exactly(client, size)
            word = _exactly(client, _exactly(client, 1)[0])
            right = (name, word) == (user.encode(), password.encode())
            client.sendall(b"\x01\x00" if right else b"\x01\x01")
            if not right:
                raise ValueError
        *_, kind = _exactly(client, 4)
        if kind == 1:
            host = socket.inet_ntoa(_exactly(client, 4))
        else:
            host = _exactly(client, _exactly(client, 1)[0]).decode()
        [port] = struct.unpack("!H", _exactly(client, 2))
        asked.append(host)
        client.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        return host, port

    return opened
