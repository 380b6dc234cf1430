"""Answers that need the network: the first one, one with a filter, and those of many tenants."""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING

from measure import COMMAND, MEASURED, in_turns, require, took
from simulated import IDENTITY, configuration, simulator
from table import Row

from o365skype_bridge.engine.fleet import TENANTS_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLD_USERS, COLD_ROUNDS = 1_000, 20
FILTER_USERS, FILTER_ROUNDS = 100_000, 5
TENANTS, LATENCY, MOST_TENANTS = 200, 0.3, 1.3
LONG = ("--deadline", "100")

PERL = (
    "Centreon's Perl plugin took 0.46 s for both reports (two runs of 0.23 s over plain http), "
    "recorded elsewhere, on a similar machine"
)


def cold(folder: Path) -> Iterator[Row]:
    """Compare the first answer of all with a script that only fetches the same bytes."""
    numbers = itertools.count()
    printed = folder / "printed"
    with simulator(folder, users=COLD_USERS) as control:

        def first() -> float:
            state = folder / f"state{next(numbers)}"
            wall = took(COMMAND, "collect", *LONG, env=control.environment(state)).wall
            _require_bytes(state, int(printed.read_text() or 0))
            return wall

        def bare() -> float:
            words = (sys.executable, str(MEASURED / "bare_requests.py"))
            return took(*words, env=control.environment(folder), out=str(printed)).wall

        theirs, ours = in_turns(COLD_ROUNDS, bare, first)
    yield Row(
        name=f"cold answer, {COLD_USERS:,} users",
        ours=ours,
        theirs=theirs,
        against="bare requests script",
        unit="s",
        notes=(PERL,),
    )


def _require_bytes(state: Path, size: int) -> None:
    kept = sum(path.stat().st_size for path in state.rglob("*.csv"))
    require(true=kept == size, otherwise=f"{kept} bytes were kept, {size} were fetched")


def filtered(folder: Path) -> Iterator[Row]:
    """Compare a filter that is counted from the kept files with a fetch of the same size."""
    numbers = itertools.count()
    with simulator(folder, users=FILTER_USERS) as control:
        env = control.environment(folder / "state")
        took(COMMAND, "collect", *LONG, env=env)
        before = control.counts()["report"]

        def kept() -> float:
            pattern = f"^[a-m].*{next(numbers)}@"
            return took(COMMAND, "collect", "--filter-user", pattern, *LONG, env=env).wall

        def fetched() -> float:
            empty = control.environment(folder / f"state{next(numbers)}")
            return took(COMMAND, "collect", *LONG, env=empty).wall

        ours, theirs = in_turns(FILTER_ROUNDS, kept, fetched)
        asked = control.counts()["report"] - before
    require(true=asked == 4 * FILTER_ROUNDS, otherwise="a filter asked Graph")
    yield Row(
        name=f"warm answer with a new filter, {FILTER_USERS:,} users",
        ours=ours,
        theirs=theirs,
        against="cold answer",
        unit="s",
        most=1.0,
        target="< 1",
    )


def tenants(folder: Path) -> Iterator[Row]:
    """Compare a refresh of many tenants with what its connections can do at best."""
    with simulator(folder, users=50) as control:
        env = {
            **control.environment(folder / "state"),
            "O365_CONFIG": configuration(folder, control, TENANTS),
        }
        for name in IDENTITY:
            del env[name]
        elsewhere = {**env, "O365_STATE_DIR": str(folder / "elsewhere")}
        took(COMMAND, "refresh", "--tenant", "t0", env=elsewhere)  # the simulator makes its data
        control.reset()
        control.configure(latency=LATENCY)
        printed = folder / "printed"
        run = took(COMMAND, "refresh", env=env, out=str(printed))
        each = control.counts().total() / TENANTS
    good = printed.read_text().count(" ok\n")
    require(true=good == 2 * TENANTS, otherwise=f"{good} of {2 * TENANTS} reports were fetched")
    yield Row(
        name=f"{TENANTS} tenants, {LATENCY * 1000:.0f} ms a call",
        ours=[run.wall],
        theirs=[each * LATENCY * TENANTS / TENANTS_AT_ONCE],
        against=f"{each:g} calls a tenant, {TENANTS_AT_ONCE} tenants at once",
        unit="s",
        most=MOST_TENANTS,
        notes=(f"it computed for {run.cpu:.1f} s of that time",),
    )
