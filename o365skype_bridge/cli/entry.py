"""The command line: what is said, to which settings and output it leads, and what is printed."""

from __future__ import annotations

import gc
import os
import sys
import time

from o365skype_bridge import outputs, reports
from o365skype_bridge.cli import question
from o365skype_bridge.cli.flags import (
    OUTPUT,
    PERIOD,
    PUSHING,
    QUESTION,
    REPLAY,
    REPORT,
    SETTINGS,
    TO,
)
from o365skype_bridge.engine.answer import answer
from o365skype_bridge.errors import BridgeError, UsageError
from o365skype_bridge.model.options import quick, undefined_macro, without_empty
from o365skype_bridge.model.shape import PERIODS, USUAL
from o365skype_bridge.outputs import problems
from o365skype_bridge.outputs.base import Rendered
from o365skype_bridge.process import pipes
from o365skype_bridge.settings import sources

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, NoReturn

    from o365skype_bridge.engine.answer import Ask
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.options import Option
    from o365skype_bridge.model.values import Collection
    from o365skype_bridge.outputs.base import Output
    from o365skype_bridge.outputs.encryption import Encryption
    from o365skype_bridge.settings.values import Settings

ANSWERS = ("collect", "check")
"""The commands that agents run; all others may take their time."""


def run() -> NoReturn:
    """Run one command and end the process; the entry point of ``o365skype-bridge``."""
    gc.disable()
    try:
        code = main()
    except KeyboardInterrupt:  # before it was known what to run
        code = 3
    pipes.leave(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code, without ending the process."""
    began = time.monotonic()
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["execd"]:
        from o365skype_bridge.execd import stopping  # noqa: PLC0415 only who stays minds signals

        stopping.installed()
    if not words or words[0] not in ANSWERS:
        from o365skype_bridge.cli import commands  # noqa: PLC0415 these commands may take their time

        return commands.run(words)
    output = _output(words)
    try:
        values = _values(words, output)
        if values is None:
            return 0
        return _answer(words[0], values, output, began)
    except BridgeError as error:
        return _speak(output, output.fail(error), [problems.line("E", error.told)])
    except KeyboardInterrupt:
        return 3
    except Exception as error:
        defect = BridgeError(
            f"unexpected {type(error).__name__}",
            "This is a defect of o365skype-bridge: open an issue with what "
            "O365_DEBUG=1 prints, please.",
        )
        if os.environ.get("O365_DEBUG"):
            raise
        return _speak(output, output.fail(defect), [problems.line("E", defect.text)])


def options_of(command: str, output: Output, known: Sequence[Report]) -> tuple[Option, ...]:
    """Give all options of an answering command that there are for some reports."""
    own = (OUTPUT, TO, REPORT, *PUSHING.get(output.name, ())) if command == "collect" else ()
    asked = (PERIOD, *QUESTION, REPLAY)
    return (*own, *asked, *SETTINGS, *output.options, *output.metric_options(known))


def _output(words: Sequence[str]) -> Output:
    """Find the output before anything else, so that even a complaint has its form."""
    name = "centreon" if words[0] == "check" else _given(OUTPUT, words)
    output = outputs.load(name if name in outputs.OUTPUTS else OUTPUT.default)
    # Who pushes, or has a file written, reads stderr himself: cron's mail, or a terminal.
    to = _given(TO, words) if words[0] == "collect" else ""
    pushes = any(word.partition("=")[0] == "--send" for word in words)
    return output.replace(quiet=False, to=to) if pushes or to else output


def _given(option: Option, words: Sequence[str]) -> str:
    """Give the value that an option has in words that nobody has read yet."""
    value = option.default
    for position, word in enumerate(words):
        if word == option.flag and position + 1 < len(words):
            value = words[position + 1]
        elif word.startswith(f"{option.flag}="):
            value = word.partition("=")[2]
    return value


def _values(words: Sequence[str], output: Output) -> dict[str, Any] | None:
    """Read the command line; None when help was printed instead. Raises `UsageError`."""
    if macro := undefined_macro(words):
        raise UsageError(
            f"the macro {macro} is not defined", "Define it on the host or its template."
        )
    # Thresholds go by metric, and which there are the families say: those named are enough mostly.
    periods = _periods(words)
    named = reports.mentioned(_parts(words), periods)
    values = _quickly(words, output, named)
    if values is None:
        values = _quickly(words, output, known := reports.catalogue(periods))
    if values is None:
        from o365skype_bridge.cli import commands  # noqa: PLC0415 argparse explains what is wrong

        for word in words[1:]:
            reports.refuse_period(word, words[0])
        helps = words[0] == "check" and not {"-h", "--help"}.isdisjoint(words)
        options = options_of(words[0], output, named if helps else known)
        values = commands.explain(words[0], without_empty(words[1:], options), options, known)
    if values is not None and words[0] == "check":
        values["report"] = values[""]
    return values


def _parts(words: Sequence[str]) -> Iterator[str]:
    """Give everything in the words that may be the name of a report or a family."""
    for word in words:
        yield from word.rpartition("=")[2].replace(",", " ").split()


def _periods(words: Sequence[str]) -> tuple[str, ...]:
    """Give the unusual periods in the words: their own, or in the name of a report or threshold."""
    parts = {part for word in words for part in _split(word)}
    return tuple(period for period in PERIODS if period != USUAL and period in parts)


def _split(word: str) -> list[str]:
    return word.upper().replace("=", "-").replace(",", "-").split("-")


def _quickly(
    words: Sequence[str], output: Output, known: Sequence[Report]
) -> dict[str, Any] | None:
    """Read words that are plain, about some reports; None when somebody must look closer."""
    options = options_of(words[0], output, known)
    values = quick(without_empty(words[1:], options), options)
    names = [report.name for report in known]
    if values is None or [name for name in values[""] if name not in names]:
        return None
    return values if len(values[""]) == (words[0] == "check") else None


def _answer(command: str, values: Mapping[str, Any], output: Output, began: float) -> int:
    # A name that is no text must not reach an output; bytes that are no UTF-8 become marks.
    values["tenant"][:] = [name.encode(errors="replace").decode() for name in values["tenant"]]
    named = sources.chosen(values, os.environ)
    ask = question.ask(values, named) if named else None
    warnings: tuple[str, ...] = ()
    encryption, remarks = _encryption(values)
    selection = question.selection(values)
    showing = selection.showing() if selection else None
    if values["from_folder"] or values["replay"]:
        collection = _elsewhere(values, output, ask)
    else:
        settings = question.settings(values)
        if output.tenants and values["tenants_only"]:
            names = tuple(tenant.name for tenant in settings.tenants)
            return _speak(output, output.tenants(names, time.time(), settings.warnings), [])
        ask = ask if ask and settings.reports == named else question.ask(values, settings.reports)
        values = {**values, **settings.judging}
        output.validate(values, ask.reports)
        answered = answer(settings, ask, began, time.time)
        collection, warnings = answered.collection, settings.warnings
        if values["verbose"] or not output.brief:
            warnings = (*warnings, *answered.problems)
    if showing is not None:
        collection, warnings = showing.of(collection), (*warnings, *showing.warnings)
    warnings = (*warnings, *remarks)
    lines = problems.of(collection) if command != "check" else []
    lines += [problems.line("W", each) for each in warnings]
    if values.get("changed_only"):
        return _speak_new(output, settings, collection, values, (warnings, lines))
    if not values.get("send"):
        return _speak(output, output.render(collection, values, warnings), lines)
    return _push(output, collection, values, (warnings, lines), encryption)


def _speak_new(
    output: Output,
    settings: Settings,
    collection: Collection,
    values: Mapping[str, Any],
    said: tuple[tuple[str, ...], list[str]],
) -> int:
    """Print what this reader has not been given yet, and remember it when it is out."""
    from o365skype_bridge.engine.given import Record  # noqa: PLC0415 who wants all needs none of it

    warnings, lines = said
    record = Record(settings, values["consumer"], question.identity(values))
    code = _speak(output, output.render(record.ungiven(collection), values, warnings), lines)
    if not code:
        record.note()
    return code


def _encryption(values: Mapping[str, Any]) -> tuple[Encryption | None, tuple[str, ...]]:
    """Give the way to encrypt a push, and what is to be said about its files."""
    if not any(values.get(option.name) for option in PUSHING["zabbix"]):
        return None, ()
    from o365skype_bridge.cli import pushing  # noqa: PLC0415 who pushes may take his time

    return pushing.encrypted(values)


def _push(
    output: Output,
    collection: Collection,
    values: Mapping[str, Any],
    said: tuple[tuple[str, ...], list[str]],
    encryption: Encryption | None,
) -> int:
    """Push to a server, and print what it said."""
    from o365skype_bridge.outputs import push  # noqa: PLC0415 imports the network

    warnings, lines = said
    server = push.server_of(values["send"], values["send_host"], collection.tenants, encryption)
    rendered, errors = push.deliver(
        server, collection, lambda part: output.render(part, values, warnings).text
    )
    return _speak(output, rendered, lines + [problems.line("E", each.text) for each in errors])


def _elsewhere(values: Mapping[str, Any], output: Output, ask: Ask | None) -> Collection:
    """Answer by a folder of report files, or by a bundle, instead of asking Graph."""
    chosen, collect = question.elsewhere(values)
    ask = ask or question.ask(values, chosen)
    output.validate(values, ask.reports)
    return collect(ask)


def _speak(output: Output, rendered: Rendered, lines: list[str]) -> int:
    """Print an answer in one piece, and the problems where nobody takes them for data."""
    if not output.quiet:
        problems.say(lines)
    try:
        if not output.to:
            pipes.write(1, rendered.text)
            return rendered.exit_code
        from o365skype_bridge.process.publishing import publish  # noqa: PLC0415 most print

        publish(output.to, rendered.text)
    except OSError as error:
        if output.to:
            why = f"{output.to} cannot be written: {error.strerror}"
            problems.say([problems.line("E", f"{why}. Let this account write in its folder.")])
        return 3
    return rendered.exit_code
