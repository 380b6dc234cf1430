"""``o365skype-bridge refresh``: fetch in the foreground, for cron or a systemd timer."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import time
from typing import TYPE_CHECKING, Any

from o365skype_bridge import reports
from o365skype_bridge.cli import progress, question
from o365skype_bridge.cli.flags import PERIOD, REPORT, SETTINGS
from o365skype_bridge.engine import derive, fleet, retirement
from o365skype_bridge.engine.answer import BACKGROUND_LIFE
from o365skype_bridge.engine.messages import Refreshed, Trying
from o365skype_bridge.engine.refresh import Limits
from o365skype_bridge.errors import PendingError
from o365skype_bridge.model.options import Option
from o365skype_bridge.outputs import problems
from o365skype_bridge.process import deadline, pipes
from o365skype_bridge.settings import sources
from o365skype_bridge.settings.marks import settings_mark
from o365skype_bridge.state import account
from o365skype_bridge.state.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.outcome import Outcome
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.settings.values import Settings
    from o365skype_bridge.state.held import Stamp

OPTIONS = (
    *SETTINGS,
    REPORT,
    PERIOD,
    Option(flag="--all", help="Ask Graph also for what is not due yet."),
)


class Fetched:
    """What is to be fetched, by tenant and report, and what was said of it."""

    def __init__(self, due: Mapping[str, list[Report]]) -> None:
        """Say nothing yet."""
        self.gone: list[ReportResult] = []
        self.bar = progress.Progress()
        self._done = 0
        self.left = [(tenant, report.name) for tenant, some in due.items() for report in some]
        self.failures = 0
        self._warned: set[str] = set()

    def hear(self, message: Trying | Refreshed) -> None:
        """Take what `fleet.refresh` tells, and print how a report went."""
        if isinstance(message, Trying):
            self.bar.at(f"trying again ({message.outcome.kind}): {' '.join(message.key)}")
            return
        result = message.result
        self.left.remove(message.key)
        self.failures += not result.outcome.is_up
        self._done += 1
        if result.outcome.kind == retirement.GONE:  # what that means the others will tell
            self.gone.append(result)
        else:
            self.say(result, result.outcome.message or _age(result, time.time()))
        self.bar.at(result.tenant, self._done)
        self.warn(message.problems)

    def say(self, result: ReportResult, message: str) -> None:
        """Print how a report went."""
        with self.bar.aside():
            pipes.write(1, problems.went(result, message))

    def warn(self, texts: Iterable[str]) -> None:
        """Print warnings, each once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._warned]
        self._warned.update(new)
        with self.bar.aside():
            problems.say(problems.line("W", text) for text in new)


def run(values: Mapping[str, Any]) -> int:
    """Fetch and say for each report how it went; 0 when all went well, 1 if not, 3 at Ctrl-C.

    It ends after ``--deadline`` if that is given, whatever Graph does.
    """
    settings = sources.load(values, os.environ)
    account.become_owner(settings)
    due, seen, next_at = _due(settings, values)
    if not due:
        problems.say(problems.line("W", text) for text in dict.fromkeys(settings.warnings))
        wait = _duration(max(next_at - time.time(), 0))
        pipes.write(1, f"nothing was due; the next report is in {wait}, and --all asks anyway\n")
        return 0
    life = settings.deadline if values["deadline"] else BACKGROUND_LIFE
    limits = Limits(life=life, patience=life, seen=seen)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    fetched = Fetched(due)
    try:
        with progress.shown("refresh", "reports", len(fetched.left)) as fetched.bar:
            fetched.warn(settings.warnings)
            with contextlib.suppress(PendingError), deadline.after(life):
                fleet.refresh(settings, due, {}, limits, fetched.hear)
    except KeyboardInterrupt:
        left = ", ".join(f"{tenant} {report}" for tenant, report in fetched.left)
        problems.say([problems.line("E", f"interrupted. Not fetched: {left or 'nothing'}.")])
        return 3
    finally:
        fetched.bar = progress.Progress()
        for result in fetched.gone:
            fetched.say(result, _explained(settings, result).text)
    return int(fetched.failures > 0)


def _age(result: ReportResult, now: float) -> str:
    """Give the day of the figures and how long ago it was over, if they are of one."""
    age = result.age_seconds(now)
    if result.refresh_date is None or age is None:
        return ""
    return f"(data of {result.refresh_date}, {_duration(age)} old)"


def _duration(seconds: float) -> str:
    """Write a time in the largest unit that makes at least two of it."""
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def _explained(settings: Settings, result: ReportResult) -> Outcome:
    """Say of a report that is gone what that means."""
    [tenant] = [tenant for tenant in settings.tenants if tenant.name == result.tenant]
    store, mark = Store(settings.state_dir, tenant), settings_mark(tenant)
    known, now = reports.catalogue(), time.time()
    return retirement.explained(result.outcome, result.report, store, mark, known, now)


def _due(
    settings: Settings, values: Mapping[str, Any]
) -> tuple[dict[str, list[Report]], dict[tuple[str, str], Stamp], float]:
    """Give what is to be fetched, by tenant, the stamps of what was held of it, and the next time.

    That is when the first of the others is due.
    """
    next_at = math.inf
    now = time.time()
    chosen = derive.sources_of(question.reports(settings.reports))
    due: dict[str, list[Report]] = {}
    seen: dict[tuple[str, str], Stamp] = {}
    for tenant in settings.tenants:
        store, mark = Store(settings.state_dir, tenant), settings_mark(tenant)
        for report in chosen:
            held = store.load(report, now)
            fresh = held.is_fresh(time.time(), settings.interval(report), mark)
            if values["all"] or not fresh:
                due.setdefault(tenant.name, []).append(report)
            else:
                next_at = min(next_at, held.confirmed[mark] + settings.interval(report))
            if not values["all"]:
                seen[tenant.name, report.name] = held.stamp
    return due, seen, next_at
