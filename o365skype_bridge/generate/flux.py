"""Quoting for Flux."""

from __future__ import annotations

_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "$": "\\$"}


def text(given: str) -> str:
    """Write a string; what would begin an expression in it stays a dollar sign."""
    return f'"{"".join(_ESCAPED.get(char, char) for char in given)}"'


FILTERS = {"text": text}
