"""Graph as a source: token, redirect, download, and another try where that can help."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urljoin

import tenacity
import urllib3.util

from o365skype_bridge.errors import (
    BridgeError,
    MalformedError,
    ThrottledError,
    UnreachableError,
)
from o365skype_bridge.graph import pages
from o365skype_bridge.graph.auth import Token
from o365skype_bridge.graph.calls import Calls
from o365skype_bridge.graph.http import Deadline, Http
from o365skype_bridge.graph.refusals import outer_refusal, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from o365skype_bridge.graph.auth import Guard
    from o365skype_bridge.graph.calls import Budget
    from o365skype_bridge.model.asked import Asked
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.settings.values import Tenant

T = TypeVar("T")

OFFICE = ".office.com"
MOST_TRIES = 4
LONGEST_LOCATION = 1 << 14
SHORTEST_WAIT = 0.25
LONGEST_WAIT = 8.0
CLOCK_GRAIN = 0.05
"""Waited on top of what the service asks, so that its clock agrees."""


class LinkExpiredError(UnreachableError):
    """A download link that does not give the report; Graph gives another one."""


class Way:
    """How the services are reached: over the network, at the pace of this host."""

    def http(self, tenant: Tenant, deadline: Deadline) -> Http:
        """Give what sends requests. Raises `BridgeError` for settings that cannot be used."""
        return Http(tenant, deadline)

    def clock(self) -> float:
        """Give the seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class GraphSource:
    """Reports of one tenant, from Microsoft Graph; see `Source`."""

    def __init__(
        self,
        tenant: Tenant,
        http: Http,
        token: Token,
        budget: Budget,
        patience: Deadline,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open nothing yet. Nothing is tried again once ``patience`` is over."""
        self._sleep = sleep
        self.notice: Callable[[Report, BridgeError], None] = lambda _report, _error: None
        self._tenant = tenant
        self._http = http
        self._calls = Calls(tenant.graph_endpoint, http, token, budget)
        self._patience = patience
        self._lists: dict[str, list[bytes]] = {}
        graph = urllib3.util.parse_url(tenant.graph_endpoint)
        self._hosts = {(graph.host or "").lower(), *map(str.lower, tenant.download_hosts)}

    @property
    def calls(self) -> int:
        """How many calls it has cost so far."""
        return self._calls.count

    @property
    def setting(self) -> Calls:
        """What tells the tenant's setting that conceals names."""
        return self._calls

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def limit(self, life: float, patience: float) -> None:
        """Set the limits anew, on the same connections and the same token; see `connect`."""
        self._http.deadline.restart(life)
        self._patience.restart(patience)
        self._lists.clear()

    def read(self, report: Report, asked: Asked, consume: Callable[[Iterable[bytes]], T]) -> T:
        """Fetch a report file and hand it to ``consume``; see `Source.read`."""
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(MOST_TRIES),
            wait=self._wait,
            retry=tenacity.retry_if_exception(self._worth_another_try),
            before_sleep=lambda state: self._note(report, state),
            sleep=self._sleep,
            reraise=True,
        )
        result: T = retrying(self._read, report, asked, consume)
        return result

    def _read(self, report: Report, asked: Asked, consume: Callable[[Iterable[bytes]], T]) -> T:
        given = report.given(self._tenant) if report.given else None
        if given is not None:
            return consume([pages.line(given)])
        if report.is_list:
            held = self._lists.get(report.path)
            return consume(held if held is not None else self._held(report))
        try:
            return self._follow(report, asked, consume)
        except LinkExpiredError:
            return self._follow(report, asked, consume)

    def _follow(self, report: Report, asked: Asked, consume: Callable[[Iterable[bytes]], T]) -> T:
        """Ask Graph where the file is, and read it there."""
        answer = self._calls.ask(report, self._url(report, asked))
        if answer.status_code == 200:  # noqa: PLR2004 a gateway that has followed the redirect
            return consume(self._http.body(answer))
        location = answer.headers.get("Location", "")
        self._http.done(answer)
        response = self._http.download(self._checked(location))
        if response.status_code != 200:  # noqa: PLR2004
            said = f"the download link of {report.name} answered HTTP {response.status_code}"
            raise LinkExpiredError(said, refusal=outer_refusal(self._http.short_body(response)))
        return consume(self._http.body(response))

    def _held(self, report: Report) -> Iterator[bytes]:
        """Give a list's items, and hold them for what else is read off the same list just now."""
        lines: list[bytes] = []
        room = pages.LARGEST
        for line in self._items(report):
            room -= len(line)
            if room >= 0:
                lines.append(line)
            yield line
        if room >= 0:
            self._lists[report.path] = lines

    def _items(self, report: Report) -> Iterator[bytes]:
        """Give the items of a list, a line each, page after page."""
        path = report.path.replace("{client_id}", quote(self._tenant.client_id, safe=""))
        url = f"{self._tenant.graph_endpoint}/v1.0{path}"
        read: set[str] = set()
        while len(read) < pages.MOST:
            read.add(url)
            answer = self._calls.ask(report, url)
            if answer.status_code != 200:  # noqa: PLR2004
                raise MalformedError("Graph's list is a redirect")
            page = pages.read(self._http.whole_body(answer, pages.LARGEST))
            yield from page.lines
            if not page.next_link:
                return
            url = pages.checked(page.next_link, self._tenant.graph_endpoint)
            if url in read:
                raise MalformedError("the next page of Graph's list is one that was read already")
        raise MalformedError(f"Graph's list has more than {pages.MOST} pages")

    def _url(self, report: Report, asked: Asked) -> str:
        function = f"{report.function}({asked.parameter})"
        return f"{self._tenant.graph_endpoint}/v1.0/reports/{function}"

    def _checked(self, location: str) -> str:
        """Refuse a download that is not Microsoft's, before anything is sent there."""
        if not location:
            raise UnreachableError("Graph's redirect does not say where the report is")
        try:
            url = urljoin(f"{self._tenant.graph_endpoint}/", location)
            parsed = urllib3.util.parse_url(url)
        except ValueError:  # no URL at all
            url, parsed = "", urllib3.util.Url()
        if not parsed.host or not _is_plain(location):
            raise MalformedError("Graph's redirect leads to what is no URL")
        host = (parsed.host or "").lower()
        known = host.endswith(OFFICE) or host in self._hosts
        known = known or f"{host}:{parsed.port}" in self._hosts
        if parsed.scheme != "https" or parsed.auth or not known or "\\" in url:
            raise MalformedError(
                f"Graph sent us to {printable(f'{parsed.scheme}://{host}', 100)} for the report, "
                "which is not a download host of Microsoft's",
                "If it is right in your network, list the host in O365_DOWNLOAD_HOSTS.",
            )
        return url

    def _worth_another_try(self, error: BaseException) -> bool:
        if not isinstance(error, UnreachableError | ThrottledError):
            return False
        wait = error.retry_after or SHORTEST_WAIT
        return not error.lasting and wait < self._patience.remaining

    def _note(self, report: Report, state: tenacity.RetryCallState) -> None:
        """Let ``notice`` know what failed, in case nobody waits for the next try."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, BridgeError):
            self.notice(report, error)

    @staticmethod
    def _wait(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, BridgeError) else None
        if asked is not None:
            return asked + CLOCK_GRAIN
        return BACK_OFF(state)


def _is_plain(location: str) -> bool:
    return location.isascii() and location.isprintable() and len(location) <= LONGEST_LOCATION


def connect(  # noqa: PLR0913 each says what it is by name
    tenant: Tenant,
    budget: Budget,
    *,
    token_file: str,
    guard: Guard,
    life: float,
    patience: float,
    way: Way | None = None,
) -> GraphSource:
    """Make a source for a tenant. Nothing is sent yet.

    ``life`` is the seconds after which every call is given up, ``patience`` those after which
    nothing is tried again. ``token_file`` and ``guard`` are the token's; see `Token`. ``way`` is
    how the services are reached, if it is not the network.
    """
    way = way or Way()
    http = way.http(tenant, Deadline(life, way.clock))
    token = Token(tenant, http, token_file, guard)
    return GraphSource(tenant, http, token, budget, Deadline(patience, way.clock), way.sleep)


BACK_OFF = tenacity.wait_random_exponential(
    multiplier=2 * SHORTEST_WAIT, min=SHORTEST_WAIT, max=LONGEST_WAIT
)
