"""The simulator: one handler for the login service, Graph and the download host."""

import json
import re
import threading
from collections.abc import Sequence
from functools import partial
from typing import Final

from werkzeug.wrappers import Request, Response

from o365skype_bridge.simulator import control, graph, login
from o365skype_bridge.simulator.answers import graph_error
from o365skype_bridge.simulator.ledger import Ledger
from o365skype_bridge.simulator.records import DROPPED, Answer, Call, Dropped, Exchange, Kind, Rule
from o365skype_bridge.simulator.settings import Settings

_ROUTES: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("discovery", re.compile(r"GET /(?P<tenant>[^/]+)/v2\.0/\.well-known/openid-configuration")),
    ("token", re.compile(r"POST /(?P<tenant>[^/]+)/oauth2/v2\.0/token")),
    (
        "report",
        re.compile(r"GET /v1\.0/reports/(?:microsoft\.graph\.)?(?P<name>\w+)(?:\((?P<args>.*)\))?"),
    ),
    ("download", re.compile(r"GET /data/.*")),
)
_GRAPH: Final = ("/v1.0/", "/beta/")
_DIAGNOSTIC: Final = json.dumps(
    {"ServerInfo": {"DataCenter": "Nowhere", "Slice": "E", "Ring": "0", "ScaleUnit": "000"}},
    separators=(",", ":"),
)


class Simulator(Settings):
    """Login service, Graph and download host in one, for any number of tenants.

    Its settings are those of `Settings`, all by keyword. `handle` answers one request and may be
    called from many threads.
    """

    def __post_init__(self) -> None:
        """Begin with nothing remembered."""
        super().__post_init__()
        self._ledger = Ledger()
        self._stopping = threading.Event()

    @property
    def calls(self) -> Sequence[Call]:
        """Every request so far, in the order of their answers."""
        return self._ledger.calls

    @property
    def leaks(self) -> Sequence[Call]:
        """The requests that brought credentials to where they must not go."""
        return self._ledger.leaks

    def reset(self) -> None:
        """Forget all requests; settings and faults are again as they were at first."""
        self._ledger.clear()
        self.restore()

    def pause(self, seconds: float) -> None:
        """Wait, unless the simulator is being stopped."""
        if seconds > 0:
            self._stopping.wait(seconds)

    def start(self) -> None:
        """Let answers take their time again after `stop`."""
        self._stopping.clear()

    def stop(self) -> None:
        """End all waiting, for a server that is about to close."""
        self._stopping.set()

    def handle(self, request: Request) -> Response:
        """Answer any request, whichever of the three services it is meant for."""
        if request.path.startswith(control.PREFIX):
            return control.handle(self, request)
        exchange, arguments = self._recognize(request)
        self.pause(self.latency)
        answer: Answer = partial(self._answer, exchange, arguments)
        for rule in reversed(self._striking(exchange)):
            answer = partial(rule.answer, exchange, answer)
        response = answer()
        self._finish(exchange, response)
        return response

    def _recognize(self, request: Request) -> tuple[Exchange, str]:
        """What a request is, and the text between the parentheses of a report's URL."""
        root = self._download_root(request)
        exchange = Exchange(request=request, kind="other", pause=self.pause, download_root=root)
        for kind, pattern in _ROUTES:
            if found := pattern.fullmatch(exchange.target):
                exchange.kind = kind
                break
        else:
            return exchange, ""
        parts = found.groupdict()
        arguments = parts.get("args") or ""
        exchange.function = parts.get("name") or ""
        exchange.parameter = graph.parameter_of(arguments)
        exchange.tenant_id = parts.get("tenant") or ""
        if exchange.kind == "download":
            self._redeem(exchange)
        elif exchange.kind == "report":
            exchange.tenant = self._ledger.bearers.get(exchange.bearer)
        else:
            exchange.tenant = self.tenant(exchange.tenant_id)
        if exchange.tenant:
            exchange.tenant_id = exchange.tenant.tenant_id
        if exchange.kind == "report" and exchange.tenant:
            used = (exchange.tenant_id, exchange.function)
            exchange.quota_wait = self._ledger.use(*used, self.clock())
        return exchange, arguments

    def _redeem(self, exchange: Exchange) -> None:
        ticket = self._ledger.redeem(exchange.request.environ.get("QUERY_STRING", ""))
        if ticket is not None:
            exchange.ticket, exchange.tenant = ticket, ticket.tenant
            exchange.function, exchange.parameter = ticket.function, ticket.parameter
            exchange.age = self.clock() - ticket.issued

    def _striking(self, exchange: Exchange) -> list[Rule]:
        """The faults for this request, except those that wait for its download."""
        struck = [rule for rule in self.rules_for(exchange.tenant_id) if rule.strikes(exchange)]
        exchange.deferred = [rule for rule in struck if rule.defers(exchange)]
        waited = exchange.ticket.rules if exchange.ticket else []
        return [*(rule for rule in struck if not rule.defers(exchange)), *waited]

    def _answer(self, exchange: Exchange, arguments: str) -> Response:
        match exchange.kind:
            case "discovery":
                return login.discovery(exchange)
            case "token":
                return login.token(exchange, self._ledger.bearers)
            case "report":
                return self._report(exchange, arguments)
            case "download":
                lifetime = self.download_lifetime
                return graph.download(exchange, lifetime=lifetime, chunked=self.chunked)
        if exchange.request.path == login.INSTANCE_DISCOVERY:
            return login.instance_discovery(exchange)
        message = f"Resource not found for the segment '{exchange.request.path}'."
        return graph_error(exchange, 400, "BadRequest", message)

    def _report(self, exchange: Exchange, arguments: str) -> Response:
        if exchange.tenant is None:
            return graph.unknown_token(exchange)
        if self.enforce_quota and exchange.quota_wait:
            return graph.throttled(exchange)
        data = self.data(exchange.tenant)
        if (exchange.function, exchange.parameter) not in exchange.tenant.bodies:
            refused = graph.refuse(exchange, arguments, data, self.current_day())
            if refused is not None:
                return refused
        ticket = self._ledger.issue(exchange, exchange.tenant, data, self.clock())
        return graph.redirect(f"{exchange.download_root}data/download?{ticket.query}")

    def _download_root(self, request: Request) -> str:
        if self.download_origin == "same":
            return request.host_url
        if self.download_endpoint:
            return f"{self.download_endpoint}/"
        name, _, port = request.host.partition(":")
        other = "localhost" if name == "127.0.0.1" else "127.0.0.1"
        return f"{request.scheme}://{other}:{port}/"

    def _finish(self, exchange: Exchange, response: Response) -> None:
        """Add what every answer of Graph has, and write the request down."""
        request = exchange.request
        is_graph = exchange.kind == "report" or request.path.startswith(_GRAPH)
        if is_graph and exchange.identified:
            response.headers.setdefault("request-id", exchange.request_id)
            response.headers.setdefault("client-request-id", exchange.client_request_id)
            response.headers.setdefault("x-ms-ags-diagnostic", _DIAGNOSTIC)
        call = Call(
            kind=exchange.kind,
            tenant=exchange.tenant_id,
            function=exchange.function,
            parameter=exchange.parameter,
            status=DROPPED if isinstance(response, Dropped) else response.status_code,
            had_authorization="Authorization" in request.headers,
            host=request.host,
            time=self.clock(),
        )
        astray = bool(self.download_endpoint) and request.host_url == f"{self.download_endpoint}/"
        self._ledger.note(call, leak=call.had_authorization and (astray or not is_graph))
