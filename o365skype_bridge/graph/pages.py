"""Pages of Graph's JSON lists: their items, and where the next page is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from o365skype_bridge.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 100
"""Pages that a list may have; those that are asked for have a few."""

LARGEST = 16 << 20
"""Bytes of a page; the service health of a hundred services with their issues is a tenth of it."""


class Page(NamedTuple):
    """The items of a page, a line of JSON each; ``next_link`` is blank on the last one."""

    lines: list[bytes]
    next_link: str


def read(body: bytes) -> Page:
    """Read a page, which may also be a single object. Raises `MalformedError`."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise MalformedError("Graph's list is no JSON object")
    items = content.get("value", [content])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise MalformedError("Graph's list holds what is no object")
    link = content.get("@odata.nextLink")
    if not isinstance(link, str | None):
        raise MalformedError("Graph's list does not say where its next page is")
    return Page([line(item) for item in items], link or "")


def line(item: Mapping[str, Any]) -> bytes:
    """Write an item as a line."""
    return json.dumps(item).encode() + b"\n"


def checked(link: str, endpoint: str) -> str:
    """Refuse a next page that is not Graph's, before the token is sent there."""
    if not link.startswith(f"{endpoint}/") or not link.isprintable() or "\\" in link:
        raise MalformedError("the next page of Graph's list is not on Graph's host")
    return link
