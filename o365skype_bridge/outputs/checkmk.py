"""Lines of a Checkmk local check: a service for each report, with its state, metrics and text.

The states are judged here, by the thresholds that the Centreon output has. Metrics go by the
dotted names with underscores, since Checkmk knows no others, and without units.
"""

from __future__ import annotations

from o365skype_bridge.model.patterns import found
from o365skype_bridge.outputs import judge, lines, perfdata, thresholds
from o365skype_bridge.outputs.base import Output, Rendered
from o365skype_bridge.outputs.checking import PERFDATE, Check
from o365skype_bridge.outputs.lines import LONGEST_TEXT
from o365skype_bridge.outputs.names import Names
from o365skype_bridge.outputs.thresholds import UNKNOWN

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from o365skype_bridge.errors import BridgeError
    from o365skype_bridge.model.values import Collection
    from o365skype_bridge.outputs.perfdata import Item

TITLE = "Microsoft 365"
NO_METRICS = "-"
UPPER = r"\A0:(\d+(?:\.\d+)?)\Z"
BOTH = r"\A-?\d+(?:\.\d+)?:-?\d+(?:\.\d+)?\Z"


def render(
    collection: Collection, options: Mapping[str, Any], warnings: tuple[str, ...]
) -> Rendered:
    """Judge every result for itself. Raises `UsageError` for a threshold that is no range."""
    options = {**options, "use_new_perfdata": True}
    several = len(collection.tenants) > 1
    tenants, written = Names(), []
    for result in collection.results:
        check = Check(options, [result.report])
        check.add(result, "", collection.now, alone=True)
        state = thresholds.worst([state for state, _ in (*check.reasons, *check.parts)])
        text = lines.status(check.parts, check.remarks, reasons=check.reasons, labelled=False)
        more = check.details if options.get("verbose") else []
        tenant = tenants.of(result.tenant, perfdata.safe(result.tenant)) if several else ""
        name = " ".join(filter(None, (TITLE, result.report.name, tenant)))
        items = [item for item in (*check.items, *check.user_items) if item.label != PERFDATE]
        written.append(_line(state, name, items, "\\n".join([text, *more])))
    written += [
        _line(UNKNOWN, TITLE, [], perfdata.safe_text(text, LONGEST_TEXT)) for text in warnings
    ]
    return Rendered(text="".join(written))


def fail(error: BridgeError) -> Rendered:
    """Say UNKNOWN and why, as a service of its own."""
    text = _line(UNKNOWN, TITLE, [], perfdata.safe_text(error.text, LONGEST_TEXT))
    return Rendered(text=text, exit_code=UNKNOWN)


def _line(state: int, name: str, items: list[Item], text: str) -> str:
    metrics = "|".join(map(_metric, items)) or NO_METRICS
    quoted = name.replace('"', "'")
    return f'{state} "{quoted}" {metrics} {text}\n'


def _metric(item: Item) -> str:
    plain = (char if char.isalnum() and char.isascii() else " " for char in item.label)
    name = "_".join("".join(plain).split())
    name = f"_{name}" if name[:1].isdigit() else name
    levels = (_level(item.warning), _level(item.critical), item.minimum, item.maximum)
    return f"{name}={item.value};{';'.join(levels)}".rstrip(";")


def _level(text: str) -> str:
    """Give a threshold as Checkmk draws it; one that it has no way to write is left out."""
    upper = found(UPPER, text)
    return upper[1] if upper else text if found(BOTH, text) else ""


OUTPUT = Output(
    name="checkmk",
    help="Lines of a local check, for Checkmk.",
    options=judge.OPTIONS,
    metric_options=judge.metric_options,
    validate=judge.require_sense,
    render=render,
    fail=fail,
    brief=True,
)
