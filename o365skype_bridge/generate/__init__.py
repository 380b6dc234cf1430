"""The targets of `generate`: each is a file here, its templates, and a line in this table."""

from __future__ import annotations

from importlib import import_module

from o365skype_bridge.generate.base import Target

TARGETS: dict[str, str] = {
    "centreon": "Centreon: commands, host and service templates as a CLAPI file.",
    "nagios": "Nagios and Naemon: command, templates and services as object files.",
    "icinga2": "Icinga 2: command, templates and apply rules, and a basket for Director.",
    "telegraf": "a file for telegraf.d, with inputs.exec or inputs.execd",
    "grafana": "a Grafana dashboard over InfluxDB (InfluxQL), as JSON",
    "zabbix": "Zabbix templates to import, and UserParameters for agents",
}


def load(name: str) -> Target:
    """Import one target and nothing of the others."""
    target: Target = import_module(f"{__name__}.{name}").TARGET
    return target
