"""What is to be looked at on this host: files and their rights, the state folder, the agents."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from o365skype_bridge import __version__
from o365skype_bridge.doctor.findings import FAILED, OK, SKIPPED, WARNING, Finding
from o365skype_bridge.process import files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o365skype_bridge.settings.values import Settings

OTHERS = 0o077

AGENTS = {
    "Telegraf": (("telegraf",), ("/etc/telegraf", "/etc/telegraf/telegraf.d")),
    "Zabbix agent": (
        ("zabbix_agentd", "zabbix_agent2"),
        ("/etc/zabbix/zabbix_agentd.d", "/etc/zabbix/zabbix_agent2.d", "/etc/zabbix"),
    ),
    "Zabbix server": (("zabbix_server", "zabbix_proxy"), ()),
    "Nagios": (
        ("nagios4", "nagios", "naemon"),
        (
            "/etc/nagios4/conf.d",
            "/etc/nagios4/objects",
            "/etc/nagios/objects",
            "/etc/naemon/conf.d",
        ),
    ),
    "Icinga 2": (("icinga2",), ("/etc/icinga2/conf.d", "/etc/icinga2/zones.d")),
    "Centreon": (("centengine",), ()),
    "Prometheus": (("prometheus",), ("/etc/prometheus", "/etc/prometheus/rules")),
    "node_exporter": (("prometheus-node-exporter", "node_exporter"), ("/etc/systemd/system",)),
}
"""The agents, by the programs that they are known by, and where their configuration lies."""

PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/telegraf/usr/bin")
"""Folders of programs besides those of PATH."""

MADE = re.compile(rb"(?:Made|fetched) by o365skype-bridge (\d+\.\d+\.\d+\S*?)[:.]?\s")
BEGINNING = 4096
"""Bytes of a file that its maker's name is looked for in."""


def settings(found: Settings, path: str) -> Iterator[Finding]:
    """Say where settings came from, and what is wrong with the rights of their files."""
    where = path if Path(path).exists() else "the environment and the command line"
    names = ", ".join(tenant.name for tenant in found.tenants)
    yield Finding("configuration", OK, f"{where}; tenants: {names}")
    for warning in found.warnings:
        text, _, remedy = warning.partition(": ")
        yield Finding("files", WARNING, text, f"{remedy[:1].upper()}{remedy[1:]}.")
    if not found.warnings:
        yield Finding("files", OK, "secrets and configuration can be changed by nobody else")


def state_folder(found: Settings) -> Finding:
    """Say whether this account can keep what it fetches, for itself alone."""
    folder, name, user = found.state_dir, "state folder", _account()
    owned = f"sudo install -d -m 0700 -o {user} {folder}"
    try:
        files.make_folder(folder)
        status = Path(folder).stat()
        probe = f"{folder}/.doctor"
        files.write_whole(probe, b"")
        files.remove(probe)
    except OSError as error:
        return Finding(
            name, FAILED, f"{user} cannot write to {folder}: {error.strerror}", f"Run: {owned}"
        )
    if not stat.S_ISDIR(status.st_mode) or status.st_mode & OTHERS:
        return Finding(name, WARNING, f"others can look into {folder}", f"Run: chmod 700 {folder}")
    free = shutil.disk_usage(folder).free >> 20
    return Finding(name, OK, f"{folder} belongs to {user}; {free} MiB are free there")


def agents() -> Iterator[Finding]:
    """Name the agents of this host, and generated configuration of another version."""
    found = False
    for agent, (programs, folders) in AGENTS.items():
        path = next(filter(None, map(_program, programs)), None)
        if path is None:
            continue
        found = True
        made = list(_generated(folders))
        old = [f"{file} by {version}" for file, version in made if version != __version__]
        where = f"{agent} ({path})"
        if old:
            yield Finding(
                "agents",
                WARNING,
                f"{where}: configuration of another version: {', '.join(old)}",
                "Generate it anew with the options it was made with, and compare.",
            )
        elif made:
            yield Finding("agents", OK, f"{where}: {len(made)} files are of this version")
        else:
            yield Finding("agents", SKIPPED, f"{where}: it reads no file that was generated here")
    if not found:
        yield Finding("agents", SKIPPED, "none is installed here")


def _account() -> str:
    """Name the account that we are, by its number where it has no name."""
    user = os.geteuid()
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _program(name: str) -> str | None:
    path = os.pathsep.join((os.environ.get("PATH", ""), *PLACES))
    return shutil.which(name, path=path)


def _generated(folders: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    """Give generated files and the version each was made by."""
    for folder in map(Path, folders):
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            try:
                if not path.is_file():
                    continue
                with path.open("rb") as opened:
                    made = MADE.search(opened.read(BEGINNING))
            except OSError:
                continue
            if made:
                yield path, made[1].decode(errors="replace")
