"""Every recording of Centreon's connector, played to the drop-in over TLS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import differences
import pytest
import runner
from readers.recordings import RECORDINGS, of_class
from runner import AT_ONCE, Done, Drivers

Play = Callable[[str], Done]


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
        str(item.callspec.params["recording"])
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


@pytest.mark.parametrize("recording", of_class(*differences.CLASSES))
def test_where_we_differ_the_answer_is_the_one_documented(play: Play, recording: str) -> None:
    """Other words for the same state, the right thing, or another dialect: as written down."""
    done = play(recording)
    answer = {"exit": done.code, "stdout": differences.settled(done.out)}

    assert (answer, done.err) == (differences.kept()[recording], "")


REFUSED = {"malformed/dev-dup-column", "malformed/usr-text-count"}
"""Files that the connector makes figures of although a column is missing or holds no numbers."""


@pytest.mark.parametrize("recording", of_class("text"))
def test_where_only_the_text_differs_the_exit_code_does_not(recording: str) -> None:
    """We say it better, and mean the same; figures that are none are UNKNOWN."""
    wanted = 3 if recording in REFUSED else RECORDINGS[recording]["exit"]

    assert wanted == differences.kept()[recording]["exit"]


def test_nothing_is_written_down_that_was_not_recorded() -> None:
    """Every documented difference belongs to a recording."""
    assert sorted(differences.kept()) == sorted(of_class(*differences.CLASSES))
