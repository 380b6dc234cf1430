"""Checks that a proxy runs, and what becomes of them when one of a group is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from zabbix.conftest import Zabbix
from zabbix.programs import until
from zabbix.proxy import Proxy
from zabbix.templates import expected, held
from zabbix.test_polling import figures

KEY = "o365.metric[skype.users.active.max]"
POLLED = "o365.bridge.age"
"""An item that stores a value of every poll; a figure that stays as it is stores one an hour."""
USERS = 30
FAILOVER = "10s"
"""After which a silent proxy counts as gone; the shortest that Zabbix has."""


@contextmanager
def running(zabbix: Zabbix, folder: Path, *names: str) -> Iterator[list[Proxy]]:
    """Give proxies of these names that run."""
    with ExitStack() as stack:
        made = []
        for name in names:
            proxy = Proxy(zabbix.server.programs, folder / name, name, zabbix.server.port)
            stack.callback(proxy.stop)
            made.append(proxy)
        yield made


def count(zabbix: Zabbix, host: str) -> int:
    """Give how many polls have left their value."""
    return len(zabbix.api.history(host, POLLED))


@pytest.fixture
def place(folder: Path, zabbix: Zabbix) -> Path:
    """Give the folder of the proxies of a series."""
    return folder / f"proxies-{zabbix.series}"


def test_proxy_runs_the_check(zabbix: Zabbix, place: Path) -> None:
    """A host that a proxy monitors has the values of the document, and discovered ones too."""
    api, name = zabbix.api, zabbix.office.add("proxied", users=USERS)
    with running(zabbix, place, "proxy") as [proxy]:
        by, host = api.add_proxy(proxy.name), zabbix.add_host(name)
        api.monitor(host, by)  # before the server, which looks once a second, knows of the host
        document = json.loads(
            zabbix.office.run("collect", "--output=zabbix", f"--tenant={name}").stdout
        )
        zabbix.wait_for(host, figures(document))
        values = held(api.values(host))
        wanted = expected(api.items(host), document)

        assert values == wanted | {key: "" for key in values if key not in wanted}
        assert api.unsupported(host) == {}


@pytest.mark.parametrize("zabbix", ["7.0"], indirect=True)
def test_group_goes_on_without_one_of_its_proxies(zabbix: Zabbix, place: Path) -> None:
    """When the proxy that runs a host's check is killed, another one of its group goes on."""
    api, name = zabbix.api, zabbix.office.add("grouped", users=USERS)
    with running(zabbix, place, "first", "second") as proxies:
        group = api.call(
            "proxygroup.create", name="group", failover_delay=FAILOVER, min_online="1"
        )["proxy_groupids"][0]
        ids = {
            api.add_proxy(
                proxy.name,
                proxy_groupid=group,
                local_address="127.0.0.1",
                local_port=str(proxy.port),
            ): proxy
            for proxy in proxies
        }
        host = zabbix.add_host(name)
        api.call("host.update", hostid=host, monitored_by=2, proxy_groupid=group)

        def runs() -> Any:
            [found] = api.call("host.get", hostids=host, output=["assigned_proxyid"])
            return found["assigned_proxyid"]

        until(lambda: runs() in ids, "a proxy of the group has the host")
        zabbix.wait_for(host, {KEY, POLLED})
        gone = runs()
        ids[gone].kill()
        until(lambda: runs() not in (gone, "0"), "another proxy has the host")
        before = count(zabbix, host)
        until(lambda: count(zabbix, host) > before + 1, "values that the other collects")

        assert api.values(host)[KEY] == str(USERS)
        assert api.unsupported(host) == {}
