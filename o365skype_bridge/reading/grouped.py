"""The figures of one file by group of users: the same tallies, once for each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o365skype_bridge.model.values import Sample
from o365skype_bridge.reading.lines import of_rows
from o365skype_bridge.reading.tallies import Tallies, given

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from o365skype_bridge.model.declare import Metric
    from o365skype_bridge.reading.groups import Groups
    from o365skype_bridge.reading.lines import Row
    from o365skype_bridge.reading.table import Rows
    from o365skype_bridge.reading.tallies import ByGroup


MOST_WAITING = 10_000
"""Rows that wait until there are enough of each group to be counted at C speed."""


class Grouped:
    """The figures of each group. ``known`` says whether the groups' file names one of the users."""

    def __init__(
        self, groups: Groups, metrics: Sequence[Metric], table: Rows, reading: str
    ) -> None:
        """Count nothing yet."""
        self.known = False
        self._groups = groups
        self._tallies = {name: Tallies(metrics, table, reading) for name in groups.names}
        self._waiting: dict[str, list[Row]] = {}
        self._number = 0

    def add(self, rows: Sequence[Row], names: Sequence[str]) -> None:
        """Take some rows, which are of these users."""
        self.known = self.known or self._groups.knows(names)
        waiting = self._waiting
        for row, group in zip(rows, self._groups.of(names), strict=True):
            if group in waiting:
                waiting[group].append(row)
            else:
                waiting[group] = [row]
        self._number += len(rows)
        if self._number >= MOST_WAITING:
            self._count()

    def _count(self) -> None:
        for group, rows in self._waiting.items():
            self._tallies[group].count(of_rows(rows, len(rows[0])))
        self._waiting = {}
        self._number = 0

    def by_group(self, names: Collection[str]) -> ByGroup:
        """Give the figures of these dotted names by group and name."""
        self._count()
        return {
            (group, name): value
            for group, tallies in self._tallies.items()
            for name, value in tallies.figures().items()
            if name in names
        }

    def samples(
        self, day: date, period: ByGroup, metrics: Sequence[Metric], names: Collection[str]
    ) -> Iterator[Sample]:
        """Give the figures as samples of a day, group by group.

        There are those of these dotted names: what nobody knows of everybody is known of no group.
        """
        self._count()
        for group, tallies in self._tallies.items():
            figures, limits = given(metrics, tallies.figures(), period, group), tallies.limits()
            for metric in metrics:
                name = metric.dotted
                if name in figures and name in names:
                    most = period.get((group, name)) if metric.limited else limits.get(name)
                    yield Sample(metric=metric, value=figures[name], day=day, max=most, group=group)
