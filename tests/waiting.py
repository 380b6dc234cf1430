"""Waiting for what is bound to happen, without knowing when."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 120.0
"""Seconds; a machine that needs longer has other troubles."""


def until(happened: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something is true; fail when it does not come true."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
