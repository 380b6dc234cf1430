"""The two shapes of usage reports: devices by kind, and activities by user."""

from o365skype_bridge.model.declare import Block, Metric, Report, Tally

PERMISSION = "Reports.Read.All"


def devices_usage(
    name: str, product: str, function: str, devices: tuple[tuple[str, str, str, str], ...]
) -> Report:
    """Declare a report of yes/no cells by kind of device.

    Each of ``devices`` is label value, title, CSV column and perfdata label.
    """
    namespace = f"{name.partition('-')[0]}.devices"
    return Report(
        name=name,
        title=f"{product} devices usage",
        function=function,
        permission=PERMISSION,
        namespace=namespace,
        blocks=(
            Block(
                name="active",
                metrics=(
                    Metric(
                        name=f"{namespace}.active.count",
                        unit="devices",
                        help="Devices used on the day; the maximum is those of the seven days.",
                        title="Active devices",
                        legacy="active_devices",
                        tally=Tally(kind="yes", columns=tuple(row[2] for row in devices)),
                        limited=True,
                    ),
                ),
            ),
            Block(
                name="global",
                prefix="Users count by device type : ",
                metrics=tuple(
                    Metric(
                        name=f"{namespace}.*.count",
                        unit="count",
                        help=f"Users of {product} on {title} on the day.",
                        title=title,
                        legacy=legacy,
                        tally=Tally(kind="yes", columns=(column,)),
                        label="device",
                        value=value,
                    )
                    for value, title, column, legacy in devices
                ),
            ),
        ),
    )


def users_activity(
    name: str, product: str, function: str, activities: tuple[tuple[str, str, str, str, str], ...]
) -> Report:
    """Declare a report of counts by user.

    Each of ``activities`` is the middle of the metric's name, title, CSV column, perfdata label
    and what is counted.
    """
    namespace = f"{name.partition('-')[0]}.users"
    return Report(
        name=name,
        title=f"{product} users activity",
        function=function,
        permission=PERMISSION,
        namespace=namespace,
        blocks=(
            Block(
                name="active",
                metrics=(
                    Metric(
                        name=f"{namespace}.active.count",
                        unit="users",
                        help="Users active on the day; the maximum is the users of the seven days.",
                        title="Active users",
                        legacy="active_users",
                        tally=Tally(kind="rows"),
                        limited=True,
                    ),
                ),
            ),
            Block(
                name="global",
                prefix="Total ",
                metrics=tuple(
                    Metric(
                        name=f"{namespace}.{middle}.total.count",
                        unit="count",
                        help=f"{counted} on the day by all users.",
                        title=title,
                        legacy=f"total_{legacy}",
                        tally=Tally(kind="sum", columns=(column,)),
                    )
                    for middle, title, column, legacy, counted in activities
                ),
            ),
            Block(
                name="users",
                prefix="User '{}' ",
                all_ok="All users activity are ok",
                metrics=tuple(
                    Metric(
                        name=f"{namespace}.{middle}.count",
                        unit="count",
                        help=f"{counted} on the day by one user.",
                        title=title,
                        legacy=legacy,
                        tally=Tally(kind="sum", columns=(column,)),
                        label="user",
                    )
                    for middle, title, column, legacy, counted in activities
                ),
            ),
        ),
    )
