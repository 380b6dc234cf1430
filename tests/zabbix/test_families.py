"""Families beside the template of the bridge: service health, and the end of credentials."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from o365skype_bridge.reports import catalogue
from zabbix.conftest import Zabbix
from zabbix.office import Office
from zabbix.programs import until

ENDS = datetime.now(UTC).date() + timedelta(days=5)
ROLES = frozenset(report.permission for report in catalogue())


@pytest.fixture(scope="module")
def host(zabbix: Zabbix) -> Iterator[str]:
    """Give the host of a tenant with a degraded service and a secret that is about to end."""
    settings = f'secret_expires = "{ENDS}"\n'
    with Office(zabbix.office.folder.with_name("families"), settings) as office:
        tenant = office.add("families", roles=ROLES)
        found = zabbix.add_host(tenant, {}, office, ("health", "credentials"))
        begin = {"Service", "Credential"}
        until(
            lambda: begin <= {one.partition(" ")[0] for one in zabbix.api.problems(found)},
            "both problems",
        )
        yield found


def test_service_in_trouble_is_a_problem_with_its_issue(zabbix: Zabbix, host: str) -> None:
    """The problem's name has status, id and title; the link leads to where there is more."""
    [said] = [one for one in zabbix.api.said(host) if one["name"].startswith("Service ")]
    issues = zabbix.api.values(host)
    [named] = [
        value
        for key, value in issues.items()
        if key.endswith(",health.services.issues]") and value != "none"
    ]

    assert said["name"] == f"Service Exchange Online: serviceDegradation, {named}"
    assert (said["tags"]["tenant"], said["tags"]["service"], said["url"]) == (
        "families",
        "Exchange Online",
        "https://admin.microsoft.com/#/servicehealth",
    )


def test_secret_that_ends_soon_is_a_problem_with_its_day(zabbix: Zabbix, host: str) -> None:
    """Below seven days the worse of the two limits alone."""
    names = [one for one in zabbix.api.problems(host) if one.startswith("Credential ")]

    assert names == [
        f"Credential configured: Time left is below 7d: {ENDS}, secret, secret",
    ]


def test_families_leave_nothing_unsupported(zabbix: Zabbix, host: str) -> None:
    """Items and rules of three templates stand side by side on one host."""
    assert zabbix.api.unsupported(host) == {}
