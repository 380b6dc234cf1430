"""A real Telegraf takes the generated files, and refuses what they take care to avoid."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from conftest import COMMAND, Lab
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_telegraf import ROOT, Agent, generated, needs_telegraf, problems, script

pytestmark = needs_telegraf

COMMITTED = sorted(
    path for path in ROOT.glob("telegraf/**/*.conf") if ".service.d" not in path.parent.name
)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path / "telegraf")


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: str(path.parent.name))
def test_committed_file_is_taken(agent: Agent, path: Path) -> None:
    """Telegraf's own check has nothing to say about what is committed."""
    done = agent.check(path.read_text(encoding="utf-8"))

    assert (done.returncode, problems(done.stderr)) == (0, [])


@pytest.mark.parametrize(
    "line",
    [
        "--telegraf-version 1.39.0 --tag filter=sales --filter-user x",
        "--mode execd --tenant a --tenant b --tag a=b",
        "--per-user --users 50000",
    ],
)
def test_generated_file_is_taken(agent: Agent, line: str) -> None:
    """So it is about every other form."""
    done = agent.check(generated(line))

    assert (done.returncode, problems(done.stderr)) == (0, [])


def test_old_form_is_taken_and_said_to_be_old(agent: Agent) -> None:
    """The string for older versions works in this one, which announces its end."""
    done = agent.check(generated("--telegraf-version 1.38.0"))

    assert done.returncode == 0
    assert [line for line in problems(done.stderr) if " E! " in line] == []


def test_misspelled_key_is_refused(agent: Agent) -> None:
    """The check does look at keys, so a file that passes has none that Telegraf ignores."""
    done = agent.check(generated().replace("timeout =", "time_out ="))

    assert done.returncode == 1
    assert "time_out" in done.stderr


def test_variable_outside_quotes_is_refused(agent: Agent) -> None:
    """The check is the strict one, which knows variables in strings only."""
    done = agent.check(generated().replace('timeout = "15s"', "timeout = ${T}"))

    assert done.returncode == 1


def test_nonsense_signal_would_pass(agent: Agent) -> None:
    """The check does not read the signal of execd: only a run of it can prove it right."""
    assert agent.check(generated("--mode execd").replace("STDIN", "STDIM")).returncode == 0


def test_missing_command_would_pass(agent: Agent) -> None:
    """Nor does it look for the command."""
    assert agent.check(generated("", command="/nonexistent/bridge")).returncode == 0


@pytest.mark.parametrize("version", ["1.39.3", "1.38.0"])
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tenant=WORDS, pattern=WORDS, tag=WORDS)
def test_hostile_values_arrive_as_they_are(
    tmp_path: Path, version: str, tenant: str, pattern: str, tag: str
) -> None:
    """The process that Telegraf starts gets the very words that were given to us."""
    agent = Agent(tmp_path / "telegraf", env={"C": "wrong", "HOME": "/"})
    words = tmp_path / "words"
    command = script(tmp_path / "bridge", f"for w; do printf '%s\\0' \"$w\"; done > '{words}'")
    text = generated(
        f"--telegraf-version {version}",
        command=command,
        tenant=[tenant],
        filter_user=pattern,
        tag=[f"mine={tag}"],
    )
    done = agent.test(text)
    given_words = words.read_bytes().decode().split("\0")[:-1]

    assert [line for line in problems(done.stderr) if " E! " in line] == []
    assert given_words[:3] == ["collect", "--output", "influx"]
    for flag, value in (("--tenant", tenant), ("--filter-user", pattern)):
        assert f"{flag}={value}" in given_words or (
            given_words[given_words.index(flag) + 1] == value
        )


def test_environment_is_by_reference(tmp_path: Path) -> None:
    """The values come from Telegraf's own environment, a dollar sign in them included."""
    seen = tmp_path / "seen"
    command = script(tmp_path / "bridge", f'printf "%s" "$O365_TENANT_ID" > "{seen}"')
    env = {"O365_TENANT_ID": "a$HOME${HOME}$$b", "HOME": "/"}
    done = Agent(tmp_path / "telegraf", env=env).test(generated("", command=command))

    assert [line for line in problems(done.stderr) if " E! " in line] == []
    assert seen.read_text() == "a$HOME${HOME}$$b"


def test_variable_that_is_not_set_arrives_as_it_stands(tmp_path: Path) -> None:
    """Telegraf does not put nothing in its place, so it is refused, and no point is made."""
    done = Agent(tmp_path / "telegraf", env={"HOME": "/", "O365_TENANT_ID": "x"}).test(generated())

    assert done.stdout == ""
    assert "_id holds '${O365_CLIENT_ID}', which nothing has been put in" in done.stderr


def test_credential_of_systemd_is_found(lab: Lab, tmp_path: Path) -> None:
    """The secret is read from the folder that systemd names to the service."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    secret = folder / "telegraf.o365_client_secret"
    secret.write_text(lab.env["O365_CLIENT_SECRET"])
    secret.chmod(0o400)
    env = {**lab.env, "CREDENTIALS_DIRECTORY": str(folder)}
    del env["O365_CLIENT_SECRET"]
    text = generated("--systemd-credentials", state_dir=str(lab.state))
    done = Agent(tmp_path / "telegraf", env=env).test(text)

    assert problems(done.stderr) == []
    assert done.stdout.count('outcome="ok"') == 2


def test_secret_store_reference_would_arrive_as_it_is(tmp_path: Path) -> None:
    """Telegraf resolves no secret in an environment, so none is generated."""
    seen = tmp_path / "seen"
    command = script(tmp_path / "bridge", f'printf "%s" "$O365_CLIENT_SECRET" > "{seen}"')
    text = generated("", command=command).replace(
        '"O365_CLIENT_ID=${O365_CLIENT_ID}"', '"O365_CLIENT_SECRET=@{store:key}"'
    )
    Agent(tmp_path / "telegraf", env={"HOME": "/"}).test(text)

    assert seen.read_text() == "@{store:key}"


def test_the_test_generates_for_the_installed_command() -> None:
    """What these tests run is the command that would be installed."""
    [block] = tomllib.loads(generated())["inputs"]["exec"]

    assert block["commands"][0][0] == str(COMMAND)
