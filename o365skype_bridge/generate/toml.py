"""Quoting for Telegraf's configuration: TOML strings in which a dollar sign stays one."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SHORT = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_LITTLE = re.compile(r"[A-Za-z0-9_-]+")


def quoted(text: str) -> str:
    """Write a string; Telegraf, which puts variables in, reads ``$$`` as one dollar sign."""
    return reference(text.replace("$", "$$"))


def reference(text: str) -> str:
    """Write a string in which ``${NAME}`` is what Telegraf finds in its environment."""
    return f'"{"".join(_escaped(char) for char in text)}"'


def key(text: str) -> str:
    """Write a key, in quotes where it needs them."""
    return text if _LITTLE.fullmatch(text) else reference(text)


def words(items: Iterable[str]) -> str:
    """Write a list of strings."""
    return f"[{', '.join(map(quoted, items))}]"


def _escaped(char: str) -> str:
    return _SHORT.get(char) or (f"\\u{ord(char):04x}" if _CONTROL.match(char) else char)


FILTERS = {"quoted": quoted, "reference": reference, "key": key, "words": words}
