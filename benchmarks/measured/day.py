"""One day of monitoring in one process whose clock is ours; prints what it cost as JSON.

Three days come before it with one answer each, so that the day begins with a state as it is in
normal operation: with past days that are read again because Microsoft may have revised them. At
noon Microsoft's refresh date moves on. The answers themselves go to nowhere.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from simulated import Control

MINUTE, NOON, DAY = 60.0, 720, 1440
DAYS_BEFORE = 3

OF = {
    "usage": (
        ("collect", "--output", "influx"),
        ("collect", "--output", "zabbix"),
        ("check", "skype-devices-usage"),
        ("check", "skype-users-activity"),
    ),
    "health": (
        ("collect", "--output", "influx", "--report", "health"),
        ("check", "health-services"),
        ("check", "health-issues"),
    ),
}
"""Telegraf and Zabbix ask for both reports at once, Centreon for one after the other."""

AGENTS = OF[sys.argv[1]]

real_time = time.time
now = real_time()
time.time = lambda: now  # before the package is imported: defaults are bound then

from o365skype_bridge.cli import entry  # noqa: E402
from o365skype_bridge.engine import fleet  # noqa: E402
from o365skype_bridge.graph import auth, client, http  # noqa: E402

READY = (fleet, auth, client, http)
"""Imported here once, so that not every refresh of the day has to."""


def ask(agents: tuple[tuple[str, ...], ...]) -> None:
    """Answer these agents now; every answer must be a good one."""
    for words in agents:
        if code := entry.main(words):
            raise SystemExit(f"{' '.join(words)} ended with {code}")


def run_day(control: Control, day: date) -> None:
    """Answer all agents every minute of a day."""
    global now  # noqa: PLW0603 the clock
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    for minute in range(DAY):
        now = midnight + minute * MINUTE
        if minute == NOON:
            control.configure(today=day.isoformat())
        ask(AGENTS)


def main() -> None:
    """Run the days before, then the day that counts."""
    global now  # noqa: PLW0603 the clock
    control = Control({key: value for key, value in os.environ.items() if key.startswith("O365")})
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # A day that is over, for files must not be younger than the clock says they can be.
    day = datetime.fromtimestamp(real_time(), UTC).date() - timedelta(days=1)
    for back in range(DAYS_BEFORE, 0, -1):
        before = day - timedelta(days=back)
        now = datetime(before.year, before.month, before.day, 13, tzinfo=UTC).timestamp()
        control.configure(today=before.isoformat())
        ask(AGENTS)
    start, began = control.counts(), time.monotonic()
    run_day(control, day)
    answers = DAY * len(AGENTS)
    seconds = (time.monotonic() - began) / answers
    found = {**(control.counts() - start), "answers": answers, "seconds": seconds}
    os.write(out, json.dumps(found).encode())


if __name__ == "__main__":
    main()
