"""Bodies unpacked as they stream by: never more in memory than a chunk, whatever was packed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from o365skype_bridge.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHUNK = 1 << 16
CODINGS = "gzip"
"""What is asked for; the two others below are as easily read."""

READABLE = frozenset({"gzip", "x-gzip", "deflate"})
MOST_CODINGS = 2
EITHER_HEADER = 32 + zlib.MAX_WBITS
"""`zlib` finds out by itself whether it is gzip or not."""


def unpacked(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Unpack a body by its Content-Encoding, in chunks of bounded size.

    Raises `zlib.error` for one that is broken, `UnreachableError` for one that is cut off or is
    packed in a way that nobody asked for.
    """
    words = [word.strip().lower() for word in coding.split(",")]
    codings = [word for word in words if word not in ("", "identity")]
    if len(codings) > MOST_CODINGS or set(codings) - READABLE:
        raise UnreachableError("the answer is compressed in a way that was not asked for")
    body = iter(chunks)
    for _ in codings:
        body = _inflated(body)
    return body


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(EITHER_HEADER)
    fed = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if unpacker.eof:  # a file may have several members
                unpacker = zlib.decompressobj(EITHER_HEADER)
            fed = True
            data = unpacker.decompress(rest, CHUNK)
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if data:
                yield data
    if left := unpacker.flush():
        yield left
    if fed and not unpacker.eof:
        raise UnreachableError("the answer was cut off")
