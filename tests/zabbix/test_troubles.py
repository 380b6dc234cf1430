"""What a real server shows while Graph is in trouble, and after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import pytest
from catalogue import CATALOGUE

from o365skype_bridge.model.outcome import OUTCOMES
from o365skype_bridge.reports import catalogue
from zabbix.api import Api
from zabbix.conftest import Zabbix
from zabbix.office import Office
from zabbix.programs import until

LONGER = 30
"""Seconds after which a family has a problem of its own, unless the whole tenant has it."""

MACROS = {
    "{$O365.INTERVAL}": "5s",
    "{$O365.PATIENCE}": "2s",
    "{$O365.PATIENCE.FAMILY}": f"{LONGER}s",
    # Half of what the server waits, as the machine that runs this may be busy.
    "{$O365.DEADLINE}": "1.5",
}

FIGURES, OUTCOME, FETCH = "o365.metric[", "o365.report.outcome[", "o365.report.fetch["
DISCOVERED = {
    *(f"{FETCH}{report.name}]" for report in CATALOGUE),
    *(
        f"{FIGURES}{metric.dotted}]"
        for report in CATALOGUE
        for metric in report.metrics
        if metric.value
    ),
}


class Trouble(NamedTuple):
    """Faults, the outcome that asking Graph has by them, and what the problem is called."""

    faults: tuple[str, ...]
    outcome: str
    problem: str
    families: tuple[str, ...] = ()


FOR = "Microsoft 365: Graph has not confirmed the data for 2s: "
"""How the problem of a trouble that often passes by itself begins."""

ROLES = frozenset(report.permission for report in catalogue())
FAMILIES = ("health", "credentials")

TROUBLES = {
    "slow": Trouble(("delay=4",), "pending", f"{FOR}the fetch t"),
    "down": Trouble(("close",), "unreachable", FOR, FAMILIES),
    "throttled": Trouble(("throttled-fractional",), "throttled", f"{FOR}Graph "),
    "forbidden": Trouble(("forbidden-flat",), "forbidden", "Microsoft 365: Graph "),
    "refused": Trouble(
        ("unauthorized", "token-7000222"), "unauthorized", "Microsoft 365: ", FAMILIES
    ),
    "retired": Trouble(("gone-404",), "gone", "Microsoft 365: Graph "),
}


@dataclass
class Story:
    """A host: its figures before, while and after its trouble, and what was seen meanwhile."""

    host: str
    office: Office
    families: tuple[str, ...] = ()
    figures: list[dict[str, str]] = field(default_factory=list)
    outcomes: set[str] = field(default_factory=set)
    fetches: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    unsupported: dict[str, str] = field(default_factory=dict)

    def note(self, api: Api) -> None:
        """Write down the figures there are now."""
        self.figures.append(
            {key: one for key, one in api.values(self.host).items() if key.startswith(FIGURES)}
        )

    def is_whole(self, api: Api) -> bool:
        """Say whether figures of discovered items are there, too."""
        return api.values(self.host).keys() >= DISCOVERED

    def look(self, api: Api, begin: str) -> bool:
        """Write down what the server shows; say whether there is the problem, or none."""
        self.office.forgive()
        self.problems = api.problems(self.host)
        values = api.values(self.host)  # after the problems, which come of values
        self.outcomes = {one for key, one in values.items() if key.startswith(OUTCOME)}
        self.fetches = {one for key, one in values.items() if key.startswith(FETCH)}
        self.unsupported |= api.unsupported(self.host)
        waited = [values.get(f"o365.{family}.unconfirmed", "0") for family in self.families]
        late = all(float(seconds) > LONGER for seconds in waited)
        return bool(self.problems) == bool(begin) and (late or not begin)


@pytest.fixture(scope="module")
def stories(zabbix: Zabbix) -> Iterator[dict[str, Story]]:
    """Have a host for each trouble, all at once: well, then struck, then well again."""
    api = zabbix.api
    # Every poll asks Graph, so that each trouble is seen at once.
    with Office(zabbix.office.folder.with_name("troubles"), "refresh_interval = 0\n") as office:
        told = {
            name: Story(
                zabbix.add_host(
                    office.add(name, roles=ROLES, oddities=frozenset({"health-all-good"})),
                    MACROS,
                    office,
                    one.families,
                ),
                office,
                one.families,
            )
            for name, one in TROUBLES.items()
        }
        for name, story in told.items():
            until(partial(story.is_whole, api), f"{name} has figures")
            story.note(api)
            office.strike(name, *TROUBLES[name].faults)
        for name, story in told.items():
            begin = TROUBLES[name].problem
            until(partial(story.look, api, begin), f"problem of {name}")
            story.note(api)
            office.strike(name)
        yield told


@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_is_told_by_its_outcome(stories: dict[str, Story], name: str) -> None:
    """Old data are stale, and why they are is the outcome of the fetch."""
    found = stories[name].outcomes, stories[name].fetches

    assert found == (
        {str(OUTCOMES.index("stale"))},
        {str(OUTCOMES.index(TROUBLES[name].outcome))},
    )


@pytest.mark.parametrize("name", TROUBLES)
def test_one_cause_is_one_problem_that_names_it(stories: dict[str, Story], name: str) -> None:
    """Whichever reports and families meet it."""
    begin = TROUBLES[name].problem

    assert [one[: len(begin)] for one in stories[name].problems] == [begin]


def test_expired_secret_is_named_with_its_code_and_remedy(stories: dict[str, Story]) -> None:
    """The problem itself says what to do, to who reads no item."""
    [said] = stories["refused"].problems

    assert ("AADSTS7000222" in said, "secret" in said, said) == (True, True, said)


@pytest.mark.parametrize("name", TROUBLES)
def test_figures_stay_in_trouble(stories: dict[str, Story], name: str) -> None:
    """Items keep the values that they had."""
    before, meanwhile = stories[name].figures

    assert meanwhile == before


@pytest.mark.parametrize("name", TROUBLES)
def test_nothing_gets_unsupported_in_trouble(stories: dict[str, Story], name: str) -> None:
    """No item and no discovery rule has an error, whatever Graph does."""
    assert stories[name].unsupported == {}


@pytest.mark.parametrize("name", TROUBLES)
def test_problem_passes_with_the_trouble(
    zabbix: Zabbix, stories: dict[str, Story], name: str
) -> None:
    """Once Graph is well again so is the host, with figures as before."""
    story = stories[name]
    until(partial(story.look, zabbix.api, ""), f"{name} is over")
    story.note(zabbix.api)

    assert story.figures[-1] == story.figures[0]


def test_server_never_waited_too_long(zabbix: Zabbix, stories: dict[str, Story]) -> None:
    """In all these troubles no check has taken longer than the server's default of 3 seconds."""
    log = zabbix.server.log.read_text(errors="replace")
    late = [line for line in log.splitlines() if "timeout" in line.lower()]

    assert (len(stories), late) == (len(TROUBLES), [])
