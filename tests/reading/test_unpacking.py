"""Compressed bodies: the same bytes however they come, never too many, never too few."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import files

from o365skype_bridge.reading.unpacking import CHUNK, codings, unpacked

BODY = b"".join(b"%d,user%d,Yes\n" % (number, number * 7919 % 10007) for number in range(3000))


def bare(body: bytes) -> bytes:
    """Pack as some servers do for deflate: without the header that it should have."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate ": bare,
}


def whole(packed: bytes, coding: str = "gzip", size: int = 1000) -> bytes:
    """Unpack a body that comes in pieces of a size."""
    return b"".join(unpacked(files.pieces(packed, size), coding))


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("size", [1, 2, 17, 1 << 20])
def test_what_was_packed_is_unpacked(coding: str, size: int) -> None:
    """In every format that may come, in pieces of every size."""
    assert whole(PACKERS[coding](BODY), coding, size) == BODY


@pytest.mark.parametrize("coding", ["", "identity", " , Identity"])
def test_what_is_not_packed_is_left_alone(coding: str) -> None:
    """Whatever it looks like."""
    assert whole(gzip.compress(BODY), coding) == gzip.compress(BODY)


def test_what_was_packed_twice_is_unpacked_twice() -> None:
    """In the order in which the header names them."""
    assert codings("Deflate, identity, GZIP") == ["deflate", "gzip"]
    assert whole(gzip.compress(zlib.compress(BODY)), "deflate, gzip") == BODY


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, br", "gzip, gzip, gzip"])
def test_what_nobody_asked_for_is_refused(coding: str) -> None:
    """Before it is looked at."""
    with pytest.raises(zlib.error, match="it is compressed in a way that was not asked for"):
        whole(b"", coding)


@given(parts=st.lists(st.binary(max_size=300), max_size=5), size=st.integers(1, 50))
@settings(deadline=None, max_examples=50)
def test_several_streams_are_one_body(parts: list[bytes], size: int) -> None:
    """As a file has them to which something was added; zeros may fill it up."""
    packed = b"".join(gzip.compress(part) for part in parts) + bytes(size)

    assert whole(packed, size=size) == b"".join(parts)


def test_nothing_is_nothing() -> None:
    """An empty body has no packed data that could be cut."""
    assert whole(b"") == b""


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("missing", [1, 4, 8, 9, 1000])
def test_a_missing_end_is_noticed(coding: str, missing: int) -> None:
    """Although everything that came is good: some rows would pass for all."""
    packed = PACKERS[coding](BODY)[:-missing]
    given_: list[bytes] = []

    with pytest.raises(EOFError):
        given_.extend(unpacked([packed], coding))
    assert BODY.startswith(b"".join(given_))


@pytest.mark.parametrize("missing", [1, 8, 1000])
def test_a_missing_end_of_the_second_stream_is_noticed(missing: int) -> None:
    """The first one's rows would pass for all."""
    with pytest.raises(EOFError):
        whole(gzip.compress(BODY) + gzip.compress(BODY)[:-missing])


@pytest.mark.parametrize("place", [-1, -5, 200])
def test_a_damaged_body_is_noticed(place: int) -> None:
    """Its length, its sum, or what is packed."""
    packed = bytearray(gzip.compress(BODY))
    packed[place] ^= 0xFF

    with pytest.raises(zlib.error):
        whole(bytes(packed))


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_rubbish_behind_a_body_is_noticed(coding: str) -> None:
    """It is no other stream."""
    with pytest.raises((zlib.error, EOFError)):
        whole(PACKERS[coding](BODY) + b"rubbish", coding)


def test_a_bomb_comes_in_pieces() -> None:
    """A few packed bytes never become many at once."""
    packed = gzip.compress(bytes(50_000_000))
    sizes = [len(piece) for piece in unpacked([packed], "gzip")]

    assert (sum(sizes), max(sizes)) == (50_000_000, CHUNK)
