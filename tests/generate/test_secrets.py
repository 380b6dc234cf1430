"""No target can write a secret: there is nothing to give one with."""

from __future__ import annotations

from pathlib import Path

import pytest
from attempts import made
from conftest import Lab

from o365skype_bridge import generate
from o365skype_bridge.cli.generated import LIST

SECRET = "b~9Q-the-secret"


@pytest.mark.parametrize("target", ["centreon", "nagios", "icinga2"])
def test_no_option_takes_a_secret(target: str) -> None:
    """Options say where the secret is, never what it is."""
    flags = {option.flag for option in generate.load(target).options if "secret" in option.flag}

    assert flags <= {"--secret-file", "--secret-macro", "--secret-constant"}


@pytest.mark.parametrize(
    "line",
    [
        "centreon --secret-file {file}",
        "centreon --host m365",
        "nagios --secret-file {file}",
        "nagios --secret-macro 3",
        "icinga2 --secret-file {file}",
        "icinga2 --secret-constant O365Secret",
    ],
)
def test_secret_is_in_no_file(tmp_path: Path, lab: Lab, line: str) -> None:
    """The file with the secret is named and not read; neither is the environment."""
    file = tmp_path / "secret"
    file.write_text(SECRET, encoding="utf-8")
    folder = tmp_path / "made"
    words = line.format(file=file).split()
    done = lab.run("generate", *words, "--to", str(folder), O365_CLIENT_SECRET=SECRET)
    texts = [path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name != LIST]

    assert (done.returncode, done.stderr) == (0, "")
    assert len(texts) == len(made(line.format(file=file)))
    assert [text for text in texts if SECRET in text] == []
