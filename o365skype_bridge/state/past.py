"""Days of the past that were read once and are kept, a file a day and question."""

from __future__ import annotations

import contextlib
import os
import zlib
from datetime import date, timedelta
from typing import TYPE_CHECKING

from o365skype_bridge.process import files
from o365skype_bridge.state import codec

if TYPE_CHECKING:
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.state.store import Store

KEPT_DAYS = 35
"""Days after which a kept day is deleted; Graph has forgotten it by then."""

MARK = "past"

LARGEST_DAY = 1 << 29
"""Bytes of a file with the figures of every single user."""


class PastDays:
    """The kept days of one report; ``question`` is what tells one selection of users from others.

    Where nothing can be written they are kept in memory.
    """

    def __init__(self, store: Store, report: Report, question: str) -> None:
        """Read nothing yet."""
        self._store = store
        self._report = report
        self._mark = f"{zlib.crc32(question.encode(errors='surrogatepass')):08x}"
        self._memory: dict[date, ReportResult] = {}

    def load(self, day: date) -> ReportResult | None:
        """Give a day's result; None when it is not kept."""
        if day in self._memory:
            return self._memory[day]
        return self._store.kept(
            self._name(day),
            lambda content: codec.decode(content, self._report, self._store.tenant.name),
            LARGEST_DAY,
        )

    def save(self, day: date, result: ReportResult) -> None:
        """Keep a day's result."""
        try:
            self._store.keep(self._name(day), codec.encode(result))
        except OSError as error:
            self._store.unusable(error)
            self._memory[day] = result

    def sweep(self, today: date) -> None:
        """Delete days, whatever the question, that nobody will ask for any more."""
        oldest = today - timedelta(days=KEPT_DAYS)
        with contextlib.suppress(OSError), os.scandir(self._store.folder) as entries:
            for entry in entries:
                words = entry.name.removeprefix(f"{self._report.name}.").split(".")
                with contextlib.suppress(ValueError, IndexError):
                    if words[0] == MARK and date.fromisoformat(words[1]) < oldest:
                        files.remove(entry.path)

    def _name(self, day: date) -> str:
        return f"{self._report.name}.{MARK}.{day}.{self._mark}.json"
