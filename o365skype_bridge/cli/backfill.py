"""``o365skype-bridge backfill``: print the past as line protocol, or push it to a Zabbix server."""

from __future__ import annotations

import math
import os
import signal
from typing import TYPE_CHECKING, Any

from o365skype_bridge import outputs
from o365skype_bridge.cli import progress, pushing, question
from o365skype_bridge.cli.flags import PERIOD, PUSHING, QUESTION, REPORT, SETTINGS
from o365skype_bridge.engine import backfill, derive
from o365skype_bridge.errors import UsageError, sentences
from o365skype_bridge.model.options import Option
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection
from o365skype_bridge.outputs import problems, push
from o365skype_bridge.process import pipes
from o365skype_bridge.settings import sources
from o365skype_bridge.state import account
from o365skype_bridge.state.ledger import WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from o365skype_bridge.engine.answer import Ask
    from o365skype_bridge.engine.history import Left, Past
    from o365skype_bridge.settings.values import Settings

NEITHER = ("--from-folder", "--service", "--verbose")
"""Options of a question that make no sense about the past."""

OPTIONS = (
    Option(
        flag="--days",
        metavar="NUMBER",
        default=str(backfill.OLDEST),
        help="Days before the newest one; Graph has 28 at most.",
    ),
    REPORT,
    PERIOD,
    *(option for option in QUESTION if option.flag not in NEITHER),
    *PUSHING["zabbix"],
    *SETTINGS,
)


def run(values: Mapping[str, Any]) -> int:
    """Print what there is, the oldest day first; 0 when nothing is left to ask for, else 1.

    After ``--deadline``, if that is given, nothing more is asked for. SIGINT and SIGTERM end it
    with 3, and with a line about what is left.
    """
    days = _days(values["days"])
    settings = sources.load(values, os.environ)
    selection = question.selection(values)
    showing = selection.showing() if selection else None
    ask = question.ask(values, settings.reports)
    encryption, remarks = pushing.encrypted(values)
    server = None
    if values["send"]:
        names = [tenant.name for tenant in settings.tenants]
        server = push.server_of(values["send"], values["send_host"], names, encryption)
    account.become_owner(settings)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    seconds = settings.deadline if values["deadline"] else math.inf
    past = _past(settings, ask, days, seconds)
    if past.is_interrupted:
        left = "; ".join(f"{left.tenant} {left.report.name}: {_amount(left)}" for left in past.left)
        said = sentences(f"interrupted. {left}", "Days that were read are kept.")
        problems.say([problems.line("E", said)])
        return 3
    failed = _give((showing.of(one) if showing else one for one in past), server)
    warnings = (
        *settings.warnings,
        *remarks,
        *(showing.warnings if showing else ()),
        *past.problems,
    )
    hidden = showing.outcome if showing else lambda outcome: outcome
    lines = [problems.line("W", warning) for warning in dict.fromkeys(warnings)]
    lines += [problems.line("W", text) for text in _gaps(past)]
    lines += [problems.line("E", _left(left, hidden(left.outcome))) for left in past.left]
    lines += [problems.line("E", error.text) for error in failed]
    problems.say(lines)
    return int(bool(past.left or failed))


def _past(settings: Settings, ask: Ask, days: int, seconds: float) -> Past:
    """Read the past, and show on a terminal how far that is."""
    total = days * len(settings.tenants) * len(derive.sources_of(ask.reports))
    with progress.shown("backfill", "days", total) as bar:
        return backfill.collections(
            settings,
            ask,
            days,
            seconds=seconds,
            notice=lambda what, left: bar.at(what, total - left),
        )


def _give(past: Iterable[Collection], server: push.Server | None) -> list[push.SendError]:
    """Print or push the days as they come; give what went wrong with pushing."""
    if server is None:
        influx = outputs.load("influx")
        for collection in past:
            pipes.write(1, influx.render(collection, {"health": False}, ()).text)
        return []
    figures = push.history(past, server)
    try:
        pipes.write(1, push.push(server, figures) if figures else "")
    except push.SendError as error:
        return [error]
    return []


def _days(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len("100") else 0
    if not 1 <= number <= backfill.OLDEST:
        raise UsageError(
            f"--days {text[:20]!a} is not a number of days that Graph has",
            f"Give 1 to {backfill.OLDEST}.",
        )
    return number


def _gaps(past: Past) -> Iterable[str]:
    for (tenant, report), days in past.without_data.items():
        yield f"{tenant} {report}: nobody was active on {_list(days)}; nothing is printed for that"
    for (tenant, report), days in past.forgotten.items():
        yield f"{tenant} {report}: Graph has no report of {_list(days)} any more"


def _list(days: Iterable[date]) -> str:
    return ", ".join(map(str, days))


def _left(left: Left, outcome: Outcome) -> str:
    """Say what is left and when to go on."""
    said = outcome.text
    if left.retry_after is not None:
        minutes = math.ceil(max(left.retry_after, WINDOW) / 60)
        said = sentences(outcome.message, f"Run the same command again in {minutes} minutes.")
    return f"{left.tenant} {left.report.name}: {_amount(left)}, {outcome.kind}: {said}"


def _amount(left: Left) -> str:
    if not left.days:
        return "nothing was read"
    return f"days left: {len(left.days)} ({left.days[0]} to {left.days[-1]})"
