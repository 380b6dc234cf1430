"""Prometheus: systemd's units for node_exporter's textfile collector, alert rules, a dashboard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import prometheus_dashboard as dashboard
from o365skype_bridge.generate import prometheus_rules as rules
from o365skype_bridge.generate import systemd
from o365skype_bridge.generate.base import COMMAND, FOREIGN_PYTHON, Target
from o365skype_bridge.generate.prometheus_times import Times, times
from o365skype_bridge.generate.rendering import render
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import Option

UNIT = "o365skype-prometheus"
CACHE = "/var/cache/"
ENDING = ".prom"

OPTIONS = (
    Option(flag="--command", metavar="PATH", default=COMMAND, help="Where o365skype-bridge is."),
    Option(
        flag="--file",
        metavar="FILE",
        default="/var/lib/prometheus/node-exporter/o365skype.prom",
        help="File in the folder that node_exporter's textfile collector reads.",
    ),
    Option(
        flag="--user",
        metavar="NAME",
        default="o365skype",
        help="Account that collects; systemd-sysusers makes it.",
    ),
    Option(
        flag="--config",
        metavar="FILE",
        help="Our configuration file; without it settings come from /etc/default/o365skype-bridge.",
    ),
    Option(
        flag="--tenant",
        metavar="NAME",
        many=True,
        help="Tenant of the configuration file; may be repeated. Without: all.",
    ),
    Option(
        flag="--cache",
        metavar="NAME",
        default="o365skype-bridge",
        help="Folder in /var/cache for what is kept between runs.",
    ),
    Option(flag="--interval", metavar="DURATION", default="5m", help="Time between collections."),
    Option(flag="--deadline", metavar="DURATION", default="60s", help="Our own time limit."),
    Option(
        flag="--patience",
        metavar="DURATION",
        default="6h",
        help="Alert when Graph has not confirmed the figures for this long.",
    ),
    Option(
        flag="--late",
        metavar="DURATION",
        default="4d",
        help="Alert when the newest day ended this long ago.",
    ),
    *dashboard.OPTIONS,
)


def make(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Make units, rules and dashboard. Raises `UsageError` for what one of them cannot hold."""
    when = times(values)
    file = _path(values, "file")
    if not file.endswith(ENDING):
        raise UsageError(
            f"--file {file!a} does not end in {ENDING}", "node_exporter reads no other files."
        )
    given: dict[str, Any] = {
        "unit": UNIT,
        "times": when,
        "words": list(_words(values, when)),
        "user": systemd.account(values["user"]),
        "cache": systemd.folder_name(values["cache"], "--cache"),
        "config": values["config"],
        "folder": file.rpartition("/")[0],
        "foreign": FOREIGN_PYTHON,
    }
    alerts = rules.alerts(reports, when, file.rpartition("/")[2])
    filters = systemd.FILTERS
    return {
        f"systemd/{UNIT}.service": render("prometheus", "service.j2", filters, **given),
        f"systemd/{UNIT}.timer": render("prometheus", "timer.j2", filters, **given),
        "sysusers.d/o365skype.conf": render("prometheus", "sysusers.j2", filters, **given),
        "tmpfiles.d/o365skype.conf": render("prometheus", "tmpfiles.j2", filters, **given),
        "rules/o365skype.yml": render(
            "prometheus", "rules.yml.j2", {"quoted": _quoted}, alerts=alerts
        ),
        "grafana/o365skype-prometheus.json": dashboard.made(values, reports),
    }


def _words(values: Mapping[str, Any], when: Times) -> Iterator[str]:
    yield _path(values, "command")
    yield from ("collect", "--output", "prometheus", f"--to={values['file']}")
    if values["config"]:
        yield f"--config={_path(values, 'config')}"
    yield from (f"--tenant={name}" for name in values["tenant"])
    yield from (f"--report={name}" for name in values.get("report", ()))
    yield f"--state-dir={CACHE}{values['cache']}"
    yield f"--deadline={when.deadline}"
    yield "--no-background"


def _path(values: Mapping[str, Any], name: str) -> str:
    path: str = values[name]
    if not path.startswith("/"):
        raise UsageError(
            f"--{name} {path!a} is not an absolute path",
            "systemd starts it in a folder of its own.",
        )
    return path


def _quoted(text: str) -> str:
    """Write a string of YAML; it knows those of JSON."""
    return json.dumps(text, ensure_ascii=False)


TARGET = Target(options=OPTIONS, make=make)
