"""Lines that are split without `csv` are split as `csv` does it, and all others by it."""

from __future__ import annotations

import csv
import io
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.reading import lines
from o365skype_bridge.reading.lines import blocks, split
from o365skype_bridge.reading.table import Table

USER = "User Principal Name"
HEADER = f"Report Refresh Date,{USER},Report Period\n"
GOOD = ("2026-06-28,adele@contoso.com,7\n", "2026-06-28,zoë 😀,7\n", "2026-06-28,,7\r\n")
ODD = (
    '2026-06-28,"a,b",7\n',
    '2026-06-28,"a\nb\n\nc",7\n',
    '2026-06-28,"a ""b""\r\nc",7\r\n',
    '"2026-06-28","",7\n',
    '2026-06-28,a"b,7\n',
    '2026-06-28,a"b,7\n2026-06-28,"\n,",7\n',
    "2026-06-28,a\0b,7\n",
    "2026-06-28,\u2028\x85\x0b\x0c\x1c,7\n",
    "2026-06-28,a,7\r",
    "2026-06-28,a,7\r\r\n",
    "\n",
    "\r\n",
    " \n",
    ",,\n",
    " ,\t,\n",
)
BROKEN = (
    "2026-06-28,a\n",
    "2026-06-28,a,7,\n",
    "2026-06-28,a,7,8,9\n2026\n",
    "2026-06-28\n,a,7\n",
    "2026-06-28,a\n7\n2026-06-28,b,7\n",
    "2026-06-28,a\n7,2026-06-28,b,7\n",
    ",2026-06-28,a,7\n",
    '2026-06-28,"a"b,7\n',
    '2026-06-28,"a,7\n',
    "2026-06-28,a\rb,7\n",
    "2026-06-27,a,7\n",
    "2026-06-28,LONG,7\n",
)
FILES = st.lists(
    st.one_of(*(st.sampled_from(kind) for kind in (GOOD, GOOD, GOOD, ODD, BROKEN))), max_size=30
).map("".join)
FINE = st.lists(st.one_of(*map(st.sampled_from, (GOOD, GOOD, ODD))), max_size=30).map("".join)
LONGEST_CELL = 500
SIZES = st.sampled_from([1, 7, 40, 100, 1 << 13])


def read(text: str, size: int) -> list[list[str]] | str:
    """Give the rows of a file that comes in chunks of a size, or what is said of it."""
    body = (HEADER + text.replace("LONG", "x" * (LONGEST_CELL + 1))).encode()
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    usual = csv.field_size_limit(LONGEST_CELL)
    try:
        with mock.patch.object(lines, "CHUNK", size):
            batches = Table(chunks, (USER,)).batches()
            return [list(row) for batch in batches for row in batch.rows]
    except MalformedError as error:
        return str(error)
    finally:
        csv.field_size_limit(usual)


def read_by_csv(text: str) -> list[list[str]]:
    """Give the rows that `csv` finds, without blank ones."""
    found = csv.reader(io.StringIO(text, newline=""), strict=True)
    return [row for row in found if any(map(str.strip, row))]


@settings(max_examples=400, deadline=None)
@given(text=FINE, size=SIZES, cut=st.booleans())
def test_rows_are_those_that_csv_finds(*, text: str, size: int, cut: bool) -> None:
    """Whatever is quoted, blank or strange, wherever chunks end, with a last line end or none."""
    text = text.removesuffix("\n") if cut else text

    assert read(text, size) == read_by_csv(text)


@settings(max_examples=400, deadline=None)
@given(text=FILES, size=SIZES)
def test_without_the_quick_way_everything_is_the_same(text: str, size: int) -> None:
    """Rows, refusals, and the lines that they name."""
    with mock.patch.object(lines, "split", return_value=None):
        expected = read(text, size)

    assert read(text, size) == expected


@settings(max_examples=200, deadline=None)
@given(before=FINE, broken=st.sampled_from(BROKEN), after=FILES, size=SIZES)
def test_a_broken_row_is_refused_wherever_it_stands(
    before: str, broken: str, after: str, size: int
) -> None:
    """Between rows that are split in either way."""
    before = f"{GOOD[0]}{before}".removesuffix("\r") + "\n"

    assert isinstance(read(before + broken + after, size), str)


@settings(deadline=None)
@given(before=FINE.filter(lambda text: "\r" not in text.replace("\r\n", "")), size=SIZES)
def test_the_line_is_counted_through_all_that_came_before(before: str, size: int) -> None:
    """Also through lines that are within one cell."""
    line = (HEADER + before).count("\n") + 1

    assert read(f'{before}2026-06-28,"a"b,7\n', size) == (
        f"line {line} of the report: ',' expected after '\"'"
    )


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b\n", ["a", "b"]),
        ("a,b", ["a", "b"]),
        ("a,b\r\nc,d\r\n", ["a", "b", "c", "d"]),
        (",\n,\n", ["", "", "", ""]),
        ("a,b\nc,d", ["a", "b", "c", "d"]),
        ("a\0,b\x0b\n", ["a\0", "b\x0b"]),
    ],
)
def test_plain_lines_are_split(text: str, cells: list[str]) -> None:
    """Into the cells of all rows, one after the other."""
    assert split(text, 2) == cells


@pytest.mark.parametrize(
    "text",
    [
        "a\n",
        "a,b,c\n",
        "a,b\n\nc,d\n",
        "\na,b\n",
        "a,b\n\n",
        "a,b,c\nd\n",
        "a\nb,c,d\n",
        "a\nb\nc,d,e\n",
        "a\nb\nc,d\n",
        'a,"b"\n',
        'a,b"\n',
        "a,b\rc,d\n",
        "a,b\r\r\n",
        f"a,{'b' * 140_000}\n",
    ],
)
def test_all_else_is_left_to_csv(text: str) -> None:
    """Rows of another width, blank ones, quotes, line ends of their own, and cells too long."""
    assert split(text, 2) is None


def test_rows_of_one_cell_are_left_to_csv() -> None:
    """A blank line among them could be a blank cell."""
    assert split("a\n\nb\n", 1) is None


def test_blocks_are_whole_lines_whatever_the_chunks() -> None:
    """None is much larger than a chunk, and nothing is lost."""
    body = b"".join(b"%d,%s\n" % (number, b"x" * (number % 90)) for number in range(5000))
    for size in (1, 1000, len(body)):
        made = list(blocks(body[at : at + size] for at in range(0, len(body), size)))

        assert b"".join(made) == body
        assert all(block.endswith(b"\n") for block in made)
        assert max(map(len, made)) < 3 * lines.CHUNK
