"""Perl's regular expressions in Python's words; what has no twin there is refused by its name."""

from __future__ import annotations

import re

from o365skype_bridge.connector import charsets
from o365skype_bridge.connector.charsets import character, others, written
from o365skype_bridge.errors import UsageError

PLAIN = frozenset("AbBdDwWsSnrtfa")
"""Letters that mean the same behind a backslash in both languages."""

IN_CLASS = frozenset("bdDwWsSnrtfa")
SETS = frozenset("dDwWsS")
KNOWN = frozenset("bnrtfa")
ALONE = {
    "z": r"\Z",
    "Z": r"(?=\n?\Z)",
    "e": r"\x1b",
    "N": r"[^\n]",
    "R": r"(?>\r\n|[\n-\r\x85\u2028\u2029])",
}
NONE = {
    **{letter: f"\\{letter}" for letter in "KGXC"},
    **{letter: f"\\{letter}...\\E" for letter in "QULF"},
    "E": r"\E",
    "u": r"\u",
    "l": r"\l",
}
"""What Python has nothing for, and what an option's pattern cannot have, by what to call it."""

CODED = re.compile(
    r"x\{\s*(?P<hex>[0-9A-Fa-f_]*)\s*\}|x(?P<two>[0-9A-Fa-f]{0,2})|o\{\s*(?P<octal>[0-7_]+)\s*\}"
    r"|N\{U\+(?P<point>[0-9A-Fa-f]+)\}|c(?P<control>[?-~])|0(?P<zero>[0-7]{0,2})"
)
LETTER = re.compile(r"p(?:L|\{\s*(?:L|Letter|Alpha)\s*\})")
PROPERTY = re.compile(r"([pP])(?:\{\s*(\^?)([^{}]*?)\s*\}|()([A-Za-z]))")
REFERENCE = re.compile(r"g(?:\{(-?\d+)\}|(-?\d+)|\{([A-Za-z_]\w*)\})|k[<{']([A-Za-z_]\w*)[>}']")
NAMED = re.compile(r"\(\?(?:<|')([A-Za-z_]\w*)[>']")
FLAGS = re.compile(r"\(\?(\^?)([a-z]*)(?:-([a-z]+))?([:)])")
SAME = re.compile(r"\(\?(?:[:=!>]|<[=!]|P=[A-Za-z_]\w*\)|#[^)]*\)|\(\d+\))")
ASKED = re.compile(r"\(\?\((?:<(\w+)>|'(\w+)')\)")
POSIX = re.compile(r"\[:(\^?)([a-z]+):\]")
SPECIAL = re.compile(r"[bB]\{|N\{(?!U\+|\d+,?\d*\})")
QUOTED = re.compile(r"\\Q(.*?)(?:\\E|$)", re.DOTALL)
NEVER = re.compile(
    r"\(\?\??\{|\(\?\||\(\?(?:R|[+-]?\d+|&\w+|P>\w+)\)|\(\?\((?:R\d*|DEFINE|\?.)|\(\*[^):]*"
)
"""Code, branch reset, recursion, conditions on them, and verbs."""


def translated(pattern: str, option: str, *, quotes: bool = False) -> str:
    r"""Give the pattern that means in Python what this one means in Perl.

    ``quotes`` says that ``\Q...\E`` works where it stands, as it does in ``s///``. Raises
    `UsageError` that names a construct which Python does not have. What is wrong in either
    language is left to whoever compiles it.
    """
    if quotes and "\\Q" in pattern:
        pattern = QUOTED.sub(lambda found: re.escape(found[1]), pattern)
    return _Reader(pattern, option).whole()


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str, option: str) -> None:
        self._pattern = pattern
        self._option = option
        self._place = 0
        self._groups = 0
        self._flags: list[list[str]] = [[]]
        """For each group that is open, the flags that were turned on or off inside of it."""

    def whole(self) -> str:
        written_parts = []
        while self._place < len(self._pattern):
            written_parts.append(self._next())
        return "".join([*written_parts, ")" * len(self._flags[0])])

    def _found(self, known: re.Pattern[str]) -> re.Match[str] | None:
        found = known.match(self._pattern, self._place)
        if found is not None:
            self._place = found.end()
        return found

    def _no_twin(self, name: str) -> UsageError:
        return UsageError(
            f"{self._option} {self._pattern[:60]!a} has {name[:20]!a}, which there is in Perl only",
            "Write it in another way, as Python would.",
        )

    def _next(self) -> str:
        sign = self._pattern[self._place]
        if sign == "\\":
            self._place += 1
            return self._escape()
        if sign == "[":
            self._place += 1
            return self._class()
        if sign == "(":
            return self._group()
        self._place += 1
        if sign == ")":
            open_flags = self._flags.pop() if len(self._flags) > 1 else []
            return ")" * len(open_flags) + ")"
        if sign == "|":
            mine = self._flags[-1]
            return ")" * len(mine) + "|" + "".join(mine)
        return sign

    def _group(self) -> str:
        begin = self._place
        if found := self._found(NEVER):
            raise self._no_twin(found[0])
        if found := self._found(NAMED):
            self._opened(capturing=True)
            return f"(?P<{found[1]}>"
        if found := self._found(ASKED):
            self._opened()
            return f"(?({found[1] or found[2]})"
        if found := self._found(SAME):
            if not found[0].endswith(")") or found[0].startswith("(?("):
                self._opened()
            return found[0]
        if found := self._found(FLAGS):
            return self._flagged(found, begin)
        self._place += 1
        self._opened(capturing=not self._pattern.startswith("?", self._place) or self._is_named)
        return "("

    @property
    def _is_named(self) -> bool:
        return self._pattern.startswith("?P<", self._place)

    def _opened(self, *, capturing: bool = False) -> None:
        self._flags.append([])
        self._groups += capturing

    def _flagged(self, found: re.Match[str], begin: int) -> str:
        """Flags for the rest of a group become a group of their own."""
        reset, on, off, end = found[1], set(found[2]), set(found[3] or ""), found[4]
        strange = (on | off) - set("imsxaup")
        if strange or "xx" in found[2]:
            raise self._no_twin(f"(?{min(strange, default='xx')})")
        on -= set("up")
        off = (set("imsx") - on if reset else off) - set("up")
        if not begin and end == ")" and not off and "a" not in on:
            return f"(?{''.join(sorted(on))})" if on else ""
        minus = f"-{''.join(sorted(off))}" if off else ""
        group = f"(?{''.join(sorted(on))}{minus}:"
        if end == ":":
            self._opened()
        else:
            self._flags[-1].append(group)
        return group

    def _escape(self) -> str:
        if found := self._found(SPECIAL):
            raise self._no_twin(f"\\{found[0]}...}}")
        if found := self._found(REFERENCE):
            return self._reference(found)
        if self._found(LETTER):  # what is asked for most, without looking up every character
            return r"[^\W\d_]"
        if (ranges := self._ranges()) is not None:
            return f"[{written(ranges)}]"
        number = self._number()
        return self._letter() if number is None else character(number)

    def _letter(self) -> str:
        sign = self._pattern[self._place : self._place + 1]
        self._place += 1
        if sign in NONE:
            raise self._no_twin(NONE[sign])
        if sign in ALONE:
            return ALONE[sign]
        if sign in PLAIN or not sign.isascii() or not sign.isalpha():
            return f"\\{sign}"
        return sign  # Perl takes a letter that means nothing for itself

    def _reference(self, found: re.Match[str]) -> str:
        name = found[3] or found[4]
        if name:
            return f"(?P={name})"
        number = int(found[1] or found[2])
        return f"(?:\\{number if number > 0 else self._groups + 1 + number})"

    def _number(self) -> int | None:
        """Read a character that is given by its number."""
        found = self._found(CODED)
        if found is None:
            return None
        if found["control"]:
            return ord(found["control"].upper()) ^ 64
        base = 8 if found["octal"] or found["zero"] is not None else 16
        digits = next(text for text in found.groups() if text is not None)
        number = int(digits.replace("_", "") or "0", base)
        if number > charsets.LAST:
            raise self._no_twin(f"\\{found[0]}")
        return number

    def _ranges(self) -> charsets.Ranges | None:
        """Read a set of characters that only Perl has a name for."""
        sign = self._pattern[self._place : self._place + 1]
        if sign.lower() in ("h", "v") and sign:
            self._place += 1
            ranges = charsets.HORIZONTAL if sign.lower() == "h" else charsets.VERTICAL
            return others(ranges) if sign.isupper() else ranges
        found = self._found(PROPERTY)
        if found is None:
            return None
        known = charsets.named(found[3] or found[5] or "")
        if known is None:
            raise self._no_twin(f"\\{found[0]}")
        return others(known) if (found[1] == "P") != bool(found[2]) else known

    def _class(self) -> str:
        """Read a character class; a dash beside a set is a dash."""
        items: list[tuple[str, bool]] = []
        start = self._place
        negated = self._pattern.startswith("^", self._place)
        self._place += negated
        first = self._place
        while True:
            if self._place >= len(self._pattern):
                return f"[{self._pattern[start:]}"  # no end: an error in either language
            sign = self._pattern[self._place]
            if sign == "]" and self._place > first:
                self._place += 1
                break
            items.append(("-", False) if sign == "-" else self._item())
            self._place += sign == "-"
        return f"[{'^' if negated else ''}{_joined(items)}]"

    def _item(self) -> tuple[str, bool]:
        """Read what stands in a class, and say whether that is a set."""
        if found := self._found(POSIX):
            if found[2] not in charsets.POSIX:
                raise self._no_twin(found[0])
            ranges = charsets.POSIX[found[2]]
            return written(others(ranges) if found[1] else ranges), True
        sign = self._pattern[self._place]
        self._place += 1
        if sign != "\\":
            return (f"\\{sign}" if sign in charsets.LONELY else sign), False
        return self._item_escaped()

    def _item_escaped(self) -> tuple[str, bool]:
        if (ranges := self._ranges()) is not None:
            return written(ranges), True
        if (number := self._number()) is not None:
            return character(number), False
        sign = self._pattern[self._place : self._place + 1]
        self._place += 1
        if sign in NONE or sign in ("N", "R"):
            raise self._no_twin(NONE.get(sign, f"\\{sign}"))
        if sign == "e":
            return r"\x1b", False
        if sign in IN_CLASS or not sign.isascii() or not sign.isalpha():
            return f"\\{sign}", sign in SETS
        return sign, False


def _joined(items: list[tuple[str, bool]]) -> str:
    """Join what stands in a class; a dash is for a range between two characters only."""
    texts, place = [], 0
    while place < len(items):
        text, is_set = items[place]
        spans = place + 2 < len(items) and items[place + 1] == ("-", False)
        if spans and not is_set and not items[place + 2][1]:
            last = items[place + 2][0]
            texts.append(f"{_alone(text)}-{_alone(last)}")
            place += 3
        else:
            texts.append(_alone(text))
            place += 1
    return "".join(texts)


def _alone(text: str) -> str:
    return "\\-" if text == "-" else text
