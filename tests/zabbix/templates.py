"""The templates as `generate` makes them, and what their items ought to hold of a document."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from o365skype_bridge.cli import generate

FORMER = Path(__file__).parent / "former.yaml"
"""A release of ours as it could have been: other names, other keys, the same identity."""

JSONPATH = "12"
"""The type of a step of preprocessing that follows a path; what is pushed alone has none."""

MODES = {"external": "external check", "agent": "Zabbix agent", "trapper": "trapper"}

STEP = re.compile(r'\.(\w+)|\["((?:[^"\\]|\\.)*)"\]')

MOVING = re.compile(
    r"o365\.(bridge\.(age|unconfirmed)$"
    r"|report\.(age|calls|confirmed|fetch_seconds|unconfirmed)\[)"
)
"""Keys of items whose value is another one in every answer."""

MULTIPLIER = "1"
"""The type of a step of preprocessing that multiplies."""


@cache
def made(version: str, mode: str, *words: str) -> dict[str, str]:
    """Give the files of a version and mode, by name, in the order to import them."""
    line = ["zabbix", "--zabbix-version", version, "--mode", mode, *words]
    parser = argparse.ArgumentParser()
    generate.add_arguments(parser, line)
    return generate.made(vars(parser.parse_args(line)), {})


def templates(version: str, mode: str, *words: str) -> dict[str, str]:
    """Give the files to import of every report there is, by what they are for, in their order."""
    files = made(version, mode, *words)
    return {name.split("_")[1]: text for name, text in files.items() if name.endswith(".yaml")}


def name_of(mode: str, what: str = "usage") -> str:
    """Give the name of a mode's template for the usual reports, a family, or all ``tenants``."""
    title = what if what in ("usage", "tenants") else what.capitalize()
    return f"Microsoft 365 {title} by {MODES[mode]}"


def expected(items: dict[str, dict[str, Any]], document: Any) -> dict[str, str]:
    """Give what items that read a document ought to hold: those whose path leads somewhere."""
    found = {}
    for key, item in items.items():
        for step in (one for one in item["preprocessing"][:1] if one["type"] == JSONPATH):
            for value in _at(document, step["params"]):
                if not MOVING.match(key):
                    found[key] = _stored(value, item["preprocessing"][1:])
    return found


def _stored(value: Any, steps: list[dict[str, str]]) -> str:
    """Give a value as Zabbix shows it after the steps that follow its path."""
    if isinstance(value, str):
        return value
    text = json.dumps(value)
    for step in steps:
        if step["type"] == MULTIPLIER:
            text = f"{(Decimal(text) * Decimal(step['params'])).normalize():f}"
    return text


def held(values: dict[str, str]) -> dict[str, str]:
    """Give the values of items that stand still."""
    return {key: value for key, value in values.items() if not MOVING.match(key)}


def _at(document: Any, path: str) -> Iterator[Any]:
    """Give what a path of names leads to, if anything; other functions are Zabbix's to know."""
    place = document
    names = [plain or json.loads(f'"{quoted}"') for plain, quoted in STEP.findall(path)]
    if "length()" in path:
        place, names = len(_within(document, names[:-1]) or ()), []
    found = _within(place, names)
    if found is not None:
        yield found


def _within(place: Any, names: list[str]) -> Any:
    for name in names:
        if not isinstance(place, dict) or name not in place:
            return None
        place = place[name]
    return place
