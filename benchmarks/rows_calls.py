"""How often Graph is asked: by many processes at once, and in a day of monitoring."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

from measure import COMMAND, require, script
from simulated import Control, simulator
from table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AT_ONCE, ROUNDS = 50, 8
PERL_CALLS, MOST_CALLS = 1152, 60
MINUTES, MOST_HEALTH_CALLS = 1440, 300
"""One call every five minutes: status and issues are read off the same list."""
WORDS = (COMMAND, "collect", "--output", "json", "--deadline", "60")


def starts(folder: Path) -> Iterator[Row]:
    """Compare the calls of many processes at once with those of one; both begin with nothing."""
    with simulator(folder, users=1000) as control:
        ours: list[Counter[str]] = []
        theirs: list[Counter[str]] = []
        for number in range(ROUNDS):
            theirs.append(_calls(control, folder / f"one{number}", 1))
            ours.append(_calls(control, folder / f"many{number}", AT_ONCE))
    most = max(ours, key=Counter.total)
    yield Row(
        name=f"{AT_ONCE} processes at once, nothing kept",
        ours=[calls["report"] for calls in ours],
        theirs=[calls["report"] for calls in theirs],
        against="one process",
        unit="calls",
        most=1.0,
        target="1.0, always",
        always=True,
        notes=(f"most requests: {_listed(most)}; of one process: {_listed(theirs[0])}",),
    )


def _calls(control: Control, state: Path, processes: int) -> Counter[str]:
    """Start so many processes, see that each has the figures, and give the requests by kind."""
    before = control.counts()
    env = control.environment(state)
    running = [
        subprocess.Popen(WORDS, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        for _ in range(processes)
    ]
    for process in running:
        said = json.loads(process.communicate()[0])
        outcomes = [result["outcome"] for result in said["results"]]
        require(true=outcomes == ["ok", "ok"], otherwise=f"one of many answered {outcomes}")
    return control.counts() - before


def _listed(calls: Counter[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(calls.items()))


def day(folder: Path) -> Iterator[Row]:
    """Count the calls of one simulated day; see `measured/day.py`."""
    with simulator(folder, users=200) as control:
        said = script("day.py", "usage", env=control.environment(folder / "state"))
    note = (
        f"{said['answers']} answers took {said['seconds'] * 1000:.1f} ms each in one process; "
        f"besides, there were {said['token']} logins and {said['download']} downloads"
    )
    yield Row(
        name="calls of Graph a day, three agents every minute",
        ours=[said["report"]],
        theirs=[PERL_CALLS],
        against="two checks every 5 minutes, two calls each",
        unit="calls",
        most=MOST_CALLS / PERL_CALLS,
        target=f"<= {MOST_CALLS} calls",
        notes=(note,),
    )
    roles = ["Reports.Read.All", "ServiceHealth.Read.All"]
    with simulator(folder, users=5, roles=roles, oddities=["health-all-good"]) as control:
        said = script("day.py", "health", env=control.environment(folder / "health"))
    yield Row(
        name="calls for service health a day, two agents every minute",
        ours=[said["resource"]],
        theirs=[MINUTES],
        against="one call a minute",
        unit="calls",
        most=MOST_HEALTH_CALLS / MINUTES,
        target=f"<= {MOST_HEALTH_CALLS} calls",
    )
