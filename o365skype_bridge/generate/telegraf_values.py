"""The values of Telegraf's configuration: read, and refused where they do not fit together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.frozen import Frozen

Version = tuple[int, int, int]

OLDEST: Version = (1, 27, 0)
"""Before it ``$$`` was not yet one dollar sign."""

LOG_STDERR: Version = (1, 38, 1)
LISTS_OF_WORDS: Version = (1, 39, 0)

START = 2
"""Seconds that Telegraf must wait longer than our deadline: for Python to start on a busy host."""

JITTER_PART = 10
"""The jitter is this part of the interval unless it is given."""

LONGEST_NUMBER = 10

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+~].*)?")
_TAG = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.+)", re.DOTALL)
OURS = frozenset({"tenant", "report"})
"""Tags of every line of ours; Telegraf would not replace them, nor those of figures."""


class Times(Frozen):
    """When a block runs, all in seconds; they fit into each other."""

    interval: int
    timeout: int
    deadline: int
    jitter: int


def duration(values: Mapping[str, Any], name: str) -> int:
    """Read a duration as Telegraf writes it, in seconds. Raises `UsageError`."""
    found = _DURATION.fullmatch(values[name])
    if not found or not any(found.groups()):
        raise UsageError(
            f"{flag(name)} {values[name]!a} is not a duration", "Write it like 90s, 5m or 1h30m."
        )
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (hours * 60 + minutes) * 60 + seconds


def times(values: Mapping[str, Any]) -> Times:
    """Read when and how long. Raises `UsageError` naming the option that does not fit."""
    interval, deadline = duration(values, "interval"), duration(values, "deadline")
    if deadline < 1:
        raise UsageError("--deadline must be a second or more", "Write it like 8s.")
    if values["mode"] == "execd":  # Telegraf has no limit for it, so ours is the only one
        timeout, inside = deadline, "--deadline"
    else:
        timeout, inside = duration(values, "timeout"), "--timeout"
        if timeout < deadline + START:
            raise UsageError(
                f"--timeout {values['timeout']} is too short for --deadline {values['deadline']}",
                f"Telegraf must wait {START} s longer than we do.",
            )
    if timeout >= interval:
        raise UsageError(
            f"{inside} {values[inside.strip('-')]} is not below --interval {values['interval']}",
            "A collection must end before the next one begins.",
        )
    room = interval - timeout
    jitter = min(interval // JITTER_PART, room)
    if values["jitter"]:
        jitter = duration(values, "jitter")
    if jitter > room:
        raise UsageError(
            f"--jitter {values['jitter']} leaves no time for {inside} within --interval",
            f"Give {room}s at most.",
        )
    return Times(interval=interval, timeout=timeout, deadline=deadline, jitter=jitter)


def version(values: Mapping[str, Any]) -> Version:
    """Read Telegraf's version. Raises `UsageError`."""
    given = values["telegraf_version"]
    found = _VERSION.fullmatch(given)
    if not found:
        raise UsageError(f"--telegraf-version {given!a} is not a version", "Write it like 1.39.3.")
    major, minor, patch = (int(part or 0) for part in found.groups())
    if (major, minor, patch) < OLDEST:
        raise UsageError(
            f"--telegraf-version {given} is too old",
            f"The oldest that this is for is {'.'.join(map(str, OLDEST))}.",
        )
    return major, minor, patch


def tags(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Read the block's own tags. Raises `UsageError`, also for a filter that has none."""
    labels = {metric.label for report in reports for metric in report.metrics if metric.label}
    labels |= {"period" for report in reports for metric in report.metrics if metric.period}
    ours = OURS | labels
    found: dict[str, str] = {}
    for given in values["tag"]:
        parts = _TAG.fullmatch(given)
        if not parts or parts[1] in ours:
            raise UsageError(
                f"--tag {given!a} is not NAME=VALUE with a name of your own",
                f"Letters, digits and underscores; not {', '.join(sorted(ours))}.",
            )
        found[parts[1]] = parts[2]
    if values["filter_user"] and not found:
        raise UsageError(
            "--filter-user needs a --tag",
            "Else these figures would overwrite those of everybody: --tag filter=sales.",
        )
    return found


def number(values: Mapping[str, Any], name: str) -> int | None:
    """Read a whole number; nothing given is None. Raises `UsageError`."""
    given = values[name]
    if given and not (given.isascii() and given.isdecimal() and len(given) < LONGEST_NUMBER):
        raise UsageError(f"{flag(name)} {given!a} is not a whole number", "Give 0 or more.")
    return int(given) if given else None


def tenants(values: Mapping[str, Any], named: int) -> int:
    """Count the tenants that are asked for; of a configuration file as many as are said.

    Raises `UsageError`.
    """
    said = number(values, "tenants")
    if named and said is not None:
        raise UsageError("--tenants and --tenant contradict each other", "Give one.")
    if said == 0:
        raise UsageError("--tenants 0 is nobody", "Give 1 or more.")
    return named or said or 1


def speakable(values: Mapping[str, Any]) -> None:
    """Refuse what no argument of a process can hold. Raises `UsageError`."""
    for name, given in values.items():
        for text in given if isinstance(given, list) else [given]:
            if isinstance(text, str) and ("\0" in text or not _is_text(text)):
                raise UsageError(f"{flag(name)} {text!a} is no text", "Write it in UTF-8.")


def flag(name: str) -> str:
    """Name an option as it is typed."""
    return f"--{name.replace('_', '-')}"


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
