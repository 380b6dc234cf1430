"""User names made safe for an output: a name of one line, and never two users under one."""

from __future__ import annotations

LONGEST = 256
LONGEST_MESSAGE = 2000
BLANK = "(blank)"

CONTROLS = dict.fromkeys((*range(32), *range(127, 160), 8232, 8233, 65279), " ")
"""Characters that no reader of ours can be trusted with; each becomes a blank."""


def clean(name: str, most: int = LONGEST) -> str:
    """Give a name without control characters and surrounding blanks, of bounded length."""
    name = name.translate(CONTROLS)
    name = name.encode("utf-8", "replace").decode()  # a lone surrogate becomes a question mark
    return name.strip()[:most].strip() or BLANK


class Names:
    """Remembers which name was given to whom; a name already taken gets a number."""

    def __init__(self) -> None:
        """Know nobody."""
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        self._times: dict[str, int] = {}

    def of(self, user: str, cleaned: str) -> str:
        """Give ``cleaned``, or if it is another user's, the same with a number."""
        if user not in self._names:
            name, times = cleaned, self._times.get(cleaned, 1)
            while name in self._taken:
                times += 1
                name = f"{cleaned} ({times})"
            self._times[cleaned] = times
            self._taken.add(name)
            self._names[user] = name
        return self._names[user]
