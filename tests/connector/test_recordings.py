"""Every recording of Centreon's connector, played to the drop-in over TLS."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import runner
from readers.recordings import RECORDINGS, of_class
from runner import Done, Drivers

Play = Callable[[str], Done]

AT_ONCE = 4


@pytest.fixture(scope="session")
def drivers() -> Iterator[Drivers]:
    """Give processes that run checks."""
    made = Drivers(AT_ONCE)
    yield made
    made.close()


@pytest.fixture(scope="session")
def play(
    request: pytest.FixtureRequest, drivers: Drivers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Play]:
    """Give a function that plays a recording; all that tests ask for begin at once."""
    names = dict.fromkeys(
        item.callspec.params["recording"]
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and hasattr(item, "callspec")
        and "recording" in item.callspec.params
    )
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running: dict[str, Future[Done]] = {
            name: pool.submit(runner.played, name, drivers, tmp_path_factory.mktemp("played"))
            for name in names
        }
        yield lambda name: running[name].result()


@pytest.mark.parametrize("recording", of_class("contract"))
def test_contract_is_kept_to_the_byte(play: Play, recording: str) -> None:
    """Exit code, status line, perfdata and long output are those of the connector."""
    wanted = RECORDINGS[recording]

    assert play(recording) == (wanted["exit"], wanted["stdout"], "")


REFUSED = {"malformed/dev-dup-column", "malformed/usr-text-count"}
"""Files that the connector makes figures of although a column is missing or holds no numbers."""


@pytest.mark.parametrize("recording", of_class("text"))
def test_where_only_the_text_differs_the_exit_code_does_not(play: Play, recording: str) -> None:
    """We say it better, and mean the same; figures that are none are UNKNOWN."""
    done = play(recording)
    wanted = 3 if recording in REFUSED else RECORDINGS[recording]["exit"]

    assert (done.code, done.err) == (wanted, "")
    assert len(done.out.splitlines()) == (
        0 if recording == "output/output-file" else 1 + (recording == "output/disco-show")
    )
