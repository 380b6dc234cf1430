"""Figures in PromQL, whoever collects: our own text, or Telegraf, which knows no base units."""

from __future__ import annotations

from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.units import SHARE
from o365skype_bridge.model.values import GROUP, PERIOD
from o365skype_bridge.outputs import prometheus as output
from o365skype_bridge.outputs.influx import field, measurement


def figure(report: Report, metric: Metric, by: str, where: str = "", end: str = "") -> str:
    """Ask for a figure in its base unit, once for each of some labels."""
    name = output.name(report, metric, end)
    ours = f"max by ({by}) ({name}{where})"
    parts = (measurement(report), field(report, metric), end)
    telegraf = "_".join(part for part in parts if part)
    if name == telegraf:
        return ours
    return f"({ours} or max by ({by}) ({telegraf}{where}){_factor(metric)})"


def everybody(metric: Metric) -> str:
    """Choose a figure among those of groups and other periods, which have the same name."""
    return f'{GROUP}="", {PERIOD}="{metric.period}"'


def _factor(metric: Metric) -> str:
    """Give what makes a value one in the base unit."""
    if metric.unit.kind == SHARE:
        return f" / {output.PERCENT}"
    return f" * {metric.unit.one}" if metric.unit.one != 1 else ""
