"""The figures of reports in a Zabbix template, as the reports declare them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from o365skype_bridge.generate.zabbix_parts import Graph, Item, Rule, Trigger
from o365skype_bridge.model.declare import Metric, Report


def maximum(metric: Metric) -> str:
    """Give the name of a metric's maximum in the document."""
    return f"{metric.dotted.rpartition('.')[0]}.max"


def _metric(report: Report, metric: Metric, id_: str, title: str, **more: Any) -> Item:
    """Give the item of a figure that stands in the document by its name."""
    plain = Item(
        id=f"metric:{id_}",
        key=f"o365.metric[{id_}]",
        name=f"{report.title}: {title}",
        description=metric.help,
        component="usage",
        path=f'$.metric["{id_}"]',
        repeat=True,
        tags=(("report", report.title),),
    )
    return plain.replace(**more)


def _plain(report: Report) -> Iterator[Metric]:
    """Give the metrics of a report that have one value each."""
    return (metric for metric in report.metrics if not metric.label)


def items(name: str, report: Report) -> Iterator[Item]:
    """Give the items of the figures that a report has one of each."""
    for metric in _plain(report):
        triggers = tuple(_limits(name, report, metric)) if metric.limited else ()
        yield _metric(report, metric, metric.dotted, metric.title, triggers=triggers)
        if metric.limited:
            most = f"{metric.title}, maximum"
            yield _metric(
                report, metric, maximum(metric), most, description="What the former can be at most."
            )


def limit(metric: Metric, end: str) -> str:
    """Give the macro of a limit: of a figure that has a maximum, ``MIN`` or ``MAX``."""
    return f"{{$O365.{metric.option.upper().replace('-', '.')}.{end}}}"


def _limits(name: str, report: Report, metric: Metric) -> Iterator[Trigger]:
    key = f"last(/{name}/o365.metric[{metric.dotted}])"
    for end, sign, word in (("MIN", "<", "below"), ("MAX", ">", "above")):
        macro = limit(metric, end)
        yield Trigger(
            id=f"metric:{metric.dotted}:{end.lower()}",
            name=f"{report.title}: {metric.title} {word} the limit",
            event_name=f"{report.title}: {metric.title} {word} {macro}",
            # 0 switches it off
            expression=f"{key}{sign}{macro}" + (f" and {macro}>0" if end == "MAX" else ""),
            priority="WARNING",
            scope="notice",
            description=f"{metric.help} Set {macro} on the host; 0 switches this off.",
            opdata="Current: {ITEM.LASTVALUE1}",
        )


def graphs(reports: Sequence[Report]) -> Iterator[Graph]:
    """Give a graph for each group of figures that are shown together."""
    for report in reports:
        for block in report.blocks:
            plain = [metric for metric in block.metrics if not metric.label]
            if not plain:
                continue
            keys = [metric.dotted for metric in plain]
            keys += [maximum(metric) for metric in plain if metric.limited]
            title = plain[0].title if len(plain) == 1 else "Totals"
            yield Graph(
                id=f"{report.name}:{block.name}",
                name=f"{report.title}: {title}",
                keys=tuple(f"o365.metric[{key}]" for key in keys),
            )


def rules(reports: Sequence[Report]) -> Iterator[Rule]:
    """Give the rules that discover what figures are told apart by, and users."""
    yield from _label_rules(reports)
    yield from _user_rules(reports)


def _label_rules(reports: Sequence[Report]) -> Iterator[Rule]:
    """Give a rule for each kind of thing that figures are told apart by, such as devices."""
    labels = dict.fromkeys(
        metric.label for report in reports for metric in report.metrics if metric.value
    )
    for label in labels:
        name = f"{{#REPORT}}: {label.capitalize()} {{#NAME}}"
        yield Rule(
            id=f"label:{label}",
            key=f"o365.{label}s.discovery",
            name=f"{label.capitalize()}s",
            description=f"Kinds of {label}s that the reports tell apart.",
            path=f"$.discovery.{label}s",
            macros=(("{#ID}", "$.id"), ("{#NAME}", "$.name"), ("{#REPORT}", "$.report_name")),
            items=(
                Item(
                    id=f"label:{label}",
                    key="o365.metric[{#ID}]",
                    name=name,
                    description=f"Users of this {label} on the newest day.",
                    component="usage",
                    path='$.metric["{#ID}"]',
                    repeat=True,
                    tags=((label, "{#NAME}"), ("report", "{#REPORT}")),
                ),
            ),
            graphs=(Graph(id=f"label:{label}", name=name, keys=("o365.metric[{#ID}]",)),),
        )


def _user_rules(reports: Sequence[Report]) -> Iterator[Rule]:
    every = [(report, metric) for report in reports for metric in report.metrics if metric.per_user]
    if not every:
        return
    graphs: dict[tuple[str, str], list[str]] = {}
    for report, metric in every:
        keys = graphs.setdefault((report.name, report.title), [])
        keys.append(f"o365.user[{{#ID}},{metric.dotted}]")
    yield Rule(
        id="users",
        key="o365.users.discovery",
        name="Users",
        description="Users active on the newest day; nothing unless the document tells them apart.",
        path="$.discovery.users",
        macros=(("{#ID}", "$.id"), ("{#NAME}", "$.name")),
        filters=(
            ("{#NAME}", "MATCHES_REGEX", "{$O365.USER.MATCHES}"),
            ("{#NAME}", "NOT_MATCHES_REGEX", "{$O365.USER.NOT.MATCHES}"),
        ),
        items=tuple(
            Item(
                id=f"user:{metric.dotted}",
                key=f"o365.user[{{#ID}},{metric.dotted}]",
                name=f"User {{#NAME}}: {metric.title}",
                description=metric.help,
                component="users",
                path=f'$.user["{{#ID}}"]["{metric.dotted}"]',
                tags=(("report", report.title), ("user", "{#NAME}")),
            )
            for report, metric in every
        ),
        graphs=tuple(
            Graph(id=f"user:{name}", name=f"User {{#NAME}}: {title}", keys=tuple(keys))
            for (name, title), keys in graphs.items()
        ),
    )


def history(reports: Sequence[Report]) -> tuple[Item, ...]:
    """Give the items that take values with a time of their own: the day that they are about."""
    return tuple(
        _metric(
            report,
            metric,
            id_,
            f"{title} by day",
            id=f"history:{id_}",
            key=f"o365.history[{id_}]",
            path="",
            type="TRAP",
            component="history",
        )
        for report in reports
        for metric in report.metrics
        if not metric.per_user
        for id_, title in (
            (metric.dotted, metric.title),
            *([(maximum(metric), f"{metric.title}, maximum")] if metric.limited else ()),
        )
    )
