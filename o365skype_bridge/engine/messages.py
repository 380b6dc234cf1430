"""What our processes tell each other: a type for every message, and a line for each on its way.

A process that fetches says `Trying` and `Refreshed`, and `Exchanged` to whoever debugs. The
worker of a process that stays takes a `Request`, and says `Trying`, `Found` and, at the request's
end, `Done`.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.state import codec
from o365skype_bridge.state.store import FOREIGN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.outcome import Outcome
    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.state.held import Held, Stamp

    Key = tuple[str, str]
    Reports = Mapping[str, Report]


class LineError(ValueError):
    """A line that is none of the messages that its reader waits for."""


class Trying(Frozen):
    """A report could not be fetched, and is tried again."""

    tenant: str
    report: Report
    outcome: Outcome

    @property
    def key(self) -> Key:
        """The tenant and the report that it is about, by name."""
        return self.tenant, self.report.name

    def content(self) -> dict[str, Any]:
        """Give it as what `json` can write."""
        return {**_about(self.key), "trying": codec.encode_outcome(self.outcome)}


class Refreshed(Frozen):
    """How the refresh of a report has ended, and what the operator is told about the state."""

    result: ReportResult
    problems: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """The tenant and the report that it is about, by name."""
        return self.result.tenant, self.result.report.name

    def content(self) -> dict[str, Any]:
        """Give it as what `json` can write."""
        result = codec.encode(self.result)
        return {**_about(self.key), "result": result, "problems": self.problems}


class Exchanged(Frozen):
    """A line about what went over the wire."""

    line: str

    def content(self) -> dict[str, Any]:
        """Give it as what `json` can write."""
        return {"exchanged": self.line}


class Found(Frozen):
    """A refresh by the worker, and what a process that stays remembers of it.

    ``shown`` is what is held as the question shows it, where that is not the result itself.
    """

    refreshed: Refreshed
    held: Held
    shown: ReportResult | None = None

    def content(self) -> dict[str, Any]:
        """Give it as what `json` can write."""
        shown = self.shown and codec.encode(self.shown)
        return {**self.refreshed.content(), "held": codec.encode_held(self.held), "view": shown}


class Done(Frozen):
    """The worker has nothing left to do for a tenant."""

    tenant: str

    def content(self) -> dict[str, Any]:
        """Give it as what `json` can write."""
        return {"tenant": self.tenant, "done": True}


class Request(Frozen):
    """Reports of one tenant that the worker is to refresh, in this order.

    ``life`` is all the seconds there are, in ``patience`` of which somebody waits. ``seen``
    holds, by report, the stamp of what was held when the refresh was found to be due.
    """

    tenant: str
    life: float
    patience: float
    seen: Mapping[str, Stamp]

    def content(self) -> dict[str, Any]:
        """Give it as what `json` can write."""
        times = {"life": self.life, "patience": self.patience}
        return {"tenant": self.tenant, **times, "seen": self.seen}


Message = Trying | Refreshed | Exchanged | Found | Done | Request


def encode(message: Message) -> bytes:
    """Give a message as a line, without the line end."""
    return json.dumps(message.content()).encode()


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except FOREIGN as error:
        raise LineError("a line of another process is no message for this one") from error


@_reading()
def of_fetch(line: bytes, reports: Reports) -> Trying | Refreshed | Exchanged:
    """Give what a process that fetches says of one of the reports. Raises `LineError`."""
    content = json.loads(line)
    if "exchanged" in content:
        return Exchanged(line=codec.require(content["exchanged"], str))
    if "held" in content:
        raise ValueError("this is what the worker says")
    return _trying(content, reports) if "trying" in content else _refreshed(content, reports)


@_reading()
def of_worker(line: bytes, reports: Reports) -> Trying | Found | Done:
    """Give what the worker says. Raises `LineError`."""
    content = json.loads(line)
    if "done" in content:
        return Done(tenant=_tenant(content))
    if "trying" in content:
        return _trying(content, reports)
    refreshed, view = _refreshed(content, reports), content["view"]
    report, tenant = refreshed.result.report, refreshed.result.tenant
    return Found(
        refreshed=refreshed,
        held=codec.decode_held(content["held"], report, tenant),
        shown=None if view is None else codec.decode(view, report, tenant),
    )


@_reading()
def request(line: bytes) -> Request:
    """Give what the worker is asked for. Raises `LineError`."""
    content = json.loads(line)
    return Request(
        tenant=_tenant(content),
        life=codec.number(content["life"]),
        patience=codec.number(content["patience"]),
        seen={
            report: (codec.number(checked_at), codec.number(failed_at))
            for report, (checked_at, failed_at) in content["seen"].items()
        },
    )


def _about(key: Key) -> dict[str, str]:
    tenant, report = key
    return {"tenant": tenant, "report": report}


def _tenant(content: dict[str, Any]) -> str:
    return str(codec.require(content["tenant"], str))


def _trying(content: dict[str, Any], reports: Reports) -> Trying:
    return Trying(
        tenant=_tenant(content),
        report=reports[content["report"]],
        outcome=codec.decode_outcome(content["trying"]),
    )


def _refreshed(content: dict[str, Any], reports: Reports) -> Refreshed:
    problems = codec.require(content["problems"], list)
    return Refreshed(
        result=codec.decode(content["result"], reports[content["report"]], _tenant(content)),
        problems=tuple(codec.require(problem, str) for problem in problems),
    )
