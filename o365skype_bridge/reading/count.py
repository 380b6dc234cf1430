"""Read the figures of one report file, in one pass, in batches, at C speed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from o365skype_bridge.model.patterns import compiled
from o365skype_bridge.model.shape import DAY, SNAPSHOT
from o365skype_bridge.model.values import Sample
from o365skype_bridge.reading import tallies
from o365skype_bridge.reading.cells import number, whole
from o365skype_bridge.reading.choice import EVERYTHING, Choice
from o365skype_bridge.reading.few import Days, Snapshot
from o365skype_bridge.reading.grouped import Grouped
from o365skype_bridge.reading.listing import Listing
from o365skype_bridge.reading.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from o365skype_bridge.model.asked import Asked
    from o365skype_bridge.model.declare import Metric, Report
    from o365skype_bridge.reading.groups import Groups
    from o365skype_bridge.reading.lines import Batch
    from o365skype_bridge.reading.table import Rows
    from o365skype_bridge.reading.tallies import ByGroup

CONCEALED = re.compile(r"[0-9A-F]{32}")
"""What Microsoft puts in a name's place when the tenant conceals names."""


class View(NamedTuple):
    """One way of looking at a file: whose rows count, and which users or groups are told apart.

    ``services`` are the names of a list's items that count; none for all.
    """

    wanted: re.Pattern[str] | None = None
    per_user: bool = False
    services: tuple[str, ...] = ()
    groups: Groups | None = None

    def about(self, report: Report) -> View:
        """Give what of it makes a difference to a report."""
        if report.is_by_user:
            return View(self.wanted, self.per_user, groups=self.groups)
        return View(services=self.services if report.named_by else ())


class Count:
    """The figures of one file with a row a user or an entity, in one view.

    ``rows`` is the number of the file's data rows, whoever they are of, ``matched`` of those that
    count in this view. ``figures`` holds one number a metric, by dotted name, in the order of the
    declaration; ``users`` the numbers of the per-user metrics, in their order, by user.
    ``refresh_date`` is None in a file without rows.
    """

    choice = EVERYTHING

    def __init__(self, view: View, metrics: Sequence[Metric], table: Rows, report: Report) -> None:
        """Start at nothing; ``metrics`` are those of the report that this file has."""
        self._totals = [metric for metric in report.metrics if not metric.per_user]
        self._singles = [metric for metric in metrics if metric.per_user]
        self.rows = self.matched = 0
        self.refresh_date: date | None = None
        self.concealed = False
        self.figures: dict[str, float] = {}
        self.users: dict[str, tuple[int, ...]] = {}
        counted = [metric for metric in metrics if not metric.per_user]
        self._tallies = tallies.Tallies(counted, table, report.reading)
        self._groups = Grouped(view.groups, counted, table, report.reading) if view.groups else None
        self._key = table.places[report.shape.key]
        self._search = view.wanted.search if view.wanted else None
        self._cells = [
            (table.places[metric.tally.columns[0]], metric.tally.columns[0])
            for metric in self._singles
            if view.per_user
        ]

    def add(self, batch: Batch) -> None:
        """Count a batch of rows."""
        self.rows += batch.size
        if self._search:
            batch = batch.only(map(self._search, batch.column(self._key)))
        self.matched += batch.size
        self._tallies.count(batch)
        if self._groups:
            self._groups.add(batch.rows, batch.column(self._key))
        if self._cells:  # of several rows of one user the last one stays
            read = (
                [whole(number(cell, column), column) for cell in batch.column(place)]
                for place, column in self._cells
            )
            self.users.update(zip(batch.column(self._key), zip(*read, strict=True), strict=True))

    @property
    def is_plain(self) -> bool:
        """Whether the figures are the same however the report is read."""
        return self._tallies.is_plain

    @property
    def refused(self) -> tuple[str, ...]:
        """What is wrong with columns that the report can do without."""
        return self._tallies.refused

    def finish(self, refresh_date: date | None, *, concealed: bool) -> None:
        """Take what the file says as a whole. Raises `MalformedError` for figures beyond sense."""
        self.refresh_date, self.concealed = refresh_date, concealed
        self.figures = self._tallies.figures()

    @property
    def by_group(self) -> ByGroup:
        """The figures by group, blank for everybody, and dotted name."""
        totals = {("", name): value for name, value in self.figures.items()}
        return {**totals, **self._groups.by_group(self.figures)} if self._groups else totals

    @property
    def tells_groups(self) -> bool:
        """Whether groups can be told apart: names are shown, and some are in the groups' file."""
        return self._groups is not None and self._groups.known and not self.concealed

    def samples(self, day: date, period: ByGroup) -> tuple[Sample, ...]:
        """Give what was counted as samples of a day: totals in the declared order, groups, users.

        ``period`` are the period's figures: maxima, and what this file has not.
        """
        limits = self._tallies.limits()
        figures = tallies.given(self._totals, self.figures, period)
        totals = [
            Sample(
                metric=metric,
                value=figures[metric.dotted],
                day=day,
                max=period.get(("", metric.dotted))
                if metric.limited
                else limits.get(metric.dotted),
            )
            for metric in self._totals
            if metric.dotted in figures
        ]
        singles = (
            Sample(metric=metric, value=value, day=day, user=user)
            for user in sorted(self.users)
            for metric, value in zip(self._singles, self.users[user], strict=True)
        )
        grouped = self._groups.samples(day, period, self._totals, figures) if self._groups else ()
        return (*totals, *grouped, *singles)


Counted = Count | Days | Snapshot
"""What reading a file gives, by the shape of its report."""


def compile_filter(pattern: str) -> re.Pattern[str] | None:
    """Compile ``--filter-user``; nothing given is no filter. Raises `UsageError`."""
    remedy = "Write it as Python does; a literal dot is \\. and a literal bracket \\(."
    return compiled(pattern, "--filter-user", remedy)


def count(
    body: Iterable[bytes], report: Report, asked: Asked, views: Sequence[View]
) -> list[Counted]:
    """Read one file of ``report`` in one pass, once for every view.

    Every row is checked, whoever is looked at. Where a call of its own gives the day's figures, a
    period file is counted for the maxima and the figures of the period only. Where rows are not of
    users, and nothing is chosen by name, every view shows the same. Raises `MalformedError`.
    """
    table: Rows = (
        Listing(body, report, asked)
        if report.is_list
        else Table(body, report.columns, asked, report.optional)
    )
    if report.shape.kind in (DAY, SNAPSHOT):
        return _few(table, report, [view.about(report) for view in views])
    if report.is_by_user:
        return [*_rows(table, report, asked, views)]
    return [*_rows(table, report, asked, [View()])] * len(views)


def _few(table: Rows, report: Report, views: Sequence[View]) -> list[Counted]:
    shape = Days if report.shape.kind == DAY else Snapshot
    found = {view: shape(report, table, Choice(view.services)) for view in views}
    for batch in table.batches():
        for few in found.values():
            few.add(batch)
    for few in found.values():
        few.finish()
    return [found[view] for view in views]


def _rows(table: Rows, report: Report, asked: Asked, views: Sequence[View]) -> list[Count]:
    metrics = [metric for metric in report.metrics if _has(report, asked, metric)]
    key = table.places[report.shape.key]
    counts = [Count(view, metrics, table, report) for view in views]
    if all(view.wanted for view in views):
        counts.append(Count(View(), metrics, table, report))
    concealed = False
    for batch in table.batches():
        if not counts[0].rows:
            concealed = all(map(CONCEALED.fullmatch, batch.column(key)))
        for counted in counts:
            counted.add(batch)
    for counted in counts:
        counted.finish(table.refresh_date, concealed=concealed)
    return counts[: len(views)]


def _has(report: Report, asked: Asked, metric: Metric) -> bool:
    """Whether a file is one that a metric is counted in."""
    if not report.shape.asks_day:
        return True
    return not metric.of_period if asked.is_day else metric.limited or metric.of_period
