"""Status line, perfdata and exit code, as the monitoring plugin guidelines and Centreon want them.

The grammar is that of Centreon's own connector: blocks joined by `` - ``, and when something is
wrong only what is wrong, worst first. Names lose control characters, and ``|``, ``=`` and ``;``
are replaced, because readers split there. Everything fits into 8,192 bytes, of which Nagios
loses what is beyond: totals come first, and a line says how much is left out.
"""

from __future__ import annotations

from o365skype_bridge.model.options import Option
from o365skype_bridge.outputs import judge, lines, perfdata, thresholds
from o365skype_bridge.outputs.base import Output, Rendered
from o365skype_bridge.outputs.checking import Check
from o365skype_bridge.outputs.lines import LONGEST_TEXT
from o365skype_bridge.outputs.names import Names
from o365skype_bridge.outputs.thresholds import UNKNOWN

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from o365skype_bridge.errors import BridgeError
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import Collection

FEWER = "--filter-user or --tenant asks for fewer"


def render(
    collection: Collection, options: Mapping[str, Any], warnings: tuple[str, ...]
) -> Rendered:
    """Judge all results together. Raises `UsageError` for a threshold that is no range."""
    check = Check(options, _each(collection))
    answered = any(each.outcome.has_data or each.samples for each in collection.results)
    several = len(collection.tenants) > 1
    names = Names()
    for result in collection.results:
        tenant = names.of(result.tenant, perfdata.safe(result.tenant))
        suffix = f"_{tenant}" if several else ""
        check.add(result, suffix, collection.now, alone=not answered)
    items = [*check.items, *check.group_items, *check.user_items]
    details = check.details if options.get("verbose") else []
    details = [*details, *(perfdata.safe_text(warning, LONGEST_TEXT) for warning in warnings)]
    if check.left_out:
        details = [f"{check.left_out} users are left out by --max-users", *details]
    first = lines.status(check.parts, check.remarks, reasons=check.reasons)
    return Rendered(
        text=lines.written(f"{first} ", items, details, FEWER),
        exit_code=thresholds.worst([state for state, _ in (*check.reasons, *check.parts)]),
    )


def _each(collection: Collection) -> list[Report]:
    """Give each report of a collection once."""
    return list({result.report.name: result.report for result in collection.results}.values())


def fail(error: BridgeError) -> Rendered:
    """Say UNKNOWN and why."""
    text = perfdata.safe_text(error.text, LONGEST_TEXT)
    return Rendered(text=f"UNKNOWN: {text} \n", exit_code=UNKNOWN)


OUTPUT = Output(
    name="centreon",
    help="Status line, perfdata and exit code, for Centreon, Nagios and Icinga2.",
    options=(
        *judge.OPTIONS,
        Option(
            flag="--use-new-perfdata",
            help="Dotted metric names as perfdata labels instead of the legacy ones.",
        ),
    ),
    metric_options=judge.metric_options,
    validate=judge.require_sense,
    render=render,
    fail=fail,
    quiet=True,  # Icinga 2 takes stderr for output
    brief=True,
)
