"""``o365skype-bridge capture``: what was exchanged just now, in a file that can be mailed."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from o365skype_bridge import reports
from o365skype_bridge.cli import question
from o365skype_bridge.cli.flags import REPORT, SETTINGS
from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.options import Option
from o365skype_bridge.outputs import problems
from o365skype_bridge.process import files, pipes
from o365skype_bridge.settings import sources
from o365skype_bridge.support.capture import Captured

if TYPE_CHECKING:
    from collections.abc import Mapping

TO = Option(
    flag="--to",
    metavar="FILE",
    help="File to write, which must not be there yet; only you can read it.",
)

OPTIONS = (TO, *SETTINGS, REPORT)


def run(values: Mapping[str, Any]) -> int:
    """Ask Graph for the reports and write what was exchanged; 0 when there is a file."""
    path = str(values["to"] or "")
    if not path:
        raise UsageError("there is no file to write to", "Name one with --to FILE.")
    if os.path.lexists(path):
        raise UsageError(f"{path!a} is there already", "Name another file with --to.")
    settings = sources.load(values, os.environ)
    problems.say(problems.line("W", each) for each in settings.warnings)
    captured = Captured(settings, question.reports(settings.reports))
    with contextlib.closing(captured):
        for result in captured.collection.results:
            pipes.write(1, problems.went(result, result.outcome.message))
        text = captured.text(reports.catalogue())
    try:
        files.write_whole(path, text.encode())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no file's name"
        raise UsageError(f"{path!a} cannot be written: {why}", "Name another file.") from error
    pipes.write(
        1,
        f"\nWritten to {path!a}, {len(text) // 1024 + 1} kB. Names, ids and secrets are replaced: "
        "look it through before you mail it.\n"
        f"Look at it as the collector does: o365skype-bridge collect --replay {path!a}\n",
    )
    return 0
