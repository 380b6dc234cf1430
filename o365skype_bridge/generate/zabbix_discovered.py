"""The figures in a Zabbix template that are discovered: by a label that they are told apart by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from o365skype_bridge.generate import naming
from o365skype_bridge.generate.zabbix_parts import Graph, Item, Rule
from o365skype_bridge.generate.zabbix_units import measured
from o365skype_bridge.model.declare import PERSON, Metric, Report

Pairs = list[tuple[Report, Metric]]


def rules(reports: Sequence[Report]) -> Iterator[Rule]:
    """Give a rule for each kind of thing that is told apart: those declared, then those found."""
    every = [(report, metric) for report in reports for metric in report.metrics if metric.label]
    for label in dict.fromkeys(metric.label for _, metric in every if metric.value):
        yield from _declared(label, [pair for pair in every if pair[1].label == label])
    for label in dict.fromkeys(metric.label for _, metric in every if metric.is_found):
        yield _found(label, [pair for pair in every if pair[1].label == label])


def _declared(label: str, pairs: Pairs) -> Iterator[Rule]:
    """Give a rule for each unit; a prototype can have only one."""
    kinds = {metric.unit.name: metric for _, metric in reversed(pairs)}
    for number, unit in enumerate(dict.fromkeys(metric.unit.name for _, metric in pairs)):
        more = f":{unit}" if number else ""
        name = f"{{#REPORT}}: {label.capitalize()} {{#NAME}}"
        item = Item(
            id=f"label:{label}{more}",
            key="o365.metric[{#ID}]",
            name=name,
            description=f"What the report counts for this {label} on the newest day.",
            component="usage",
            path='$.metric["{#ID}"]',
            repeat=True,
            tags=((label, "{#NAME}"), ("report", "{#REPORT}")),
            **measured(kinds[unit]),
        )
        graph = Graph(id=f"label:{label}{more}", name=name, keys=(item.key,))
        unit_macro = (("{#UNIT}", "$.unit"),) if len(kinds) > 1 else ()
        yield Rule(
            id=f"label:{label}{more}",
            key=f"o365.{label}s{f'.{unit}' if number else ''}.discovery",
            name=f"{label.capitalize()}s{f' in {unit}' if number else ''}",
            description=f"Kinds of {label}s that the reports tell apart.",
            path=f"$.discovery.{label}s",
            macros=(
                *(("{#ID}", "$.id"), ("{#NAME}", "$.name"), ("{#REPORT}", "$.report_name")),
                *unit_macro,
            ),
            filters=(("{#UNIT}", "MATCHES_REGEX", f"^{unit}$"),) if unit_macro else (),
            items=(item,),
            graphs=(graph,) if item.is_number else (),
        )


def _found(label: str, pairs: Pairs) -> Rule:
    what = f"{label.capitalize()} {{#NAME}}"
    return Rule(
        id=f"{label}s",
        key=f"o365.{label}s.discovery",
        name=f"{label.capitalize()}s",
        description="Users active on the newest day; nothing unless the document tells them apart."
        if label == PERSON
        else f"The {label}s that the reports name.",
        path=f"$.discovery.{label}s",
        macros=(("{#ID}", "$.id"), ("{#NAME}", "$.name")),
        filters=USERS_CHOSEN if label == PERSON else (),
        items=tuple(
            Item(
                id=f"{label}:{metric.dotted}",
                key=_key(metric),
                name=naming.of_thing(report, metric, what),
                description=metric.help,
                component=f"{label}s",
                path=f'$.{label}["{{#ID}}"]["{metric.dotted}"]',
                tags=(("report", report.title), (label, "{#NAME}")),
                **measured(metric),
            )
            for report, metric in pairs
        ),
        graphs=tuple(_graphs(label, what, pairs)),
    )


USERS_CHOSEN = (
    ("{#NAME}", "MATCHES_REGEX", "{$O365.USER.MATCHES}"),
    ("{#NAME}", "NOT_MATCHES_REGEX", "{$O365.USER.NOT.MATCHES}"),
)


def _key(metric: Metric) -> str:
    return f"o365.{metric.label}[{{#ID}},{metric.dotted}]"


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
