"""Kept figures are believed only as far as their source was last heard of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Lab, MakeLab

DEVICES = ("--report", "skype-devices-usage")
CHECK = ("check", "skype-devices-usage")
DUE = ("--refresh-interval", "0.01")

DEAD = {
    "unauthorized": "token-7000222",
    "forbidden": "forbidden-flat",
    "gone": "404@reports",
    "malformed": "html-download",
}
"""A fault for every cause that stays until somebody does something."""

AWAY = {"throttled": "429@reports", "unreachable": "503@reports"}
"""A fault for causes that pass by themselves."""


def result(lab: Lab, *words: str, **env: str) -> dict[str, Any]:
    """Collect one report as JSON."""
    done = lab.run("collect", "--output", "json", *DEVICES, *words, **env)
    [found] = json.loads(done.stdout)["results"]
    assert isinstance(found, dict)
    return found


def token_dropped(lab: Lab) -> None:
    """Have the next fetch log in again."""
    for path in lab.state.rglob("token-*.json"):
        path.unlink()


@pytest.mark.parametrize(("cause", "fault"), DEAD.items())
def test_a_dead_source_is_unknown_at_once_with_the_kept_perfdata(
    lab: Lab, cause: str, fault: str
) -> None:
    """The Perl plugin is UNKNOWN as soon as its token ends; we show the figures besides."""
    good = lab.run(*CHECK)
    token_dropped(lab)
    lab.simulator.set_faults([fault])
    dead = lab.run(*CHECK, *DUE)

    assert (dead.returncode, dead.stdout.partition("|")[2]) == (3, good.stdout.partition("|")[2])
    assert dead.stdout.startswith("UNKNOWN: skype-devices-usage is stale, ")
    assert result(lab, *DUE)["cause"] == cause


@pytest.mark.parametrize("fault", AWAY.values())
def test_a_source_that_is_away_is_green_for_six_hours(lab: Lab, fault: str) -> None:
    """Throttling and a failing service pass; after six hours they have not."""
    lab.run(*CHECK)
    lab.simulator.set_faults([fault])
    soon = lab.run(*CHECK, *DUE)
    later = lab.run_at(6 * 3600 + 60, *CHECK, *DUE)

    assert (soon.returncode, later.returncode) == (0, 1)
    assert later.stdout.startswith("WARNING: skype-devices-usage is stale, ")


def test_the_state_of_a_dead_source_is_the_operators_choice(lab: Lab, tmp_path: Path) -> None:
    """By flag, by environment and by configuration file, in this order."""
    lab.run(*CHECK)
    lab.simulator.set_faults(["forbidden-flat"])
    config = tmp_path / "config.toml"
    config.write_text('stale_state = "warning"\n')
    file = {"O365_CONFIG": str(config)}
    codes = [
        lab.run(*CHECK, *DUE, **file).returncode,
        lab.run(*CHECK, *DUE, O365_STALE_STATE="ok", **file).returncode,
        lab.run(*CHECK, *DUE, "--stale-state", "critical", O365_STALE_STATE="ok").returncode,
    ]

    assert codes == [1, 0, 2]


def test_the_same_fault_has_the_same_text_at_every_try(lab: Lab) -> None:
    """What differs, such as the id of the request, is in a field of its own."""
    lab.simulator.set_faults(["forbidden-flat"])
    first, second = (result(lab, "--refresh-interval", "0") for _ in range(2))

    assert (first["message"], first["remedy"]) == (second["message"], second["remedy"])
    assert first["support"] != second["support"]


def test_a_result_says_when_graph_last_confirmed_it(lab: Lab) -> None:
    """Half a day after the last good answer it is half a day."""
    result(lab)
    lab.simulator.set_faults(["503@reports"])
    done = lab.run_at(43200, "collect", "--output", "json", *DEVICES)
    [found] = json.loads(done.stdout)["results"]

    assert (found["up"], found["cause_code"], found["confirmed_seconds"] // 100) == (0, 8, 432)


OTHERS: dict[str, dict[str, str]] = {
    "unauthorized": {"O365_CLIENT_SECRET": "not-it"},
    "no secret": {"O365_CLIENT_SECRET": "", "O365_CLIENT_SECRET_FILE": "/nonexistent"},
    "proxy": {"O365_PROXY": "http://127.0.0.1:9"},
    "ca": {"O365_CA_FILE": "/nonexistent"},
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_settings_are_tried_at_once(lab: Lab, name: str) -> None:
    """Who changes a secret, a proxy or a CA and tests it learns whether it works."""
    result(lab)
    found = result(lab, **OTHERS[name])

    assert (found["outcome"], found["up"]) == ("stale", 0)
    assert found["cause"] == ("unreachable" if name in ("proxy", "ca") else "unauthorized")


def test_settings_that_work_are_remembered_side_by_side(lab: Lab, tmp_path: Path) -> None:
    """Two agents that reach the same tenant in two ways do not ask Graph in turns."""
    other = {"O365_CA_FILE": str(tmp_path / "ca.pem")}
    Path(other["O365_CA_FILE"]).write_bytes(Path(lab.env["O365_CA_FILE"]).read_bytes())
    result(lab)
    result(lab, **other)
    asked = len(lab.reports_asked())
    outcomes = [result(lab, **env)["outcome"] for env in ({}, other, {}, other)]

    assert (outcomes, len(lab.reports_asked())) == (["ok"] * 4, asked)


def test_a_secret_file_that_appears_is_taken_at_once(lab: Lab, tmp_path: Path) -> None:
    """No failure is waited out that has been put right."""
    file = tmp_path / "secret"
    secret = lab.env.pop("O365_CLIENT_SECRET")
    lab.env["O365_CLIENT_SECRET_FILE"] = str(file)
    before = result(lab)["outcome"]
    file.write_text(secret)
    file.chmod(0o600)

    assert (before, result(lab)["outcome"]) == ("unauthorized", "ok")


def test_a_secret_file_that_vanishes_is_noticed_at_once(lab: Lab, tmp_path: Path) -> None:
    """The next answer says so, with the kept figures."""
    file = tmp_path / "secret"
    file.write_text(lab.env.pop("O365_CLIENT_SECRET"))
    file.chmod(0o600)
    lab.env["O365_CLIENT_SECRET_FILE"] = str(file)
    before = result(lab)["outcome"]
    file.unlink()
    found = result(lab)

    assert (before, found["outcome"], found["cause"]) == ("ok", "stale", "unauthorized")


def test_one_fetch_serves_many_processes_still(lab: Lab) -> None:
    """The settings are the same for all of them."""
    processes = [lab.popen("collect", *DEVICES) for _ in range(10)]
    for process in processes:
        process.communicate(timeout=60)

    assert len(lab.reports_asked()) == 2


def test_a_filter_on_concealed_names_is_empty_in_a_check(make_lab: MakeLab) -> None:
    """By default UNKNOWN; with --empty-state ok zeros, as the operator asked for."""
    lab = make_lab(users=20, oddities=["concealed"])
    words = (*CHECK, "--filter-user", "@contoso")
    unknown, fine = lab.run(*words), lab.run(*words, "--empty-state", "ok")

    assert (unknown.returncode, fine.returncode) == (3, 0)
    assert unknown.stdout.startswith(
        "UNKNOWN: skype-devices-usage is empty: Microsoft conceals user names in this tenant, "
        "and none matches the filter. To see names, "
    )


def test_a_threshold_of_another_report_is_refused(lab: Lab) -> None:
    """It would never be crossed, and nobody would notice."""
    done = lab.run("check", "skype-users-activity", "--warning-windows", "5")

    assert (done.returncode, done.stdout.partition(" does not have")[0]) == (
        3,
        "UNKNOWN: --warning-windows is about a figure that skype-users-activity",
    )


@pytest.mark.parametrize("name", ["O365_TENANT_ID", "O365_CLIENT_ID", "O365_PROXY"])
@pytest.mark.parametrize("text", ["${NAME}", "@{store:key}"])
def test_a_variable_that_nobody_filled_in_is_refused_by_name(
    lab: Lab, name: str, text: str
) -> None:
    """It must not become a tenant and a series in somebody's database."""
    done = lab.run("collect", **{name: text})

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"E! {name.removeprefix('O365_').lower()} holds '{text}', ")


def test_a_tenant_name_that_nobody_filled_in_is_refused(lab: Lab) -> None:
    """Its name would be a tag."""
    done = lab.run("collect", "--tenant", "${TENANT}")

    assert done.stderr.startswith("E! tenant holds '${TENANT}', ")


def test_a_secret_may_hold_what_looks_like_a_variable(make_lab: MakeLab) -> None:
    """Only a secret that is nothing else was not filled in."""
    lab = make_lab(users=5, client_secret="a${b}c")

    assert result(lab)["outcome"] == "ok"
