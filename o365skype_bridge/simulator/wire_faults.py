"""Faults of connections and of bodies on their way."""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from os import close
from typing import Any, Final

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.graph import gzipped
from o365skype_bridge.simulator.records import EVERYWHERE, Answer, Dropped, Exchange, Fault, Rule

_UNMEASURED: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\n"
)
_ABORT: Final = struct.pack("ii", 1, 0)


def _hang_up(exchange: Exchange, *, abort: bool) -> None:
    """End the connection at once, with a reset or in the ordinary way."""
    connection: Any = exchange.request.environ.get("werkzeug.socket")
    with suppress(OSError, AttributeError):
        if abort:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        # The server goes on to own the object; without its descriptor it can send no more.
        close(connection.detach())
    raise ConnectionAbortedError("the simulator hangs up")


def dropped(exchange: Exchange, *, abort: bool) -> Response:
    """An answer that never comes: the connection ends."""

    def nothing() -> Iterator[bytes]:
        _hang_up(exchange, abort=abort)
        yield b""

    return Dropped(nothing())


def _pieces(answer: Answer) -> tuple[Response, bytes]:
    response = answer()
    return response, response.get_data()


def _cut(body: bytes, rule: Rule) -> bytes:
    """The part of the body that is sent: up to a line if one is named, else half of it."""
    if "at_line" in rule.options:
        return b"".join(body.splitlines(keepends=True)[: int(rule.options["at_line"])])
    return body[: len(body) // 2]


def _truncate(_: Exchange, rule: Rule, answer: Answer) -> Response:
    response, body = _pieces(answer)
    response.response = iter([_cut(body, rule)])
    response.headers["Content-Length"] = str(len(body))
    return response


def _break(exchange: Exchange, rule: Rule, answer: Answer, *, abort: bool) -> Response:
    response, body = _pieces(answer)

    def half() -> Iterator[bytes]:
        yield _cut(body, rule)
        # Time for the half to arrive before the reset overtakes it.
        exchange.pause(0.05)
        _hang_up(exchange, abort=abort)

    response.response = half()
    if abort:
        response.headers["Content-Length"] = str(len(body))
    else:
        response.headers.remove("Content-Length")
    return response


def _stall(exchange: Exchange, rule: Rule, answer: Answer) -> Response:
    response, body = _pieces(answer)
    sent = _cut(body, rule)

    def halting() -> Iterator[bytes]:
        yield sent
        exchange.pause(float(rule.options.get("seconds", 30)))
        yield body[len(sent) :]

    response.response = halting()
    response.headers["Content-Length"] = str(len(body))
    return response


def _drip(exchange: Exchange, rule: Rule, answer: Answer) -> Response:
    response, body = _pieces(answer)

    def drops() -> Iterator[bytes]:
        for start in range(0, len(body), 16):
            yield body[start : start + 16]
            exchange.pause(float(rule.options.get("seconds", 0.1)))

    response.response = drops()
    response.headers["Content-Length"] = str(len(body))
    return response


def _chunked(_: Exchange, __: Rule, answer: Answer) -> Response:
    response, body = _pieces(answer)
    response.response = (body[start : start + 1000] for start in range(0, len(body), 1000))
    response.headers.remove("Content-Length")
    return response


def _delay(exchange: Exchange, rule: Rule, answer: Answer) -> Response:
    exchange.pause(float(rule.options.get("seconds", 2)))
    return answer()


def _gzip(_: Exchange, __: Rule, answer: Answer) -> Response:
    return gzipped(answer())


def _gzip_cut(_: Exchange, rule: Rule, answer: Answer) -> Response:
    response = gzipped(answer())
    response.set_data(_cut(response.get_data(), rule))
    return response


def _until_close(exchange: Exchange, rule: Rule, answer: Answer) -> Response:
    _, body = _pieces(answer)
    sent = _cut(body, rule) if "at_line" in rule.options else body

    def everything() -> Iterator[bytes]:
        connection: Any = exchange.request.environ.get("werkzeug.socket")
        connection.sendall(_UNMEASURED + sent)
        connection.settimeout(0)
        with suppress(OSError):  # an orderly end, which waits for no answer
            connection.unwrap()
        _hang_up(exchange, abort=False)
        yield b""

    return Response(everything())


_BODY: Final = (
    ("truncate", _truncate, "The body ends before its Content-Length says."),
    (
        "truncate-chunked",
        partial(_break, abort=False),
        "The body comes in chunks and the last one is missing.",
    ),
    ("gzip-cut", _gzip_cut, "Half of a compressed body comes, of the Content-Length that it says."),
    (
        "until-close",
        _until_close,
        "The body has no Content-Length and no chunks; it ends with the connection.",
    ),
    ("stall", _stall, "Half of the body arrives, the rest after SECONDS (30)."),
    ("drip", _drip, "The body arrives by 16 bytes every SECONDS (0.1)."),
)

WIRE_FAULTS: Final = (
    *(
        Fault(name=name, traps=(24,), where=("download",), help=text, act=act, defers=True)
        for name, act, text in _BODY
    ),
    Fault(
        name="reset",
        traps=(24,),
        where=("download",),
        help="The connection is reset in the middle of the body.",
        act=partial(_break, abort=True),
    ),
    Fault(
        name="close",
        traps=(24,),
        where=EVERYWHERE,
        help="The connection ends without an answer.",
        act=lambda exchange, _, __: dropped(exchange, abort=False),
    ),
    Fault(
        name="abort",
        traps=(24,),
        where=EVERYWHERE,
        help="The connection is reset without an answer.",
        act=lambda exchange, _, __: dropped(exchange, abort=True),
    ),
    Fault(
        name="delay",
        traps=(24, 37),
        where=EVERYWHERE,
        help="The answer comes after SECONDS (2).",
        act=_delay,
    ),
    Fault(
        name="chunked",
        traps=(6,),
        where=("download",),
        help="The download has no Content-Length and comes in chunks.",
        act=_chunked,
    ),
    Fault(
        name="gzip",
        traps=(6,),
        where=("download",),
        help="The download has Content-Encoding gzip.",
        act=_gzip,
        defers=True,
    ),
)
