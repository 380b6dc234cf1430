"""Making files of the small catalogue, which may be refused."""

from __future__ import annotations

from catalogue import CATALOGUE
from committed import values_of

from o365skype_bridge import generate
from o365skype_bridge.errors import UsageError


def made(line: str) -> dict[str, str]:
    """Give the files that a command line makes."""
    values = values_of(line)
    asked = [report for report in CATALOGUE if report.name in values["report"]]
    return generate.load(values["target"]).make(values, asked or CATALOGUE)


def attempt(line: str) -> tuple[dict[str, str], str]:
    """Give the files that a command line makes, or why it is refused."""
    try:
        return made(line), ""
    except UsageError as error:
        return {}, str(error)
