"""Regular expressions that operators give."""

from __future__ import annotations

import re

from o365skype_bridge.errors import UsageError


def compiled(pattern: str, option: str, remedy: str) -> re.Pattern[str] | None:
    """Compile an option's pattern; nothing given is None. Raises `UsageError` with ``remedy``."""
    if not pattern:
        return None
    if "[:" in pattern and ":]" in pattern:
        said = f"{option} {pattern[:60]!a} names a character class as POSIX does"
        raise UsageError(said, "Write [A-Za-z] for [[:alpha:]], \\d for [[:digit:]].")
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise UsageError(
            f"{option} {pattern[:60]!a} is not a regular expression: {error}", remedy
        ) from error
