"""Skype for Business usage: devices by kind, sessions and conferences by user."""

from o365skype_bridge.model import Block, Metric, Report, Tally

DEVICES = (
    # label value, title, CSV column, perfdata label
    ("windows", "Windows", "Used Windows", "windows"),
    ("ipad", "iPad", "Used iPad", "ipad"),
    ("iphone", "iPhone", "Used iPhone", "iphone"),
    ("android", "Android Phone", "Used Android Phone", "android_phone"),
    ("windowsphone", "Windows Phone", "Used Windows Phone", "windows_phone"),
)

DEVICES_USAGE = Report(
    name="skype-devices-usage",
    title="Skype for Business devices usage",
    function="getSkypeForBusinessDeviceUsageUserDetail",
    permission="Reports.Read.All",
    namespace="skype.devices",
    blocks=(
        Block(
            name="active",
            metrics=(
                Metric(
                    name="skype.devices.active.count",
                    unit="devices",
                    help="Devices used on the day; the maximum is those of the seven days.",
                    title="Active devices",
                    legacy="active_devices",
                    tally=Tally(kind="yes", columns=tuple(column for _, _, column, _ in DEVICES)),
                    limited=True,
                ),
            ),
        ),
        Block(
            name="global",
            prefix="Users count by device type : ",
            metrics=tuple(
                Metric(
                    name="skype.devices.*.count",
                    unit="count",
                    help=f"Users of Skype for Business on {title} on the day.",
                    title=title,
                    legacy=legacy,
                    tally=Tally(kind="yes", columns=(column,)),
                    label="device",
                    value=value,
                )
                for value, title, column, legacy in DEVICES
            ),
        ),
    ),
)

ACTIVITIES = (
    # middle of the name, title, CSV column, perfdata label, what is counted
    (
        "sessions.p2p",
        "Peer-to-peer Sessions Count",
        "Total Peer-to-peer Session Count",
        "peer_to_peer_sessions",
        "Peer-to-peer sessions used",
    ),
    (
        "conferences.organized",
        "Organized Conference Count",
        "Total Organized Conference Count",
        "organized_conference",
        "Conferences organized",
    ),
    (
        "conferences.participated",
        "Participated Conference Count",
        "Total Participated Conference Count",
        "participated_conference",
        "Conferences joined",
    ),
)

USERS_ACTIVITY = Report(
    name="skype-users-activity",
    title="Skype for Business users activity",
    function="getSkypeForBusinessActivityUserDetail",
    permission="Reports.Read.All",
    namespace="skype.users",
    blocks=(
        Block(
            name="active",
            metrics=(
                Metric(
                    name="skype.users.active.count",
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
                    name=f"skype.users.{name}.total.count",
                    unit="count",
                    help=f"{counted} on the day by all users.",
                    title=title,
                    legacy=f"total_{legacy}",
                    tally=Tally(kind="sum", columns=(column,)),
                )
                for name, title, column, legacy, counted in ACTIVITIES
            ),
        ),
        Block(
            name="users",
            prefix="User '{}' ",
            all_ok="All users activity are ok",
            metrics=tuple(
                Metric(
                    name=f"skype.users.{name}.count",
                    unit="count",
                    help=f"{counted} on the day by one user.",
                    title=title,
                    legacy=legacy,
                    tally=Tally(kind="sum", columns=(column,)),
                    label="user",
                )
                for name, title, column, legacy, counted in ACTIVITIES
            ),
        ),
    ),
)

SKYPE = (DEVICES_USAGE, USERS_ACTIVITY)
