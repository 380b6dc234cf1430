"""The call budget: how often each Graph function was called lately, by any process."""

from __future__ import annotations

import contextlib
import json
import time
from typing import TYPE_CHECKING, Any

from o365skype_bridge.errors import PendingError, ThrottledError
from o365skype_bridge.process import files
from o365skype_bridge.state import locks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WINDOW = 600.0
"""Seconds over which Graph counts."""

MOST_CALLS = 12
"""Calls a function in that time; Graph allows 14, the rest is for people and other tools."""

LONGEST_HOLD = 2 * 86400.0
"""Seconds for which Graph may ask not to be called."""

LOCK_WAIT = 2.0


class Ledger:
    """Counts one tenant's calls in a file that all processes share.

    Where the file cannot be written the count is kept in memory.
    """

    def __init__(
        self, path: str, clock: Callable[[], float] = time.time, *, reserve: int = 0
    ) -> None:
        """Take the file; it need not exist. ``reserve`` calls are left to others."""
        self._path = path
        self._most = MOST_CALLS - reserve
        self._clock = clock
        self._memory: dict[str, Any] = {}

    def spend(self, function: str) -> None:
        """Count one call. Raises `ThrottledError` when Graph or the budget says: later."""
        with self._content() as content:
            entry = content.setdefault(function, {"calls": [], "held_until": 0.0})
            now = self._clock()
            entry["calls"] = [at for at in entry["calls"] if now - WINDOW < at <= now]
            held = entry["held_until"] - now
            if held > 0:
                raise ThrottledError(
                    f"Graph asked us not to call {function} so soon",
                    support=f"it is called again in {held:.0f} s",
                    retry_after=held,
                )
            if len(entry["calls"]) >= self._most:
                wait = entry["calls"][0] + WINDOW - now
                raise ThrottledError(
                    f"the budget of {self._most} calls in 10 minutes for {function} is used up",
                    "Nothing to do; it ends by itself. A longer refresh interval spends less.",
                    support=f"it is called again in {wait:.0f} s",
                    retry_after=wait,
                )
            entry["calls"].append(now)

    def hold(self, function: str, seconds: float) -> None:
        """Make no call of the function, in any process, for so long."""
        with self._content() as content:
            entry = content.setdefault(function, {"calls": [], "held_until": 0.0})
            until = self._clock() + min(seconds, LONGEST_HOLD)
            entry["held_until"] = max(entry["held_until"], until)

    @contextlib.contextmanager
    def _content(self) -> Iterator[dict[str, Any]]:
        """Give the counts to be changed; they are written back even when the body raises."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(PendingError):
                stack.enter_context(locks.hold(f"{self._path}.lock", LOCK_WAIT))
            content = self._read()
            before = json.dumps(content)
            try:
                yield content
            finally:
                self._memory = content
                if json.dumps(content) != before:
                    with contextlib.suppress(OSError):
                        files.write_whole(self._path, json.dumps(content).encode())

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(files.read_owned(self._path, files.MIDDLING))
            latest = self._clock() + LONGEST_HOLD
            return {
                str(function): {
                    "calls": [float(at) for at in entry["calls"]],
                    # A hold further off than that is a clock that was wrong.
                    "held_until": held if (held := float(entry["held_until"])) <= latest else 0.0,
                }
                for function, entry in content.items()
            }
        except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
            return self._memory  # another's, torn, or changed by hand
        except RecursionError:
            return self._memory
