"""Read options as the connector does: nothing abbreviated, the last one wins, words ignored."""

from __future__ import annotations

from o365skype_bridge.connector.table import FLAG, LIST, MAP

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

END = "--"
OFF = "0"


def read(
    words: Sequence[str], kinds: Mapping[str, str]
) -> tuple[dict[str, Any], list[str], list[str]]:
    """Take out the options of these kinds.

    Gives their values (by name with underscores; an option that is not there has none), the
    words that are left, and the names of options among them. An option without a value takes
    the next word as its value unless that begins with ``--``, and so does an empty one, and so
    does a flag, which only ``0`` turns off. Nothing after ``--`` counts, nor does ``--`` itself.
    A name that is a pattern means the one option that it matches.
    """
    values: dict[str, Any] = {}
    left: list[str] = []
    unknown: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if word == END:
            break
        if not word.startswith(END):
            left.append(word)
            continue
        written, _, value = word.removeprefix(END).partition("=")
        name = written if written in kinds else _meant(written, kinds)
        if not name:
            left.append(word)
            unknown.append(written)
            continue
        if not value and place < len(words) and not words[place].startswith(END):
            value = words[place]
            place += 1
        _keep(values, name.replace("-", "_"), kinds[name], value)
    return values, left, unknown


def _meant(pattern: str, kinds: Mapping[str, str]) -> str:
    """Give the option that a pattern stands for; blank when it is none, or not only one."""
    if pattern.replace("-", "").isalnum():
        return ""
    import re  # noqa: PLC0415 hardly anybody writes one

    try:
        found = [name for name in kinds if re.fullmatch(pattern, name)]
    except (re.error, OverflowError, RecursionError):
        return ""
    return found[0] if len(found) == 1 else ""


def _keep(values: dict[str, Any], key: str, kind: str, value: str) -> None:
    if kind == LIST:
        values.setdefault(key, []).append(value)
    elif kind == MAP:
        name, equals, content = value.partition("=")
        if equals and name:
            values.setdefault(key, {})[name] = content
    elif kind != FLAG:
        values[key] = value
    elif value != OFF:
        values[key] = True
