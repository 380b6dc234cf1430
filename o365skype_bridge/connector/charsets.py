"""Sets of characters that Perl has names for, as ranges for a character class of Python's."""

from __future__ import annotations

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable

    Ranges = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
IDEOGRAPHS = (0x20000, 0x3FFFF)
"""Two planes with nothing but other letters in them; beyond there are none."""

LONELY = frozenset("\\]^[-&|~")
"""What would be read as something else in a class."""

HORIZONTAL: Ranges = (
    *((0x09, 0x09), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    *((0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
)
VERTICAL: Ranges = ((0x0A, 0x0D), (0x85, 0x85), (0x2028, 0x2029))

DIGIT: Ranges = ((0x30, 0x39),)
UPPER: Ranges = ((0x41, 0x5A),)
LOWER: Ranges = ((0x61, 0x7A),)
POSIX: dict[str, Ranges] = {
    "alpha": (*UPPER, *LOWER),
    "digit": DIGIT,
    "alnum": (*DIGIT, *UPPER, *LOWER),
    "upper": UPPER,
    "lower": LOWER,
    "punct": ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)),
    "space": ((0x09, 0x0D), (0x20, 0x20)),
    "blank": ((0x09, 0x09), (0x20, 0x20)),
    "cntrl": ((0x00, 0x1F), (0x7F, 0x7F)),
    "graph": ((0x21, 0x7E),),
    "print": ((0x20, 0x7E),),
    "word": (*DIGIT, *UPPER, (0x5F, 0x5F), *LOWER),
    "xdigit": (*DIGIT, (0x41, 0x46), (0x61, 0x66)),
    "ascii": ((0x00, 0x7F),),
}
"""The classes of POSIX, in ASCII: Perl compares bytes, and knows no others among those."""

CATEGORIES = {
    "letter": "L",
    "casedletter": "LC",
    "uppercaseletter": "Lu",
    "lowercaseletter": "Ll",
    "titlecaseletter": "Lt",
    "modifierletter": "Lm",
    "otherletter": "Lo",
    "mark": "M",
    "number": "N",
    "decimalnumber": "Nd",
    "letternumber": "Nl",
    "othernumber": "No",
    "punctuation": "P",
    "symbol": "S",
    "separator": "Z",
    "spaceseparator": "Zs",
    "alpha": "L",
    "alphabetic": "L",
    "upper": "Lu",
    "uppercase": "Lu",
    "lower": "Ll",
    "lowercase": "Ll",
    "digit": "Nd",
    "punct": "P",
    "l&": "LC",
}
"""Names of Unicode's general categories; those of two letters and of one are known besides."""

SHORT = (
    *("C", "Cc", "Cf", "Cn", "Co", "Cs", "L", "LC", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me"),
    *("Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk"),
    *("Sm", "So", "Z", "Zl", "Zp", "Zs"),
)


def named(name: str) -> Ranges | None:
    """Give the characters of a property such as ``L`` or ``Uppercase_Letter``, None if unknown."""
    plain = name.lower().translate(dict.fromkeys(map(ord, " _-")))
    for begin in ("generalcategory=", "gc=", "category=", "is"):
        plain = plain.removeprefix(begin)
    if plain in ("any", "all"):
        return ((0, LAST),)
    if plain.startswith("posix") and plain[5:] in POSIX:
        return POSIX[plain[5:]]
    if plain in ("ascii", "xdigit"):
        return POSIX[plain]
    if plain in ("space", "xposixspace", "whitespace"):
        return (*VERTICAL, *HORIZONTAL)
    known = {short.lower(): short for short in SHORT} | CATEGORIES
    if plain in ("word", "alnum"):
        parts = ("L", "M", "Nd", "Pc") if plain == "word" else ("L", "Nd")
        return tuple(sorted(each for part in parts for each in _category(part)))
    return _category(known[plain]) if plain in known else None


def _category(wanted: str) -> Ranges:
    """Look up every character but ideographs; few patterns ask for it."""
    import unicodedata  # noqa: PLC0415 rarely asked for

    kinds = ("Lu", "Ll", "Lt") if wanted == "LC" else (wanted,)
    found: list[tuple[int, int]] = []
    begun = -1
    for number in range(IDEOGRAPHS[0]):
        if unicodedata.category(chr(number)).startswith(kinds):
            begun = number if begun < 0 else begun
        elif begun >= 0:
            found.append((begun, number - 1))
            begun = -1
    return (*found, IDEOGRAPHS) if wanted in ("L", "Lo") else tuple(found)


def others(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Give all characters that are in none of the ranges."""
    found, free = [], 0
    for first, last in sorted(ranges):
        if first > free:
            found.append((free, first - 1))
        free = max(free, last + 1)
    return tuple([*found, (free, LAST)] if free <= LAST else found)


def written(ranges: Iterable[tuple[int, int]]) -> str:
    """Write ranges as the inside of a character class."""
    return "".join(
        character(first) if first == last else f"{character(first)}-{character(last)}"
        for first, last in ranges
    )


def character(number: int) -> str:
    """Write one character so that it stands for itself, in a class and elsewhere."""
    text = chr(number)
    if text.isalnum() and text.isascii():
        return text
    return f"\\x{number:02x}" if number < 0x100 else f"\\U{number:08x}"  # noqa: PLR2004 two digits
