"""How reports are declared: what Graph is asked, and which figures are read off the answer."""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.shape import BY_USER, OTHERS, SNAPSHOT, USER, USUAL, Shape
from o365skype_bridge.model.units import TEXT, Unit
from o365skype_bridge.model.wording import Wording, Words, plain

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from typing import Any

HOUR = 3600.0

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
    "of": (1, 99),
    "share": (2, 2),
}
"""How a metric can be counted, and off how many columns, at least and at most."""


class Tally(Frozen):
    """How a metric is counted off the rows of one answer.

    The number of ``rows``, of ``yes`` cells in all columns, of ``distinct`` or ``filled`` cells, or
    of rows that were ``active`` in the period by the newest of the columns' dates; the ``sum`` or
    the ``max`` of a column; the ``value`` of a cell where there is one row for it; the ``ratio`` of
    two columns' sums in percent. Of the ``optional`` columns some may be missing; with nothing but
    such columns there may be no figure. In a derived
    report the columns are names of other reports' metrics: their sum is ``of`` them, and ``share``
    is what the first is of both, in percent.
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

    @property
    def is_optional(self) -> bool:
        """Whether an answer without all of its columns is one of its report nevertheless."""
        return bool(self.columns) and len(self.optional) == len(self.columns)


PERSON = "user"
"""The label whose values are names of people."""


class Metric(Frozen):
    """The declaration of one figure.

    ``name`` is dotted; a ``*`` in it stands for the value of its label. ``help`` is one
    sentence. ``title`` says in few words what it is, and is unique in its family. ``limited`` says
    that the same tally over the period file is the figure's maximum, ``of_period`` that it is the
    figure itself; ``limit`` is what gives the maximum in the same file. ``period`` is what it is
    over where that is not the usual one. ``label`` without ``value`` means one sample for each
    value found in the data, such as a user. ``warning`` and ``critical`` are ranges of which one is
    enough for an alert, where the operator gives no threshold of his own.
    """

    name: str
    unit: Unit
    help: str
    tally: Tally
    title: str = ""
    limited: bool = False
    of_period: bool = False
    limit: Tally | None = None
    period: str = ""
    label: str = ""
    value: str = ""
    warning: tuple[str, ...] = ()
    critical: tuple[str, ...] = ()

    def _check(self) -> None:
        words = self.name.replace("*", "x")
        compact = words.replace(".", "")
        if not (compact.isalnum() and compact.islower()) or "" in words.split("."):
            raise ValueError(f"metric name {self.name!r} is not dotted lower case")
        if not isinstance(self.unit, Unit):
            raise TypeError(f"metric {self.name}: {self.unit!r} is no unit")
        if not self.help.endswith(".") or ". " in self.help:
            raise ValueError(f"metric {self.name}: help must be one sentence")
        if ("*" in self.name) != bool(self.value):
            raise ValueError(f"metric {self.name}: a * needs a label value, and a value a *")
        if self.is_text and self.has_maximum:
            raise ValueError(f"metric {self.name}: a text has no maximum")
        if self.of_period and (self.limited or self.per_user):
            raise ValueError(f"metric {self.name}: what is of the period has no other maximum")
        if (self.warning or self.critical) and (self.is_text or self.limited):
            raise ValueError(f"metric {self.name}: only numbers without a maximum have ranges")

    @property
    def dotted(self) -> str:
        """The name with its label's value in place."""
        return self.name.replace("*", self.value) if self.value else self.name

    @property
    def key(self) -> str:
        """What no other figure is called: the dotted name, with the period if it is unusual."""
        return f"{self.dotted},{self.period}" if self.period else self.dotted

    @property
    def has_maximum(self) -> bool:
        """Whether there is something that it is a part of."""
        return self.limited or self.limit is not None

    @property
    def maximum(self) -> str:
        """The key of its maximum."""
        name = f"{self.dotted.removesuffix('.count')}.max"
        return f"{name},{self.period}" if self.period else name

    @property
    def short(self) -> str:
        """The title, or the dotted name if it has none."""
        return self.title or self.dotted

    @property
    def is_found(self) -> bool:
        """Whether there is one sample for each value of its label found in the data."""
        return bool(self.label) and not self.value

    @property
    def per_user(self) -> bool:
        """Whether there is one sample a user."""
        return self.label == PERSON and not self.value

    @property
    def is_text(self) -> bool:
        """Whether its values are texts."""
        return self.unit.kind == TEXT

    @property
    def is_whole(self) -> bool:
        """Whether all of its values are whole numbers."""
        return self.unit.is_whole and self.tally.kind != "ratio"


class Report(Frozen):
    """One Graph usage report: where it comes from and what is read off it.

    ``function`` is Graph's; ``shape`` says what is asked and what a row of the answer is about.
    ``sources`` are the reports that a derived one comes from, ``usual`` is what this one is over
    another period. ``path`` is that of a JSON list instead of a report, and ``rows`` gives the rows
    of named cells that one of its items is on a day; ``function`` is its name, then. ``given``
    gives the item that a tenant's settings hold in Graph's place, if they do.
    ``named_by`` are the fields of a list's item that it can be chosen by, such as a name and an id.
    ``namespace`` is what all its metric names begin with. ``permission`` is the application
    permission it needs. ``interval`` is the seconds after which it is worth asking again, where the
    settings do not say. ``reading`` is one of `READINGS`. ``portal`` is where an
    administrator sees to what it is about, if it is worth a link. ``wording`` is Centreon's, if its
    connector has this report; metrics that it has no words for are not spoken of.
    """

    name: str
    title: str
    function: str
    permission: str
    namespace: str
    metrics: tuple[Metric, ...]
    wording: Wording | None = None
    shape: Shape = BY_USER
    path: str = ""
    sources: tuple[Report, ...] = ()
    usual: Report | None = None
    given: Callable[[Any], Mapping[str, Any] | None] | None = None
    rows: Callable[[Mapping[str, Any], date], Iterable[Mapping[str, str]]] | None = None
    named_by: tuple[str, ...] = ()
    interval: float = HOUR
    reading: str = EXACT
    portal: str = ""

    def _check(self) -> None:
        self._check_source()
        names = [metric.dotted for metric in self.metrics]
        if len(set(names)) != len(names):
            raise ValueError(f"report {self.name}: a metric is declared twice")
        if not names:
            raise ValueError(f"report {self.name} has no metrics")
        strays = [name for name in names if not name.startswith(f"{self.namespace}.")]
        if strays:
            raise ValueError(f"report {self.name}: {strays[0]} is not in {self.namespace}")
        if self.name != self.name.lower() or not self.name.replace("-", "").isalnum():
            raise ValueError(f"report name {self.name!r} is not lower case with dashes")
        spoken = [words.metric for words in self.wording.words] if self.wording else []
        told = set(spoken)
        if spoken != [name for name in names if name in told]:
            raise ValueError(f"report {self.name}: the wording is not that of its metrics")

    def _check_source(self) -> None:
        if self.reading not in READINGS:
            raise ValueError(f"report {self.name}: unknown reading {self.reading!r}")
        if bool(self.sources) != (self.shape.kind == OTHERS):
            raise ValueError(f"report {self.name}: a derived report has sources, and no other has")
        if bool(self.path) != bool(self.rows):
            raise ValueError(f"report {self.name}: a path needs rows, and rows a path")
        if {metric.period or USUAL for metric in self.metrics} - {self.shape.period}:
            raise ValueError(f"report {self.name}: a metric is over another period")
        if self.named_by and not (self.path and self.shape.kind == SNAPSHOT):
            raise ValueError(f"report {self.name}: only a list with a label has names to choose")

    @property
    def words(self) -> Wording:
        """What a status line and perfdata call its metrics."""
        return self.wording or plain(
            (
                (metric.dotted, metric.short, metric.label if metric.is_found else "")
                for metric in self.metrics
            ),
            "" if self.shape.period == USUAL else self.shape.period,
        )

    @property
    def spoken(self) -> tuple[tuple[Metric, Words], ...]:
        """The metrics that are spoken of, as they are shown, each with what it is called."""
        metrics = {metric.dotted: metric for metric in self.metrics}
        return tuple((metrics[words.metric], words) for words in self.words.words)

    @property
    def leading(self) -> tuple[Metric, ...]:
        """The metrics that are spoken of: on dashboards, too, the others would hide them."""
        return tuple(metric for metric, _ in self.spoken)

    @property
    def is_connectors(self) -> bool:
        """Whether Centreon's connector has it: over the usual period only."""
        return self.wording is not None and self.shape.period == USUAL

    @property
    def base(self) -> str:
        """Its name without a period: that of the usual report."""
        return self.usual.name if self.usual else self.name

    @property
    def family(self) -> str:
        """The family that its metrics belong to, such as ``skype``."""
        return self.namespace.partition(".")[0]

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
