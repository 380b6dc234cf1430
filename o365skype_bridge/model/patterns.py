"""Regular expressions that operators give."""

from __future__ import annotations

from o365skype_bridge.errors import UsageError

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    import re


def found(pattern: str, text: str) -> re.Match[str] | None:
    """Find a pattern of ours in a text; what has no text needs no library for it."""
    if not text:
        return None
    import re  # noqa: PLC0415 as it says

    return re.search(pattern, text)


def compiled(pattern: str, option: str, remedy: str) -> re.Pattern[str] | None:
    """Compile an option's pattern; nothing given is None. Raises `UsageError` with ``remedy``."""
    if not pattern:
        return None
    import re  # noqa: PLC0415 most have no pattern

    if "[:" in pattern and ":]" in pattern:
        said = f"{option} {pattern[:60]!a} names a character class as POSIX does"
        raise UsageError(said, "Write [A-Za-z] for [[:alpha:]], \\d for [[:digit:]].")
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise UsageError(
            f"{option} {pattern[:60]!a} is not a regular expression: {error}", remedy
        ) from error
