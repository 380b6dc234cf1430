"""Prometheus' own tool takes names and rules, and the rules say what they should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from real_prometheus import ROOT, needs_prometheus, promtool, rules

pytestmark = needs_prometheus

GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/expected.prometheus"))
COMMITTED = sorted((ROOT / "prometheus").rglob("rules/*.yml"))
NODE = 'job="node",instance="a:9100"'
OF_TENANT = f'{NODE},tenant="contoso"'
OF_REPORT = f'{OF_TENANT},report="skype-users-activity"'
MINUTES = 1440
"""How long a test goes on, with a value for each minute."""


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: str(path.parent.name))
def test_golden_text_has_nothing_to_complain_about(path: Path) -> None:
    """Names, units and helps are what Prometheus advises."""
    assert promtool("check", "metrics", text=path.read_text(encoding="utf-8")) == "0 "


def test_bad_names_would_be_found() -> None:
    """The tool does look at them."""
    said = promtool("check", "metrics", text="# TYPE o365_left_days gauge\no365_left_days 1\n")

    assert 'use base unit "seconds" instead of "days"' in said


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: str(path.parent.parent.name))
def test_committed_rules_are_taken(path: Path) -> None:
    """Expressions and templates are read as Prometheus does when it starts."""
    assert promtool("check", "rules", path).startswith("0 ")


def series(name: str, labels: str, values: str = f"1+0x{MINUTES}") -> dict[str, str]:
    """Give a series, a value a minute."""
    return {"series": f"{name}{{{labels}}}", "values": values}


def info(cause: str, labels: str = OF_REPORT, values: str = f"1+0x{MINUTES}") -> dict[str, str]:
    """Give the words about a report's health."""
    words = f'outcome="{cause}",cause="{cause}",message="Why. What to do."'
    return series("o365_bridge_info", f"{labels},{words}", values)


def bridge(name: str, values: str, labels: str = OF_REPORT) -> dict[str, str]:
    return series(f"o365_bridge_{name}", labels, values)


ALIVE = [bridge("up", f"1+0x{MINUTES}", f'{NODE},tenant="other",report="x"')]
"""Somebody whose figures are fine."""

CREDENTIAL = series(
    "o365_credentials_expiry_left_seconds", f'{OF_TENANT},credential="k"', "1728000+0x1440"
)
"""One that ends in twenty days."""

ANOTHER = OF_REPORT.replace("users-activity", "devices-usage")

CASES: dict[str, tuple[list[dict[str, str]], str, list[str]]] = {
    "fine": (
        [info("ok"), bridge("confirmed_seconds", f"60+0x{MINUTES}"), bridge("up", "1+0x1440")],
        "10h",
        [],
    ),
    "refused at first": ([info("unauthorized")], "9m", []),
    "refused": ([info("unauthorized"), info("unauthorized", ANOTHER)], "11m", ["O365LoginRefused"]),
    "refused for long": (
        [
            info("unauthorized"),
            bridge("up", "0+0x1440"),
            bridge("confirmed_seconds", "0+60x1440"),
            bridge("age_seconds", "400000+60x1440"),
        ],
        "20h",
        ["O365LoginRefused"],
    ),
    "accepted again": ([info("unauthorized", values="1+0x30 _x1400"), info("ok")], "50m", []),
    "no permission": (
        [info("forbidden"), bridge("up", "0+0x1440")],
        "20h",
        ["O365ReportRefused"],
    ),
    "throttled for an hour": (
        [info("throttled"), bridge("up", "0+0x1440"), bridge("confirmed_seconds", "0+60x1440")],
        "1h",
        [],
    ),
    "throttled for seven": (
        [info("throttled"), bridge("up", "0+0x1440"), bridge("confirmed_seconds", "0+60x1440")],
        "7h",
        ["O365NotConfirmed"],
    ),
    "causes that change": (
        [
            info("throttled", values="1 _ 1 _ 1 _ 1 _x1400"),
            info("unreachable", values="_ 1 _ 1 _ 1 _ 1x1400"),
            bridge("up", "0+0x1440"),
        ],
        "6h5m",
        ["O365NeverConfirmed"],
    ),
    "Microsoft is late": (
        [info("ok"), bridge("up", "1+0x1440"), bridge("age_seconds", "345000+60x1440")],
        "30m",
        ["O365DataLate"],
    ),
    "failed": (
        [
            series("o365_bridge_failed", NODE),
            series("o365_bridge_failed_info", f'{NODE},message="Why."'),
        ],
        "20m",
        ["O365BridgeFailed"],
    ),
    "file stopped": (
        [
            series("up", NODE),
            series(
                "node_textfile_mtime_seconds",
                f'{NODE},file="/var/lib/prometheus/node-exporter/o365skype.prom"',
                "0+0x1440",
            ),
        ],
        "20m",
        ["O365FileStopped"],
    ),
    "file gone": (
        [
            series("up", NODE),
            series("node_textfile_mtime_seconds", f'{NODE},file="o365skype.prom"', "0+60x9 _x1400"),
        ],
        "30m",
        ["O365FileStopped"],
    ),
    "file of somebody else": (
        [
            series("up", NODE),
            series("node_textfile_mtime_seconds", f'{NODE},file="/x/o365skype-prom"', "0+0x1440"),
        ],
        "20m",
        [],
    ),
    "node_exporter gone": (
        [
            series("up", NODE, "0+0x1440"),
            series("node_textfile_mtime_seconds", f'{NODE},file="o365skype.prom"', "0+0x1440"),
        ],
        "20m",
        [],
    ),
    "secret ends in 20 days": ([CREDENTIAL], "20m", ["O365CredentialsLeft"]),
    "secret ends in 200 days": ([{**CREDENTIAL, "values": "17280000+0x1440"}], "20m", []),
    "service degraded": (
        [series("o365_health_services_code", f'{OF_TENANT},service="Teams"', "6+0x1440")],
        "20m",
        ["O365HealthServicesCode"],
    ),
    "service fine": (
        [series("o365_health_services_code", f'{OF_TENANT},service="Teams"', "0+0x1440")],
        "20m",
        [],
    ),
}
"""What comes in, when it is looked at, and which alerts there are then."""

NAMES = sorted({name for _, _, names in CASES.values() for name in names} | {"O365NothingArrives"})


def judged(folder: Path, given: list[dict[str, str]], when: str, expected: dict[str, Any]) -> str:
    """Have promtool test the rules of every family; give its complaint."""
    (folder / "rules.yml").write_text(rules(), encoding="utf-8")
    test = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": given,
                "alert_rule_test": [
                    {"eval_time": when, "alertname": name, "exp_alerts": expected.get(name, [])}
                    for name in NAMES
                ],
            }
        ],
    }
    (folder / "test.yml").write_text(json.dumps(test), encoding="utf-8")
    return promtool("test", "rules", folder / "test.yml")


def firing(complaint: str) -> list[str]:
    """Give the alerts that promtool got where it was told to expect none."""
    found = [line.partition("alertname:")[2] for line in complaint.splitlines()]
    named = [line.strip().partition(",")[0] for line in found if line]
    parts = complaint.split("alertname: ")[1:]
    return [name for name, part in zip(named, parts, strict=True) if "Labels:{" in part]


@pytest.mark.parametrize("name", CASES)
def test_alerts_are_those_of_the_case(tmp_path: Path, name: str) -> None:
    """One for one fault, at the time when somebody should know."""
    given, when, expected = CASES[name]

    assert firing(judged(tmp_path, [*ALIVE, *given], when, {})) == expected


def test_nothing_from_any_host_is_an_alert(tmp_path: Path) -> None:
    """It cannot say which host."""
    assert firing(judged(tmp_path, [], "20m", {})) == ["O365NothingArrives"]


def test_alert_says_who_what_and_what_to_do(tmp_path: Path) -> None:
    """Labels do not change while it lasts; the words are those of the newest answer."""
    expected = {
        "O365LoginRefused": [
            {
                "exp_labels": {
                    "job": "node",
                    "instance": "a:9100",
                    "tenant": "contoso",
                    "severity": "critical",
                },
                "exp_annotations": {
                    "summary": "Microsoft 365 refuses the login for contoso",
                    "description": "Why. What to do.",
                },
            }
        ]
    }

    assert judged(tmp_path, [*ALIVE, info("unauthorized")], "20m", expected).endswith("SUCCESS\n\n")


def test_limit_that_is_declared_says_what_is_said_in_words(tmp_path: Path) -> None:
    """Beside the number, which nobody knows by heart."""
    code = series("o365_health_services_code", f'{OF_TENANT},service="Teams"', "7+0x1440")
    words = f'{OF_TENANT},service="Teams",status="serviceInterruption",issues="TM1 Calls"'
    expected = {
        "O365HealthServicesCode": [
            {
                "exp_labels": {
                    "job": "node",
                    "instance": "a:9100",
                    "tenant": "contoso",
                    "service": "Teams",
                    "severity": "critical",
                },
                "exp_annotations": {
                    "summary": "contoso Teams: Status code is 7",
                    "description": "serviceInterruption TM1 Calls",
                },
            }
        ]
    }
    given = [*ALIVE, code, series("o365_health_services_info", words)]

    assert judged(tmp_path, given, "20m", expected).endswith("SUCCESS\n\n")
