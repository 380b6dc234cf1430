"""Configuration for Telegraf: what is written, what is quoted, and what is refused."""

from __future__ import annotations

import re
import shlex
import tomllib
from typing import Any

import committed
import pytest
from catalogue import CATALOGUE, SHAPES
from hypothesis import given, settings
from hypothesis import strategies as st

from o365skype_bridge.cli.generate import options_of
from o365skype_bridge.engine import assemble
from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import telegraf
from o365skype_bridge.model.options import defaults
from o365skype_bridge.outputs import influx

MAIN, DROP_IN = telegraf.NAME, telegraf.DROP_IN

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
"""Whatever can be an argument of a process."""

KEYS = {
    "exec": {
        *("alias", "interval", "collection_jitter", "commands", "environment", "timeout"),
        *("log_stderr", "data_format", "tags"),
    },
    "execd": {
        *("alias", "interval", "collection_jitter", "command", "environment", "signal"),
        *("restart_delay", "data_format", "tags"),
    },
}
"""Keys that Telegraf's documentation lists for the two plugins and for every input."""

FOREIGN = ["PYTHONPATH=", "PYTHONHOME="]
"""What keeps foreign code away."""


def make(line: str = "", **changes: Any) -> dict[str, str]:
    """Make the files of a command line, with some values changed past its parsing."""
    words = shlex.split(line)
    options = {option.flag: option for option in options_of("telegraf")}
    values = defaults(options.values())
    while words:
        option = options[words.pop(0)]
        value = words.pop(0) if option.metavar else True
        values[option.name] = [*values[option.name], value] if option.many else value
    asked = [report for report in CATALOGUE if report.name in values["report"]]
    return telegraf.make({**values, **changes}, asked or CATALOGUE)


def read(text: str) -> dict[str, Any]:
    """Read a file as Telegraf does: TOML, with ``$$`` for a dollar sign in every string."""

    def undoubled(value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"\$\$", "$", value)
        if isinstance(value, list):
            return [undoubled(item) for item in value]
        if isinstance(value, dict):
            return {undoubled(name): undoubled(item) for name, item in value.items()}
        return value

    content: dict[str, Any] = undoubled(tomllib.loads(text))
    return content


def blocks(line: str = "", **changes: Any) -> list[dict[str, Any]]:
    """Give the blocks of a file, of whichever plugin."""
    [found] = read(make(line, **changes)[MAIN])["inputs"].values()
    return list(found)


def test_exec_block_says_everything_that_has_a_treacherous_default() -> None:
    """The limit, the format and the log of our warnings are written; times fit each other."""
    [block] = blocks()

    assert block == {
        "alias": "o365",
        "interval": "300s",
        "collection_jitter": "30s",
        "commands": [
            [
                *("/usr/local/bin/o365skype-bridge", "collect", "--output", "influx"),
                *("--state-dir", "/var/cache/o365skype-bridge", "--deadline", "8"),
                "--changed-only",
            ]
        ],
        "environment": [
            "O365_TENANT_ID=${O365_TENANT_ID}",
            "O365_CLIENT_ID=${O365_CLIENT_ID}",
            "O365_CLIENT_SECRET_FILE=${O365_CLIENT_SECRET_FILE}",
            *FOREIGN,
        ],
        "timeout": "15s",
        "log_stderr": True,
        "data_format": "influx",
    }


def test_execd_block_asks_by_stdin() -> None:
    """The signal is a line on stdin, the format is written, and Telegraf has no time limit."""
    [block] = blocks("--mode execd")

    assert block == {
        "alias": "o365",
        "interval": "300s",
        "collection_jitter": "30s",
        "command": [
            *("/usr/local/bin/o365skype-bridge", "execd"),
            *("--state-dir", "/var/cache/o365skype-bridge", "--deadline", "8", "--changed-only"),
        ],
        "environment": blocks()[0]["environment"],
        "signal": "STDIN",
        "restart_delay": "10s",
        "data_format": "influx",
    }


@pytest.mark.parametrize("mode", ["exec", "execd"])
def test_every_option_reaches_the_command_line(mode: str) -> None:
    """What is asked for stands in the command as it was given."""
    line = (
        "--tenant contoso --config /etc/x/c.toml --report skype-users-activity "
        "--filter-user @sales --per-user --max-users 100 --pseudonymize /etc/x/key "
        "--state-dir /s --deadline 5s --tag filter=sales --command /opt/bridge "
        "--service 'Microsoft Teams' --service lync"
    )
    [block] = blocks(f"--mode {mode} {line}")
    words = block["command"] if mode == "execd" else block["commands"][0]
    start = ["execd"] if mode == "execd" else ["collect", "--output", "influx"]

    assert words == [
        *("/opt/bridge", *start, "--config", "/etc/x/c.toml", "--tenant", "contoso"),
        *("--report", "skype-users-activity", "--service", "Microsoft Teams", "--service", "lync"),
        *("--filter-user", "@sales", "--max-users", "100"),
        *("--pseudonymize", "/etc/x/key", "--state-dir", "/s", "--deadline", "5"),
        *("--per-user", "--changed-only"),
    ]
    assert block["tags"] == {"filter": "sales"}
    assert block.keys() - KEYS[mode] == set()


def test_a_block_for_each_tenant() -> None:
    """Every tenant has a block with its name and its alias, once."""
    found = blocks("--tenant contoso --tenant fabrikam --tenant contoso")

    assert [(block["alias"], block["commands"][0][5]) for block in found] == [
        ("o365-contoso", "contoso"),
        ("o365-fabrikam", "fabrikam"),
    ]
    assert [block["collection_jitter"] for block in found] == ["30s", "30s"]


def test_one_process_stays_for_all_tenants() -> None:
    """With `execd` there is one block, whose command names every tenant, once."""
    [block] = blocks("--mode execd --tenant contoso --tenant fabrikam --tenant contoso")

    assert block["alias"] == "o365"
    assert block["command"][1:6] == ["execd", "--tenant", "contoso", "--tenant", "fabrikam"]


@pytest.mark.parametrize("mode", ["exec", "execd"])
def test_points_at_the_time_of_collection_come_every_time(mode: str) -> None:
    """They are new at each collection, and their time is on the command line."""
    [block] = blocks(f"--mode {mode} --timestamp now")
    words = block["command"] if mode == "execd" else block["commands"][0]

    assert words[words.index("--timestamp") + 1] == "now"
    assert "--changed-only" not in words


@pytest.mark.parametrize("mode", ["exec", "execd"])
def test_outputs_that_forget_get_every_point(mode: str) -> None:
    """Who asks for it gets figures at every collection, changed or not."""
    [block] = blocks(f"--mode {mode} --every-point")
    words = block["command"] if mode == "execd" else block["commands"][0]

    assert {"--changed-only", "--timestamp"} & set(words) == set()


@settings(deadline=None)
@given(tenant=WORDS, pattern=WORDS, value=WORDS)
def test_nothing_gets_out_of_its_quotes(tenant: str, pattern: str, value: str) -> None:
    """Whatever is in a value, it comes out of the file as it went in, and nothing else does."""
    [block] = blocks(tenant=[tenant], filter_user=pattern, tag=[f"mine={value}"])
    words = block["commands"][0]

    assert block["alias"] == f"o365-{tenant}"
    assert f"--tenant={tenant}" in words or words[words.index("--tenant") + 1] == tenant
    assert f"--filter-user={pattern}" in words or words[words.index("--filter-user") + 1] == pattern
    assert block["tags"] == {"mine": value}
    assert block.keys() - KEYS["exec"] == set()


@settings(deadline=None)
@given(tenant=WORDS, pattern=WORDS)
def test_a_string_is_split_into_the_words_of_the_list(tenant: str, pattern: str) -> None:
    """For a Telegraf before lists of words the command is a string of the same words."""
    values: dict[str, Any] = {"tenant": [tenant], "filter_user": pattern, "tag": ["mine=x"]}
    [new] = blocks(**values)
    [old] = blocks("--telegraf-version 1.38.4", **values)

    assert shlex.split(old["commands"][0]) == new["commands"][0]


def test_a_value_is_not_taken_for_a_flag() -> None:
    """A value that begins with a dash stays the value of its option."""
    [block] = blocks(filter_user="-x", tag=["a=b"], tenant=["--help"])

    assert "--filter-user=-x" in block["commands"][0]
    assert "--tenant=--help" in block["commands"][0]


@pytest.mark.parametrize(
    ("version", "is_list", "logs"),
    [
        ("1.27.0", False, False),
        ("1.38.0", False, False),
        ("1.38.1", False, True),
        ("1.39.0-rc1", True, True),
        ("v1.39", True, True),
        ("1.45.2", True, True),
    ],
)
def test_older_telegraf_gets_what_it_knows(version: str, *, is_list: bool, logs: bool) -> None:
    """Lists of words come with 1.39.0, the log of good runs with 1.38.1."""
    [block] = blocks(f"--telegraf-version {version}")

    assert isinstance(block["commands"][0], list) == is_list
    assert ("log_stderr" in block) == logs


def test_old_telegraf_gets_execd_as_new_ones_do() -> None:
    """The command of `execd` has always been a list."""
    assert make("--mode execd --telegraf-version 1.27") == make("--mode execd")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("--timeout 9s", "--timeout 9s is too short for --deadline 8s"),
        ("--deadline 14s", "--timeout 15s is too short for --deadline 14s"),
        ("--deadline 0s", "--deadline must be a second or more"),
        ("--interval 15s", "--timeout 15s is not below --interval 15s"),
        ("--mode execd --interval 8s", "--deadline 8s is not below --interval 8s"),
        ("--interval 60s --jitter 46s", "--jitter 46s leaves no time for --timeout"),
        ("--interval 5", "--interval '5' is not a duration"),
        ("--interval ''", "--interval '' is not a duration"),
        ("--jitter 5ms", "--jitter '5ms' is not a duration"),
        ("--telegraf-version new", "--telegraf-version 'new' is not a version"),
        ("--telegraf-version 1.26.3", "--telegraf-version 1.26.3 is too old"),
        ("--command o365skype-bridge", "--command 'o365skype-bridge' is not an absolute path"),
        ("--command '/opt/[a]/bridge'", "--command '/opt/[a]/bridge' is not an absolute path"),
        ("--command /opt/*", "--command '/opt/*' is not an absolute path"),
        ("--config c.toml", "--config 'c.toml' is not an absolute path"),
        ("--state-dir s", "--state-dir 's' is not an absolute path"),
        ("--pseudonymize k", "--pseudonymize 'k' is not an absolute path"),
        ("--config /etc/telegraf/telegraf.d/o365.conf", "ends in .conf"),
        ("--filter-user x", "--filter-user needs a --tag"),
        ("--tag a", "--tag 'a' is not NAME=VALUE"),
        ("--tag a-b=c", "--tag 'a-b=c' is not NAME=VALUE"),
        ("--tag a=", "--tag 'a=' is not NAME=VALUE"),
        ("--tag tenant=x", "--tag 'tenant=x' is not NAME=VALUE"),
        ("--per-user", "--per-user needs --users or --max-users"),
        ("--per-user --users many", "--users 'many' is not a whole number"),
        ("--per-user --max-users -1", "--max-users '-1' is not a whole number"),
        ("--max-users 10", "--max-users needs --per-user"),
        ("--users 10", "--users needs --per-user"),
        ("--tenants none", "--tenants 'none' is not a whole number"),
        ("--tenants 0", "--tenants 0 is nobody"),
        ("--tenants 2 --tenant a", "--tenants and --tenant contradict each other"),
        ("--per-user --users 0", "--per-user needs --users or --max-users"),
        ("--systemd-credentials --tenant 'a b'", "--tenant 'a b' cannot be part of a credential"),
    ],
)
def test_refused_with_the_name_of_the_option(line: str, complaint: str) -> None:
    """What Telegraf would misread, or what does not fit together, is refused by its option."""
    with pytest.raises(UsageError) as error:
        make(line)

    assert complaint in str(error.value)
    assert error.value.remedy


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_what_no_process_can_be_given_is_refused(name: str) -> None:
    """An argument holds no zero byte and no half character."""
    with pytest.raises(UsageError) as error:
        make(tenant=["good", name])

    assert str(error.value) == f"--tenant {name!a} is no text"


FOLDER = committed.ROOT / "telegraf"
OURS = [path for path in sorted(committed.everything()) if path.is_relative_to(FOLDER)]


@pytest.mark.parametrize("name", OURS, ids=lambda path: path.parent.name)
def test_committed_file_names_no_secret(name: Any) -> None:
    """Everything in an environment is a reference, and no variable holds a secret itself."""
    text = committed.everything()[name]
    items = re.findall(r'^ +"(O365_\w+=.*)",$', text, re.MULTILINE)

    assert [item for item in items if not re.fullmatch(r"O365_\w+=\$\{\w+\}[\w./-]*", item)] == []
    assert "O365_CLIENT_SECRET=" not in text
    assert "@{" not in text


@pytest.mark.parametrize("line", ["--config /etc/c.toml", "--tenant a --tenant b"])
def test_a_configuration_file_needs_no_settings_in_the_environment(line: str) -> None:
    """Settings come from one place; only what would load foreign code is emptied."""
    assert [block["environment"] for block in blocks(line)] == [FOREIGN] * len(blocks(line))


def test_credentials_of_systemd_are_referred_to() -> None:
    """Each tenant's secret is its own credential, which the drop-in loads.

    A variable names it, so each tenant has a process of its own, one that stays as well.
    """
    line = "--tenant contoso --tenant fab.rikam --systemd-credentials"
    files = make(line)
    path = "O365_CLIENT_SECRET_FILE=${CREDENTIALS_DIRECTORY}/telegraf.o365"

    assert [block["environment"] for block in blocks(line)] == [
        [f"{path}_contoso", *FOREIGN],
        [f"{path}_fab.rikam", *FOREIGN],
    ]
    assert len(blocks(f"{line} --mode execd")) == 2
    assert [line for line in files[DROP_IN].splitlines() if not line.startswith("#")] == [
        "[Service]",
        "LoadCredential=telegraf.o365_contoso:/etc/o365skype-bridge/contoso-secret",
        "LoadCredential=telegraf.o365_fab.rikam:/etc/o365skype-bridge/fab.rikam-secret",
    ]


def test_credential_of_the_only_tenant() -> None:
    """Without a name there is one credential, and the ids are references as before."""
    files = make("--systemd-credentials")
    [block] = blocks("--systemd-credentials")

    assert block["environment"][2] == (
        "O365_CLIENT_SECRET_FILE=${CREDENTIALS_DIRECTORY}/telegraf.o365_client_secret"
    )
    assert files[DROP_IN].endswith(
        "LoadCredential=telegraf.o365_client_secret:/etc/o365skype-bridge/client-secret\n"
    )


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        ("", 10_000),
        ("--per-user --users 4000", 10_000),
        ("--per-user --users 4990", 11_000),
        ("--per-user --users 50000", 101_000),
        ("--per-user --users 50000 --max-users 1000", 10_000),
        ("--per-user --max-users 20000", 41_000),
        ("--per-user --max-users 0", 10_000),
        ("--per-user --users 50000 --tenant a --tenant b", 201_000),
        ("--per-user --users 50000 --tenant a --tenant b --mode execd", 201_000),
        ("--per-user --users 4000 --config /etc/c.toml", 10_000),
        ("--per-user --users 4000 --config /etc/c.toml --tenants 3", 25_000),
        ("--config /etc/c.toml --tenants 500", 23_000),
        ("--per-user --users 50000 --report skype-devices-usage", 10_000),
    ],
)
def test_buffer_that_is_advised_holds_what_comes(line: str, limit: int) -> None:
    """The advice is a buffer for two collections of all tenants, and Telegraf's own at least.

    It is a comment: an agent's table in a file for telegraf.d does not reach the outputs that
    are in the files before it.
    """
    text = make(line)[MAIN]

    assert "agent" not in read(text)
    assert f"# [agent]\n#   metric_buffer_limit = {limit}\n" in text


def test_expected_lines_are_those_that_there_can_be() -> None:
    """The number of lines is that of a full answer: all reports, all days, all users."""
    days = telegraf.DAYS
    groups = {
        (influx.measurement(report), metric.label, metric.value)
        for report in CATALOGUE
        for metric in report.metrics
        if not metric.per_user
    }
    values = {"users": "7", "max_users": "", "per_user": True}

    assert days == assemble.DAYS_HELD
    assert telegraf.expected_lines(values, CATALOGUE) == len(groups) * days + 7 + len(CATALOGUE)


def test_things_that_only_the_data_know_are_many() -> None:
    """A report by name, as of services, has room for a hundred of them."""
    values = {"users": "", "max_users": "", "per_user": False}
    report = SHAPES["by label"]

    assert telegraf.expected_lines(values, [report]) == telegraf.FOUND * telegraf.DAYS + 1


@pytest.mark.parametrize("mode", ["exec", "execd"])
@pytest.mark.parametrize("line", ["", "--tenant a --tenant b --tag x=y --per-user --users 50000"])
def test_written_in_the_manner_of_telegrafs_samples(mode: str, line: str) -> None:
    """Two blanks of indent, prose after ##, defaults after #, and no line longer than prose needs.

    Every option stands behind its prose, and a blank line is between options.
    """
    text = make(f"--mode {mode} {line}")[MAIN]
    paragraphs = text.rstrip("\n").split("\n\n")
    options = [
        part.splitlines() for part in paragraphs if re.search(r"^ +\w+ = ", part, re.MULTILINE)
    ]

    assert text.endswith("\n")
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert all(len(line) <= 80 for line in text.splitlines() if line.lstrip().startswith("#"))
    assert [part for part in options if not any("##" in line for line in part)] == []
    assert "$" not in "".join(line for line in text.splitlines() if line.lstrip().startswith("#"))
