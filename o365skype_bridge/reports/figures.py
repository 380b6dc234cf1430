"""How reports without an ancestor in Perl are declared: a cell is a figure."""

from __future__ import annotations

from o365skype_bridge.model.declare import Metric, Report, Tally
from o365skype_bridge.model.shape import Shape
from o365skype_bridge.model.units import Unit

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

PERMISSION = "Reports.Read.All"

Column = tuple[str, str, str]
"""A label's value, a title, and the column that holds the figure, which may have several names."""


def value(  # noqa: PLR0913 a figure has that many words
    name: str,
    unit: Unit,
    title: str,
    column: str,
    help_: str,
    *,
    most: str = "",
    label: tuple[str, str] = ("", ""),
) -> Metric:
    """Declare the figure of a cell.

    ``most`` is the column of its natural maximum, ``label`` its label and that label's value.
    """
    return Metric(
        name=name,
        unit=unit,
        help=help_,
        title=title,
        tally=Tally(kind="value", columns=(column,)),
        limit=Tally(kind="value", columns=(most,)) if most else None,
        label=label[0],
        value=label[1],
    )


def by_column(
    name: str, unit: Unit, label: str, columns: tuple[Column, ...], help_: str, title: str = "{}"
) -> tuple[Metric, ...]:
    """Declare one metric with a label whose values are columns, each with a figure.

    ``{}`` in ``help_`` and ``title`` stands for the column's title.
    """
    return tuple(
        value(
            name,
            unit,
            title.format(shown),
            column,
            help_.format(shown),
            label=(label, label_value),
        )
        for label_value, shown, column in columns
    )


def report(
    name: str, title: str, function: str, shape: Shape, namespace: str, *metrics: Metric
) -> Report:
    """Declare a usage report."""
    return Report(
        name=name,
        title=title,
        function=function,
        permission=PERMISSION,
        namespace=namespace,
        shape=shape,
        metrics=metrics,
    )


def text(item: Mapping[str, Any], name: str) -> str:
    """Give a text of a list's item. Raises `KeyError` or `TypeError` where there is none."""
    found = item[name]
    if not isinstance(found, str) or not found:
        raise TypeError(name)
    return found


def items(item: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Give the list within a list's item. Raises `KeyError` or `TypeError` where there is none."""
    found = item[name]
    if not isinstance(found, list):
        raise TypeError(name)
    return found
