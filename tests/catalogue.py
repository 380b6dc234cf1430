"""The reports that outputs, generators and golden files are tested on: small, and never changing.

Two are called as real ones are, so that simulator and installed command know them too. Those of an
imagined product have one report of each shape. What the real ones count is tested in
``tests/reports``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from o365skype_bridge.model.declare import Metric, Report, Tally
from o365skype_bridge.model.shape import BY_DAY, DERIVED, ONE_ROW, by_entity, by_label
from o365skype_bridge.model.units import BYTES, COUNT, MINUTES, PERCENT, SITES, USERS, WORD
from o365skype_bridge.reports.figures import by_column, report, value
from o365skype_bridge.reports.usage import devices_usage, users_activity

DEVICES_USAGE = devices_usage(
    "skype-devices-usage",
    "Skype for Business",
    "getSkypeForBusinessDeviceUsageUserDetail",
    (
        ("windows", "Windows", "Used Windows", "windows"),
        ("ipad", "iPad", "Used iPad", "ipad"),
        ("iphone", "iPhone", "Used iPhone", "iphone"),
        ("android", "Android Phone", "Used Android Phone", "android_phone"),
        ("windowsphone", "Windows Phone", "Used Windows Phone", "windows_phone"),
    ),
)

USERS_ACTIVITY = users_activity(
    "skype-users-activity",
    "Skype for Business",
    "getSkypeForBusinessActivityUserDetail",
    (
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
    ),
)

CATALOGUE = (DEVICES_USAGE, USERS_ACTIVITY)
"""What Centreon's connector has, too."""

ROOMS = report(
    "abacus-rooms",
    "Abacus rooms",
    "getAbacusRoomDetail",
    by_entity("Room Name"),
    "abacus.rooms",
    Metric(
        name="abacus.rooms.active.count",
        unit=SITES,
        help="Rooms with activity in the period; the maximum is all rooms.",
        title="Active rooms",
        tally=Tally(kind="active", columns=("Last Activity Date",)),
        limit=Tally(kind="rows"),
    ),
    Metric(
        name="abacus.rooms.used",
        unit=BYTES,
        help="Storage of all rooms.",
        title="Storage",
        tally=Tally(kind="sum", columns=("Storage Used (Byte)",)),
    ),
    Metric(
        name="abacus.rooms.share",
        unit=PERCENT,
        help="Beads that were moved, of all beads.",
        title="Beads moved",
        tally=Tally(kind="ratio", columns=("Moved", "Beads")),
    ),
)


def alerts(item: Mapping[str, Any], _today: date) -> Iterator[Mapping[str, str]]:
    """Give the row of an alert."""
    yield {"id": item["id"], "state": item["state"], "beads": str(item["beads"])}


READ: dict[str, Report] = {
    "by user": devices_usage(
        "abacus-devices-usage",
        "Abacus",
        "getAbacusUserDetail",
        (("wood", "Wood", "Used Wood", "wood"),),
    ),
    "by entity": ROOMS,
    "by day": report(
        "abacus-room-counts",
        "Abacus rooms by day",
        "getAbacusRoomCounts",
        BY_DAY.replace(where=(("Room Type", "All"),)),
        "abacus.daily",
        value(
            "abacus.daily.active.count",
            USERS,
            "Users in rooms by day",
            "Active",
            "Users in rooms on the day; the maximum is all users.",
            most="Total",
        ),
        *by_column(
            "abacus.daily.minutes.*",
            MINUTES,
            "kind",
            (("add", "addition", "Adding"), ("divide", "division", "Dividing")),
            "Minutes of {} on the day.",
            "Minutes of {}",
        ),
    ),
    "one row": report(
        "abacus-distribution",
        "Abacus users by material",
        "getAbacusDistribution",
        ONE_ROW,
        "abacus.period",
        *by_column(
            "abacus.period.*.count",
            USERS,
            "material",
            (("wood", "wood", "Wood"), ("steel", "steel", "Steel")),
            "Users of {} in the period.",
            "Users of {} in the period",
        ),
    ),
    "by label": report(
        "abacus-products",
        "Abacus products",
        "getAbacusProducts",
        by_label("product", "Product Type"),
        "abacus.products",
        value(
            "abacus.products.active.count",
            USERS,
            "Users of the product",
            "Active",
            "Users of a product in the period.",
            label=("product", ""),
        ),
    ),
    "list": Report(
        name="abacus-alerts",
        title="Abacus alerts",
        function="healthOverviews",  # the simulator serves whatever it is told to, at this address
        permission="ServiceHealth.Read.All",
        namespace="abacus.alerts",
        path="/admin/serviceAnnouncement/healthOverviews",
        rows=alerts,
        shape=by_label("alert", "id"),
        metrics=(
            value("abacus.alerts.state", WORD, "State", "state", "How it is.", label=("alert", "")),
            value(
                "abacus.alerts.beads.count",
                COUNT,
                "Beads lost",
                "beads",
                "Beads that it has cost.",
                label=("alert", ""),
            ),
        ),
    ),
}
"""One report of each shape that is read; only the first has the wording of Centreon's."""

SHAPES: dict[str, Report] = {
    **READ,
    "from others": Report(
        name="abacus-compared",
        title="Abacus compared",
        function="",
        permission="Reports.Read.All",
        namespace="abacus.compared",
        shape=DERIVED,
        sources=(READ["by user"], READ["by day"]),
        metrics=(
            Metric(
                name="abacus.compared.active.count",
                unit=COUNT,
                help="Devices and users on the day.",
                title="Devices and users",
                tally=Tally(
                    kind="of", columns=("abacus.devices.active.count", "abacus.daily.active.count")
                ),
            ),
            Metric(
                name="abacus.compared.share",
                unit=PERCENT,
                help="Devices on the day, of devices and users.",
                title="Part of devices",
                tally=Tally(
                    kind="share",
                    columns=("abacus.devices.active.count", "abacus.daily.active.count"),
                ),
            ),
        ),
    ),
}
"""And one that is derived from others."""
