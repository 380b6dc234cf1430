"""The collector on a bundle: offline, at its time, with the outcomes that it was made with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import signing
from conftest import Lab, MakeLab

from o365skype_bridge import outputs
from o365skype_bridge.support import document

CASES = sorted(Path(__file__).with_name("cases").glob("*.json"))

OFFLINE = (
    "import sys\n"
    "def forbid(event, _words):\n"
    "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto'):\n"
    "        raise SystemExit(f'{event} was asked for')\n"
    "sys.addaudithook(forbid)\n"
    "from o365skype_bridge.cli.entry import main\n"
    "sys.exit(main(sys.argv[1:]))\n"
)
"""Runs the command where nothing can be looked up, connected to or sent."""


def run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command without a network, a home, or any setting."""
    return subprocess.run(
        [sys.executable, "-c", OFFLINE, *words],
        env={"HOME": "/nonexistent", "O365_DEBUG": "1", **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def results(path: Path, *words: str) -> list[dict[str, Any]]:
    """Replay a bundle and give the results."""
    done = run("collect", "--output", "json", "--replay", str(path), *words)
    found: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return found


def captured(lab: Lab, *words: str, **env: str) -> Path:
    """Capture, and give the file."""
    path = lab.state.with_suffix(".bundle.json")
    done = lab.run("capture", "--to", str(path), *words, **env)
    assert done.returncode == 0, done.stderr
    return path


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_bundle_comes_to_what_it_came_to(path: Path) -> None:
    """Every outcome, message and figure of a bundle that somebody has sent."""
    expected = json.loads(path.read_text(encoding="utf-8"))["outcomes"]
    found = [
        {
            "tenant": one["tenant"],
            "report": one["report"],
            "outcome": one["outcome"],
            "message": one["message"] or "",
            "refresh_date": one["refresh_date"],
        }
        for one in results(path)
    ]

    assert found == [{name: one[name] for name in found[0]} for one in expected]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_bundle_comes_to_its_figures(path: Path) -> None:
    """Those of the newest day, by metric."""
    wanted = [one["figures"] for one in json.loads(path.read_text(encoding="utf-8"))["outcomes"]]
    found = []
    for one in results(path):
        newest = max((sample["day"] for sample in one["samples"]), default=None)
        newest_ones = [sample for sample in one["samples"] if sample["day"] == newest]
        found.append(
            {
                "/".join([sample["metric"], *sample["labels"].values()]): sample["value"]
                for sample in newest_ones[: document.FIGURES]
            }
        )

    assert found == wanted


def test_there_are_cases() -> None:
    """Or else the tests above would test nothing."""
    assert len(CASES) >= 3


def test_replay_is_at_the_time_of_the_capture(lab: Lab) -> None:
    """So that ages, and what is too old, are as they were."""
    path = captured(lab)
    done = run("collect", "--output", "json", "--replay", str(path))
    now = json.loads(done.stdout)["now"]

    assert now[:16] == json.loads(path.read_text(encoding="utf-8"))["captured"][:16]


def test_figures_are_those_of_graph(lab: Lab) -> None:
    """Where no row is left out, whatever names are."""
    real = json.loads(lab.run("collect", "--output", "json").stdout)["results"]
    found = results(captured(lab))

    assert [one["samples"] for one in found] == [one["samples"] for one in real]


@pytest.mark.parametrize("output", outputs.OUTPUTS)
def test_every_output_shows_a_bundle(lab: Lab, output: str) -> None:
    """As if Graph had answered."""
    done = run("collect", "--output", output, "--replay", str(captured(lab)))

    assert (done.returncode, len(done.stdout) > 100, done.stderr) == (0, True, "")


def test_check_judges_a_bundle(lab: Lab) -> None:
    """With thresholds of one's own."""
    path = captured(lab)
    words = ("check", "skype-devices-usage", "--critical-windows", "100:")
    done = run(*words, "--replay", str(path))

    assert (done.returncode, done.stdout.startswith("CRITICAL")) == (2, True)


def test_figures_of_a_sample_are_called_so(make_lab: MakeLab) -> None:
    """They are too low."""
    path = captured(make_lab(users=2000), "--report", "skype-devices-usage")
    [result] = results(path)
    [note] = [note for note in result["notes"] if "sample" in note]

    assert note.startswith("These are the figures of a sample: the bundle shows ")
    assert note.endswith(" of 2000 rows.")


def test_retries_take_no_time(make_lab: MakeLab) -> None:
    """What was waited for passes at once."""
    lab = make_lab(users=3, faults=["503@reports"])
    path = captured(lab, "--report", "skype-devices-usage")
    document_ = json.loads(path.read_text(encoding="utf-8"))
    asked = [one for one in document_["exchanges"] if one["kind"] == "report"]
    [result] = results(path)

    assert (len(asked) > 1, result["outcome"]) == (True, "unreachable")


def test_tenants_are_kept_apart(make_lab: MakeLab, tmp_path: Path) -> None:
    """One of them can be asked for."""
    ids = ["0a000000-0000-4000-8000-000000000001", "0a000000-0000-4000-8000-000000000002"]
    lab = make_lab(users=5, tenant_ids=ids)
    config = tmp_path / "config.toml"
    tables = [f'[tenants.t{number}]\ntenant_id = "{id_}"\n' for number, id_ in enumerate(ids)]
    client = lab.env["O365_CLIENT_ID"], lab.env["O365_CLIENT_SECRET"]
    tables = [
        f'{table}client_id = "{client[0]}"\nclient_secret = "{client[1]}"\n' for table in tables
    ]
    config.write_text("\n".join(tables))
    config.chmod(0o600)
    env = {"O365_TENANT_ID": "", "O365_CLIENT_ID": "", "O365_CLIENT_SECRET": ""}
    path = captured(lab, "--config", str(config), **env)
    found = {one["tenant"] for one in results(path)}
    second = {one["tenant"] for one in results(path, "--tenant", "tenant-0002")}

    assert (found, second) == ({"tenant-0001", "tenant-0002"}, {"tenant-0002"})


def test_certificate_is_not_needed(make_lab: MakeLab, tmp_path: Path) -> None:
    """What it signed in with stays where it is."""
    pair = signing.pair()
    lab = make_lab(users=5, certificates=[pair.public])
    file = tmp_path / "app.pem"
    file.write_text(pair.pem())
    file.chmod(0o600)
    env = {"O365_CERTIFICATE_FILE": str(file), "O365_CLIENT_SECRET": ""}

    assert {one["outcome"] for one in results(captured(lab, **env))} == {"ok"}


def test_managed_identity_is_not_needed(make_lab: MakeLab) -> None:
    """Nor a machine that has one."""
    lab = make_lab(users=5, identities=["system"])
    env = {"O365_MANAGED_IDENTITY": "system", "O365_CLIENT_ID": "", "O365_CLIENT_SECRET": ""}

    assert {one["outcome"] for one in results(captured(lab, **env))} == {"ok"}


def test_credential_that_could_not_be_used(lab: Lab) -> None:
    """Nobody was asked, and the outcome is the same."""
    env = {"O365_CLIENT_SECRET": "", "O365_CLIENT_SECRET_FILE": "/nonexistent/secret"}

    assert {one["outcome"] for one in results(captured(lab, **env))} == {"unauthorized"}


def test_settings_that_cannot_be_used(lab: Lab) -> None:
    """Nothing could be sent, and nothing is."""
    path = captured(lab, "--proxy", "ftp://proxy.contoso.invalid")

    assert {one["outcome"] for one in results(path)} == {"unreachable"}


# What is no bundle.

GOOD: dict[str, Any] = {
    "bundle": document.KIND,
    "schema": document.SCHEMA,
    "clock": 1795870483.0,
    "reports": ["skype-devices-usage"],
    "settings": {"refresh_interval": 3600, "max_age": 604800},
    "tenants": [
        {
            "name": "tenant-0001",
            "tenant_id": "t",
            "client_id": "c",
            "auth": "secret",
            "credential": True,
            "login_endpoint": "https://login.microsoftonline.com",
            "graph_endpoint": "https://graph.microsoft.com",
            "download_hosts": [],
            "secret_expires": "",
        }
    ],
    "outcomes": [],
    "exchanges": [],
}
EXCHANGE: dict[str, Any] = {
    "tenant": "tenant-0001",
    "kind": "discovery",
    "asks": "",
    "method": "GET",
    "url": "https://login.microsoftonline.com/",
    "status": 200,
    "headers": {},
    "seconds": 0.1,
    "body": {"form": "none"},
    "failure": None,
}


def changed(**changes: Any) -> bytes:
    """Give a bundle that is wrong in one thing."""
    return json.dumps({**GOOD, **changes}).encode()


def exchanged(**changes: Any) -> bytes:
    """Give a bundle of which one exchange is wrong in one thing."""
    return changed(exchanges=[{**EXCHANGE, **changes}])


WRONG = {
    "nothing": b"",
    "torn": changed()[:-40],
    "bytes": b"\xff\xfe\x00",
    "deep": b"[" * 200_000,
    "huge": b" " * (document.LARGEST + 1),
    "a list": b"[]",
    "another document": b"{}",
    "another schema": changed(schema=2),
    "no clock": changed(clock="noon"),
    "a clock without time": changed(clock=-1),
    "an endless clock": b'{"clock": NaN, '
    + changed()[1:].replace(b'"clock": 1795870483.0', b'"c": 1'),
    "no tenants": changed(tenants=[]),
    "tenants of one name": changed(tenants=GOOD["tenants"] * 2),
    "reports that are none": changed(reports=[1]),
    "exchanges that are none": changed(exchanges={}),
    "a status that is none": exchanged(status=10**9),
    "seconds without end": exchanged(seconds=float("inf")),
    "seconds that are no number": exchanged(seconds=float("nan")),
    "an interval without end": changed(
        settings={"refresh_interval": float("inf"), "max_age": 604800}
    ),
    "a body that is none": exchanged(body=[]),
    "cells that are none": exchanged(
        body={"form": "table", "header": [1], "rows": 1, "sample": []}
    ),
    "a failure that is none": exchanged(failure="no"),
    "headers that are none": exchanged(headers={"Date": 1}),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_bundle_is_refused(tmp_path: Path, name: str) -> None:
    """By one line, whatever it is."""
    path = tmp_path / "bundle.json"
    path.write_bytes(WRONG[name])
    done = run("collect", "--replay", str(path))

    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert f"{str(path)!a}" in done.stderr


def test_file_that_is_not_there_is_refused() -> None:
    """With its name."""
    done = run("collect", "--replay", "/nonexistent")

    assert "the bundle '/nonexistent' cannot be read: No such file" in done.stderr


def test_unknown_tenant_is_refused(tmp_path: Path) -> None:
    """With the one that is there."""
    path = tmp_path / "bundle.json"
    path.write_bytes(changed())
    done = run("collect", "--replay", str(path), "--tenant", "contoso")

    assert "there is no tenant 'contoso' in the bundle. Known: tenant-0001." in done.stderr


def test_name_of_a_tenant_leads_nowhere(tmp_path: Path) -> None:
    """It is a text of somebody's, and no path."""
    folder, path = tmp_path / "temporary", tmp_path / "bundle.json"
    folder.mkdir()
    path.write_bytes(changed(tenants=[{**GOOD["tenants"][0], "name": "../../outside\x1b[31m"}]))
    done = run("collect", "--replay", str(path), TMPDIR=str(folder))

    assert (list(folder.iterdir()), "\x1b" in done.stdout + done.stderr) == ([], False)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bundle.json", "temporary"]


def test_question_without_an_answer_is_said(tmp_path: Path) -> None:
    """A bundle of another report has nothing to say about this one."""
    path = tmp_path / "bundle.json"
    path.write_bytes(changed())

    assert [one["message"] for one in results(path)] == [
        "the bundle holds no answer to this question"
    ]


def test_replay_and_a_tenant_contradict_each_other(tmp_path: Path) -> None:
    """A bundle needs nobody who signs in."""
    path = tmp_path / "bundle.json"
    path.write_bytes(changed())
    done = run("collect", "--replay", str(path), "--client-id", "x")

    assert "--replay and --client-id contradict each other" in done.stderr
