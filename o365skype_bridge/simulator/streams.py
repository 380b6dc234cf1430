"""Changes to the bytes of a report on their way out; the first chunk is always the header row."""

from collections.abc import Iterator
from typing import Final

from o365skype_bridge.simulator.crowd import Asked

BOM: Final = b"\xef\xbb\xbf"

PORTAL: Final = (
    b"<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head>\n"
    b"<body><form action='/login'>Welcome, please accept the terms.</form></body></html>\n"
)


def crlf(_: Asked, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """End every line with CR LF."""
    return (chunk.replace(b"\n", b"\r\n") for chunk in chunks)


def trailing_blank_lines(_: Asked, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Add empty lines."""
    yield from chunks
    yield b"\n\n\n"


def no_final_newline(_: Asked, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Leave the last line open."""
    held = b""
    for chunk in chunks:
        yield held
        held = chunk
    yield held.rstrip(b"\r\n")


def bom_absent(_: Asked, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Leave the byte order mark out."""
    yield next(chunks, b"").removeprefix(BOM)
    yield from chunks


def bom_only(_: Asked, __: Iterator[bytes]) -> Iterator[bytes]:
    """Send the byte order mark and nothing else."""
    yield BOM


def zero_bytes(_: Asked, __: Iterator[bytes]) -> Iterator[bytes]:
    """Send nothing."""
    yield from ()


def header_only(_: Asked, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Send the header row only."""
    yield next(chunks, b"")


def day_header_only(asked: Asked, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Send the header row only when one day was asked for."""
    yield next(chunks, b"")
    if not asked.is_day:
        yield from chunks


def short_row(_: Asked, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Cut the last cell of the first row."""
    yield next(chunks, b"")
    for chunk in chunks:
        first, newline, rest = chunk.partition(b"\n")
        yield first.rpartition(b",")[0] + newline + rest
        break
    yield from chunks


def html(_: Asked, __: Iterator[bytes]) -> Iterator[bytes]:
    """Send a web page instead."""
    yield PORTAL
