"""The commands that people run, and argparse, which explains every command."""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from o365skype_bridge import __version__, outputs, reports
from o365skype_bridge.cli import help as helps
from o365skype_bridge.errors import BridgeError, UsageError, meant
from o365skype_bridge.model.options import build
from o365skype_bridge.outputs import problems
from o365skype_bridge.process import pipes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.options import Option

NAME = helps.NAME

SUMMARIES = {
    "collect": "print all reports for an agent",
    "check": "judge one report by thresholds: status line, perfdata, exit code",
    "execd": "stay, and print all reports at every newline, for Telegraf's execd",
    "backfill": "print the days before the newest one as line protocol",
    "refresh": "fetch what is due now, for cron or a timer",
    "doctor": "look at everything that an answer depends on, and say what to do",
    "capture": "write what is exchanged with Graph to a file that can be mailed",
    "generate": "make the configuration of an agent",
    "list": "list reports, metrics or outputs",
    "simulate": "serve a simulated Microsoft Graph and login service on this host",
}


THRESHOLDS = (
    "Each metric of a report has --warning-METRIC RANGE and --critical-METRIC RANGE too:\n"
    f"'{NAME} check REPORT --help' shows those of the report's family."
)

DEFECT = "This is a defect: open an issue with what O365_DEBUG=1 prints, please."


UNKNOWN_OPTION = re.compile(r"unrecognized arguments: (--[\w-]+)")
UNKNOWN_CHOICE = re.compile(r"invalid choice: '([^']+)'")
"""What argparse says of a word that it does not know."""


class Parser(argparse.ArgumentParser):
    """An argparse parser whose complaints are ours: one line, exit code 3."""

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError`, with the word that is nearest to the one that is not known."""
        raise UsageError(message, f"{self._nearest(message)}See '{self.prog} --help'.")

    def options(self) -> list[str]:
        """Give its options, and those of the commands under it: it is who complains of theirs."""
        found = [*self._option_string_actions]
        for action in self._actions:
            under = action.choices if isinstance(action.choices, dict) else {}
            for one in under.values():
                found += one.options() if isinstance(one, Parser) else []
        return found

    def _nearest(self, message: str) -> str:
        if word := UNKNOWN_OPTION.search(message):
            return meant(word[1], self.options())
        word = UNKNOWN_CHOICE.search(message)
        choices = [choice for action in self._actions for choice in action.choices or ()]
        return meant(word[1], map(str, choices)) if word else ""


def parser_of(command: str, options: Iterable[Option], known: Iterable[Report]) -> Parser:
    """Make the parser of an answering command."""
    parser = Parser(prog=f"{NAME} {command}", **_described(command))
    declare(parser, command, options, known)
    return parser


def _described(command: str) -> dict[str, Any]:
    """Give how a command's help begins and ends."""
    more = f"{THRESHOLDS}\n\n" if command == "check" else ""
    return {
        "description": f"{SUMMARIES[command][0].upper()}{SUMMARIES[command][1:]}.",
        "epilog": more + helps.epilog(helps.COMMANDS[command]),
        "formatter_class": argparse.RawDescriptionHelpFormatter,
        "allow_abbrev": False,
    }


def declare(
    parser: argparse.ArgumentParser,
    command: str,
    options: Iterable[Option],
    known: Iterable[Report],
) -> None:
    """Add the arguments of an answering command."""
    if command == "check":
        parser.add_argument(
            "word",
            metavar="REPORT",
            choices=tuple(report.name for report in known),
            help="Report to check.",
        )
    build(parser, options)


def explain(
    command: str, words: Sequence[str], options: Iterable[Option], known: Iterable[Report]
) -> dict[str, Any] | None:
    """Read a command line that needs a closer look; None when help was printed.

    Raises `UsageError` with what is wrong.
    """
    parser = parser_of(command, options, known)
    try:
        values = vars(parser.parse_args(list(words)))
    except SystemExit:
        return None
    return {**values, "": [values["word"]] if "word" in values else []}


def run(words: Sequence[str]) -> int:
    """Run a command that people run."""
    try:
        return _run(words)
    except BridgeError as error:
        problems.say([f"E! {problems.shown(error.told)}\n"])
        return 3
    except (KeyboardInterrupt, BrokenPipeError):
        return 3
    except pipes.UnwrittenError as error:
        if error.errno == errno.EPIPE:  # who has gone needs no complaint
            return 3
        problems.say([f"E! the answer cannot be written: {error.strerror}\n"])
        return 3
    except Exception as error:
        if os.environ.get("O365_DEBUG"):
            raise
        problems.say([f"E! unexpected {type(error).__name__}. {DEFECT}\n"])
        return 3


def parsers() -> tuple[Parser, dict[str, argparse.ArgumentParser]]:
    """Make the parser of all commands, and those of each, which have no arguments yet."""
    parser = Parser(
        prog=NAME,
        description="Microsoft 365 usage reports for the monitoring agents that are there.",
        epilog=helps.epilog(helps.WHOLE),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    under = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    return parser, {
        name: under.add_parser(name, help=text, **_described(name))
        for name, text in SUMMARIES.items()
    }


def _run(words: Sequence[str]) -> int:
    parser, made = parsers()
    command = _LOADERS[words[0]]() if words and words[0] in _LOADERS else None
    if command:
        command.build(made[words[0]], words)
    try:
        arguments = parser.parse_args(list(words))
    except SystemExit as end:
        return int(end.code or 0)
    if command is None:
        parser.print_help(sys.stderr)
        return 3
    return command.run(arguments)


class Command(NamedTuple):
    """How a command declares its arguments, given all words, and what runs it."""

    build: Callable[[argparse.ArgumentParser, Sequence[str]], None]
    run: Callable[[argparse.Namespace], int]


def _declared(name: str) -> Command:
    """Import a command that is options alone, and what runs it."""
    module = import_module(f"o365skype_bridge.cli.{name}")
    return Command(
        lambda parser, _: build(parser, module.OPTIONS),
        lambda arguments: int(module.run(vars(arguments))),
    )


def _generate() -> Command:
    from o365skype_bridge.cli import generate  # noqa: PLC0415 imports jinja2

    return Command(generate.add_arguments, lambda arguments: generate.run(vars(arguments)))


def _list() -> Command:
    def show(arguments: argparse.Namespace) -> int:
        pipes.write(1, listing(arguments.what))
        return 0

    def declare(parser: argparse.ArgumentParser, _: Sequence[str]) -> None:
        parser.add_argument("what", choices=("reports", "metrics", "outputs"))

    return Command(declare, show)


def _simulate() -> Command:
    try:
        from o365skype_bridge.cli import simulate  # noqa: PLC0415 an extra
    except ImportError as error:
        raise UsageError(
            f"the simulator needs the package '{error.name}'",
            "Install it with: pip install 'o365skype-bridge[simulator]'.",
        ) from error
    return Command(lambda parser, _: simulate.add_arguments(parser), simulate.run)


_LOADERS: dict[str, Callable[[], Command]] = {
    "execd": partial(_declared, "execd"),
    "backfill": partial(_declared, "backfill"),
    "refresh": partial(_declared, "refresh"),
    "doctor": partial(_declared, "doctor"),
    "capture": partial(_declared, "capture"),
    "generate": _generate,
    "list": _list,
    "simulate": _simulate,
}
"""The commands that this module runs, each imported when it is asked for."""


def listing(what: str) -> str:
    """List reports, metrics or outputs, one a line."""
    every = reports.catalogue()
    rows: Mapping[str, list[tuple[str, ...]]] = {
        "reports": [
            (
                report.name,
                reports.family_of(report.name),
                "default" if report.name in reports.DEFAULT else "",
                report.function or " ".join(source.name for source in report.sources),
                report.permission,
            )
            for report in every
        ],
        "metrics": [
            (metric.dotted, metric.unit.name, metric.help)
            for report in every
            for metric in report.metrics
        ],
        "outputs": list(outputs.OUTPUTS.items()),
    }
    found = rows[what]
    widths = [max(map(len, column)) for column in zip(*found, strict=True)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in found
    )
