"""Problems as lines for stderr, in the form that Telegraf reads."""

from __future__ import annotations

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from o365skype_bridge.model import Collection

LONGEST = 500
"""Bytes; Telegraf keeps the first 512 of stderr."""


def of(collection: Collection) -> list[str]:
    """Give a line for every report that failed or is not fresh."""
    lines = []
    for result in collection.results:
        outcome = result.outcome
        if outcome.kind not in ("ok", "empty"):
            level = "W" if outcome.has_data else "E"
            text = f"{result.tenant} {result.report.name} {outcome.kind}: {outcome.text}"
            lines.append(line(level, text))
    return lines


def line(level: str, text: str) -> str:
    """Write one line of printable text and bounded length."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return f"{level}! {shown.encode(errors='replace')[:LONGEST].decode(errors='ignore')}\n"
