"""Making files that may be refused."""

from __future__ import annotations

from committed import made

from o365skype_bridge.errors import UsageError


def attempt(line: str) -> tuple[dict[str, str], str]:
    """Give the files that a command line makes, or why it is refused."""
    try:
        return made(line), ""
    except UsageError as error:
        return {}, str(error)
