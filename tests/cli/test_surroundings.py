"""Odd surroundings: settings, variables and folders that make no sense are said, never a defect."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import COMMAND, TIMEOUT, Lab

from o365skype_bridge.outputs import OUTPUTS

CONNECTOR = COMMAND.with_name("centreon_office365_skype_api")
DEVICES = ("--report", "skype-devices-usage")
COMMANDS: dict[str, tuple[str | Path, ...]] = {
    "collect": (COMMAND, "collect", *DEVICES),
    "check": (COMMAND, "check", "skype-devices-usage"),
    "zabbix": (COMMAND, "collect", "--output", "zabbix", *DEVICES),
    "refresh": (COMMAND, "refresh", *DEVICES, "--all"),
    "backfill": (COMMAND, "backfill", *DEVICES, "--days", "1"),
    "execd": (COMMAND, "execd", *DEVICES),
    "drop-in": (
        CONNECTOR,
        "--plugin=cloud::microsoft::office365::skype::plugin",
        "--mode=devices-usage",
    ),
}
NEARER = ("O365_STATE_DIR", "O365_DOWNLOAD_HOSTS")
"""Variables of the laboratory that would hide what a file says."""

EVERY = pytest.mark.parametrize("command", COMMANDS)


def run(
    lab: Lab,
    words: tuple[str | Path, ...],
    env: Mapping[str, str | None] | None = None,
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program; ``folder`` is where it starts, which is gone by then."""
    before: tuple[str | Path, ...] = ()
    kept = {**lab.env, **(env or {})}
    if folder:
        folder.mkdir()
        before = ("sh", "-c", 'cd "$0" && rmdir "$0" && exec "$@"', folder)
        # The measurement cannot begin without a working folder.
        kept = {name: value for name, value in kept.items() if not name.startswith("COVERAGE")}
    return subprocess.run(
        [*before, *words],
        env={name: value for name, value in kept.items() if value is not None},
        input="\n",
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=TIMEOUT,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Give everything that was printed, after proof that nothing is called a defect."""
    text = done.stdout + done.stderr

    assert "defect" not in text
    assert "Traceback" not in text
    return text


@EVERY
def test_working_folder_that_is_gone_is_not_needed(lab: Lab, tmp_path: Path, command: str) -> None:
    """With whole paths every command does its work from nowhere."""
    done = run(lab, COMMANDS[command], folder=tmp_path / "gone")

    assert said(done)
    assert done.returncode == 0


@EVERY
@pytest.mark.parametrize("name", ["O365_CA_FILE", "O365_STATE_DIR", "O365_CLIENT_SECRET_FILE"])
def test_path_that_is_relative_to_nothing_is_refused(
    lab: Lab, tmp_path: Path, command: str, name: str
) -> None:
    """What it could be relative to is gone, and that is said."""
    if name == "O365_CLIENT_SECRET_FILE":
        del lab.env["O365_CLIENT_SECRET"]
    done = run(lab, COMMANDS[command], {name: "here"}, tmp_path / "gone")

    assert "'here' is relative to a working folder that is not there any more" in said(done)
    assert done.returncode == (0 if command == "execd" else 3)


def test_folder_of_files_that_is_relative_to_nothing_is_refused(lab: Lab, tmp_path: Path) -> None:
    """So is the folder of report files."""
    words = (COMMAND, "check", "skype-devices-usage", "--from-folder", ".")
    done = run(lab, words, folder=tmp_path / "gone")

    assert "'.' is relative to a working folder that is not there any more" in said(done)


@EVERY
@pytest.mark.parametrize("name", ["O365_TENANT_ID", "O365_CLIENT_ID", "O365_CLIENT_SECRET"])
@pytest.mark.parametrize("value", ["a\udcff", "a\nb", "a\x1b[31m"])
def test_variable_that_is_no_line_of_text_is_refused_by_its_name(
    lab: Lab, command: str, name: str, value: str
) -> None:
    """Bytes that are not UTF-8, and control characters, cannot be what is meant."""
    done = run(lab, COMMANDS[command], {name: value})
    setting = name.removeprefix("O365_").lower()
    text = said(done)

    # Without a name of its own a tenant is called by its id.
    names = (setting, "tenant") if name == "O365_TENANT_ID" else (setting,)
    assert any(f"{each} holds a control character, or what is not UTF-8" in text for each in names)
    assert value not in text
    assert lab.kinds() == []


@EVERY
def test_state_folder_may_be_called_by_any_bytes(lab: Lab, tmp_path: Path, command: str) -> None:
    """The names of files need not be UTF-8."""
    state = f"{tmp_path}/st\udcffate"
    done = run(lab, COMMANDS[command], {"O365_STATE_DIR": state})

    assert said(done)
    assert done.returncode == 0
    assert len(list(Path(state).iterdir())) == 1


@EVERY
@pytest.mark.parametrize(
    "home", ["", "relative", ".", "/nonexistent", "/dev/null", "/", "\udcff", None]
)
def test_home_that_is_none_costs_no_answer(
    lab: Lab, tmp_path: Path, command: str, home: str | None
) -> None:
    """Whatever HOME is, figures come; nothing is made where we happen to be."""
    before = sorted(Path.cwd().iterdir())
    cache = None if home != "relative" else "relative"
    words = COMMANDS[command]
    # The measurement of coverage writes where we happen to be.
    measured = dict.fromkeys(name for name in lab.env if name.startswith("COVERAGE"))
    places = {"HOME": home, "XDG_CACHE_HOME": cache, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = run(lab, words, {**measured, **places})

    assert said(done)
    assert done.returncode == 0
    assert {path.name for path in set(Path.cwd().iterdir()) - set(before)} - {".coverage"} == set()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x = " + "[" * 5000 + "]" * 5000, "is not TOML: it is nested too deeply"),
        ("deadline = " + "9" * 5000, "is not TOML: "),
        (
            "deadline = 0x" + "f" * 5000,
            "deadline 'that is far too larg' is not a number of seconds",
        ),
        ("deadline = 1e999", "deadline 'inf' is not a number of seconds"),
        ("deadline = nan", "deadline 'nan' is not a number of seconds"),
        ("max_age = -1e-9", "max age '-1e-09' is not a number of seconds"),
        ("deadline = 2024-01-01", "'deadline' in "),
        ("deadline = {}", "'deadline' in "),
        ("state_dir = 2024-01-01T00:00:00Z", "'state_dir' in "),
        ("state_dir = []", "'state_dir' in "),
        ('state_dir = "/tmp/a\\u0000b"', "state_dir holds a control character"),
        ('state_dir = "/tmp/a\\nb"', "state_dir holds a control character"),
        ("download_hosts = [1]", "'download_hosts' in "),
        ('download_hosts = ["a\\nb"]', "download_hosts holds a control character"),
        ("download_hosts = [[]]", "'download_hosts' in "),
        ("tenants = []", "'tenants' in "),
        ("[[tenants]]\nx = 1", "'tenants' in "),
        ("[tenants.x]\ntenant_id = 07:32:00", "'tenants.x.tenant_id' in "),
        ("[tenants.x.tenant_id]\na = 1", "'tenants.x.tenant_id' in "),
        ('[tenants." "]\ntenant_id = "x"', "a tenant has no name"),
        ('[tenants."a\\nb"]\ntenant_id = "x"', "tenant holds a control character"),
        ('[tenants.x]\ntenant_id = "a\\u0000"', "tenant_id holds a control character"),
        ('[tenants.x]\nclient_secret = "a\\u001b[31m"', "client_secret holds a control character"),
        ('[tenants.x]\nclient_secret_file = "a\\u0000"', "client_secret_file holds a control"),
        ('[tenants.x]\nca_file = "/a\\u0000"', "ca_file holds a control character"),
        ('[tenants.x]\nproxy = "http://a\\rb"', "proxy holds a control character"),
        ("\0", "is not TOML: "),
        ("a.b\0 = 1", "is not TOML: "),
    ],
)
@pytest.mark.parametrize("command", ["collect", "refresh", "drop-in"])
def test_configuration_that_makes_no_sense_is_refused_by_name(
    lab: Lab, tmp_path: Path, command: str, content: str, words: str
) -> None:
    """Whatever stands in the file, a complaint names it."""
    config = tmp_path / "config.toml"
    config.write_text(content)
    config.chmod(0o600)
    for name in ("O365_TENANT_ID", "O365_CLIENT_ID", "O365_CLIENT_SECRET", "O365_CA_FILE"):
        if content.startswith("[tenants") and name in lab.env:
            del lab.env[name]
    lab.env = {name: lab.env[name] for name in lab.env if name not in NEARER}
    done = run(lab, COMMANDS[command], {"O365_CONFIG": str(config)})

    assert words in said(done)
    assert (done.returncode, lab.kinds()) == (3, [])


def test_tenant_without_a_name_is_refused(lab: Lab, tmp_path: Path) -> None:
    """An empty name would be a series without one."""
    config = tmp_path / "config.toml"
    config.write_text('[tenants.""]\ntenant_id = "x"')
    for name in ("O365_TENANT_ID", "O365_CLIENT_ID", "O365_CLIENT_SECRET"):
        del lab.env[name]
    done = run(lab, COMMANDS["collect"], {"O365_CONFIG": str(config)})

    assert "a tenant has no name" in said(done)


def test_mark_of_an_editor_is_not_part_of_the_configuration(lab: Lab, tmp_path: Path) -> None:
    """A file that Windows' editors have saved is read as any other."""
    config = tmp_path / "config.toml"
    config.write_bytes(b"\xef\xbb\xbfdeadline = 8\r\n")
    done = run(lab, COMMANDS["check"], {"O365_CONFIG": str(config)})

    assert (done.returncode, done.stderr) == (0, "")


@EVERY
@pytest.mark.parametrize(
    "value", ["1e308", "99999999999999999999", "1e9", "-0", "0.0000001", "1e-320"]
)
@pytest.mark.parametrize("name", ["O365_REFRESH_INTERVAL", "O365_MAX_AGE"])
def test_ends_of_ranges_are_clamped(lab: Lab, command: str, name: str, value: str) -> None:
    """A number of seconds without an end, or none, is taken as far as it goes."""
    done = run(lab, COMMANDS[command], {name: value})

    assert said(done)
    assert done.returncode == 0


@EVERY
@pytest.mark.parametrize("value", ["1e308", "99999999999999999999", "1e9"])
def test_endless_deadline_is_one_day(lab: Lab, command: str, value: str) -> None:
    """No timer is asked for more than it can count."""
    done = run(lab, COMMANDS[command], {"O365_DEADLINE": value})

    assert said(done)
    assert done.returncode == 0


@pytest.mark.parametrize("value", ["1_000", "١٢", "1e", "0x10", "inf", " ", "1 2"])
def test_number_that_is_none_is_refused(lab: Lab, value: str) -> None:
    """A number is written as everybody writes it."""
    done = run(lab, COMMANDS["check"], {"O365_DEADLINE": value})

    assert (done.returncode, "is not a number of seconds" in said(done)) == (3, True)


@pytest.mark.parametrize("jump", [-40 * 365 * 86400, -86400, 86400, 40 * 365 * 86400])
def test_clock_that_jumps_costs_no_answer(lab: Lab, jump: float) -> None:
    """What was kept before a jump, there or back, neither misleads nor stops us."""
    good = lab.run("check", "skype-devices-usage")
    there = lab.run_at(jump, "check", "skype-devices-usage")
    back = lab.run("check", "skype-devices-usage")

    assert "defect" not in there.stdout + there.stderr
    assert (back.returncode, back.stdout) == (good.returncode, good.stdout)


def test_folder_of_files_may_be_called_by_any_bytes(lab: Lab, tmp_path: Path) -> None:
    """Its name is the tenant's, as far as it is text."""
    folder = Path(f"{tmp_path}/fo\udcfflder")
    folder.mkdir()
    for output in OUTPUTS:
        words = (COMMAND, "collect", "--output", output, "--from-folder", os.fsdecode(folder))
        done = run(lab, (*words, *DEVICES))

        assert said(done)
