"""The command line: what is said, to which settings and output it leads, and what is printed."""

from __future__ import annotations

import gc
import os
import sys
import time

from o365skype_bridge import config, outputs
from o365skype_bridge.answer import Ask, answer
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.flags import OUTPUT, QUESTION, REPORT, REPORTS, SETTINGS
from o365skype_bridge.model import Collection
from o365skype_bridge.options import quick, without_empty
from o365skype_bridge.outputs.base import Rendered
from o365skype_bridge.reports import CATALOGUE

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, NoReturn

    from o365skype_bridge.model import Report
    from o365skype_bridge.options import Option
    from o365skype_bridge.outputs.base import Output

ANSWERS = ("collect", "check")
"""The commands that agents run; all others may take their time."""

LONGEST_PROBLEM = 500
"""Bytes; Telegraf keeps the first 512 of stderr."""


def run() -> NoReturn:
    """Run one command and end the process; the entry point of ``o365skype-bridge``.

    Everything is written by then, so there is nothing for the interpreter to tidy up, which
    would cost a warm answer as much as a fifth of what the interpreter's start costs.
    """
    gc.disable()
    code = main()
    sys.stdout.flush()
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code, without ending the process."""
    began = time.monotonic()
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] not in ANSWERS:
        from o365skype_bridge import commands  # noqa: PLC0415 these commands may take their time

        return commands.run(words)
    output = _output(words)
    try:
        values = _values(words, output)
        if values is None:
            return 0
        return _answer(words[0], values, output, began)
    except BridgeError as error:
        return _speak(output, output.fail(error), [_problem("E", error)])
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
        return _speak(output, output.fail(defect), [_problem("E", defect)])


def options_of(command: str, output: Output, reports: Sequence[Report]) -> tuple[Option, ...]:
    """Give all options of an answering command."""
    own = (OUTPUT, REPORT) if command == "collect" else ()
    metrics = {metric.option: metric for report in reports for metric in report.metrics}
    thresholds = [option for metric in metrics.values() for option in output.metric_options(metric)]
    return (*own, *QUESTION, *SETTINGS, *output.options, *thresholds)


def _output(words: Sequence[str]) -> Output:
    """Find the output before anything else, so that even a complaint has its form."""
    name = OUTPUT.default
    for position, word in enumerate(words):
        if word == OUTPUT.flag and position + 1 < len(words):
            name = words[position + 1]
        elif word.startswith(f"{OUTPUT.flag}="):
            name = word.partition("=")[2]
    if words[0] == "check":
        name = "centreon"
    return outputs.load(name if name in outputs.OUTPUTS else OUTPUT.default)


def _values(words: Sequence[str], output: Output) -> dict[str, Any] | None:
    """Read the command line; None when help was printed instead. Raises `UsageError`."""
    command = words[0]
    options = options_of(command, output, CATALOGUE)
    rest = without_empty(words[1:], options)
    values = quick(rest, options)
    most = 1 if command == "check" else 0
    if values is None or len(values[""]) != most or set(values[""]) - set(REPORTS):
        from o365skype_bridge import commands  # noqa: PLC0415 argparse explains what is wrong

        values = commands.explain(command, rest, options, REPORTS)
        if values is None:
            return None
    if command == "check":
        values["report"] = values[""]
    return values


def _answer(command: str, values: Mapping[str, Any], output: Output, began: float) -> int:
    # A name that is no text must not reach an output; bytes that are no UTF-8 become marks.
    values["tenant"][:] = [name.encode(errors="replace").decode() for name in values["tenant"]]
    names = tuple(dict.fromkeys(values["report"])) or tuple(REPORTS)
    ask = Ask(
        reports=tuple(REPORTS[name] for name in names),
        filter_user=values["filter_user"],
        per_user=values["per_user"],
    )
    warnings: tuple[str, ...] = ()
    if values["from_folder"]:
        from o365skype_bridge import folder  # noqa: PLC0415 demonstrations only

        collection = folder.answer(values, ask, time.time)
    else:
        settings = config.load(values, os.environ)
        answered = answer(settings, ask, began, time.time)
        collection, warnings = answered.collection, (*settings.warnings, *answered.problems)
    rendered = output.render(collection, values, warnings)
    return _speak(output, rendered, _problems(command, collection, warnings))


def _problems(command: str, collection: Collection, warnings: tuple[str, ...]) -> list[str]:
    """Give the lines for stderr: reports that failed first, then warnings."""
    lines = []
    if command != "check":
        for result in collection.results:
            outcome = result.outcome
            if outcome.kind not in ("ok", "empty"):
                level = "W" if outcome.has_data else "E"
                text = f"{result.tenant} {result.report.name} {outcome.kind}: {outcome.text}"
                lines.append(_line(level, text))
    return lines + [_line("W", warning) for warning in warnings]


def _problem(level: str, error: BridgeError) -> str:
    return _line(level, error.text)


def _line(level: str, text: str) -> str:
    shown = "".join(char if char.isprintable() else " " for char in text)
    return f"{level}! {shown.encode(errors='replace')[:LONGEST_PROBLEM].decode(errors='ignore')}\n"


def _speak(output: Output, rendered: Rendered, problems: list[str]) -> int:
    """Print an answer in one piece, and the problems where nobody takes them for data."""
    try:
        if problems and not output.quiet:
            os.write(2, "".join(problems).encode())
    except OSError:
        pass
    rest = memoryview(rendered.text.encode())
    try:
        while rest:
            rest = rest[os.write(1, rest) :]
    except OSError:
        return 3
    return rendered.exit_code
