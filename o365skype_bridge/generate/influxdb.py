"""InfluxDB 2: a task in Flux for each alert, which writes statuses as checks of its own do."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate.alerts import SILENT, Alert, alerts, condition
from o365skype_bridge.generate.base import Target
from o365skype_bridge.generate.flux import FILTERS, text
from o365skype_bridge.generate.rendering import render
from o365skype_bridge.generate.telegraf_values import duration
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import Option

PREFIX = "o365skype"

HEALTH_SPAN, FIGURES_SPAN = "1h", "4d"
"""How far back the newest point is looked for; figures stand on their day, some days back."""

SILENCE_SPAN = "1d"
"""For how long somebody who is silent is remembered."""

AND_OR = ("and", "or")

OPTIONS = (
    Option(
        flag="--bucket", metavar="NAME", default="telegraf", help="Bucket that Telegraf writes to."
    ),
    Option(flag="--every", metavar="DURATION", default="1m", help="Time between evaluations."),
    Option(
        flag="--offset",
        metavar="DURATION",
        default="10s",
        help="Time that points have to arrive before an evaluation.",
    ),
)


def make(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Make a file for each task. Raises `UsageError` for what is no duration."""
    if not values["bucket"]:
        raise UsageError("--bucket '' is no name", "Give the bucket that Telegraf writes to.")
    every, offset = duration(values, "every"), duration(values, "offset")
    if every < 1 or offset >= every:
        raise UsageError("--offset must be below --every", "Give them like 10s and 1m.")
    given = {"bucket": values["bucket"], "every": f"{every}s", "offset": f"{offset}s"}
    return {f"{PREFIX}-{alert.name}.flux": _task(alert, given) for alert in alerts(reports)}


def _task(alert: Alert, given: Mapping[str, str]) -> str:
    tags = [alert.by] if alert.by else []
    grouped = ["_measurement", "tenant", *tags]
    fields = [alert.field, *([alert.note] if alert.note and not alert.is_silence else [])]
    return render(
        "influxdb",
        "task.flux.j2",
        FILTERS,
        alert=alert,
        name=f"{PREFIX}: {alert.title}",
        id=_id(alert),
        span=_span(alert),
        silent=f"{SILENT}m",
        fields=" or ".join(f"r._field == {text(field)}" for field in fields),
        tags=f"[{', '.join(map(text, grouped))}]",
        message=_message(alert, tags),
        levels=_levels(alert),
        **given,
    )


def _id(alert: Alert) -> str:
    """Give an id as InfluxDB writes them: sixteen hexadecimal digits, the same at every time."""
    return f"03650000{zlib.crc32(alert.name.encode()):08x}"


def _span(alert: Alert) -> str:
    if alert.is_silence:
        return SILENCE_SPAN
    return HEALTH_SPAN if alert.note else FIGURES_SPAN


def _message(alert: Alert, tags: Sequence[str]) -> str:
    """Say who it is about, what it is, and what to do where a field says that."""
    where = " ".join(f"${{r.{tag}}}" for tag in ("tenant", *tags))
    said = f'"{where}: {text(alert.title)[1:-1]}"'
    if not alert.note or alert.is_silence:
        return said
    return f'if exists r.{alert.note} then "{where}: ${{r.{alert.note}}}" else {said}'


def _levels(alert: Alert) -> dict[str, str]:
    """Give the condition of each level; what holds for no level is ok again."""
    if alert.is_silence:
        return {"crit": "r.dead"}
    levels = {"crit": alert.critical, "warn": alert.warning}
    found = {
        level: condition(judged, f"r.{alert.field}", AND_OR, whole=alert.whole)
        for level, judged in levels.items()
        if judged
    }
    return {**found, "ok": "true"}


TARGET = Target(options=OPTIONS, make=make)
