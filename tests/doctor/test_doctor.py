"""The doctor, through the installed command: each line made to fail, and its remedy followed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path

import pytest
import signing
from conftest import Lab, MakeLab

from o365skype_bridge.doctor import host
from o365skype_bridge.doctor.findings import Finding, line

NOBODY = "nobody"
Found = dict[str, tuple[str, str, str]]


def read(done: subprocess.CompletedProcess[str]) -> Found:
    """Give state, text and remedy by the name of the check; the last one of each name."""
    assert "Traceback" not in done.stderr
    return {
        one["check"]: (one["state"], one["text"], one["remedy"] or "")
        for one in json.loads(done.stdout)["findings"]
    }


def doctor(lab: Lab, *words: str, **env: str) -> Found:
    """Run it and give what it found."""
    return read(lab.run("doctor", "--output", "json", *words, **env))


def state(lab: Lab, check: str, *words: str, **env: str) -> str:
    """Run it and give the state of one check."""
    return doctor(lab, *words, **env)[check][0]


def open_to_all(folder: Path) -> None:
    """Let everybody into a test's folder."""
    for each in (folder, *folder.parents[:2]):
        each.chmod(0o755)


@pytest.fixture
def lab(make_lab: MakeLab) -> Lab:
    """Give a tenant with which all is well."""
    return make_lab(users=5)


def test_all_is_well(lab: Lab) -> None:
    """Every check passes, or has nothing to look at; the exit code says so."""
    done = lab.run("doctor")
    states = {text.split()[0] for text in done.stdout.splitlines() if text[:1].islower()}

    assert (done.returncode, states - {"skipped"}, done.stderr) == (
        0,
        {"ok", "5111a7ed-0000-4000-8000-000000000000"} & states | {"ok"},
        "",
    )


def test_it_asks_graph_although_everything_is_kept(lab: Lab) -> None:
    """What is kept is no answer to whether it works now."""
    lab.run("collect")
    lab.simulator.set_faults(["403@reports"])

    assert state(lab, "report skype-devices-usage") == "failed"


def test_no_colour_in_a_pipe(lab: Lab) -> None:
    """What reads it is no terminal."""
    assert "\033" not in lab.run("doctor").stdout


def test_colour_does_not_carry_meaning() -> None:
    """The state is a word, whatever it looks like."""
    found = Finding("token", "failed", "login refused", "Renew it.")

    assert line(found, colour=True).replace("\033[31m", "").replace("\033[0m", "") == line(
        found, colour=False
    )


def test_configuration_that_cannot_be_read_is_all_that_is_said(lab: Lab) -> None:
    """Without settings there is nothing else to look at."""
    assert doctor(lab, "--config", "/nonexistent") == {
        "configuration": (
            "failed",
            "the configuration file '/nonexistent' cannot be read: No such file or directory",
            "Name a file that this user can read, with --config or O365_CONFIG.",
        )
    }


def test_secret_file_that_others_can_read(lab: Lab, tmp_path: Path) -> None:
    """Its remedy, followed, makes the line ok."""
    secret = tmp_path / "secret"
    secret.write_text(lab.simulator.client_secret)
    secret.chmod(0o644)
    env = {"O365_CLIENT_SECRET": "", "O365_CLIENT_SECRET_FILE": str(secret)}
    before = doctor(lab, **env)["files"]
    subprocess.run(
        ["/bin/sh", "-c", before[2].removesuffix(" on it.").split("Run ")[1] + f" {secret}"],
        check=True,
    )

    assert (before[0], state(lab, "files", **env)) == ("warning", "ok")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_wrong_user_cannot_read_the_secret(lab: Lab, tmp_path: Path) -> None:
    """What works by hand does not as a service: the file is root's."""
    secret = tmp_path / "secret"
    secret.write_text(lab.simulator.client_secret)
    secret.chmod(0o600)
    open_to_all(tmp_path)
    authority = tmp_path / "ca.pem"
    authority.write_bytes(lab.running.ca_file.read_bytes())
    lab.env["O365_CA_FILE"] = str(authority)
    env = {"O365_CLIENT_SECRET": "", "O365_CLIENT_SECRET_FILE": str(secret)}
    by_hand, as_service = state(lab, "token", **env), doctor(lab, "--as", NOBODY, **env)["token"]

    assert (by_hand, as_service[0], "cannot be read" in as_service[1]) == ("ok", "failed", True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_unwritable_state_folder_has_a_remedy_that_works(lab: Lab, tmp_path: Path) -> None:
    """It is the agent's account that has to own it."""
    open_to_all(tmp_path)
    folder = tmp_path / "kept"
    env = {"O365_STATE_DIR": str(folder)}
    before = doctor(lab, "--as", NOBODY, **env)["state folder"]
    command = before[2].removeprefix("Run: sudo ")
    subprocess.run(["/bin/sh", "-c", command], check=True)

    assert (before[0], state(lab, "state folder", "--as", NOBODY, **env)) == ("failed", "ok")


def test_unknown_user_is_refused(lab: Lab) -> None:
    """There is nobody to look as."""
    done = lab.run("doctor", "--as", "no-such-user")

    assert (done.returncode, done.stderr) == (
        3,
        "E! there is no user 'no-such-user'. Name the agent's account.\n",
    )


@pytest.mark.parametrize(
    ("seconds", "expected"), [(90, "warning"), (-90, "warning"), (4000, "failed"), (5, "ok")]
)
def test_wrong_clock(lab: Lab, seconds: int, expected: str) -> None:
    """It is compared with the time that the services say."""
    assert read(lab.run_at(seconds, "doctor", "--output", "json"))["clock"][0] == expected


def test_name_that_cannot_be_resolved(lab: Lab) -> None:
    """What comes after is not looked at."""
    found = doctor(lab, O365_LOGIN_ENDPOINT="https://nowhere.invalid")

    assert (found["name resolution"][:2], found["token"][:2]) == (
        ("failed", "nowhere.invalid cannot be resolved"),
        ("skipped", "not looked at, since name resolution failed"),
    )


def test_url_that_is_none(lab: Lab) -> None:
    """A port beyond all ports."""
    found = doctor(lab, O365_PROXY="http://127.0.0.1:99999999")

    assert found["name resolution"][:2] == ("failed", "the URL of a service or the proxy is none")


def test_closed_port(lab: Lab) -> None:
    """The host is there and nobody listens."""
    found = doctor(lab, O365_GRAPH_ENDPOINT="https://127.0.0.1:9")

    assert found["connection"][:2] == ("failed", "127.0.0.1:9: Connection refused")


def test_proxy_that_is_not_there(lab: Lab) -> None:
    """The proxy is what this host connects to."""
    found = doctor(lab, O365_PROXY="http://127.0.0.1:9")

    assert found["connection"][:2] == ("failed", "127.0.0.1:9: Connection refused")


def test_proxy_that_speaks_nothing(lab: Lab) -> None:
    """A port that is open is no proxy yet."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        port = server.getsockname()[1]
        process = lab.popen("doctor", "--output", "json", O365_PROXY=f"http://127.0.0.1:{port}")
        for _ in range(2):
            server.accept()[0].close()
        out, err = process.communicate(timeout=60)
    found = read(subprocess.CompletedProcess((), process.returncode, out, err))

    assert (found["TLS"][0], "proxy" in found["TLS"][2]) == ("failed", True)


def test_ca_that_did_not_sign(lab: Lab, tmp_path: Path) -> None:
    """The remedy names the setting, and the right file makes it ok."""
    other = tmp_path / "other.pem"
    other.write_text(signing.pair().public)
    found = doctor(lab, O365_CA_FILE=str(other))["TLS"]

    assert (found[0], "O365_CA_FILE" in found[2]) == ("failed", True)


def test_refused_login_is_said_in_words(make_lab: MakeLab) -> None:
    """The code and what it means."""
    lab = make_lab(users=5, faults=["token-7000222"])

    assert doctor(lab)["token"] == (
        "failed",
        "login refused: the client secret has expired (AADSTS7000222)",
        (
            "Create a new client secret in Entra (App registrations, Certificates & secrets) and "
            "give its value."
        ),
    )


def test_missing_role_is_named_with_what_needs_it(lab: Lab) -> None:
    """What was granted is compared with what each chosen report needs."""
    found = doctor(lab, "--report", "skype-devices-usage,health")["roles"]

    assert found[:2] == (
        "failed",
        (
            "granted: Reports.Read.All; missing: ServiceHealth.Read.All, for health-services, "
            "health-issues"
        ),
    )


def test_granted_role_makes_it_ok(lab: Lab) -> None:
    """The remedy, followed in Entra, is seen at once."""
    lab.run("doctor", "--report", "health")
    lab.simulator.configure(roles=["ServiceHealth.Read.All"])

    assert state(lab, "roles", "--report", "health") == "ok"


def test_download_host_that_is_not_reached(make_lab: MakeLab) -> None:
    """Reports lie elsewhere than Graph, where a firewall may not let through."""
    lab = make_lab(users=5, faults=["location-evil"])

    assert state(lab, "download host") == "failed"


def test_other_cloud_is_told(make_lab: MakeLab) -> None:
    """The login service knows where its tenant lives."""
    lab = make_lab(users=5, cloud="usgov")

    assert doctor(lab)["cloud"][::2] == ("failed", "Set O365_CLOUD=usgov.")


def test_report_says_outcome_and_day(lab: Lab) -> None:
    """And how many figures came."""
    assert doctor(lab)["report skype-users-activity"][1].startswith("ok, newest day 20")


def test_concealed_names_are_a_warning(make_lab: MakeLab) -> None:
    """The totals are right, and names have a setting."""
    lab = make_lab(users=5, oddities=["concealed"])

    assert state(lab, "names") == "warning"


@pytest.mark.parametrize(("days", "expected"), [(60, "ok"), (20, "warning"), (0, "failed")])
def test_credential_that_ends(make_lab: MakeLab, days: int, expected: str) -> None:
    """Graph tells its end where that is permitted."""
    roles = ["Reports.Read.All", "Application.Read.All"]
    lab = make_lab(users=5, roles=roles, secret_days=days)

    assert state(lab, "credential's end") == expected


def test_end_of_a_credential_is_not_known_without_a_permission(lab: Lab) -> None:
    """Nothing is guessed."""
    assert state(lab, "credential's end") == "skipped"


def test_exit_code_is_the_worst(make_lab: MakeLab) -> None:
    """A warning is 1, a failure 2."""
    warned = make_lab(users=5, oddities=["concealed"]).run("doctor").returncode
    failed = make_lab(users=5, faults=["token-7000222"]).run("doctor").returncode

    assert (warned, failed) == (1, 2)


def test_configuration_of_another_version_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent's folder is looked at for files that an older version made."""
    (tmp_path / "o365skype.conf").write_text("## fetched by o365skype-bridge 0.0.1.\n")
    program = tmp_path / "telegraf"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(host, "AGENTS", {"Telegraf": (("telegraf",), (str(tmp_path),))})
    [found] = host.agents()

    assert (found.state, found.text) == (
        "warning",
        (
            f"Telegraf ({program}): configuration of another version: "
            f"{tmp_path / 'o365skype.conf'} by 0.0.1"
        ),
    )


def test_secret_is_nowhere_in_it(make_lab: MakeLab) -> None:
    """Neither the secret nor a token, whatever fails."""
    lab = make_lab(users=5, client_secret="s3cr3t-of-the-tenant")
    done = lab.run("doctor", "--output", "json")

    assert [text for text in ("s3cr3t", "simulated.ey") if text in done.stdout + done.stderr] == []
