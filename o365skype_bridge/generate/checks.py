"""What a check of a report can be told, and what ``--set`` tells the generated checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from o365skype_bridge import outputs
from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import Option
from o365skype_bridge.outputs import thresholds

SET = Option(
    flag="--set",
    metavar="[REPORT:]NAME=VALUE",
    many=True,
    help="Threshold, filter or other option of the checks, such as warning-active-users=10: for "
    "every report that has it, or for one; may be repeated.",
)

ON = "yes"
"""What a flag is set to; nothing turns it off."""

_OUTPUT = outputs.load("centreon")

_QUESTION = (
    Option(flag="--filter-user", metavar="REGEX", help="Only users whose name matches anywhere."),
    Option(flag="--per-user", help="Figures of every user, besides the totals."),
    Option(flag="--verbose", help="Say more: remarks, and what went wrong in detail."),
    Option(
        flag="--deadline",
        metavar="SECONDS",
        help="Answer within this time, whatever Graph does. Without: 8.",
    ),
    Option(
        flag="--max-age",
        metavar="SECONDS",
        help="Age of data not served any more while Graph is away. Without: 604800.",
    ),
)

_SERVICE = Option(
    flag="--service",
    metavar="NAMES",
    help="Only these services, by name or id, with commas between them.",
)


def options_of(report: Report) -> tuple[Option, ...]:
    """Give everything that a check of this report can be told, thresholds last."""
    named = (_SERVICE,) if report.named_by else ()
    return (*_QUESTION, *named, *_OUTPUT.options, *_OUTPUT.metric_options([report]))


def word(option: Option) -> str:
    """Give an option's name without the dashes before it."""
    return option.flag.removeprefix("--")


def chosen(
    words: Sequence[str], allowed: Mapping[str, Sequence[Option]]
) -> dict[str, dict[str, str]]:
    """Give what ``--set`` sets: for every report, the options' names (without dashes) and values.

    ``allowed`` has the options of each report by its name. A later word wins, an empty value
    takes an option away. Raises `UsageError` that names the word.
    """
    found: dict[str, dict[str, str]] = {name: {} for name in allowed}
    for text in words:
        left, equals, value = text.partition("=")
        asked, colon, name = left.rpartition(":")
        places = [asked] if colon else list(allowed)
        known = {
            place: option
            for place in places
            for option in allowed.get(place, ())
            if word(option) == name
        }
        if not equals or not known:
            names = sorted({word(option) for place in places for option in allowed.get(place, ())})
            raise UsageError(
                f"{SET.flag} {text!a} sets nothing that there is",
                f"Write {SET.metavar} with one of: {', '.join(names or allowed)}.",
            )
        for place, option in known.items():
            _check(f"{SET.flag} {left}", option, value)
            found[place][name] = value
    return {
        report: {name: value for name, value in values.items() if value}
        for report, values in found.items()
    }


def _check(place: str, option: Option, value: str) -> None:
    """Refuse what the check itself would refuse, while somebody is looking."""
    choices = option.choices if option.metavar else (ON,)
    if value and choices and value not in choices:
        raise UsageError(f"{place} cannot be {value!a}", f"Choose: {', '.join(choices)}.")
    if option.metavar == "RANGE":
        thresholds.parse(value, place)
