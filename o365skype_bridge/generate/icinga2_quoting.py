"""Strings of Icinga 2's configuration language, of its macros, and names of its objects."""

from __future__ import annotations

import re

from o365skype_bridge.errors import UsageError

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PATH = re.compile(r"/[^\s$]+")


def literal(value: str) -> str:
    """Write a text that is meant as it is."""
    return f'"{"".join(_ESCAPES.get(char, char) for char in value)}"'


def macro(value: str) -> str:
    """Write a text for a variable, in which Icinga would look for macros."""
    return literal(value.replace("$", "$$"))


def plain(value: str, option: str) -> str:
    """Give a text that can be an argument of a command. Raises `UsageError` naming the option."""
    wrong = next((char for char in value if not char.isprintable()), "")
    if wrong:
        raise UsageError(f"{option} cannot hold {wrong!a}", "No argument of a check has that.")
    return value


def name(value: str, option: str) -> str:
    """Give the name of an object. Raises `UsageError` naming the option."""
    if not value.strip() or "!" in value:
        raise UsageError(f"{option} {value!a} is not a name", "Write one without !.")
    return plain(value, option)


def identifier(value: str, option: str) -> str:
    """Give the name of a constant. Raises `UsageError` naming the option."""
    if not _IDENTIFIER.fullmatch(value):
        raise UsageError(f"{option} {value!a} is not a name", "Write letters, digits and _.")
    return value


def path(value: str, option: str) -> str:
    """Give a path without macros. Raises `UsageError` naming the option."""
    if not _PATH.fullmatch(value):
        raise UsageError(
            f"{option} {value!a} is not a path", "Give one from the root on, without blanks and $."
        )
    return plain(value, option)
