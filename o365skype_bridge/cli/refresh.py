"""``o365skype-bridge refresh``: fetch in the foreground, for cron or a systemd timer."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import TYPE_CHECKING, Any

from o365skype_bridge import reports
from o365skype_bridge.cli import question
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


class Progress:
    """What is to be fetched, by tenant and report, and what was said of it."""

    def __init__(self, due: Mapping[str, list[Report]]) -> None:
        """Say nothing yet."""
        self.gone: list[ReportResult] = []
        self.left = [(tenant, report.name) for tenant, some in due.items() for report in some]
        self.failures = 0
        self._warned: set[str] = set()

    def hear(self, message: Trying | Refreshed) -> None:
        """Take what `fleet.refresh` tells, and print how a report went."""
        if isinstance(message, Trying):
            return
        result = message.result
        self.left.remove(message.key)
        self.failures += not result.outcome.is_up
        if result.outcome.kind == retirement.GONE:  # what that means the others will tell
            self.gone.append(result)
        else:
            self.say(result, result.outcome.message)
        self.warn(message.problems)

    def say(self, result: ReportResult, message: str) -> None:
        """Print how a report went."""
        said = (result.tenant, result.report.name, result.outcome.kind, message)
        pipes.write(1, f"{problems.shown(' '.join(filter(None, said)))}\n")

    def warn(self, texts: Iterable[str]) -> None:
        """Print warnings, each once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._warned]
        self._warned.update(new)
        problems.say(problems.line("W", text) for text in new)


def run(values: Mapping[str, Any]) -> int:
    """Fetch and say for each report how it went; 0 when all went well, 1 if not, 3 at Ctrl-C.

    It ends after ``--deadline`` if that is given, whatever Graph does.
    """
    settings = sources.load(values, os.environ)
    account.become_owner(settings)
    due, seen = _due(settings, values)
    progress = Progress(due)
    progress.warn(settings.warnings)
    life = settings.deadline if values["deadline"] else BACKGROUND_LIFE
    limits = Limits(life=life, patience=life, seen=seen)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(PendingError), deadline.after(life):
            fleet.refresh(settings, due, {}, limits, progress.hear)
    except KeyboardInterrupt:
        left = ", ".join(f"{tenant} {report}" for tenant, report in progress.left)
        problems.say([problems.line("E", f"interrupted. Not fetched: {left or 'nothing'}.")])
        return 3
    finally:
        for result in progress.gone:
            progress.say(result, _explained(settings, result).text)
    return int(progress.failures > 0)


def _explained(settings: Settings, result: ReportResult) -> Outcome:
    """Say of a report that is gone what that means."""
    [tenant] = [tenant for tenant in settings.tenants if tenant.name == result.tenant]
    store, mark = Store(settings.state_dir, tenant), settings_mark(tenant)
    known, now = reports.catalogue(), time.time()
    return retirement.explained(result.outcome, result.report, store, mark, known, now)


def _due(
    settings: Settings, values: Mapping[str, Any]
) -> tuple[dict[str, list[Report]], dict[tuple[str, str], Stamp]]:
    """Give what is to be fetched, by tenant, and the stamps of what was held of it."""
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
            if not values["all"]:
                seen[tenant.name, report.name] = held.stamp
    return due, seen
