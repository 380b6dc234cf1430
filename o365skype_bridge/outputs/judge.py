"""Judge samples by the thresholds that were given for their metrics."""

from __future__ import annotations

from o365skype_bridge import thresholds
from o365skype_bridge.options import Option
from o365skype_bridge.patterns import compiled
from o365skype_bridge.thresholds import CRITICAL, OK, STATES, WARNING

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from o365skype_bridge.model import Metric, Report, Sample
    from o365skype_bridge.thresholds import Range

AGE = "age"

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
        flag="--empty-state",
        metavar="STATE",
        choices=("ok", "warning", "critical", "unknown"),
        default="unknown",
        help="State of a report without rows.",
    ),
    Option(
        flag="--filter-counters",
        metavar="REGEX",
        help="Only counters whose name matches, such as 'active|total'.",
    ),
)


def metric_options(metric: Metric) -> tuple[Option, ...]:
    """Give the two thresholds of a metric."""
    unit = "percent of the maximum, or count" if metric.limited else "count"
    return tuple(
        Option(
            flag=f"--{kind}-{metric.option}",
            metavar="RANGE",
            help=f"{kind.capitalize()} threshold ({unit}): {metric.help}",
        )
        for kind in ("warning", "critical")
    )


class Verdict:
    """A state, and the thresholds as perfdata shows them."""

    def __init__(self, value: float, warning: Range | None, critical: Range | None) -> None:
        """Compare."""
        self.warning = warning
        self.critical = critical
        self.state = OK
        if critical and critical.alerts(value):
            self.state = CRITICAL
        elif warning and warning.alerts(value):
            self.state = WARNING


class Judge:
    """Judges by the option values of one run."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Read the options. Raises `UsageError`."""
        self._options = options
        self._percents = options.get("units", "%") == "%"
        self._counters = compiled(
            str(options.get("filter_counters") or ""),
            "--filter-counters",
            "Name counters, such as 'active|total'.",
        )
        self.empty_state = STATES.index(str(options.get("empty_state") or "unknown").upper())

    def validate(self, report: Report) -> None:
        """Refuse thresholds that are no ranges, also those that nothing is compared with."""
        for name in (AGE, *(metric.option for metric in report.metrics)):
            self._thresholds(name)

    def shows(self, metric: Metric) -> bool:
        """Say whether a metric is among the counters that were asked for."""
        return self._counters is None or bool(self._counters.search(metric.option))

    def age(self, seconds: int) -> Verdict | None:
        """Judge the age of data, if a threshold was given for it."""
        warning, critical = self._thresholds(AGE)
        return Verdict(seconds, warning, critical) if warning or critical else None

    def sample(self, sample: Sample) -> Verdict:
        """Judge a sample: a limited one by its part of the maximum, unless counts are asked for."""
        warning, critical = self._thresholds(sample.metric.option)
        if not (sample.metric.limited and self._percents and sample.max is not None):
            return Verdict(sample.value, warning, critical)
        part = thresholds.rounded(thresholds.percent(sample.value, sample.max))
        verdict = Verdict(part, _rounded(warning), _rounded(critical))
        verdict.warning = warning.scaled(sample.max) if warning else None
        verdict.critical = critical.scaled(sample.max) if critical else None
        return verdict

    def _thresholds(self, name: str) -> tuple[Range | None, Range | None]:
        warning, critical = (
            thresholds.parse(
                str(self._options.get(f"{kind}_{name.replace('-', '_')}") or ""), f"{kind}-{name}"
            )
            for kind in ("warning", "critical")
        )
        return warning, critical


def _rounded(range_: Range | None) -> Range | None:
    if range_ is None:
        return None
    return range_.replace(
        start=thresholds.rounded(range_.start), end=thresholds.rounded(range_.end)
    )
