"""The dashboard of a Zabbix template: how the answers are, usage of thirty days, each report."""

from __future__ import annotations

from collections.abc import Sequence

from o365skype_bridge.generate import zabbix_widgets, zabbix_widgets_old
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_layout import paged
from o365skype_bridge.generate.zabbix_parts import Graph, Page, Widget, natural
from o365skype_bridge.generate.zabbix_plan import Plan


def pages(plan: Plan, group: Group, graphs: Sequence[Graph]) -> tuple[Page, ...]:
    """Give the pages for a version: usage first, then how the reports are."""
    old, by_day = plan.version == "6.0", plan.mode == "trapper"
    made = zabbix_widgets_old if old else zabbix_widgets
    found = (
        *paged(
            group.title if not group.is_first else "Usage", made.usage(group, graphs, by_day=by_day)
        ),
        *paged("Reports", made.reports(group)),
    )
    return tuple(
        page.replace(widgets=tuple(sorted(page.widgets, key=_name if old else _place)))
        for page in found
    )


def _name(widget: Widget) -> tuple[list[tuple[str, int]], int, int]:
    return natural(widget.name), widget.y, widget.x


def _place(widget: Widget) -> tuple[int, int]:
    return widget.x, widget.y
