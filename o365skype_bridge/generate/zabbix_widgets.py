"""The widgets of a dashboard from Zabbix 7.0 on: 72 columns, colours, graphs of thirty days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from o365skype_bridge.generate import zabbix_shown
from o365skype_bridge.generate.zabbix_figures import HISTORY
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_layout import Field, rows, split, widget
from o365skype_bridge.generate.zabbix_parts import Graph, Widget
from o365skype_bridge.generate.zabbix_shown import COLOURS, GREEN, RED, YELLOW, Step
from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.outcome import OUTCOMES

COLUMNS = 72
PERIOD: tuple[Field, ...] = (
    ("STRING", "time_period.from", "now-30d"),
    ("STRING", "time_period.to", "now"),
)
FROM_ZERO: Field = ("STRING", "lefty_min", "0")
NUMBER: tuple[Field, ...] = (("INTEGER", "decimal_places", "0"), ("INTEGER", "show.0", "2"))
"""A value alone: the widget's title says what it is."""

SMALL: tuple[Field, ...] = (("INTEGER", "value_size", "20"),)
"""A day or a time would be cut otherwise."""

PROBLEMS: tuple[Field, ...] = (("INTEGER", "show", "3"), ("INTEGER", "show_timeline", "0"))
"""Those that there are, and not those that have just gone."""

STATES: tuple[Step, ...] = (
    ("0", GREEN),
    ("2", YELLOW),
    (str(OUTCOMES.index("forbidden")), RED),
)

PIE_FROM = 3
"""So many parts make a pie worth it."""


def usage(group: Group, graphs: Sequence[Graph], *, by_day: bool) -> list[Widget]:
    """Give the first page: state, day, age and numbers; cause and problems; then graphs.

    They are of what came on each day, or ``by_day`` of what is stamped with the day.
    """
    state = [
        _tile("State", group.key("state"), *_colours(STATES), *SMALL),
        _tile("Report day", group.key("day"), *SMALL),
        _tile("Age of the data", group.key("age"), *SMALL),
    ]
    numbers = [_tile(title, key) for title, key in zabbix_shown.numbers(group)]
    said = [
        _text("Cause", group.key("cause")),
        widget("problems", 3, *PROBLEMS, _named("P", 0), name="Problems", width=2),
    ]
    plain = [graph for graph in graphs if not graph.is_set]
    drawn = [_drawing(number, graph) for number, graph in enumerate(plain)]
    placed = rows(
        COLUMNS,
        [*(one.replace(height=3) for one in state), _outcomes(group, 3, "H").replace(width=3)],
        *split(numbers, 4),
        said,
        *_found(group),
        *split(drawn, 2),
    )
    top = max(one.y + one.height for one in placed)
    for number, (report, title, metrics) in enumerate(_sets(group)):
        lines = _lines(report, title, metrics, number, by_day=by_day)
        row = [lines.replace(width=COLUMNS, y=top)]
        if len(metrics) >= PIE_FROM:
            pie = _pie(report, title, metrics, number)
            row = [pie.replace(width=24, y=top), lines.replace(x=24, width=48, y=top)]
        placed += row
        top += lines.height
    return placed


def reports(group: Group) -> list[Widget]:
    """Give the page about each report: how it went, of which day, how old, how long it took."""
    days = _comb("Newest day of each report", _names(group, "Newest day"), "B", 4)
    return rows(
        COLUMNS,
        [_outcomes(group, 4, "U"), days],
        [
            _over("Age of each report's data", _names(group, "Age of the data"), "C"),
            _over("Time since Graph confirmed", _names(group, _CONFIRMED), "D"),
        ],
        [_over("Duration of the fetch", _names(group, "Duration of the fetch"), "E")],
    )


_CONFIRMED = "Time since Graph confirmed the data"


def _sets(group: Group) -> Iterator[tuple[Report, str, list[Metric]]]:
    for report in group.reports:
        for title, metrics in zabbix_shown.together(report):
            yield report, title, metrics


def _names(group: Group, what: str) -> list[str]:
    return [f"{report.title}: {what}" for report in group.reports]


def _tile(title: str, key: str, *more: Field) -> Widget:
    return widget("item", 2, *NUMBER, *more, ("ITEM", "itemid.0", key), name=title)


def _text(title: str, key: str) -> Widget:
    """Show a whole text, however long; in a tile it would be cut."""
    fields: tuple[Field, ...] = (
        ("STRING", "columns.0.name", title),
        ("ITEM", "columns.0.itemid", key),
        ("INTEGER", "show_lines", "1"),
        ("INTEGER", "show_column_header", "0"),
        *PERIOD,
    )
    return widget("itemhistory", 3, *fields, _named("T", 0), name=title)


def _colours(steps: Sequence[Step]) -> list[Field]:
    return [
        field
        for place, (value, colour) in enumerate(steps)
        for field in (
            ("STRING", f"thresholds.{place}.color", colour),
            ("STRING", f"thresholds.{place}.threshold", value),
        )
    ]


def _named(first: str, number: int) -> Field:
    """Give the five letters that a page's widgets know each other by."""
    letters = ""
    for _ in range(4):
        number, letter = divmod(number, 26)
        letters = chr(ord("A") + letter) + letters
    return ("STRING", "reference", first + letters)


def _legend(lines: int, columns: int = 1) -> tuple[Field, ...]:
    """Names of items are long; four of them beside each other, which is usual, say nothing."""
    return (
        ("INTEGER", "legend_columns", str(columns)),
        ("INTEGER", "legend_lines", str(min(lines, 10))),
    )


def _drawing(number: int, graph: Graph) -> Widget:
    fields: list[Field] = [
        ("INTEGER", "ds.0.dataset_type", "0"),
        ("INTEGER", "ds.0.fill", "1"),
        ("INTEGER", "ds.0.missingdatafunc", "1"),
        ("INTEGER", "ds.0.width", "2"),
        FROM_ZERO,
        *PERIOD,
        *_legend(len(graph.keys)),
    ]
    for place, key in enumerate(graph.keys):
        fields.append(("STRING", f"ds.0.color.{place}", COLOURS[place % len(COLOURS)]))
        fields.append(("ITEM", f"ds.0.itemids.{place}", key))
    return widget("svggraph", 6, *fields, _named("A", number), name=graph.name)


def _lines(
    report: Report, title: str, metrics: Sequence[Metric], number: int, *, by_day: bool
) -> Widget:
    """Draw figures that a label tells apart, each in a colour of its own."""
    fields: list[Field] = [FROM_ZERO, *PERIOD, *_legend((len(metrics) + 1) // 2, 2)]
    for place, metric in enumerate(metrics):
        if by_day:
            fields.append(("STRING", f"ds.{place}.color.0", COLOURS[place % len(COLOURS)]))
            fields.append(("INTEGER", f"ds.{place}.dataset_type", "0"))
            fields.append(("ITEM", f"ds.{place}.itemids.0", HISTORY.format(metric.key)))
        else:
            fields += _set(place, zabbix_shown.item_of(report, metric))
        fields.append(("INTEGER", f"ds.{place}.width", "2"))
        fields.append(("INTEGER", f"ds.{place}.missingdatafunc", "1"))
        fields.append(("INTEGER", f"ds.{place}.fill", "1"))
    return widget("svggraph", 6, *fields, _named("F", number), name=title)


def _pie(report: Report, title: str, metrics: Sequence[Metric], number: int) -> Widget:
    """Share the newest figures among a pie; the graph beside it has the same colours."""
    fields: list[Field] = [*PERIOD, ("INTEGER", "legend", "0")]
    for place, metric in enumerate(metrics):
        fields += _set(place, zabbix_shown.item_of(report, metric))
    fields += [("INTEGER", "draw_type", "1"), ("INTEGER", "total_show", "1")]
    fields += [("INTEGER", "decimal_places", "0"), ("INTEGER", "width", "40")]
    return widget("piechart", 6, *fields, _named("G", number), name=f"{title}, newest")


def _set(place: int, item: str) -> tuple[Field, ...]:
    return (
        ("STRING", f"ds.{place}.color", COLOURS[place % len(COLOURS)]),
        ("STRING", f"ds.{place}.items.0", item),
    )


def _over(title: str, items: Sequence[str], letter: str) -> Widget:
    """Draw items of reports, each in a colour of its own."""
    fields: list[Field] = [FROM_ZERO, *PERIOD, *_legend((len(items) + 1) // 2, 2)]
    for place, name in enumerate(items):
        fields += _set(place, name)
        fields.append(("INTEGER", f"ds.{place}.fill", "0"))
        fields.append(("INTEGER", f"ds.{place}.width", "2"))
        fields.append(("INTEGER", f"ds.{place}.missingdatafunc", "1"))
    return widget("svggraph", 5, *fields, _named(letter, 0), name=title)


def _outcomes(group: Group, height: int, letter: str) -> Widget:
    return _comb("Reports", _names(group, "Outcome"), letter, height, STATES)


def _comb(
    title: str,
    items: Sequence[str],
    letter: str,
    height: int,
    steps: Sequence[Step] = (),
    label: str = "",
) -> Widget:
    """Show each item in a cell of its own, with its name between the label and the last colon."""
    return widget(
        "honeycomb",
        height,
        *(("STRING", f"items.{place}", name) for place, name in enumerate(items)),
        ("STRING", "primary_label", f'{{{{ITEM.NAME}}.regsub("^{label}(.*): ","\\1")}}'),
        ("INTEGER", "secondary_label_decimal_places", "0"),
        _named(letter, 0),
        *_colours(steps),
        name=title,
    )


def _found(group: Group) -> list[list[Widget]]:
    """Show what is found in the data: in colour by declared ranges, other numbers as graphs."""
    made: list[list[Widget]] = []
    pairs = zabbix_shown.found(group)
    for label in dict.fromkeys(metric.label for _, metric in pairs):
        own = [metric for _, metric in pairs if metric.label == label]
        ranged = [metric for metric in own if metric.warning or metric.critical]
        drawn = [metric for metric in own if not metric.is_text and metric not in ranged]
        # Without a number the first text says what it is about.
        combs = ranged or ([] if drawn else own[:1])
        letter = chr(ord("I") + len(made))
        made.append(
            [
                _comb(
                    f"{label.capitalize()}s: {metric.short}",
                    [f"{label.capitalize()} *: {metric.short}"],
                    letter,
                    5,
                    zabbix_shown.steps(metric) if metric in ranged else (),
                    f"{label.capitalize()} ",
                )
                for metric in combs
            ]
        )
        if drawn:
            made.append(
                [
                    _over(
                        f"{label.capitalize()}s: {metric.short}",
                        [f"{label.capitalize()} *: {metric.short}"],
                        chr(ord(letter) + 8 + place),
                    )
                    for place, metric in enumerate(drawn)
                ]
            )
    return [row for row in made if row]
