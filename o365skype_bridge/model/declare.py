"""How reports are declared: what Graph is asked, and which figures are read off the answer."""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen

UNITS = frozenset({"count", "devices", "users"})
"""Units of metrics; all are plain numbers, the words are what Centreon prints behind them."""

EXACT, CONNECTOR = "exact", "connector"

READINGS = (EXACT, CONNECTOR)
"""How a report can be read: believing what it says clearly, or as Centreon's connector does."""


class Tally(Frozen):
    """How a metric is counted in one file: ``rows``, ``yes`` cells, or the ``sum`` of a column."""

    kind: str
    columns: tuple[str, ...] = ()

    def _check(self) -> None:
        wanted = {"rows": (0, 0), "yes": (1, 99), "sum": (1, 1)}
        if self.kind not in wanted:
            raise ValueError(f"unknown tally {self.kind!r}")
        low, high = wanted[self.kind]
        if not low <= len(self.columns) <= high:
            raise ValueError(f"tally {self.kind!r} cannot count {len(self.columns)} columns")


class Metric(Frozen):
    """The declaration of one figure.

    ``name`` is dotted; a ``*`` in it stands for the value of its label. ``help`` is one
    sentence. ``title`` is how a status line calls it, ``legacy`` the perfdata label that
    Centreon's graphs know. ``limited`` says that the same tally over the period file is the
    figure's maximum. ``label`` without ``value`` means one sample a user.
    """

    name: str
    unit: str
    help: str
    title: str
    legacy: str
    tally: Tally
    limited: bool = False
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
        return bool(self.label) and not self.value

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

    ``function`` is Graph's, asked once by period and once by date. ``namespace`` is what all
    its metric names begin with. ``permission`` is the application permission it needs.
    ``reading`` is one of `READINGS`.
    """

    name: str
    title: str
    function: str
    permission: str
    namespace: str
    blocks: tuple[Block, ...]
    user_column: str = "User Principal Name"
    reading: str = EXACT

    def _check(self) -> None:
        if self.reading not in READINGS:
            raise ValueError(f"report {self.name}: unknown reading {self.reading!r}")
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
        counted = (column for metric in self.metrics for column in metric.tally.columns)
        return tuple(dict.fromkeys((self.user_column, *counted)))
