"""Who misspells a word is told which one was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Lab

WORDS = {
    "command": (("colect",), "collect"),
    "option": (("collect", "--outputt", "json"), "--output"),
    "choice": (("collect", "--output", "jsn"), "json"),
    "report to check": (("check", "skype-users-activty"), "skype-users-activity"),
    "report": (("collect", "--report", "skype-users-activty"), "skype-users-activity"),
    "report of no family": (("collect", "--report", "skipe"), "skype"),
    "cloud": (("collect", "--cloud", "usgob"), "usgov"),
    "target": (("generate", "telegarf"), "telegraf"),
    "option of a command for people": (("refresh", "--al"), "--all"),
}


@pytest.mark.parametrize("name", WORDS)
def test_nearest_word_is_offered(lab: Lab, name: str) -> None:
    """The word that is nearest to the one that is not known."""
    words, nearest = WORDS[name]
    done = lab.run(*words)

    assert f"Did you mean {nearest}? " in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "words", "nearest"),
    [
        ("deadlin = 3\n", (), "deadline"),
        ("[tenants.contoso]\ntenant_id = 'x'\nclient_secret_fil = 'x'\n", (), "client_secret_file"),
        ("[tenants.contoso]\ntenant_id = 'x'\n", ("--tenant", "contosso"), "contoso"),
    ],
)
def test_nearest_word_of_the_configuration_is_offered(
    lab: Lab, tmp_path: Path, text: str, words: tuple[str, ...], nearest: str
) -> None:
    """Keys and tenants are words, too."""
    path = tmp_path / "config.toml"
    path.write_text(text)
    done = lab.run("collect", "--config", str(path), *words)

    assert f"Did you mean {nearest}? " in done.stdout + done.stderr


def test_nothing_is_offered_for_what_is_like_no_word(lab: Lab) -> None:
    """A guess would lead astray."""
    done = lab.run("collect", "--report", "qqqqqq")

    assert "Did you mean" not in done.stdout + done.stderr
