"""``o365skype-bridge doctor``: what is in the way of an answer, and what to do about it."""

from __future__ import annotations

import os
import pwd
import sys
from typing import TYPE_CHECKING, Any

from o365skype_bridge import reports
from o365skype_bridge.cli import progress, question
from o365skype_bridge.cli.flags import REPORT, SETTINGS
from o365skype_bridge.doctor import answers, findings, host
from o365skype_bridge.doctor.findings import FAILED, Finding
from o365skype_bridge.doctor.service import Service
from o365skype_bridge.errors import BridgeError, UsageError
from o365skype_bridge.model.options import Option
from o365skype_bridge.process import pipes
from o365skype_bridge.settings import sources
from o365skype_bridge.state import account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.settings.values import Settings

OPTIONS = (
    *SETTINGS,
    REPORT,
    Option(
        flag="--as",
        metavar="USER",
        help="Look with this account's rights, as root: what works by hand may not as a service.",
    ),
    Option(
        flag="--output",
        metavar="NAME",
        choices=("text", "json"),
        default="text",
        help="Lines for people, or JSON.",
    ),
)

PLAIN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C"}
"""What a service has in its environment; our own settings stay."""


def run(values: Mapping[str, Any]) -> int:
    """Look at everything and say it; 0 if all is well, 1 for warnings, 2 for failures."""
    if values["as"]:
        _become(values["as"])
    as_json = values["output"] == "json"
    colour = os.isatty(1) and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    found: list[Finding] = []
    last = ""
    with progress.shown("doctor", "checks") as bar:
        for one in _every(values, bar.at):
            found.append(one)
            bar.at("", len(found))
            if as_json:
                continue
            heading = f"\n{one.tenant}\n" if one.tenant and one.tenant != last else ""
            last = one.tenant or last
            with bar.aside():
                pipes.write(1, heading + findings.line(one, colour=colour))
    if as_json:
        pipes.write(1, findings.document(found))
    else:
        pipes.write(1, _summary(found))
    return findings.exit_code(found)


def _every(values: Mapping[str, Any], notice: Callable[[str], None]) -> Iterator[Finding]:
    path = str(values["config"] or os.environ.get("O365_CONFIG") or sources.DEFAULT_CONFIG)
    try:
        settings = sources.load(values, os.environ)
        chosen = question.reports(settings.reports)
    except BridgeError as error:
        yield Finding("configuration", FAILED, str(error), error.remedy)
        return
    yield from host.settings(settings, path)
    account.become_owner(settings)
    yield host.state_folder(settings)
    for tenant in settings.tenants:
        alone = settings.replace(tenants=(tenant,))
        yield from _tenant(alone, chosen, notice)
    yield from host.agents()


def _tenant(
    settings: Settings, chosen: Sequence[Report], notice: Callable[[str], None]
) -> Iterator[Finding]:
    service = Service(settings.tenants[0], chosen, notice)
    yield from service.findings()
    if not service.token:
        return
    results = answers.asked(settings, chosen, notice)
    yield from answers.findings(results)
    if expiry := reports.named(reports.EXPIRY):
        yield answers.credential(settings, service.roles, expiry, results, notice)


def _summary(found: list[Finding]) -> str:
    count = {state: sum(one.state == state for one in found) for state in findings.EXIT_CODES}
    if not findings.exit_code(found):
        return f"\nAll is well: {count['ok']} checks.\n"
    return f"\n{count['failed']} failed, {count['warning']} warnings, {count['ok']} ok.\n"


def _become(name: str) -> None:
    """Go on as another account, in an environment such as its services have.

    Raises `UsageError`.
    """
    try:
        user = pwd.getpwnam(name)
    except KeyError as error:
        raise UsageError(f"there is no user {name!a}", "Name the agent's account.") from error
    if user.pw_uid != os.geteuid():
        if os.geteuid():
            raise UsageError(
                "only root can look as another user", f"Run: sudo -u {name} {sys.argv[0]} doctor"
            )
        os.initgroups(name, user.pw_gid)
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    ours = {key: value for key, value in os.environ.items() if key.startswith("O365_")}
    os.environ.clear()
    os.environ.update({**PLAIN, **ours, "HOME": user.pw_dir, "USER": name, "LOGNAME": name})
