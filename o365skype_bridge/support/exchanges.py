"""Exchanges as they are shown: what harms nobody stays, and all else is replaced."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from o365skype_bridge.graph import taping
from o365skype_bridge.graph.refusals import content_of, retry_after
from o365skype_bridge.graph.trouble import SIGNS
from o365skype_bridge.support import lists, secrets
from o365skype_bridge.support.lists import ListShown
from o365skype_bridge.support.names import Names, sayable, telling, without
from o365skype_bridge.support.places import Places
from o365skype_bridge.support.tables import Columns, TableShown, outline, whole_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from o365skype_bridge.errors import BridgeError
    from o365skype_bridge.graph.taping import Exchange
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.settings.values import Tenant

OK = 200
ID = re.compile(r"[0-9a-f-]{32,36}")
HEADERS = {
    "Date": re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"),
    "Content-Type": re.compile(
        r"(?:text|application)/[a-z0-9.+-]{1,40}(?:; ?charset=[\w-]{1,20})?", re.IGNORECASE
    ),
    "Content-Length": re.compile(r"\d{1,12}"),
    "Content-Encoding": re.compile(r"gzip|deflate|identity|br|zstd"),
    "Transfer-Encoding": re.compile(r"chunked|gzip|identity"),
    "request-id": ID,
    "client-request-id": ID,
}
"""Headers that are shown, and how they look; `Location` and `Retry-After` are shown in part."""

MEANINGS = {what for _, what in SIGNS}


class Shown:
    """The exchanges of some tenants as they are shown, with stand-ins of their own."""

    def __init__(self, tenants: Iterable[Tenant], catalogue: Iterable[Report]) -> None:
        """Take whom and what there is."""
        every = tuple(catalogue)
        self.names = Names()
        self.tokens: set[str] = set()
        self.tenants = {one.name: self.names.of(one.name, "tenant") for one in tenants}
        self._catalogue = every
        self._columns = Columns(every)
        self.places = {one.name: Places(one, every, self.names) for one in tenants}
        self._hidden = {one.name: telling(secrets.of_tenant(one)) for one in tenants}

    def of(self, tape: Sequence[Exchange]) -> list[dict[str, Any]]:
        """Give all exchanges, in order."""
        made = list(self._every(tape))
        told = telling(self.names.replaced)
        stand_ins = self.names.stand_ins
        return [{**one, "body": self._scrubbed(one["body"], told, stand_ins)} for one in made]

    def _scrubbed(self, content: Any, told: frozenset[str], stand_ins: frozenset[str]) -> Any:
        """Give a body whose texts have no name in them that is known from elsewhere."""
        if isinstance(content, dict):
            return {name: self._scrubbed(one, told, stand_ins) for name, one in content.items()}
        if isinstance(content, list):
            return [self._scrubbed(one, told, stand_ins) for one in content]
        if not isinstance(content, str) or content in stand_ins:
            return content
        return without(content, self.names, told) if any(map(str.isalpha, content)) else content

    def _every(self, tape: Sequence[Exchange]) -> Iterator[dict[str, Any]]:
        asked: dict[str, str] = {}
        for one in tape:
            name, places = one.tenant.name, self.places[one.tenant.name]
            if one.kind in (taping.REPORT, taping.LIST):
                asked[name] = self._function(one.url)
            of_graph = one.kind in (taping.REPORT, taping.LIST, taping.DOWNLOAD)
            function = asked.get(name, "") if of_graph else ""
            yield {
                "tenant": self.tenants[name],
                "kind": one.kind,
                "asks": function,
                "method": one.method,
                "url": places.asked(one) if one.url else "",
                "status": one.status,
                "headers": dict(self._headers(one, places)),
                "seconds": round(one.seconds, 3),
                "body": self._body(one, places, few=function in self._columns.few),
                "failure": self._failure(one.failure, places),
            }

    def _function(self, url: str) -> str:
        """Give the function, or the list, that a URL is of, if the catalogue has it."""
        for report in self._catalogue:
            path = report.path.partition("?")[0].partition("(")[0]
            if f"/reports/{report.function}(" in url or (path and f"/v1.0{path}" in url):
                return report.function
        return ""

    def _headers(self, one: Exchange, places: Places) -> Iterator[tuple[str, str]]:
        hidden = self._hidden[one.tenant.name]
        for name, pattern in HEADERS.items():
            value = one.headers.get(name, "")
            if pattern.fullmatch(value) and not any(each in value.casefold() for each in hidden):
                yield name, value
        if "Location" in one.headers:
            yield "Location", places.location(one.headers["Location"])
        if "Retry-After" in one.headers:
            wait = retry_after(one.headers)
            yield "Retry-After", "?" if wait is None else f"{wait:g}"

    def _body(self, one: Exchange, places: Places, *, few: bool) -> dict[str, Any]:
        if not next(one.body(), b""):
            return {"form": "none"}
        if one.kind in (taping.REPORT, taping.DOWNLOAD) and one.status == OK:
            body = whole_lines(one.body()) if one.failure else one.body()
            shown = TableShown(self._columns, self.names, few=few).of(body)
        else:
            shown = self._json(one, places)
        return shown or outline(one.body(), self._columns)

    def _json(self, one: Exchange, places: Places) -> dict[str, Any] | None:
        body = b"".join(one.body())
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if one.kind not in (taping.DISCOVERY, taping.TOKEN):
            hidden = self._hidden[one.tenant.name]
            shown = ListShown(self.names, places.graph_url, hidden)
            return {"form": "json", "content": shown.of(content)}
        found = content_of(body)
        if isinstance(token := found.get("access_token"), str):
            self.tokens.add(token)
        return {"form": "json", "content": lists.login(dict(found), places.login_url)}

    def _failure(self, error: BridgeError | None, places: Places) -> dict[str, Any] | None:
        if error is None:
            return None
        host, colon, what = str(error).partition(": ")
        plain = colon and " " not in host
        known = what if plain and what in MEANINGS else sayable(what if plain else str(error))
        said = f"{places.host(host)}: {known}" if plain else known
        return {"kind": error.kind, "said": said, "lasting": error.lasting}
