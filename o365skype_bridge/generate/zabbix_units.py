"""Units as Zabbix writes them.

Zabbix makes bytes and seconds readable itself, so minutes and days become seconds on their way in:
limits can then be written as ``30d``. An exclamation mark keeps thousands from becoming ``K``.
"""

from __future__ import annotations

from typing import Any

from o365skype_bridge.model.declare import Metric
from o365skype_bridge.model.units import COUNT, SHARE, SIZE, TIME

SYMBOLS = {SIZE: "B", SHARE: "%", TIME: "s"}


def measured(metric: Metric) -> dict[str, Any]:
    """Give what an item says about a metric's values: type, units, and what to multiply by."""
    unit = metric.unit
    if metric.is_text:
        return {"value_type": "TEXT"}
    words = "" if unit == COUNT else f"!{unit.name}"
    return {
        "value_type": "UNSIGNED" if metric.is_whole else "FLOAT",
        "units": SYMBOLS.get(unit.kind, words),
        "multiplier": unit.one,
    }
