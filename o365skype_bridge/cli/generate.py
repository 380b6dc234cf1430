"""``o365skype-bridge generate``: make an agent's configuration and print or write it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from o365skype_bridge import generate
from o365skype_bridge.cli import generated, question
from o365skype_bridge.cli import help as helps
from o365skype_bridge.cli.flags import PERIOD, REPORT
from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.options import Option, build
from o365skype_bridge.process import pipes
from o365skype_bridge.reports import FAMILIES
from o365skype_bridge.settings import sources

TO = Option(
    flag="--to",
    metavar="DIR",
    help="Folder to write the files to; without it the only file is printed.",
)

FORCE = Option(flag="--force", help="Write over files that somebody has changed, too.")


def add_arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Add a command for each target; only the one that the words name gets its options."""
    targets = parser.add_subparsers(dest="target", metavar="TARGET", title="targets", required=True)
    for name, text in generate.TARGETS.items():
        made = targets.add_parser(
            name,
            help=text,
            description=f"Generate {text}.",
            epilog=helps.epilog(helps.of_target(name)),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name in words:
            build(made, options_of(name))


def options_of(target: str) -> tuple[Option, ...]:
    """Give all options of a target."""
    return (*generate.load(target).options, REPORT, PERIOD, TO, FORCE)


def made(values: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """Make the files, for the reports that are named, or else the default ones."""
    chosen = sources.chosen(values, environment)
    target = generate.load(values["target"])
    every = target.whole and not chosen.names
    found = question.reports(chosen.replace(names=tuple(FAMILIES)) if every else chosen)
    asked = {"report": list(chosen.names), "period": list(chosen.periods)}
    return target.make({**values, **asked}, found)


def run(values: Mapping[str, Any]) -> int:
    """Make the files and print the only one, or write them all and say their names."""
    files = made(values, os.environ)
    if values["to"]:
        for path in generated.write(Path(values["to"]), files, force=values["force"]):
            pipes.write(1, f"{path}\n")
        return 0
    if len(files) > 1:
        names = ", ".join(files)
        raise UsageError(f"there are {len(files)} files: {names}", "Say where: --to DIR.")
    pipes.write(1, "".join(files.values()))
    return 0
