"""Reads the YAML that Zabbix is given, as strictly as Zabbix: every scalar is a text.

The part of YAML that is needed: mappings, sequences, quoted scalars. A plain scalar may only be
a constant of capital letters that no YAML reader takes for anything but a text.
"""

from __future__ import annotations

import json
import re
from typing import Any

PAIR = re.compile(r"([a-z_0-9]+|'[xy]'):(?: (.*))?")
CONSTANT = re.compile(r"[A-Z][A-Z_0-9]+")
TAKEN_FOR_OTHERS = {"YES", "NO", "ON", "OFF", "TRUE", "FALSE", "NULL", "Y", "N"}

Line = tuple[int, str]


def read(text: str) -> Any:
    """Give the value of a document. Raises `ValueError` with the line that cannot be read."""
    lines = []
    for line in text.split("\n"):
        content = line.lstrip(" ")
        if content.rstrip() != content:
            raise ValueError(f"blanks at the end of {line!r}")
        if content:
            lines.append((len(line) - len(content), content))
    value, rest = _block(lines, 0)
    if rest:
        raise ValueError(f"what does {rest[0][1]!r} belong to?")
    return value


def _block(lines: list[Line], depth: int) -> tuple[Any, list[Line]]:
    if not lines or lines[0][0] < depth:
        raise ValueError("something has no value")
    if lines[0][1].startswith("- "):
        return _sequence(lines, lines[0][0])
    return _mapping(lines, lines[0][0])


def _sequence(lines: list[Line], depth: int) -> tuple[list[Any], list[Line]]:
    values: list[Any] = []
    while lines and lines[0][0] == depth and lines[0][1].startswith("- "):
        content = lines[0][1][2:]
        if PAIR.fullmatch(content):
            found, lines = _mapping([(depth + 2, content), *lines[1:]], depth + 2)
            values.append(found)
        else:
            values.append(scalar(content))
            lines = lines[1:]
    return values, lines


def _mapping(lines: list[Line], depth: int) -> tuple[dict[str, Any], list[Line]]:
    values: dict[str, Any] = {}
    while lines and lines[0][0] == depth and not lines[0][1].startswith("- "):
        found = PAIR.fullmatch(lines[0][1])
        if not found:
            raise ValueError(f"{lines[0][1]!r} is no pair")
        key = found[1].strip("'")
        if key in values:
            raise ValueError(f"{key!r} is there twice")
        if found[2] is None:
            values[key], lines = _block(lines[1:], depth + 1)
        else:
            values[key], lines = scalar(found[2]), lines[1:]
    if lines and lines[0][0] > depth:
        raise ValueError(f"{lines[0][1]!r} is indented too far")
    return values, lines


def scalar(word: str) -> str:
    """Give the text of a scalar."""
    if word.startswith("'") and word.endswith("'") and len(word) > 1:
        inner = word[1:-1]
        if "'" in inner.replace("''", ""):
            raise ValueError(f"a quote ends within {word!r}")
        return inner.replace("''", "'")
    if word.startswith('"'):
        text: str = json.loads(word)
        return text
    if not CONSTANT.fullmatch(word) or word in TAKEN_FOR_OTHERS:
        raise ValueError(f"{word!r} is not quoted")
    return word
