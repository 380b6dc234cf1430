"""The dashboard of all tenants: no template can hold it, so it is a call of Zabbix's API."""

from __future__ import annotations

import json
from typing import Any

from o365skype_bridge.generate import naming, zabbix_figures
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_plan import Plan
from o365skype_bridge.generate.zabbix_widgets import STATES

INTEGER, TEXT = 0, 1
"""Types of fields, as the API numbers them."""

ITEM, HOST = 1, 2
"""What a column shows."""

TITLE = "Microsoft 365 tenants"


def overview(plan: Plan, group: Group) -> str:
    """Give the call that makes the dashboard; hosts are found by the names of their items."""
    old = plan.version == "6.0"
    columns = 24 if old else 72
    hosts = _widget("tophosts", "Tenants", 0, columns, 6, _hosts(group, old=old))
    problems = _widget("problems", "Problems", 6, columns, 8, _problems(old=old))
    page = {"widgets": [hosts, problems]}
    named = {"name": TITLE, "display_period": 60, "auto_start": 0, "pages": [page]}
    call = {"jsonrpc": "2.0", "method": "dashboard.create", "params": named, "id": 1}
    return json.dumps(call, indent=1) + "\n"


def _widget(
    type_: str, name: str, top: int, width: int, height: int, fields: list[dict[str, Any]]
) -> dict[str, Any]:
    place = {"x": 0, "y": top, "width": width, "height": height}
    return {"type": type_, "name": name, **place, "fields": fields}


def _field(name: str, value: int | str) -> dict[str, Any]:
    return {"type": INTEGER if isinstance(value, int) else TEXT, "name": name, "value": value}


def _hosts(group: Group, *, old: bool) -> list[dict[str, Any]]:
    """Give the columns: the tenant, how it is, of when it is, and the large numbers."""
    shown = [
        ("State", f"{group.title}: State"),
        ("Report day", f"{group.title}: Report day"),
        ("Age", f"{group.title}: Age of the data"),
        *(
            (
                naming.headline(report, metric),
                zabbix_figures.title_of(group, report, metric),
            )
            for report in group.reports
            for metric in report.leading
            if naming.is_headline(metric)
        ),
        ("Cause", f"{group.title}: Cause"),
    ]
    fields = [
        *_column(0, old=old, name="Tenant", data=HOST),
        *(
            field
            for place, (name, item) in enumerate(shown, start=1)
            for field in _column(place, old=old, name=name, data=ITEM, item=item)
        ),
        _field("column", 1),  # the worst state first
    ]
    for place, (value, colour) in enumerate(STATES):
        for what, said in (("color", colour), ("threshold", value)):
            middle = f"{what}.1" if old else f"1.{what}"
            fields.append(_field(f"columnsthresholds.{middle}.{place}", said))
    return [*fields, _field("count" if old else "show_lines", 100)]


PLAIN: dict[str, int | str] = {
    "aggregate_function": 0,
    "base_color": "",
    "display": 1,
    "history": 1,
    "min": "",
    "max": "",
}
"""What a column says of itself besides; without it pages show warnings."""


def _column(place: int, *, old: bool, **values: int | str) -> list[dict[str, Any]]:
    plain: dict[str, int | str] = {"base_color": ""}
    if values["data"] == ITEM:
        own: dict[str, int | str] = {"timeshift": "", "aggregate_interval": "1h"}
        plain = PLAIN | (own if old else {"decimal_places": 0})
    return [
        _field(f"columns.{name}.{place}" if old else f"columns.{place}.{name}", value)
        for name, value in {**plain, **values}.items()
    ]


def _problems(*, old: bool) -> list[dict[str, Any]]:
    """Give the problems of these hosts, with what is in the way beside each."""
    tag: dict[str, int | str] = {"tag": "target", "operator": 1, "value": "microsoft-365"}
    named = [
        _field(f"tags.{name}.0" if old else f"tags.0.{name}", value) for name, value in tag.items()
    ]
    return [*named, _field("show_opdata", 1)]
