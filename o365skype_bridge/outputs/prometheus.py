"""Prometheus: a text that is valid by the text format and by OpenMetrics alike, gauges only.

A figure has the name that Telegraf's outputs for Prometheus and OpenTelemetry make of its field in
Influx. Where OpenMetrics wants a base unit it ends in that, and the value is in it: bytes, seconds,
a ratio of 1. Texts are labels of what ends in ``_info``. There are no times, which node_exporter
refuses, so there is the newest day only. Control characters in labels become blanks.
"""

from __future__ import annotations

from o365skype_bridge.model.units import SHARE, SIZE, TIME
from o365skype_bridge.model.values import day_start
from o365skype_bridge.outputs.base import Output, Rendered
from o365skype_bridge.outputs.influx import HEALTH, field, measurement
from o365skype_bridge.outputs.names import LONGEST_MESSAGE, Names, clean
from o365skype_bridge.outputs.numbers import decimal

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from o365skype_bridge.errors import BridgeError
    from o365skype_bridge.model.declare import Metric, Report
    from o365skype_bridge.model.values import Collection, ReportResult

BASE = {SIZE: "bytes", TIME: "seconds", SHARE: "ratio"}
"""What figures of a kind are written in; things that are counted have no unit."""

PERCENT = 100
EOF = "# EOF\n"

FAILED = f"{HEALTH}_failed"
FAILED_HELP = "Whether there is no answer at all, such as for a mistake in the settings."

STATES = (
    ("up", "", "Whether Graph has answered, as far as anybody had to ask."),
    ("outcome_code", "", "How the report went, as the place in the list of outcomes; 0 is ok."),
    ("cause_code", "", "What is in the way of the report, as the place in the list of outcomes."),
    ("age_seconds", "seconds", "Time since the end of the newest day, or since a list was read."),
    ("confirmed_seconds", "seconds", "Time since Graph last said that the figures are the newest."),
    ("fetch_seconds", "seconds", "How long the last fetch took."),
    ("calls", "", "Calls of Graph that this answer cost."),
    ("concealed", "", "Whether the tenant hides the names of its users in reports."),
    ("day_timestamp_seconds", "seconds", "Beginning of the report's newest day."),
)
"""Gauges of a report's health: name, unit and help."""


class Families:
    """Metric families in the order in which they come up, each in one piece."""

    def __init__(self) -> None:
        """Have none."""
        self._lines: dict[str, list[str]] = {}

    def add(self, name: str, unit: str, text: str, labels: str, value: str) -> None:
        """Add a sample to a family, and what the family is when it is the first."""
        lines = self._lines.get(name)
        if lines is None:
            said = f"# UNIT {name} {unit}\n" if unit else ""
            self._lines[name] = lines = [f"# HELP {name} {text}\n# TYPE {name} gauge\n{said}"]
        lines.append(f"{name}{labels} {value}\n")

    @property
    def text(self) -> str:
        """All of them."""
        return "".join(["".join(lines) for lines in self._lines.values()]) + EOF


def unit(metric: Metric) -> str:
    """Name the unit that a metric's value is written in; nothing where things are counted."""
    return BASE.get(metric.unit.kind, "")


def name(report: Report, metric: Metric, end: str = "") -> str:
    """Name a metric, or with an ``end`` what belongs to it, with its unit last."""
    base = unit(metric)
    own = field(report, metric)
    own = own.removesuffix(metric.unit.name).rstrip("_") if base else own
    return "_".join(word for word in (measurement(report), own, end, base) if word)


def info(report: Report) -> str:
    """Name what has the texts of a report for its labels."""
    return f"{measurement(report)}_info"


def scaled(metric: Metric, value: float) -> float:
    """Give a value in the unit that it is written in."""
    return value / PERCENT if metric.unit.kind == SHARE else value * metric.unit.one


def labels(pairs: Iterable[tuple[str, str]]) -> str:
    """Write labels; a value that is nothing counts as none there, and is left out."""
    return "{" + ",".join([f'{key}="{_escaped(value)}"' for key, value in pairs if value]) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def helps(report: Report) -> dict[str, str]:
    """Say in one sentence what each family of a report's figures is.

    A family has one such sentence, that of the usual period; its samples say what they are over.
    """
    report = report.usual or report
    found: dict[str, list[Metric]] = {}
    for metric in report.metrics:
        found.setdefault(name(report, metric), []).append(metric)
    return {
        family: metrics[0].help
        if len(metrics) == 1
        else f"{report.title}: {field(report, metrics[0]).replace('_', ' ')} by {metrics[0].label}."
        for family, metrics in found.items()
    }


def _figures(families: Families, result: ReportResult, tenant: str) -> None:
    """Add the figures of a result's newest day, and the texts of the same labels as one."""
    report, names, told = result.report, Names(), helps(result.report)
    texts: dict[tuple[tuple[str, str], ...], list[tuple[str, str]]] = {}
    called: dict[int, str] = {}
    for sample in result.newest:
        metric, value = sample.metric, sample.value
        pairs = (
            ("tenant", tenant),
            *((key, names.of(is_, clean(is_))) for key, is_ in sample.labels),
        )
        if isinstance(value, str):
            said = clean(value, LONGEST_MESSAGE)
            texts.setdefault(pairs, []).append((field(report, metric), said))
            continue
        family = called.get(id(metric)) or called.setdefault(id(metric), name(report, metric))
        written, base = labels(pairs), unit(metric)
        families.add(family, base, told[family], written, decimal(scaled(metric, value)))
        if sample.max is not None:
            most = decimal(scaled(metric, sample.max))
            families.add(
                name(report, metric, "max"), base, f"The maximum of {family}.", written, most
            )
    for pairs, said_ in texts.items():
        text = f"{(report.usual or report).title}: what is said in words."
        families.add(info(report), "", text, labels((*pairs, *said_)), "1")


def _health(families: Families, result: ReportResult, tenant: str, now: float) -> None:
    """Add how a result came about."""
    outcome, day = result.outcome, result.refresh_date
    values = (
        int(outcome.is_up),
        outcome.code,
        outcome.cause_code,
        result.age_seconds(now),
        result.confirmed_seconds(now),
        result.fetch_seconds,
        result.calls,
        int(result.concealed) if outcome.has_data else None,
        None if day is None else day_start(day),
    )
    pairs = (("report", result.report.name), ("tenant", tenant))
    written = labels(pairs)
    for (end, base, text), value in zip(STATES, values, strict=True):
        if value is not None:
            families.add(f"{HEALTH}_{end}", base, text, written, decimal(value))
    said = (
        ("outcome", outcome.kind),
        ("cause", outcome.root),
        ("message", outcome.text and clean(outcome.text, LONGEST_MESSAGE)),
    )
    text = "How the report went in a word, what is in its way, and what to do."
    families.add(f"{HEALTH}_info", "", text, labels((*pairs, *said)), "1")


def render(
    collection: Collection, _options: Mapping[str, Any], _warnings: tuple[str, ...]
) -> Rendered:
    """Write all figures of the newest days, and the health of every report."""
    names = Names()
    tenants = {tenant: names.of(tenant, clean(tenant)) for tenant in collection.tenants}
    families = Families()
    for result in collection.results:
        _figures(families, result, tenants[result.tenant])
    for result in collection.results:
        _health(families, result, tenants[result.tenant], collection.now)
    families.add(FAILED, "", FAILED_HELP, "", "0")
    return Rendered(text=families.text)


def fail(error: BridgeError) -> Rendered:
    """Say that there is no answer, and why."""
    families = Families()
    families.add(FAILED, "", FAILED_HELP, "", "1")
    said = labels([("message", clean(error.text, LONGEST_MESSAGE))])
    families.add(f"{FAILED}_info", "", "Why there is no answer at all, and what to do.", said, "1")
    return Rendered(text=families.text, exit_code=3)


OUTPUT = Output(
    name="prometheus",
    help="Prometheus' text format, for node_exporter's textfile collector.",
    render=render,
    fail=fail,
)
