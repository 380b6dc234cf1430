"""The generated files that are committed; ``make generated`` makes them anew, by ``--write``."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

from o365skype_bridge.cli import generate

ROOT = Path(__file__).parent.parent.parent

AGE = "--set warning-age=345600 --set critical-age=604800"

FAMILIES = "--report skype,teams,migration,health,credentials"

COMMITTED: tuple[tuple[str, str], ...] = (
    ("centreon", "centreon"),
    ("centreon/secret-file", "centreon --secret-file /etc/centreon-engine/o365-client-secret"),
    ("nagios", f"nagios {AGE}"),
    ("nagios/secret-macro", f"nagios --secret-macro 11 {AGE}"),
    ("icinga2", f"icinga2 {AGE}"),
    ("icinga2/secret-constant", f"icinga2 --secret-constant O365SkypeClientSecret {AGE}"),
    ("telegraf/exec", "telegraf"),
    ("telegraf/execd", "telegraf --mode execd"),
    ("telegraf/tenants", "telegraf --tenant contoso --tenant fabrikam --systemd-credentials"),
    *(
        (f"telegraf/grafana/{language}", f"grafana --source {language}")
        for language in ("influxql", "flux", "sql")
    ),
    ("telegraf/influxdb", "influxdb"),
    ("prometheus", "prometheus"),
    ("prometheus/families", f"prometheus {FAMILIES}"),
    *(
        (f"zabbix/{version}", f"zabbix --zabbix-version {version} --mode {mode}")
        for version in ("6.0", "7.0", "7.4")
        for mode in ("external", "agent", "trapper")
    ),
)
"""A folder, and the words after ``generate`` that make the files in it."""


def values_of(line: str) -> dict[str, Any]:
    """Give the values of a command line."""
    words = shlex.split(line)
    parser = argparse.ArgumentParser()
    generate.add_arguments(parser, words)
    return vars(parser.parse_args(words))


def made(line: str) -> dict[str, str]:
    """Give the files that a command line makes."""
    return generate.made(values_of(line), {})


def everything() -> dict[Path, str]:
    """Give every committed file with the text that it should have."""
    return {
        ROOT / folder / name: text
        for folder, line in COMMITTED
        for name, text in made(line).items()
    }


def main(words: list[str]) -> int:
    """Write what is stale; without ``--write`` only say what that is."""
    stale = 0
    for path, text in everything().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        sys.stdout.write(f"{path.relative_to(ROOT)} is stale\n")
        if "--write" in words:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(stale > 0 and "--write" not in words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
