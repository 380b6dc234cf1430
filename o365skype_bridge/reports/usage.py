"""The two usage reports that Centreon's connector has: devices by kind, and activities by user.

Their other columns are figures that the connector has no words for, so that status lines and
perfdata do not speak of them. A file may lack them. What is of the period is counted in its file,
which has every user; that of a day has only those who were active.
"""

from __future__ import annotations

from o365skype_bridge.model.declare import PERSON, Metric, Report, Tally
from o365skype_bridge.model.units import COUNT, DEVICES, USERS, Unit
from o365skype_bridge.model.wording import Block, Wording, Words

PERMISSION = "Reports.Read.All"

Pair = tuple[Metric, Words]

Column = tuple[str, str, str]
"""A label's value, what it is in words, and the column with it."""


def more(  # noqa: PLR0913 a figure has that many words
    kind: str,
    name: str,
    unit: Unit,
    title: str,
    help_: str,
    *columns: Column,
    label: str = "",
    of_period: bool = False,
) -> tuple[Metric, ...]:
    """Declare the figures of columns that a file may lack, counted alike.

    ``{}`` in ``title`` and ``help_`` stands for what a column is in words.
    """
    return tuple(
        Metric(
            name=name,
            unit=unit,
            help=help_.format(words),
            title=title.format(words),
            tally=Tally(kind=kind, columns=(column,), optional=(column,)),
            label=label,
            value=value,
            of_period=of_period,
        )
        for value, words, column in columns
    )


def once(  # noqa: PLR0913 a figure has that many words
    kind: str,
    name: str,
    unit: Unit,
    title: str,
    help_: str,
    column: str,
    *,
    of_period: bool = False,
) -> tuple[Metric, ...]:
    """Declare the figure of one column that a file may lack."""
    return more(kind, name, unit, title, help_, ("", "", column), of_period=of_period)


def devices_usage(
    name: str,
    product: str,
    function: str,
    devices: tuple[tuple[str, str, str, str], ...],
    *others: Metric,
) -> Report:
    """Declare a report of yes/no cells by kind of device.

    Each of ``devices`` is label value, title, CSV column and perfdata label. ``others`` are figures
    without words of the connector's.
    """
    namespace = f"{name.partition('-')[0]}.devices"
    active = Metric(
        name=f"{namespace}.active.count",
        unit=DEVICES,
        help="Devices used on the day; the maximum is those of the seven days.",
        title="Active devices",
        tally=Tally(kind="yes", columns=tuple(row[2] for row in devices)),
        limited=True,
    )
    kinds = [
        Metric(
            name=f"{namespace}.*.count",
            unit=COUNT,
            help=f"Users of {product} on {title} on the day.",
            title=title,
            tally=Tally(kind="yes", columns=(column,)),
            label="device",
            value=value,
        )
        for value, title, column, _ in devices
    ]
    return Report(
        name=name,
        title=f"{product} devices usage",
        function=function,
        permission=PERMISSION,
        namespace=namespace,
        metrics=(active, *kinds, *others),
        wording=Wording(
            blocks=(
                Block(name="active", words=(_words(active, "active_devices"),)),
                Block(
                    name="global",
                    prefix="Users count by device type : ",
                    words=tuple(
                        _words(metric, row[3]) for metric, row in zip(kinds, devices, strict=True)
                    ),
                ),
            )
        ),
    )


def users_activity(
    name: str,
    product: str,
    function: str,
    activities: tuple[tuple[str, str, str, str, str], ...],
    *others: Metric,
) -> Report:
    """Declare a report of counts by user.

    Each of ``activities`` is the middle of the metric's name, title, CSV column, perfdata label
    and what is counted. ``others`` are figures without words of the connector's.
    """
    namespace = f"{name.partition('-')[0]}.users"
    active = Metric(
        name=f"{namespace}.active.count",
        unit=USERS,
        help="Users active on the day; the maximum is the users of the seven days.",
        title="Active users",
        tally=Tally(kind="rows"),
        limited=True,
    )
    totals: list[Pair] = []
    singles: list[Pair] = []
    for middle, title, column, legacy, counted in activities:
        total = Metric(
            name=f"{namespace}.{middle}.total.count",
            unit=COUNT,
            help=f"{counted} on the day by all users.",
            title=title,
            tally=Tally(kind="sum", columns=(column,)),
        )
        single = total.replace(
            name=f"{namespace}.{middle}.count",
            help=f"{counted} on the day by one user.",
            label=PERSON,
        )
        totals.append((total, _words(total, f"total_{legacy}")))
        singles.append((single, _words(single, legacy)))
    return Report(
        name=name,
        title=f"{product} users activity",
        function=function,
        permission=PERMISSION,
        namespace=namespace,
        metrics=(active, *(metric for metric, _ in (*totals, *singles)), *others),
        wording=Wording(
            blocks=(
                Block(name="active", words=(_words(active, "active_users"),)),
                Block(name="global", prefix="Total ", words=_said(totals)),
                Block(
                    name="users",
                    prefix="User '{}' ",
                    all_ok="All users activity are ok",
                    words=_said(singles),
                ),
            )
        ),
    )


def _words(metric: Metric, label: str) -> Words:
    """Give the connector's words for a metric; its titles are ours."""
    return Words(metric=metric.dotted, title=metric.title, label=label)


def _said(pairs: list[Pair]) -> tuple[Words, ...]:
    return tuple(words for _, words in pairs)
