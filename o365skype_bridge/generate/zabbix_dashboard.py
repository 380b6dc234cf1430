"""The dashboard of the Zabbix template: 24 columns in 6.0; 72 and newer widgets from 7.0 on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from o365skype_bridge.generate import naming
from o365skype_bridge.generate.zabbix_discovered import name_of
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_parts import Graph, Page, Widget
from o365skype_bridge.generate.zabbix_plan import Plan
from o365skype_bridge.generate.zabbix_reports import AGE
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.outcome import OUTCOMES

GREEN, YELLOW, RED = "0EC9AC", "FFD54F", "FF465C"

COLOURS = ("2AB5FF", "0EC9AC", "FF465C", "524BBC", "FFD54F", "BAE37D", "385CC7", "6AC8FF")

Field = tuple[str, str, str]

NUMBER: tuple[Field, ...] = (("INTEGER", "decimal_places", "0"), ("INTEGER", "show.0", "2"))
"""A large number alone: the widget's title says what it is."""

ROWS = 62
"""What a page holds from top to bottom, in 6.0; 64 from 7.0 on."""

FROM_ZERO: Field = ("STRING", "lefty_min", "0")


def pages(plan: Plan, group: Group, graphs: Sequence[Graph]) -> tuple[Page, ...]:
    """Give the pages for a version: usage first, then how the reports are."""
    old = plan.version == "6.0"
    made = _plain(group, graphs) if old else _modern(group, graphs)
    return tuple(
        page.replace(widgets=tuple(sorted(page.widgets, key=_name if old else _place)))
        for page in made
    )


def _name(widget: Widget) -> tuple[str, int, int]:
    return widget.name, widget.y, widget.x


def _place(widget: Widget) -> tuple[int, int]:
    return widget.x, widget.y


def _numbers(group: Group) -> list[tuple[str, str]]:
    """Give titles and keys of the figures worth a large number."""
    found = [
        (naming.headline(report, metric), f"o365.metric[{metric.dotted}]")
        for report in group.reports
        for metric in report.leading
        if naming.is_headline(metric)
    ]
    return [*found, ("Status", group.key("status"))]


def _labels(reports: Iterable[Report]) -> list[tuple[str, str, str]]:
    """Give the titles of reports that tell figures apart, each with what by, and of what.

    Where the titles name several figures, as in "Active users: Teams", each is drawn alone.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for report in reports:
        for metric in report.leading:
            if metric.value and not metric.is_text:
                figures = found.setdefault((report.title, metric.label), {})
                figures[metric.short.rpartition(":")[0]] = None
    return [
        (*what, figure)
        for what, figures in found.items()
        for figure in ([""] if "" in figures else figures)
    ]


def _row(widgets: Iterable[Widget], columns: int, top: int) -> list[Widget]:
    """Share a row among widgets evenly, left to right."""
    row = list(widgets)
    width = columns // max(len(row), 1)
    return [one.replace(x=place * width, y=top, width=width) for place, one in enumerate(row)]


def _grid(widgets: Sequence[Widget], across: int, columns: int, top: int) -> Iterator[Widget]:
    """Put widgets of one height into rows of so many."""
    for start in range(0, len(widgets), across):
        yield from _row(widgets[start : start + across], columns, top)
        top += widgets[start].height


def _paged(name: str, widgets: Iterable[Widget]) -> Iterator[Page]:
    """Put rows of widgets on as many pages as they need."""
    pages: list[list[Widget]] = []
    top = 0
    for widget in sorted(widgets, key=lambda widget: widget.y):
        if not pages or widget.y + widget.height - top > ROWS:
            pages.append([])
            top = widget.y
        pages[-1].append(widget.replace(y=widget.y - top))
    for number, page in enumerate(pages, start=1):
        yield Page(name=name if number == 1 else f"{name} {number}", widgets=tuple(page))


def _widget(type_: str, height: int, *settings: Field, name: str = "") -> Widget:
    return Widget(type=type_, x=0, y=0, width=1, height=height, settings=settings, name=name)


def _plain(group: Group, graphs: Sequence[Graph]) -> tuple[Page, ...]:
    numbers = [
        _widget("ITEM", 3, ("ITEM", "itemid", key), name=title) for title, key in _numbers(group)
    ]
    drawn = [_widget("GRAPH_CLASSIC", 6, ("GRAPH", "graphid", graph.name)) for graph in graphs]
    kinds = [
        _prototype("GRAPH_PROTOTYPE", name, "graphid")
        for name in dict.fromkeys(
            group.graph(name_of(metric.label, metric.unit))
            for report in group.reports
            for metric in report.leading
            if metric.value and not metric.is_text
        )
    ]
    below = 3 + 6 * -(-len(drawn) // 2)
    usage = [*_row(numbers, 24, 0), *_grid(drawn, 2, 24, below - 6 * -(-len(drawn) // 2))]
    usage += _grid(kinds, 1, 24, below)
    ages = [_prototype("GRAPH_PROTOTYPE", group.graph(AGE), "graphid")]
    said = [
        _widget("PLAIN_TEXT", 4, ("ITEM", "itemids", key), name=title)
        for title, key in (("Error", group.key("error")), ("Trouble", group.key("message")))
    ]
    health = [*_row(ages, 24, 0), *_row(said, 24, 6)]
    return *_paged("Usage", usage), Page(name="Reports", widgets=tuple(health))


def _prototype(type_: str, graph: str, field: str, *more: Field) -> Widget:
    columns: Field = ("INTEGER", "columns", "3")
    return _widget(type_, 6, columns, ("GRAPH_PROTOTYPE", field, graph), *more)


def _drawing(number: int, graph: Graph) -> Widget:
    fields: list[Field] = [
        ("INTEGER", "ds.0.dataset_type", "0"),
        ("INTEGER", "ds.0.fill", "1"),
        FROM_ZERO,
        *_legend(1, len(graph.keys)),
    ]
    for place, key in enumerate(graph.keys):
        fields.append(("STRING", f"ds.0.color.{place}", COLOURS[place % len(COLOURS)]))
        fields.append(("ITEM", f"ds.0.itemids.{place}", key))
    fields.append(("STRING", "reference", _reference("A", number)))
    return _widget("svggraph", 6, *fields, name=graph.name)


def _legend(columns: int, lines: int) -> tuple[Field, ...]:
    """Names of items are long; four of them beside each other, which is usual, say nothing."""
    return ("INTEGER", "legend_columns", str(columns)), ("INTEGER", "legend_lines", str(lines))


def _modern(group: Group, graphs: Sequence[Graph]) -> tuple[Page, ...]:
    numbers = [
        _widget("item", 2, *NUMBER, ("ITEM", "itemid.0", key), name=title)
        for title, key in _numbers(group)
    ]
    drawn = [_drawing(number, graph) for number, graph in enumerate(graphs)]
    usage = [*_row(numbers, 72, 0), *_grid(drawn, 2, 72, 2)]
    top = 2 + 6 * -(-len(drawn) // 2)
    for number, (title, label, figure) in enumerate(_labels(group.reports)):
        what = title, label.capitalize(), figure
        pie = _pattern("piechart", *what, _reference("B", number))
        line = _pattern("svggraph", *what, _reference("C", number), FROM_ZERO)
        usage += [pie.replace(width=24, y=top), line.replace(x=24, width=48, y=top)]
        top += 6
    return *_paged("Usage", usage), Page(name="Reports", widgets=_reports())


def _reference(first: str, number: int) -> str:
    """Give the five letters that a page's widgets know each other by."""
    letters = ""
    for _ in range(4):
        number, letter = divmod(number, 26)
        letters = chr(ord("A") + letter) + letters
    return first + letters


def _pattern(
    type_: str, title: str, what: str, figure: str, reference: str, *more: Field
) -> Widget:
    """Draw the items of a report that are told apart, or those of one figure among them."""
    of = f" {figure}:" if figure else ""
    return _widget(
        type_,
        6,
        *_legend(1, 5),
        ("STRING", "ds.0.color", "2AB5FF"),
        ("STRING", "ds.0.items.0", f"{title}: {what}{of} *"),
        ("STRING", "reference", reference),
        *more,
        name=f"{title}: {figure or f'{what}s'}",
    )


def _reports() -> tuple[Widget, ...]:
    steps = (("0", GREEN), ("2", YELLOW), (str(OUTCOMES.index("forbidden")), RED))
    thresholds = [
        field
        for place, (value, colour) in enumerate(steps)
        for field in (
            ("STRING", f"thresholds.{place}.color", colour),
            ("STRING", f"thresholds.{place}.threshold", value),
        )
    ]
    outcomes = _widget(
        "honeycomb",
        4,
        ("STRING", "items.0", "*: Outcome"),
        ("STRING", "primary_label", '{{ITEM.NAME}.regsub("(.*): Outcome","\\1")}'),
        ("INTEGER", "secondary_label_decimal_places", "0"),
        ("STRING", "reference", "DAAAA"),
        *thresholds,
        name="Reports",
    )
    ages = _widget(
        "svggraph",
        5,
        *_legend(1, 2),
        ("STRING", "ds.0.color", "2AB5FF"),
        ("STRING", "ds.0.items.0", "*: Age of the data"),
        ("STRING", "reference", "DAAAB"),
        name="Age of the data",
    )
    problems = _widget("problems", 5, ("STRING", "reference", "DAAAC"), name="Problems")
    return (
        outcomes.replace(width=72),
        ages.replace(width=36, y=4),
        problems.replace(width=36, x=36, y=4),
    )
