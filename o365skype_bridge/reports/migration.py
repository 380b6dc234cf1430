"""From Skype for Business to Teams: who and what has moved, day by day."""

from __future__ import annotations

from o365skype_bridge.model.declare import Metric, Report, Tally
from o365skype_bridge.model.shape import DERIVED
from o365skype_bridge.model.units import COUNT, PERCENT, USERS, Unit
from o365skype_bridge.reports import skype, teams

PRODUCTS = ("skype", "Skype for Business"), ("teams", "Teams")

COMPARED = (
    # the middle of the name, unit, title, what it is of Skype, and what it is of Teams
    ("users", USERS, "Active users", "skype.users.active.count", "teams.users.active.count"),
    (
        "calls",
        COUNT,
        "Sessions and calls",
        "skype.users.sessions.p2p.total.count",
        "teams.users.call.total.count",
    ),
    (
        "meetings",
        COUNT,
        "Conferences and meetings",
        "skype.users.conferences.participated.total.count",
        "teams.users.meeting.total.count",
    ),
)


def _figure(middle: str, unit: Unit, title: str, product: tuple[str, str], source: str) -> Metric:
    value, name = product
    return Metric(
        name=f"migration.{middle}.*.count",
        unit=unit,
        help=f"{title} of {name} on the day.",
        title=f"{title}: {name}",
        tally=Tally(kind="of", columns=(source,)),
        limited=middle == "users",
        label="product",
        value=value,
    )


def _share(middle: str, title: str, old: str, new: str) -> Metric:
    return Metric(
        name=f"migration.{middle}.share",
        unit=PERCENT,
        help=f"{title} of Teams on the day, of those of both.",
        title=f"{title}: part of Teams",
        tally=Tally(kind="share", columns=(new, old)),
    )


REPORTS = (
    Report(
        name="migration-skype-teams",
        title="From Skype for Business to Teams",
        function="",
        permission="Reports.Read.All",
        namespace="migration",
        shape=DERIVED,
        sources=(skype.USERS_ACTIVITY, teams.USERS_ACTIVITY),
        metrics=(
            *(
                _figure(middle, unit, title, product, source)
                for middle, unit, title, *sources in COMPARED
                for product, source in zip(PRODUCTS, sources, strict=True)
            ),
            *(_share(middle, title, old, new) for middle, _, title, old, new in COMPARED),
        ),
    ),
)
