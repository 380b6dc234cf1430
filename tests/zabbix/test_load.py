"""What many tenants cost a server, on either database; `make load` measures fifty."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from zabbix.api import Api
from zabbix.conftest import Zabbix
from zabbix.database import Database
from zabbix.mariadb import MariaDB
from zabbix.office import COMMAND, Office
from zabbix.programs import Programs, until
from zabbix.server import Server

TENANTS = int(os.environ.get("TENANTS", "3"))
DATABASES = os.environ.get("DATABASES", "mysql").split(",")
INTERVAL = 30
"""Seconds between the polls of a tenant; a tenth of what the template has."""

SECONDS = int(os.environ.get("SECONDS_MEASURED", "5"))
KEY = "o365.metric[skype.users.active.max]"

COSTS = {
    "Values per second": "zabbix[wcache,values]",
    "Queue over 5 s": "zabbix[queue,5s]",
    "Pollers busy, %": "zabbix[process,poller,avg,busy]",
    "Preprocessing busy, %": "zabbix[process,preprocessing worker,avg,busy]",
    "Discovery busy, %": "zabbix[process,lld worker,avg,busy]",
    "History syncers busy, %": "zabbix[process,history syncer,avg,busy]",
    "Configuration cache used, %": "zabbix[rcache,buffer,pused]",
    "History cache used, %": "zabbix[wcache,history,pused]",
}


@pytest.fixture(params=DATABASES)
def loaded(
    request: pytest.FixtureRequest, folder: Path, database: Database
) -> Iterator[tuple[Zabbix, Office]]:
    """Give a server of 7.0 on a database of its own, and its tenants."""
    programs, place = Programs("7.0"), folder / f"load-{request.param}"
    if programs.missing:
        pytest.skip(f"Zabbix 7.0 is not installed: no {programs.missing}")
    with ExitStack() as stack:
        own: Database | MariaDB = database
        if request.param == "mysql":
            own = MariaDB(folder / "mariadb")
            stack.callback(own.stop)
        server = Server(programs, own, place, "load")
        stack.callback(server.stop)
        (server.scripts / COMMAND.name).symlink_to(COMMAND)
        office = stack.enter_context(Office(place / "office"))
        yield Zabbix("7.0", server, Api(server.url, "7.0"), office), office


def test_many_tenants_are_polled(loaded: tuple[Zabbix, Office]) -> None:
    """All tenants of the file have hosts with the right figures, and nothing queues up."""
    zabbix, office = loaded
    api = zabbix.api
    for number in range(TENANTS):
        office.add(f"tenant {number:02}", users=10 + number, seed=number)
    office.run("refresh", "--all")
    empty = zabbix.server.size
    zabbix.use("external")
    macros = {"{$O365.CONFIG}": str(office.config), "{$O365.INTERVAL}": f"{INTERVAL}s"}
    api.add_host("many tenants", zabbix.use("external", "tenants"), macros)
    itself = watched(zabbix)
    until(lambda: len(api.hosts("o365-")) == TENANTS, "all hosts", pause=2)
    made = {host["name"]: host["hostid"] for host in api.hosts("o365-")}
    for host in made.values():
        zabbix.wait_for(host, {KEY}, poll=True)
    figures = {name: api.values(host)[KEY] for name, host in made.items()}
    began = time.time()
    time.sleep(SECONDS)
    costs = measured(zabbix, itself, began)
    costs["Database, MiB more"] = (zabbix.server.size - empty) / 2**20
    costs["Items"] = sum(len(api.items(host)) for host in made.values())
    report(zabbix, costs)

    assert figures == {
        f"Microsoft 365 tenant {number:02}": str(10 + number) for number in range(TENANTS)
    }
    assert costs["Queue over 5 s"] <= TENANTS / 2


def watched(zabbix: Zabbix) -> str:
    """Add a host with what the server knows of itself; give its id."""
    host: str = zabbix.api.call("host.create", host="itself", groups=[{"groupid": "4"}])["hostids"][
        0
    ]
    for name, key in COSTS.items():
        change = [{"type": 10, "params": "", "error_handler": 0, "error_handler_params": ""}]
        zabbix.api.call(
            "item.create",
            hostid=host,
            name=name,
            key_=key,
            type=5,
            value_type=0,
            delay=f"{max(SECONDS // 12, 1)}s",
            preprocessing=change if key == "zabbix[wcache,values]" else [],
        )
    return host


def measured(zabbix: Zabbix, itself: str, began: float) -> dict[str, float]:
    """Give the means of what the server said of itself since a time."""

    def values(name: str) -> list[float]:
        history = zabbix.api.history(itself, COSTS[name])
        return [float(value) for clock, value in history if clock > began]

    until(lambda: all(values(name) for name in COSTS), "what the server knows of itself")
    return {name: sum(values(name)) / len(values(name)) for name in COSTS}


def report(zabbix: Zabbix, costs: Mapping[str, float]) -> None:
    """Print what it costs, as a table."""
    kind = Path(zabbix.server.folder).name.removeprefix("load-")
    print(f"\n{kind}, {TENANTS} tenants polled every {INTERVAL} s, {SECONDS} s measured")  # noqa: T201
    for name, value in costs.items():
        print(f"| {name} | {value:.1f} |")  # noqa: T201
