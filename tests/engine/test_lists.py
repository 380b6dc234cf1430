"""Service health and credentials, from the simulated Graph to what each output prints."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import Lab, MakeLab
from readers import line_protocol

ASKED = ("--report", "health,credentials")
REPORTS = ["health-services", "health-issues", "credentials-expiry"]
ROLES = ["Reports.Read.All", "ServiceHealth.Read.All", "Application.Read.All"]
OUTPUTS = ["influx", "zabbix", "json", "centreon"]


@pytest.fixture
def granted(make_lab: MakeLab) -> Lab:
    """Give a tenant whose application has every permission."""
    return make_lab(users=20, roles=ROLES, secret_days=200)


def results(lab: Lab, *words: str, **env: str) -> dict[str, dict[str, Any]]:
    """Collect as JSON, and give the results by report."""
    done = lab.run("collect", "--output", "json", *words, **env)
    return {result["report"]: result for result in json.loads(done.stdout)["results"]}


def test_json_has_labels_that_were_found(granted: Lab) -> None:
    """Every sample says which service, issue or credential it is of."""
    found = results(granted, *ASKED)
    labels = {name: {tuple(one["labels"]) for one in found[name]["samples"]} for name in REPORTS}

    assert {name: result["outcome"] for name, result in found.items()} == dict.fromkeys(
        REPORTS, "ok"
    )
    assert list(labels.values()) == [{("service",)}, {("issue",)}, {("credential",)}]
    assert len({one["labels"]["service"] for one in found["health-services"]["samples"]}) == 15


def test_influx_has_a_line_for_each(granted: Lab) -> None:
    """With texts and numbers as fields of one point."""
    text = granted.run("collect", "--output", "influx", *ASKED).stdout
    points = [point for point in line_protocol.read(text) if point.measurement != "o365_bridge"]
    fields = {point.measurement: set(point.fields) for point in points}

    assert fields == {
        "o365_health_services": {"status", "code", "incidents", "advisories", "issues", "info"},
        "o365_health_issues": {"title", "service", "classification", "started", "link", "info"},
        "o365_credentials_expiry": {"left", "ends", "name", "kind", "info"},
    }
    assert [point.measurement for point in points].count("o365_health_services") == 15


def test_zabbix_discovers_each(granted: Lab) -> None:
    """So there are items for whatever the tenant has."""
    content = json.loads(granted.run("collect", "--output", "zabbix", *ASKED).stdout)
    found = {name: len(rows) for name, rows in content["discovery"].items()}

    assert (content["status"], found["services"], found["credentials"]) == ("ok", 15, 1)


def test_check_names_what_is_wrong(granted: Lab) -> None:
    """Without any threshold: the service, and what Graph says of it."""
    found = results(granted, *ASKED)["health-services"]["samples"]
    states = {
        one["labels"]["service"]: one["value"]
        for one in found
        if one["metric"] == "health.services.status" and one["value"] != "serviceOperational"
    }
    done = granted.run("check", "health-services")

    assert states != {}
    assert done.returncode in (1, 2)
    assert [f"Service '{name}' Status: {text}, " in done.stdout for name, text in states.items()]
    assert "All services are ok" not in done.stdout


def test_check_is_ok_when_all_is_well(make_lab: MakeLab) -> None:
    """And says so, also of issues that there are none of."""
    lab = make_lab(users=20, roles=ROLES, oddities=["health-all-good"])
    services, issues = (lab.run("check", name) for name in REPORTS[:2])

    assert (services.returncode, issues.returncode) == (0, 0)
    assert services.stdout.startswith("OK: All services are ok |")
    assert issues.stdout == "OK: There are no issues \n"


def test_check_warns_of_a_credential_that_ends(make_lab: MakeLab) -> None:
    """With its name and its last day."""
    lab = make_lab(users=20, roles=ROLES, secret_days=12)
    done = lab.run("check", "credentials-expiry")

    assert done.returncode == 1
    assert "Time left: 12 days, End: " in done.stdout
    assert "Name: monitoring, Kind: secret" in done.stdout


@pytest.mark.parametrize("output", OUTPUTS)
def test_second_answer_asks_nothing(granted: Lab, output: str) -> None:
    """What is kept is printed, by every output."""
    first = granted.run("collect", "--output", output, *ASKED)
    asked = len(granted.simulator.calls)
    second = granted.run("collect", "--output", output, *ASKED)

    assert (first.returncode, second.stderr) == (second.returncode, first.stderr)
    assert len(granted.simulator.calls) == asked


@pytest.mark.parametrize("words", ["--filter-user adele", "--filter-user x --per-user"])
def test_filter_for_users_is_about_users(granted: Lab, words: str) -> None:
    """What is of no user is the same with it, and asks for nothing more."""
    plain = results(granted, *ASKED)
    asked = len(granted.simulator.calls)
    filtered = results(granted, *ASKED, *words.split())

    for name in REPORTS:
        assert filtered[name]["samples"] == plain[name]["samples"] != []
    assert len(granted.simulator.calls) == asked


@pytest.mark.parametrize(
    ("family", "permission"),
    [("health", "ServiceHealth.Read.All"), ("credentials", "Application.Read.All")],
)
@pytest.mark.parametrize("output", OUTPUTS)
def test_missing_permission_is_named(lab: Lab, family: str, permission: str, output: str) -> None:
    """By every output, in the answer itself."""
    done = lab.run("collect", "--output", output, "--report", family)

    assert f"give the application the permission {permission} of Microsoft Graph" in done.stdout


def test_permission_granted_later_is_found(lab: Lab) -> None:
    """The token that was kept is not used any more."""
    before = results(lab, *ASKED)
    lab.simulator.configure(roles=ROLES)
    after = results(lab, *ASKED, O365_REFRESH_INTERVAL="0")

    assert {result["outcome"] for result in before.values()} == {"forbidden"}
    assert {result["outcome"] for result in after.values()} == {"ok"}


def test_forbidden_list_takes_nothing_from_the_others(make_lab: MakeLab) -> None:
    """Reports of users and health are answered where only credentials are forbidden."""
    lab = make_lab(users=20, roles=ROLES[:2])
    found = results(lab, "--report", "skype-devices-usage,health-services,credentials")

    assert {name: result["outcome"] for name, result in found.items()} == {
        "skype-devices-usage": "ok",
        "health-services": "ok",
        "credentials-expiry": "forbidden",
    }


def test_status_that_is_missing_is_malformed(make_lab: MakeLab) -> None:
    """A service of which nothing is said is not taken for a good one."""
    lab = make_lab(users=20, roles=ROLES, faults=["status-missing"])
    done = lab.run("check", "health-services")

    assert done.returncode == 3
    assert "health-services is malformed: an item of healthOverviews is not what" in done.stdout


def test_what_two_reports_are_read_off_is_asked_for_once(granted: Lab) -> None:
    """Services and issues are the same list."""
    found = results(granted, "--report", "health")

    assert [found[name]["outcome"] for name in REPORTS[:2]] == ["ok", "ok"]
    assert [found[name]["calls"] for name in REPORTS[:2]] == [1, 0]


def test_end_of_the_secret_in_the_settings_needs_no_permission(lab: Lab) -> None:
    """Nobody is asked, for a token neither."""
    ends = datetime.now(UTC).date() + timedelta(days=20)
    words = ("--report", "credentials", "--secret-expires", str(ends))
    [result] = results(lab, *words).values()
    left = [one["value"] for one in result["samples"] if one["metric"] == "credentials.left"]

    assert (result["outcome"], left) == ("ok", [20])
    assert list(lab.simulator.calls) == []


def services(lab: Lab, *words: str, **env: str) -> tuple[dict[str, Any], list[str]]:
    """Collect the services' health as JSON; give the result, and the names that it has."""
    result = results(lab, "--report", "health-services", *words, **env)["health-services"]
    return result, sorted({one["labels"]["service"] for one in result["samples"]})


@pytest.mark.parametrize("name", ["Microsoft Teams", "microsoft teams", "MICROSOFTTEAMS", " Lync "])
def test_service_is_chosen_by_name_or_id(granted: Lab, name: str) -> None:
    """In any letter case; names change, ids do not."""
    result, names = services(granted, "--service", name)

    assert result["outcome"] == "ok"
    assert names == ["Skype for Business" if "Lync" in name else "Microsoft Teams"]


@pytest.mark.parametrize(
    "words", [("--service", "exchange,lync"), ("--service=Exchange", "--service=lync")]
)
def test_several_services_are_chosen(granted: Lab, words: tuple[str, ...]) -> None:
    """With commas, or one after the other."""
    assert services(granted, *words)[1] == ["Exchange Online", "Skype for Business"]


def test_services_of_the_environment_give_way_to_the_option(granted: Lab) -> None:
    """As with every setting."""
    env = {"O365_SERVICES": "exchange, Microsoft Teams"}

    assert services(granted, **env)[1] == ["Exchange Online", "Microsoft Teams"]
    assert services(granted, "--service", "lync", **env)[1] == ["Skype for Business"]


def test_choosing_services_asks_nothing_more(granted: Lab) -> None:
    """What is kept holds them all."""
    plain, _ = services(granted)
    asked = len(granted.simulator.calls)
    result, _ = services(granted, "--service", "lync")

    assert len(granted.simulator.calls) == asked
    assert result["samples"] == [
        one for one in plain["samples"] if one["labels"]["service"] == "Skype for Business"
    ]


def test_choosing_when_something_is_asked_keeps_all(granted: Lab) -> None:
    """Whoever asks next for others has them."""
    services(granted, "--service", "lync")
    asked = len(granted.simulator.calls)

    assert len(services(granted)[1]) == 15
    assert len(granted.simulator.calls) == asked


@pytest.mark.parametrize("before", [(), ("--service", "exchange")])
def test_service_that_is_not_listed_is_gone_and_others_are_shown(
    make_lab: MakeLab, before: tuple[str, ...]
) -> None:
    """Figures of the others are good, and nobody takes them for all that was asked for."""
    lab = make_lab(users=20, roles=ROLES, oddities=["health-without-skype"])
    if before:
        services(lab, *before)
    result, names = services(lab, "--service", "Lync,Microsoft Teams")

    assert (result["outcome"], result["up"], names) == ("gone", 0, ["Microsoft Teams"])
    assert result["message"] == "Graph lists no service 'Lync' in this tenant"
    assert "Exchange Online (Exchange), " in result["remedy"]


@pytest.mark.parametrize("report", REPORTS[:2])
def test_check_of_a_service_that_is_not_listed_is_unknown(make_lab: MakeLab, report: str) -> None:
    """Also of its issues: that there are none is not known."""
    lab = make_lab(users=20, roles=ROLES, oddities=["health-without-skype"])
    done = lab.run("check", report, "--service", "Lync")

    assert done.returncode == 3
    assert done.stdout.startswith(f"UNKNOWN: {report} is gone: Graph lists no service 'Lync' in ")


def test_check_warns_beside_services_that_are_well(make_lab: MakeLab) -> None:
    """What is there is judged, too."""
    odd = ["health-without-skype", "health-all-good"]
    lab = make_lab(users=20, roles=ROLES, oddities=odd)
    done = lab.run("check", "health-services", "--service", "Lync,Planner")

    assert done.returncode == 1
    assert done.stdout.startswith("WARNING: health-services is gone: Graph lists no service 'Lync'")
    assert "'Planner#health.services.code'=0;" in done.stdout


def test_issues_are_those_of_the_chosen_services(granted: Lab) -> None:
    """Graph lists them under each service that they are of."""
    every = results(granted, "--report", "health-issues")["health-issues"]["samples"]
    named = {one["value"] for one in every if one["metric"] == "health.issues.service"}
    for name in named:
        chosen = results(granted, "--report", "health-issues", "--service", name)["health-issues"]
        mine = {one["labels"]["issue"] for one in every if one["value"] == name}

        assert {one["labels"]["issue"] for one in chosen["samples"]} == mine
    assert named != set()


def test_services_that_are_chosen_change_nothing_else(granted: Lab) -> None:
    """A tenant's reports and credentials have no services."""
    words = ("--report", "skype-devices-usage,credentials")
    plain = results(granted, *words)
    chosen = results(granted, *words, "--service", "Lync")

    assert {name: one["samples"] for name, one in chosen.items()} == {
        name: one["samples"] for name, one in plain.items()
    }


def test_kept_services_are_chosen_while_graph_is_away(granted: Lab) -> None:
    """They are stale, and still only those."""
    services(granted)
    granted.simulator.set_faults(["503"])
    result, names = services(
        granted, "--service", "lync", O365_REFRESH_INTERVAL="0", O365_DEADLINE="3"
    )

    assert (result["outcome"], names) == ("stale", ["Skype for Business"])


HEALTH = ("collect", "--output", "json", "--report", "health,credentials,skype-devices-usage")


def asked_at(lab: Lab, seconds: float, *words: str) -> set[str]:
    """Give what Graph is asked for by who answers so many seconds from now."""
    before = len(lab.simulator.calls)
    lab.run_at(seconds, *HEALTH, *words)
    return {call.function for call in list(lab.simulator.calls)[before:] if call.function}


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        (290, set()),
        (310, {"healthOverviews"}),
        (3610, {"healthOverviews", "getSkypeForBusinessDeviceUsageUserDetail"}),
        (
            10810,
            {"healthOverviews", "applications", "getSkypeForBusinessDeviceUsageUserDetail"},
        ),
    ],
)
def test_each_report_is_asked_for_as_often_as_it_is_worth_it(
    granted: Lab, later: int, asked: set[str]
) -> None:
    """Health of five minutes ago is news of yesterday, and a secret ends in days."""
    granted.run(*HEALTH)

    assert asked_at(granted, later) == asked


@pytest.mark.parametrize(
    ("chosen", "later", "asked"), [("3600", 3500, 0), ("60", 70, 3), ("0", 0, 3)]
)
def test_interval_that_is_set_counts_for_every_report(
    granted: Lab, chosen: str, later: int, asked: int
) -> None:
    """Whoever sets it knows why; 0 asks every time."""
    granted.run(*HEALTH)

    assert len(asked_at(granted, later, "--refresh-interval", chosen)) == asked
