"""Status line, perfdata and exit code, as the monitoring plugin guidelines and Centreon want them.

The grammar is that of Centreon's own connector: blocks joined by `` - ``, and when something is
wrong only what is wrong, worst first. Names lose control characters, and ``|``, ``=`` and ``;``
are replaced, because readers split there. Everything fits into 8,192 bytes, of which Nagios
loses what is beyond: totals come first, and a line says how much is left out.
"""

from __future__ import annotations

from datetime import date

from o365skype_bridge import thresholds
from o365skype_bridge.model import Sample
from o365skype_bridge.options import Option
from o365skype_bridge.outputs import judge, perfdata
from o365skype_bridge.outputs.base import Output, Rendered
from o365skype_bridge.outputs.names import Names
from o365skype_bridge.thresholds import CRITICAL, OK, STATES, UNKNOWN, WARNING

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from o365skype_bridge.errors import BridgeError
    from o365skype_bridge.model import Block, Collection, Report, ReportResult

PERFDATE = "perfdate"

LARGEST = 8000
"""Bytes of output; Nagios reads 8,192."""

LONGEST_LINE = 6000
"""Bytes of the status line before the perfdata."""

LONGEST_TEXT = 2000
SHOWN_ORDER = (CRITICAL, WARNING, UNKNOWN)

Part = tuple[int, str]
"""Something a status line says: its state, and the text for when that is shown."""


class Check:
    """The judgement of one run: parts of the status line, perfdata, and what is always said."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Read the options. Raises `UsageError`."""
        self._judge = judge.Judge(options)
        self._new = bool(options.get("use_new_perfdata"))
        self._verbose = bool(options.get("verbose"))
        self._labels: set[str] = set()
        self._own: dict[str, str] = {}
        self.parts: list[Part] = []
        self.items: list[str] = []
        self.user_items: list[str] = []
        self.remarks: list[str] = []
        self.details: list[str] = []

    def add(self, result: ReportResult, suffix: str, now: float, *, alone: bool) -> None:
        """Judge one result; ``suffix`` tells its labels from those of other tenants.

        ``alone`` says that no other result has an answer, so that a failure is UNKNOWN.
        """
        self._judge.validate(result.report)
        self._own = {
            label: self._unique(label, result.report, suffix) for label in (PERFDATE, judge.AGE)
        }
        outcome, name = result.outcome, f"{result.report.name}{suffix}"
        age = result.age_seconds(now)
        old = f", {age / 3600:.0f} h old" if outcome.kind == "stale" and age else ""
        said = perfdata.safe_text(f"{name} is {outcome.kind}{old}: {outcome.text}", LONGEST_TEXT)
        if outcome.has_data:
            self._add_samples(result.report, result.newest, result.refresh_date, suffix)
        elif outcome.kind != "empty":
            self.parts.append((UNKNOWN if alone else WARNING, said))
        elif self._judge.empty_state == OK:
            self._add_samples(result.report, _nothing(result.report), None, suffix)
        else:
            self.parts.append((self._judge.empty_state, said))
        if outcome.kind == "stale":
            self.remarks.append(said)
        self._add_age(result, suffix, now)
        self.details += [f"{name}: {note}" for note in result.notes]

    def _add_age(self, result: ReportResult, suffix: str, now: float) -> None:
        age = result.age_seconds(now)
        verdict = self._judge.age(age) if age is not None else None
        if verdict is None:
            return
        hours = f"{(age or 0) / 3600:.1f} h"
        self.parts.append((verdict.state, f"Data age of {result.report.name}{suffix}: {hours}"))
        limits = f"s;{verdict.warning or ''};{verdict.critical or ''};0;"
        self.items.append(perfdata.item(self._own[judge.AGE], age, limits))

    def _unique(self, label: str, report: Report, suffix: str) -> str:
        """Give a label that every report has; the second report's is told apart."""
        unique = f"{label}{suffix}"
        if unique in self._labels:
            unique = f"{label}_{report.name}{suffix}"
        self._labels.add(unique)
        return unique

    def _add_samples(
        self, report: Report, samples: Sequence[Sample], day: date | None, suffix: str
    ) -> None:
        before = len(self.parts)
        for block in report.blocks:
            mine = [
                sample
                for sample in samples
                if sample.metric in block.metrics and self._judge.shows(sample.metric)
            ]
            if not mine:
                continue
            if block.metrics[0].per_user:
                self._add_users(block, mine, suffix)
            else:
                self._add_block(block, mine, day, suffix)
        if suffix:
            said = self.parts[before:]
            self.parts[before:] = [(state, f"{suffix[1:]}: {text}") for state, text in said]

    def _add_block(
        self, block: Block, samples: Iterable[Sample], day: date | None, suffix: str
    ) -> None:
        states, texts = [], []
        for sample in samples:
            verdict = self._judge.sample(sample)
            states.append(verdict.state)
            texts.append((verdict.state, _text(sample, day)))
            if sample.metric.limited and day is not None:
                noon = perfdata.local_noon(day)
                self.items.append(perfdata.item(self._own[PERFDATE], noon, ";;;;"))
            label = perfdata.label(sample, "", new=self._new, alone=True) + suffix
            self.items.append(perfdata.sample_item(sample, label, verdict))
        self.parts.append(_part(block.prefix, texts))

    def _add_users(self, block: Block, samples: Iterable[Sample], suffix: str) -> None:
        by_user: dict[str, list[Sample]] = {}
        for sample in samples:
            by_user.setdefault(sample.user, []).append(sample)
        names, alone, parts = Names(), len(by_user) == 1, []
        for user, mine in by_user.items():
            name = names.of(user, perfdata.safe(user))
            texts = []
            for sample in mine:
                verdict = self._judge.sample(sample)
                texts.append((verdict.state, _text(sample, None)))
                label = perfdata.label(sample, name, new=self._new, alone=alone) + suffix
                self.user_items.append(perfdata.sample_item(sample, label, verdict))
            parts.append(_part(block.prefix.format(name), texts))
        self.details += [text for _, text in parts]
        wrong = [part for part in parts if part[0] != OK]
        self.parts += parts if alone else wrong or [(OK, block.all_ok)]

    def rendered(self) -> Rendered:
        """Put everything together, below the limit."""
        first = _cut(self._first_line(), LONGEST_LINE)
        every = [*self.items, *self.user_items]
        items = _fitting(every, LARGEST - len(first.encode()))
        text = f"{first} |{''.join(f' {item}' for item in items)}\n" if items else f"{first} \n"
        if missing := len(every) - len(items):
            text += f"{missing} values are left out; --filter-user or --tenant asks for fewer\n"
        if self._verbose:
            details = _fitting(self.details, LARGEST - len(text.encode()))
            text += "".join(f"{line}\n" for line in details)
        state = thresholds.worst([state for state, _ in self.parts])
        return Rendered(text=text, exit_code=state)

    def _first_line(self) -> str:
        groups = []
        for state in SHOWN_ORDER:
            texts = [text for part_state, text in self.parts if part_state == state]
            if texts:
                groups.append(f"{STATES[state]}: {_joined(texts)}")
        if not groups:
            groups = [f"OK: {_joined([text for _, text in self.parts])}"]
        return " - ".join([" ".join(groups), *self.remarks])


def _part(prefix: str, texts: Sequence[Part]) -> Part:
    """Join the texts of a block: all of them, or when something is wrong only what is."""
    worst = thresholds.worst([state for state, _ in texts])
    shown = [text for state, text in texts if worst == OK or state != OK]
    return worst, prefix + ", ".join(shown)


def _joined(texts: list[str]) -> str:
    """Join parts; of very many only the first ones, and how many more there are."""
    length = 0
    for number, text in enumerate(texts):
        if length > LONGEST_TEXT:
            return " - ".join([*texts[:number], f"and {len(texts) - number} more"])
        length += len(text.encode())
    return " - ".join(texts)


def _cut(text: str, most: int) -> str:
    """Give a text of so many bytes at most; dots say that there was more."""
    content = text.encode()
    return text if len(content) <= most else f"{content[: most - 4].decode(errors='ignore')} ..."


def _fitting(texts: Iterable[str], room: int) -> list[str]:
    """Give the first texts, as many as fit with one more byte each."""
    fitting = []
    for text in texts:
        room -= len(text.encode()) + 1
        if room < 0:
            break
        fitting.append(text)
    return fitting


def _text(sample: Sample, day: date | None) -> str:
    metric = sample.metric
    if not metric.limited:
        return f"{metric.title}: {sample.value}"
    total = sample.max or 0
    part = thresholds.percent(sample.value, total)
    return f"{metric.title} on {day or ''} : {sample.value}/{total} ({part:.2f}%)"


def _nothing(report: Report) -> list[Sample]:
    """Give the zeros that Centreon's connector prints for a report without rows."""
    return [
        Sample(metric=metric, value=0, day=date.min, max=0 if metric.limited else None)
        for metric in report.metrics
        if not metric.per_user
    ]


def render(
    collection: Collection, options: Mapping[str, Any], warnings: tuple[str, ...]
) -> Rendered:
    """Judge all results together. Raises `UsageError` for a threshold that is no range."""
    check = Check(options)
    answered = any(result.outcome.has_data for result in collection.results)
    several = len(collection.tenants) > 1
    names = Names()
    for result in collection.results:
        tenant = names.of(result.tenant, perfdata.safe(result.tenant))
        suffix = f"_{tenant}" if several else ""
        check.add(result, suffix, collection.now, alone=not answered)
    check.details += [perfdata.safe_text(warning, LONGEST_TEXT) for warning in warnings]
    return check.rendered()


def fail(error: BridgeError) -> Rendered:
    """Say UNKNOWN and why."""
    text = perfdata.safe_text(error.text, LONGEST_TEXT)
    return Rendered(text=f"UNKNOWN: {text} \n", exit_code=UNKNOWN)


OUTPUT = Output(
    name="centreon",
    help="Status line, perfdata and exit code, for Centreon, Nagios and Icinga2.",
    options=(
        *judge.OPTIONS,
        Option(
            flag="--use-new-perfdata",
            help="Dotted metric names as perfdata labels instead of the legacy ones.",
        ),
    ),
    metric_options=judge.metric_options,
    render=render,
    fail=fail,
    quiet=True,  # Icinga 2 takes stderr for output
)
