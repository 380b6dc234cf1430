"""Triggers that fire while Graph is well: about the data, the figures, and the check itself."""

from __future__ import annotations

from functools import partial

import pytest
from catalogue import CATALOGUE

from zabbix.conftest import Zabbix
from zabbix.office import SECRET
from zabbix.programs import until

TITLES = [report.title for report in CATALOGUE]

ODDITIES = {
    "concealed": ("concealed",),
    "old": ("refresh-5-days-old",),
    "very-old": ("refresh-9-days-old",),
}

MACROS = {
    "few": {"{$O365.SKYPE.USERS.ACTIVE.MIN}": "1000"},
    "many": {"{$O365.SKYPE.DEVICES.ACTIVE.MAX}": "1"},
    "nobody": {"{$O365.TENANT}": "somebody else"},
    "silent": {"{$O365.CONFIG}": "{$O365.NOWHERE}"},
    "rarely": {"{$O365.INTERVAL}": "1h", "{$O365.NODATA}": "15s"},
}

PROBLEMS = {
    "well": set[str](),
    "concealed": {f"{title}: User names are concealed" for title in TITLES},
    "old": {f"{title}: Data are older than 4d" for title in TITLES},
    "very-old": {f"{title}: Data are older than 6d" for title in TITLES},
    "few": {"Skype for Business users activity: Active users below 1000"},
    "many": {"Skype for Business devices usage: Active devices above 1"},
    "nobody": {"Microsoft 365: The check cannot work"},
    "silent": {"Microsoft 365: The check cannot work"},
    "rarely": {"Microsoft 365: Nothing collected for 15s"},
}


@pytest.fixture(scope="module")
def hosts(zabbix: Zabbix) -> dict[str, str]:
    """Have a host for each condition, all at once."""
    for name in PROBLEMS:
        zabbix.office.add(name, oddities=frozenset(ODDITIES.get(name, ())))
    return {name: zabbix.add_host(name, MACROS.get(name)) for name in PROBLEMS}


@pytest.mark.parametrize("name", sorted(PROBLEMS, key=lambda name: name == "well"))
def test_condition_has_its_problems_and_no_others(
    zabbix: Zabbix, hosts: dict[str, str], name: str
) -> None:
    """What is wrong is said by its trigger alone; what is worse hides what is less."""

    def settled() -> bool:
        return zabbix.api.problems(hosts[name]) == PROBLEMS[name]

    if name == "well":  # judged last, after it has had time to complain, and once it has values
        zabbix.wait_for(hosts[name], {f"o365.report.age[{report.name}]" for report in CATALOGUE})
    until(settled, f"{PROBLEMS[name]}", note=partial(zabbix.api.problems, hosts[name]))

    assert zabbix.api.problems(hosts[name]) == PROBLEMS[name]


def test_secret_is_in_no_log(zabbix: Zabbix, hosts: dict[str, str]) -> None:
    """Whatever the server has logged of its checks, the client secret is not in it."""
    log = zabbix.server.log.read_text(errors="replace")

    assert (bool(hosts), bool(log), SECRET in log) == (True, True, False)
