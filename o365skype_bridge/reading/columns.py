"""What columns are called: in one form, whatever Microsoft's files call them."""

from __future__ import annotations

SPELLED = {"paricipated": "participated"}


def normalise(column: str) -> str:
    """Give a column's name as it is compared: no BOM, single blanks, lower case, right spelling."""
    words = column.replace("\ufeff", "").casefold().split()
    return " ".join(map(SPELLED.get, words, words))


def spellings(column: str) -> list[str]:
    """Give every name that a declared column may have in a header, as they are compared."""
    known = [normalise(name) for name in column.split("|")]
    return list(dict.fromkeys([*known, *(name.removeprefix("used ") for name in known)]))
