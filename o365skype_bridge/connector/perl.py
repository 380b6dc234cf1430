"""Patterns of options, which are Perl's, for Python; those that are the same cost nothing more."""

from __future__ import annotations

from o365skype_bridge.model import patterns

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    import re

SIGNS = ("\\", "[", "(?", "(*")
"""Without any of these a pattern means the same in both languages."""

REMEDY = "Write it as Python does."


def in_python(pattern: str, option: str, *, quotes: bool = False) -> str:
    """Give an option's pattern as Python has it; see `translation.translated`."""
    if not any(sign in pattern for sign in SIGNS):
        return pattern
    from o365skype_bridge.connector import translation  # noqa: PLC0415 rarely needed

    return translation.translated(pattern, option, quotes=quotes)


def compiled(pattern: str, option: str) -> re.Pattern[str] | None:
    """Compile an option's pattern; nothing given is None. Raises `UsageError`."""
    return patterns.compiled(in_python(pattern, option), option, REMEDY)
