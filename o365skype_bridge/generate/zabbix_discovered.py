"""The figures in a Zabbix template that are discovered: by a label that they are told apart by."""

from __future__ import annotations

from collections.abc import Iterator

from o365skype_bridge.generate import naming, zabbix_ranges
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_parts import Graph, Item, Rule
from o365skype_bridge.generate.zabbix_units import measured
from o365skype_bridge.model.declare import PERSON, Metric, Report
from o365skype_bridge.model.units import COUNT, Unit
from o365skype_bridge.model.values import GROUP

Pairs = list[tuple[Report, Metric]]

FIRST, FIRST_ID = ("device", COUNT.name), "{#ID}"
"""What the first prototype was for, and its macro for the id.

Zabbix knows discovered items by their prototype's key, so it stays. Keys of prototypes are there
once, so those of all others have macros of their own.
"""


def rules(group: Group) -> Iterator[Rule]:
    """Give a rule for each kind of thing that is told apart: those declared, then those found."""
    every = [
        (report, metric) for report in group.reports for metric in report.metrics if metric.label
    ]
    for label in dict.fromkeys(metric.label for _, metric in every if metric.value):
        yield from _declared(group, label, [pair for pair in every if pair[1].label == label])
    for label in dict.fromkeys(metric.label for _, metric in every if metric.is_found):
        yield _found(group, label, [pair for pair in every if pair[1].label == label])


def name_of(label: str, unit: Unit) -> str:
    """Give the name of the prototypes for a label's figures in a unit."""
    words = "" if unit == COUNT else f" in {unit.name}"
    return f"{{#REPORT}}: {label.capitalize()} {{#NAME}}{words}"


def _declared(group: Group, label: str, pairs: Pairs) -> Iterator[Rule]:
    """Give a rule for each unit; a prototype can have only one."""
    units = {metric.unit.name: metric for _, metric in pairs}
    for unit, metric in units.items():
        more, words = ("", "") if unit == COUNT.name else (f":{unit}", f" in {unit}")
        name = name_of(label, metric.unit)
        first = group.is_first and (label, unit) == FIRST
        macro = FIRST_ID if first else group.macro(f"{label}.{unit}")
        item = Item(
            id=f"label:{label}{more}",
            key=f"o365.metric[{macro}]",
            name=name,
            description=f"What the report counts for this {label} on the newest day.",
            component="usage",
            path=f'$.metric["{macro}"]',
            tags=((label, "{#NAME}"), ("report", "{#REPORT}")),
            **measured(metric),
        )
        graph = Graph(id=f"label:{label}{more}", name=group.graph(name), keys=(item.key,))
        macros = ((macro, "$.id"), ("{#NAME}", "$.name"), ("{#REPORT}", "$.report_name"))
        by_template = (("{#TEMPLATE}", "$.group"),)
        by_unit = (("{#UNIT}", "$.unit"),) if len(units) > 1 else ()
        yield Rule(
            id=f"label:{label}{more}",
            key=group.rule(f"{label}s{more.replace(':', '.')}"),
            name=f"{label.capitalize()}s{words}",
            description=f"Kinds of {label}s that the reports tell apart.",
            path=f"$.discovery.{label}s",
            macros=tuple(sorted((*macros, *by_template, *by_unit))),  # as a server exports them
            filters=(
                ("{#TEMPLATE}", "MATCHES_REGEX", f"^{group.id}$"),
                *((("{#UNIT}", "MATCHES_REGEX", f"^{unit}$"),) if by_unit else ()),
            ),
            items=(item,),
            graphs=(graph,) if item.is_number else (),
        )


def _found(group: Group, label: str, pairs: Pairs) -> Rule:
    what = f"{label.capitalize()} {{#NAME}}"
    keys = {metric.key: f"/{group.template}/{_key(metric)}" for _, metric in pairs}
    return Rule(
        id=f"{label}s",
        key=group.rule(f"{label}s"),
        name=f"{label.capitalize()}s",
        description="Users active on the newest day; nothing unless the document tells them apart."
        if label == PERSON
        else f"The {label}s that the reports name.",
        path=f"$.discovery.{label}s",
        macros=(("{#ID}", "$.id"), ("{#NAME}", "$.name")),
        filters=USERS_CHOSEN if label == PERSON else (),
        items=tuple(
            Item(
                id=f"{label}:{metric.key}",
                key=_key(metric),
                name=_title(group, report, metric, what),
                description=metric.help,
                component=f"{label}s",
                path=f'$.{label}["{{#ID}}"]["{metric.key}"]',
                tags=(("report", report.title), (label, "{#NAME}")),
                triggers=zabbix_ranges.triggers(report, metric, what, keys),
                **measured(metric),
            )
            for report, metric in pairs
        ),
        graphs=tuple(_graphs(label, what, pairs)),
    )


def _title(group: Group, report: Report, metric: Metric, thing: str) -> str:
    """Give the title of a thing's figure, with the family where there are several."""
    if group.is_first:
        return naming.of_thing(report, metric, thing)
    return naming.over_period(f"{thing}: {metric.short}", metric)


def of_groups(group: Group) -> Iterator[Rule]:
    """Give the rule for groups of users: totals of each, and what they can be at most."""
    found: list[tuple[Report, Metric, str, str, str]] = []
    for report in group.reports:
        for metric in report.metrics if report.is_by_user else ():
            if not metric.per_user:
                found.append((report, metric, metric.key, "", metric.help))
                if metric.limited or metric.limit:
                    most = "What the former can be at most."
                    found.append((report, metric, metric.maximum, ", maximum", most))
    if not found:
        return
    items = tuple(
        Item(
            id=f"{GROUP}:{key}",
            key=f"o365.{GROUP}[{{#ID}},{key}]",
            name=f"{_title(group, report, metric, 'Group {#NAME}')}{more}",
            description=text,
            component=f"{GROUP}s",
            path=f'$.{GROUP}["{{#ID}}"]["{key}"]',
            tags=(("report", report.title), (GROUP, "{#NAME}")),
            **measured(metric),
        )
        for report, metric, key, more, text in found
    )
    yield Rule(
        id=f"{GROUP}s",
        key=group.rule(f"{GROUP}s"),
        name="Groups",
        description="Groups of users, as the operator's file has them; small ones are 'other'.",
        path=f"$.discovery.{GROUP}s",
        macros=(("{#ID}", "$.id"), ("{#NAME}", "$.name")),
        items=items,
    )


USERS_CHOSEN = (
    ("{#NAME}", "MATCHES_REGEX", "{$O365.USER.MATCHES}"),
    ("{#NAME}", "NOT_MATCHES_REGEX", "{$O365.USER.NOT.MATCHES}"),
)


def _key(metric: Metric) -> str:
    return f"o365.{metric.label}[{{#ID}},{metric.key}]"


def _graphs(label: str, what: str, pairs: Pairs) -> Iterator[Graph]:
    """Give a graph for each report, and another for each further unit of its figures."""
    found: dict[str, dict[str, list[str]]] = {}
    titles = {report.name: report.title for report, _ in pairs}
    for report, metric in pairs:
        if not metric.is_text:
            units = found.setdefault(report.name, {})
            units.setdefault(metric.unit.name, []).append(_key(metric))
    for name, units in found.items():
        for number, (unit, keys) in enumerate(units.items()):
            more, words = (f":{unit}", f" in {unit}") if number else ("", "")
            title = f"{what}: {titles[name]}{words}"
            yield Graph(id=f"{label}:{name}{more}", name=title, keys=tuple(keys))
