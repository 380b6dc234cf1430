"""What a report counts off a JSON list of Graph's: items in, samples out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from o365skype_bridge.engine.assemble import samples
from o365skype_bridge.model import asked
from o365skype_bridge.model.declare import Report
from o365skype_bridge.reading.count import View, count

TODAY = date(2026, 6, 28)

Item = Mapping[str, Any]


def listed(report: Report, *items: Item) -> dict[str, dict[str, object]]:
    """Give the values of each label by the last word of their metric's name.

    Raises `MalformedError`.
    """
    lines = [json.dumps(item).encode() + b"\n" for item in items]
    [found] = count(lines, report, asked.moment(TODAY), [View()])
    by_label: dict[str, dict[str, object]] = {}
    for sample in samples(found, TODAY, {}):
        word = sample.metric.dotted.removeprefix(f"{report.namespace}.").removesuffix(".count")
        by_label.setdefault(sample.user, {})[word] = sample.value
    return by_label
