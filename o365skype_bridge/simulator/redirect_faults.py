"""Faults of the redirect from Graph to the download."""

from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from o365skype_bridge.simulator.answers import page
from o365skype_bridge.simulator.records import Answer, Exchange, Fault, Rule

_REGIONS: Final = ("reports", "reportsncu", "reportsweu")
_FOUND: Final = 302

Move = Callable[[Exchange, Rule, str], str | None]


def _moved(exchange: Exchange, rule: Rule, answer: Answer, *, move: Move) -> Response:
    """The redirect with another Location, or without one; other answers stay as they are."""
    response = answer()
    if response.status_code == _FOUND:
        location = move(exchange, rule, response.headers.pop("Location"))
        if location is not None:
            response.headers["Location"] = location
    return response


def _on_host(location: str, host: str, scheme: str = "https") -> str:
    return urlsplit(location)._replace(scheme=scheme, netloc=host).geturl()


def _regional(_: Exchange, rule: Rule, location: str) -> str:
    number = rule.memory["number"] = rule.memory.get("number", -1) + 1
    return _on_host(location, f"{_REGIONS[number % len(_REGIONS)]}.office.com")


def _itself(exchange: Exchange, _: Rule, __: str) -> str:
    raw_path: str = exchange.request.environ["RAW_URI"]
    return exchange.request.host_url.rstrip("/") + raw_path


_MOVES: Final[tuple[tuple[str, int, str, Move], ...]] = (
    (
        "same-origin",
        3,
        "The link is on Graph's own host and port.",
        lambda exchange, _, location: _on_host(location, exchange.request.host),
    ),
    (
        "location-regional",
        4,
        "The link is on reports, reportsncu or reportsweu.office.com, in turn.",
        _regional,
    ),
    (
        "location-evil",
        4,
        "The link is on a host that only begins like Microsoft's.",
        lambda _, __, location: _on_host(location, "reports.office.com.evil.example"),
    ),
    (
        "location-http",
        4,
        "The link is not encrypted.",
        lambda _, __, location: location.replace("https://", "http://", 1),
    ),
    ("no-location", 4, "The redirect has no Location.", lambda *_: None),
    (
        "location-relative",
        4,
        "The link is a path without a host.",
        lambda _, __, location: "/" + location.split("/", 3)[3],
    ),
    ("redirect-loop", 4, "The redirect leads to itself.", _itself),
)


def _redirect_with_page(_: Exchange, __: Rule, answer: Answer) -> Response:
    response = answer()
    if response.status_code == _FOUND:
        return page(_FOUND, {"Location": response.headers["Location"]})
    return response


REDIRECT_FAULTS: Final = (
    Fault(
        name="redirect-html-body",
        traps=(1,),
        where=("report",),
        help="The redirect carries a web page instead of nothing.",
        act=_redirect_with_page,
    ),
    *(
        Fault(
            name=name,
            traps=(trap,),
            where=("report",),
            help=text,
            act=partial(_moved, move=move),
        )
        for name, trap, text, move in _MOVES
    ),
)
