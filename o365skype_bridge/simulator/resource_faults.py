"""Faults of lists in pages: where the next page is said to be."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.odata import next_link
from o365skype_bridge.simulator.records import Answer, Exchange, Fault, Rule

_LINK: Final = "@odata.nextLink"

Change = Callable[[Exchange, dict[str, Any]], None]


def _itself(exchange: Exchange) -> str:
    return f"{exchange.request.host_url.rstrip('/')}{exchange.request.environ['RAW_URI']}"


def _listed(exchange: Exchange, _: Rule, answer: Answer, *, change: Change) -> Response:
    """The list, changed; other answers stay as they are."""
    response = answer()
    if response.mimetype != "application/json":
        return response
    content = json.loads(response.get_data())
    if isinstance(content.get("value"), list):
        change(exchange, content)
        response.set_data(json.dumps(content))
    return response


def _loop(exchange: Exchange, content: dict[str, Any]) -> None:
    content[_LINK] = _itself(exchange)


def _elsewhere(exchange: Exchange, content: dict[str, Any]) -> None:
    link = urlsplit(content.get(_LINK) or _itself(exchange))
    content[_LINK] = link._replace(netloc="graph.microsoft.com.evil.example").geturl()


def _empty(exchange: Exchange, content: dict[str, Any]) -> None:
    """A page with nothing on it is not the last one while it has a link."""
    if "$skiptoken" not in exchange.request.args:
        content["value"] = []
        content[_LINK] = next_link(exchange, 0)


def _without_status(_: Exchange, content: dict[str, Any]) -> None:
    for item in content["value"]:
        item.pop("status", None)


_CHANGES: Final[tuple[tuple[str, int, str, Change], ...]] = (
    ("next-link-loop", 31, "Every page of a list leads to itself.", _loop),
    (
        "next-link-evil",
        31,
        "The next page is on a host that only begins like Microsoft's.",
        _elsewhere,
    ),
    ("next-page-empty", 31, "The first page is empty, the second has everything.", _empty),
    ("status-missing", 32, "No item of a list has a status.", _without_status),
)

RESOURCE_FAULTS: Final = tuple(
    Fault(
        name=name,
        traps=(trap,),
        where=("resource",),
        help=text,
        act=partial(_listed, change=change),
    )
    for name, trap, text, change in _CHANGES
)
