"""User names made safe for an output: a name of one line, and never two users under one."""

from __future__ import annotations

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 256
LONGEST_MESSAGE = 2000
BLANK = "(blank)"

FORMATS = (
    *((0xAD, 0xAD), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F)),
    *((0x890, 0x891), (0x8E2, 0x8E2), (0x180E, 0x180E), (0x200B, 0x200F), (0x2028, 0x202E)),
    *((0x2060, 0x2064), (0x2066, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB)),
    *((0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3)),
    *((0x1D173, 0x1D17A), (0xE0001, 0xE0001), (0xE0020, 0xE007F)),
)
"""Unicode's format characters, first and last ones: unseen, they turn or hide what is around."""

CONTROLS = dict.fromkeys(
    (
        *range(32),
        *range(127, 160),
        *(each for first, last in FORMATS for each in range(first, last + 1)),
    ),
    " ",
)
"""Characters that no reader of ours can be trusted with; each becomes a blank."""


def clean(name: str, most: int = LONGEST) -> str:
    """Give a name without control characters and surrounding blanks, of bounded length."""
    if not name.isprintable():
        name = name.translate(CONTROLS)
        name = name.encode("utf-8", "replace").decode()  # a lone surrogate becomes a question mark
    return name.strip()[:most].strip() or BLANK


class Names:
    """Remembers which name was given to whom; a name already taken gets a number."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Know nobody; names that are ``taken`` stand for something else."""
        self._names: dict[str, str] = {}
        self._taken = set(taken)
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
