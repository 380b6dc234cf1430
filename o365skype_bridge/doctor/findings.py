"""What was found: one line a check, for people and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from o365skype_bridge.outputs.problems import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

OK, WARNING, FAILED, SKIPPED = "ok", "warning", "failed", "skipped"

EXIT_CODES = {OK: 0, SKIPPED: 0, WARNING: 1, FAILED: 2}
"""What each comes to: the worst of all findings is the command's exit code."""

COLOURS = {OK: "32", WARNING: "33", FAILED: "31", SKIPPED: "2"}

WIDEST = 19
"""Characters of the longest name of a check."""


class Finding(NamedTuple):
    """What one check found. A ``remedy`` is what to do, where something is to be done."""

    check: str
    state: str
    text: str
    remedy: str = ""
    tenant: str = ""


def line(finding: Finding, *, colour: bool) -> str:
    """Write a finding for people, its remedy on a line of its own."""
    state = f"{finding.state:<7}"
    if colour:
        state = f"\033[{COLOURS[finding.state]}m{state}\033[0m"
    text = f"{state}  {finding.check:<{WIDEST}}  {shown(finding.text)}\n"
    if finding.remedy and finding.state in (WARNING, FAILED):
        text += f"{'':9}{'':{WIDEST}}  -> {shown(finding.remedy)}\n"
    return text


def document(findings: Iterable[Finding]) -> str:
    """Write findings as JSON."""
    every = list(findings)
    found = {
        "schema": 1,
        "exit_code": exit_code(every),
        "findings": [{key: value or None for key, value in one._asdict().items()} for one in every],
    }
    return json.dumps(found, indent=2) + "\n"


def exit_code(findings: Iterable[Finding]) -> int:
    """Give the worst of the findings as an exit code."""
    return max((EXIT_CODES[one.state] for one in findings), default=0)
