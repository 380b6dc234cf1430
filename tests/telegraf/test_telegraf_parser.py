"""Our readers of line protocol read as Telegraf's own parser does, over good and bad lines."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from corpus import ODD, corpus
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import as_telegraf, line_protocol, making, names
from readers.line_protocol import NotLineProtocolError, Point, Value
from real_telegraf import PARSE, needs_telegraf

pytestmark = needs_telegraf

TYPES = {"int64": int, "uint64": int, "float64": float, "string": str}

Reading = list[Point] | None
"""What a text says; None for one that is refused."""


class Parser:
    """Telegraf's parser, in a process that stays."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def read(self, text: str) -> Reading:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(text)}\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return None if answer.get("error") else [_point(one) for one in answer["points"]]


def _point(found: dict[str, Any]) -> Point:
    fields = {name: _value(**one) for name, one in found["fields"].items()}
    return Point(found["measurement"], found["tags"], fields, found["time"])


def _value(type: str, value: str) -> Value:  # noqa: A002 the name in the document
    if type == "bool":
        return value == "true"
    made: Value = TYPES[type](value)
    return made


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with subprocess.Popen(
        [PARSE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Parser(process)


def ours(text: str) -> Reading:
    try:
        return as_telegraf.read(text)
    except NotLineProtocolError:
        return None


def strictly(text: str) -> Reading:
    try:
        return line_protocol.read(text)
    except (NotLineProtocolError, UnicodeEncodeError):
        return None


def typed(reading: Reading) -> str:
    """Give a reading as text that tells an integer from a float, tags and fields in order."""
    return repr(reading and [_sorted(point) for point in reading])


def _sorted(point: Point) -> Point:
    return point._replace(
        tags=dict(sorted(point.tags.items())), fields=dict(sorted(point.fields.items()))
    )


def test_corpus_is_read_as_telegraf_reads_it(parser: Parser) -> None:
    """Every text of the corpus is refused by both, or means the same to both."""
    texts = corpus()
    readings = {text: parser.read(text) for text in texts}
    different = [
        (text[:200], typed(readings[text])[:300], typed(ours(text))[:300])
        for text in texts
        if typed(readings[text]) != typed(ours(text))
    ]
    good = sum(reading is not None for reading in readings.values())

    assert different == []
    assert len(texts) >= 1000
    assert 300 < good < len(texts) - 300


def test_what_the_strict_reader_takes_telegraf_takes(parser: Parser) -> None:
    """A careful line means to Telegraf what it means to the strict reader."""
    ended = (text if text.endswith("\n") else f"{text}\n" for text in corpus())
    texts = [text for text in ended if strictly(text) is not None]

    assert len(texts) > 300
    assert [text for text in texts if typed(strictly(text)) != typed(parser.read(text))] == []


PARTS = st.one_of(st.sampled_from(ODD), st.sampled_from(["m", ",t=", " f=", "1i", " 1", "\n", "v"]))


@settings(max_examples=600, deadline=None)
@given(text=st.lists(PARTS, max_size=12).map("".join))
def test_anything_is_read_as_telegraf_reads_it(parser: Parser, text: str) -> None:
    """Whatever is put together from names and syntax, both readers agree on it."""
    assert typed(ours(text)) == typed(parser.read(text))


@settings(max_examples=400, deadline=None)
@given(measurement=names.NAMES, tag=names.NAMES, field=names.NAMES, string=names.NAMES)
def test_any_name_is_read_as_telegraf_reads_it(
    parser: Parser, measurement: str, tag: str, field: str, string: str
) -> None:
    """Names as they are, unescaped, are taken or refused by both alike."""
    text = f'{measurement},{tag}={string} {field}=1i,s="{string}" 1\n'
    text = text.encode(errors="replace").decode()

    assert typed(ours(text)) == typed(parser.read(text))


@settings(max_examples=300, deadline=None)
@given(users=names.USERS, tenant=names.NAMES)
def test_what_we_write_telegraf_reads(
    parser: Parser, users: dict[str, making.Figures], tenant: str
) -> None:
    """The output for hostile names is read by Telegraf as by the strict reader, user for user."""
    text = making.render("influx", making.activity(users, tenant=tenant)).text
    points = parser.read(text)

    assert points is not None
    assert typed(points) == typed(line_protocol.read(text))
    assert len({point.tags["user"] for point in points if "user" in point.tags}) == len(users)
