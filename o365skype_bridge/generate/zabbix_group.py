"""Which template shows which reports, and what its keys, macros and problems are called."""

from __future__ import annotations

from collections.abc import Sequence

from o365skype_bridge.generate.zabbix_parts import Trigger
from o365skype_bridge.generate.zabbix_plan import Plan
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.outputs.zabbix_part import USAGE, group_of


class Group(Frozen):
    """The reports of one template.

    The first group has the bridge itself besides, which every host has once: problems of the
    others depend on those ``above``, of its template. Keys stand on a host once, so those of the
    others carry the group's name, and so do macros of discovery in their keys.
    """

    id: str
    template: str
    reports: tuple[Report, ...]
    above: tuple[Trigger, ...] = ()

    @property
    def is_first(self) -> bool:
        """Whether it is the one that has the bridge."""
        return self.id == USAGE

    @property
    def title(self) -> str:
        """What names of its own items and problems begin with."""
        return "Microsoft 365" if self.is_first else self.id.capitalize()

    @property
    def words(self) -> str:
        """The names of its reports, as a command line takes them."""
        return ",".join(report.name for report in self.reports)

    @property
    def is_by_user(self) -> bool:
        """Whether users can be chosen."""
        return self.is_first or any(report.is_by_user for report in self.reports)

    @property
    def has_users(self) -> bool:
        """Whether there are figures of single users."""
        return any(metric.per_user for report in self.reports for metric in report.metrics)

    def key(self, what: str) -> str:
        """Give the key of something that every group has."""
        return f"o365.{'bridge' if self.is_first else self.id}.{what}"

    def rule(self, what: str) -> str:
        """Give the key of a discovery rule."""
        return f"o365.{what}.discovery" if self.is_first else f"o365.{self.id}.{what}.discovery"

    def graph(self, name: str) -> str:
        """Give the name of a graph that every group has; a host has one of each name."""
        return name if self.is_first else f"{name} ({self.title})"

    def macro(self, name: str) -> str:
        """Give a macro of discovery that stands in a key."""
        return f"{{#{name if self.is_first else f'{self.id}.{name}'}}}".upper()


def groups(plan: Plan, reports: Sequence[Report]) -> list[Group]:
    """Give the groups of some reports: the first one always, then in the order of the reports."""
    names = dict.fromkeys((USAGE, *(group_of(report) for report in reports)))
    return [
        Group(
            id=name,
            template=f"Microsoft 365 {name if name == USAGE else name.capitalize()} "
            f"by {plan.method}",
            reports=tuple(report for report in reports if group_of(report) == name),
        )
        for name in names
    ]
