"""Reports over another period than the usual one: the same declaration, for more days."""

from __future__ import annotations

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.shape import DAY, OTHERS, PERIODS, USUAL

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from o365skype_bridge.model.declare import Metric, Report
    from o365skype_bridge.model.wording import Wording

KNOWN = f"Periods are {', '.join(PERIODS)}."


def words(period: str) -> str:
    """Say of a period how long it is."""
    return f"over {PERIODS[period]} days"


def has_periods(report: Report) -> bool:
    """Say whether Graph has a report over several periods: a list or a derived one has none."""
    return not report.is_list and report.shape.kind != OTHERS


def over(report: Report, period: str) -> Report:
    """Declare a report over one of `PERIODS`: another name, and figures that carry the period.

    Those of users are what the period's one file says, and no part of anything.
    """
    if period == report.shape.period:
        return report
    by_day = report.shape.kind == DAY
    return report.replace(
        name=f"{report.name}-{period.lower()}",
        usual=report,
        title=f"{report.title} {words(period)}",
        shape=report.shape.replace(period=period, asks_day=False),
        metrics=tuple(
            _metric(metric, period, "" if by_day else f"in the {PERIODS[period]} days")
            for metric in report.metrics
        ),
        wording=report.wording and _wording(report.wording, period),
    )


def _metric(metric: Metric, period: str, when: str) -> Metric:
    """Give a metric over a period; ``when`` says so, unless each figure is of a day."""
    said = metric.help.partition(";")[0].rstrip(".") + "." if metric.limited else metric.help
    for usual in ("on the day", "in the period") if when else ():
        said = said.replace(usual, when)
    return metric.replace(period=period, help=said, limited=False, of_period=False)


def _wording(wording: Wording, period: str) -> Wording:
    return wording.replace(
        blocks=tuple(
            block.replace(words=tuple(words.replace(period=period) for words in block.words))
            for block in wording.blocks
        )
    )


def split(name: str) -> tuple[str, str]:
    """Give the name of the usual report, and the period that a name ends with, if it does."""
    base, _, last = name.rpartition("-")
    period = last.upper()
    return (base, period) if period in PERIODS and period != USUAL else (name, "")


def read(texts: Iterable[str], setting: str) -> tuple[str, ...]:
    """Read periods, each once. Raises `UsageError` with the setting that they are from."""
    found = tuple(dict.fromkeys(text.upper() for text in texts))
    unknown = [period for period in found if period not in PERIODS]
    if unknown:
        raise UsageError(f"{setting}: there is no period {unknown[0][:60]!a}", KNOWN)
    return found


def spread(
    reports: Sequence[Report], periods: Sequence[str], names: Sequence[str], setting: str
) -> tuple[Report, ...]:
    """Give reports over each of the periods.

    One that has none stays as it is, and so does one whose name says its period. Raises
    `UsageError` for one without periods that is among the ``names`` that somebody gave.
    """
    found: dict[str, Report] = {}
    for report in reports:
        if not has_periods(report) and report.name in names:
            raise no_periods(report, setting)
        fixed = not has_periods(report) or report.shape.period != USUAL
        for one in (report,) if fixed else [over(report, period) for period in periods]:
            found[one.name] = one
    return tuple(found.values())


def no_periods(report: Report, setting: str) -> UsageError:
    """Refuse a period of a report that has none."""
    why = "a list as it is now" if report.is_list else "derived from other reports"
    return UsageError(
        f"{setting}: {report.name} has no periods, because it is {why}",
        "Ask for it without a period.",
    )
