"""The targets of `generate`: each is a file here, its templates, and a line in this table."""

from __future__ import annotations

from importlib import import_module

from o365skype_bridge.generate.base import Target

TARGETS: dict[str, str] = {
    "centreon": "a CLAPI file with Centreon's commands, host and service templates",
    "nagios": "object files with command, templates and services, for Naemon too",
    "icinga2": "command, templates and apply rules, and a basket for Director",
    "telegraf": "a file for telegraf.d, with inputs.exec or inputs.execd",
    "grafana": "Grafana dashboards over InfluxDB and alert rules, as JSON",
    "influxdb": "tasks in Flux that alert, for InfluxDB 2",
    "prometheus": "systemd units for node_exporter, alert rules, and a Grafana dashboard",
    "zabbix": "templates to import into Zabbix, and UserParameters for agents",
}


def load(name: str) -> Target:
    """Import one target and nothing of the others."""
    target: Target = import_module(f"{__name__}.{name}").TARGET
    return target
