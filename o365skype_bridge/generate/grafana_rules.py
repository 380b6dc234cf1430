"""Grafana's alert rules, in the form that it reads from its provisioning folder."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from o365skype_bridge.generate.alerts import SILENT, Alert, alerts, condition
from o365skype_bridge.generate.grafana_queries import Asked, Source
from o365skype_bridge.model.declare import Report
from o365skype_bridge.outputs.thresholds import Range

INTERVAL = 60
"""Seconds between two evaluations."""

EXPRESSION = "__expr__"
"""What Grafana calls its own expressions, as a data source."""

HOUR = 3600
DAYS = 4 * 24 * HOUR
"""Figures stand on their day, two or three days back; health is of the moment."""


def rules(values: Mapping[str, Any], source: Source, reports: Sequence[Report]) -> dict[str, Any]:
    """Give the document of the rules."""
    group = {
        "orgId": 1,
        "name": "o365skype-bridge",
        "folder": values["folder"].encode(errors="replace").decode(),
        "interval": f"{INTERVAL}s",
        "rules": [rule for alert in alerts(reports) for rule in _of(alert, values, source)],
    }
    return {"apiVersion": 1, "groups": [group]}


def _of(alert: Alert, values: Mapping[str, Any], source: Source) -> Iterator[dict[str, Any]]:
    """Give a rule for each level of an alert."""
    levels = {"critical": alert.critical, "warning": alert.warning}
    if alert.is_silence:
        yield _rule(alert, "critical", values, source, ())
    for level, ranges in levels.items():
        if ranges:
            yield _rule(alert, level, values, source, ranges)


def _rule(
    alert: Alert, level: str, values: Mapping[str, Any], source: Source, ranges: tuple[Range, ...]
) -> dict[str, Any]:
    uid = f"{values['uid']}-{zlib.crc32(f'{alert.name} {level}'.encode()):08x}"
    said = "$B < 0" if alert.is_silence else condition(ranges, "$B", ("&&", "||"), whole=True)
    return {
        "uid": uid,
        "title": f"{alert.title} ({level})" if alert.warning and alert.critical else alert.title,
        "condition": "C",
        "for": "0s",
        "data": [
            _query(alert, values["datasource_uid"], source),
            _expression("B", {"type": "reduce", "expression": "A", "reducer": "last"}),
            _expression("C", {"type": "math", "expression": said}),
        ],
        # No point is what silence is about; of all else it means that there is nothing to judge.
        "noDataState": "Alerting" if alert.is_silence else "OK",
        "execErrState": "Error",
        "isPaused": False,
        "labels": {"severity": level},
        "annotations": {"summary": _summary(alert), "description": alert.help},
    }


def _summary(alert: Alert) -> str:
    where = ["tenant", *([] if not alert.by else [alert.by])]
    return f"{' '.join(f'{{{{ $labels.{name} }}}}' for name in where)}: {alert.title}"


def _query(alert: Alert, uid: str, source: Source) -> dict[str, Any]:
    span = SILENT * 60 if alert.is_silence else HOUR if alert.note else DAYS
    by = (alert.by,) if alert.by else ()
    asked = Asked(alert.measurement, alert.field, "value", by, chosen=False, period=alert.period)
    model = source.figure(asked)
    datasource = {"type": "influxdb", "uid": uid}
    return {
        "refId": "A",
        "datasourceUid": uid,
        "relativeTimeRange": {"from": span, "to": 0},
        "model": {"refId": "A", "datasource": datasource, **model},
    }


def _expression(name: str, model: dict[str, Any]) -> dict[str, Any]:
    return {
        "refId": name,
        "datasourceUid": EXPRESSION,
        "relativeTimeRange": {"from": 0, "to": 0},
        "model": {
            "refId": name,
            "datasource": {"type": EXPRESSION, "uid": EXPRESSION},
            **model,
        },
    }
