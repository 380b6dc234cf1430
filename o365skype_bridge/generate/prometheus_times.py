"""Times of Prometheus' configuration: read, and refused where they do not fit together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.frozen import Frozen

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
START = 30
"""Seconds that systemd waits longer than our deadline: for Python to start on a busy host."""

MISSES = 3
"""Intervals without a new file after which it counts as stopped."""

SETTLE = 2
"""Intervals for which something must last to be worth an alert."""

_DURATION = re.compile(r"([1-9][0-9]{0,5})([smhd])")


class Times(Frozen):
    """When something is collected and alerted on, all in seconds."""

    interval: int
    deadline: int
    patience: int
    late: int

    @property
    def timeout(self) -> int:
        """The time that systemd gives a collection."""
        return self.deadline + START

    @property
    def stopped(self) -> int:
        """The age of a file that is not written any more."""
        return self.interval * MISSES

    @property
    def settle(self) -> int:
        """The time that a state must last for an alert."""
        return self.interval * SETTLE


def times(values: Mapping[str, Any]) -> Times:
    """Read the durations. Raises `UsageError` naming the option that does not fit."""
    found = Times(**{name: _seconds(values[name], name) for name in Times.fields})
    if found.timeout > found.interval:
        raise UsageError(
            f"--deadline {values['deadline']} is too long for --interval {values['interval']}",
            f"A collection must end before the next one, and has {START} s more than its deadline.",
        )
    if found.patience <= found.stopped:
        raise UsageError(
            f"--patience {values['patience']} is no more than {MISSES} intervals",
            "Graph is asked once an hour.",
        )
    return found


def _seconds(text: str, name: str) -> int:
    found = _DURATION.fullmatch(text)
    if not found:
        raise UsageError(f"--{name} {text!a} is not a duration", "Write it like 90s, 5m, 6h or 4d.")
    return int(found[1]) * SECONDS[found[2]]
