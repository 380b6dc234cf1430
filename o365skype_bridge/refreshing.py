"""``o365skype-bridge refresh``: fetch in the foreground, for cron or a systemd timer."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

from o365skype_bridge import account, config, fleet, pipes, problems
from o365skype_bridge.answer import BACKGROUND_LIFE
from o365skype_bridge.flags import REPORT, REPORTS, SETTINGS
from o365skype_bridge.options import Option
from o365skype_bridge.refresh import Limits
from o365skype_bridge.state.credential import settings_mark
from o365skype_bridge.state.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from o365skype_bridge.model import Report
    from o365skype_bridge.settings import Settings
    from o365skype_bridge.state.store import Stamp

OPTIONS = (
    *SETTINGS,
    REPORT,
    Option(flag="--all", help="Ask Graph also for what is not due yet."),
)


def run(values: Mapping[str, Any]) -> int:
    """Fetch and say for each report how it went; 0 when all went well, else 1."""
    settings = config.load(values, os.environ)
    account.become_owner(settings)
    due, seen = _due(settings, values)
    failures = 0

    def say(line: bytes) -> None:
        nonlocal failures
        content = json.loads(line)
        if "result" not in content:
            return
        outcome = content["result"]["outcome"]
        failures += outcome["kind"] not in ("ok", "empty")
        words = (content["tenant"], content["report"], outcome["kind"], outcome.get("message", ""))
        pipes.write(1, f"{problems.shown(' '.join(word for word in words if word))}\n")
        warn(content["problems"])

    def warn(texts: Iterable[str]) -> None:
        new = [text for text in texts if text not in said]
        said.update(new)
        problems.say(problems.line("W", text) for text in new)

    said: set[str] = set()
    warn(settings.warnings)
    life = max(settings.deadline, BACKGROUND_LIFE)
    limits = Limits(life=life, patience=life, seen=seen)
    fleet.refresh(settings, due, None, limits, say)
    return int(failures > 0)


def _due(
    settings: Settings, values: Mapping[str, Any]
) -> tuple[dict[str, list[Report]], dict[tuple[str, str], Stamp]]:
    """Give what is to be fetched, by tenant, and the stamps of what was held of it."""
    now = time.time()
    due: dict[str, list[Report]] = {}
    seen: dict[tuple[str, str], Stamp] = {}
    for tenant in settings.tenants:
        store, mark = Store(settings.state_dir, tenant), settings_mark(tenant)
        for name in values["report"] or REPORTS:
            held = store.load(REPORTS[name], now)
            if values["all"] or not held.is_fresh(time.time(), settings.refresh_interval, mark):
                due.setdefault(tenant.name, []).append(REPORTS[name])
            if not values["all"]:
                seen[tenant.name, name] = held.stamp
    return due, seen
