"""Perl's ``s/pattern/text/modifiers`` on the status line, the long output and arguments."""

from __future__ import annotations

import re

from o365skype_bridge.connector import expressions
from o365skype_bridge.connector.perl import in_python
from o365skype_bridge.outputs.thresholds import STATES

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
REFERENCE = re.compile(r"\$(?:\{(\d+)\}|(\d+)|(&))|\\(.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def short(line: str, state: int, options: Mapping[str, Any]) -> tuple[str, int]:
    """Rewrite the status line as the options say; the state changes by ``--change-output-adv``.

    Each of its conditions sees the line as those before it left it, and the state as it was.
    What stands empty changes nothing.
    """
    line = _rewritten(line, options.get("change_short_output") or (), "--change-short-output")
    code = str(state)
    for word in options.get("change_output_adv") or ():
        condition, text, target = [*word.split(","), "", ""][:3]
        values = {"short_output": line, "exit_code": code}
        if condition and expressions.holds(condition, values, "--change-output-adv"):
            line = text or line
            state = STATES.index(target.upper()) if target.upper() in STATES else state
    return line, state


def long(lines: Sequence[str], options: Mapping[str, Any]) -> list[str]:
    """Rewrite the long output, which a pattern sees as one text."""
    rewritten = _rewritten(
        "\n".join(lines), options.get("change_long_output") or (), "--change-long-output"
    )
    return rewritten.split("\n") if rewritten else []


def _rewritten(text: str, words: Sequence[str], option: str) -> str:
    for word in words:
        pattern, replacement, modifiers = [*word.split("~"), "", ""][:3]
        if pattern:
            text = substituted(text, pattern, replacement, modifiers, option=option)
    return text


def substituted(
    text: str, pattern: str, replacement: str, modifiers: str = "", *, option: str
) -> str:
    """Replace the first match, or with ``g`` all; ``$1`` in the replacement is the first group.

    Whatever is no pattern, or a modifier that is not known, changes nothing, as in the connector.
    Raises `UsageError` for a pattern that there is in Perl only.
    """
    if set(modifiers) - {*FLAGS, "g"}:
        return text
    try:
        python = in_python(pattern, option, quotes=True)
        compiled = re.compile(python, sum(FLAGS.get(letter, 0) for letter in set(modifiers)))
        times = 0 if "g" in modifiers else 1
        return compiled.sub(lambda found: filled(replacement, found), text, count=times)
    except (re.error, OverflowError, RecursionError):
        return text


def filled(replacement: str, found: re.Match[str]) -> str:
    """Put the groups of a match into a replacement."""

    def value(reference: re.Match[str]) -> str:
        braced, plain, whole, escaped = reference.groups()
        if escaped is not None and not escaped.isdecimal():
            return ESCAPES.get(escaped, escaped)
        number = 0 if whole else int(braced or plain or escaped)
        return (found[number] or "") if number <= (found.re.groups) else ""

    return REFERENCE.sub(value, replacement)
