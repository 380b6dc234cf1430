"""The remote control of a simulator in another process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request
from wire import ACTIVITY, DEVICES, NEWEST, TODAY, Wire, running

from o365skype_bridge.simulator.app import Simulator


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with running(tmp_path_factory.mktemp("ca")) as wire:
        wire.bearer()
        yield wire


@pytest.fixture
def wire(shared: Wire) -> Wire:
    return shared.begin()


def post(wire: Wire, name: str, content: Any) -> requests.Response:
    """Send an order."""
    url = f"{wire.running.graph_endpoint}/simulator/{name}"
    return wire.session.post(url, json=content, timeout=30)


def test_calls_are_counted(wire: Wire) -> None:
    """The counts say what arrived by kind, function, tenant and status, and not themselves."""
    wire.discovery()
    wire.fetch()
    wire.fetch()
    wire.ask(ACTIVITY, "period='D8'")

    counts = wire.get(f"{wire.running.graph_endpoint}/simulator/calls").json()

    assert counts == {
        "total": 6,
        "leaks": 0,
        "kind": {"discovery": 1, "report": 3, "download": 2},
        "function": {DEVICES: 4, ACTIVITY: 1},
        "tenant": {wire.tenant: 6},
        "status": {"200": 3, "302": 2, "400": 1},
    }


def test_faults_are_replaced(wire: Wire) -> None:
    """Faults by name and written out strike from now on; none ends them."""
    faults = ["429:1", {"kind": "status", "match": "date=", "status": 418}]

    assert post(wire, "faults", faults).json() == {"faults": 2}
    assert [wire.ask().status_code for _ in range(2)] == [429, 302]
    assert wire.ask(arguments=f"date={NEWEST}").status_code == 418
    assert post(wire, "faults", []).json() == {"faults": 0}
    assert wire.ask(arguments=f"date={NEWEST}").status_code == 302


def test_settings_are_changed(wire: Wire) -> None:
    """Settings take effect at the next request."""
    settings = {"users": 3, "today": "2026-12-24", "lag": 4, "oddities": ["bom-absent", "crlf"]}

    assert post(wire, "settings", settings).json() == {
        "settings": ["lag", "oddities", "today", "users"]
    }
    body = wire.body()

    assert body.startswith(b"Report Refresh Date,")
    assert body.count(b"\r\n2026-12-20,") == 3


def test_reset_goes_back_to_the_beginning(wire: Wire) -> None:
    """After a reset there are no calls, no faults and the first settings; tokens stay good."""
    plain = wire.body()
    post(wire, "settings", {"users": 3})
    post(wire, "faults", ["503"])
    wire.ask()

    assert post(wire, "reset", None).json() == {"reset": True}
    assert wire.simulator.calls == []
    assert wire.body() == plain


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("faults", ["nonsense"], "no fault is named 'nonsense'; choose from "),
        ("faults", 3, "'int' object is not iterable"),
        ("settings", {"colour": "red"}, "the simulator cannot change colour"),
        ("settings", {"oddities": ["odder"]}, "no oddity is named odder; choose from "),
        ("settings", {"users": "many"}, "invalid literal for int() with base 10: 'many'"),
        ("settings", {"download_origin": "third"}, "download_origin is 'same' or 'second'"),
        ("settings", None, ""),
    ],
)
def test_order_that_is_not_understood(wire: Wire, name: str, content: Any, message: str) -> None:
    """A wrong order is answered 400 with the reason and changes nothing."""
    response = post(wire, name, content)

    assert response.status_code == 400
    assert response.json()["error"].startswith(message)
    assert wire.ask().status_code == 302


def test_unknown_order_is_not_found(wire: Wire) -> None:
    """There is nothing else to order."""
    assert post(wire, "calls", None).status_code == 404
    assert wire.get(f"{wire.running.graph_endpoint}/simulator/faults").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.1", 404)]
)
def test_only_this_machine_has_control(address: str, status: int) -> None:
    """Orders from another machine are not heard."""
    environ = EnvironBuilder(path="/simulator/calls").get_environ()

    response = Simulator(today=TODAY).handle(Request({**environ, "REMOTE_ADDR": address}))

    assert response.status_code == status
