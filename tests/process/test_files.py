"""Files that are named to us: regular ones of bounded size are read, whatever else is refused."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COMMAND, TIMEOUT, Lab

from o365skype_bridge.process import files

DEVICES = ("--report", "skype-devices-usage")
BOM = b"\xef\xbb\xbf"
CONNECTOR = COMMAND.with_name("centreon_office365_skype_api")
CHECK = ("--plugin=cloud::microsoft::office365::skype::plugin", "--mode=devices-usage")


def make_socket(path: Path) -> None:
    """Leave a socket that nobody listens to."""
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's whole name would be too long
        try:
            made.bind(path.name)
        finally:
            os.chdir(here)


def make_large(path: Path) -> None:
    """Make a file of one byte more than is read, without writing it."""
    with path.open("wb") as opened:
        opened.truncate(files.MIDDLING + 1)


THINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (os.mkfifo, "it is a pipe, not a regular file"),
    "folder": (Path.mkdir, "it is a folder, not a regular file"),
    "socket": (make_socket, "it is a socket, not a regular file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "it is a device, not a regular file"),
    "terminal": (lambda path: path.symlink_to("/dev/ptmx"), "it is a device, not a regular file"),
    "nothing": (lambda path: path.symlink_to("nowhere"), "No such file or directory"),
    "circle": (lambda path: path.symlink_to(path), "Too many levels of symbolic links"),
}
LARGE = (make_large, f"it is larger than {files.MIDDLING} bytes")


def result(lab: Lab, *words: str, **env: str) -> dict[str, str]:
    """Collect as JSON and give the result of a report."""
    done = lab.run("collect", "--output", "json", *DEVICES, *words, **env)
    found: dict[str, str] = json.loads(done.stdout)["results"][0]
    return found


@pytest.mark.parametrize("thing", THINGS)
def test_secret_that_is_no_file_is_refused_by_its_name(
    lab: Lab, tmp_path: Path, thing: str
) -> None:
    """It is an outcome that names the file and what it is, at once."""
    make, why = THINGS[thing]
    make(tmp_path / "it")
    del lab.env["O365_CLIENT_SECRET"]
    found = result(lab, O365_CLIENT_SECRET_FILE=str(tmp_path / "it"))
    said = f"the client secret file '{tmp_path}/it' cannot be read: {why}"

    assert (found["outcome"], found["message"]) == ("unauthorized", said)
    assert lab.kinds() == []


def test_secret_that_is_too_large_is_refused(lab: Lab, tmp_path: Path) -> None:
    """A secret has some 40 characters; what is far larger is another file."""
    with (tmp_path / "it").open("wb") as opened:
        opened.truncate(files.SMALL + 1)
    del lab.env["O365_CLIENT_SECRET"]
    found = result(lab, O365_CLIENT_SECRET_FILE=str(tmp_path / "it"))

    assert found["message"].endswith(f"cannot be read: it is larger than {files.SMALL} bytes")


@pytest.mark.parametrize(
    "content", [BOM + b"%s", BOM + b"%s\r\n", b"%s\n"], ids=["mark", "mark-and-crlf", "lf"]
)
def test_mark_of_an_editor_is_not_part_of_the_secret(
    lab: Lab, tmp_path: Path, content: bytes
) -> None:
    """What Windows' editors put before a text is not sent to Microsoft."""
    secret = tmp_path / "secret"
    secret.write_bytes(content % lab.env.pop("O365_CLIENT_SECRET").encode())
    secret.chmod(0o600)

    assert result(lab, O365_CLIENT_SECRET_FILE=str(secret))["outcome"] == "ok"


@pytest.mark.parametrize(
    ("encoding", "why"),
    [
        ("utf-16", "cannot be read: it is not UTF-8 text"),
        ("utf-16-le", "holds control characters"),
        ("utf-16-be", "holds control characters"),
        ("utf-32", "cannot be read: it is not UTF-8 text"),
    ],
)
def test_secret_in_another_encoding_is_refused_by_its_name(
    lab: Lab, tmp_path: Path, encoding: str, why: str
) -> None:
    """Nothing is sent that cannot be the secret."""
    secret = tmp_path / "secret"
    secret.write_bytes(lab.env.pop("O365_CLIENT_SECRET").encode(encoding))
    found = result(lab, O365_CLIENT_SECRET_FILE=str(secret))

    assert found["message"] == f"the client secret file '{secret}' {why}"
    assert lab.kinds() == []


@pytest.mark.parametrize("thing", [*THINGS, "large"])
@pytest.mark.parametrize("words", [("check", "skype-devices-usage"), ("collect",), ("refresh",)])
def test_configuration_that_is_no_file_is_refused_by_its_name(
    lab: Lab, tmp_path: Path, words: tuple[str, ...], thing: str
) -> None:
    """It is a complaint that names the file and what it is, at once."""
    make, why = {**THINGS, "large": LARGE}[thing]
    make(tmp_path / "it")
    done = lab.run(*words, "--config", str(tmp_path / "it"))

    assert done.returncode == 3
    assert f"the configuration file '{tmp_path}/it' cannot be read: {why}." in (
        done.stdout + done.stderr
    )


@pytest.mark.parametrize("thing", THINGS)
def test_drop_in_refuses_a_configuration_that_is_no_file(
    lab: Lab, tmp_path: Path, thing: str
) -> None:
    """The command line of Centreon's connector, too, says what is wrong."""
    make, why = THINGS[thing]
    make(tmp_path / "it")
    done = subprocess.run(
        [CONNECTOR, *CHECK, "--config", tmp_path / "it"],
        env=lab.env,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )

    assert (done.returncode, done.stderr) == (3, "")
    assert f"'{tmp_path}/it' cannot be read: {why}." in done.stdout


@pytest.mark.parametrize("thing", THINGS)
def test_pseudonym_key_that_is_no_file_is_refused_by_its_name(
    lab: Lab, tmp_path: Path, thing: str
) -> None:
    """No name is shown because the key could not be had."""
    make, why = THINGS[thing]
    make(tmp_path / "it")
    done = lab.run("collect", "--per-user", "--pseudonymize", str(tmp_path / "it"))

    assert (done.returncode, done.stdout) == (3, "")
    assert f"the pseudonym key file '{tmp_path}/it' cannot be read: {why}." in done.stderr


@pytest.mark.parametrize("thing", [*(name for name in THINGS if name != "folder"), "large"])
def test_authorities_that_are_no_file_are_refused_by_their_name(
    lab: Lab, tmp_path: Path, thing: str
) -> None:
    """It is an outcome that names the file, and nothing is sent without knowing whom to trust."""
    make, why = {**THINGS, "large": LARGE}[thing]
    make(tmp_path / "it")
    found = result(lab, O365_CA_FILE=str(tmp_path / "it"))

    assert (found["outcome"], found["message"]) == (
        "unreachable",
        f"the CA file '{tmp_path}/it' cannot be used: {why}",
    )


@pytest.mark.parametrize("thing", THINGS)
def test_what_is_no_file_in_a_folder_of_reports_is_passed_by(tmp_path: Path, thing: str) -> None:
    """Only files are looked into."""
    THINGS[thing][0](tmp_path / "it")
    done = subprocess.run(
        [COMMAND, "check", "skype-devices-usage", "--from-folder", tmp_path],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )

    assert done.returncode == 3
    assert done.stdout.startswith(
        f"UNKNOWN: skype-devices-usage is gone: '{tmp_path}' holds no file"
    )


def test_regular_files_that_tell_no_size_are_read_to_their_end() -> None:
    """The kernel's own files read as what they hold, up to the bound."""
    content, _ = files.read("/proc/self/status", files.SMALL)

    assert content.startswith(b"Name:")
    with pytest.raises(files.UnfitError, match="it is larger than 10 bytes"):
        files.read("/proc/self/status", 10)


def test_file_of_exactly_the_bound_is_read(tmp_path: Path) -> None:
    """The bound itself is within it."""
    (tmp_path / "it").write_bytes(b"x" * 10)

    assert files.read(str(tmp_path / "it"), 10)[0] == b"x" * 10


# --- who else can change them ---


def warnings(lab: Lab, path: Path, words: tuple[str | Path, ...], given: str = "") -> list[str]:
    """Run a program and give what it says about a file, wherever it says it."""
    done = subprocess.run(
        words,
        env=lab.env,
        input=given,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    lines = (done.stdout + done.stderr).splitlines()
    return [
        line.removeprefix("W! ")
        for line in lines
        if "other users can" in line and str(path) in line
    ]


COMMANDS: dict[str, tuple[str | Path, ...]] = {
    "collect": (COMMAND, "collect", *DEVICES),
    "check": (COMMAND, "check", "skype-devices-usage"),
    "centreon": (COMMAND, "collect", "--output", "centreon", *DEVICES),
    "refresh": (COMMAND, "refresh", *DEVICES),
    "backfill": (COMMAND, "backfill", *DEVICES, "--days", "1"),
    "execd": (COMMAND, "execd", *DEVICES),
    "drop-in": (CONNECTOR, *CHECK),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("mode", [0o602, 0o620])
def test_configuration_that_others_can_change_is_warned_of(
    lab: Lab, tmp_path: Path, command: str, mode: int
) -> None:
    """Who can write to it can send our credentials anywhere; every command says so."""
    config = tmp_path / "config.toml"
    config.write_text("max_age = 600000\n")
    config.chmod(mode)
    lab.env["O365_CONFIG"] = str(config)

    assert warnings(lab, config, COMMANDS[command], "\n") == [
        f"other users can change the configuration file {config}: run chmod go-w on it"
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_secret_that_others_can_change_is_warned_of(lab: Lab, tmp_path: Path, command: str) -> None:
    """Nobody else should be able to make us log in as somebody else."""
    secret = tmp_path / "secret"
    secret.write_text(lab.env.pop("O365_CLIENT_SECRET"))
    secret.chmod(0o622)
    lab.env["O365_CLIENT_SECRET_FILE"] = str(secret)

    assert warnings(lab, secret, COMMANDS[command], "\n") == [
        f"other users can change the client secret file {secret}: run chmod go-w on it"
    ]


@pytest.mark.parametrize(("mode", "said"), [(0o777, 1), (0o770, 1), (0o1777, 0), (0o755, 0)])
def test_file_that_others_can_replace_is_warned_of(
    lab: Lab, tmp_path: Path, mode: int, said: int
) -> None:
    """To write to its folder is as good, unless there everybody can replace their own only."""
    folder = tmp_path / "folder"
    folder.mkdir()
    config = folder / "config.toml"
    config.touch(0o600)
    folder.chmod(mode)
    lab.env["O365_CONFIG"] = str(config)
    line = f"other users can replace the configuration file {config}: run chmod go-w on {folder}"

    assert warnings(lab, config, COMMANDS["collect"]) == [line] * said


def test_key_that_others_can_change_is_warned_of(lab: Lab, tmp_path: Path) -> None:
    """Who knows the key knows the names."""
    key = tmp_path / "key"
    key.write_text("a long random key")
    key.chmod(0o622)
    words = (COMMAND, "collect", *DEVICES, "--pseudonymize", key)

    assert warnings(lab, key, words) == [
        f"other users can change the pseudonym key file {key}: run chmod go-w on it"
    ]
