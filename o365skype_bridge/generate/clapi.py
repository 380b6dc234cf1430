"""What a field of Centreon's CLAPI can hold; nothing can be escaped, so the rest is refused."""

from __future__ import annotations

import re

from o365skype_bridge.errors import UsageError

ILLEGAL_IN_NAMES = "~!$%^&*\"|'<>?,()=`\\ "
"""What Centreon drops from names without a word, and what command lines and links stumble over."""

REWRITTEN = ("#BR#", "#S#", "#BS#", "#T#", "#R#")
"""What Centreon takes for another character, when it shows a command line or writes it out."""

LONGEST_NAME = 200
LONGEST_VALUE = 4096
LONGEST_COMMAND = 65_535

_RESOURCE = re.compile(r"\$[A-Z0-9_]+\$/")
_PATH = re.compile(r"/[^\s'\"\\`$]+")

_CAUTION = "CLAPI has no way to write it."


def field(text: str, option: str, longest: int = LONGEST_VALUE) -> str:
    """Give a text that is one field as it is. Raises `UsageError` naming the option."""
    unprintable = next((char for char in text if not char.isprintable()), "")
    rewritten = next((code for code in REWRITTEN if code in text), "")
    wrong = ";" if ";" in text else unprintable or rewritten
    if wrong:
        raise UsageError(f"{option} cannot hold {wrong!a}", _CAUTION)
    if text != text.strip():
        raise UsageError(f"{option} {text!a} begins or ends with a blank", "CLAPI would lose it.")
    if len(text) > longest:
        raise UsageError(
            f"{option} has {len(text)} characters", f"Centreon keeps {longest} of them."
        )
    return text


def name(text: str, option: str) -> str:
    """Give the name of an object. Raises `UsageError` naming the option."""
    wrong = next((char for char in text if char in ILLEGAL_IN_NAMES), "")
    if wrong or not text:
        raise UsageError(
            f"{option} {text!a} is not a name that Centreon keeps",
            f"Write one without {ILLEGAL_IN_NAMES.strip()} and blanks.",
        )
    return field(text, option, LONGEST_NAME)


def argument(text: str, option: str) -> str:
    """Give a macro's value that is put between single quotes on a command line.

    Centreon Engine reads a backslash as an escape, also between quotes, and puts no shell in
    between. Raises `UsageError` naming the option.
    """
    return field(text.replace("\\", "\\\\").replace("'", "\\'"), option)


def path(text: str, option: str, *, resource: bool = True) -> str:
    """Give a path that can stand on a command line as it is. Raises `UsageError`.

    ``resource`` says that a resource macro may stand for its first folders.
    """
    begun = text.rpartition("$")[2] if resource and _RESOURCE.match(text) else text
    if not _PATH.fullmatch(begun):
        raise UsageError(
            f"{option} {text!a} is not a path for a command line",
            "Give one from the root on, without blanks, quotes, backslashes and $.",
        )
    return field(text, option)


def prose(text: str) -> str:
    """Make a sentence of ours fit into a field."""
    return field(text.replace(";", ","), "description")
