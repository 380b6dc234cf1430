"""The judgement of one run: parts of a status line, perfdata items, and what is always said."""

from __future__ import annotations

from o365skype_bridge.model.shape import PERIODS
from o365skype_bridge.model.values import Sample
from o365skype_bridge.outputs import judge, perfdata, thresholds
from o365skype_bridge.outputs.lines import LONGEST_TEXT
from o365skype_bridge.outputs.names import Names
from o365skype_bridge.outputs.thresholds import OK, UNKNOWN, WARNING

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from datetime import date
    from typing import Any

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.outcome import Outcome
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.model.wording import Block, Words
    from o365skype_bridge.outputs.lines import Part
    from o365skype_bridge.outputs.perfdata import Item

    Spoken = tuple[Sample, Words]
else:
    from _datetime import date  # what `datetime` wraps, without its twin in Python

PERFDATE = "perfdate"


class Check:
    """The judgement of one run.

    ``reasons``, ``parts`` and ``remarks`` make the status line, ``items``, ``group_items`` and
    ``user_items`` the perfdata, ``details`` the long output. ``left_out`` counts users who have no
    figures of their own.
    """

    def __init__(self, options: Mapping[str, Any], reports: Sequence[Report]) -> None:
        """Read the options; ``reports`` are all of the run, told apart. Raises `UsageError`."""
        self._judge = judge.Judge(options)
        self._names = perfdata.labels(reports, new=bool(options.get("use_new_perfdata")))
        self._headed = _alike(reports)
        self._groups = Names(PERIODS)
        self._labels: set[str] = set()
        self._own: dict[str, str] = {}
        self.reasons: list[Part] = []
        self.parts: list[Part] = []
        self.items: list[Item] = []
        self.group_items: list[Item] = []
        self.user_items: list[Item] = []
        self.remarks: list[str] = []
        self.details: list[str] = []
        self.left_out = 0

    def add(self, result: ReportResult, suffix: str, now: float, *, alone: bool) -> None:
        """Judge one result; ``suffix`` tells its labels from those of other tenants.

        ``alone`` says that no other result has an answer, so that a failure is UNKNOWN.
        """
        self._judge.validate(result.report)
        self._own = {
            label: self._unique(label, result.report, suffix) for label in (PERFDATE, *judge.TIMES)
        }
        outcome, name = result.outcome, f"{result.report.name}{suffix}"
        age = result.age_seconds(now)
        old = f", {age / 3600:.0f} h old" if outcome.kind == "stale" and age else ""
        said = perfdata.safe_text(f"{name} is {outcome.kind}{old}: {outcome.text}", LONGEST_TEXT)
        if outcome.has_data or result.samples:
            self._add_samples(result.report, result.newest, result.refresh_date, suffix)
        if outcome.kind != "empty":
            failed = UNKNOWN if alone else WARNING
            self.parts += [] if outcome.has_data else [(failed, said)]
        elif self._judge.empty_state == OK:
            day = result.refresh_date
            self._add_samples(result.report, _nothing(result.report), day, suffix)
        else:
            self.parts.append((self._judge.empty_state, said))
        confirmed = result.confirmed_seconds(now)
        if outcome.kind == "stale":
            self._add_stale(outcome, said, confirmed or 0, result.report.interval)
        self._add_time(judge.AGE, f"Data age of {name}", age)
        self._add_time(judge.CONFIRMED, f"Time since Graph confirmed {name}", confirmed)
        support = [outcome.support] if outcome.support else []
        self.details += [f"{name}: {note}" for note in (*result.notes, *support)]

    def _add_stale(self, outcome: Outcome, said: str, confirmed: int, interval: float) -> None:
        """Say why figures are only kept ones: first, unless that is nothing to worry about yet."""
        state = self._judge.stale(outcome, confirmed, interval)
        if state == OK:
            self.remarks.append(said)
        else:
            self.reasons.append((state, said))

    def _add_time(self, label: str, words: str, seconds: int | None) -> None:
        verdict = self._judge.time(label, seconds)
        if verdict is None or seconds is None:
            return
        self.parts.append((verdict.state, f"{words}: {seconds / 3600:.1f} h"))
        item = perfdata.Item(
            label=self._own[label],
            value=seconds,
            unit="s",
            warning=str(verdict.warning or ""),
            critical=str(verdict.critical or ""),
            minimum="0",
        )
        self.items.append(item)

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
        for block in report.words.blocks:
            shown = {words.metric: words for words in block.words if self._judge.shows(words)}
            every = [
                (sample, shown[sample.metric.dotted])
                for sample in samples
                if sample.metric.dotted in shown
            ]
            mine = [spoken for spoken in every if not spoken[0].group]
            if not mine or self._judge.hides(block):
                continue
            if mine[0][0].metric.is_found:
                self._add_found(block, mine, suffix)
            else:
                self._add_block(block, mine, day, suffix)
            if len(every) > len(mine):
                self._add_groups(block, every, day, suffix)
        if not samples:
            self.parts.append(self._none(report))
        head = f"{suffix[1:]}: " if suffix else ""
        head += f"{report.title}: " if report.name in self._headed else ""
        self.parts[before:] = [(state, f"{head}{text}") for state, text in self.parts[before:]]

    def _none(self, report: Report) -> Part:
        """Say that there is nothing of what a report lists, or that it has no figures."""
        names = [block.name for block in report.words.blocks]
        if all(metric.is_found for metric in report.metrics):
            return OK, f"There are no {' and '.join(names)}"
        return self._judge.empty_state, f"{report.name} has no figures"

    def _add_block(
        self, block: Block, samples: Iterable[Spoken], day: date | None, suffix: str
    ) -> None:
        texts = []
        for sample, words in samples:
            perfdate = self._own[PERFDATE]
            dated = any(item.label == perfdate for item in self.items)
            if sample.metric.limited and day is not None and not dated:
                self.items.append(perfdata.Item(label=perfdate, value=perfdata.local_noon(day)))
            label = perfdata.label(sample.metric, self._names[words.key], "", alone=True)
            texts.append(self._judged(sample, words, day, f"{label}{suffix}", self.items))
        self.parts.append(_part(block.prefix, texts))

    def _add_groups(
        self, block: Block, samples: Iterable[Spoken], day: date | None, suffix: str
    ) -> None:
        """Judge figures of groups like those of all; the status line has only what is wrong."""
        found: dict[str, list[Part]] = {}
        for sample, words in samples:
            if sample.group:
                name = self._groups.of(sample.group, perfdata.thing(sample.group))
                label = perfdata.label(sample.metric, words.metric, name, alone=False)
                state, text = self._judged(sample, words, day, f"{label}{suffix}", self.group_items)
                # A part of nobody is neither much nor little.
                part = (OK if sample.max == 0 else state, text)
                found.setdefault(name, []).append(part)
        parts = [_part(f"Group '{name}': {block.prefix}", texts) for name, texts in found.items()]
        self.details += [text for _, text in parts]
        self.parts += [part for part in parts if part[0] != OK]

    def _judged(
        self, sample: Sample, words: Words, day: date | None, label: str, items: list[Item]
    ) -> Part:
        """Judge a sample; a text has no perfdata."""
        verdict = self._judge.sample(sample, words)
        if not sample.metric.is_text:
            items.append(perfdata.sample_item(sample, label, verdict))
        return verdict.state, _text(sample, words.title, day)

    def _add_found(self, block: Block, samples: Sequence[Spoken], suffix: str) -> None:
        """Judge figures of users, or of other things that are found in the data."""
        by_user: dict[str, list[Spoken]] = {}
        for sample, words in samples:
            if not sample.rest:  # a sum of users is not judged as one of them
                by_user.setdefault(sample.labels[-1][1], []).append((sample, words))
        self.left_out += max((sample.rest for sample, _ in samples), default=0)
        if not by_user:
            return
        names, alone, parts, whole = Names(), len(by_user) == 1, [], []
        for user, mine in by_user.items():
            name = names.of(user, perfdata.thing(user))
            texts, telling = [], set()
            for sample, words in mine:
                label = perfdata.label(sample.metric, self._names[words.key], name, alone=alone)
                texts.append(self._judged(sample, words, None, f"{label}{suffix}", self.user_items))
                if sample.metric.is_text:
                    telling.add(texts[-1])
            prefix = block.prefix.format(name)
            parts.append(_part(prefix, texts, telling))
            whole.append(prefix + ", ".join(text for _, text in texts))
        self.details += whole
        wrong = [part for part in parts if part[0] != OK]
        self.parts += parts if alone else wrong or [(OK, block.all_ok)]


def _part(prefix: str, texts: Sequence[Part], telling: Container[Part] = ()) -> Part:
    """Join the texts of a block: all of them, or when something is wrong only what is.

    Those that are ``telling`` what is wrong stand beside it.
    """
    worst = thresholds.worst([state for state, _ in texts])
    shown = [part[1] for part in texts if worst == OK or part[0] != OK or part in telling]
    return worst, prefix + ", ".join(shown)


def _text(sample: Sample, title: str, day: date | None) -> str:
    metric, value = sample.metric, sample.value
    if isinstance(value, str):
        return f"{title}: {perfdata.safe_text(value, LONGEST_TEXT)}"
    if not metric.limited and sample.max is None:
        return f"{title}: {perfdata.measured(value, metric.unit)}"
    total = sample.max or 0
    part = thresholds.percent(value, total)
    shown = f"{perfdata.measured(value, metric.unit)}/{perfdata.measured(total, metric.unit)}"
    return f"{title} on {day or ''} : {shown} ({part:.2f}%)"


def _alike(reports: Sequence[Report]) -> set[str]:
    """Name the reports whose figures are called like those of one before."""
    known: set[tuple[str, str]] = set()
    found = set()
    for report in reports:
        mine = {(each.prefix, words.title) for each in report.words.blocks for words in each.words}
        if known & mine:
            found.add(report.name)
        known |= mine
    return found


def _nothing(report: Report) -> list[Sample]:
    """Give the zeros that Centreon's connector prints for a report without rows."""
    return [
        Sample(metric=metric, value=0, day=date.min, max=0 if metric.limited else None)
        for metric in report.metrics
        if not (metric.is_found or metric.is_text)
    ]
