"""All faults by name, and how one is asked for.

The trap numbers are the simulator's own list of things that the real services have been seen to do;
a test proves that every number is covered by an oddity or by a fault.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from o365skype_bridge.simulator.access_faults import ACCESS_FAULTS
from o365skype_bridge.simulator.graph_faults import GRAPH_FAULTS
from o365skype_bridge.simulator.login_faults import LOGIN_FAULTS
from o365skype_bridge.simulator.records import Fault, Rule
from o365skype_bridge.simulator.redirect_faults import REDIRECT_FAULTS
from o365skype_bridge.simulator.resource_faults import RESOURCE_FAULTS
from o365skype_bridge.simulator.status_faults import STATUS_FAULTS
from o365skype_bridge.simulator.wire_faults import WIRE_FAULTS

_TABLES: Final = (
    *LOGIN_FAULTS,
    *GRAPH_FAULTS,
    *REDIRECT_FAULTS,
    *ACCESS_FAULTS,
    *RESOURCE_FAULTS,
    *WIRE_FAULTS,
    *STATUS_FAULTS,
)
FAULTS: Final[dict[str, Fault]] = {fault.name: fault for fault in _TABLES}

SPELLING: Final = "NAME[=SECONDS][:TIMES][+AFTER][@REGEX]"
_SPELLED: Final = re.compile(
    r"(?P<name>[\w-]+)(?:=(?P<seconds>\d+(?:\.\d+)?))?(?::(?P<times>\d+))?"
    r"(?:\+(?P<after>\d+))?(?:@(?P<match>.+))?"
)
_OPTIONS: Final = {"status", "body", "headers", "ctype", "seconds", "at_line", "arg"}
_RULE: Final = {"kind", "match", "times", "after", "tenant"}

Spec = str | Mapping[str, Any]


def _spelled(text: str) -> dict[str, Any]:
    found = _SPELLED.fullmatch(text)
    if found is None:
        raise ValueError(f"a fault is written {SPELLING}, not {text!r}")
    given = {key: value for key, value in found.groupdict().items() if value is not None}
    return {"kind": given.pop("name"), **given}


def rule(spec: Spec) -> Rule:
    """The rule for a fault written as text or as a mapping with `kind`, `match`, `times`, ...

    Raises:
        ValueError: there is no such fault, or its description is not understood.
    """
    given = _spelled(spec) if isinstance(spec, str) else dict(spec)
    if unknown := given.keys() - _RULE - _OPTIONS:
        raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
    name = str(given.get("kind"))
    if name not in FAULTS:
        raise ValueError(f"no fault is named {name!r}; choose from {', '.join(FAULTS)}")
    try:
        match = re.compile(given["match"]) if given.get("match") else None
    except re.error as exc:
        raise ValueError(f"the pattern of {name} is not understood: {exc}") from exc
    return Rule(
        fault=FAULTS[name],
        match=match,
        times=int(given["times"]) if given.get("times") is not None else None,
        after=int(given.get("after") or 0),
        tenant=given.get("tenant"),
        options={key: value for key, value in given.items() if key in _OPTIONS},
    )


def rules(specs: Iterable[Spec]) -> list[Rule]:
    """The rules for several faults; see `rule`."""
    return [rule(spec) for spec in specs]
