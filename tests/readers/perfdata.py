"""A strict reader of plugin output: status line, perfdata, long text.

It raises on whatever one of Nagios, Icinga 2, Telegraf and Centreon's broker would lose, alter
or take for something else.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_BYTES = 8192
LINE = re.compile(
    r"(?P<text>(?:OK|WARNING|CRITICAL|UNKNOWN): .*?)(?: \|(?P<items> .+)| )", re.DOTALL
)
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff\u2028\u2029]")

NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
RANGE = rf"@?(?:~|{NUMBER}):(?:{NUMBER})?"
ITEM = re.compile(
    r" '(?P<label>(?:[^']|'')+)'"
    rf"=(?P<value>{NUMBER})(?P<unit>[A-Za-z%]*)"
    rf";(?P<warning>(?:{RANGE})?);(?P<critical>(?:{RANGE})?)"
    rf";(?P<least>(?:{NUMBER})?);(?P<most>(?:{NUMBER})?)(?= |$)"
)
NOT_IN_LABELS = re.compile(r"[=|;]|::")


class NotPluginOutputError(ValueError):
    """Output that a monitoring server refuses, cuts, or reads as something else."""


class Item(NamedTuple):
    """One figure, with everything behind it as it stands there."""

    value: float
    unit: str = ""
    warning: str = ""
    critical: str = ""
    least: str = ""
    most: str = ""


class Answer(NamedTuple):
    """What a plugin said."""

    text: str
    items: dict[str, Item]
    details: tuple[str, ...]


def read(output: str) -> Answer:
    """Read the whole output of a plugin."""
    if len(output.encode()) >= MOST_BYTES:
        raise NotPluginOutputError(f"{len(output.encode())} bytes, and Nagios loses some")
    if CONTROLS.search(output):
        raise NotPluginOutputError(f"a control character in {output!r}")
    if not output.endswith("\n"):
        raise NotPluginOutputError("the last line is not ended")
    first, *details = output.split("\n")[:-1]
    if output.count("|") > 1 or any("|" in line for line in details):
        raise NotPluginOutputError("a bar that does not begin the perfdata")
    found = LINE.fullmatch(first)
    if found is None:
        raise NotPluginOutputError(f"no status line: {first!r}")
    return Answer(found["text"], _items(found["items"] or ""), tuple(details))


def _items(text: str) -> dict[str, Item]:
    items: dict[str, Item] = {}
    at = 0
    while at < len(text):
        found = ITEM.match(text, at)
        if found is None:
            raise NotPluginOutputError(f"no perfdata from here: {text[at:]!r}")
        label = found["label"].replace("''", "'")
        if NOT_IN_LABELS.search(label) or label in items:
            raise NotPluginOutputError(f"label {label!r} is unreadable, or there twice")
        items[label] = Item(
            float(found["value"]),
            *found.group("unit", "warning", "critical", "least", "most"),
        )
        at = found.end()
    return items
