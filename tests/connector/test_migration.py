"""What the page for those who come from the connector tells to type does what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from o365skype_bridge.connector import scan
from o365skype_bridge.generate import centreon
from o365skype_bridge.model.options import defaults
from o365skype_bridge.reports import chosen

PAGE = (Path(__file__).parents[2] / "centreon" / "MIGRATION.md").read_text("utf-8")
README = (Path(__file__).parents[2] / "centreon" / "README.md").read_text("utf-8")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[str]:
    """Give what stands in the page's blocks of a kind, lines that go on joined."""
    return [text.replace("\\\n", " ") for found, text in FENCE.findall(PAGE) if found == kind]


def commands() -> list[list[str]]:
    """Give the words of every command of the page."""
    return [
        shlex.split(line) for text in blocks("sh") for line in text.splitlines() if line.strip()
    ]


def made(program: str) -> list[str]:
    """Give the last words of the commands that install something for the engine's user."""
    return [words[-1] for words in commands() if program in words and "centreon-engine" in words]


def tried() -> list[str]:
    """Give the command line that is to be tried."""
    [line] = [words for words in commands() if any("--plugin=" in word for word in words[:5])]
    return line


def test_what_is_tried_uses_the_folder_and_the_file_that_were_made() -> None:
    """The first step makes them, the third names them, and both belong to who runs the checks."""
    options = dict(word.split("=", 1) for word in tried() if "=" in word)

    assert made("install") == [options["--statefile-dir"], options["--client-secret-file"]]
    assert tried()[:3] == ["sudo", "-u", "centreon-engine"]


def test_what_is_tried_is_the_link_that_was_made() -> None:
    """At the path that the check command and the generated commands have too."""
    [link] = [words[-1] for words in commands() if words[:3] == ["sudo", "ln", "-s"]]
    command = defaults(centreon.OPTIONS)["command"]

    assert tried()[3] == link
    assert command.replace("$CENTREONPLUGINS$", "/usr/lib/centreon/plugins") == link


def test_what_is_tried_is_answered_as_by_the_connector() -> None:
    """By the word of our own scan."""
    line = [word for word in tried()[3:] if not word.startswith("--client-secret-file")]
    report, code = scan.scanned([shlex.join([*line, "--client-secret=x"])])

    assert code == 0, report


def test_scan_is_shown_as_it_answers() -> None:
    """The example is the answer to three lines like those."""
    begin = "x --plugin=cloud::microsoft::office365::skype::plugin --tenant=a --client-id=b "
    begin += "--client-secret=c --mode="
    report, _ = scan.scanned(
        [
            f"{begin}devices-usage",
            f"{begin}users-activity --units=",
            f"{begin}devices-usage --filter-user='\\Ga'",
        ]
    )

    assert blocks("text") == [report]


def test_every_line_for_clapi_has_its_fields() -> None:
    """Name, parameter and value, without a semicolon too many."""
    given = [words[words.index("-v") + 1] for words in commands() if "setparam" in words]
    parameters = [tuple(value.split(";")[1:2]) for value in given]

    assert parameters == [("line",), ("connector_id",), ("check_command",)]
    assert [len(value.split(";")) for value in given] == [3, 3, 3]


def test_template_is_given_a_command_that_the_import_brings() -> None:
    """Called as in the generated file."""
    [value] = [word for words in commands() for word in words if ";check_command;" in word]
    reports = chosen(["skype-devices-usage"], "--report")
    text = centreon.make(defaults(centreon.OPTIONS), reports)[centreon.IMPORT]

    assert f"CMD;ADD;{value.split(';')[2]};check;" in text


@pytest.mark.parametrize("name", ["o365skype-bridge-skype", "OFFICE365CLIENTSECRET"])
def test_names_of_the_readme_are_those_of_the_import(name: str) -> None:
    """A host is made with a template that is there."""
    reports = chosen(["skype"], "--report")
    text = centreon.make(defaults(centreon.OPTIONS), reports)[centreon.IMPORT]

    assert f"`{name}`" in README
    assert f";{name};" in text
