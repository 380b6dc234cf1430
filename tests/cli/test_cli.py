"""The installed command: what is printed where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
import waiting
from conftest import COMMAND, Lab, MakeLab
from readers import line_protocol

from o365skype_bridge import __version__, outputs

RUNAWAY = r"^([\w.@-]+)+!$"
"""Every name is tried in more ways than there is time for."""

SECRET = "s3cr3t~Value$with'quotes"


def run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command without any setting but those given."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("O365")}
    return subprocess.run(
        [COMMAND, *words],
        env={**clean, "HOME": "/nonexistent", **env},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


WRONG = [
    (("collect", "--nosuch"), "unrecognized arguments: --nosuch"),
    (("collect", "--outpu", "influx"), "unrecognized arguments: --outpu influx"),
    (("collect", "--output", "xml"), "argument --output: invalid choice: 'xml'"),
    (("collect", "--report", "nosuch"), "--report: there is no report 'nosuch'"),
    (("collect", "--deadline"), "argument --deadline: expected one argument"),
    (("collect", "--deadline", "soon"), "deadline 'soon' is not a number of seconds"),
    (("collect", "stray"), "unrecognized arguments: stray"),
    (("collect", "--filter-user", "("), "--filter-user '(' is not a regular expression"),
    (("collect", "--filter-user", "a{2,1}"), "is not a regular expression"),
    (("collect", "--from-folder", "/x", "--client-id", "y"), "contradict each other"),
    (("collect", "--config", "/nonexistent/c.toml"), "cannot be read: No such file"),
]


@pytest.mark.parametrize("output", list(outputs.OUTPUTS))
@pytest.mark.parametrize(("words", "message"), WRONG)
def test_wrong_command_line_is_one_line_and_exit_code_3(
    output: str, words: tuple[str, ...], message: str
) -> None:
    """Each output says what is wrong where its reader looks, and nothing is half-printed."""
    chosen = words if "--output" in words else (*words, "--output", output)
    done = run(*chosen, O365_TENANT_ID="x")
    said = done.stdout if output in ("zabbix", "centreon") else done.stderr
    said = done.stderr if "xml" in words else said

    assert done.returncode == 3
    assert message in said.replace('\\"', '"')
    assert said.count("\n") == 1
    assert "Traceback" not in done.stdout + done.stderr


def test_wrong_command_line_leaves_influx_silent_on_stdout() -> None:
    """A failed exec of Telegraf has no line to take."""
    done = run("collect", "--nosuch")

    assert (done.stdout, done.stderr[:3]) == ("", "E! ")


def test_wrong_command_line_is_a_document_for_zabbix() -> None:
    """Zabbix gets one JSON document and nothing on stderr."""
    done = run("collect", "--nosuch", "--output=zabbix")

    assert done.stderr == ""
    assert sorted(json.loads(done.stdout)) == [
        *("cause", "error", "failure", "schema", "status", "status_code")
    ]


def test_wrong_command_line_is_unknown_for_check() -> None:
    """Nagios gets UNKNOWN on stdout and nothing on stderr."""
    done = run("check", "skype-devices-usage", "--warning-active-devices", "abc")

    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith("UNKNOWN: ")


def test_nothing_configured_names_what_is_missing(tmp_path: Path) -> None:
    """A first try without any setting says what to set."""
    done = run("check", "skype-devices-usage", O365_STATE_DIR=str(tmp_path))

    assert done.returncode == 3
    assert "no tenant is configured. Set O365_TENANT_ID, " in done.stdout


@pytest.mark.parametrize("words", [(), ("nosuch",), ("list", "nothing")])
def test_unknown_commands_are_exit_code_3(words: tuple[str, ...]) -> None:
    """Our own failure is 3, never 2."""
    assert run(*words).returncode == 3


@pytest.mark.parametrize(
    "words", [("--help",), ("collect", "--help"), ("check", "--help"), ("refresh", "--help")]
)
def test_help_is_on_stdout_and_exit_code_0(words: tuple[str, ...]) -> None:
    """Help was asked for, so it is the answer."""
    done = run(*words)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: o365skype-bridge")


def test_version_is_the_packages() -> None:
    """--version prints name and version."""
    assert run("--version").stdout == f"o365skype-bridge {__version__}\n"


@pytest.mark.parametrize(
    ("what", "first"),
    [
        ("reports", "skype-devices-usage"),
        ("metrics", "skype.devices.active.count"),
        ("outputs", "influx"),
    ],
)
def test_list_shows_what_there_is(what: str, first: str) -> None:
    """Reports, metrics and outputs are listed one a line."""
    assert run("list", what).stdout.split()[0] == first


def test_options_may_be_written_with_equals_and_the_last_wins(lab: Lab) -> None:
    """`--opt=value` is `--opt value`; of a repeated one the last counts."""
    one = lab.run("check", "skype-devices-usage", "--warning-active-devices=0:")
    two = lab.run(
        "check",
        "--warning-active-devices",
        "99:",
        "skype-devices-usage",
        "--warning-active-devices",
        "0:",
    )

    assert one.stdout == two.stdout


def test_empty_option_counts_as_not_given(lab: Lab) -> None:
    """Centreon passes an empty option for every macro that nobody filled in."""
    plain = lab.run("check", "skype-devices-usage")
    done = lab.run(
        "check",
        "skype-devices-usage",
        "--units=",
        "--empty-state",
        "",
        "--filter-user=",
        "--warning-active-devices=",
        "--critical-active-devices",
        "",
        "--tenant=",
        "--deadline=",
    )

    assert (done.returncode, done.stdout) == (0, plain.stdout)


def test_empty_word_counts_as_not_given(lab: Lab) -> None:
    """An agent's macro that may hold a flag is an empty word until somebody fills it in."""
    done = lab.run("check", "", "skype-devices-usage", "")

    assert (done.returncode, done.stdout) == (0, lab.run("check", "skype-devices-usage").stdout)


@pytest.mark.parametrize("word", ["--tenant={$O365.TENANT}", "{$O365.USERS}"])
def test_macro_that_the_agent_left_as_it_is_is_named(lab: Lab, word: str) -> None:
    """Zabbix passes on an undefined macro as it stands; Graph is not asked about that."""
    done = lab.run("collect", "--output=zabbix", word)
    macro = word.removeprefix("--tenant=")

    assert (done.returncode, done.stderr) == (3, "")
    assert json.loads(done.stdout)["error"] == (
        f"the macro {macro} is not defined. Define it on the host or its template."
    )
    assert lab.kinds() == []


def test_zabbix_environment_is_enough(lab: Lab, tmp_path: Path) -> None:
    """A Zabbix server runs checks in the root folder, without variables, home or input."""
    tenant = lab.tenant()
    config = tmp_path / "config.toml"
    config.write_text(
        f'state_dir = "{lab.state}"\nca_file = "{tenant.ca_file}"\n'
        f'login_endpoint = "{tenant.login_endpoint}"\ngraph_endpoint = "{tenant.graph_endpoint}"\n'
        f'download_hosts = ["{lab.env["O365_DOWNLOAD_HOSTS"]}"]\n[tenants.contoso]\n'
        f'tenant_id = "{tenant.tenant_id}"\nclient_id = "{tenant.client_id}"\n'
        f'client_secret = "{lab.simulator.client_secret}"\n'
    )
    config.chmod(0o600)
    done = subprocess.run(
        [COMMAND, "collect", "--output=zabbix", "--tenant=contoso", f"--config={config}"],
        cwd="/",
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["status"] == "ok"


def test_tenants_are_listed_without_asking_graph(lab: Lab, tmp_path: Path) -> None:
    """The list comes from the configuration file alone, and has room for no secret."""
    config = tmp_path / "config.toml"
    config.write_text(
        "".join(
            f'[tenants."{name}"]\ntenant_id = "x"\nclient_id = "y"\nclient_secret = "hidden"\n'
            for name in ("contoso", "fabrikam")
        )
    )
    config.chmod(0o600)
    lab.env = {name: value for name, value in lab.env.items() if name in ("HOME", "PATH")}
    done = lab.run("collect", "--output=zabbix", "--tenants-only", f"--config={config}")
    document = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert [row["name"] for row in document["discovery"]["tenants"]] == ["contoso", "fabrikam"]
    assert "hidden" not in done.stdout
    assert lab.kinds() == []


def test_value_that_begins_with_a_dash_is_taken_after_equals(lab: Lab) -> None:
    """A negative range needs the equals sign, as in every argparse program."""
    assert (
        lab.run("check", "skype-devices-usage", "--warning-active-devices=-5:200").returncode == 0
    )


def test_secret_as_a_flag_works_and_warns(lab: Lab) -> None:
    """A secret in argv is taken, with a line that says what is wrong with it."""
    del lab.env["O365_CLIENT_SECRET"]
    done = lab.run("collect", "--client-secret", lab.simulator.client_secret)

    assert "success=true" in done.stdout
    assert done.stderr == (
        "W! a client secret on the command line is visible to every user of this host; "
        "use O365_CLIENT_SECRET_FILE\n"
    )


def test_secret_from_a_file_works_without_a_word(lab: Lab, tmp_path: Path) -> None:
    """The recommended way is silent."""
    del lab.env["O365_CLIENT_SECRET"]
    path = tmp_path / "secret"
    path.write_text(f"{lab.simulator.client_secret}\n")
    path.chmod(0o600)
    done = lab.run("collect", O365_CLIENT_SECRET_FILE=str(path))

    assert (done.stderr, "success=true" in done.stdout) == ("", True)


@pytest.mark.parametrize(
    "fault",
    [
        "",
        "token-7000215",
        "forbidden-wrapped",
        "html",
        "429@reports",
        "close",
        "truncate",
        "badjson",
    ],
)
@pytest.mark.parametrize("output", list(outputs.OUTPUTS))
def test_secret_and_token_appear_nowhere(make_lab: MakeLab, fault: str, output: str) -> None:
    """Neither goes to stdout, stderr or a file other than the token's own."""
    lab = make_lab(users=5, client_secret=SECRET)
    lab.simulator.set_faults([fault] if fault else [])
    done = lab.run("collect", "--output", output, "--verbose", "--deadline", "2")
    kept = {path.name: path.read_bytes() for path in lab.state.rglob("*") if path.is_file()}
    tokens = [
        entry["secret"]
        for name, content in kept.items()
        if name.startswith("token-")
        for entry in json.loads(content).get("AccessToken", {}).values()
    ]
    places = [done.stdout, done.stderr]
    places += [
        content.decode(errors="replace")
        for name, content in kept.items()
        if not name.startswith("token-")
    ]

    assert [word for word in (SECRET, *tokens) for place in places if word in place] == []
    assert all(SECRET.encode() not in content for content in kept.values())


def test_graph_failure_is_a_health_line_and_exit_code_0(lab: Lab) -> None:
    """Telegraf keeps what an exec printed only if it ends with 0."""
    lab.simulator.set_faults(["forbidden-flat"])
    done = lab.run("collect", "--report", "skype-devices-usage")

    assert done.returncode == 0
    assert done.stdout.startswith("o365_bridge,report=skype-devices-usage,")
    assert 'success=false,up=0i,outcome="forbidden"' in done.stdout
    assert done.stderr.startswith("E! ")
    assert len(done.stderr.encode().splitlines()[0]) < 512


def test_one_report_forbidden_does_not_hide_the_other(lab: Lab) -> None:
    """What is fine is printed, what is not is marked, and the state is WARNING."""
    lab.simulator.set_faults(["forbidden-flat@DeviceUsage"])
    done = lab.run("collect", "--output", "centreon")

    assert done.returncode == 1
    assert done.stdout.startswith("WARNING: skype-devices-usage is forbidden: ")
    assert "'active_users'=" in done.stdout


@pytest.mark.parametrize("oddity", ["invalid-utf8", "short-row", "huge-field", "bom-only", "html"])
def test_broken_file_is_malformed_and_one_line(make_lab: MakeLab, oddity: str) -> None:
    """A file that is no report is never counted."""
    lab = make_lab(users=5, oddities=[oddity])
    done = lab.run("check", "skype-users-activity")

    assert done.returncode == 3
    assert done.stdout.startswith("UNKNOWN: skype-users-activity is malformed: ")
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


ODD_FILES = (
    "crlf",
    "trailing-blank-lines",
    "no-final-newline",
    "gzip",
    "bom-absent",
    "shuffled-columns",
    "unknown-column",
    "misspelled-header",
    "double-space",
    "changed-case",
    "blank-activity-dates",
)


@pytest.mark.parametrize("oddity", ODD_FILES)
def test_odd_but_right_file_gives_the_same_figures(make_lab: MakeLab, oddity: str) -> None:
    """What the real service varies does not change a figure."""
    plain = make_lab(users=30).run("collect", "--output", "centreon")
    odd = make_lab(users=30, oddities=[oddity]).run("collect", "--output", "centreon")

    assert odd.stdout == plain.stdout


@pytest.mark.parametrize(
    ("oddity", "users"),
    [("quoted-fields", 33), ("non-ascii", 33), ("odd-names", 33), ("hostile-names", 37)],
)
def test_odd_names_are_counted_like_others(make_lab: MakeLab, oddity: str, users: int) -> None:
    """Whatever a user is called, there is one row of it in every output."""
    lab = make_lab(users=30, oddities=[oddity])
    done = lab.run("check", "skype-users-activity")

    assert done.returncode == 0
    assert f"/{users} (" in done.stdout
    assert done.stdout.count("\n") == 1


def test_concealed_names_are_said_and_totals_stay(make_lab: MakeLab, lab: Lab) -> None:
    """Concealment costs the names and nothing else."""
    concealed = make_lab(users=20, oddities=["concealed"])
    done = concealed.run("check", "skype-users-activity", "--verbose")

    assert done.stdout.splitlines()[0] == lab.run("check", "skype-users-activity").stdout[:-1]
    assert "Microsoft conceals user names in this tenant" in done.stdout


def test_runaway_regular_expression_meets_the_deadline(lab: Lab) -> None:
    """A filter that would take for ever is cut at the deadline, cold and warm."""
    for _ in range(2):
        began = time.monotonic()
        done = lab.run("check", "skype-users-activity", "--filter-user", RUNAWAY, "--deadline", "2")

        assert 1.5 < time.monotonic() - began < 20
        assert done.stdout.count("\n") == 1


def test_sigterm_is_answered_at_once(make_lab: MakeLab) -> None:
    """A command that waits for Graph answers with what it knows when it is told to end."""
    lab = make_lab(users=5, latency=60)
    process = lab.popen("collect", "--deadline", "50")
    asking = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    waiting.until(lambda: asking.read_text() != "")
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    out, _ = process.communicate(timeout=40)

    assert process.returncode == 0
    assert [point.fields["outcome"] for point in line_protocol.read(out)] == ["pending"] * 2
    assert time.monotonic() - began < 20


def test_sigterm_ends_the_counting(lab: Lab) -> None:
    """A command that counts what is kept by a runaway filter ends with an answer, too."""
    lab.run("collect")
    process = lab.popen("collect", "--filter-user", RUNAWAY, "--deadline", "50")
    status = Path(f"/proc/{process.pid}/status")
    caught = 1 << (signal.SIGTERM - 1)
    waiting.until(lambda: int(re.findall(r"SigCgt:\s+(\w+)", status.read_text())[0], 16) & caught)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    out, _ = process.communicate(timeout=40)

    assert process.returncode == 0
    assert [point.fields["outcome"] for point in line_protocol.read(out)] == ["pending"] * 2
    assert time.monotonic() - began < 20


def test_closed_stdout_is_no_traceback(lab: Lab) -> None:
    """A reader that has gone away is not worth a word."""
    lab.run("collect")
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [COMMAND, "collect"], env=lab.env, stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    _, err = process.communicate(timeout=10)

    assert (process.returncode, err) == (3, "")


def test_report_named_twice_is_printed_once(lab: Lab) -> None:
    """Naming a report again changes nothing."""
    words = ("--report", "skype-devices-usage")

    assert lab.run("collect", *words, *words).stdout.count("o365_bridge,") == 1


def test_module_runs_like_the_command(lab: Lab) -> None:
    """`python -m o365skype_bridge` is the same program."""
    code = (
        "import runpy, sys; sys.argv = ['x', 'list', 'outputs']; "
        "runpy.run_module('o365skype_bridge', run_name='__main__')"
    )

    assert lab.python(code).stdout == lab.run("list", "outputs").stdout
