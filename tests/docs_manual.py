"""Manual pages and shell completion, made from the parser that reads the command line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import shtab
from argparse_manpage.manpage import Manpage

from o365skype_bridge import __version__, generate, outputs, reports
from o365skype_bridge.cli import commands, entry
from o365skype_bridge.cli import help as helps
from o365skype_bridge.cli.help import NAME

COMPLETIONS = {
    "bash": f"share/bash-completion/completions/{NAME}",
    "zsh": f"share/zsh/site-functions/_{NAME}",
    "fish": f"share/fish/vendor_completions.d/{NAME}.fish",
}
"""Where each shell looks, below /usr or /usr/local."""

MANUAL = "share/man/man1"

PATHS = {"FILE": shtab.FILE, "DIR": shtab.DIRECTORY, "PATH": shtab.FILE}
"""What is completed for an option's value, by what help calls it."""

DATE = "2026-11-28"
"""The day of all pages: what is generated does not change with the clock."""

COMMANDS_ALONE = re.compile(r"^\.SH \"?COMMAND .*?(?=^\.SH EXIT)", re.DOTALL | re.MULTILINE)
"""The sections on single commands, each of which has a page of its own."""


def whole() -> tuple[commands.Parser, dict[str, argparse.ArgumentParser]]:
    """Give the parser with the arguments of every command, and those of each."""
    parser, made = commands.parsers()
    for command, one in made.items():
        if command in entry.ANSWERS:
            known = reports.catalogue()
            output = outputs.load("centreon" if command == "check" else "influx")
            every = entry.options_of(command, output, () if command == "check" else known)
            commands.declare(one, command, every, known)
        else:
            commands._LOADERS[command]().build(one, list(generate.TARGETS))
    return parser, made


def parsers_below(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield from parsers_below(one)


def completion(shell: str) -> str:
    """Give what a shell reads to complete our command lines."""
    parser, _ = whole()
    for one in parsers_below(parser):
        for action in one._actions:
            if isinstance(action.metavar, str) and action.metavar in PATHS:
                action.complete = PATHS[action.metavar]  # type: ignore[attr-defined]
    return shtab.complete(parser, shell=shell)


def page(words: str) -> str:
    """Give the manual page of a command, or of the program."""
    parser, made = whole() if words else commands.parsers()
    which: Any = made[words] if words else parser
    about = helps.COMMANDS[words] if words else helps.WHOLE
    text = commands.SUMMARIES[words] if words else "Microsoft 365 usage reports for monitoring"
    for one in parsers_below(which):
        one.epilog = None  # sections of their own say it
    made_page = Manpage(
        which,
        {
            "description": text,
            "project_name": NAME,
            "version": __version__,
            "manual_title": "User commands",
            "date": DATE,
        },
    )
    made_page.prog = f"{NAME}-{words}" if words else NAME
    examples = [
        f".PP\n{escaped(what)}:\n.PP\n.RS 4\n.nf\n{escaped(f'{NAME} {line}')}\n.fi\n.RE\n"
        for line, what in about.examples.items()
    ]
    codes = [f".TP\n.B {code}\n{escaped(meaning)}\n" for code, meaning in about.exit_codes.items()]
    if words == "check":
        made_page.add_section("thresholds", ">", escaped(commands.THRESHOLDS))
    made_page.add_section("exit status", ">", "".join(codes).rstrip())
    made_page.add_section("examples", ">", "".join(examples).removeprefix(".PP\n").rstrip())
    others = [NAME, *(f"{NAME}-{name}" for name in commands.SUMMARIES)]
    see = [f".BR {escaped(name)} (1)" for name in others if name != made_page.prog]
    made_page.add_section("see also", ">", ",\n".join(see))
    said = str(made_page).replace(escaped(DATE), DATE, 1)
    return said if words else COMMANDS_ALONE.sub("", said)


def escaped(text: str) -> str:
    """Give a text that means itself to troff."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return re.sub(r"^\.", "\\&.", plain)


def everything() -> dict[str, Callable[[], str]]:
    """Every file, and what makes its text."""
    pages = {"": NAME, **{name: f"{NAME}-{name}" for name in commands.SUMMARIES}}
    return {
        **{path: partial(completion, shell) for shell, path in COMPLETIONS.items()},
        **{f"{MANUAL}/{name}.1": partial(page, words) for words, name in pages.items()},
    }
