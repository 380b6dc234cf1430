"""Warm answers: nothing is due, so nothing is asked."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from measure import COMMAND, CONNECTOR, in_turns, require, took
from simulated import IDENTITY, configuration, simulator
from table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

OUTPUTS = ("influx", "zabbix", "centreon", "prometheus", "json")
ROUNDS = 60
MOST = 2.5
DROP_IN = "Centreon's command line"


def warm(folder: Path) -> Iterator[Row]:
    """Compare the whole process of a warm answer with an interpreter that does nothing."""
    with simulator(folder, users=1000) as control:
        env = control.environment(folder / "state")
        del env["O365_REPORTS"]  # what agents ask for unless they are told otherwise
        with_file = {**env, "O365_CONFIG": configuration(folder, control, tenants=1)}
        for name in IDENTITY:
            del with_file[name]
        for variables in (env, with_file):
            took(COMMAND, "collect", env=variables)
        before = control.counts()

        def answer(output: str, variables: Mapping[str, str]) -> float:
            return took(COMMAND, "collect", "--output", output, env=variables).wall

        def nothing() -> float:
            return took(sys.executable, "-c", "pass", env=env).wall

        words = (
            "--plugin=cloud::microsoft::office365::skype::plugin",
            "--mode=devices-usage",
            "--warning-active-devices=90",
            "--critical-active-devices=95",
        )

        def drop_in(variables: Mapping[str, str]) -> float:
            return took(CONNECTOR, *words, env=variables).wall

        works: dict[str, Callable[[], float]] = {
            output: partial(answer, output, env) for output in OUTPUTS
        }
        works[DROP_IN] = partial(drop_in, env)
        works["influx, settings from a TOML file"] = partial(answer, "influx", with_file)
        bare, *found = in_turns(ROUNDS, nothing, *works.values())
        require(true=control.counts() == before, otherwise="a warm answer asked Graph")
    for name, walls in zip(works, found, strict=True):
        yield Row(
            name=f"warm answer, {name}",
            ours=walls,
            theirs=bare,
            against="python -c pass",
            unit="s",
            most=MOST if name in (*OUTPUTS, DROP_IN) else None,
        )
