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
        ranges = getattr(metric, name)
        if ranges:
            made.append(_trigger(report, metric, what, keys, (name, end, priority), tuple(made)))
    return tuple(made)


def _trigger(
    report: Report,
    metric: Metric,
    what: str,
    keys: Mapping[str, str],
    severity: tuple[str, str, str],
    worse: tuple[Trigger, ...],
) -> Trigger:
    name, end, priority = severity
    value = f"last({keys[metric.dotted]})"
    conditions = [_condition(value, metric, text, end) for text in getattr(metric, name)]
    said = [one.dotted for one in report.metrics if one.is_text and one.label == metric.label]
    texts = [f"length(last({keys[one]}))>=0" for one in said]
    first = sum(condition.count("last(") for condition in conditions) + 1
    words = ", ".join(whole(first + place) for place in range(len(said)))
    return Trigger(
        id=f"{metric.label}:{metric.dotted}:{name}",
        name=f"{what}: {metric.short} is {name}",
        event_name=f"{what}: {metric.short} is {name}: {words}",
        expression=" and ".join([f"({' or '.join(conditions)})", *texts]),
        priority=priority,
        scope="availability",
        description=f"{metric.help} The problem's name says more.",
        opdata=f"{metric.short}: {{ITEM.LASTVALUE1}}",
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
    if found.inside:
        return f"({value}>={start:g} and {value}<={end_:g})"
    low = [f"{value}<{start:g}"] if start != -INFINITE else []
    high = [f"{value}>{end_:g}"] if end_ != INFINITE else []
    return f"({' or '.join([*low, *high])})"


def macro_name(metric: Metric, end: str) -> str:
    """Give the macro of a limit that a range declares."""
    return f"{{$O365.{metric.dotted.removesuffix('.count').upper()}.{end}}}"


def macros(reports: tuple[Report, ...]) -> Iterator[Macro]:
    """Give the macros of declared limits; days are written as Zabbix writes them."""
    for report in reports:
        for metric in report.metrics:
            for name, end, _ in SEVERITIES:
                for text in getattr(metric, name):
                    if found := AT_LEAST.fullmatch(text):
                        days = metric.unit == DAYS
                        yield Macro(
                            name=macro_name(metric, end),
                            value=f"{found[1]}d" if days else str(int(found[1]) * metric.unit.one),
                            description=f"{report.title}: {metric.short} is {name} below this.",
                        )
