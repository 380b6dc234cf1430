"""Options as data: read quickly when they are plain, and by argparse when help is needed.

`argparse` and what it imports would cost a warm answer more than its work. So options are
declared here once; `quick` reads what needs no second thought, and `build` makes the argparse
parser that explains, complains and prints help.
"""

from __future__ import annotations

from itertools import islice

from o365skype_bridge.model.frozen import Frozen

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence
    from typing import Any

SHORT = {"-v": "--verbose"}
"""Short forms, of whatever has the long one."""


class Option(Frozen):
    """One option. Without a ``metavar`` it is a flag; ``many`` may be given again and again."""

    flag: str
    help: str
    metavar: str = ""
    choices: tuple[str, ...] = ()
    default: str = ""
    many: bool = False

    @property
    def name(self) -> str:
        """The name that the value goes by."""
        return self.flag.strip("-").replace("-", "_")


def defaults(options: Iterable[Option]) -> dict[str, Any]:
    """Give every option's value when it is not given."""
    return {
        option.name: [] if option.many else (option.default if option.metavar else False)
        for option in options
    }


def undefined_macro(words: Iterable[str]) -> str:
    """Give the macro that an agent passed on as it stands, for want of a value; or nothing."""
    for word in words:
        start = word.find("{$")
        if start >= 0 and word.endswith("}") and (start == 0 or word[start - 1] == "="):
            return word[start:]
    return ""


def without_empty(words: Sequence[str], options: Sequence[Option]) -> list[str]:
    """Leave out options with an empty value: agents pass one for every macro nobody filled in.

    An empty word that is no option's value is a macro too, of a flag that nobody asked for.
    """
    flags = {option.flag for option in options if option.metavar}
    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        flag, equals, value = word.partition("=")
        pair = [word] if equals or flag not in flags else [word, *islice(rest, 1)]
        if word and (flag not in flags or (value if equals else pair[-1])):
            kept += pair
    return kept


def quick(words: Sequence[str], options: Sequence[Option]) -> dict[str, Any] | None:
    """Read plain options and positional words (under ``""``).

    None means that somebody must look closer: help is wanted, or something is wrong.
    """
    known = {option.flag: option for option in options}
    values: dict[str, Any] = {**defaults(options), "": []}
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            values[""].append(word)
            continue
        flag, equals, value = word.partition("=")
        option = known.get(flag) or known.get(SHORT.get(flag, ""))
        if option is None or (equals and not option.metavar):
            return None
        if not option.metavar:
            values[option.name] = True
            continue
        text = value if equals else next(rest, None)
        if text is None or (not equals and text.startswith("-")):
            return None
        if option.choices and text not in option.choices:
            return None
        if option.many:
            values[option.name].append(text)
        else:
            values[option.name] = text
    return values


def build(parser: argparse.ArgumentParser, options: Iterable[Option]) -> None:
    """Add options to an argparse parser."""
    for option in options:
        default = f" Default: {option.default}." if option.default else ""
        text = f"{option.help}{default}".replace("%", "%%")
        if not option.metavar:
            short = [short for short, flag in SHORT.items() if flag == option.flag]
            parser.add_argument(*short, option.flag, action="store_true", help=text)
            continue
        parser.add_argument(
            option.flag,
            help=text,
            metavar=option.metavar,
            choices=option.choices or None,
            action="append" if option.many else "store",
            default=[] if option.many else option.default,
        )
