"""One host a tenant of the configuration file, made by the second template."""

from __future__ import annotations

import json
from functools import partial

from o365skype_bridge.outputs.push import SendError, Server, Value, push
from zabbix.conftest import Zabbix
from zabbix.office import Office
from zabbix.programs import until

NAMES = ("contoso", "fabrikam", 'Müller & Söhne "Nord", [1] {#ID} it\'s')


def test_every_tenant_gets_a_host_with_values(zabbix: Zabbix) -> None:
    """The tenants of the file, whatever they are called, have hosts with figures of their own."""
    api = zabbix.api
    with Office(zabbix.office.folder.with_name("tenants")) as office:
        for number, name in enumerate(NAMES):
            office.add(name, users=10 * (number + 1), seed=number)
        macros = {"{$O365.CONFIG}": str(office.config), "{$O365.INTERVAL}": "3s"}
        api.add_host("many tenants", zabbix.use("external", "tenants"), macros)

        wanted = {f"Microsoft 365 {name}" for name in NAMES}
        until(lambda: wanted <= {host["name"] for host in api.hosts("o365-")}, "all hosts")
        made = {host["name"]: host["hostid"] for host in api.hosts("o365-")}
        key = "o365.metric[skype.users.active.max]"
        for host in made.values():
            # The template has these polled every five minutes.
            zabbix.wait_for(host, {key}, poll=True)
        figures = {name: api.values(host)[key] for name, host in made.items()}

    assert figures == {
        f"Microsoft 365 {name}": str(10 * (number + 1)) for number, name in enumerate(NAMES)
    }


def test_tenants_that_are_pushed_get_hosts_that_can_be_pushed_to(zabbix: Zabbix) -> None:
    """The list of tenants is pushed, and then each tenant's values to the host of its name."""
    api = zabbix.api
    server = Server(name="127.0.0.1", port=zabbix.server.port)
    with Office(zabbix.office.folder.with_name("pushing")) as office:
        for number, name in enumerate(("north", "south"), start=1):
            office.add(name, users=10 * number)
        listed = office.run("collect", "--output=zabbix", "--tenants-only").stdout
        clock = json.loads(listed)["now"]
        api.add_host("list of tenants", zabbix.use("trapper", "tenants"), {})
        value = Value(
            host="list of tenants", key="o365.bridge.tenants", value=listed.strip(), clock=clock
        )

        def pushed() -> bool:
            try:
                return bool(push(server, [value]))
            except SendError:  # the server does not know the host yet
                return False

        until(pushed, "the server knows the host")
        until(lambda: api.hosts("north") and api.hosts("south"), "a host for each tenant")
        words = ("collect", "--output=zabbix", f"--send={server.name}:{server.port}")
        until(lambda: office.run(*words).returncode == 0, "both hosts take values")
        key = "o365.metric[skype.users.active.max]"
        made = {name: api.hosts(name)[0]["hostid"] for name in ("north", "south")}
        for host in made.values():
            zabbix.wait_for(host, {key})

    assert {name: api.values(host)[key] for name, host in made.items()} == {
        "north": "10",
        "south": "20",
    }


SPOILT = "Microsoft 365: the configuration file "


def test_one_fault_of_the_file_is_one_problem_and_a_removed_tenant_is_none(zabbix: Zabbix) -> None:
    """The host that discovers has what concerns all; its hosts leave with their tenants."""
    api = zabbix.api
    names = ("amber", "beryl", "coral")
    with Office(zabbix.office.folder.with_name("shared")) as office:
        for name in names:
            office.add(name)
        macros = {
            "{$O365.CONFIG}": str(office.config),
            "{$O365.INTERVAL}": "3s",
            "{$O365.HOSTS.SUFFIX}": " shared",
            "{$O365.TENANT.DISABLE}": "1s",
            "{$O365.TENANT.DELETE}": "1d" if zabbix.series != "6.0" else "0",
        }
        both = (macros, macros | {"{$O365.HOSTS.SUFFIX}": " twice"})
        listing = zabbix.use("external", "tenants")
        lists = [api.add_host(f"list {number}", listing, one) for number, one in enumerate(both)]
        wanted = {f"Microsoft 365 {name} {end}" for name in names for end in ("shared", "twice")}
        until(lambda: wanted <= {one["name"] for one in api.hosts("o365-")}, "hosts of both lists")
        made = {one["name"]: one for one in api.hosts("o365-") if one["name"] in wanted}
        hosts = [one["hostid"] for one in made.values()]
        for host in hosts:
            zabbix.wait_for(host, {"o365.bridge.status"}, poll=True)

        office.spoil()
        until(lambda: api.problems(*lists), "a problem of the file")
        until(partial(_all_failed, zabbix, hosts), "all hosts have met it", pause=2)
        spoilt = api.problems(*lists, *hosts)
        office.mend()
        until(lambda: not api.problems(*lists), "the problem is over")

        gone = made["Microsoft 365 beryl shared"]["hostid"]
        office.remove("beryl")
        until(lambda: not _is_enabled(zabbix, gone), "the host of a removed tenant is disabled")
        begun = [name for host in hosts for name in api.begun(host)]

    assert {tuple(sorted(map(tuple, map(dict.values, one["tags"])))) for one in made.values()} == {
        (("tenant", name),) for name in names
    }
    assert [one[: len(SPOILT)] for one in spoilt] == [SPOILT] * 2
    assert begun == []


def _all_failed(zabbix: Zabbix, hosts: list[str]) -> bool:
    for host in hosts:
        zabbix.api.poll(host)
    return all(zabbix.api.values(host).get("o365.bridge.status") == "failed" for host in hosts)


def _is_enabled(zabbix: Zabbix, host: str) -> bool:
    """Say whether a host is there and monitored; where it may, polling it meets its removal."""
    found = zabbix.api.call("host.get", hostids=host, output=["status"])
    if found and found[0]["status"] == "0":
        zabbix.api.poll(host)
    return bool(found) and found[0]["status"] == "0"
