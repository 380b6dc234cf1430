"""The remote control of a simulator that runs in another process, for this machine only."""

import ipaddress
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from werkzeug.wrappers import Request, Response

from o365skype_bridge.simulator.answers import as_json
from o365skype_bridge.simulator.faults import Spec
from o365skype_bridge.simulator.records import Call

PREFIX: Final = "/simulator/"


class Controlled(Protocol):
    """What can be asked of a simulator and changed in it."""

    @property
    def calls(self) -> Sequence[Call]: ...  # noqa: D102
    @property
    def leaks(self) -> Sequence[Call]: ...  # noqa: D102
    def set_faults(self, specs: Iterable[Spec]) -> None: ...  # noqa: D102
    def configure(self, **settings: Any) -> None: ...  # noqa: D102
    def reset(self) -> None: ...  # noqa: D102


def _calls(simulator: Controlled, _: Any) -> dict[str, Any]:
    calls = list(simulator.calls)

    def counted(name: str) -> Mapping[str, int]:
        return Counter(str(getattr(call, name)) for call in calls if getattr(call, name) != "")

    return {
        "total": len(calls),
        "leaks": len(simulator.leaks),
        "kind": counted("kind"),
        "function": counted("function"),
        "tenant": counted("tenant"),
        "status": counted("status"),
    }


def _faults(simulator: Controlled, content: Any) -> dict[str, Any]:
    simulator.set_faults(content)
    return {"faults": len(content)}


def _settings(simulator: Controlled, content: Any) -> dict[str, Any]:
    simulator.configure(**content)
    return {"settings": sorted(content)}


def _reset(simulator: Controlled, _: Any) -> dict[str, Any]:
    simulator.reset()
    return {"reset": True}


_ROUTES: Final[dict[str, Callable[[Controlled, Any], dict[str, Any]]]] = {
    "GET calls": _calls,
    "POST faults": _faults,
    "POST settings": _settings,
    "POST reset": _reset,
}


def handle(simulator: Controlled, request: Request) -> Response:
    """Answer a request of the remote control."""
    route = _ROUTES.get(f"{request.method} {request.path.removeprefix(PREFIX)}")
    if route is None or not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104
        return as_json(404, {"error": f"the remote control knows {', '.join(_ROUTES)}"})
    try:
        return as_json(200, route(simulator, json.loads(request.get_data() or b"null")))
    except (TypeError, ValueError, AttributeError) as exc:
        return as_json(400, {"error": str(exc)})
