"""The widgets of a dashboard of Zabbix 6.0: 24 columns, and graphs that belong to the template."""

from __future__ import annotations

from collections.abc import Sequence

from o365skype_bridge.generate import zabbix_discovered, zabbix_shown
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_layout import Field, rows, split, widget
from o365skype_bridge.generate.zabbix_parts import Graph, Widget
from o365skype_bridge.generate.zabbix_reports import AGE, FETCH

COLUMNS = 24
VALUE: tuple[Field, ...] = (
    ("INTEGER", "adv_conf", "1"),
    ("INTEGER", "decimal_places", "0"),
    ("INTEGER", "show", "2"),
    ("INTEGER", "value_size", "30"),
)
"""A value alone: the widget's title says what it is."""


def usage(group: Group, graphs: Sequence[Graph], *, by_day: bool) -> list[Widget]:
    """Give the first page: state, day, age and numbers; the cause; then graphs.

    ``by_day`` there are graphs of what is told apart by a label, and else their prototypes.
    """
    state = [
        _tile("State", group.key("state")),
        _tile("Report day", group.key("day")),
        _tile("Age of the data", group.key("age")),
    ]
    numbers = [_tile(title, key) for title, key in zabbix_shown.numbers(group)]
    said = [
        *(_graph(graph) for graph in graphs if graph.is_state),
        widget("PLAIN_TEXT", 4, *_newest(group.key("cause")), name="Cause"),
    ]
    drawn = [_graph(graph) for graph in graphs if not graph.is_state]
    kinds = [
        _prototypes(group.graph(name), len(metrics))
        for name, metrics in (() if by_day else zabbix_shown.kinds(group))
    ]
    things = [
        _prototypes(graph.name, 16)
        for rule in zabbix_discovered.rules(group)
        for graph in rule.graphs
        if rule.id in {f"{metric.label}s" for _, metric in zabbix_shown.found(group)}
    ]
    return rows(
        COLUMNS,
        state,
        *split(numbers, 4),
        said,
        *([one] for one in things),
        *split(drawn, 2),
        *([one] for one in kinds),
    )


def reports(group: Group) -> list[Widget]:
    """Give the page about each report: how old it is, and how long it took."""
    number = len(group.reports)
    return rows(
        COLUMNS,
        [_prototypes(group.graph(AGE), number)],
        [_prototypes(group.graph(FETCH), number)],
        [widget("PLAIN_TEXT", 4, *_newest(group.key("error")), name="Error")],
    )


def _tile(title: str, key: str) -> Widget:
    return widget("ITEM", 3, *VALUE, ("ITEM", "itemid", key), name=title)


def _newest(key: str) -> tuple[Field, ...]:
    return ("ITEM", "itemids", key), ("INTEGER", "show_lines", "3")


def _graph(graph: Graph) -> Widget:
    return widget("GRAPH_CLASSIC", 4 if graph.is_state else 6, ("GRAPH", "graphid", graph.name))


def _prototypes(name: str, number: int) -> Widget:
    """Show the graphs of a prototype, all of them if there are not very many."""
    across = min(number, 4) or 1
    down = min(-(-number // across), 4) or 1
    return widget(
        "GRAPH_PROTOTYPE",
        5 * down,
        ("INTEGER", "columns", str(across)),
        ("INTEGER", "rows", str(down)),
        ("GRAPH_PROTOTYPE", "graphid", name),
    )
