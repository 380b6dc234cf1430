"""A strict reader of Influx line protocol: what Telegraf's parser would refuse or alter, raises.

It is stricter than Telegraf where being lenient would hide a mistake: one blank between the
parts, a time on every line, no comments, no blank lines, nothing said twice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

Value = bool | int | float | str

INT64 = 1 << 63
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)i")
FLOAT = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
TIME = re.compile(r"-?[0-9]{1,19}")
TRUTH = {
    **dict.fromkeys(("t", "T", "true", "True", "TRUE"), True),
    **dict.fromkeys(("f", "F", "false", "False", "FALSE"), False),
}
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufeff\u2028\u2029]")


class NotLineProtocolError(ValueError):
    """A line that Telegraf refuses, or reads as something else."""


class Point(NamedTuple):
    """One line."""

    measurement: str
    tags: Mapping[str, str]
    fields: Mapping[str, Value]
    time: int


def read(text: str) -> list[Point]:
    """Read all lines; two of the same series and time would be one in the database."""
    text.encode()
    if text and not text.endswith("\n"):
        raise NotLineProtocolError("the last line is not ended")
    points = [_Line(line).point() for line in text.split("\n")[:-1]]
    series = {(point.measurement, *sorted(point.tags.items()), point.time) for point in points}
    if len(series) != len(points):
        raise NotLineProtocolError("two lines are the same series at the same time")
    return points


class _Line:
    def __init__(self, line: str) -> None:
        if not line or line.startswith("#"):
            raise NotLineProtocolError("a blank line or a comment")
        if CONTROLS.search(line):
            raise NotLineProtocolError(f"a control character in {line!r}")
        self._line = line
        self._at = 0

    def point(self) -> Point:
        measurement = self._word(", ", escapes=", ")
        tags: dict[str, str] = {}
        while self._next() == ",":
            self._take(",")
            key = self._key(tags)
            tags[key] = self._word(", ", refused="=", escapes=",= ")
        self._take(" ")
        fields: dict[str, Value] = {}
        while True:
            key = self._key(fields)
            if key in tags:
                raise NotLineProtocolError(f"{key} is a tag and a field")
            fields[key] = self._string() if self._next() == '"' else self._bare()
            if self._next() != ",":
                break
            self._take(",")
        self._take(" ")
        return Point(measurement, tags, fields, self._time())

    def _next(self) -> str:
        return self._line[self._at : self._at + 1]

    def _take(self, char: str) -> None:
        if self._next() != char:
            raise NotLineProtocolError(f"expected {char!r} at {self._at} of {self._line!r}")
        self._at += 1

    def _key(self, known: dict[str, str] | dict[str, Value]) -> str:
        key = self._word("=", refused=", ", escapes=",= ")
        self._take("=")
        if key in known:
            raise NotLineProtocolError(f"{key} twice")
        return key

    def _word(self, ends: str, *, escapes: str, refused: str = "") -> str:
        """Read up to an unescaped end; a backslash that is none of the escapes stays itself."""
        word = ""
        while (char := self._next()) and char not in ends:
            if char in refused:
                raise NotLineProtocolError(f"a bare {char!r} in {self._line!r}")
            self._at += 1
            if char == "\\":
                follower = self._next()
                if follower in ('"', "", "\\"):
                    raise NotLineProtocolError(f"no parser agrees on {self._line!r}")
                if follower in escapes:
                    self._at += 1
                    char = follower
            word += char
        if not word:
            raise NotLineProtocolError(f"an empty name or value in {self._line!r}")
        return word

    def _string(self) -> str:
        self._take('"')
        text = ""
        while (char := self._next()) != '"':
            self._at += 1
            if char == "\\":
                char = self._next()
                self._at += 1
                if char not in ('"', "\\"):
                    raise NotLineProtocolError(f"escape of {char!r} in a string")
            if not char:
                raise NotLineProtocolError("a string without an end")
            text += char
        self._take('"')
        return text

    def _bare(self) -> Value:
        written = re.compile(r"[^, ]*").match(self._line, self._at)
        text = written[0] if written else ""
        self._at += len(text)
        if text in TRUTH:
            return TRUTH[text]
        if INTEGER.fullmatch(text) and -INT64 <= int(text[:-1]) < INT64:
            return int(text[:-1])
        if FLOAT.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
        raise NotLineProtocolError(f"{text!r} is no value")

    def _time(self) -> int:
        text = self._line[self._at :]
        if not TIME.fullmatch(text) or not -INT64 <= int(text) < INT64:
            raise NotLineProtocolError(f"{text!r} is no time")
        return int(text)
