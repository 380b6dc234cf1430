"""A real Nagios takes what `generate nagios` makes, and holds what our check answers."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from catalogue import CATALOGUE
from conftest import Lab, MakeLab
from engine import (
    HOSTILE,
    SECRET,
    TITLES,
    Recorder,
    configuration,
    expected,
    generated,
    needs_engines,
    secret_file,
    surroundings,
)
from nagios_engine import Nagios, shown

from o365skype_bridge.generate import nagios, nagios_quoting

pytestmark = needs_engines


HOSTILE_SERVICE = """
define service {{
    use                    o365skype-service
    host_name              microsoft365
    service_description    hostile {number}
    check_command          check_o365skype!hostile!{options}
}}
"""


def installed(folder: Path, lab: Lab, line: str = "") -> Nagios:
    """Make an installation by a command line of `generate nagios`, about the simulated tenant."""
    simulator = lab.simulator
    file = f"--secret-file {secret_file(folder, simulator.client_secret)}"
    files = generated(
        f"nagios --tenant {simulator.tenant_ids[0]} --client-id {simulator.client_id}"
        f" {'' if '--secret-' in line else file} {line}"
    )
    resource = files.get(nagios.RESOURCE, "")
    escaped = simulator.client_secret.replace("'", "'\\''")
    return Nagios(
        folder / "nagios",
        files[nagios.OBJECTS],
        resource.replace("PUT-THE-CLIENT-SECRET-HERE", escaped),
    )


@pytest.mark.parametrize("line", ["", "--secret-macro 11"])
def test_files_are_valid(tmp_path: Path, lab: Lab, line: str) -> None:
    """Nagios reads the files without an error, and without a warning."""
    warnings, errors, said = installed(tmp_path, lab, line).validate()

    assert (warnings, errors) == (0, 0), said


@pytest.mark.parametrize("line", ["", "--secret-macro 11", "--state-dir {state}"])
def test_answers_arrive_whole(tmp_path: Path, make_lab: MakeLab, line: str) -> None:
    """State, text and perfdata in Nagios are those of `check`, with the secret from where it is."""
    lab = make_lab(users=30, client_secret=SECRET)
    settings = ["warning-active-users=~:1", "critical-active-devices=@0:90", "warning-ipad=0"]
    words = " ".join(f"--set {shlex.quote(text)}" for text in settings)
    line = line.format(state=lab.state)
    found = installed(tmp_path, lab, f"{line} {words}").run(surroundings(lab))

    assert found == {
        TITLES["skype-devices-usage"]: shown(
            expected(
                lab, "skype-devices-usage", "--critical-active-devices=@0:90", "--warning-ipad=0"
            )
        ),
        TITLES["skype-users-activity"]: shown(
            expected(lab, "skype-users-activity", "--warning-active-users=~:1")
        ),
    }
    assert [answer.state for answer in found.values()] == [2, 1]


def test_filter_arrives(tmp_path: Path, lab: Lab) -> None:
    """A filter with an alternative and an anchor counts those users only."""
    pattern = r"^(?:[a-k].*|[^'\"~!;`]+)@[^|]+\.\w+$"
    found = installed(
        tmp_path,
        lab,
        f"--set {shlex.quote(f'filter-user={pattern}')} --set 'filter-counters=active|total$'",
    ).run(surroundings(lab))
    words = (f"--filter-user={pattern}", "--filter-counters=active|total$")

    assert found == {title: shown(expected(lab, name, *words)) for name, title in TITLES.items()}
    assert all(answer.state == 0 for answer in found.values())


def test_many_users_arrive_whole(tmp_path: Path, make_lab: MakeLab) -> None:
    """The perfdata of more users than Nagios can hold end where ours do, not in the middle."""
    lab = make_lab(users=400)
    found = installed(tmp_path, lab, "--set per-user=yes").run(surroundings(lab))
    answer = shown(expected(lab, "skype-users-activity", "--per-user"))

    assert len(answer.perfdata) > 5000
    assert found[TITLES["skype-users-activity"]] == answer


def test_wrong_secret_is_refused(tmp_path: Path, lab: Lab) -> None:
    """The secret is the one of the file: with another one the login fails."""
    engine = installed(tmp_path, lab)
    lab.simulator.client_secret = "changed since"
    found = engine.run(surroundings(lab))

    assert {title: answer.state for title, answer in found.items()} == dict.fromkeys(
        TITLES.values(), 3
    )


def test_configuration_file_is_enough(tmp_path: Path, lab: Lab) -> None:
    """With a configuration file the tenant's name is all that Nagios knows."""
    path = configuration(tmp_path, lab, "simulated")
    files = generated(f"nagios --config {path} --tenant simulated")
    found = Nagios(tmp_path / "nagios", files[nagios.OBJECTS]).run(surroundings(lab))

    assert found == {title: shown(expected(lab, name)) for name, title in TITLES.items()}


def test_hostile_options_arrive(tmp_path: Path, lab: Lab) -> None:
    """Whatever an option's value is, the plugin gets it as it was given."""
    recorder = Recorder(tmp_path / "plugin")
    files = generated("nagios", command=recorder.path)
    services = [
        HOSTILE_SERVICE.format(
            number=number, options=nagios_quoting.argument({"filter-user": value}, frozenset())
        )
        for number, value in enumerate(HOSTILE)
    ]
    Nagios(tmp_path / "nagios", files[nagios.OBJECTS] + "".join(services)).run(surroundings(lab))
    told = [one.argv for one in recorder.told() if one.argv[1] == "hostile"]

    assert sorted(told) == sorted(["check", "hostile", f"--filter-user={text}"] for text in HOSTILE)


@pytest.mark.parametrize("line", ["--secret-macro 256", "--secret-file {file}"])
def test_hostile_secret_arrives(tmp_path: Path, make_lab: MakeLab, line: str) -> None:
    """A secret reaches the plugin as it is, or as a file's name, and never as an argument."""
    lab = make_lab(users=1, client_secret=SECRET)
    file = secret_file(tmp_path, SECRET)
    recorder = Recorder(tmp_path / "plugin")
    files = generated(f"nagios {line.format(file=file)}", command=recorder.path)
    resource = files.get(nagios.RESOURCE, "").replace(
        "PUT-THE-CLIENT-SECRET-HERE", SECRET.replace("'", "'\\''")
    )
    Nagios(tmp_path / "nagios", files[nagios.OBJECTS], resource).run(surroundings(lab))
    told = recorder.told()
    secrets = (
        {one.env.get("O365_CLIENT_SECRET"), one.env.get("O365_CLIENT_SECRET_FILE")} - {None}
        for one in told
    )

    assert list(secrets) == [{SECRET if "macro" in line else str(file)}] * len(CATALOGUE)
    assert [one.argv for one in told if SECRET in str(one.argv)] == []
