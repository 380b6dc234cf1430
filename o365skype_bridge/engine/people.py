"""Who is shown of the users: the busiest ones or all, under their names or under pseudonyms."""

from __future__ import annotations

import re

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.values import Sample
from o365skype_bridge.process import files
from o365skype_bridge.settings.written import changeable, is_exposed, reason

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from o365skype_bridge.model.outcome import Outcome
    from o365skype_bridge.model.values import Collection, ReportResult

    Samples = tuple[Sample, ...]

OTHER = "other"
"""The name of all users together that are not shown one by one."""

PREFIX = "user-"
LENGTH = 16
"""Hexadecimal digits of a pseudonym."""

LONGEST_NUMBER = 9

CELL = re.compile(r"( holds | is )(['\"]).*\2(?=, not |; )")
"""What a complaint about a report shows of a cell, which in a broken file may be a name."""


class Selection(Frozen):
    """Who is to be shown: so many users at most, None for all, and by pseudonyms if there is a key.

    ``key_file`` holds the key; it is blank for users' own names.
    """

    most: int | None = None
    key_file: str = ""

    @classmethod
    def of(cls, most: str, key_file: str) -> Selection:
        """Read a number, blank for all, and take the name of a file. Raises `UsageError`."""
        return cls(most=_number(most) if most else None, key_file=key_file)

    def showing(self) -> Showing:
        """Give how they are shown, by the key as it is now. Raises `UsageError`."""
        key, warnings = _key(self.key_file) if self.key_file else (b"", ())
        return Showing(self.most, key, warnings)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise UsageError(f"--max-users {text[:20]!a} is not a number of users", "Give 0 or more.")
    return int(text)


def _key(file: str) -> tuple[bytes, tuple[str, ...]]:
    """Read the key; a warning goes with it when others can read it, too."""
    try:
        content, status = files.read(file, files.SMALL)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the pseudonym key file {file!a} cannot be read: {reason(error)}",
            "Name a file that this user can read and that holds the key alone.",
        ) from error
    key = content.strip(b"\r\n")
    if not key:
        raise UsageError(f"the pseudonym key file {file!a} is empty", "Put a long random key in.")
    warnings = changeable("the pseudonym key file", file)
    if is_exposed(status):
        warnings.append(f"other users can read the pseudonym key file {file}: run chmod 600 on it")
    return key, tuple(warnings)


class Showing:
    """How users are shown: ``most`` of them at most, by pseudonyms made with ``key`` if any."""

    def __init__(self, most: int | None, key: bytes, warnings: tuple[str, ...] = ()) -> None:
        """Remember nothing yet."""
        self.warnings = warnings
        self._most = most
        self._key = key
        self._done: dict[tuple[str, str], tuple[Samples, Samples]] = {}

    def of(self, collection: Collection) -> Collection:
        """Give a collection as it is to be shown; what was asked before is not worked out again."""
        return collection.replace(results=tuple(map(self._result, collection.results)))

    def _result(self, result: ReportResult) -> ReportResult:
        key = result.tenant, result.report.name
        before, after = self._done.get(key, ((), ()))
        if before is not result.samples:
            after = self._samples(result.samples)
            self._done[key] = result.samples, after
        return result.replace(samples=after, outcome=self.outcome(result.outcome))

    def outcome(self, outcome: Outcome) -> Outcome:
        """Leave out what a complaint shows of a cell when names are not to be seen."""
        if not self._key or not CELL.search(outcome.message):
            return outcome
        return outcome.replace(message=CELL.sub(r"\1something else", outcome.message))

    def _samples(self, samples: Samples) -> Samples:
        """Rename users, and put the sum of those that are not shown before those that are."""
        totals = tuple(sample for sample in samples if not sample.metric.per_user)
        singles = [sample for sample in samples if sample.metric.per_user]
        names = self._names(dict.fromkeys(sample.user for sample in singles))
        activity: dict[str, float] = dict.fromkeys(names.values(), 0)
        for sample in singles:
            activity[names[sample.user]] += _figure(sample)
        kept = self._kept(activity)
        others = ((sample, OTHER) for sample in singles if names[sample.user] not in kept)
        shown = [sample for sample in singles if names[sample.user] in kept]
        if self._key:
            shown.sort(key=lambda sample: names[sample.user])
            shown = _summed(((sample, names[sample.user]) for sample in shown), rest=0)
        return (*totals, *_summed(others, rest=len(activity) - len(kept)), *shown)

    def _names(self, users: Iterable[str]) -> dict[str, str]:
        """Give the names that users go by."""
        if not self._key:
            return {user: user for user in users}
        from hmac import digest  # noqa: PLC0415 costs several ms, and only who asks for it pays

        content = {user: user.encode("utf-8", "surrogatepass") for user in users}
        return {
            user: f"{PREFIX}{digest(self._key, name, 'sha256').hex()[:LENGTH]}"
            for user, name in content.items()
        }

    def _kept(self, activity: Mapping[str, float]) -> set[str]:
        """Choose the busiest, by the sum of their figures.

        A user called like the sum is among the others, so that nobody is taken for it.
        """
        if self._most is None or len(activity) <= self._most:
            return set(activity)
        ranked = sorted(activity, key=lambda user: (user == OTHER, -activity[user], user))
        return set(ranked[: self._most]) - {OTHER}


def _figure(sample: Sample) -> float:
    """Give a figure that can be added up; a text counts nothing."""
    return 0 if isinstance(sample.value, str) else sample.value


def _summed(singles: Iterable[tuple[Sample, str]], *, rest: int) -> list[Sample]:
    """Add up the samples that are of the same metric and day under the name beside them.

    ``rest`` users are in each sum.
    """
    sums: dict[tuple[str, date, str], float] = {}
    metrics = {}
    for sample, user in singles:
        key = sample.metric.name, sample.day, user
        metrics[sample.metric.name] = sample.metric
        sums[key] = sums.get(key, 0) + _figure(sample)
    return [
        Sample(metric=metrics[name], value=value, day=day, user=user, rest=rest)
        for (name, day, user), value in sums.items()
    ]
