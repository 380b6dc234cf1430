"""Triggers of figures that are declared with ranges: what is said beside them is in the problem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from o365skype_bridge.generate.zabbix_parts import Macro, Trigger
from o365skype_bridge.generate.zabbix_trouble import whole
from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.units import DAYS
from o365skype_bridge.outputs.thresholds import INFINITE, parse

AT_LEAST = re.compile(r"([0-9]+):")
"""A range that a single number says, which a macro can hold."""

SEVERITIES = (("critical", "CRIT", "HIGH"), ("warning", "WARN", "WARNING"))
"""What a metric calls its ranges, how the macro of one ends, and the severity; the worse first."""


def triggers(
    report: Report, metric: Metric, what: str, keys: Mapping[str, str]
) -> tuple[Trigger, ...]:
    """Give the triggers of a figure's ranges; ``keys`` are those of all figures of the thing."""
    made: list[Trigger] = []
    for name, end, priority in SEVERITIES:
        if texts_of(metric, name):
            made.append(_trigger(report, metric, what, keys, (name, end, priority), tuple(made)))
    return tuple(made)


def texts_of(metric: Metric, name: str) -> tuple[str, ...]:
    """Give the ranges of a severity."""
    return metric.critical if name == "critical" else metric.warning


def _trigger(
    report: Report,
    metric: Metric,
    what: str,
    keys: Mapping[str, str],
    severity: tuple[str, str, str],
    worse: tuple[Trigger, ...],
) -> Trigger:
    name, end, priority = severity
    value = f"last({keys[metric.key]})"
    conditions = [_condition(value, metric, text, end) for text in texts_of(metric, name)]
    said = [one.key for one in report.metrics if one.is_text and one.label == metric.label]
    texts = [f"length(last({keys[one]}))>=0" for one in said]
    # The texts come first: only the first nine items of an expression have a macro.
    words = ", ".join(whole(place) for place in range(1, len(said) + 1))
    limits = [
        macro_name(metric, end) for text in texts_of(metric, name) if AT_LEAST.fullmatch(text)
    ]
    what_is = f"{what}: {metric.short} is below {limits[0]}" if limits else what
    return Trigger(
        id=f"{metric.label}:{metric.key}:{name}",
        name=f"{what}: {metric.short} is {name}",
        event_name=f"{what_is}: {words}",
        expression=" and ".join([*texts, f"({' or '.join(conditions)})"]),
        priority=priority,
        scope="availability",
        description=f"{metric.help} The problem's name says more.",
        opdata=f"{metric.short}: {{ITEM.LASTVALUE{len(said) + 1}}}",
        url=report.portal,
        several=bool(said),
        dependencies=worse,
    )


def _condition(value: str, metric: Metric, text: str, end: str) -> str:
    if AT_LEAST.fullmatch(text):
        return f"{value}<{macro_name(metric, end)}"
    found = parse(text, metric.dotted)
    if found is None:
        return "1=0"
    start, end_ = (edge * metric.unit.one for edge in (found.start, found.end))
    if found.inside and start == end_:
        return f"{value}={start:g}"
    if found.inside:
        return f"({value}>={start:g} and {value}<={end_:g})"
    low = [f"{value}<{start:g}"] if start != -INFINITE else []
    high = [f"{value}>{end_:g}"] if end_ != INFINITE else []
    return f"({' or '.join([*low, *high])})"


def macro_name(metric: Metric, end: str) -> str:
    """Give the macro of a figure's limit."""
    period = f".{metric.period}" if metric.period else ""
    return f"{{$O365.{metric.dotted.removesuffix('.count').upper()}{period}.{end}}}"


def macros(reports: tuple[Report, ...]) -> Iterator[Macro]:
    """Give the macros of declared limits; days are written as Zabbix writes them."""
    for report in reports:
        for metric in report.metrics:
            for name, end, _ in SEVERITIES:
                for text in texts_of(metric, name):
                    if found := AT_LEAST.fullmatch(text):
                        days = metric.unit == DAYS
                        yield Macro(
                            name=macro_name(metric, end),
                            value=f"{found[1]}d" if days else str(int(found[1]) * metric.unit.one),
                            description=f"{report.title}: {metric.short} is {name} below this.",
                        )
