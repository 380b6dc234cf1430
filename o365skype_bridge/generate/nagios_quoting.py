"""What a Nagios object file can hold, and how options get whole through it and the shell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from o365skype_bridge.errors import UsageError

STRIPPED = "`~$&|'\"<>"
"""What Nagios takes out of custom variables on a command line since 4.5.13, and Debian's 4.4.6."""

ILLEGAL_IN_NAMES = "`~!$%^&*|'\"<>?,()=;\\"

LONGEST_NAME = 200
LONGEST_ARGUMENT = 4000
"""Nagios cuts a command line after 8,191 characters."""

_PATH = re.compile(r"/[A-Za-z0-9/._+@:-]+")


def text(value: str, option: str) -> str:
    """Give what can stand in a custom variable and arrive. Raises `UsageError` with the option."""
    wrong = next((char for char in value if char in f"{STRIPPED};\\"), "")
    if wrong:
        raise UsageError(
            f"{option} cannot hold {wrong!a}", "Nagios takes it out of custom variables."
        )
    return _plain(value, option)


def name(value: str, option: str) -> str:
    """Give the name of an object. Raises `UsageError` naming the option."""
    wrong = next((char for char in value if char in ILLEGAL_IN_NAMES), "")
    if wrong or not value or value == "null" or len(value) > LONGEST_NAME:
        raise UsageError(
            f"{option} {value!a} is not a name for an object",
            f"Write one without {ILLEGAL_IN_NAMES}, of {LONGEST_NAME} characters at most.",
        )
    return _plain(value, option)


def path(value: str, option: str) -> str:
    """Give a path that needs no quotes anywhere. Raises `UsageError`."""
    if not _PATH.fullmatch(value):
        raise UsageError(
            f"{option} {value!a} is not a path for a command line",
            "Give one from the root on, of letters, digits and ._+@:-.",
        )
    return value


def argument(chosen: Mapping[str, str], flags: frozenset[str]) -> str:
    """Write options as the last ``!`` argument of a ``check_command``.

    It goes through Nagios's own reading of the file (``;`` begins a comment), of the arguments
    (``!`` separates, ``$`` begins a macro), and then through the shell. ``chosen`` has values by
    the options' names, of which ``flags`` have none. Raises `UsageError`.
    """
    words = []
    for option, value in chosen.items():
        _plain(value, f"--set {option}")
        words.append(f"--{option}" if option in flags else f"--{option}={value}")
    written = " ".join(map(_word, words))
    if len(written) > LONGEST_ARGUMENT:
        raise UsageError(
            f"--set: the options of a service have {len(written)} characters",
            f"Nagios cuts long commands: {LONGEST_ARGUMENT} are the most.",
        )
    return written


def _word(word: str) -> str:
    """Quote a word; ``!`` and ``;`` apart, so that a backslash before one is never the word's."""
    quoted = shlex.quote(word).replace("$", "$$")
    return re.sub("[!;]", lambda found: f"'\"\\{found[0]}\"'", quoted)


def _plain(value: str, option: str) -> str:
    wrong = next((char for char in value if not char.isprintable()), "")
    if wrong:
        raise UsageError(f"{option} cannot hold {wrong!a}", "A line of a file cannot hold it.")
    if value != value.strip():
        raise UsageError(f"{option} {value!a} begins or ends with a blank", "Nagios would lose it.")
    return value
