"""A status line and what follows it, within the bytes that Nagios reads."""

from __future__ import annotations

from o365skype_bridge.outputs.thresholds import CRITICAL, OK, STATES, UNKNOWN, WARNING, worst

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LARGEST = 8000
"""Bytes of output; Nagios reads 8,192."""

LONGEST_LINE = 6000
"""Bytes of the status line before the perfdata."""

LONGEST_TEXT = 2000

MORE = 40
"""Bytes for the line that says how many lines there are besides."""

SHOWN_ORDER = (CRITICAL, WARNING, UNKNOWN)

Part = tuple[int, str]
"""Something a status line says: its state, and the text for when that is shown."""


def status(
    parts: Sequence[Part],
    remarks: Sequence[str] = (),
    *,
    reasons: Sequence[Part] = (),
    labelled: bool = True,
) -> str:
    """Join parts: when something is wrong only what is wrong, worst first, else all of them.

    ``reasons`` for not believing the parts come before all else, behind the worst state of all.
    ``remarks`` follow whatever the state is; without ``labelled`` no state is named.
    """
    texts = [_judged(parts, labelled=labelled), *remarks]
    if reasons:
        texts[0] = texts[0].removeprefix(f"{STATES[OK]}: ")  # the figures are not what is OK
        worst_state = worst([state for state, _ in (*reasons, *parts)])
        first = joined([text for _, text in reasons])
        texts = [f"{STATES[worst_state]}: {first}" if labelled else first, *filter(None, texts)]
    return cut(" - ".join(texts), LONGEST_LINE)


def _judged(parts: Sequence[Part], *, labelled: bool) -> str:
    groups = []
    for state in SHOWN_ORDER:
        texts = [text for part_state, text in parts if part_state == state]
        if texts:
            groups.append(f"{STATES[state]}: {joined(texts)}" if labelled else joined(texts))
    if not groups:
        everything = joined([text for _, text in parts])
        groups = [f"{STATES[OK]}: {everything}" if labelled else everything]
    return " ".join(groups)


def joined(texts: list[str]) -> str:
    """Join parts; of very many only the first ones, and how many more there are."""
    length = 0
    for number, text in enumerate(texts):
        if length > LONGEST_TEXT:
            return " - ".join([*texts[:number], f"and {len(texts) - number} more"])
        length += len(text.encode())
    return " - ".join(texts)


def cut(text: str, most: int) -> str:
    """Give a text of so many bytes at most; dots say that there was more."""
    content = text.encode()
    return text if len(content) <= most else f"{content[: most - 4].decode(errors='ignore')} ..."


def fitting(texts: Iterable[str], room: int) -> list[str]:
    """Give the first texts, as many as fit with one more byte each."""
    kept = []
    for text in texts:
        room -= len(text.encode()) + 1
        if room < 0:
            break
        kept.append(text)
    return kept


def written(first: str, items: Sequence[object], details: Sequence[str], remedy: str) -> str:
    """Put a status line, perfdata items and long output together, below the limit.

    ``first`` goes before the bar as it is. When items have to stay out, a line says how many,
    and ``remedy`` what to do; of long output a line says how many lines are missing.
    """
    shown = fitting(map(str, items), LARGEST - len(first.encode()))
    text = f"{first}|{''.join(f' {item}' for item in shown)}\n" if shown else f"{first}\n"
    if missing := len(items) - len(shown):
        text += f"{missing} values are left out; {remedy}\n"
    return text + "".join(f"{line}\n" for line in _long(details, LARGEST - len(text.encode())))


def _long(details: Sequence[str], room: int) -> list[str]:
    """Give long output that fits; where not all does, a last line says how much is missing."""
    kept = fitting(details, room)
    if len(kept) == len(details):
        return kept
    kept = fitting(details, room - MORE)
    return [*kept, f"... and {len(details) - len(kept)} more lines"]
