"""What a run gives: samples, results and collections."""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from o365skype_bridge.model.declare import Metric, Report
    from o365skype_bridge.model.outcome import Outcome
else:
    from _datetime import date  # what `datetime` wraps, without its twin in Python

SECONDS_PER_DAY = 86400


PERIOD, GROUP = "period", "group"
LABELS = (PERIOD, GROUP)
"""The labels that a sample of any metric may have before the metric's own."""


class Sample(Frozen):
    """One value of one day. ``max`` is the period's figure, ``user`` is for per-user metrics.

    ``group`` is the group of users that it is about, blank for everybody. ``rest`` is the number of
    users that this is the sum of, when it is not of one.
    """

    metric: Metric
    value: int | float | str
    day: date
    max: int | float | None = None
    user: str = ""
    rest: int = 0
    group: str = ""

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """What tells this sample from others of the same metric."""
        metric = self.metric
        found = ((metric.label, metric.value or self.user),) if metric.label else ()
        if self.group:
            found = ((GROUP, self.group), *found)
        return ((PERIOD, metric.period), *found) if metric.period else found


class ReportResult(Frozen):
    """What one report of one tenant gave. Times are seconds since the epoch, UTC.

    ``samples`` are those of ``refresh_date`` and, where they are held, of days before it.
    ``collected_at`` is when they were read, ``confirmed_at`` when Graph last said that they are
    the newest; where it never did, ``failing_since`` is when asking it first failed.
    ``notes`` are remarks that do not change the outcome, such as concealed names.
    ``reading`` is the only one of `READINGS` that gives these figures; blank where every one does.
    """

    report: Report
    tenant: str
    outcome: Outcome
    samples: tuple[Sample, ...] = ()
    refresh_date: date | None = None
    collected_at: float | None = None
    confirmed_at: float | None = None
    failing_since: float | None = None
    fetch_seconds: float | None = None
    calls: int = 0
    concealed: bool = False
    notes: tuple[str, ...] = ()
    reading: str = ""

    def age_seconds(self, now: float) -> int | None:
        """Give the age of the data: seconds since its newest day ended, or a list was read."""
        if self.report.is_list:
            return None if self.collected_at is None else max(int(now - self.collected_at), 0)
        if self.refresh_date is None:
            return None
        return int(now - day_start(self.refresh_date) - SECONDS_PER_DAY)

    def time_of(self, sample: Sample) -> float:
        """Give the time of a sample: the beginning of its day, or when a list was read."""
        if self.report.is_list and self.collected_at is not None:
            return self.collected_at
        return day_start(sample.day)

    def confirmed_seconds(self, now: float) -> int | None:
        """Give the time since Graph last confirmed the figures."""
        return None if self.confirmed_at is None else max(int(now - self.confirmed_at), 0)

    def unconfirmed_seconds(self, now: float) -> int:
        """Give the time since Graph last confirmed figures, or since it first failed to give any.

        It is 0 of what nobody has waited for yet.
        """
        since = self.failing_since if self.confirmed_at is None else self.confirmed_at
        return 0 if since is None else max(int(now - since), 0)

    @property
    def newest(self) -> tuple[Sample, ...]:
        """The samples of the newest day that has any."""
        newest = max((sample.day for sample in self.samples), default=None)
        return tuple(sample for sample in self.samples if sample.day == newest)


class Collection(Frozen):
    """The results of one run, in the order asked for, and the UTC clock they are looked at."""

    results: tuple[ReportResult, ...]
    now: float

    @property
    def tenants(self) -> tuple[str, ...]:
        """The tenants in it, in order."""
        return tuple(dict.fromkeys(result.tenant for result in self.results))

    def of_tenant(self, tenant: str) -> Iterator[ReportResult]:
        """Give one tenant's results."""
        return (result for result in self.results if result.tenant == tenant)


EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def day_of(text: str) -> date | None:
    """Read a day like 2026-11-20; None where it is none, or written in another way."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


def today(now: float) -> date:
    """Give the day of an epoch second, in UTC."""
    return date.fromordinal(EPOCH_ORDINAL + int(now // SECONDS_PER_DAY))


def tomorrow(now: float) -> date:
    """Give the day after an epoch second, in UTC; no report can be of a later one."""
    return date.fromordinal(today(now).toordinal() + 1)


def day_start(day: date) -> int:
    """Give the epoch second at which a day begins in UTC."""
    return (day.toordinal() - EPOCH_ORDINAL) * SECONDS_PER_DAY
