"""A real Icinga 2 takes what `generate icinga2` makes, and holds what our check answers."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
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
from icinga2_engine import Icinga2, shown

from o365skype_bridge.generate import icinga2
from o365skype_bridge.generate import icinga2_quoting as quoting

pytestmark = needs_engines

PLACEHOLDER = "PUT-THE-CLIENT-SECRET-HERE"


def without_basket(files: dict[str, str]) -> dict[str, str]:
    """Give the files that are Icinga's own."""
    return {name: text for name, text in files.items() if name != icinga2.BASKET}


def installed(folder: Path, lab: Lab, line: str = "") -> Icinga2:
    """Make an installation by a command line of `generate icinga2`, about the simulated tenant."""
    simulator = lab.simulator
    file = f"--secret-file {secret_file(folder, simulator.client_secret)}"
    files = generated(
        f"icinga2 --tenant {simulator.tenant_ids[0]} --client-id {simulator.client_id}"
        f" {'' if '--secret-' in line else file} {line}"
    )
    if icinga2.SECRET in files:
        escaped = simulator.client_secret.replace("\\", "\\\\").replace('"', '\\"')
        files[icinga2.SECRET] = files[icinga2.SECRET].replace(PLACEHOLDER, escaped)
    return Icinga2(folder / "icinga2", without_basket(files))


@pytest.mark.parametrize("line", ["", "--secret-constant O365Secret"])
def test_files_are_valid(tmp_path: Path, lab: Lab, line: str) -> None:
    """Icinga reads the files without an error or a warning."""
    code, said = installed(tmp_path, lab, line).validate()

    assert (code, "warning/" in said) == (0, False), said


@pytest.mark.parametrize("line", ["", "--secret-constant O365Secret", "--state-dir {state}"])
def test_answers_arrive_whole(tmp_path: Path, make_lab: MakeLab, line: str) -> None:
    """State, text and perfdata in Icinga are those of `check`, with the secret from where it is."""
    lab = make_lab(users=30, client_secret=SECRET)
    settings = ["warning-active-users=~:1", "critical-active-devices=@0:90", "warning-ipad=-1:0"]
    words = " ".join(f"--set {shlex.quote(text)}" for text in settings)
    line = line.format(state=lab.state)
    found, _ = installed(tmp_path, lab, f"{line} {words}").run(surroundings(lab))

    assert found == {
        TITLES["skype-devices-usage"]: shown(
            expected(
                lab, "skype-devices-usage", "--critical-active-devices=@0:90", "--warning-ipad=-1:0"
            )
        ),
        TITLES["skype-users-activity"]: shown(
            expected(lab, "skype-users-activity", "--warning-active-users=~:1")
        ),
    }
    assert [found[title].state for title in TITLES.values()] == [2, 1]


def test_filter_arrives(tmp_path: Path, lab: Lab) -> None:
    """A filter with an alternative and an anchor counts those users only."""
    pattern = r"^(?:[a-k].*|[^'\"~!;`]+)@[^|]+\.\w+$"
    settings = [f"filter-user={pattern}", "filter-counters=active|total$"]
    line = " ".join(f"--set {shlex.quote(text)}" for text in settings)
    found, _ = installed(tmp_path, lab, line).run(surroundings(lab))
    words = (f"--filter-user={pattern}", "--filter-counters=active|total$")

    assert found == {title: shown(expected(lab, name, *words)) for name, title in TITLES.items()}
    assert {answer.state for answer in found.values()} == {0}


def test_many_users_arrive_whole(tmp_path: Path, make_lab: MakeLab) -> None:
    """The perfdata of many users end where ours do."""
    lab = make_lab(users=400)
    found, _ = installed(tmp_path, lab, "--set per-user=yes").run(surroundings(lab))
    answer = shown(expected(lab, "skype-users-activity", "--per-user"))

    assert len(answer.perfdata) > 5000
    assert found[TITLES["skype-users-activity"]] == answer


def test_configuration_file_is_enough(tmp_path: Path, lab: Lab) -> None:
    """With a configuration file the tenant's name is all that Icinga knows."""
    path = configuration(tmp_path, lab, "simulated")
    files = generated(f"icinga2 --config {path} --tenant simulated")
    found, _ = Icinga2(tmp_path / "icinga2", without_basket(files)).run(surroundings(lab))

    assert found == {title: shown(expected(lab, name)) for name, title in TITLES.items()}


def test_hostile_options_arrive(tmp_path: Path, lab: Lab) -> None:
    """Whatever an option's value is, the plugin gets it as it was given."""
    recorder = Recorder(tmp_path / "plugin")
    files = without_basket(generated("icinga2", command=recorder.path))
    files["hostile.conf"] = "".join(
        f"""object Service "hostile {number}" {{
  import "o365skype-service"
  host_name = "microsoft365"
  vars.o365skype_report = "hostile"
  vars.o365skype_filter_user = {quoting.macro(value)}
}}
"""
        for number, value in enumerate(HOSTILE)
    )
    Icinga2(tmp_path / "icinga2", files).run(surroundings(lab))
    told = [one.argv for one in recorder.told() if "hostile" in one.argv]
    filters = [word for argv in told for word in argv if word.startswith("--filter-user=")]

    assert {len(argv) for argv in told} == {6}
    assert sorted(filters) == sorted(f"--filter-user={text}" for text in HOSTILE)


def test_hostile_secret_arrives(tmp_path: Path, make_lab: MakeLab) -> None:
    """A secret from a constant reaches the plugin as it is, and nobody else."""
    lab = make_lab(users=1, client_secret=SECRET)
    recorder = Recorder(tmp_path / "plugin")
    files = generated("icinga2 --secret-constant O365Secret", command=recorder.path)
    files[icinga2.SECRET] = files[icinga2.SECRET].replace(
        f'"{PLACEHOLDER}"', quoting.literal(SECRET)
    )
    _, api = Icinga2(tmp_path / "icinga2", files).run(
        surroundings(lab), "hosts", "services", "checkcommands"
    )
    told = recorder.told()

    assert [one.env.get("O365_CLIENT_SECRET") for one in told] == [SECRET] * len(TITLES)
    assert [one.argv for one in told if any(SECRET in word for word in one.argv)] == []
    assert ("a~B8" in api, "o365skype" in api) == (False, True)
