"""What `generate nagios` makes survives Nagios's own reading, and the shell behind it."""

from __future__ import annotations

import re
import shlex

import pytest
from attempts import attempt, made
from hypothesis import given, settings
from hypothesis import strategies as st

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import nagios
from o365skype_bridge.generate.nagios_quoting import STRIPPED, argument

SERVICE = "Skype for Business users activity"


def uncommented(line: str) -> str:
    """Give what Nagios reads of a line: up to a semicolon that has no backslash before it."""
    return re.sub(r"(?<!\\);.*", "", line).replace("\\;", ";").strip()


def objects(text: str) -> list[dict[str, str]]:
    """Read an object file; each object has its kind under ``""``."""
    found: list[dict[str, str]] = []
    for line in text.splitlines():
        if begun := re.fullmatch(r"define (\w+) \{", line):
            found.append({"": begun[1]})
        elif line not in ("", "}") and not line.lstrip().startswith("#"):
            name, _, value = line.strip().partition(" ")
            assert name not in found[-1]
            found[-1][name] = uncommented(value)
    return found


def split(check_command: str) -> list[str]:
    """Split a check_command at each ``!`` that has no backslash before it."""
    return [part.replace("\\!", "!") for part in re.split(r"(?<!\\)!", check_command)]


def run_by(check_command: str) -> list[str]:
    """Give the words that the shell makes of the second argument."""
    text = split(check_command)[2]

    assert re.sub(r"\$\$", "", text).count("$") == 0, "a macro that nobody meant"
    return shlex.split(text.replace("$$", "$"))


def service(text: str) -> dict[str, str]:
    """Give the service of the users' activity."""
    [one] = [one for one in objects(text) if one.get("service_description") == SERVICE]
    return one


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60))
def test_option_survives_or_is_refused_by_name(value: str) -> None:
    """An option's value reaches the command as it was given, or the message names the option."""
    files, refusal = attempt(f"nagios --set {shlex.quote(f'filter-user={value}')}")
    if refusal:
        assert "--set filter-user" in refusal
        assert not value.isprintable() or value != value.strip()
        return
    check_command = service(files[nagios.OBJECTS])["check_command"]
    words = run_by(check_command) if value else []

    assert words == ([f"--filter-user={value}"] if value else [])


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("\\!;$'\"`ab |#~"), max_size=20).map(lambda text: f"x{text}x"))
def test_special_characters_survive(value: str) -> None:
    """No row of characters that somebody on the way reads for himself changes a value."""
    written = uncommented(f"check_o365skype!report!{argument({'filter-user': value}, frozenset())}")

    assert run_by(written) == [f"--filter-user={value}"]


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(["--tenant", "--client-id", "--host", "--secret-file", "--command"]), st.text()
)
def test_value_survives_or_is_refused_by_name(option: str, value: str) -> None:
    """What goes into a name, a path or a custom variable is stored whole, or refused by name."""
    files, refusal = attempt(f"nagios {option}={shlex.quote(value)}")
    if refusal:
        assert option in refusal
        return
    found = objects(files[nagios.OBJECTS])
    [host] = [one for one in found if one[""] == "host" and "host_name" in one]
    [template] = [one for one in found if one[""] == "host" and "name" in one]
    [command] = [one for one in found if one[""] == "command"]
    kept = {
        "--tenant": host["_O365_TENANT_ID"] if value else "",
        "--client-id": host["_O365_CLIENT_ID"] if value else "",
        "--host": host["host_name"],
        "--secret-file": template["_O365_CLIENT_SECRET_FILE"] if value else "",
        "--command": shlex.split(command["command_line"])[-4],
    }

    assert kept[option] == value
    assert not set(kept[option]) & set(STRIPPED)


def test_no_option_is_in_a_custom_variable() -> None:
    """Custom variables hold what has nothing that Nagios would take out: ids and paths."""
    line = "--set 'filter-user=a|b$' --set warning-active-users=~:1"
    found = objects(made(f"nagios {line}")[nagios.OBJECTS])
    variables = {name: one[name] for one in found for name in one if name.startswith("_")}

    assert variables == {
        "_O365_TENANT_ID": "00000000-0000-0000-0000-000000000000",
        "_O365_CLIENT_ID": "00000000-0000-0000-0000-000000000000",
        "_O365_CLIENT_SECRET_FILE": "/etc/o365skype-bridge/client-secret",
    }
    assert set(variables) | {"_O365_TENANT"} == set(nagios.VARIABLES)


def test_thresholds_go_to_the_report_that_has_them() -> None:
    """A service gets its own options, and those for all; an empty value takes one away."""
    line = "--set warning-ipad=1 --set units=count --set verbose=yes"
    line += " --set skype-users-activity:units= --set warning-active-users=~:1"
    found = service(made(f"nagios {line}")[nagios.OBJECTS])

    assert run_by(found["check_command"]) == ["--verbose", "--warning-active-users=~:1"]


def test_secret_macro_is_filled_in_by_hand() -> None:
    """The line for resource.cfg has a placeholder, and the command hands the macro over."""
    files = made("nagios --secret-macro 07")
    [command] = [one for one in objects(files[nagios.OBJECTS]) if one[""] == "command"]
    lines = [line for line in files[nagios.RESOURCE].splitlines() if not line.startswith("#")]

    assert lines == ["$USER7$=PUT-THE-CLIENT-SECRET-HERE"]
    assert "O365_CLIENT_SECRET='$USER7$' " in command["command_line"]
    assert "SECRET_FILE" not in files[nagios.OBJECTS]


def test_configuration_file_needs_a_name_only() -> None:
    """With a configuration file nothing of a tenant but its name is in Nagios."""
    found = objects(made("nagios --config /etc/c.toml --tenant fabrikam")[nagios.OBJECTS])
    [command] = [one["command_line"] for one in found if one[""] == "command"]
    [host] = [one for one in found if one[""] == "host" and "host_name" in one]

    assert {name: host[name] for name in host if name.startswith("_")} == {
        "_O365_TENANT": "fabrikam"
    }
    assert command.startswith("O365_CONFIG=/etc/c.toml ")
    assert " --tenant='$_HOSTO365_TENANT$' " in command
    assert "SECRET" not in command


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--config /c --secret-file /s", "--secret-file and --config"),
        ("--config /c --secret-macro 1", "--secret-macro and --config"),
        ("--config /c --client-id x", "--config and --client-id"),
        ("--secret-macro 1 --secret-file /s", "--secret-macro and --secret-file"),
    ],
)
def test_two_ways_are_refused(line: str, said: str) -> None:
    """The secret is in one place; two are not guessed between."""
    _, refusal = attempt(f"nagios {line}")

    assert refusal == f"{said} contradict each other"


@pytest.mark.parametrize("number", ["0", "257", "x", "-1", "1.5", "²"])
def test_number_that_is_no_macro_is_refused(number: str) -> None:
    """Nagios knows $USER1$ to $USER256$."""
    with pytest.raises(UsageError, match="--secret-macro"):
        made(f"nagios --secret-macro={number}")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("warning-active-users", "sets nothing that there is"),
        ("warning-nothing=1", "sets nothing that there is"),
        ("skype-devices-usage:warning-active-users=1", "sets nothing that there is"),
        ("nothing:units=%", "sets nothing that there is"),
        ("warning-active-users=1;2", "--set warning-active-users"),
        ("units=percent", "--set units cannot be 'percent'"),
        ("per-user=no", "--set per-user cannot be 'no'"),
        (f"filter-user={'x' * 5000}", "Nagios cuts long commands"),
    ],
)
def test_option_that_no_check_takes_is_refused(word: str, said: str) -> None:
    """What the check would refuse every five minutes is refused now, by name."""
    with pytest.raises(UsageError) as error:
        made(f"nagios --set {shlex.quote(word)}")

    assert said in error.value.text
