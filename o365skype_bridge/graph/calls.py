"""Calls of Graph: each with a token and within the budget, and what a refusal means."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Protocol

from o365skype_bridge.errors import BridgeError, ForbiddenError, UnauthorizedError
from o365skype_bridge.graph import concealment
from o365skype_bridge.graph.refusals import graph_refusal, printable

if TYPE_CHECKING:
    import requests

    from o365skype_bridge.graph.auth import Token
    from o365skype_bridge.graph.http import Http
    from o365skype_bridge.model.declare import Report

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Budget(Protocol):
    """What watches over the number of calls; see `o365skype_bridge.state.ledger`."""

    def spend(self, function: str) -> None:
        """Count one call; raise `ThrottledError` when there is none left."""

    def hold(self, function: str, seconds: float) -> None:
        """Make no call of the function for so long."""


class Calls:
    """Calls for one tenant; ``count`` is how many there were."""

    def __init__(self, endpoint: str, http: Http, token: Token, budget: Budget) -> None:
        """Make none yet. ``endpoint`` is Graph's root."""
        self.count = 0
        self._endpoint = endpoint
        self._http = http
        self._token = token
        self._budget = budget

    def ask(self, report: Report, url: str) -> requests.Response:
        """Call Graph; a token it does not take is renewed once."""
        try:
            return self._call(report, url)
        except UnauthorizedError:
            self._token.drop()
            return self._call(report, url)

    def _call(self, report: Report, url: str) -> requests.Response:
        identifier = str(uuid.uuid4())
        token = self._token.get()
        self._budget.spend(report.function)
        self.count += 1
        response = self._http.get(
            url, {"Authorization": f"Bearer {token}", "client-request-id": identifier}
        )
        if response.status_code in REDIRECTS or response.status_code == 200:  # noqa: PLR2004
            return response
        raise self._refusal(report, response, identifier)

    def _refusal(self, report: Report, response: requests.Response, identifier: str) -> BridgeError:
        body = self._http.short_body(response)
        support = f"client-request-id {identifier}"
        if request_id := response.headers.get("request-id"):
            support = f"request-id {printable(request_id, 64)}, {support}"
        error = graph_refusal(report, response.status_code, response.headers, body, support)
        if error.retry_after:
            self._budget.hold(report.function, error.retry_after)
        if isinstance(error, ForbiddenError):
            self._token.drop()  # the next one carries permissions granted in the meantime
        return error

    def may_know_concealment(self) -> bool:
        """Say whether the token permits to ask for the setting that conceals names."""
        try:
            return concealment.is_permitted(self._token.get())
        except BridgeError:  # nothing but a remark depends on it
            return False

    def concealment(self) -> bool | None:
        """Say whether the tenant's setting conceals names; None where nothing comes in time."""
        url = f"{self._endpoint}{concealment.PATH}"
        try:
            with self._http.deadline.nearer(concealment.SECONDS):
                self._budget.spend(concealment.FUNCTION)
                self.count += 1
                answer = self._http.get(url, {"Authorization": f"Bearer {self._token.get()}"})
                body = self._http.short_body(answer)
        except BridgeError:
            self._http.deadline.check()
            return None
        return concealment.read(body) if answer.status_code == 200 else None  # noqa: PLR2004
