"""What a bundle tells, and what it never does, whatever the services say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Lab, MakeLab
from hostile import TENANT, Services, answer, as_json, redirect, services

from o365skype_bridge import reports
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.settings.credential import Secret
from o365skype_bridge.settings.values import Settings, Tenant
from o365skype_bridge.simulator.faults import FAULTS
from o365skype_bridge.simulator.oddities import ODDITIES
from o365skype_bridge.support.capture import Captured

EVERY = ("skype-devices-usage", "skype-activity-counts", "health", "credentials")
ROLES = ["Reports.Read.All", "ServiceHealth.Read.All", "Application.Read.All"]
SECRET = 'p"a\\ss~W0rd.Of.The-Application'
QUICKLY = {"stall": "stall=1", "drip": "drip=0.001", "delay": "delay=0.1"} | {
    "discovery-delay": "discovery-delay=0.1"
}
WITH_OPTIONS = {"status"}
LARGE = {"large"}


def bundle(tenant: Tenant, *names: str) -> str:
    """Capture some reports of a tenant, and give what would be written."""
    settings = Settings(tenants=(tenant,), state_dir="/nonexistent")
    chosen = reports.chosen(names or EVERY, "a test")
    captured = Captured(settings, chosen, sleep=lambda _: None)
    try:
        return captured.text(reports.catalogue())
    finally:
        captured.close()


def content(text: str) -> dict[str, Any]:
    """Read a bundle."""
    found: dict[str, Any] = json.loads(text)
    return found


def secret_of(lab: Lab) -> Tenant:
    """Give the lab's tenant, under a name of its own."""
    return lab.tenant(name="Contoso Pharma", credential=Secret(lab.simulator.client_secret))


def people(lab: Lab) -> set[str]:
    """Give the names that the simulated reports hold."""
    done = lab.run("collect", "--output", "json", "--per-user", "--report", "skype-users-activity")
    return {
        one["labels"]["user"]
        for result in json.loads(done.stdout)["results"]
        for one in result["samples"]
        if "user" in one["labels"] and len(one["labels"]["user"]) > 4
    }


def told(text: str, secrets: set[str]) -> list[str]:
    """Give what a bundle tells of all this, whichever way it writes it."""
    plain = text.casefold()
    read = "\n".join(_texts(json.loads(text))).casefold()
    return [
        one
        for one in sorted(secrets)
        if one.casefold() in plain or one.casefold() in read or json.dumps(one)[1:-1] in text
    ]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    else:
        yield str(value)


def known(lab: Lab) -> set[str]:
    """Give everything about a lab's tenant that nobody may see."""
    simulator = lab.simulator
    return {simulator.client_secret, simulator.client_id, simulator.tenant_ids[0], "Contoso Pharma"}


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - WITH_OPTIONS))
def test_bundle_tells_nothing_and_goes_as_it_went(make_lab: MakeLab, fault: str) -> None:
    """Under every fault: no secret, no id, and every outcome again when it is replayed."""
    lab = make_lab(users=12, roles=ROLES, client_secret=SECRET, secret_days=200)
    secrets = known(lab) | people(lab)
    lab.simulator.set_faults([QUICKLY.get(fault, fault)])
    text = bundle(secret_of(lab))
    moved = [one for one in content(text)["outcomes"] if one["outcome"] != one["in_reality"]]

    assert (len(secrets) > 4, told(text, secrets), moved) == (True, [], [])


@pytest.mark.parametrize("oddity", sorted(ODDITIES.keys() - LARGE))
def test_odd_data_tell_nothing_and_go_as_they_went(make_lab: MakeLab, oddity: str) -> None:
    """Whatever the data look like."""
    lab = make_lab(users=12, roles=ROLES, client_secret=SECRET, oddities=[oddity], secret_days=200)
    text = bundle(secret_of(lab))
    secrets = known(lab) | people(lab)
    moved = [one for one in content(text)["outcomes"] if one["outcome"] != one["in_reality"]]

    assert (told(text, secrets), moved) == ([], [])


# Services that put what they know into everything they say.

NAME = "anna.smith@contoso-pharma.example"
TOKEN = "eyJhbGciOi.the-access-token.c2lnbmF0dXJl"
TICKET = "sig-Zm9yIHRoZSBkb3dubG9hZA"
LEAKY = {SECRET, NAME, TOKEN, TICKET, TENANT, "0f8fad5b-d9cb-469f-a165-70867728950e", "Anna Smith"}
CLIENT = "0f8fad5b-d9cb-469f-a165-70867728950e"
SAID = f"{SECRET} {NAME} {TOKEN} of tenant {TENANT} and client {CLIENT}, Anna Smith, {TICKET}"
HEADER = (
    "Report Refresh Date,User Principal Name,Last Activity Date,Used Windows,Used Windows Phone,"
    "Used Android Phone,Used iPhone,Used iPad,Report Period"
)
ROW = f"2026-11-26,{NAME},2026-11-26,Yes,No,No,No,No,7"


@pytest.fixture
def spoken(tmp_path: Path) -> Iterator[Services]:
    """Give services that say whatever a test wants."""
    with services(tmp_path) as made:
        made.replies["token"] = as_json(
            {"token_type": "Bearer", "expires_in": 3599, "access_token": TOKEN, NAME: SECRET}
        )
        yield made


LEAKS = {
    "refusal of Graph": (
        "report",
        as_json({"error": {"code": "Forbidden", "message": SAID}}, "403 Forbidden"),
    ),
    "refusal that names somebody": (
        "report",
        as_json({"error": {"code": "Forbidden", "message": f"{NAME} may not."}}, "403 Forbidden"),
    ),
    "code of a refusal": ("report", as_json({"error": {"code": SECRET}}, "403 Forbidden")),
    "envelope in a message": (
        "report",
        as_json(
            {"error": {"code": "UnknownError", "message": json.dumps({"error": {"code": NAME}})}},
            "403 Forbidden",
        ),
    ),
    "fields nobody knows": ("report", as_json({NAME: {SECRET: [SAID]}}, "400 Bad Request")),
    "refusal that is no JSON": ("report", answer(SAID.encode(), "500 Oops")),
    "headers": (
        "report",
        answer(
            b"",
            "403 Forbidden",
            f"request-id: {CLIENT}",
            f"client-request-id: {CLIENT}",
            f"X-Who: {NAME}",
            f"Set-Cookie: session={TOKEN}",
            f"Content-Type: text/{TENANT}",
            f"WWW-Authenticate: Bearer realm={TENANT}",
        ),
    ),
    "link to a download": ("report", redirect(f"https://{TENANT}/{NAME}?{TICKET}={SECRET[-9:]}")),
    "link with a user": ("report", redirect(f"https://{NAME.replace('@', ':')}@{TENANT}/{TICKET}")),
    "link that is none": ("report", redirect(f"{TICKET}\\{TENANT}")),
    "refusal of a login": (
        "token",
        as_json(
            {"error": "invalid_client", "error_description": f"AADSTS7000215: {SAID}"},
            "401 Unauthorized",
        ),
    ),
    "error of a login": (
        "token",
        as_json({"error": NAME, "error_codes": [7000215]}, "401 Unauthorized"),
    ),
    "token that cannot be sent": ("token", as_json({"access_token": f"{TOKEN} {SECRET}"})),
    "page of a portal": ("token", answer(f"<html>{SAID}</html>".encode())),
    "endpoints": (
        "discovery",
        as_json({"token_endpoint": f"https://{TENANT}/{NAME}/{TICKET}?{TOKEN}", "issuer": SAID}),
    ),
    "rows": ("download", answer(f"{HEADER}\n{ROW}\n".encode())),
    "cells of flags": (
        "download",
        answer(f"{HEADER}\n{ROW.replace('Yes', 'Anna Smith')}\n".encode()),
    ),
    "column of another name": (
        "download",
        answer(f"{HEADER},Anna Smith,{TENANT} report\n{ROW},Anna Smith,{NAME}\n".encode()),
    ),
    "file without header": ("download", answer(f"{ROW}\n{ROW},Anna Smith\n".encode())),
    "file that is none": ("download", answer(SAID.encode())),
    "row in two": ("download", answer(f'{HEADER}\n2026-11-26,"{NAME}\nAnna Smith'.encode())),
}


@pytest.mark.parametrize("place", LEAKS)
def test_services_that_tell_everything(spoken: Services, place: str) -> None:
    """Nothing of it is in the bundle."""
    where, reply = LEAKS[place]
    spoken.replies[where] = reply
    tenant = spoken.tenant(name="Anna Smith", client_id=CLIENT, credential=Secret(SECRET))

    assert told(bundle(tenant, "skype-devices-usage"), LEAKY) == []


def test_same_name_has_the_same_stand_in(spoken: Services) -> None:
    """In every file, so that rows can be matched."""
    spoken.replies["download"] = answer(f"{HEADER}\n{ROW}\n{ROW}\n".encode())
    text = bundle(spoken.tenant(), "skype-devices-usage")

    assert set(re.findall(r"[\w-]+@[\w.]+", text)) == {"user-0001@example.invalid"}


def test_numbers_of_an_unknown_column_are_replaced(spoken: Services) -> None:
    """They may be somebody's telephone."""
    spoken.replies["download"] = answer(f"{HEADER},Extension\n{ROW},4711\n".encode())

    assert "4711" not in bundle(spoken.tenant(), "skype-devices-usage")


def test_header_of_an_unknown_column_stays(spoken: Services) -> None:
    """It is what one wants to know of a report that has changed."""
    spoken.replies["download"] = answer(f"{HEADER},Used Linux\n{ROW},Yes\n".encode())

    assert '"Used Linux"' in bundle(spoken.tenant(), "skype-devices-usage")


def test_proxy_password_is_not_told(lab: Lab) -> None:
    """Nor its user, nor where the proxy is."""
    tenant = lab.tenant(proxy="http://proxy-user:proxy-word@proxy.contoso.invalid:3128")
    text = bundle(tenant, "skype-devices-usage")

    assert told(text, {"proxy-user", "proxy-word", "proxy.contoso.invalid"}) == []


def test_large_file_is_a_sample(make_lab: MakeLab) -> None:
    """Of which the number of rows is told, and not more than some rows."""
    lab = make_lab(users=3000)
    found = content(bundle(lab.tenant(), "skype-devices-usage"))["exchanges"]
    tables = [one["body"] for one in found if one["body"]["form"] == "table"]

    assert (tables[0]["rows"], len(tables[0]["sample"]) < 150) == (3000, True)


# The command.


def test_command_writes_for_its_user_only(lab: Lab, tmp_path: Path) -> None:
    """And says what to do with it."""
    to = tmp_path / "bundle.json"
    done = lab.run("capture", "--to", str(to))

    assert (done.returncode, to.stat().st_mode & 0o777, done.stderr) == (0, 0o600, "")
    assert "look it through before you mail it" in done.stdout


def test_state_stays_as_it_is(lab: Lab, tmp_path: Path) -> None:
    """Nothing is kept of what was asked, and nothing is answered from what is kept."""
    lab.run("collect")
    before = {path: path.read_bytes() for path in lab.state.rglob("*") if path.is_file()}
    asked = len(lab.reports_asked())
    lab.run("capture", "--to", str(tmp_path / "bundle.json"))
    after = {path: path.read_bytes() for path in lab.state.rglob("*") if path.is_file()}

    assert (after == before, len(lab.reports_asked()) > asked) == (True, True)


def test_nothing_is_left_in_temporary_folders(lab: Lab, tmp_path: Path) -> None:
    """What was read of people is gone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    lab.run("capture", "--to", str(tmp_path / "bundle.json"), TMPDIR=str(folder))

    assert list(folder.iterdir()) == []


REFUSED = {
    "no file": ([], "there is no file to write to"),
    "a file that is there": (["--to", "/etc/passwd"], "'/etc/passwd' is there already"),
    "no folder": (["--to", "/nonexistent/bundle"], "No such file or directory"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_file_that_cannot_be_written(lab: Lab, name: str) -> None:
    """One line says so."""
    words, said = REFUSED[name]
    done = lab.run("capture", *words)

    assert (done.returncode, said in done.stderr, len(done.stderr.splitlines())) == (3, True, 1)


def test_secret_that_slips_through_is_not_written(spoken: Services) -> None:
    """The last look finds what the rules have let through."""
    spoken.replies["download"] = answer(f"{HEADER},Used Linux\n{ROW},Yes\n".encode())
    tenant = spoken.tenant(credential=Secret("Used Linux"))

    with pytest.raises(BridgeError, match="would show a name or a secret"):
        bundle(tenant, "skype-devices-usage")
