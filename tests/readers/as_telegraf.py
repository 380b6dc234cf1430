"""Line protocol as Telegraf reads it: written from its rules, held to its parser by a test.

It takes whatever Telegraf takes, with the meaning that Telegraf gives it. Whether that is what a
careful writer writes is what `line_protocol` looks at.
"""

from __future__ import annotations

import math
import re

from readers.line_protocol import INT64, TRUTH, NotLineProtocolError, Point, Value

NOW = 42
"""The time of a line that has none."""

BLANKS = r"[\t\v\f ]"
NEWLINE = re.compile(r"\r?(?:\n|\Z)")
SKIPPED = re.compile(rf"(?:{BLANKS}+|#[^\n]*|\r?\n|\r\Z)*")
"""Blanks, blank lines, comments; a carriage return alone is nothing at the end only."""

MEASUREMENT = re.compile(r"(?!#)(?:[^\t\n\v\f\r ,\\]|\\[^\t\n\v\f\r])+")
CUT_OFF = re.compile(r"(?!#)(?:[^\t\n\v\f\r ,\\]|\\[^\t\n\v\f\r])*\\\Z")
"""A measurement that ends, with the whole text, in the middle of an escape."""

TAG = re.compile(r"(?:[^\t\n\v\f\r ,=\\]|\\[^\t\n\v\f\r\\]|\\(?=\\))+")
FIELD = re.compile(r"(?:[^\t\n\v\f\r ,=\\]|\\[^\t\n\v\f\r])+")
STRING = re.compile(r'"((?:[^\\"]|\\[\\"])*)"')
WORD = re.compile(r"[^\t\n\v\f\r ,]*")
SPACE = re.compile(rf"{BLANKS}+")

INTEGER = re.compile(r"(-?(?:0|[1-9][0-9]*))i")
UNSIGNED = re.compile(r"(0|[1-9][0-9]*)u")
FLOAT = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
TIME = re.compile(r"-?[0-9]{1,19}")


def read(text: str) -> list[Point]:
    """Read a text; one bad line and there is nothing at all."""
    reader = _Reader(text)
    points: list[Point] = []
    while reader.has_more():
        if reader.is_cut_off():
            return points + points[-1:]  # Telegraf says once more what it said last
        points.append(reader.point())
    return points


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def has_more(self) -> bool:
        """Skip blanks, blank lines and comments; say whether anything is left."""
        self._skip(SKIPPED)
        return self._at < len(self._text)

    def is_cut_off(self) -> bool:
        return bool(CUT_OFF.match(self._text, self._at))

    def point(self) -> Point:
        measurement = unescaped(self._take(MEASUREMENT), ", ")
        tags: dict[str, str] = {}
        while self._skip(","):
            key = self._take(TAG)
            self._expect("=")
            tags[unescaped(key, ",= ", also='"')] = unescaped(self._take(TAG), ",= ", also='"')
        self._take(SPACE)
        fields: dict[str, Value] = {}
        while True:
            key = unescaped(self._take(FIELD), ",= ", also='"')
            self._expect("=")
            fields[key] = self._value()
            if not self._skip(","):
                break
        return Point(measurement, tags, fields, self._end())

    def _end(self) -> int:
        """Read the time, if there is one, and the end of the line."""
        time = NOW
        if self._skip(SPACE) and (found := TIME.match(self._text, self._at)):
            time = int(self._take(TIME))
            if not -INT64 <= time < INT64:
                raise NotLineProtocolError(f"{found[0]} is beyond all times")
            self._skip(SPACE)
        if self._at < len(self._text):
            self._take(NEWLINE)
        return time

    def _value(self) -> Value:
        if found := STRING.match(self._text, self._at):
            self._at = found.end()
            return re.sub(r'\\([\\"])', r"\1", found[1])
        word = self._take(WORD)
        if word in TRUTH:
            return TRUTH[word]
        for pattern, low, high in ((INTEGER, -INT64, INT64), (UNSIGNED, 0, 2 * INT64)):
            if (whole := pattern.fullmatch(word)) and low <= int(whole[1]) < high:
                return int(whole[1])
        if FLOAT.fullmatch(word) and math.isfinite(float(word)):
            return float(word)
        raise NotLineProtocolError(f"{word!r} is no value")

    def _skip(self, wanted: str | re.Pattern[str]) -> bool:
        """Go past something, if it is there."""
        pattern = wanted if isinstance(wanted, re.Pattern) else re.compile(re.escape(wanted))
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return bool(found and found[0])

    def _expect(self, char: str) -> None:
        if not self._skip(char):
            raise NotLineProtocolError(f"expected {char!r} at {self._at} of {self._text!r}")

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if not found:
            raise NotLineProtocolError(f"nothing good at {self._at} of {self._text!r}")
        self._at = found.end()
        return found[0]


def unescaped(word: str, special: str, also: str = "") -> str:
    """Take escapes off: all of them, as soon as there is one special character in the word."""
    if not set(special) & set(word):
        return word
    return re.sub(rf"\\([{re.escape(special + also)}])", r"\1", word)
