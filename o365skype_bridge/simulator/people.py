"""Simulated users: who they are and what they did on which day, all drawn from one seed."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# Only this many different people are drawn; larger tenants repeat them under numbered names,
# which is what lets a million rows be written at the speed of copying memory.
BLOCK: Final = 4096

# Stands in a name for the number of its block; replaced when rows are written.
NUMBER: Final = "\0"

# The same with twelve digits, for identifiers of fixed length.
WIDE_NUMBER: Final = "\1"

_LOOKBACK: Final = 28

_GIVEN = (
    "adele alex allan amber anders bianca brian carla cameron chris debra delia diego elena "
    "emily enrico farida felix gady grady greta hanna henri ida irvin isaiah jana johanna jonas "
    "jordan karim katri lara lee lidia lynne malik marta megan miriam nadia nestor nina olaf "
    "omar pavel pilar raul robin rosa ryan sam sara selma sonja tariq tina ulla uwe vera viktor "
    "wanda yara zora"
)
_FAMILY = (
    "adams baker becker berger bowen brandt carter cohen counts cruz dale diaz egger evans "
    "fabre faria fischer frank garcia gomez graham hansen hill holm horn ito jensen jones kaya "
    "keller king klein kovac krause lang laurent lopez lund martin meyer miller moreau moser "
    "nagy novak olsen peeters pisani popov rossi ruiz santos sayers silva sousa stein suzuki "
    "thomas vance vogel weber wilber yilmaz zeman"
)
# One per bit of a user's devices: the share of people who own such a thing, in per cent.
_OWNED = (85, 40, 35, 15, 3, 50, 5, 5)


# A day has at most this many of one kind of session; how often it had each number takes 16 bits.
_MOST: Final = 7
_LANE: Final = 16


@dataclass(slots=True)
class Tally:
    """What one user, or several together, did within a window.

    `last` counts days back from the window's end, -1 for never; `active` are the users who did
    anything in it. `days` holds how many days had one session, two sessions and so on.
    """

    p2p: int = 0
    organized: int = 0
    participated: int = 0
    devices: int = 0
    last: int = -1
    active: int = 0
    p2p_days: int = 0
    organized_days: int = 0
    participated_days: int = 0

    def add(self, drawn: int, owned: int) -> None:
        """Count one more day; `drawn` are that day's random bits for this user."""
        p2p, organized, participated = drawn & 7, drawn >> 3 & drawn >> 5 & 3, drawn >> 7 & 3
        # Whoever is listed for a day did something on it.
        p2p = p2p if p2p or organized or participated else 1
        self.p2p += p2p
        self.organized += organized
        self.participated += participated
        self.devices |= (drawn >> 9 & owned) or (owned & -owned)
        self.active = 1
        self.p2p_days += 1 << _LANE * p2p
        self.organized_days += 1 << _LANE * organized
        self.participated_days += 1 << _LANE * participated

    def daily(self, kind: str, one_of: int) -> int:
        """So many whole `one_of` of a kind, each day for itself, so that days add up."""
        days: int = getattr(self, f"{kind}_days")
        return sum(
            (days >> _LANE * number & 0xFFFF) * (number // one_of)
            for number in range(one_of, _MOST + 1)
        )


def together(tallies: Iterable[Tally]) -> Tally:
    """What several users did, as one tally."""
    whole = Tally()
    for tally in tallies:
        whole.p2p += tally.p2p
        whole.organized += tally.organized
        whole.participated += tally.participated
        whole.devices |= tally.devices
        whole.active += tally.active
        whole.p2p_days += tally.p2p_days
        whole.organized_days += tally.organized_days
        whole.participated_days += tally.participated_days
        if tally.last >= 0:
            whole.last = tally.last if whole.last < 0 else min(whole.last, tally.last)
    return whole


class People:
    """The users of one tenant."""

    def __init__(self, *, seed: int, count: int, activity: float, domain: str) -> None:
        """Draw the first block of users; the rest of the tenant repeats it."""
        self.size = min(count, BLOCK)
        self.count = count
        self._seed = seed
        self._activity = activity
        self._days: dict[tuple[str, int, int], list[int]] = {}
        drawn = random.Random(f"{seed}/people")  # noqa: S311 - test data, not a secret
        order = list(range(BLOCK))
        drawn.shuffle(order)
        given, family = _GIVEN.split(), _FAMILY.split()
        self.names = [
            f"{given[i % 64]}.{family[i // 64]}{NUMBER}@{domain}" for i in order[: self.size]
        ]
        self.luck = [drawn.getrandbits(16) for _ in self.names]
        self._owned = [
            sum(1 << bit for bit, share in enumerate(_OWNED) if drawn.random() * 100 < share)
            for _ in self.names
        ]

    def owned(self, index: int, product: str) -> int:
        """The devices of a user, as bits; everybody has at least the Windows client."""
        # Teams has a column for Windows phones but no client for them.
        mask = 0x1F if product == "skype" else 0xEF
        return self._owned[index] & mask or 1

    def day(self, product: str, offset: int, edition: int = 0) -> list[int]:
        """Random bits for every user who was active that many days after the anchor, else 0."""
        key = (product, offset, edition)
        if key not in self._days:
            drawn = random.Random(f"{self._seed}/{key}")  # noqa: S311 - test data, not a secret
            chance, bits = drawn.random, drawn.getrandbits
            self._days[key] = [
                bits(24) | 1 << 24 if chance() < self._activity else 0 for _ in self.names
            ]
        return self._days[key]

    def tallies(self, product: str, end: int, days: int, edition: int = 0) -> list[Tally]:
        """What everybody did in the window of `days` days that ends at the offset `end`."""
        tallies = [Tally() for _ in self.names]
        # A period looks further back than its window: idle people have a last activity too.
        for back in range(max(days, _LOOKBACK) if days > 1 else 1):
            for index, drawn in enumerate(self.day(product, end - back, edition)):
                if drawn:
                    tally = tallies[index]
                    if tally.last < 0:
                        tally.last = back
                    if back < days:
                        tally.add(drawn, self.owned(index, product))
        return tallies
