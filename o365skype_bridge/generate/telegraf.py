"""Telegraf: blocks of `inputs.exec` or `inputs.execd`, one for each tenant."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import telegraf_values as read
from o365skype_bridge.generate.base import FOREIGN_PYTHON, Target
from o365skype_bridge.generate.rendering import render
from o365skype_bridge.generate.telegraf_options import OPTIONS
from o365skype_bridge.generate.toml import FILTERS
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.frozen import Frozen

NAME = "o365skype.conf"
DROP_IN = "telegraf.service.d/o365skype.conf"

DAYS = 3
"""Report days in one answer: the newest, and two before it that Microsoft may have revised."""

DEFAULT_BUFFER = 10_000
"""What Telegraf's outputs hold unless told otherwise."""

FOUND = 100
"""Lines of what has a name that only the data know: services, issues, credentials."""

GATHERS = 2
"""Gathers that an output must be able to hold, so that one failed flush loses nothing."""

IN_ENVIRONMENT = ("O365_TENANT_ID", "O365_CLIENT_ID")
SECRET = "O365_CLIENT_SECRET_FILE"  # noqa: S105 the name of a variable
_CREDENTIAL = re.compile(r"[A-Za-z0-9._-]{1,200}")
_PATTERN = frozenset("*?[\\")


class Block(Frozen):
    """What one block of the configuration holds; ``command`` for `execd`, ``line`` for old ones."""

    alias: str
    words: tuple[str, ...]
    environment: tuple[str, ...]

    @property
    def line(self) -> str:
        """The command as one string, which Telegraf splits as a shell would."""
        return shlex.join(self.words)


def make(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Make the file for `telegraf.d`, and with credentials the drop-in for Telegraf's service."""
    read.speakable(values)
    _check(values)
    tenants = tuple(dict.fromkeys(values["tenant"]))
    number = read.tenants(values, len(tenants))
    lines = expected_lines(values, reports) * number
    times = read.times(values)
    given: dict[str, Any] = {
        "lines": lines,
        "tenants": number,
        "limit": max(DEFAULT_BUFFER, -(-lines * GATHERS // 1000) * 1000),
        "default_limit": DEFAULT_BUFFER,
        "times": times,
        "telegraf": read.version(values),
        "read": read,
        "tags": read.tags(values, reports),
    }
    blocks = [_block(values, times, asked) for asked in _asked(values, tenants)]
    template = f"{values['mode']}.conf.j2"
    files = {NAME: render("telegraf", template, FILTERS, blocks=blocks, **given)}
    if values["systemd_credentials"]:
        credentials = {tenant: _credential(tenant) for tenant in tenants or ("",)}
        files[DROP_IN] = render("telegraf", "service.conf.j2", FILTERS, credentials=credentials)
    return files


def _asked(values: Mapping[str, Any], tenants: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Give the tenants of each block: a process that stays serves all, but for their credentials.

    A credential of systemd is in a variable, which one process has once.
    """
    if values["mode"] == "execd" and not values["systemd_credentials"]:
        return [tenants]
    return [(tenant,) for tenant in tenants] or [()]


def expected_lines(values: Mapping[str, Any], reports: Sequence[Report]) -> int:
    """Give the most lines that one collection of one tenant has. Raises `UsageError`."""
    users, most = read.number(values, "users"), read.number(values, "max_users")
    shown = [*([users] if users else []), *([] if most is None else [most + 1])]
    singles = 0
    if values["per_user"] and any(metric.per_user for each in reports for metric in each.metrics):
        if not shown:
            raise UsageError(
                "--per-user needs --users or --max-users",
                "Telegraf's buffer must hold a line for each, or lines are lost.",
            )
        singles = min(shown)
    totals = sum(_groups(report) for report in reports)
    return singles + totals * DAYS + len(reports)


def _groups(report: Report) -> int:
    """Count the lines of a report's day; things that are found in the data may be many."""
    labels = {(metric.label, metric.value) for metric in report.metrics if not metric.per_user}
    return sum(FOUND if label and not value else 1 for label, value in labels)


def _check(values: Mapping[str, Any]) -> None:
    """Refuse what Telegraf would take for something else. Raises `UsageError`."""
    command = values["command"]
    if not command.startswith("/") or _PATTERN & set(command):
        raise UsageError(
            f"--command {command!a} is not an absolute path without wildcards",
            "Telegraf expands * ? [ and a backslash in it, and looks from its own folder.",
        )
    for name in ("users", "max_users"):
        if values[name] and not values["per_user"]:
            raise UsageError(
                f"{read.flag(name)} needs --per-user", "Without it there are no lines of users."
            )
    for name in ("config", "state_dir", "pseudonymize"):
        if values[name] and not values[name].startswith("/"):
            raise UsageError(
                f"{read.flag(name)} {values[name]!a} is not an absolute path",
                "Telegraf runs the command in a folder of its own.",
            )
    if values["config"].endswith(".conf"):
        raise UsageError(
            f"--config {values['config']!a} ends in .conf",
            "Telegraf could take it for its own; call it config.toml.",
        )


def _block(values: Mapping[str, Any], times: read.Times, tenants: tuple[str, ...]) -> Block:
    return Block(
        alias="-".join(("o365", *(tenants if len(tenants) == 1 else ()))),
        words=tuple(_words(values, times, tenants)),
        environment=tuple(_environment(values, "".join(tenants[:1]))),
    )


def _words(values: Mapping[str, Any], times: read.Times, tenants: tuple[str, ...]) -> Iterator[str]:
    yield values["command"]
    yield from ("collect", "--output", "influx") if values["mode"] == "exec" else ("execd",)
    options = [("--config", values["config"]), *(("--tenant", tenant) for tenant in tenants)]
    options += [("--report", name) for name in values.get("report", ())]
    options += [("--period", period) for period in values.get("period", ())]
    options += [("--service", name) for name in values["service"]]
    options += [("--timestamp", "now" if values["timestamp"] == "now" else "")]
    options += [("--filter-user", values["filter_user"])]
    options += [("--max-users", values["max_users"])] if values["per_user"] else []
    options += [("--pseudonymize", values["pseudonymize"])]
    options += [("--state-dir", values["state_dir"]), ("--deadline", str(times.deadline))]
    for flag, value in options:
        if value.startswith("-"):  # it must not be taken for a flag
            yield f"{flag}={value}"
        elif value:
            yield from (flag, value)
    if values["per_user"]:
        yield "--per-user"
    if values["timestamp"] == "day" and not values["every_point"]:
        yield "--changed-only"


def _environment(values: Mapping[str, Any], tenant: str) -> Iterator[str]:
    """Give variables by reference; a value is never written, and foreign code kept away."""
    alone = not values["config"] and len(set(values["tenant"])) <= 1
    if alone:
        yield from (f"{name}=${{{name}}}" for name in IN_ENVIRONMENT)
    if values["systemd_credentials"]:
        yield f"{SECRET}=${{CREDENTIALS_DIRECTORY}}/{_credential(tenant)}"
    elif alone:
        yield f"{SECRET}=${{{SECRET}}}"
    yield from (f"{name}=" for name in FOREIGN_PYTHON)


def _credential(tenant: str) -> str:
    """Name a tenant's credential; Telegraf's unit already takes in ``telegraf.*``."""
    if tenant and not _CREDENTIAL.fullmatch(tenant):
        raise UsageError(
            f"--tenant {tenant!a} cannot be part of a credential's name",
            "Call it by letters, digits, dots and dashes in the configuration file.",
        )
    return f"telegraf.o365_{tenant}" if tenant else "telegraf.o365_client_secret"


TARGET = Target(options=OPTIONS, make=make)
