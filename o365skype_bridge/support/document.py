"""A bundle as a document: what is written of a run, and the run that is read out of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from o365skype_bridge.errors import BridgeError, MalformedError, UsageError
from o365skype_bridge.process import files
from o365skype_bridge.settings.credential import Secret
from o365skype_bridge.settings.managed import Managed
from o365skype_bridge.settings.values import Settings, Tenant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o365skype_bridge.model.values import ReportResult

KIND, SCHEMA = "o365skype-bridge capture", 1
LARGEST = 32 << 20
"""Bytes of a bundle."""

LARGEST_NUMBER = 1e15

RENEW = "Name a file that 'o365skype-bridge capture' of this version has written."
MANAGED = "managed"


OF_BODY = frozenset({"Content-Encoding", "Content-Length", "Transfer-Encoding"})
"""Headers that are of a body as it was sent; a bundle holds what was read of it."""


class Recorded(NamedTuple):
    """An exchange of a bundle, of a report whose function it ``asks`` for, if of any.

    ``rows`` are those of its file, of which ``shown`` are in the bundle.
    """

    tenant: str
    kind: str
    asks: str
    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    seconds: float
    body: bytes
    failure: BridgeError | None
    rows: int
    shown: int


class Bundle(NamedTuple):
    """What is read out of a bundle; ``settings`` have no state folder yet."""

    clock: float
    reports: tuple[str, ...]
    settings: Settings
    exchanges: tuple[Recorded, ...]
    outcomes: tuple[Mapping[str, Any], ...]


def read(path: str) -> Bundle:
    """Read a bundle. Raises `UsageError` for whatever is none."""
    try:
        content, _ = files.read(path, LARGEST)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error) or "it is no file's name"
        raise UsageError(f"the bundle {path!a} cannot be read: {why}", RENEW) from error
    try:
        return parsed(json.loads(content))
    except (ValueError, RecursionError, MalformedError, OverflowError) as error:
        said = str(error) if isinstance(error, MalformedError) else "it is no JSON"
        raise UsageError(f"{path!a} is no bundle: {said}", RENEW) from error


def parsed(document: object) -> Bundle:
    """Take a bundle's document apart. Raises `MalformedError` for whatever is none."""
    content = _object(document)
    if content.get("bundle") != KIND:
        raise MalformedError("it does not say that it is one")
    if content.get("schema") != SCHEMA:
        raise MalformedError(f"its schema is not {SCHEMA}, which this version reads")
    general = _object(content.get("settings"))
    tenants = tuple(_tenant(_object(one)) for one in _list(content.get("tenants")))
    if not tenants or len({tenant.name for tenant in tenants}) < len(tenants):
        raise MalformedError("its tenants have no names of their own")
    clock = _number(content, "clock")
    if not 0 < clock < 1e11:  # noqa: PLR2004 some thousand years
        raise MalformedError("its clock shows no time")
    return Bundle(
        clock=clock,
        reports=tuple(_text({"": one}, "") for one in _list(content.get("reports"))),
        settings=Settings(
            tenants=tenants,
            state_dir="",
            refresh_interval=None
            if general.get("refresh_interval") is None
            else _number(general, "refresh_interval"),
            max_age=_number(general, "max_age"),
        ),
        exchanges=tuple(_recorded(_object(one)) for one in _list(content.get("exchanges"))),
        outcomes=tuple(_object(one) for one in _list(content.get("outcomes"))),
    )


def _tenant(content: Mapping[str, Any]) -> Tenant:
    managed = content.get("auth") == MANAGED
    usable = content.get("credential") is True
    name = _text(content, "name")
    if not name.strip():
        raise MalformedError("a tenant has no name")
    return Tenant(
        name=name,
        tenant_id=_text(content, "tenant_id"),
        client_id=_text(content, "client_id"),
        credential=Managed() if managed else Secret("recorded") if usable else Secret(),
        login_endpoint=_text(content, "login_endpoint"),
        graph_endpoint=_text(content, "graph_endpoint"),
        download_hosts=tuple(_text({"": one}, "") for one in _list(content.get("download_hosts"))),
        secret_expires=_text(content, "secret_expires"),
    )


def _recorded(content: Mapping[str, Any]) -> Recorded:
    body = _object(content.get("body"))
    headers = _object(content.get("headers"))
    failure = content.get("failure")
    is_table = body.get("form") == "table"
    rows, shown = (
        (int(_number(body, "rows")), len(_list(body.get("sample")))) if is_table else (0, 0)
    )
    status = int(_number(content, "status"))
    if not 0 <= status <= 999:  # noqa: PLR2004
        raise MalformedError("a status is none")
    return Recorded(
        tenant=_text(content, "tenant"),
        kind=_text(content, "kind"),
        asks=_text(content, "asks"),
        method=_text(content, "method"),
        url=_text(content, "url"),
        status=status,
        headers={name: _text(headers, name) for name in headers if name not in OF_BODY},
        seconds=min(max(_number(content, "seconds"), 0.0), 3600.0),
        body=_body(body),
        failure=None if failure is None else _failure(_object(failure)),
        rows=rows,
        shown=shown,
    )


def _body(content: Mapping[str, Any]) -> bytes:
    form = content.get("form")
    if form == "table":
        rows = [_list(content.get("header")), *map(_list, _list(content.get("sample")))]
        return b"".join(map(_line, rows))
    if form == "json":
        return json.dumps(content.get("content")).encode()
    if form == "outline":
        return _text(content, "text").encode("utf-8", "surrogateescape")
    return b""


def _line(cells: list[Any]) -> bytes:
    quoted = ('"' + _text({"": cell}, "").replace('"', '""') + '"' for cell in cells)
    return (",".join(quoted) + "\n").encode("utf-8", "replace")


def _failure(content: Mapping[str, Any]) -> BridgeError:
    kinds = {kind.kind: kind for kind in BridgeError.__subclasses__()}
    kind = kinds.get(_text(content, "kind"), BridgeError)
    return kind(_text(content, "said"), lasting=content.get("lasting") is True)


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise MalformedError("a part of it is no object")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise MalformedError("a part of it is no list")
    return value


def _text(content: Mapping[str, Any], key: str) -> str:
    value = content.get(key)
    if not isinstance(value, str):
        raise MalformedError(f"'{key}' is no text" if key else "a part of it is no text")
    return value


def _number(content: Mapping[str, Any], key: str) -> float:
    value = content.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedError(f"'{key}' is no number")
    if not abs(value) < LARGEST_NUMBER:
        raise MalformedError(f"'{key}' is no number that can be")
    return float(value)


FIGURES = 100
"""Figures of a result that are written."""


def outcome(result: ReportResult) -> dict[str, Any]:
    """Write how a report went and what its newest figures are."""
    figures = {
        "/".join([sample.metric.dotted, *(value for _, value in sample.labels)]): sample.value
        for sample in result.newest[:FIGURES]
    }
    return {
        "tenant": result.tenant,
        "report": result.report.name,
        "outcome": result.outcome.kind,
        "message": result.outcome.message,
        "refresh_date": None if result.refresh_date is None else str(result.refresh_date),
        "figures": figures,
    }
