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
    "unnamed": {"{$O365.TENANT}": ""},
    "silent": {"{$O365.CONFIG}": "{$O365.NOWHERE}"},
    "rarely": {"{$O365.INTERVAL}": "1h", "{$O365.NODATA}": "15s"},
}

FAILURES = {
    "nobody": "there is no tenant 'somebody else' in the configuration. Write its name as in "
    "[tenants.NAME] of the configuration file.",
    "unnamed": "no tenant is named, and the configuration has {}. Name one with --tenant; on a "
    "host in Zabbix by the macro {{$O365.TENANT}}.",
    "silent": "the macro {{$O365.NOWHERE}} is not defined. Define it on the host or its template.",
}
"""What the check says that cannot work; ``{}`` stands for the number of tenants."""

PROBLEMS = {
    "well": list[str](),
    "concealed": [f"{title}: User names are concealed" for title in TITLES],
    "old": [f"{title}: Data are older than 4d" for title in TITLES],
    "very-old": [f"{title}: Data are older than 6d" for title in TITLES],
    "few": ["Skype: Active users below 1000"],
    "many": ["Skype: Active devices above 1"],
    **{name: [f"Microsoft 365: {said}"] for name, said in FAILURES.items()},
    "rarely": ["Microsoft 365: Nothing collected for 15s"],
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
    wanted = sorted(one.format(zabbix.office.size) for one in PROBLEMS[name])

    def settled() -> bool:
        return zabbix.api.problems(hosts[name]) == wanted

    if name == "well":  # judged last, after it has had time to complain, and once it has values
        zabbix.wait_for(hosts[name], {f"o365.report.age[{report.name}]" for report in CATALOGUE})
    until(settled, f"{wanted}", note=partial(zabbix.api.problems, hosts[name]))

    assert zabbix.api.problems(hosts[name]) == wanted


@pytest.mark.parametrize("name", FAILURES)
def test_nothing_is_unsupported_where_the_check_cannot_work(
    zabbix: Zabbix, hosts: dict[str, str], name: str
) -> None:
    """The status says that it failed; items of figures keep what they have."""
    until(lambda: zabbix.api.problems(hosts[name]), f"the problem of {name}")

    assert zabbix.api.unsupported(hosts[name]) == {}


def test_problem_has_tags_and_a_link(zabbix: Zabbix, hosts: dict[str, str]) -> None:
    """Whose it is, of which report, and where to go, to who routes alarms or reads one."""
    until(lambda: zabbix.api.problems(hosts["concealed"]), "the problems of concealed names")
    said = zabbix.api.said(hosts["concealed"])

    assert sorted(
        (one["tags"]["tenant"], one["tags"]["report"], one["tags"]["scope"], one["url"])
        for one in said
    ) == [
        (
            "concealed",
            title,
            "notice",
            "https://admin.microsoft.com/#/Settings/Services/:/Settings/L1/Reports",
        )
        for title in TITLES
    ]


def test_secret_is_in_no_log(zabbix: Zabbix, hosts: dict[str, str]) -> None:
    """Whatever the server has logged of its checks, the client secret is not in it."""
    log = zabbix.server.log.read_text(errors="replace")

    assert (bool(hosts), bool(log), SECRET in log) == (True, True, False)
