"""The simulator: one handler for the login service, Graph and the download host."""

import threading
from collections.abc import Sequence
from functools import partial
from typing import Final

from werkzeug.wrappers import Request, Response

from o365skype_bridge.simulator import control, graph, identity, login, resources
from o365skype_bridge.simulator.answers import graph_error, raw
from o365skype_bridge.simulator.ledger import Ledger
from o365skype_bridge.simulator.records import (
    DROPPED,
    GRAPH,
    Answer,
    Call,
    Dropped,
    Exchange,
    Rule,
    Tenant,
)
from o365skype_bridge.simulator.routes import limited, route
from o365skype_bridge.simulator.settings import REPORTS_ROLE, Settings

_GRAPH: Final = ("/v1.0/", "/beta/")


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
        arguments = route(exchange)
        if exchange.kind == "download":
            self._redeem(exchange)
        elif exchange.kind in GRAPH:
            self._admit(exchange)
        elif exchange.kind == "identity":
            exchange.tenant = self.tenant(self.tenant_ids[0])
        elif exchange.tenant_id:
            exchange.tenant = self.tenant(exchange.tenant_id)
        if exchange.tenant:
            exchange.tenant_id = exchange.tenant.tenant_id
        return exchange, arguments

    def _admit(self, exchange: Exchange) -> None:
        """Find out whose token it is, and count the call against what is allowed."""
        grant = self._ledger.bearers.get(exchange.bearer)
        if grant is not None:
            exchange.tenant, exchange.roles = grant.tenant, grant.roles
            service, limits = limited(exchange)
            tenant = grant.tenant.tenant_id
            exchange.quota_wait = self._ledger.use(tenant, service, self.clock(), limits)

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
        if exchange.kind in GRAPH:
            return self._of_graph(exchange, arguments)
        match exchange.kind:
            case "discovery":
                return login.discovery(exchange, self.cloud)
            case "token":
                roles = self.roles_of(exchange.tenant)
                return login.token(exchange, self._ledger.bearers, roles)
            case "download":
                lifetime = self.download_lifetime
                return graph.download(exchange, lifetime=lifetime, chunked=self.chunked)
        return self._elsewhere(exchange)

    def _elsewhere(self, exchange: Exchange) -> Response:
        if exchange.request.path == login.INSTANCE_DISCOVERY:
            return login.instance_discovery(exchange)
        if exchange.kind == "identity" and exchange.tenant:
            tenant, bearers = exchange.tenant, self._ledger.bearers
            roles = self.roles_of(tenant)
            return identity.token(exchange, tenant, bearers, roles, set(self.identities))
        message = f"Resource not found for the segment '{exchange.request.path}'."
        return graph_error(exchange, 400, "BadRequest", message)

    def _of_graph(self, exchange: Exchange, arguments: str) -> Response:
        """Graph's answer to whoever may ask it, and may ask again already."""
        if exchange.tenant is None:
            return graph.unknown_token(exchange)
        if self.enforce_quota and exchange.quota_wait:
            return graph.throttled(exchange)
        if exchange.kind == "report":
            return self._report(exchange, exchange.tenant, arguments)
        if (exchange.function, exchange.parameter) in exchange.tenant.bodies:
            return raw(200, exchange.tenant.bodies[exchange.function, exchange.parameter])
        tenancy = self.tenancy(exchange.tenant)
        return resources.answer(exchange, tenancy, elsewhere=self.cloud != "global")

    def _report(self, exchange: Exchange, tenant: Tenant, arguments: str) -> Response:
        if self.cloud != "global":
            return graph.absent(exchange, 400, "BadRequest")
        if REPORTS_ROLE not in exchange.roles:
            return graph.forbidden(exchange)
        data = self.data(tenant)
        if (exchange.function, exchange.parameter) not in tenant.bodies:
            refused = graph.refuse(exchange, arguments, data, self.current_day())
            if refused is not None:
                return refused
        ticket = self._ledger.issue(exchange, tenant, data, self.clock())
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
        is_graph = exchange.kind in GRAPH or request.path.startswith(_GRAPH)
        if is_graph and exchange.identified:
            graph.identify(exchange, response)
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
