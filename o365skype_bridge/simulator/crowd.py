"""Whom a report is about: users, or the teams they are in, each with what they did."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from o365skype_bridge.simulator.people import BLOCK, NUMBER, People, Tally, together
from o365skype_bridge.simulator.reports import Layout

# Everybody is in one team, with those who stand next to them.
_TEAM: Final = 8

# One of so many has lost the licence, within so many days: who lost it before is not listed.
_DELETED: Final = 16
_LISTED: Final = 30

_TASKS: Final = (
    "Sales Marketing Finance Legal Research Support Logistics Purchasing Quality Design "
    "Training Security Facilities Events Planning Payroll"
)
_PLACES: Final = (
    "North South East West Berlin Lisbon Oslo Prague Lyon Graz Turin Gdansk Porto Ghent Cork "
    "Tampere Malmo Basel Bergen Leeds Delft Brno Bilbao Verona Aarhus Split Riga Tartu Kaunas "
    "Bremen Linz Nantes"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request for a report, as far as its content depends on it."""

    layout: Layout
    refresh: date
    end: date
    days: int
    edition: int = 0

    @property
    def is_day(self) -> bool:
        """Whether one day was asked for, with date=."""
        return self.days == 1


@dataclass(frozen=True, slots=True)
class Line:
    """One user or one team within one report."""

    asked: Asked
    index: int
    name: str
    tally: Tally
    luck: int

    @property
    def last_activity(self) -> str:
        """The day of the last activity; half of the idle users have an old one, half have none."""
        if not 0 <= self.tally.last < self.asked.days and self.luck & 8:
            return ""
        if self.tally.last >= 0:
            return (self.asked.end - timedelta(self.tally.last)).isoformat()
        return (self.asked.end - timedelta(max(self.asked.days, 28) + self.luck % 90)).isoformat()

    @property
    def deleted(self) -> date | None:
        """The day on which a few lost their licence: the same on whatever day it is asked for."""
        if self.luck % _DELETED:
            return None
        phase = self.luck // _DELETED
        return self.asked.end - timedelta((self.asked.end.toordinal() - phase) % _LISTED)

    @property
    def public(self) -> bool:
        """Whether everybody may join this team."""
        return bool(self.luck & 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Lines in blocks: `blocks` times the `whole`, then its first `left` lines and the `rest`."""

    whole: list[Line]
    blocks: int
    left: int
    rest: list[Line]

    def total(self, number: Callable[[Line], int]) -> int:
        """The sum of a number over the whole tenant."""
        numbers = [number(line) for line in self.whole]
        return (
            self.blocks * sum(numbers)
            + sum(numbers[: self.left])
            + sum(number(line) for line in self.rest)
        )


def _team_name(index: int) -> str:
    tasks, places = _TASKS.split(), _PLACES.split()
    return f"{tasks[index % 16]} {places[index // 16 % 32]}{NUMBER}"


def _users(asked: Asked, people: People, tallies: Iterable[Tally]) -> list[Line]:
    drawn = zip(people.names, tallies, people.luck, strict=True)
    return [Line(asked, index, *each) for index, each in enumerate(drawn)]


def _teams(asked: Asked, people: People, tallies: list[Tally]) -> list[Line]:
    return [
        Line(
            asked,
            index := first // _TEAM,
            _team_name(index),
            together(tallies[first : first + _TEAM]),
            people.luck[first],
        )
        for first in range(0, len(tallies), _TEAM)
    ]


def crowd(people: People, asked: Asked, end: int, days: int) -> Crowd:
    """Everybody the report is about, with the `days` days until `end`, an offset of `People`."""
    tallies = people.tallies(asked.layout.product, end, days, asked.edition)
    blocks, left = divmod(people.count, BLOCK)
    if asked.layout.about == "users":
        return Crowd(whole=_users(asked, people, tallies), blocks=blocks, left=left, rest=[])
    # The last team of the tenant may be one that lacks some of its members.
    full = left // _TEAM
    return Crowd(
        whole=_teams(asked, people, tallies),
        blocks=blocks,
        left=full,
        rest=_teams(asked, people, tallies[:left])[full:],
    )
