"""The values that everything else speaks of: metrics, reports, samples, outcomes, collections."""

from __future__ import annotations

from datetime import date

from o365skype_bridge.errors import sentences
from o365skype_bridge.model.frozen import Frozen

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterator

UNITS = frozenset({"count", "devices", "users"})
"""Units of metrics; all are plain numbers, the words are what Centreon prints behind them."""

OUTCOMES = (
    "ok",
    "empty",
    "stale",
    "pending",
    "throttled",
    "forbidden",
    "gone",
    "unauthorized",
    "unreachable",
    "malformed",
)
"""Every outcome a report can have. The order is an interface: Zabbix gets the position."""

NEED_SOMEBODY = frozenset({"forbidden", "gone", "malformed", "unauthorized"})
"""Outcomes that stay until somebody does something; the other bad ones pass by themselves."""

EXACT, CONNECTOR = "exact", "connector"
READINGS = (EXACT, CONNECTOR)
"""How a report can be read: believing what it says clearly, or as Centreon's connector does."""

SECONDS_PER_DAY = 86400


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


class Sample(Frozen):
    """One value of one day. ``max`` is the period's figure, ``user`` is for per-user metrics.

    ``rest`` is the number of users that this is the sum of, when it is not of one.
    """

    metric: Metric
    value: int
    day: date
    max: int | None = None
    user: str = ""
    rest: int = 0

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """What tells this sample from others of the same metric."""
        metric = self.metric
        return ((metric.label, metric.value or self.user),) if metric.label else ()


class Outcome(Frozen):
    """How a report went, in one word, and for people: what happened and what to do.

    As long as a fault is the same, so are ``message`` and ``remedy``; what differs at every try,
    such as the id of a request, is in ``support``. ``refusal`` is as in `BridgeError`.
    """

    kind: str
    message: str = ""
    remedy: str = ""
    support: str = ""
    cause: str = ""
    """Why a ``stale`` answer could not be refreshed: another kind of outcome."""
    refusal: str = ""

    def _check(self) -> None:
        if self.kind not in OUTCOMES:
            raise ValueError(f"unknown outcome {self.kind!r}")

    @property
    def code(self) -> int:
        """The position in `OUTCOMES`."""
        return OUTCOMES.index(self.kind)

    @property
    def root(self) -> str:
        """What it comes down to: the cause of a ``stale`` answer, else the outcome itself."""
        return self.cause or self.kind

    @property
    def cause_code(self) -> int:
        """The position of `root` in `OUTCOMES`."""
        return OUTCOMES.index(self.root)

    @property
    def needs_somebody(self) -> bool:
        """Whether it stays as it is until somebody does something about it."""
        return self.root in NEED_SOMEBODY

    @property
    def is_up(self) -> bool:
        """Whether Graph has answered, as far as anybody had to ask."""
        return self.kind in ("ok", "empty")

    @property
    def has_data(self) -> bool:
        """Whether the samples that come with it are good figures."""
        return self.kind in ("ok", "stale")

    @property
    def text(self) -> str:
        """What happened and what to do about it, on one line."""
        return sentences(self.message, self.remedy)


class ReportResult(Frozen):
    """What one report of one tenant gave. Times are seconds since the epoch, UTC.

    ``samples`` are those of ``refresh_date`` and, where they are held, of days before it.
    ``collected_at`` is when they were read, ``confirmed_at`` when Graph last said that they are
    the newest. ``notes`` are remarks that do not change the outcome, such as concealed names.
    ``reading`` is the only one of `READINGS` that gives these figures; blank where every one does.
    """

    report: Report
    tenant: str
    outcome: Outcome
    samples: tuple[Sample, ...] = ()
    refresh_date: date | None = None
    collected_at: float | None = None
    confirmed_at: float | None = None
    fetch_seconds: float | None = None
    calls: int = 0
    concealed: bool = False
    notes: tuple[str, ...] = ()
    reading: str = ""

    def age_seconds(self, now: float) -> int | None:
        """Give the age of the data: seconds since the end of its newest day."""
        if self.refresh_date is None:
            return None
        return int(now - day_start(self.refresh_date) - SECONDS_PER_DAY)

    def confirmed_seconds(self, now: float) -> int | None:
        """Give the time since Graph last confirmed the figures."""
        return None if self.confirmed_at is None else max(int(now - self.confirmed_at), 0)

    @property
    def newest(self) -> tuple[Sample, ...]:
        """The samples of the refresh date itself."""
        return tuple(sample for sample in self.samples if sample.day == self.refresh_date)


class Collection(Frozen):
    """The results of one run, in the order asked for, and the UTC clock they are looked at."""

    results: tuple[ReportResult, ...]
    now: float

    @property
    def tenants(self) -> tuple[str, ...]:
        """The tenants in it, in order."""
        return tuple(dict.fromkeys(result.tenant for result in self.results))

    def of_tenant(self, tenant: str) -> Iterator[ReportResult]:
        """Give one tenant's results."""
        return (result for result in self.results if result.tenant == tenant)


EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def tomorrow(now: float) -> date:
    """Give the day after an epoch second, in UTC; no report can be of a later one."""
    return date.fromordinal(EPOCH_ORDINAL + int(now // SECONDS_PER_DAY) + 1)


def day_start(day: date) -> int:
    """Give the epoch second at which a day begins in UTC."""
    return (day.toordinal() - EPOCH_ORDINAL) * SECONDS_PER_DAY
