"""JSON without `json`, around which are regular expressions that cost more than an answer.

It is read and written by what `json` itself does it by.
"""

from __future__ import annotations

from _json import encode_basestring_ascii, make_encoder, make_scanner

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from typing import Any, NoReturn


class _Numbers:
    """How numbers and objects are read: as `json` does unless told otherwise."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int = float, int

    @staticmethod
    def parse_constant(name: str) -> NoReturn:
        """Refuse what is no number."""
        raise ValueError(f"it holds {name}")


def read(text: str) -> Any:
    """Read a document that `write` wrote. Raises `ValueError`."""
    try:
        found, end = make_scanner(_Numbers)(text, 0)  # type: ignore[arg-type]
    except StopIteration as error:
        raise ValueError("it is no JSON") from error
    if end != len(text):
        raise ValueError("it is no JSON")
    return found


def write(value: Any) -> str:
    """Write a document on one line without blanks. Raises `TypeError` for what is no JSON."""
    # Nothing is sorted or skipped, and what is no number is refused.
    options = (None, ":", ",", *(False,) * 3)
    return "".join(make_encoder({}, _unknown, encode_basestring_ascii, *options)(value, 0))


def indented(value: Any, margin: str = "") -> str:
    """Write a document with a line for each value, for people."""
    inner = f"{margin}  "
    if value and isinstance(value, dict):
        lines = [
            f"{inner}{encode_basestring_ascii(key)}: {indented(each, inner)}"
            for key, each in value.items()
        ]
        return "{{\n{}\n{}}}".format(",\n".join(lines), margin)
    if value and isinstance(value, list | tuple):
        lines = [f"{inner}{indented(each, inner)}" for each in value]
        return "[\n{}\n{}]".format(",\n".join(lines), margin)
    return encode_basestring_ascii(value) if isinstance(value, str) else write(value)


def _unknown(value: object) -> NoReturn:
    raise TypeError(f"{type(value).__name__} is no JSON")
