"""What `generate icinga2` makes survives Icinga's own reading, and so does Director's basket."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
from attempts import attempt, made
from catalogue import CATALOGUE, SHAPES
from hypothesis import given, settings
from hypothesis import strategies as st

from o365skype_bridge.cli import entry
from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import icinga2, identity
from o365skype_bridge.model.options import defaults
from o365skype_bridge.outputs import centreon

STRING = r'"(?:[^"\\\n]|\\[\\"tnr])*"'

FLAGS = {option.flag for option in entry.options_of("check", centreon.OUTPUT, CATALOGUE)}


def meant(literal: str) -> str:
    """Read a string as Icinga reads it."""
    assert re.fullmatch(STRING, literal)
    escapes = {"\\\\": "\\", '\\"': '"', "\\t": "\t", "\\n": "\n", "\\r": "\r"}
    return re.sub(r"\\.", lambda found: escapes[found[0]], literal[1:-1])


def resolved(literal: str) -> str:
    """Read a string that is the value of a variable, in which only ``$$`` may be."""
    text = meant(literal)

    assert text.replace("$$", "").count("$") == 0, "a macro that nobody meant"
    return text.replace("$$", "$")


def variables(text: str) -> dict[str, str]:
    """Give what the variables of a file are set to."""
    found = re.findall(rf"^  vars\.o365skype_(\w+) = ({STRING})$", text, re.MULTILINE)
    return {name: resolved(value) for name, value in found}


def basket(line: str = "") -> dict[str, Any]:
    """Read the basket of a command line."""
    read: dict[str, Any] = json.loads(made(f"icinga2 {line}")[icinga2.BASKET])
    return read


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(["--tenant", "--client-id", "--secret-file", "--set"]), st.text(max_size=60))
def test_value_survives_or_is_refused_by_name(option: str, value: str) -> None:
    """A value is what Icinga, and Director, hand over; or the message names its option."""
    word = f"filter-user={value}" if option == "--set" else value
    files, refusal = attempt(f"icinga2 {option}={shlex.quote(word)}")
    if refusal:
        assert option in refusal
        return
    name = {"--set": "filter_user", "--secret-file": "client_secret_file"}.get(
        option, option.strip("-").replace("-", "_").replace("tenant", "tenant_id")
    )
    default = {"--set": None, "--secret-file": identity.SECRET_FILE}.get(
        option, identity.UNKNOWN_ID
    )

    assert variables(files[icinga2.OBJECTS]).get(name) == (value or default)
    if option == "--set" and value:
        template = json.loads(files[icinga2.BASKET])["ServiceTemplate"]
        stored = template["o365skype-skype-users-activity"]["vars"]["o365skype_filter_user"]
        assert stored.replace("$$", "\0").replace("$", "") == value.replace("$", "\0")


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60))
def test_host_survives_or_is_refused_by_name(value: str) -> None:
    """A host's name is written as it was given, or refused."""
    files, refusal = attempt(f"icinga2 --host={shlex.quote(value)}")
    if refusal:
        assert "--host" in refusal
        return
    pattern = rf"^object Host ({STRING}) \{{$"
    [written] = re.findall(pattern, files[icinga2.OBJECTS], re.MULTILINE)

    assert meant(written) == value


def test_every_argument_is_a_flag_of_check() -> None:
    """What the command hands over is what `check` takes, each option once."""
    text = made("icinga2")[icinga2.OBJECTS]
    flags = re.findall(r'"(--[a-z-]+)', text)

    assert set(flags) - FLAGS == set()
    assert len(flags) == len(set(flags))


@pytest.mark.parametrize("shape", SHAPES)
def test_arguments_for_any_shape_are_flags_of_check(shape: str) -> None:
    """Two thresholds of each number are among them."""
    reports = (*CATALOGUE, SHAPES[shape])
    text = icinga2.make(defaults(icinga2.TARGET.options), reports)[icinga2.OBJECTS]
    flags = set(re.findall(r'"(--[a-z0-9-]+)', text))
    known = {option.flag for option in entry.options_of("check", centreon.OUTPUT, reports)}
    own = {option.flag for option in centreon.OUTPUT.metric_options([SHAPES[shape]])}

    assert flags - known == set()
    assert own - flags == set()


def test_director_has_the_same_arguments() -> None:
    """Director's command hands over what Icinga's does."""
    text = made("icinga2")[icinga2.OBJECTS]
    arguments = basket()["Command"]["o365skype"]["arguments"]
    found = {name: body.get("value", body.get("set_if")) for name, body in arguments.items()}
    pattern = r'^    "([a-z-]+)" = \{ (?:value|set_if) = "([^"]+)"'

    assert found == dict(re.findall(pattern, text, re.MULTILINE))


def test_director_keeps_foreign_python_away() -> None:
    """Director's commands have no environment of their own, so they begin with one."""
    commands = basket()["Command"].values()

    assert [one["command"].split()[:3] for one in commands] == [
        ["/usr/bin/env", "PYTHONPATH=", "PYTHONHOME="]
    ] * 2


def test_basket_refers_to_nothing_that_is_not_in_it() -> None:
    """Templates, commands and fields are there; Director knows no template library at first."""
    read = basket()
    known = {name for kind in ("Command", "HostTemplate", "ServiceTemplate") for name in read[kind]}
    named = {
        *(
            one["check_command"]
            for kind in ("HostTemplate", "ServiceTemplate")
            for one in read[kind].values()
            if "check_command" in one
        ),
        *(name for one in read["ServiceTemplate"].values() for name in one.get("imports", ())),
        *(
            name
            for one in read["ServiceSet"].values()
            for service in one["services"].values()
            for name in service["imports"]
        ),
    }
    fields = {
        str(field["datafield_id"])
        for kind in ("HostTemplate", "ServiceTemplate")
        for one in read[kind].values()
        for field in one.get("fields", ())
    }

    assert named - known == set()
    assert fields == set(read["Datafield"])


def test_basket_has_the_form_that_director_restores() -> None:
    """Every object is under its own name, has a type, and no uuid, id or environment."""
    read = basket("--set per-user=yes")
    text = json.dumps(read)

    assert set(read) == {"Command", "HostTemplate", "ServiceTemplate", "ServiceSet", "Datafield"}
    for kind in ("Command", "HostTemplate", "ServiceTemplate", "ServiceSet"):
        for name, one in read[kind].items():
            assert (one["object_name"], one["object_type"]) == (
                name,
                "object" if kind == "Command" else "template",
            )
    assert [key for key in ("uuid", '"id"', '"env"', "originalId") if key in text] == []


def test_every_variable_has_a_field() -> None:
    """Forms have a field for each variable of the command, and yes or no for a flag."""
    read = basket()
    arguments = read["Command"]["o365skype"]["arguments"]
    kinds = {
        re.findall(r"\$(\w+)\$", one.get("value", one.get("set_if")))[0]: "Boolean"
        if "set_if" in one
        else "String"
        for name, one in arguments.items()
        if name != "report"
    }

    assert {
        field["varname"]: field["datatype"].removeprefix(
            "Icinga\\Module\\Director\\DataType\\DataType"
        )
        for field in read["Datafield"].values()
    } == kinds


def test_constant_is_in_the_environment_only() -> None:
    """With a constant there is no file, no basket, and a placeholder to fill in."""
    files = made("icinga2 --secret-constant O365Secret")

    assert set(files) == {icinga2.OBJECTS, icinga2.SECRET}
    assert 'const O365Secret = "PUT-THE-CLIENT-SECRET-HERE"' in files[icinga2.SECRET].splitlines()
    assert "client-secret" not in files[icinga2.OBJECTS]


def test_configuration_file_needs_a_name_only() -> None:
    """With a configuration file nothing of a tenant but its name is in Icinga, or in Director."""
    files = made("icinga2 --config /etc/c.toml --tenant fabrikam")
    read = json.loads(files[icinga2.BASKET])

    assert variables(files[icinga2.OBJECTS]) == {
        "config": "/etc/c.toml",
        "tenant": "fabrikam",
        "report": CATALOGUE[-1].name,
    }
    assert "assign where host.vars.o365skype_tenant\n" in files[icinga2.OBJECTS]
    assert read["HostTemplate"]["o365skype-tenant"]["vars"] == {"o365skype_config": "/etc/c.toml"}
    assert read["ServiceSet"]["Microsoft 365 usage"]["assign_filter"] == (
        "host.vars.o365skype_tenant=true"
    )


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a b", 'a"', "a }} + 1"])
def test_constant_must_be_a_name(name: str) -> None:
    """Nothing but a name gets into the configuration as code."""
    if not name:
        assert icinga2.SECRET not in made("icinga2 --secret-constant=")
        return
    with pytest.raises(UsageError, match="--secret-constant"):
        made(f"icinga2 --secret-constant={shlex.quote(name)}")
