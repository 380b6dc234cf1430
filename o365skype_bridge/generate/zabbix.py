"""Zabbix: one file to import, for a version and a way to get the data; and files for agents."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from o365skype_bridge.generate import (
    rendering,
    zabbix_layout,
    zabbix_overview,
    zabbix_shown,
    zabbix_template,
    zabbix_tenants,
)
from o365skype_bridge.generate.base import FOREIGN_PYTHON, Target
from o365skype_bridge.generate.zabbix_group import groups
from o365skype_bridge.generate.zabbix_parts import shared_triggers, uuid_of
from o365skype_bridge.generate.zabbix_plan import OPTIONS, Plan
from o365skype_bridge.model.declare import Report


def quote(text: object) -> str:
    """Write any text as a YAML string; bare scalars would be numbers or truth values to Zabbix."""
    if not isinstance(text, str):
        raise TypeError(f"{text!r} is no text")
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


def parameter(text: str) -> str:
    """Write a text as one word of a `UserParameter`'s shell command, where ``$`` is doubled."""
    return shlex.quote(text).replace("$", "$$")


class Uuids:
    """Gives uuids, and refuses to give one twice: Zabbix 6.0 would lose one of the two."""

    def __init__(self, mode: str) -> None:
        """Know of none."""
        self._mode = mode
        self._given: set[str] = set()

    def of(self, template: str, kind: str, id_: str) -> str:
        """Give the uuid of one thing of a template, or of one that all modes share."""
        mode = "" if template == "shared" else self._mode
        found = uuid_of(mode, template, kind, id_)
        if found in self._given:
            raise ValueError(f"the {template} template has two of {kind} {id_!r}")
        self._given.add(found)
        return found


FOREIGN = " ".join(f"{name}=" for name in FOREIGN_PYTHON)


def make(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Make the files to import, in the order to do it, and for agents the parameters they need."""
    plan = Plan.of(values)
    linked = zabbix_template.templates(plan, reports)
    filters: dict[str, Callable[..., Any]] = {
        "q": quote,
        "parameter": parameter,
        "in_order": zabbix_layout.fields_in_order,
        "shared_triggers": shared_triggers,
    }
    chosen = linked if plan.reports else linked[:1]
    files = {
        f"microsoft365_{template.id}_{plan.mode}.yaml": rendering.render(
            "zabbix",
            "template.yaml.j2",
            filters,
            plan=plan,
            uuid=Uuids(plan.mode).of,
            made=template,
            group=zabbix_tenants.GROUP if template.id == "tenants" else "",
            colours=zabbix_shown.COLOURS,
        )
        for template in (*linked, zabbix_tenants.template(plan, chosen))
    }
    files["microsoft365_dashboard.json"] = zabbix_overview.overview(plan, groups(plan, reports)[0])
    if plan.mode == "agent":
        files["microsoft365.conf"] = rendering.render(
            "zabbix", "agent.conf.j2", filters, plan=plan, foreign=FOREIGN
        )
    return files


TARGET = Target(options=OPTIONS, make=make, whole=True)
