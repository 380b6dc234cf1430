"""One JSON document for a Zabbix master item: discovery arrays, and values under stable paths.

What is not known is left out: a discovery array of a report that gave nothing, a value that
could not be told; nothing is ever null or a made-up 0. Truth values are 0 and 1. Users are
addressed by a generated id, so that no name ever stands in a path.
"""

from __future__ import annotations

from o365skype_bridge.errors import BridgeError, ConfigurationError, UnknownTenantError
from o365skype_bridge.model import compact
from o365skype_bridge.model.options import Option
from o365skype_bridge.model.outcome import OUTCOMES
from o365skype_bridge.outputs.base import Output, Rendered
from o365skype_bridge.outputs.ids import Ids
from o365skype_bridge.outputs.names import LONGEST_MESSAGE, clean
from o365skype_bridge.outputs.zabbix_part import LONGEST_NAME, part_of

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from o365skype_bridge.model.values import Collection

SCHEMA = 1
"""Raised whenever a template made for the former document would be wrong about this one."""

LARGEST = 500 * 1024
"""Bytes; Zabbix 6.0 refuses a document of more than 512 KiB."""

LARGEST_LIST = 440 * 1024
"""Bytes of the list of tenants, which comes first: a row that vanishes would cost a host."""

MOST_USERS = 2000
FAILURES: tuple[tuple[type[BridgeError], int], ...] = (
    (ConfigurationError, 1),
    (UnknownTenantError, 2),
)
"""Failures that are no fault of a tenant: a number each."""

OTHER_FAILURE = 3
"""The number of all others."""

MOST_WARNINGS = 10


def _head(status: str, now: float, warnings: tuple[str, ...]) -> dict[str, Any]:
    """Give what every document begins with."""
    head: dict[str, Any] = {
        "schema": SCHEMA,
        "status": status,
        "status_code": OUTCOMES.index(status),
        "failure": 0,
        "now": int(now),
    }
    if warnings:
        shown = [clean(warning, LONGEST_MESSAGE) for warning in warnings[:MOST_WARNINGS]]
        more = len(warnings) - len(shown)
        head["warnings"] = [*shown, f"and {more} more"] if more else shown
    return head


def _document(collection: Collection, warnings: tuple[str, ...], most_users: int) -> dict[str, Any]:
    """Give the document of one tenant, or one that holds several tenants' by id."""
    document = _head(_status(collection), collection.now, warnings)
    tenants = collection.tenants
    if len(tenants) == 1:
        part = part_of(collection.results, collection.now, most_users)
        return document | {"tenant": clean(tenants[0], LONGEST_NAME)} | part
    rows = _rows(tenants)
    document["discovery"] = {"tenants": list(rows.values())}
    document["tenants"] = parts = {}
    document["tenants_left_out"] = len(tenants)
    room = LARGEST - len(_dump(document))
    for tenant, row in rows.items():
        part = part_of(collection.of_tenant(tenant), collection.now, most_users)
        room -= len(_dump({row["id"]: part}))
        if room < 0:
            break
        parts[row["id"]] = part
    document["tenants_left_out"] = len(tenants) - len(parts)
    return document


def _rows(tenants: Iterable[str]) -> dict[str, dict[str, str]]:
    """Give the row of each tenant, of the first ones if there are very many."""
    ids, rows, room = Ids(), {}, LARGEST_LIST
    for tenant in tenants:
        # The template puts a suffix of the operator's in, so that hosts of two lists can differ.
        row = {"id": ids.of("t", tenant), "name": clean(tenant, LONGEST_NAME), "suffix": "-"}
        room -= len(_dump(row))
        if room < 0:
            break
        rows[tenant] = row
    return rows


def render(
    collection: Collection, options: Mapping[str, Any], warnings: tuple[str, ...]
) -> Rendered:
    """Write the document with as many users as fit, the busiest: they give way to tenants."""
    wanted = int(options.get("max_users") or MOST_USERS)
    most_users = min(wanted, MOST_USERS // max(len(collection.tenants), 1))
    while True:
        document = _document(collection, warnings, most_users)
        text = _dump(document)
        fits = len(text) <= LARGEST and not document.get("tenants_left_out")
        if fits or not most_users:
            return Rendered(text=text)
        most_users //= 2


def list_tenants(tenants: tuple[str, ...], now: float, warnings: tuple[str, ...]) -> Rendered:
    """Write the document that only discovers tenants."""
    rows = _rows(tenants)
    document = _head("ok", now, warnings)
    document["discovery"] = {"tenants": list(rows.values())}
    document["tenants_left_out"] = len(tenants) - len(rows)
    return Rendered(text=_dump(document))


def _dump(document: dict[str, Any]) -> str:
    return f"{compact.write(document)}\n"


def _status(collection: Collection) -> str:
    """Give the worst outcome of all, as OUTCOMES orders them."""
    return max((result.outcome.kind for result in collection.results), key=OUTCOMES.index)


def fail(error: BridgeError) -> Rendered:
    """Write a document that says what is wrong, and nothing else."""
    document = {
        "schema": SCHEMA,
        "status": "failed",
        "status_code": len(OUTCOMES),
        "failure": next(
            (code for kind, code in FAILURES if isinstance(error, kind)), OTHER_FAILURE
        ),
        "error": clean(error.text, LONGEST_MESSAGE),
        "cause": clean(error.text, LONGEST_MESSAGE),
    }
    return Rendered(text=_dump(document), exit_code=3)


TENANTS_ONLY = Option(
    flag="--tenants-only",
    help="List the tenants of the configuration file for discovery, and ask Graph nothing.",
)

ONE_TENANT = Option(
    flag="--one-tenant",
    help="Fail if no tenant is named and the configuration has several.",
)

OUTPUT = Output(
    name="zabbix",
    help="One JSON document with discovery and item values, for Zabbix.",
    render=render,
    fail=fail,
    options=(TENANTS_ONLY, ONE_TENANT),
    tenants=list_tenants,
    quiet=True,
)
