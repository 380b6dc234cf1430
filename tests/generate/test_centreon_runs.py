"""The drop-in understands Centreon Engine's command lines, with the macros that CLAPI stored."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
from clapi_reader import Centreon, expanded, split
from committed import made
from conftest import COMMAND, TIMEOUT, Lab, MakeLab

from o365skype_bridge.generate import centreon

PLUGIN = COMMAND.with_name("centreon_office365_skype_api")

TEMPLATES = {
    "o365skype-bridge-skype-devices-usage": "skype-devices-usage",
    "o365skype-bridge-skype-users-activity": "skype-users-activity",
}


OTHERS = {
    "o365skype-bridge-skype-activity-counts": "skype-activity-counts",
    "o365skype-bridge-teams-team-activity": "teams-team-activity",
    "o365skype-bridge-teams-devices-distribution": "teams-devices-distribution",
    "o365skype-bridge-health-services": "health-services",
}
"""Reports that the connector does not have, of every shape that is not by user."""


def run(lab: Lab, line: str, template: str, **host: str) -> subprocess.CompletedProcess[str]:
    """Import a file, fill in the host's macros, and run a service as Centreon Engine would."""
    found = Centreon()
    report = {**TEMPLATES, **OTHERS}[template]
    commands = shlex.join(["--command", str(PLUGIN), "--check-command", str(COMMAND)])
    found.read(made(f"centreon {line} --report {report} {commands}")[centreon.IMPORT])
    service = found.service_templates[template]
    [host_template] = found.host_templates.values()
    words = split(
        expanded(
            found.commands[service.parameters["check_command"]].parameters["line"],
            {**{name: one.value for name, one in host_template.macros.items()}, **host},
            {name: one.value for name, one in service.macros.items()},
        )
    )
    env = {name: value for name, value in lab.env.items() if "O365_CLIENT" not in name}
    return subprocess.run(
        words, env=env, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("where", ["macro", "file"])
def test_preset_service_answers(tmp_path: Path, lab: Lab, template: str, where: str) -> None:
    """With nothing but who we are filled in, every empty macro is an option that is not given."""
    simulator = lab.simulator
    file = tmp_path / "secret"
    file.write_text(simulator.client_secret, encoding="utf-8")
    file.chmod(0o600)
    host = {
        "OFFICE365TENANT": simulator.tenant_ids[0],
        "OFFICE365CLIENTID": simulator.client_id,
        **({"OFFICE365CLIENTSECRET": simulator.client_secret} if where == "macro" else {}),
    }
    line = f"--secret-file {file}" if where == "file" else ""
    done = run(lab, line, template, **host)
    counters = "active|total" if "users" in template else ""
    expected = lab.run("check", TEMPLATES[template], f"--filter-counters={counters}")

    assert (done.returncode, done.stdout) == (0, expected.stdout)


@pytest.mark.parametrize("template", OTHERS)
@pytest.mark.parametrize("where", ["macro", "file"])
def test_what_the_connector_does_not_have_answers(
    tmp_path: Path, make_lab: MakeLab, template: str, where: str
) -> None:
    """By `check`, with nothing but who we are filled in.

    Below, it warns of a secret on the command line.
    """
    lab = make_lab(users=20, roles=frozenset({"Reports.Read.All", "ServiceHealth.Read.All"}))
    simulator = lab.simulator
    file = tmp_path / "secret"
    file.write_text(simulator.client_secret, encoding="utf-8")
    file.chmod(0o600)
    host = {
        "OFFICE365TENANT": simulator.tenant_ids[0],
        "OFFICE365CLIENTID": simulator.client_id,
        **({"OFFICE365CLIENTSECRET": simulator.client_secret} if where == "macro" else {}),
    }
    line = f"--secret-file {file}" if where == "file" else ""
    done = run(lab, line, template, **host)
    expected = lab.run("check", OTHERS[template])

    assert done.returncode == expected.returncode
    assert done.stdout.splitlines()[:1] == expected.stdout.splitlines()


def test_threshold_of_what_the_connector_does_not_have_arrives(lab: Lab) -> None:
    """As it was set."""
    simulator = lab.simulator
    done = run(
        lab,
        "--set critical-skype-activity-p2p-count=~:-1",
        next(iter(OTHERS)),
        OFFICE365TENANT=simulator.tenant_ids[0],
        OFFICE365CLIENTID=simulator.client_id,
        OFFICE365CLIENTSECRET=simulator.client_secret,
    )

    assert (done.returncode, done.stdout.partition(":")[0]) == (2, "CRITICAL")


def test_thresholds_and_filters_arrive(lab: Lab) -> None:
    """What was set arrives: a filter with backslashes and quotes, and thresholds with a tilde."""
    simulator = lab.simulator
    template = list(TEMPLATES)[1]
    pattern = r"^[^'\"\\!]+@[\w.]+\.\w+$"
    line = f"--set {shlex.quote(f'filter-user={pattern}')} --set warning-active-users=~:-1"
    done = run(
        lab,
        line,
        template,
        OFFICE365TENANT=simulator.tenant_ids[0],
        OFFICE365CLIENTID=simulator.client_id,
        OFFICE365CLIENTSECRET=simulator.client_secret,
    )
    expected = lab.run(
        "check",
        TEMPLATES[template],
        *(f"--filter-user={pattern}", "--warning-active-users=~:-1"),
        "--filter-counters=active|total",
    )

    assert (done.returncode, done.stdout) == (1, expected.stdout)
