"""Dashboards show the figures that a status line speaks of; all the others would hide them."""

from __future__ import annotations

from typing import Any

import pytest
from readers import yaml

from o365skype_bridge.generate import grafana, zabbix
from o365skype_bridge.generate.zabbix_plan import OPTIONS
from o365skype_bridge.model.options import defaults
from o365skype_bridge.reports import DEFAULT, chosen

REPORTS = chosen(DEFAULT, "")
SPOKEN = tuple(report.replace(metrics=report.leading) for report in REPORTS)


def usage(version: str, *, spoken: bool) -> dict[str, Any]:
    """Read the Zabbix template of one tenant."""
    values = {**defaults(OPTIONS), "zabbix_version": version}
    made = zabbix.make(values, SPOKEN if spoken else REPORTS)["microsoft365_usage_external.yaml"]
    template: dict[str, Any] = yaml.read(made)["zabbix_export"]["templates"][0]
    return template


def test_there_are_others() -> None:
    """Which are collected as well."""
    assert all(len(report.metrics) > len(report.leading) for report in REPORTS)


def test_grafana_draws_no_others() -> None:
    """The dashboard is what it would be without them."""
    values = defaults(grafana.OPTIONS)

    assert grafana.make(values, REPORTS) == grafana.make(values, SPOKEN)


@pytest.mark.parametrize("version", ["6.0", "7.0", "7.4"])
def test_zabbix_draws_no_others(version: str) -> None:
    """But it has items for them."""
    all_, spoken = usage(version, spoken=False), usage(version, spoken=True)

    assert all_["dashboards"] == spoken["dashboards"]
    assert len(all_["items"]) > len(spoken["items"])
