"""How the rows of an answer become samples: whom, what or which day a row is about."""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen

USER, ENTITY, DAY, SNAPSHOT, OTHERS = "user", "entity", "day", "snapshot", "others"
KINDS = (USER, ENTITY, DAY, SNAPSHOT, OTHERS)

USUAL = "D7"
"""The period that is meant where none is named."""

PERIODS = {USUAL: 7, "D30": 30, "D90": 90, "D180": 180}
"""The periods that Graph has usage reports of, with their days."""


class Shape(Frozen):
    """What a row is about.

    ``key`` is the column that names the user or the entity, ``day`` the column of a row's own
    day. Only rows with the cells of ``where`` count. ``label`` is a label that is found in the
    data, in the column ``label_column``. ``asks_day`` says that the figures are those of a call
    about the newest day, and that the period's call gives the population only. ``period`` is one
    of `PERIODS`.
    """

    kind: str
    key: str = ""
    day: str = ""
    where: tuple[tuple[str, str], ...] = ()
    label: str = ""
    label_column: str = ""
    asks_day: bool = False
    period: str = USUAL

    def _check(self) -> None:
        if self.period not in PERIODS:
            raise ValueError(f"unknown period {self.period!r}")
        if self.kind not in KINDS:
            raise ValueError(f"unknown shape {self.kind!r}")
        if bool(self.key) != (self.kind in (USER, ENTITY)):
            raise ValueError(f"a shape by {self.kind} has a key column, and no other has")
        if bool(self.day) != (self.kind == DAY):
            raise ValueError("a shape by day has a column of the day, and no other has")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that must be there for the rows to be told apart."""
        named = (self.key, self.day, *(column for column, _ in self.where), self.label_column)
        return tuple(column for column in named if column)


BY_USER = Shape(kind=USER, key="User Principal Name", asks_day=True)
"""A row a user: one call for the period's population, one for the users of the newest day."""

BY_DAY = Shape(kind=DAY, day="Report Date")
"""A row a day, in any order."""

ONE_ROW = Shape(kind=SNAPSHOT)
"""One row for the whole period."""


DERIVED = Shape(kind=OTHERS)
"""No rows at all: the figures come from those of other reports."""


def by_entity(key: str) -> Shape:
    """A row a site, an account, a group or a team, named in the column ``key``."""
    return Shape(kind=ENTITY, key=key)


def by_label(label: str, column: str) -> Shape:
    """A row a product or service, named in ``column``, which gives the samples' ``label``."""
    return Shape(kind=SNAPSHOT, label=label, label_column=column)
