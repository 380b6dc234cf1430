"""How the figures of reports without an ancestor in Perl are declared."""

from __future__ import annotations

from o365skype_bridge.model.declare import Block, Metric, Report, Tally
from o365skype_bridge.model.shape import BY_DAY, ONE_ROW, Shape

PERMISSION = "Reports.Read.All"

Columns = tuple[tuple[str, str, str], ...]
"""Of each figure the value of its label, its title and its column, which may have several names."""


def of_columns(name: str, unit: str, help_: str, label: str, columns: Columns) -> list[Metric]:
    """Declare one metric with a label, whose values are columns that each hold a figure.

    ``{}`` in ``help_`` stands for the title.
    """
    return [
        Metric(
            name=name,
            unit=unit,
            help=help_.format(title),
            title=title,
            legacy=f"{name.replace('.*', '').replace('.', '_')}_{value}",
            tally=Tally(kind="value", columns=(column,)),
            label=label,
            value=value,
        )
        for value, title, column in columns
    ]


def value(name: str, unit: str, help_: str, title: str, column: str, most: str = "") -> Metric:
    """Declare a figure that a cell holds; ``most`` is the column of its natural maximum."""
    return Metric(
        name=name,
        unit=unit,
        help=help_,
        title=title,
        legacy=name.replace(".", "_"),
        tally=Tally(kind="value", columns=(column,)),
        limit=Tally(kind="value", columns=(most,)) if most else None,
    )


def report(
    name: str, title: str, function: str, shape: Shape, namespace: str, metrics: list[Metric]
) -> Report:
    """Declare a usage report whose figures are shown in one block."""
    return Report(
        name=name,
        title=title,
        function=function,
        permission=PERMISSION,
        namespace=namespace,
        shape=shape,
        blocks=(Block(name="all", metrics=tuple(metrics)),),
    )


def daily(name: str, title: str, function: str, namespace: str, metrics: list[Metric]) -> Report:
    """Declare a report with a row a day."""
    return report(name, title, function, BY_DAY, namespace, metrics)


def of_period(
    name: str, title: str, function: str, namespace: str, metrics: list[Metric]
) -> Report:
    """Declare a report with one row for the period."""
    return report(name, title, function, ONE_ROW, namespace, metrics)
