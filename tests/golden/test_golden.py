"""What every output prints for every case, to the byte."""

from __future__ import annotations

import json
import tomllib
from difflib import unified_diff

import pytest
from readers import line_protocol, perfdata, prometheus
from scenarios import ACTUAL, CASES, HERE

from o365skype_bridge.outputs import OUTPUTS

CASES_AND_OUTPUTS = [(case, output) for case in CASES for output in OUTPUTS]


@pytest.mark.parametrize(("name", "output"), CASES_AND_OUTPUTS)
def test_is_what_was_accepted(name: str, output: str) -> None:
    """An output prints the accepted text; what it prints instead is left in the folder actual."""
    case = CASES[name]
    path = case.expected(output)
    expected = path.read_bytes().decode() if path.exists() else ""
    actual = case.rendered(output).text
    left = ACTUAL / name / path.name
    if expected == actual:
        left.unlink(missing_ok=True)
        return

    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(actual.encode())
    diff = unified_diff(expected.splitlines(), actual.splitlines(), str(path), str(left), n=0)
    pytest.fail("\n".join(diff), pytrace=False)


@pytest.mark.parametrize(("name", "output"), CASES_AND_OUTPUTS)
def test_has_the_exit_code_of_its_case(name: str, output: str) -> None:
    """The exit code is the one that the case states; only Centreon's differs from 0."""
    case = CASES[name]

    assert case.exit_code(output) == case.rendered(output).exit_code


@pytest.mark.parametrize("name", CASES)
def test_accepted_texts_are_valid(name: str) -> None:
    """What was accepted can be read by readers that know nothing of our code."""
    case = CASES[name]
    texts = {output: case.expected(output).read_bytes().decode() for output in OUTPUTS}

    line_protocol.read(texts["influx"])
    perfdata.read(texts["centreon"])
    json.loads(texts["zabbix"])
    prometheus.read(texts["prometheus"])
    json.loads(texts["json"])


@pytest.mark.parametrize("name", CASES)
def test_every_case_says_what_it_proves(name: str) -> None:
    """A case is one sentence of what it proves, and keys that are known."""
    settings = tomllib.loads((CASES[name].folder / "case.toml").read_text())
    known = {
        "says",
        "reports",
        "periods",
        "groups",
        "group_minimum",
        "per_user",
        "filter_user",
        "options",
        "exit",
        "outcomes",
    }

    assert set() == settings.keys() - known
    assert settings["says"].endswith(".")


def test_folders_hold_cases_and_nothing_else() -> None:
    """Every folder is a case with one expected file for each output."""
    found = {
        path.name: sorted(file.name for file in path.glob("expected.*"))
        for path in HERE.iterdir()
        if path.is_dir() and path.name not in ("actual", "__pycache__")
    }

    assert dict.fromkeys(CASES, sorted(f"expected.{name}" for name in OUTPUTS)) == found
