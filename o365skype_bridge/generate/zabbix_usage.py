"""The Zabbix template of one tenant: figures as the reports declare them, and their health."""

from __future__ import annotations

from o365skype_bridge.generate import zabbix_dashboard, zabbix_health, zabbix_macros
from o365skype_bridge.generate.zabbix_parts import Graph, Item, Macro, Rule, Template, Trigger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from o365skype_bridge.generate.zabbix_plan import Plan
    from o365skype_bridge.model import Metric, Report

MASTER_WORDS = (
    "collect",
    "--output=zabbix",
    '"--tenant={$O365.TENANT}"',
    '"--config={$O365.CONFIG}"',
    '"--state-dir={$O365.STATE.DIR}"',
    '"--deadline={$O365.DEADLINE}"',
    '"--filter-user={$O365.USER.FILTER}"',
    '"{$O365.USERS}"',
)


def template(plan: Plan, reports: Sequence[Report]) -> Template:
    """Give the template of one tenant."""
    name = f"Microsoft 365 usage by {plan.method}"
    master = plan.master(
        "document",
        "Microsoft 365: Document",
        "One JSON document with all values and discovery; everything else depends on it.",
        MASTER_WORDS,
    )
    figures = [item for report in reports for item in _figures(name, report)]
    history = _history(reports) if plan.mode == "trapper" else ()
    graphs = tuple(_graphs(reports))
    return Template(
        id="usage",
        name=name,
        description=DESCRIPTION,
        items=(master, *zabbix_health.items(name, master.key), *figures, *history),
        rules=(zabbix_health.report_rule(name), *_label_rules(reports), *_user_rules(reports)),
        macros=_macros(plan, reports),
        valuemaps=(zabbix_health.OUTCOME_MAP, zabbix_health.YES_NO),
        graphs=graphs,
        pages=zabbix_dashboard.pages(plan, reports, graphs),
        dashboard="Microsoft 365 usage",
        readme=README,
    )


DESCRIPTION = (
    "Usage of Microsoft 365 from its usage reports, by o365skype-bridge: one process a poll, "
    "whatever is monitored. Link it to one host for each tenant and set {$O365.TENANT} on the host."
)
README = DESCRIPTION


def maximum(metric: Metric) -> str:
    """Give the name of a metric's maximum in the document."""
    return f"{metric.dotted.rpartition('.')[0]}.max"


def _metric(report: Report, metric: Metric, id_: str, title: str, **more: object) -> Item:
    """Give the item of a figure that stands in the document by its name."""
    return Item(
        **{
            "id": f"metric:{id_}",
            "key": f"o365.metric[{id_}]",
            "name": f"{report.title}: {title}",
            "description": metric.help,
            "component": "usage",
            "path": f'$.metric["{id_}"]',
            "tags": (("report", report.title),),
            **more,
        }
    )


def _plain(report: Report) -> Iterator[Metric]:
    """Give the metrics of a report that have one value each."""
    return (metric for metric in report.metrics if not metric.label)


def _figures(name: str, report: Report) -> Iterator[Item]:
    for metric in _plain(report):
        triggers = tuple(_limits(name, report, metric)) if metric.limited else ()
        yield _metric(report, metric, metric.dotted, metric.title, triggers=triggers)
        if metric.limited:
            yield _metric(report, metric, maximum(metric), f"{metric.title}, maximum")


def _limit(metric: Metric, end: str) -> str:
    return f"{{$O365.{metric.option.upper().replace('-', '.')}.{end}}}"


def _limits(name: str, report: Report, metric: Metric) -> Iterator[Trigger]:
    key = f"last(/{name}/o365.metric[{metric.dotted}])"
    for end, sign, word in (("MIN", "<", "below"), ("MAX", ">", "above")):
        macro = _limit(metric, end)
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


def _graphs(reports: Sequence[Report]) -> Iterator[Graph]:
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
        description="Users active on the newest day; {$O365.USERS} switches it on.",
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


def _history(reports: Sequence[Report]) -> tuple[Item, ...]:
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


def _macros(plan: Plan, reports: Sequence[Report]) -> tuple[Macro, ...]:
    limited = [metric for report in reports for metric in report.metrics if metric.limited]
    limits = (
        Macro(
            name=_limit(metric, end),
            value="0",
            description=f"{metric.title}: a problem when {word} this; 0: never.",
        )
        for metric in limited
        for end, word in (("MIN", "below"), ("MAX", "above"))
    )
    return zabbix_macros.sort(*zabbix_macros.usage(plan), *limits)
