"""How reports are declared: what Graph is asked, and which figures are read off the answer."""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.shape import BY_USER, USER, Shape

UNITS = frozenset({"count", "devices", "users", "bytes", "seconds", "minutes", "percent", "days"})
"""Units of metrics; all are plain numbers, the words are what Centreon prints behind them."""

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

EXACT, CONNECTOR = "exact", "connector"

READINGS = (EXACT, CONNECTOR)
"""How a report can be read: believing what it says clearly, or as Centreon's connector does."""


TALLIES = {
    "rows": (0, 0),
    "yes": (1, 99),
    "sum": (1, 1),
    "max": (1, 1),
    "distinct": (1, 1),
    "active": (1, 99),
    "filled": (1, 1),
    "value": (1, 1),
    "ratio": (2, 2),
}
"""How a metric can be counted, and off how many columns, at least and at most."""


class Tally(Frozen):
    """How a metric is counted off the rows of one answer.

    The number of ``rows``, of ``yes`` cells in all columns, of ``distinct`` or ``filled`` cells, or
    of rows that were ``active`` in the period by the newest of the columns' dates; the ``sum`` or
    the ``max`` of a column; the ``value`` of a cell where there is one row for it; the ``ratio`` of
    two columns' sums in percent. Of the ``optional`` columns some may be missing.
    """

    kind: str
    columns: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def _check(self) -> None:
        if self.kind not in TALLIES:
            raise ValueError(f"unknown tally {self.kind!r}")
        low, high = TALLIES[self.kind]
        if not low <= len(self.columns) <= high:
            raise ValueError(f"tally {self.kind!r} cannot count {len(self.columns)} columns")
        if not set(self.optional) <= set(self.columns):
            raise ValueError(f"tally {self.kind!r} does not count what is optional")


PERSON = "user"
"""The label whose values are names of people."""


class Metric(Frozen):
    """The declaration of one figure.

    ``name`` is dotted; a ``*`` in it stands for the value of its label. ``help`` is one
    sentence. ``title`` is how a status line calls it, ``legacy`` the perfdata label that
    Centreon's graphs know. ``limited`` says that the same tally over the period file is the
    figure's maximum, ``limit`` is what gives the maximum in the same file. ``label`` without
    ``value`` means one sample for each value found in the data, such as a user.
    """

    name: str
    unit: str
    help: str
    title: str
    legacy: str
    tally: Tally
    limited: bool = False
    limit: Tally | None = None
    label: str = ""
    value: str = ""

    def _check(self) -> None:
        words = self.name.replace("*", "x").split(".")
        if not all(word.isalnum() and word.islower() for word in words):
            raise ValueError(f"metric name {self.name!r} is not dotted lower case")
        if self.unit not in UNITS:
            raise ValueError(f"metric {self.name}: unknown unit {self.unit!r}")
        if not self.help.endswith(".") or ". " in self.help:
            raise ValueError(f"metric {self.name}: help must be one sentence")
        if not self.title or not self.legacy.replace("_", "").isalnum():
            raise ValueError(f"metric {self.name}: title or legacy label is missing")
        if ("*" in self.name) != bool(self.value):
            raise ValueError(f"metric {self.name}: a * needs a label value, and a value a *")

    @property
    def dotted(self) -> str:
        """The name with its label's value in place."""
        return self.name.replace("*", self.value)

    @property
    def per_user(self) -> bool:
        """Whether there is one sample a user."""
        return self.label == PERSON and not self.value

    @property
    def option(self) -> str:
        """What the metric is called in options: ``--warning-active-devices``."""
        return self.legacy.replace("_", "-")


class Block(Frozen):
    """Metrics that a status line shows together, behind one prefix.

    In the prefix of per-user metrics ``{}`` stands for the user; ``all_ok`` is what is said of
    many users when nothing is wrong with any.
    """

    name: str
    metrics: tuple[Metric, ...]
    prefix: str = ""
    all_ok: str = ""

    def _check(self) -> None:
        if not self.metrics:
            raise ValueError(f"block {self.name!r} has no metrics")


class Report(Frozen):
    """One Graph usage report: where it comes from and what is read off it.

    ``function`` is Graph's; ``shape`` says what is asked and what a row of the answer is about.
    ``path`` is that of a JSON list instead of a report, and ``rows`` gives the rows of named cells
    that one of its items is; ``function`` is its name, then.
    ``namespace`` is what all its metric names begin with. ``permission`` is the application
    permission it needs.
    ``reading`` is one of `READINGS`.
    """

    name: str
    title: str
    function: str
    permission: str
    namespace: str
    blocks: tuple[Block, ...]
    shape: Shape = BY_USER
    path: str = ""
    rows: Callable[[Mapping[str, Any]], Iterable[Mapping[str, str]]] | None = None
    reading: str = EXACT

    def _check(self) -> None:
        if self.reading not in READINGS:
            raise ValueError(f"report {self.name}: unknown reading {self.reading!r}")
        if bool(self.path) != bool(self.rows):
            raise ValueError(f"report {self.name}: a path needs rows, and rows a path")
        names = [metric.dotted for metric in self.metrics]
        if len(set(names)) != len(names):
            raise ValueError(f"report {self.name}: a metric is declared twice")
        strays = [name for name in names if not name.startswith(f"{self.namespace}.")]
        if strays:
            raise ValueError(f"report {self.name}: {strays[0]} is not in {self.namespace}")
        if self.name != self.name.lower() or not self.name.replace("-", "").isalnum():
            raise ValueError(f"report name {self.name!r} is not lower case with dashes")

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All metrics, in the order they are shown."""
        return tuple(metric for block in self.blocks for metric in block.metrics)

    @property
    def columns(self) -> tuple[str, ...]:
        """The CSV columns that must be there."""
        counted = (
            column
            for tally in self.tallies
            for column in tally.columns
            if column not in tally.optional
        )
        return tuple(dict.fromkeys((*self.shape.columns, *counted)))

    @property
    def optional(self) -> tuple[str, ...]:
        """The CSV columns that are read if they are there."""
        counted = (column for tally in self.tallies for column in tally.optional)
        return tuple(dict.fromkeys(counted))

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Every tally of its metrics and their limits."""
        limits = (metric.limit for metric in self.metrics if metric.limit)
        return (*(metric.tally for metric in self.metrics), *limits)

    @property
    def is_list(self) -> bool:
        """Whether it is a JSON list of Graph's, whose figures are of the moment."""
        return bool(self.path)

    @property
    def is_by_user(self) -> bool:
        """Whether rows are of users, so that a filter can choose among them."""
        return self.shape.kind == USER
