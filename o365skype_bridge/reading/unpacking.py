"""Bodies unpacked as they stream by: bounded chunks, and an error when the end is missing."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHUNK = 1 << 16
"""Bytes that are given at once at most, however much a few packed ones hold."""

CODINGS = "gzip"
"""What is asked for; the others below are as easily read."""

READABLE = frozenset({"gzip", "x-gzip", "deflate"})
MOST_CODINGS = 2

GZIP = b"\x1f\x8b"


def codings(header: str) -> list[str]:
    """Give the codings that a Content-Encoding names, the first one applied first."""
    words = [word.strip().lower() for word in header.split(",")]
    return [word for word in words if word not in ("", "identity")]


def unpacked(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Unpack a body by its Content-Encoding.

    Raises `zlib.error` for one that is broken or packed in a way that nobody asked for, and
    `EOFError` for one that ends before its packed data do.
    """
    found = codings(coding)
    if len(found) > MOST_CODINGS or set(found) - READABLE:
        raise zlib.error(UNASKED)
    body = iter(chunks)
    for _ in found:
        body = _inflated(body)
    return body


UNASKED = "it is compressed in a way that was not asked for"


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    inflater = None
    for chunk in chunks:
        packed, drained = chunk, True
        while packed or not drained:
            if inflater is None or inflater.eof:  # there may be several streams in one body
                packed = packed.lstrip(b"\0")  # which may be filled up with zeros
                if not packed:
                    break
                inflater = zlib.decompressobj(_window(packed[0]))
            piece = inflater.decompress(packed, CHUNK)
            drained = inflater.eof or len(piece) < CHUNK
            packed = inflater.unused_data or inflater.unconsumed_tail
            if piece:
                yield piece
    if inflater is not None and not inflater.eof:
        raise EOFError("its compressed data lack their end")


def _window(first: int) -> int:
    """Give zlib's name for the format that begins with this byte: gzip, zlib, or bare deflate."""
    if first == GZIP[0]:
        return 16 + zlib.MAX_WBITS
    return zlib.MAX_WBITS if first & 0x0F == zlib.DEFLATED else -zlib.MAX_WBITS
