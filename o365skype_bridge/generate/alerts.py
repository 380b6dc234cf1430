"""What is worth an alert, whichever system raises it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.outcome import NEED_SOMEBODY, OUTCOMES
from o365skype_bridge.model.values import SECONDS_PER_DAY
from o365skype_bridge.outputs import influx
from o365skype_bridge.outputs.numbers import decimal
from o365skype_bridge.outputs.thresholds import INFINITE, Range, parse

OLD = 4 * SECONDS_PER_DAY
"""Seconds after which data are late: Microsoft's usual three days, and one more."""

UNCONFIRMED = 6 * 3600
"""Seconds after which what passes by itself has not passed."""

SILENT = 15
"""Minutes without a word after which nobody runs the command any more."""


class Alert(NamedTuple):
    """One field of a measurement, and the ranges of it that are worth an alert.

    ``by`` is the label beside the tenant. Without ranges it is silence that is worth one.
    ``note`` names a text field that says what to do. ``whole`` says that the field is an integer.
    ``period`` is the one that it is over, blank for the usual one.
    """

    name: str
    title: str
    help: str
    measurement: str
    field: str
    by: str
    warning: tuple[Range, ...] = ()
    critical: tuple[Range, ...] = ()
    note: str = ""
    whole: bool = True
    period: str = ""

    @property
    def is_silence(self) -> bool:
        """Whether it is about points that do not come."""
        return not (self.warning or self.critical)


def alerts(reports: Sequence[Report]) -> Iterator[Alert]:
    """Give the alerts about ourselves, and those of figures that have ranges."""
    codes = sorted(OUTCOMES.index(kind) for kind in NEED_SOMEBODY)
    yield _own(
        "action",
        "Somebody has to act",
        "Login, permission or answer of Graph need somebody; the message says what to do.",
        "cause_code",
        critical=ranges(*(f"@{code}:{code}" for code in codes)),
    )
    yield _own(
        "unconfirmed",
        "Graph has not confirmed the figures",
        "What passes by itself has not passed for six hours.",
        "confirmed_seconds",
        critical=ranges(f"~:{UNCONFIRMED}"),
    )
    yield _own(
        "old",
        "Microsoft's reports are late",
        "The newest day of a report ended four days ago.",
        "age_seconds",
        warning=ranges(f"~:{OLD}"),
    )
    yield _own(
        "silent",
        "Nothing comes from o365skype-bridge",
        "The command is not run any more: the agent's log says why.",
        "up",
    )
    for report in reports:
        for metric in report.metrics:
            if metric.warning or metric.critical:
                yield _of_figure(report, metric)


def ranges(*texts: str) -> tuple[Range, ...]:
    """Read ranges as declarations have them."""
    return tuple(filter(None, (parse(text, "declared") for text in texts)))


def _own(
    name: str,
    title: str,
    text: str,
    field: str,
    warning: tuple[Range, ...] = (),
    critical: tuple[Range, ...] = (),
) -> Alert:
    return Alert(name, title, text, influx.HEALTH, field, "report", warning, critical, "message")


def _of_figure(report: Report, metric: Metric) -> Alert:
    field = influx.field(report, metric)
    return Alert(
        name=f"{report.name}-{field.replace('_', '-')}",
        title=f"{report.title}: {metric.short}",
        help=metric.help,
        measurement=influx.measurement(report),
        field=field,
        by=metric.label,
        warning=ranges(*metric.warning),
        critical=ranges(*metric.critical),
        whole=metric.is_whole,
        period=metric.period,
    )


def condition(judged: Sequence[Range], value: str, words: tuple[str, str], *, whole: bool) -> str:
    """Write when a value is worth an alert, with the words for 'and' and 'or'."""
    both, either = words
    parts = []
    for found in judged:
        low, high = _number(found.start, whole=whole), _number(found.end, whole=whole)
        if found.inside and low == high:
            parts.append(f"{value} == {low}")
        elif found.inside:
            parts.append(f"({value} >= {low} {both} {value} <= {high})")
        else:
            parts += [f"{value} < {low}"] if found.start != -INFINITE else []
            parts += [f"{value} > {high}"] if found.end != INFINITE else []
    return f" {either} ".join(parts)


def _number(number: float, *, whole: bool) -> str:
    written = decimal(number) if abs(number) != INFINITE else ""
    return written if whole or "." in written else f"{written}.0"
