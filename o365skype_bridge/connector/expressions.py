"""The conditions of the connector's options: a small part of Perl, read and never run as code.

Values in ``%(name)`` or ``%{name}``, numbers, quoted texts; ``== != < > <= >=`` for numbers,
``eq ne lt gt le ge`` for texts, ``=~`` and ``!~`` with ``/pattern/``; ``+ - * / .``;
``and or not && || !`` and parentheses.
"""

from __future__ import annotations

import operator
import re

from o365skype_bridge.connector.perl import compiled
from o365skype_bridge.errors import UsageError

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

TOKENS = re.compile(
    r"\s*(?:%[({](?P<name>\w+)[)}]|(?P<number>\d+(?:\.\d*)?|\.\d+)"
    r"|\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)'"
    r"|(?P<word>[a-z]+\b)|(?P<sign>=~|!~|==|!=|<=|>=|&&|\|\||[-+*/.<>!()]))"
)
PATTERN = re.compile(r"\s*(?:m\s*)?/((?:[^/\\]|\\.)*)/([imsx]*)")
LEADING_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
REMEDY = "Write values as %(value), and compare them with == != < > eq ne =~ and or not."
DEEPEST = 50

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
TEXTS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
SYNONYMS = {"and": "&&", "or": "||", "not": "!"}

Value = str | float | bool


def holds(condition: str, values: Mapping[str, str], option: str) -> bool:
    """Say whether a condition holds. Raises `UsageError` for one that cannot be read."""
    try:
        return _true(_Reader(condition, values, option).whole())
    except ArithmeticError as error:
        raise UsageError(f"{option} divides by zero", REMEDY) from error


def number(text: str) -> float:
    """Give the value of an arithmetic expression. Raises `UsageError` or `ArithmeticError`."""
    return as_number(_Reader(text, {}, "math").whole())


def _true(value: Value) -> bool:
    return value not in ("", "0") if isinstance(value, str) else bool(value)


def as_number(value: Value) -> float:
    """Read a number as Perl does: as far as it goes, and 0 where there is none."""
    if not isinstance(value, str):
        return float(value)
    found = LEADING_NUMBER.match(value)
    return float(found[0]) if found else 0.0


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return value if isinstance(value, str) else f"{value:.15g}"


class _Reader:
    """Reads an expression from left to right and gives its value."""

    def __init__(self, text: str, values: Mapping[str, str], option: str) -> None:
        self._text = text
        self._values = values
        self._option = option
        self._place = 0
        self._depth = 0
        self._kind, self._token = "", ""
        self._next()

    def whole(self) -> Value:
        value = self._any()
        if self._kind:
            raise self._wrong()
        return value

    def _wrong(self) -> UsageError:
        return UsageError(f"{self._option} {self._text[:60]!a} cannot be followed", REMEDY)

    def _next(self) -> None:
        found = TOKENS.match(self._text, self._place)
        if found is None:
            if self._text[self._place :].strip():
                raise self._wrong()
            self._kind = self._token = ""
            return
        self._place = found.end()
        self._kind = found.lastgroup or ""
        token = found[self._kind]
        self._token = SYNONYMS.get(token, token) if self._kind == "word" else token

    def _takes(self, *signs: str) -> str:
        """Give the sign that comes next if it is one of these, and go on."""
        if self._kind in ("word", "sign") and self._token in signs:
            sign = self._token
            self._next()
            return sign
        return ""

    def _any(self) -> Value:
        value = self._all()
        while self._takes("||"):
            other = self._all()
            value = value if _true(value) else other
        return value

    def _all(self) -> Value:
        value = self._compared()
        while self._takes("&&"):
            other = self._compared()
            value = other if _true(value) else value
        return value

    def _compared(self) -> Value:
        if self._takes("!"):
            return not _true(self._compared())
        value = self._sum()
        if self._kind == "sign" and self._token in ("=~", "!~"):
            return self._matched(value)
        if sign := self._takes(*COMPARISONS):
            return COMPARISONS[sign](as_number(value), as_number(self._sum()))
        if word := self._takes(*TEXTS):
            return COMPARISONS[TEXTS[word]](_text(value), _text(self._sum()))
        return value

    def _matched(self, value: Value) -> bool:
        wanted = self._token == "=~"  # noqa: S105 an operator
        found = PATTERN.match(self._text, self._place)
        if found is None:
            raise self._wrong()
        self._place = found.end()
        self._next()
        flags = f"(?{found[2]})" if found[2] else ""
        pattern = compiled(flags + found[1], self._option)
        return (pattern is None or bool(pattern.search(_text(value)))) is wanted

    def _sum(self) -> Value:
        value = self._product()
        while sign := self._takes("+", "-", "."):
            other = self._product()
            if sign == ".":
                value = _text(value) + _text(other)
            else:
                value = as_number(value) + (as_number(other) if sign == "+" else -as_number(other))
        return value

    def _product(self) -> Value:
        value = self._single()
        while sign := self._takes("*", "/"):
            other = as_number(self._single())
            value = as_number(value) * other if sign == "*" else as_number(value) / other
        return value

    def _single(self) -> Value:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._wrong()
        if self._takes("-"):
            value: Value = -as_number(self._single())
        elif self._takes("("):
            value = self._any()
            if not self._takes(")"):
                raise self._wrong()
        else:
            value = self._literal()
        self._depth -= 1
        return value

    def _literal(self) -> Value:
        kind, token = self._kind, self._token
        if kind not in ("name", "number", "double", "single"):
            raise self._wrong()
        self._next()
        if kind == "number":
            return float(token)
        return self._values.get(token, "") if kind == "name" else re.sub(r"\\(.)", r"\1", token)
