"""The outputs. One more is one file here and one line in this table."""

from __future__ import annotations

from importlib import import_module

from o365skype_bridge.outputs.base import Output

OUTPUTS = {
    "influx": "Influx line protocol, for Telegraf.",
    "zabbix": "One JSON document with discovery and item values, for Zabbix.",
    "centreon": "Status line, perfdata and exit code, for Centreon, Nagios and Icinga2.",
    "prometheus": "Prometheus' text format, for node_exporter's textfile collector.",
    "checkmk": "Lines of a local check, for Checkmk.",
    "json": "The collection as it is, for people and for jq.",
}


def load(name: str) -> Output:
    """Import one output and nothing of the others."""
    output: Output = import_module(f"{__name__}.{name}").OUTPUT
    return output
