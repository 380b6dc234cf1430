"""What a dashboard of Zabbix shows of a group of reports, whatever the version's widgets are."""

from __future__ import annotations

from collections.abc import Iterator

from o365skype_bridge.generate import naming, zabbix_discovered
from o365skype_bridge.generate.zabbix_figures import HISTORY
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_parts import Graph
from o365skype_bridge.generate.zabbix_ranges import SEVERITIES, texts_of
from o365skype_bridge.model.declare import PERSON, Metric, Report
from o365skype_bridge.outputs.thresholds import INFINITE, Range, parse

GREEN, YELLOW, RED = "0EC9AC", "FFD54F", "FF465C"

COLOURS = (
    *("2AB5FF", "FFB02E", "524BBC", "0EC9AC", "FF465C", "BAE37D", "385CC7", "F06595", "6AC8FF"),
    *("8D6E63", "90A4AE", "7CB342"),
)

Step = tuple[str, str]
"""The least value of a colour, and the colour."""


def numbers(group: Group) -> list[tuple[str, str]]:
    """Give titles and keys of the figures worth a large number."""
    return [
        (naming.headline(report, metric), f"o365.metric[{metric.key}]")
        for report in group.reports
        for metric in report.leading
        if naming.is_headline(metric)
    ]


def together(report: Report) -> Iterator[tuple[str, list[Metric]]]:
    """Give sets of figures that a label of known values tells apart, each with a title."""
    known = [metric for metric in report.leading if metric.value and not metric.is_text]
    for name in dict.fromkeys(metric.name for metric in known):
        found = [metric for metric in known if metric.name == name]
        titles = {metric.short.partition(": ")[0] for metric in found}
        title = titles.pop() if len(titles) == 1 else f"{found[0].label.capitalize()}s"
        # What follows the star says which of two sets of the same things it is.
        more = name.partition("*")[2].removesuffix(".count").replace(".", " ")
        yield f"{report.title}: {title}{f',{more}' if more else ''}", found


def sets(group: Group) -> Iterator[Graph]:
    """Give a graph of each such set, of what is stamped with its day."""
    for report in group.reports:
        for title, metrics in together(report):
            keys = tuple(HISTORY.format(metric.key) for metric in metrics)
            id_ = f"{report.name}:set:{metrics[0].name}"
            yield Graph(id=id_, name=title, keys=keys, is_set=True)


def item_of(report: Report, metric: Metric) -> str:
    """Give the name of the discovered item of a figure that a label of known values tells apart."""
    name = zabbix_discovered.name_of(metric.label, metric.unit)
    return name.replace("{#REPORT}", report.title).replace("{#NAME}", metric.short)


def kinds(group: Group) -> list[tuple[str, list[Metric]]]:
    """Give the prototypes of the figures told apart by a label, each with the figures it is for."""
    pairs = [
        (zabbix_discovered.name_of(metric.label, metric.unit), metric)
        for report in group.reports
        for metric in report.leading
        if metric.value and not metric.is_text
    ]
    return [
        (name, [metric for other, metric in pairs if other == name])
        for name in dict.fromkeys(name for name, _ in pairs)
    ]


def found(group: Group) -> list[tuple[Report, Metric]]:
    """Give the figures of things that are found in the data, those of people aside."""
    return [
        (report, metric)
        for report in group.reports
        for metric in report.leading
        if metric.is_found and metric.label != PERSON
    ]


def steps(metric: Metric) -> list[Step]:
    """Give the colours of a figure by the ranges that it declares, from the least value on."""
    ranges = [
        (colour, one.replace(start=one.start * unit, end=one.end * unit))
        for (name, _, _), colour in zip(SEVERITIES, (RED, YELLOW), strict=True)
        for text in texts_of(metric, name)
        for one in (parse(text, metric.dotted),)
        for unit in (metric.unit.one,)
        if one
    ]
    edges = {0.0, *(edge for _, one in ranges for edge in _edges(one))}
    made: list[Step] = []
    for edge in sorted(edges):
        colour = next((colour for colour, one in ranges if one.alerts(edge)), GREEN)
        if not made or made[-1][1] != colour:
            made.append((f"{edge:g}", colour))
    return made


def _edges(one: Range) -> list[float]:
    """Give the whole numbers at which it begins to be otherwise."""
    after = one.end + 1 if one.end != INFINITE else 0.0
    return [edge for edge in (one.start, after) if 0 <= edge < INFINITE]
