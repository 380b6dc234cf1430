"""Problems as lines for stderr, in the form that Telegraf reads."""

from __future__ import annotations

from o365skype_bridge.process import pipes

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable

    from o365skype_bridge.model.values import Collection, ReportResult

LONGEST = 500
"""Bytes; Telegraf keeps the first 512 of stderr."""

PATIENCE = 1.0
"""Seconds for which a slow reader of stderr is waited for."""


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


def say(lines: Iterable[str]) -> None:
    """Write lines to stderr, if anybody reads them."""
    try:
        pipes.write(2, "".join(lines), PATIENCE)
    except OSError:
        pass


def line(level: str, text: str) -> str:
    """Write one line of printable text and bounded length."""
    content = shown(text).encode(errors="replace")
    return f"{level}! {content[:LONGEST].decode(errors='ignore')}\n"


def went(result: ReportResult, message: str) -> str:
    """Write a line, for who waits at a terminal, of how a report went."""
    said = (result.tenant, result.report.name, result.outcome.kind, message)
    return f"{shown(' '.join(filter(None, said)))}\n"


def shown(text: str) -> str:
    """Give a text that does nothing to a terminal: on one line, and no character unseen."""
    return "".join(char if char.isprintable() else " " for char in text)
