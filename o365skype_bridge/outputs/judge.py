"""Judge samples by the thresholds that were given for their metrics."""

from __future__ import annotations

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.options import Option
from o365skype_bridge.model.patterns import compiled
from o365skype_bridge.model.units import COUNTED
from o365skype_bridge.outputs import thresholds
from o365skype_bridge.outputs.thresholds import (
    CRITICAL,
    DIGITS,
    INFINITE,
    OK,
    STATES,
    UNKNOWN,
    WARNING,
)

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from o365skype_bridge.model.declare import Metric, Report
    from o365skype_bridge.model.outcome import Outcome
    from o365skype_bridge.model.values import Sample
    from o365skype_bridge.model.wording import Block, Words
    from o365skype_bridge.outputs.thresholds import Range, Ranges

    Threshold = Range | Ranges

AGE = "age"
CONFIRMED = "confirmed"
TIMES = (AGE, CONFIRMED)
"""What has thresholds in seconds, whatever the report."""

PATIENCE = "21600"
"""Warning threshold for the time since Graph last confirmed figures that are kept: six hours."""

TIMES_MISSED = 12
"""Intervals without an answer after which kept figures are worth a warning in any case."""

STATE_WORDS = tuple(state.lower() for state in STATES)

OPTIONS = (
    Option(
        flag="--units",
        metavar="UNIT",
        choices=("%", "count"),
        default="%",
        help="Whether thresholds of active users and devices are percents or counts.",
    ),
    Option(
        flag="--warning-age",
        metavar="RANGE",
        help="Warning threshold for the age of the data, in seconds since their day ended.",
    ),
    Option(
        flag="--critical-age",
        metavar="RANGE",
        help="Critical threshold for the age of the data, in seconds since their day ended.",
    ),
    Option(
        flag="--stale-state",
        metavar="STATE",
        choices=STATE_WORDS,
        help="State of kept figures when somebody has to do something before Graph can be asked "
        "again (without: unknown).",
    ),
    Option(
        flag="--warning-confirmed",
        metavar="RANGE",
        help="Warning threshold for the seconds since Graph last confirmed the figures "
        f"(without: {PATIENCE} while it cannot be asked).",
    ),
    Option(
        flag="--critical-confirmed",
        metavar="RANGE",
        help="Critical threshold for the seconds since Graph last confirmed the figures.",
    ),
    Option(
        flag="--empty-state",
        metavar="STATE",
        choices=STATE_WORDS,
        default="unknown",
        help="State of a report without rows, or of a filter that matches nobody.",
    ),
    Option(
        flag="--filter-counters",
        metavar="REGEX",
        help="Only counters whose name matches, such as 'active|total'.",
    ),
)


def metric_options(reports: Sequence[Report]) -> tuple[Option, ...]:
    """Give the two thresholds of each metric that has numbers, each option once.

    An option that several reports have is for all of them; by its own name each has another.
    """
    found: dict[str, list[Metric]] = {}
    every = [pair for report in reports for pair in report.spoken if not pair[0].is_text]
    for metric, words in every:
        found.setdefault(words.option, []).append(metric)
    shared = [pair for pair in every if len(found[pair[1].option]) > 1]
    found.update({words.own_option: [metric] for metric, words in shared})
    return tuple(
        _threshold(kind, name, metrics)
        for name, metrics in found.items()
        for kind in ("warning", "critical")
    )


def _threshold(kind: str, name: str, metrics: Sequence[Metric]) -> Option:
    unit = "count" if metrics[0].unit.kind == COUNTED else metrics[0].unit.name
    unit = f"percent of the maximum, or {unit}" if metrics[0].has_maximum else unit
    helps = " ".join(dict.fromkeys(metric.help for metric in metrics))
    usual = " or ".join(_usual(kind, metrics[0]))
    return Option(
        flag=f"--{kind}-{name}",
        metavar="RANGE",
        help=f"{kind.capitalize()} threshold ({unit}): {helps}"
        + (f" Without: {usual}." if usual else ""),
    )


def _usual(kind: str, metric: Metric) -> tuple[str, ...]:
    return metric.warning if kind == "warning" else metric.critical


def require_sense(options: Mapping[str, Any], reports: Sequence[Report]) -> None:
    """Refuse thresholds that nothing can ever be compared with. Raises `UsageError`.

    Those of metrics that none of the reports has, a range that ends before it begins, and a
    negative time.
    """
    known = {
        option.flag.removeprefix("--warning-")
        for option in metric_options(reports)
        if option.flag.startswith("--warning-")
    }
    for key, value in options.items():
        kind, _, name = key.replace("_", "-").partition("-")
        if kind not in ("warning", "critical") or not value:
            continue
        if name not in (*TIMES, *known):
            asked = ", ".join(report.name for report in reports)
            raise UsageError(
                f"--{kind}-{name} is about a figure that {asked} does not have",
                "'o365skype-bridge list metrics' shows which report has it; leave it out here.",
            )
        _require_range(f"{kind}-{name}", str(value), least=0 if name in TIMES else -INFINITE)


def _require_range(option: str, text: str, least: float) -> None:
    range_ = thresholds.parse(text, option)
    if range_ is None:
        return
    given = [end for end in (range_.start, range_.end) if abs(end) != INFINITE]
    if range_.start > range_.end or any(end < least for end in given):
        raise UsageError(
            f"--{option} {text[:60]!a} can never be met",
            "Write the smaller number first, and a time as 0 or more.",
        )


def _state(options: Mapping[str, Any], name: str) -> int:
    word = str(options.get(name) or "unknown")
    if word.lower() not in STATE_WORDS:
        said = f"{name.replace('_', ' ')} {word[:20]!a} is no state"
        raise UsageError(said, f"Write {', '.join(STATE_WORDS)}.")
    return STATES.index(word.upper())


class Verdict:
    """A state, and the thresholds as perfdata shows them."""

    def __init__(
        self,
        value: float,
        warning: Threshold | None,
        critical: Threshold | None,
        unknown: Range | None = None,
    ) -> None:
        """Compare; the first threshold that alerts decides, in the order of the connector's."""
        self.warning = warning
        self.critical = critical
        self.state = OK
        if critical and critical.alerts(value):
            self.state = CRITICAL
        elif warning and warning.alerts(value):
            self.state = WARNING
        elif unknown and unknown.alerts(value):
            self.state = UNKNOWN


class Judge:
    """Judges by the option values of one run.

    Beside the options above, ``unknown_*`` thresholds, ``filter_counters_block`` and
    ``float_precision`` are followed, which only Centreon's connector has.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Read the options. Raises `UsageError`."""
        self._options = options
        self._percents = options.get("units", "%") == "%"
        self._counters = compiled(
            str(options.get("filter_counters") or ""),
            "--filter-counters",
            "Name counters, such as 'active|total'.",
        )
        self._hidden = compiled(
            str(options.get("filter_counters_block") or ""),
            "--filter-counters-block",
            "Name a block: active, global or users.",
        )
        self._digits = int(options.get("float_precision") or DIGITS)
        self.empty_state = _state(options, "empty_state")
        self.stale_state = _state(options, "stale_state")

    def validate(self, report: Report) -> None:
        """Refuse thresholds that are no ranges, also those that nothing is compared with."""
        own = (name for each in report.words.words for name in (each.option, each.own_option))
        for name in (*TIMES, *own):
            self._thresholds(name)

    def shows(self, words: Words) -> bool:
        """Say whether a metric is among the counters that were asked for."""
        return self._counters is None or bool(self._counters.search(words.option))

    def hides(self, block: Block) -> bool:
        """Say whether a block was asked to be left out altogether."""
        return self._hidden is not None and bool(self._hidden.search(block.name))

    def time(self, name: str, seconds: int | None) -> Verdict | None:
        """Judge one of `TIMES`, if it is known and a threshold was given for it."""
        warning, critical = self._thresholds(name)
        if seconds is None or not (warning or critical):
            return None
        return Verdict(seconds, warning, critical)

    def stale(self, outcome: Outcome, confirmed: int, interval: float) -> int:
        """Give the state of kept figures that Graph confirmed so many seconds ago.

        Those that are asked for at a shorter ``interval`` are worth nothing sooner.
        """
        verdict = self.time(CONFIRMED, confirmed)
        if verdict is None:
            patience = min(int(PATIENCE), round(interval * TIMES_MISSED))
            verdict = Verdict(confirmed, thresholds.parse(str(patience), ""), None)
        own = self.stale_state if outcome.needs_somebody else OK
        return thresholds.worst([own, verdict.state])

    def sample(self, sample: Sample, words: Words) -> Verdict:
        """Judge a sample: a limited one by its part of the maximum, unless counts are asked for.

        Where no threshold is given, the metric's own decides. A text is always OK.
        """
        metric, value = sample.metric, sample.value
        if isinstance(value, str):
            return Verdict(0, None, None)
        warning, critical = (
            self._range(kind, words.own_option) or self._range(kind, words.option)
            for kind in ("warning", "critical")
        )
        if metric.warning or metric.critical:
            return Verdict(
                value,
                warning or thresholds.declared(metric.warning, words.option),
                critical or thresholds.declared(metric.critical, words.option),
            )
        unknown = None if metric.has_maximum else self._range("unknown", words.option)
        scale = sample.max if metric.has_maximum and self._percents else None
        if scale is not None:
            value = round(thresholds.percent(value, scale), self._digits)
        verdict = Verdict(value, *map(self._rounded, (warning, critical, unknown)))
        verdict.warning = warning.scaled(scale) if warning and scale is not None else warning
        verdict.critical = critical.scaled(scale) if critical and scale is not None else critical
        return verdict

    def _thresholds(self, name: str) -> tuple[Range | None, Range | None]:
        return self._range("warning", name), self._range("critical", name)

    def _range(self, kind: str, name: str) -> Range | None:
        text = str(self._options.get(f"{kind}_{name.replace('-', '_')}") or "")
        return thresholds.parse(text, f"{kind}-{name}")

    def _rounded(self, range_: Range | None) -> Range | None:
        if range_ is None:
            return None
        return range_.replace(
            start=round(range_.start, self._digits), end=round(range_.end, self._digits)
        )
