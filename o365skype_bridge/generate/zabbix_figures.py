"""The figures of reports in a Zabbix template, as the reports declare them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from o365skype_bridge.generate import naming
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_parts import Graph, Item, Trigger
from o365skype_bridge.generate.zabbix_ranges import macro_name
from o365skype_bridge.generate.zabbix_units import measured
from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.units import SHARE, Unit

METRIC, HISTORY = "o365.metric[{}]", "o365.history[{}]"
"""Keys of what a figure is now, and of what it was on each day."""

TOTALS = "global"
"""The graph of figures without a maximum."""


def _metric(report: Report, metric: Metric, id_: str, title: str, **more: Any) -> Item:
    """Give the item of a figure that stands in the document by its name."""
    plain = Item(
        id=f"metric:{id_}",
        key=METRIC.format(id_),
        name=title,
        description=metric.help,
        component="usage",
        path=f'$.metric["{id_}"]',
        tags=(("report", report.title),),
        **measured(metric),
    )
    return plain.replace(**more)


def _plain(report: Report) -> Iterator[Metric]:
    """Give the metrics of a report that have one value each."""
    return (metric for metric in report.metrics if not metric.label)


def items(group: Group) -> Iterator[Item]:
    """Give the items of the figures that there is one of each."""
    for report in group.reports:
        for metric in _plain(report):
            title = title_of(group, report, metric)
            limits = _limits(group.template, title, metric) if metric.has_maximum else ()
            yield _metric(report, metric, metric.key, title, triggers=tuple(limits))
            if metric.has_maximum:
                most, help_ = f"{title}, maximum", "What the former can be at most."
                yield _metric(report, metric, metric.maximum, most, description=help_)


def title_of(group: Group, report: Report, metric: Metric) -> str:
    """Give what a figure is called: its title, with the product where another has the same."""
    same = [
        one
        for other in group.reports
        for one in _plain(other)
        if one.short == metric.short and one.period == metric.period and one is not metric
    ]
    title = f"{report.family.capitalize()}: {metric.short}" if same else metric.short
    return naming.over_period(title, metric)


def _limits(template: str, title: str, metric: Metric) -> Iterator[Trigger]:
    key = f"last(/{template}/o365.metric[{metric.key}])"
    for end, sign, word in (("MIN", "<", "below"), ("MAX", ">", "above")):
        macro = macro_name(metric, end)
        yield Trigger(
            id=f"metric:{metric.key}:{end.lower()}",
            name=f"{title} {word} the limit",
            event_name=f"{title} {word} {macro}",
            # 0 switches it off
            expression=f"{key}{sign}{macro}" + (f" and {macro}>0" if end == "MAX" else ""),
            priority="WARNING",
            scope="notice",
            description=f"{metric.help} Set {macro} on the host; 0 switches this off.",
            opdata="Current: {ITEM.LASTVALUE1}",
        )


def state(group: Group) -> Graph:
    """Give the graph that shows when something was in the way."""
    name = group.graph("State: 0 is ok, red is not")
    return Graph(id="state", name=name, keys=(group.key("state"),), is_state=True)


def graphs(group: Group, key: str = METRIC) -> Iterator[Graph]:
    """Give a graph for each figure that has a maximum, and one for the rest of each unit.

    ``key`` is that of the items to draw.
    """
    for report in group.reports:
        plain = [metric for metric in report.leading if not (metric.label or metric.is_text)]
        for metric in plain:
            if metric.has_maximum:
                id_ = metric.dotted.removeprefix(f"{report.namespace}.").rpartition(".")[0]
                keys = [metric.key, metric.maximum]
                yield _graph(report, id_, f"{report.title}: {metric.short}", keys, key)
        rest = [metric for metric in plain if not metric.has_maximum]
        for number, unit in enumerate(dict.fromkeys(metric.unit for metric in rest)):
            found = [metric for metric in rest if metric.unit == unit]
            title = found[0].short if len(found) == 1 else _title(unit)
            more = f" in {unit.name}" if number and len(found) > 1 else ""
            id_ = f"{TOTALS}:{unit.name}" if number else TOTALS
            keys = [metric.key for metric in found]
            yield _graph(report, id_, f"{report.title}: {title}{more}", keys, key)


def _title(unit: Unit) -> str:
    return "Shares" if unit.kind == SHARE else "Totals"


def _graph(report: Report, id_: str, name: str, names: Sequence[str], key: str) -> Graph:
    keys = tuple(key.format(one) for one in names)
    return Graph(id=f"{report.name}:{id_}", name=name, keys=keys)


def history(group: Group) -> tuple[Item, ...]:
    """Give the items that take values with a time of their own: the day that they are about."""
    return tuple(
        _metric(
            report,
            metric,
            id_,
            title,
            repeat=True,
            id=f"history:{id_}",
            key=HISTORY.format(id_),
            path="",
            type="TRAP",
            component="history",
        )
        for report in group.reports
        for metric in report.metrics
        if not metric.is_found
        for name in (_day_title(group, report, metric),)
        for id_, title in (
            (metric.key, f"{name}{_of_day(name)}"),
            *([(metric.maximum, f"{name}, maximum by day")] if metric.has_maximum else ()),
        )
    )


def _of_day(name: str) -> str:
    """Say of a figure that it has its day; some are called after it anyway."""
    return ", at its time" if name.endswith(" by day") else " by day"


def _day_title(group: Group, report: Report, metric: Metric) -> str:
    """Give what an item of days is called; those told apart by a label have their report's name."""
    return f"{report.title}: {metric.short}" if metric.label else title_of(group, report, metric)
