"""Configuration of some reports: the command that is run asks for the same ones."""

from __future__ import annotations

import json
import re

import pytest
from committed import made
from readers import yaml, zabbix

NO_GROUP = "\n  |> filter(fn: (r) => not exists r.group)"


@pytest.mark.parametrize(
    ("target", "mode", "file", "words"),
    [
        ("telegraf", "exec", "o365skype.conf", '"--report", "teams"'),
        ("telegraf", "execd", "o365skype.conf", '"--report", "teams"'),
        (
            "zabbix",
            "external",
            "microsoft365_usage_external.yaml",
            '"--report=teams,skype-users-activity"',
        ),
        (
            "zabbix",
            "agent",
            "microsoft365_usage_agent.yaml",
            '"{$O365.USERS.MAX}","teams,skype-users-activity"]',
        ),
        (
            "zabbix",
            "trapper",
            "microsoft365_usage_trapper.yaml",
            "--report teams,skype-users-activity",
        ),
    ],
)
def test_command_that_is_made_asks_for_what_was_named(
    target: str, mode: str, file: str, words: str
) -> None:
    """Configuration and command are about the same reports."""
    line = f"{target} --mode {mode} --report teams,skype-users-activity"

    assert words in made(line)[file]


@pytest.mark.parametrize(
    ("target", "mode", "file", "words"),
    [
        ("telegraf", "exec", "o365skype.conf", '"--period", "D7", "--period", "D30"'),
        ("telegraf", "execd", "o365skype.conf", '"--period", "D7", "--period", "D30"'),
        ("zabbix", "external", "microsoft365_usage_external.yaml", '"--period=D7,D30"]'),
        ("zabbix", "agent", "microsoft365_usage_agent.yaml", '"{$O365.USERS.MAX}","","D7,D30"]'),
        ("zabbix", "agent", "microsoft365.conf", ' --period="$6"'),
        ("zabbix", "trapper", "microsoft365_usage_trapper.yaml", "--period D7,D30"),
        (
            "zabbix",
            "external",
            "microsoft365_teams_external.yaml",
            ",teams-devices-distribution-d30,",
        ),
    ],
)
def test_command_that_is_made_asks_for_the_periods(
    target: str, mode: str, file: str, words: str
) -> None:
    """Else the items of one would never have a value."""
    assert words in made(f"{target} --mode {mode} --period D7,D30")[file]


@pytest.mark.parametrize(
    ("target", "file", "words"),
    [
        ("centreon", "o365skype.clapi", "check skype-users-activity-d30 --tenant-id="),
        ("nagios", "o365skype.cfg", "check_o365skype!skype-users-activity-d30"),
        ("icinga2", "o365skype.conf", 'report = "skype-users-activity-d30"'),
    ],
)
def test_service_is_of_one_report_over_one_period(target: str, file: str, words: str) -> None:
    """By the report's name; also where Centreon's connector has the usual one."""
    text = made(f"{target} --report skype-users-activity --period D7,D30")[file]

    assert words in text


def test_zabbix_keeps_keys_and_ids_beside_those_of_another_period() -> None:
    """Whoever adds one loses no history: what was there is there as it was."""
    file = "microsoft365_usage_external.yaml"
    usual, both = made("zabbix"), made("zabbix --period D7,D30")
    ids = [set(re.findall(r"uuid: '(\w{32})'", text[file])) for text in (usual, both)]
    keys = [set(re.findall(r"key: '(o365\.\S+)'", text[file])) for text in (usual, both)]

    assert ids[0] < ids[1]
    assert keys[0] < keys[1]
    assert "o365.metric[skype.users.active.count,D30]" in keys[1]
    assert "o365.user[{#ID},skype.users.sessions.p2p.count,D30]" in keys[1]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("grafana", """"group" = '' AND "period" = ''"""),
        ("grafana --period D30", """"group" = '' AND "period" = 'D30'"""),
        ("grafana --source flux", NO_GROUP + "\n  |> filter(fn: (r) => not exists r.period)"),
        (
            "grafana --source flux --period D30",
            NO_GROUP + '\n  |> filter(fn: (r) => r.period == "D30")',
        ),
        ("grafana --source sql --groups", """"group" IS NULL AND "period" IS NULL"""),
        ("grafana --source sql --period D30", """"period" = 'D30'"""),
        (
            "grafana --source sql --groups --period D30",
            """"period" = 'D30' AND "group" IS NULL""",
        ),
    ],
)
def test_grafana_looks_at_one_period_and_at_no_group(line: str, told: str) -> None:
    """What has the same field is not counted twice."""
    files = {name: json.loads(text) for name, text in made(line).items()}
    queries = [
        target.get("query") or target["rawSql"]
        for name in ("o365skype-skype.json", "o365skype-teams.json")
        for panel in files[name]["panels"]
        for target in panel.get("targets", ())
    ]
    figures = [query for query in queries if '"o365_bridge"' not in query]

    assert figures
    assert [query for query in figures if told not in query] == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("prometheus", 'group="", period=""'),
        ("prometheus --period D30", 'group="", period="D30"'),
    ],
)
def test_prometheus_dashboard_looks_at_one_period_and_at_no_group(line: str, told: str) -> None:
    """In all that is asked but what is of the bridge itself."""
    [file] = [text for name, text in made(line).items() if name.endswith("-prometheus.json")]
    queries = [
        target["expr"]
        for panel in json.loads(file)["panels"]
        for target in panel.get("targets", ())
        if "o365_bridge" not in target["expr"]
    ]

    assert queries
    assert [query for query in queries if told not in query] == []


@pytest.mark.parametrize("mode", ["external", "agent", "trapper"])
@pytest.mark.parametrize("version", ["6.0", "7.0", "7.4"])
def test_zabbix_has_items_for_groups_when_asked(version: str, mode: str) -> None:
    """Beside all that is there without, each with a name of its own; Zabbix takes the file."""
    line = f"zabbix --zabbix-version {version} --mode {mode} --period D7,D30"
    file = f"microsoft365_usage_{mode}.yaml"
    plain, grouped = made(line)[file], made(f"{line} --groups")[file]
    usage = yaml.read(grouped)["zabbix_export"]["templates"][0]
    [rule] = [one for one in usage["discovery_rules"] if one["key"] == "o365.groups.discovery"]
    keys = [item["key"] for item in rule["item_prototypes"]]
    names = [item["name"] for item in rule["item_prototypes"]]

    assert "o365.group" not in plain
    assert set(re.findall(r"uuid: '\w{32}'", plain)) < set(re.findall(r"uuid: '\w{32}'", grouped))
    assert zabbix.problems(grouped) == []
    assert "o365.group[{#ID},skype.users.active.max]" in keys
    assert "o365.group[{#ID},skype.devices.windows.count,D30]" in keys
    assert len(names) == len(set(names))
