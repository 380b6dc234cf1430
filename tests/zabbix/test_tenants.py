"""One host a tenant of the configuration file, made by the second template."""

from __future__ import annotations

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

        def hosts() -> dict[str, str]:
            return {host["name"]: host["hostid"] for host in api.hosts("o365-")}

        wanted = {f"Microsoft 365 {name}" for name in NAMES}
        until(lambda: wanted <= hosts().keys(), "a host for each tenant")
        key = "o365.metric[skype.users.active.max]"
        made = hosts()
        until(
            lambda: all(key in api.values(host) for host in made.values()), "figures of each tenant"
        )
        figures = {name: api.values(host)[key] for name, host in made.items()}

    assert figures == {
        f"Microsoft 365 {name}": str(10 * (number + 1)) for number, name in enumerate(NAMES)
    }
