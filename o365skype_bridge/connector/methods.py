"""What may be done to a perfdata item: invert, percent, scale, math, and sums over others."""

from __future__ import annotations

import re

from o365skype_bridge.connector import expressions
from o365skype_bridge.connector.expressions import as_number
from o365skype_bridge.connector.perl import compiled
from o365skype_bridge.connector.rewriting import filled
from o365skype_bridge.errors import UsageError
from o365skype_bridge.outputs import thresholds

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from o365skype_bridge.outputs.perfdata import Item

    Found = re.Match[str] | None
    Method = Callable[[Item, Sequence[Item], Found], Item]
    Numbers = Callable[[float], float]

CALL = re.compile(r"\s*(invert|percent|scale|math|min|max|average|sum|eval)\s*\(\s*(.*?)\s*\)\s*")
BYTES = re.compile(r"([KMGTPE])?(B|b|bps|Bps|b/s)", re.IGNORECASE)
ARITHMETIC = re.compile(r"(?:[\s.+*/0-9()-]|current)+")
NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(%?)")
PREFIXES = " kmgtpe"
HIGHEST = 100


def read(text: str) -> Method | None:
    """Read a method and its argument; None for one that is not known."""
    found = CALL.fullmatch(text)
    if found is None:
        return None
    name, argument = found.groups()
    if name in GROUPS:
        return lambda item, items, match: _grouped(GROUPS[name], argument, item, items, match)
    if name == "math":
        return _math(argument)
    if name == "scale":
        return _scale(argument)
    simple: Mapping[str, Method] = {"invert": _invert, "percent": _percent}
    return simple.get(name, _unchanged)


def _unchanged(item: Item, _items: Sequence[Item], _found: Found) -> Item:
    """Do what ``eval(...)`` always did: nothing."""
    return item


def printed(number: float) -> str:
    """Print a number as Perl does: at most fifteen digits, none of them needless."""
    return f"{number:.15g}"


def fields(item: Item) -> Mapping[str, str]:
    """Give an item's fields by the names that conditions use."""
    return {
        "label": item.label,
        "value": str(item.value),
        "unit": item.unit,
        "warning": item.warning,
        "critical": item.critical,
        "min": item.minimum,
        "max": item.maximum,
    }


def threshold(text: str, maximum: str) -> str:
    """Read the numbers of a threshold option; percents are of the maximum."""
    return ":".join(_bound(part, maximum) for part in text.split(":"))


def _bound(text: str, maximum: str) -> str:
    found = NUMBER.search(text)
    if found is None or (found[2] and not maximum):
        return ""
    return printed(float(found[1]) * as_number(maximum) / HIGHEST) if found[2] else found[1]


def without_zero(text: str) -> str:
    """Leave out the start of a range when it is zero."""
    return re.sub(r"^(@?)-?[0.]+:", r"\1", text)


def _invert(item: Item, _items: Sequence[Item], _found: Found) -> Item:
    if item.maximum == "":
        return item
    most = as_number(item.maximum)
    changes = {"value": printed(most - as_number(str(item.value)))}
    for name in ("warning", "critical"):
        if (span := _range(getattr(item, name))) is not None:
            turned = span.replace(start=most - span.end, end=most - span.start)
            changes[name] = _written(turned, printed)
    return item.replace(**changes)


def _percent(item: Item, _items: Sequence[Item], _found: Found) -> Item:
    if item.maximum == "" or not as_number(item.maximum):
        return item
    most = as_number(item.maximum)

    def part(number: float) -> str:
        return f"{number * HIGHEST / most:.2f}"

    changes = {"value": part(as_number(str(item.value))), "unit": "%", "maximum": str(HIGHEST)}
    return item.replace(**changes, **_spans(item, part))


def _math(argument: str) -> Method | None:
    text, _, applies = argument.partition("|")
    if not ARITHMETIC.fullmatch(text):
        return None

    def result(number: float) -> str:
        return printed(expressions.number(text.replace("current", f"({number!r})")))

    def method(item: Item, _items: Sequence[Item], _found: Found) -> Item:
        try:
            value = result(as_number(str(item.value)))
            if applies.strip() != "1":
                return item.replace(value=value)
            return item.replace(value=value, maximum=str(HIGHEST), **_spans(item, result))
        except (UsageError, ArithmeticError):
            return item

    return method


def _scale(argument: str) -> Method | None:
    target = BYTES.fullmatch(argument) if argument not in ("", "auto") else None
    if target is None and argument not in ("", "auto"):
        return None

    def method(item: Item, _items: Sequence[Item], _found: Found) -> Item:
        source = BYTES.fullmatch(item.unit)
        if source is None:
            return item
        factor, unit = _factor(as_number(str(item.value)), source, target)

        def part(number: float) -> str:
            return printed(number * factor)

        changes = {"value": f"{as_number(str(item.value)) * factor:.2f}", "unit": unit}
        if item.maximum:
            changes["maximum"] = f"{as_number(item.maximum) * factor:.2f}"
        return item.replace(**changes, **_spans(item, part))

    return method


def _factor(value: float, source: Found, target: Found) -> tuple[float, str]:
    """Give what to multiply by, and the unit that it leads to; without a target the nicest."""
    assert source is not None  # noqa: S101 whoever calls has matched it
    unit = target[2] if target else source[2]
    base = 1000 if "b" in unit else 1024
    power = PREFIXES.index((source[1] or " ").lower())
    bits = {("B", "b"): 8.0, ("b", "B"): 1 / 8}.get((source[2][0], unit[0]), 1.0)
    if target:
        wanted = PREFIXES.index((target[1] or " ").lower())
        return bits * float(base) ** (power - wanted), f"{target[1] or ''}{unit}"
    wanted = power
    while abs(value) * float(base) ** (power - wanted) >= base and wanted < len(PREFIXES) - 1:
        wanted += 1
    return float(base) ** (power - wanted), f"{PREFIXES[wanted].strip()}{unit}"


def _grouped(
    summed: Callable[[Sequence[str]], str],
    argument: str,
    item: Item,
    items: Sequence[Item],
    match: Found,
) -> Item:
    text = filled(argument, match) if match else argument
    pattern = compiled(text, "--extend-perfdata-group")
    values = [
        str(one.value)
        for one in items
        if (pattern is None or pattern.search(one.label)) and re.search(r"\d", str(one.value))
    ]
    return item.replace(value=summed(values)) if values else item


GROUPS: Mapping[str, Callable[[Sequence[str]], str]] = {
    "min": lambda values: min(values, key=as_number),
    "max": lambda values: max(values, key=as_number),
    "sum": lambda values: printed(sum(map(as_number, values))),
    "average": lambda values: f"{sum(map(as_number, values)) / len(values):.2f}",
}


def _range(text: str) -> thresholds.Range | None:
    try:
        return thresholds.parse(text, "perfdata")
    except UsageError:
        return None


def _spans(item: Item, part: Callable[[float], str]) -> dict[str, str]:
    """Give warning and critical with both their ends changed."""
    spans = {name: _range(getattr(item, name)) for name in ("warning", "critical")}
    return {name: _written(span, part) for name, span in spans.items() if span is not None}


def _written(span: thresholds.Range, part: Callable[[float], str]) -> str:
    start = "~" if span.start == -thresholds.INFINITE else part(span.start)
    end = "" if span.end == thresholds.INFINITE else part(span.end)
    return f"{'@' if span.inside else ''}{start}:{end}"
