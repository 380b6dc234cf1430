"""The simulate command: options, the environment it gives, its end."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from o365skype_bridge.cli.simulate import add_arguments, run
from o365skype_bridge.simulator.faults import FAULTS
from o365skype_bridge.simulator.oddities import ODDITIES
from o365skype_bridge.simulator.records import EVERYWHERE

PYTHON = sys.executable
SIMULATE = (
    "import argparse, sys; from o365skype_bridge.cli.simulate import add_arguments, run;"
    "parser = argparse.ArgumentParser(); add_arguments(parser); sys.exit(run(parser.parse_args()))"
)
ASK = """
import json, os, requests
env = os.environ
with requests.Session() as session:
    session.verify, session.trust_env = env["O365_CA_FILE"], False
    form = {
        "grant_type": "client_credentials",
        "client_id": env["O365_CLIENT_ID"],
        "client_secret": env["O365_CLIENT_SECRET"],
        "scope": env["O365_GRAPH_ENDPOINT"] + "/.default",
    }
    url = env["O365_LOGIN_ENDPOINT"] + "/" + env["O365_TENANT_ID"] + "/oauth2/v2.0/token"
    bearer = session.post(url, data=form, timeout=30).json()["access_token"]
    url = env["O365_GRAPH_ENDPOINT"]
    url += "/v1.0/reports/getSkypeForBusinessDeviceUsageUserDetail(period='D7')"
    header = {"Authorization": "Bearer " + bearer}
    answer = session.get(url, headers=header, timeout=30, allow_redirects=False)
    paths = os.environ.get("PATHS", "").split()
    found = [session.get(env["O365_GRAPH_ENDPOINT"] + "/v1.0/" + path, headers=header, timeout=30)
             for path in paths]
    location = answer.headers.get("Location", "")
    rows = session.get(location, timeout=30).text.count("\\n") if location else 0
    host = location.split("/")[2] == env["O365_DOWNLOAD_HOSTS"] if location else None
    print(json.dumps([answer.status_code, rows, host, env["O365_TENANT_ID"]]))
    if found:
        print([each.status_code for each in found])
"""


def arguments(*words: str) -> argparse.Namespace:
    """Parse a command line of simulate."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def test_command_runs_against_the_simulator(capfd: pytest.CaptureFixture[str]) -> None:
    """COMMAND finds token, report and download by its environment."""
    assert run(arguments("--users", "7", "--", PYTHON, "-c", ASK)) == 0

    out, err = capfd.readouterr()
    assert (out, err) == ('[302, 8, true, "5111a7ed-0000-4000-8000-000000000000"]\n', "")


def test_options_reach_the_simulator(capfd: pytest.CaptureFixture[str]) -> None:
    """Credentials, oddities and faults are as the options say."""
    words = ["--tenant-id", "t.example", "--client-id", "me", "--client-secret", "it's"]
    words += ["--oddity", "header-only", "--fault", "503:1@reports", "--quota", "--latency", "0.01"]
    code = (
        f"import subprocess, sys; [subprocess.run([sys.executable, '-c', {ASK!r}]) for _ in '12']"
    )

    assert run(arguments(*words, "--", PYTHON, "-c", code)) == 0

    out, err = capfd.readouterr()
    assert out == '[503, 0, null, "t.example"]\n[302, 1, true, "t.example"]\n'
    assert err == ""


def test_roles_and_cloud_reach_the_simulator(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What tokens are good for and which cloud it is are as the options say."""
    monkeypatch.setenv("PATHS", "admin/serviceAnnouncement/issues applications")
    words = ["--role", "ServiceHealth.Read.All", "--role", "Reports.Read.All", "--cloud", "usgov"]

    assert run(arguments(*words, "--", PYTHON, "-c", ASK)) == 0

    out = capfd.readouterr().out
    assert out == '[400, 0, null, "5111a7ed-0000-4000-8000-000000000000"]\n[200, 403]\n'


def test_secret_days_reach_the_simulator(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret ends on the day that the option says."""
    monkeypatch.setenv("PATHS", "applications?$select=passwordCredentials")
    code = ASK.replace("each.status_code", 'each.json()["value"][0]["passwordCredentials"]')
    words = ["--role", "Application.Read.All", "--secret-days", "9"]

    assert run(arguments(*words, "--", PYTHON, "-c", code)) == 0

    end = (datetime.now(UTC) + timedelta(days=9)).date()
    assert f"'endDateTime': '{end}T" in capfd.readouterr().out


def test_exit_code_is_that_of_the_command() -> None:
    """The end of COMMAND is the end of simulate; a signal is told as shells do."""
    assert run(arguments("--", "sh", "-c", "exit 7")) == 7
    assert run(arguments("--", "sh", "-c", "kill -9 $$")) == 137


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--oddity", "odder"], "E! no oddity is named odder; choose from crlf, "),
        (["--fault", "fault"], "E! no fault is named 'fault'; choose from "),
        (["--", "/no/such/command"], "E! [Errno 2] No such file or directory: "),
    ],
)
def test_wrong_options_end_with_3(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    """What cannot be done is said in one line, and the exit code is 3."""
    assert run(arguments(*words)) == 3

    err = capsys.readouterr().err
    assert err.startswith(message)
    assert err.count("\n") == 1


def test_port_in_use_ends_with_3(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that somebody else has is said so."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run(arguments("--port", port, "--", "true")) == 3

    assert capsys.readouterr().err == "E! [Errno 98] Address already in use\n"


def test_list_shows_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """Each oddity and fault is listed with its traps and its sentence."""
    assert run(arguments("--list")) == 0

    out = capsys.readouterr().out
    names = [match[1] for match in re.finditer(r"(?m)^  ([\w-]+) +[\d,]+  \S", out)]
    assert names == [*ODDITIES, *FAULTS]
    assert "  quota " in out
    everywhere = [fault for fault in FAULTS.values() if fault.where == EVERYWHERE]
    assert out.count("[everywhere]") == len(everywhere)


def test_missing_packages_are_named(tmp_path: Path) -> None:
    """Without the optional packages the command says which extra to install."""
    (tmp_path / "werkzeug.py").write_text("raise ModuleNotFoundError('No module named werkzeug')")

    done = subprocess.run(
        [PYTHON, "-c", SIMULATE],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    message = "E! No module named werkzeug: install o365skype-bridge[simulator]\n"
    assert (done.returncode, done.stdout, done.stderr) == (3, "", message)


def test_options_load_no_optional_package() -> None:
    """Adding the options costs none of the packages that only a running simulator needs."""
    code = (
        "import argparse, sys; from o365skype_bridge.cli.simulate import add_arguments;"
        "add_arguments(argparse.ArgumentParser());"
        "print(sorted({'werkzeug', 'trustme', 'ssl', 'cryptography'} & set(sys.modules)))"
    )

    out = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True).stdout

    assert out == "[]\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_a_signal(number: signal.Signals, tmp_path: Path) -> None:
    """Without COMMAND the exports are printed for a shell, and a signal ends it quietly."""
    words = [PYTHON, "-c", SIMULATE, "--folder", str(tmp_path), "--client-secret", "it's"]
    env = {name: value for name, value in os.environ.items() if name != "O365_STATE_DIR"}
    with subprocess.Popen(
        words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(8)]
        settings = dict(shlex.split(line)[1].split("=", 1) for line in lines)
        with requests.Session() as session:
            session.verify, session.trust_env = settings["O365_CA_FILE"], False
            url = f"{settings['O365_GRAPH_ENDPOINT']}/simulator/calls"
            answer = session.get(url, timeout=30).json()
        process.send_signal(number)
        rest, err = process.communicate(timeout=30)

    assert (process.returncode, rest, err) == (0, "", "")
    assert answer["total"] == 0
    assert all(re.fullmatch(r"export O365_\w+='.*'\n", line) for line in lines)
    assert settings["O365_CLIENT_SECRET"] == "it's"
    assert settings["O365_CA_FILE"] == str(tmp_path / "ca.pem")
    assert list(settings) == [
        "O365_TENANT_ID",
        "O365_CLIENT_ID",
        "O365_CLIENT_SECRET",
        "O365_LOGIN_ENDPOINT",
        "O365_GRAPH_ENDPOINT",
        "O365_CA_FILE",
        "O365_DOWNLOAD_HOSTS",
        "O365_STATE_DIR",
    ]


def test_termination_is_passed_on_to_the_command(tmp_path: Path) -> None:
    """A SIGTERM ends COMMAND too, and nothing is left behind."""
    started = tmp_path / "started"
    words = [PYTHON, "-c", SIMULATE, "--", "sh", "-c", f"touch {started}; exec sleep 60"]
    with subprocess.Popen(words, env={**os.environ, "TMPDIR": str(tmp_path)}) as process:
        while not started.exists():
            time.sleep(0.02)
        process.terminate()
        code = process.wait(30)

    assert code == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == [started]
