"""Lists and objects as Graph answers them: contexts, $filter, $select, $top and pages."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import as_json, graph_error
from o365skype_bridge.simulator.records import Exchange

Item = Mapping[str, Any]

_CLAUSE: Final = re.compile(r"(\w+) eq (?:'((?:[^']|'')*)'|(true|false))")
_START: Final = "skip="
_ODD: Final = "@odata."


def options(exchange: Exchange) -> dict[str, str]:
    """The query options of a request, such as `$top`."""
    return exchange.request.args.to_dict()


def context(exchange: Exchange, path: str) -> str:
    """What `@odata.context` says about an answer."""
    return f"{exchange.request.host_url}v1.0/$metadata#{path}"


def bad_request(exchange: Exchange, message: str) -> Response:
    """The refusal of a query option that is not understood."""
    return graph_error(exchange, 400, "BadRequest", message)


def _wanted(text: str) -> dict[str, object]:
    """The equations of a filter, by field.

    Raises:
        ValueError: the filter has anything but equations joined by `and`.
    """
    wanted: dict[str, object] = {}
    for clause in text.split(" and "):
        found = _CLAUSE.fullmatch(clause.strip())
        if found is None:
            raise ValueError("Invalid filter clause")
        name, words, truth = found.groups()
        wanted[name] = truth == "true" if truth else words.replace("''", "'")
    return wanted


def _token(start: int) -> str:
    return base64.b64encode(f"{_START}{start}".encode()).decode()


def _start(token: str) -> int:
    """Where the page behind a token begins.

    Raises:
        ValueError: the token is none of ours.
    """
    try:
        text = base64.b64decode(token, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    number = text.removeprefix(_START)
    if number == text or not number.isdecimal():
        raise ValueError("Invalid skip token")
    return int(number)


def _number(text: str) -> int:
    """How many items a page shall have.

    Raises:
        ValueError: that is no number, or none at all.
    """
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"Invalid value '{text}' for $top")
    return int(text)


def _selected(item: Item, names: str) -> Item:
    wanted = names.split(",") if names else list(item)
    return {name: item[name] for name in item if name in wanted or name.startswith(_ODD)}


def single(exchange: Exchange, path: str, item: Item) -> Response:
    """One object, with the fields that `$select` names."""
    chosen = _selected(item, options(exchange).get("$select", ""))
    return as_json(200, {"@odata.context": context(exchange, path), **chosen})


def collection(exchange: Exchange, path: str, items: Sequence[Item], page_size: int) -> Response:
    """One page of a list, with the link to the next one."""
    asked = options(exchange)
    try:
        wanted = _wanted(asked["$filter"]) if "$filter" in asked else {}
        size = min(_number(asked.get("$top", str(page_size))), page_size)
        start = _start(asked["$skiptoken"]) if "$skiptoken" in asked else 0
    except ValueError as exc:
        return bad_request(exchange, str(exc))
    # A null in the data equals nothing that can be written here.
    found = [item for item in items if all(item.get(name) == wanted[name] for name in wanted)]
    names = asked.get("$select", "")
    content = {
        "@odata.context": context(exchange, path),
        "value": [_selected(item, names) for item in found[start : start + size]],
    }
    if start + size < len(found):
        content["@odata.nextLink"] = next_link(exchange, start + size)
    return as_json(200, content)


def next_link(exchange: Exchange, start: int) -> str:
    """The same question for the page that begins there."""
    asked = options(exchange) | {"$skiptoken": _token(start)}
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in asked.items())
    return f"{exchange.request.host_url.rstrip('/')}{quote(exchange.request.path)}?{query}"
