"""The right time for an alarm: neither the first value nor a changing cause decides, but time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle, islice

from catalogue import CATALOGUE
from readers import making

from o365skype_bridge.outputs.push import DOCUMENT, SendError, Server, Value, push
from zabbix.conftest import Zabbix
from zabbix.programs import until

CHANGING = ("unreachable", "malformed", "pending", "throttled")
SAID = "what happened. What to do."
PATIENCE = 8
"""Seconds; that of the impatient hosts."""


def push_document(zabbix: Zabbix, host: str, kind: str, unconfirmed: float) -> None:
    """Push what a poll gives now while reports have an outcome, ``unconfirmed`` for so long."""
    now = time.time()
    results = [
        making.failed(report, kind, failing_since=making.NOW - unconfirmed)
        if kind != "ok"
        else making.result(report, confirmed_at=making.NOW)
        for report in CATALOGUE
    ]
    text = making.render("zabbix", *results).text.strip()
    server = Server(name="127.0.0.1", port=zabbix.server.port)
    push(server, [Value(host=host, key=DOCUMENT, value=text, clock=int(now))])


def add_host(zabbix: Zabbix, name: str, **macros: str) -> str:
    """Give a host that is pushed to, once the server knows it and it is well."""
    named = {f"{{$O365.{key}}}": value for key, value in macros.items()}
    host = zabbix.api.add_host(name, zabbix.use("trapper"), named)

    def is_known() -> bool:
        try:
            push_document(zabbix, name, "ok", 0)
        except SendError:
            return False
        wanted = {f"o365.report.unconfirmed[{report.name}]" for report in CATALOGUE}
        return wanted <= zabbix.api.values(host).keys()

    until(is_known, f"{name} is well", pause=2)
    time.sleep(1)  # of two values with the same second the server keeps the first
    return host


def value_of(zabbix: Zabbix, host: str) -> str | None:
    """Give the code of the trouble that a host has."""
    return zabbix.api.values(host).get("o365.bridge.trouble")


def changing(times: int) -> Iterator[str]:
    """Give outcomes of which no two in a row are alike."""
    return islice(cycle(CHANGING), times)


def test_two_values_six_seconds_apart_are_no_problem(zabbix: Zabbix) -> None:
    """What passes by itself has six hours to do so."""
    host = add_host(zabbix, "patient")
    for seconds in (0, 6):
        push_document(zabbix, "patient", "unreachable", seconds)
        time.sleep(6 - seconds)
    until(lambda: value_of(zabbix, host) == "8", "the value is there")

    assert zabbix.api.begun(host) == []


def test_one_refusal_is_no_problem_and_two_in_a_row_are_one(zabbix: Zabbix) -> None:
    """An answer may be wrong once; who has to act has to know within two polls."""
    host = add_host(zabbix, "refusing")
    push_document(zabbix, "refusing", "unauthorized", 1)
    until(lambda: value_of(zabbix, host) == "7", "the value is there")
    time.sleep(2)
    once = zabbix.api.begun(host)
    push_document(zabbix, "refusing", "unauthorized", 2)
    until(lambda: zabbix.api.begun(host), "the problem")

    assert (once, zabbix.api.begun(host)) == ([], [f"Microsoft 365: {SAID}"])


def test_changing_causes_are_one_problem_after_the_patience(zabbix: Zabbix) -> None:
    """However often they change: Graph has not confirmed the data for so long."""
    host = add_host(zabbix, "impatient", PATIENCE=f"{PATIENCE}s")
    before = []
    for number, kind in enumerate(changing(12)):
        push_document(zabbix, "impatient", kind, number * 2)
        time.sleep(2)
        if number * 2 < PATIENCE:
            before += zabbix.api.begun(host)
    begun = zabbix.api.begun(host)

    assert before == []
    assert begun == [f"Microsoft 365: Graph has not confirmed the data for {PATIENCE}s: {SAID}"]
