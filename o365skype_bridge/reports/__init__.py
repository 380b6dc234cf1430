"""The families of reports. One more is one file here and one line in this table.

A report's name begins with its family's. A family's file holds declarations only and is imported
when one of its reports is asked for; the order here is the one in which everything is listed.
"""

from __future__ import annotations

from importlib import import_module

from o365skype_bridge.errors import UsageError, meant
from o365skype_bridge.model.shape import USUAL

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from o365skype_bridge.model.declare import Report

FAMILIES = {
    "skype": "Skype for Business: devices and activities of users.",
    "teams": "Microsoft Teams: devices and activities of users.",
    "migration": "From Skype for Business to Teams: users, calls and meetings of both, day by day.",
    "health": "Service health: the status of every service, and open issues.",
    "credentials": "The application's own secrets and certificates: when they end.",
}

DEFAULT = (
    "skype-devices-usage",
    "skype-users-activity",
    "teams-devices-usage",
    "teams-users-activity",
)
"""What is asked for unless somebody says otherwise: what Centreon's two connectors ask for."""

EXPIRY = "credentials-expiry"
"""The report that tells how long the application can sign in."""

EVERY = ", ".join(FAMILIES)
ENDINGS = ("-d30", "-d90", "-d180")
"""What the name of a report over another period than the usual one ends with."""

LISTING = "'o365skype-bridge list reports' shows all"


def family_of(name: str) -> str:
    """Give the family that a name of a report or a family belongs to, if there is such a one."""
    family = name.partition("-")[0]
    return family if family in FAMILIES else ""


def load(family: str) -> tuple[Report, ...]:
    """Import one family, all of it, and nothing of the others."""
    first = import_module(f"{__name__}.{family}")
    reports: tuple[Report, ...] = first.REPORTS
    more = getattr(first, "MORE", "")
    return (*reports, *import_module(f"{__name__}.{more}").REPORTS) if more else reports


def named(name: str) -> Report | None:
    """Give one report, and import no more of its family than has to be.

    A name may end with a period, as in ``skype-devices-usage-d30``.
    """
    usual = _usual(name)
    if usual is not None or not name.endswith(ENDINGS):
        return usual
    from o365skype_bridge.model import period  # noqa: PLC0415 few ask for another than the usual one

    base, wanted = period.split(name)
    found = _usual(base)
    return period.over(found, wanted) if found and period.has_periods(found) else None


def _usual(name: str) -> Report | None:
    family = family_of(name)
    usual = import_module(f"{__name__}.{family}").REPORTS if family else ()
    found = [report for report in usual if report.name == name]
    found = found or [report for report in (load(family) if family else ()) if report.name == name]
    return found[0] if found else None


def catalogue(periods: Sequence[str] = ()) -> tuple[Report, ...]:
    """Give every report there is, and those that have periods over these, too."""
    return _spread((report for family in FAMILIES for report in load(family)), periods)


def _spread(found: Iterable[Report], periods: Sequence[str]) -> tuple[Report, ...]:
    reports = tuple(found)
    if not periods or not reports:
        return reports
    from o365skype_bridge.model import period  # noqa: PLC0415 few ask for another than the usual one

    return period.spread(reports, (USUAL, *periods), (), "")


def chosen(names: Iterable[str], setting: str) -> tuple[Report, ...]:
    """Give the reports that names of reports and families stand for, each once; none: the default.

    Raises `UsageError` with the setting that they are from for a name that means nothing.
    """
    found = (report for name in tuple(names) or DEFAULT for report in _meant(name, setting))
    return tuple({report.name: report for report in found}.values())


def mentioned(words: Iterable[str], periods: Sequence[str] = ()) -> tuple[Report, ...]:
    """Give the reports that some words may be about, over these periods too.

    The words are not judged.
    """
    found = {}
    for word in words:
        one = named(word) if word not in FAMILIES else None
        for report in (one,) if one else load(word) if word in FAMILIES else ():
            found[report.name] = report
    return _spread(found.values(), periods)


def _meant(name: str, setting: str) -> tuple[Report, ...]:
    family = family_of(name)
    if name and name == family:
        return load(family)
    found = named(name) if family else None
    if found is None:
        refuse_period(name, setting)
        names = [report.name for report in (load(family) if family else ())]
        known = f"Known of {family}: {', '.join(names)}" if family else f"Families are {EVERY}"
        near = meant(name, names or [*FAMILIES, *(report.name for report in catalogue())])
        raise UsageError(
            f"{setting}: there is no report {name[:60]!a}", f"{near}{known}; {LISTING}."
        )
    return (found,)


def refuse_period(name: str, setting: str) -> None:
    """Refuse a name that asks for a period of a report that has none. Raises `UsageError`."""
    usual = _usual(name.rpartition("-")[0]) if name.endswith(ENDINGS) else None
    if usual is not None:
        from o365skype_bridge.model import period  # noqa: PLC0415 few ask for another than the usual one

        raise period.no_periods(usual, setting)
