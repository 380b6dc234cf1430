"""Quoting for systemd's files: words of command lines and settings, and names that it takes."""

from __future__ import annotations

import re

from o365skype_bridge.errors import UsageError

_PLAIN = re.compile(r"[A-Za-z0-9/=:,.@_+-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "%": "%%"}
_ACCOUNT = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def word(text: str) -> str:
    """Write a word of a command line, in which systemd puts in neither settings nor variables."""
    return quoted(text).replace("$", "$$")


def quoted(text: str) -> str:
    """Write a word for which nothing is put in, in quotes where it needs them."""
    if not text.isprintable():
        raise UsageError(f"{text[:60]!a} cannot stand in a unit", "Leave out control characters.")
    if _PLAIN.fullmatch(text):
        return text
    return '"' + "".join(_ESCAPES.get(char, char) for char in text) + '"'


def whole(text: str) -> str:
    """Write what is a setting's whole value; quotes would be part of it."""
    if not text.isprintable() or text != text.strip():
        raise UsageError(f"{text[:60]!a} cannot stand in a unit", "Leave out control characters.")
    return text.replace("%", "%%")


def account(name: str) -> str:
    """Give an account's name. Raises `UsageError` for what systemd would refuse."""
    if not _ACCOUNT.fullmatch(name):
        raise UsageError(
            f"--user {name!a} is not a name for an account", "Lower case, digits, _ -."
        )
    return name


def folder_name(name: str, flag: str) -> str:
    """Give the name of a folder. Raises `UsageError` for a path."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{flag} {name!a} is not a folder's name", "Letters, digits, . _ and -.")
    return name


FILTERS = {"word": word, "quoted": quoted, "whole": whole}
