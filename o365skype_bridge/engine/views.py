"""How each tenant's results are looked at: whose rows count, and who is told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o365skype_bridge.reading.count import View, compile_filter
from o365skype_bridge.reading.groups import Groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o365skype_bridge.settings.values import Tenant

    Views = dict[str, View]


def compiled(filter_user: str, *, per_user: bool) -> View:
    """Give the view of tenants without groups. Raises `UsageError` for an unusable filter."""
    return View(wanted=compile_filter(filter_user), per_user=per_user)


def of(tenants: Sequence[Tenant], plain: View, *, by_group: bool) -> Views:
    """Give each tenant's view, by its name; those of one groups' file share what it says.

    It is not read yet. Raises `UsageError` where there is no such file.
    """
    given = [(tenant.name, (tenant.groups, tenant.group_minimum)) for tenant in tenants]
    wanted = {one for _, one in given if by_group and one[0]}
    known = {one: plain._replace(groups=Groups(*one)) for one in wanted}
    return {name: known.get(one, plain) for name, one in given}


def read(views: Views) -> None:
    """Have the groups' files read by now. Raises `UsageError` for one that cannot be used."""
    for view in views.values():
        if view.groups:
            view.groups.read()
