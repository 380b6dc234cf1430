"""One JSON document for a Zabbix master item: discovery arrays, and values under stable paths.

What is not known is left out: a discovery array of a report that gave nothing, a value that
could not be told; nothing is ever null or a made-up 0. Truth values are 0 and 1. Users are
addressed by a generated id, so that no name ever stands in a path.
"""

from __future__ import annotations

import json
import zlib

from o365skype_bridge.model import OUTCOMES, day_start
from o365skype_bridge.outputs.base import Output, Rendered
from o365skype_bridge.outputs.names import LONGEST_MESSAGE, clean

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from o365skype_bridge.errors import BridgeError
    from o365skype_bridge.model import Collection, ReportResult, Sample

SCHEMA = 1
"""Raised whenever a template made for the former document would be wrong about this one."""

LARGEST = 500 * 1024
"""Bytes; Zabbix 6.0 refuses a document of more than 512 KiB."""

LONGEST_NAME = 200
MOST_USERS = 2000


def safe_id(prefix: str, name: str) -> str:
    """Give an id of letters, digits and underscores that is this name's for ever."""
    content = name.encode("utf-8", "surrogatepass")
    return f"{prefix}{zlib.crc32(content):08x}{zlib.adler32(content):08x}"


class Ids:
    """Remembers whose an id is; one that is another's already gets an underscore more."""

    def __init__(self) -> None:
        """Know nobody."""
        self._owners: dict[str, str] = {}

    def of(self, prefix: str, name: str) -> str:
        """Give the id of a name; checksums can be alike, ids of different names cannot."""
        id_ = safe_id(prefix, name)
        while self._owners.setdefault(id_, name) != name:
            id_ += "_"
        return id_


def _report(result: ReportResult, now: float) -> dict[str, Any]:
    """Give the values of one report."""
    outcome, day = result.outcome, result.refresh_date
    values = {
        "outcome": outcome.kind,
        "outcome_code": outcome.code,
        "success": int(outcome.kind in ("ok", "empty")),
        "cause": outcome.cause or None,
        "message": clean(outcome.text, LONGEST_MESSAGE) if outcome.text else None,
        "notes": " ".join(result.notes) or None,
        "names_concealed": int(result.concealed) if outcome.has_data else None,
        "refresh_date": day and day.isoformat(),
        "refresh_time": day and day_start(day),
        "age_seconds": result.age_seconds(now),
        "collected_at": result.collected_at and int(result.collected_at),
        "fetch_seconds": result.fetch_seconds,
        "calls": result.calls,
    }
    return {name: value for name, value in values.items() if value is not None}


class _Tenant:
    """One tenant's part of the document, filled result by result."""

    def __init__(self, most_users: int) -> None:
        self._most_users = most_users
        self._reports: dict[str, Any] = {}
        self._metrics: dict[str, int] = {}
        self._users: dict[str, dict[str, int]] = {}
        self._rows: dict[str, dict[str, dict[str, str]]] = {"reports": {}}
        self._left_out: set[str] = set()
        self._rest = 0
        self._ids = Ids()

    def add(self, result: ReportResult, now: float) -> None:
        name = result.report.name
        self._reports[name] = _report(result, now)
        self._discover("reports", name, {"name": result.report.title})
        for sample in result.newest:
            place = self._place(sample, name)
            if place is None:
                continue
            place[sample.metric.dotted] = sample.value
            if sample.max is not None:
                place[f"{sample.metric.dotted.rpartition('.')[0]}.max"] = sample.max

    def _place(self, sample: Sample, report: str) -> dict[str, int] | None:
        """Say where a sample's value goes, and make what it is about discovered."""
        metric = sample.metric
        if not metric.per_user:
            if metric.label:
                row = {"name": metric.title, "report": report}
                self._discover(f"{metric.label}s", metric.dotted, row)
            return self._metrics
        if sample.rest:
            self._rest = sample.rest
            return None
        id_ = self._ids.of("u", sample.user)
        if id_ not in self._users and len(self._users) >= self._most_users:
            self._left_out.add(id_)
            return None
        self._discover("users", id_, {"name": clean(sample.user, LONGEST_NAME)})
        return self._users.setdefault(id_, {})

    def _discover(self, array: str, id_: str, row: dict[str, str]) -> None:
        self._rows.setdefault(array, {})[id_] = {"id": id_, **row}

    def document(self) -> dict[str, Any]:
        part: dict[str, Any] = {
            "discovery": {name: list(rows.values()) for name, rows in self._rows.items()},
            "report": self._reports,
            "metric": self._metrics,
        }
        if self._users:
            part["user"] = self._users
        if left_out := len(self._left_out) + self._rest:
            part["users_left_out"] = left_out
        return part


def _tenant(results: Iterable[ReportResult], now: float, most_users: int) -> dict[str, Any]:
    """Give one tenant's part of the document."""
    tenant = _Tenant(most_users)
    for result in results:
        tenant.add(result, now)
    return tenant.document()


def _document(collection: Collection, warnings: tuple[str, ...], most_users: int) -> dict[str, Any]:
    """Give the document of one tenant, or one that holds several tenants' by id."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "status": _status(collection),
        "now": int(collection.now),
    }
    if warnings:
        document["warnings"] = [clean(warning, LONGEST_MESSAGE) for warning in warnings]
    parts = {
        tenant: _tenant(collection.of_tenant(tenant), collection.now, most_users)
        for tenant in collection.tenants
    }
    if len(parts) == 1:
        [(tenant, part)] = parts.items()
        return document | {"tenant": clean(tenant, LONGEST_NAME)} | part
    names = Ids()
    ids = {tenant: names.of("t", tenant) for tenant in parts}
    document["discovery"] = {
        "tenants": [{"id": id_, "name": clean(tenant, LONGEST_NAME)} for tenant, id_ in ids.items()]
    }
    document["tenants"] = {ids[tenant]: part for tenant, part in parts.items()}
    return document


def render(
    collection: Collection, _options: Mapping[str, Any], warnings: tuple[str, ...]
) -> Rendered:
    """Write the document, with as many users as fit."""
    most_users = MOST_USERS
    while True:
        text = _dump(_document(collection, warnings, most_users))
        if len(text) <= LARGEST or not most_users:
            return Rendered(text=text)
        most_users //= 2


def _dump(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":")) + "\n"


def _status(collection: Collection) -> str:
    """Give the worst outcome of all, as OUTCOMES orders them."""
    return max((result.outcome.kind for result in collection.results), key=OUTCOMES.index)


def fail(error: BridgeError) -> Rendered:
    """Write a document that says what is wrong, and nothing else."""
    document = {"schema": SCHEMA, "status": "failed", "error": error.text}
    return Rendered(text=_dump(document), exit_code=3)


OUTPUT = Output(
    name="zabbix",
    help="One JSON document with discovery and item values, for Zabbix.",
    render=render,
    fail=fail,
    quiet=True,
)
