"""The generated parts of the page for those who come from Centreon's connector."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from readers.recordings import RECORDINGS, of_class

from o365skype_bridge.connector import table as options
from o365skype_bridge.outputs.thresholds import STATES

DIFFERENCES = Path(__file__).parent / "connector" / "differences.json"
LONGEST = 130

Table = Callable[..., str]


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _flag(row: options.Row) -> str:
    return _code(f"--{row[0]}" if row[1] == options.FLAG else f"--{row[0]}=…")


def own(table: Table) -> str:
    """The options that the connector does not have."""
    return table(("Option", "Meaning"), *((_flag(row), row[2]) for row in options.OWN))


def without_effect(table: Table) -> str:
    """The options that are taken and change nothing."""
    rows = [row for _, section in options.SECTIONS for row in section if row[3]]
    return table(
        ("Option", "There", "Here"),
        *((_flag(row), row[2], f"{row[3][0].upper()}{row[3][1:]}.") for row in rows),
    )


def refused(table: Table) -> str:
    """What is not taken."""
    rows = ((_code(option), there, here) for option, there, here in options.REFUSED)
    return table(("Option", "There", "Here"), *rows)


def _answer(code: int, text: str) -> str:
    """Give what a status line says, without its perfdata; the state where the word is another."""
    line = text.split("\n", maxsplit=1)[0].partition("| '")[0].partition(" - ")[0].strip()
    line = textwrap.shorten(line, LONGEST, placeholder=" …")
    state = STATES[code]
    return _code(line) if line.startswith(state) else f"{state} {_code(line)}".strip()


def _rows(*classes: str) -> Iterator[tuple[str, ...]]:
    answers = json.loads(DIFFERENCES.read_text("utf-8"))
    for name in sorted(of_class(*classes)):
        recording, ours = RECORDINGS[name], answers[name]
        if (recording["exit"], recording.get("stdout")) == (ours["exit"], ours["stdout"]):
            continue
        if "stdout" not in recording:
            continue
        star = "*" if classes == ("text",) and recording["exit"] != ours["exit"] else ""
        there = _answer(recording["exit"], recording["stdout"])
        here = _answer(ours["exit"], ours["stdout"])
        if there != here:  # else what differs is further on
            yield f"{name}{star}", there, here


def _differing(table: Table, classes: Iterable[str]) -> str:
    return table(("Recording", "Centreon's connector", "Here"), *_rows(*classes))


SECTIONS: dict[str, Callable[[Table], str]] = {
    "connector-own": own,
    "connector-without-effect": without_effect,
    "connector-refused": refused,
    "connector-defects": lambda table: _differing(table, ("defect",)),
    "connector-dialects": lambda table: _differing(table, ("dialect",)),
    "connector-texts": lambda table: _differing(table, ("text",)),
}
