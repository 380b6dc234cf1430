"""Which of the services a request is for, by its method and path."""

import re
from typing import Final

from o365skype_bridge.simulator import graph, identity, resources
from o365skype_bridge.simulator.ledger import REPORT_LIMITS, Limits
from o365skype_bridge.simulator.records import Exchange, Kind

_ROUTES: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("discovery", re.compile(r"GET /(?P<tenant>[^/]+)/v2\.0/\.well-known/openid-configuration")),
    ("token", re.compile(r"POST /(?P<tenant>[^/]+)/oauth2/v2\.0/token")),
    (
        "report",
        re.compile(r"GET /v1\.0/reports/(?:microsoft\.graph\.)?(?P<name>\w+)(?:\((?P<args>.*)\))?"),
    ),
    ("identity", re.compile(rf"GET (?:{identity.MACHINE}|{identity.APP_SERVICE})")),
    ("download", re.compile(r"GET /data/.*")),
)


def route(exchange: Exchange) -> str:
    """Write down what a request is; the text between the parentheses of a report's URL."""
    if found := resources.find(exchange.target):
        exchange.kind, exchange.function = "resource", found[0].name
        exchange.parameter = found[1]
        return ""
    for kind, pattern in _ROUTES:
        if match := pattern.fullmatch(exchange.target):
            parts = match.groupdict()
            arguments = parts.get("args") or ""
            exchange.kind, exchange.function = kind, parts.get("name") or ""
            exchange.parameter = graph.parameter_of(arguments)
            exchange.tenant_id = parts.get("tenant") or ""
            return arguments
    return ""


def limited(exchange: Exchange) -> tuple[str, Limits]:
    """What a request of Graph is counted as, and how many of that are allowed."""
    if found := resources.find(exchange.target):
        return found[0].service, found[0].limits
    return exchange.function, REPORT_LIMITS
