"""Many tenants in one run: none waits for another, none hides another."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import Lab, MakeLab

from o365skype_bridge.simulator.records import Tenant

NAMES = ("slow", "good", "broken", "fine")
IDS = {name: f"{name}.example" for name in NAMES}


@pytest.fixture
def four(make_lab: MakeLab, tmp_path: Path) -> Lab:
    """Give four tenants, one of them slow and one without consent, and a file that names them."""

    def tenant(name: str, **settings: Any) -> Tenant:
        return Tenant(tenant_id=IDS[name], client_id="client", client_secret="secret", **settings)

    tenants = {
        IDS["slow"]: tenant("slow", users=10, faults=("delay=30@reports",)),
        IDS["good"]: tenant("good", users=10),
        IDS["broken"]: tenant("broken", faults=("forbidden-flat",)),
        IDS["fine"]: tenant("fine", users=20),
    }
    lab = make_lab(tenant_factory=tenants.get)
    config = tmp_path / "config.toml"
    config.write_text(
        "".join(
            f'[tenants.{name}]\ntenant_id = "{id_}"\nclient_id = "client"\n'
            'client_secret = "secret"\n'
            for name, id_ in IDS.items()
        )
    )
    config.chmod(0o600)
    for name in ("O365_TENANT_ID", "O365_CLIENT_ID", "O365_CLIENT_SECRET"):
        del lab.env[name]
    lab.env["O365_CONFIG"] = str(config)
    return lab


def collected(lab: Lab, *words: str) -> list[dict[str, Any]]:
    """Collect one report of all tenants as JSON."""
    done = lab.run("collect", "--output", "json", "--report", "skype-devices-usage", *words)
    found: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return found


def test_slow_and_broken_tenants_do_not_delay_or_hide_others(four: Lab) -> None:
    """By the deadline the good ones are there, in the file's order, and the others are marked."""
    began = time.monotonic()
    found = [(result["tenant"], result["outcome"]) for result in collected(four, "--deadline", "6")]

    assert found == [("slow", "pending"), ("good", "ok"), ("broken", "forbidden"), ("fine", "ok")]
    assert time.monotonic() - began < 25


def test_tenants_have_states_of_their_own(four: Lab) -> None:
    """Nothing of one tenant answers for another."""
    collected(four, "--deadline", "6")
    folders = {path.parent.name.partition("-")[0] for path in four.state.rglob("*-usage.json")}

    assert folders == {"good", "broken", "fine"}


def test_chosen_tenants_come_in_the_order_chosen(four: Lab) -> None:
    """--tenant chooses and orders."""
    found = [result["tenant"] for result in collected(four, "--tenant", "fine", "--tenant", "good")]

    assert found == ["fine", "good"]


def test_every_influx_line_names_its_tenant(four: Lab) -> None:
    """Two tenants never share a series."""
    done = four.run("collect", "--tenant", "fine", "--tenant", "good")

    assert {
        line.count("tenant=fine") + line.count("tenant=good") for line in done.stdout.splitlines()
    } == {1}


def test_refresh_fetches_in_the_foreground(four: Lab) -> None:
    """`refresh` says how each report went, and its exit code whether all went well."""
    done = four.run("refresh", "--tenant", "good", "--tenant", "broken")
    again = four.run("refresh", "--tenant", "good")

    assert done.returncode == 1
    assert sorted(line.split()[:3] for line in done.stdout.splitlines()) == [
        ["broken", "skype-devices-usage", "forbidden"],
        ["broken", "skype-users-activity", "forbidden"],
        ["good", "skype-devices-usage", "ok"],
        ["good", "skype-users-activity", "ok"],
    ]
    assert (again.returncode, again.stdout.partition(";")[0]) == (0, "nothing was due")


def test_refresh_all_asks_what_is_not_due_too(four: Lab) -> None:
    """`refresh --all` is for a timer that wants to be sure."""
    four.run("refresh", "--tenant", "good")
    done = four.run("refresh", "--tenant", "good", "--all", "--report", "skype-devices-usage")

    [line] = done.stdout.splitlines()
    assert line.split()[:3] == ["good", "skype-devices-usage", "ok"]
