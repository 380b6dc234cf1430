"""Every way to sign in, through the installed command, against a login service that checks it."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import signing
from conftest import Lab, MakeLab

from o365skype_bridge.simulator.identity import APP_SERVICE, IDENTITY_HEADER

PASSPHRASE = "a pass phrase: \"quoted\" and 'so' $HOME"
NO_SECRET = {"O365_CLIENT_SECRET": ""}

Write = Callable[[str, str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give a function that writes a file for its owner alone and gives its path."""

    def put(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
        return str(path)

    return put


def outcomes(lab: Lab, *words: str, **env: str) -> dict[str, str]:
    """Give the text of each report's outcome, ``ok`` if it is."""
    done = lab.run("collect", "--output", "json", *words, **NO_SECRET, **env)
    assert "Traceback" not in done.stderr
    return {
        result["report"]: f"{result['message']}. {result['remedy']}"
        if result["message"]
        else result["outcome"]
        for result in json.loads(done.stdout)["results"]
    }


def outcome(lab: Lab, *words: str, **env: str) -> str:
    """Give the outcome that all reports share."""
    [found] = set(outcomes(lab, *words, **env).values())
    return found


def unlocking(write: Write, passphrase: str) -> dict[str, str]:
    """Give the settings that open a certificate with a passphrase, if it has one."""
    name = "O365_CERTIFICATE_PASSPHRASE_FILE"
    return {name: write("passphrase", passphrase)} if passphrase else {}


@pytest.fixture
def certified(make_lab: MakeLab) -> Lab:
    """Give a tenant whose application may sign in with one certificate."""
    return make_lab(users=3, certificates=[signing.pair().public])


def test_pem_without_passphrase_signs_in(certified: Lab, write: Write) -> None:
    """One PEM file with key and certificate is enough."""
    path = write("app.pem", signing.pair().pem())

    assert outcome(certified, O365_CERTIFICATE_FILE=path) == "ok"


def test_pem_with_passphrase_signs_in(certified: Lab, write: Write) -> None:
    """The passphrase comes from a file of its own."""
    path = write("app.pem", signing.pair().pem(PASSPHRASE))
    passphrase = write("passphrase", f"{PASSPHRASE}\n")

    assert outcome(
        certified, "--certificate-file", path, "--certificate-passphrase-file", passphrase
    ) == ("ok")


def test_key_in_a_file_of_its_own_signs_in(certified: Lab, write: Write) -> None:
    """Certificate and key may lie apart, as many tools make them."""
    pair = signing.pair()
    public, key = write("app.crt", pair.public), write("app.key", pair.pem())

    assert outcome(certified, O365_CERTIFICATE_FILE=public, O365_CERTIFICATE_KEY_FILE=key) == "ok"


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_pfx_signs_in(certified: Lab, write: Write, passphrase: str) -> None:
    """A PFX file is told from a PEM file by what it holds."""
    path = write("app.bin", signing.pair().pfx(passphrase))

    assert outcome(certified, O365_CERTIFICATE_FILE=path, **unlocking(write, passphrase)) == "ok"


@pytest.mark.parametrize("form", ["pem", "pfx"])
def test_chain_is_sent_when_asked_for(make_lab: MakeLab, write: Write, form: str) -> None:
    """An application that trusts an issuer takes every certificate of it, shown with its chain."""
    root, leaf = signing.pair("root"), signing.pair("leaf", 90, "root")
    lab = make_lab(users=3, certificates=[root.public])
    content = leaf.pem() + root.public if form == "pem" else leaf.pfx("", root)
    path = write("app", content)

    assert outcome(lab, O365_CERTIFICATE_FILE=path, O365_CERTIFICATE_CHAIN="true") == "ok"


def test_chain_is_not_sent_unless_asked_for(make_lab: MakeLab, write: Write) -> None:
    """Without its chain such a certificate is not known there."""
    root, leaf = signing.pair("root"), signing.pair("leaf", 90, "root")
    lab = make_lab(users=3, certificates=[root.public])
    path = write("app.pem", leaf.pem() + root.public)

    assert "the certificate is not registered" in outcome(lab, O365_CERTIFICATE_FILE=path)


def test_certificate_that_is_not_registered_is_refused(certified: Lab, write: Write) -> None:
    """The login service's code is said in words, with what to do."""
    path = write("app.pem", signing.pair("other").pem())

    assert outcome(certified, O365_CERTIFICATE_FILE=path) == (
        "login refused: the certificate is not registered or its signature is wrong (AADSTS700027)."
        " Upload the certificate in Entra (App registrations, Certificates & secrets)."
    )


CANNOT = {
    "missing": (None, "", "cannot be read: No such file or directory"),
    "locked": (lambda: signing.pair().pem(PASSPHRASE), "", "cannot be opened: it needs a"),
    "wrong": (lambda: signing.pair().pem(PASSPHRASE), "wrong", "its passphrase is wrong"),
    "pfx": (lambda: signing.pair().pfx(PASSPHRASE), "wrong", "its passphrase is wrong"),
    "alone": (lambda: signing.pair().public, "", "it is neither PEM nor PFX"),
    "other": (
        lambda: signing.pair("other").public + signing.pair().pem().split("-----BEGIN CERT")[0],
        "",
        "it holds no certificate of its key",
    ),
    "garbage": (lambda: b"\x00\xff" * 100, "", "it is neither PEM nor PFX"),
}


@pytest.mark.parametrize("name", CANNOT)
def test_certificate_that_cannot_be_used_is_named(certified: Lab, write: Write, name: str) -> None:
    """A file that is missing, locked or something else is an outcome that names it."""
    make, passphrase, said = CANNOT[name]
    path = write("app", make()) if make else "/nonexistent/app.pem"
    env = unlocking(write, passphrase)

    assert said in outcome(certified, O365_CERTIFICATE_FILE=path, **env)


def test_no_login_is_tried_with_a_certificate_that_cannot_be_used(
    certified: Lab, write: Write
) -> None:
    """What cannot be opened here is not shown to anybody."""
    outcome(certified, O365_CERTIFICATE_FILE=write("app", b"garbage"))

    assert "token" not in certified.kinds()


def test_certificate_tells_its_end(certified: Lab, write: Write) -> None:
    """Days left are known without a permission."""
    path = write("app.pem", signing.pair().pem())
    done = certified.run(
        *("collect", "--output", "json", "--report", "credentials"),
        **{**NO_SECRET, "O365_CERTIFICATE_FILE": path},
    )
    [result] = json.loads(done.stdout)["results"]
    values = {sample["metric"]: sample["value"] for sample in result["samples"]}

    assert (values["credentials.left"], values["credentials.kind"]) == (90, "certificate")


def test_another_certificate_is_asked_with_at_once(certified: Lab, write: Write) -> None:
    """What was fetched with the old one is not taken for what the new one may see."""
    path = write("app.pem", signing.pair().pem())
    outcome(certified, O365_CERTIFICATE_FILE=path)
    write("app.pem", signing.pair("other").pem())

    assert "AADSTS700027" in outcome(certified, O365_CERTIFICATE_FILE=path)


@pytest.fixture
def trusting(make_lab: MakeLab) -> Lab:
    """Give a tenant whose application trusts another service's tokens."""
    return make_lab(users=3, federation=signing.federation())


def test_federated_token_signs_in(trusting: Lab, write: Write) -> None:
    """A workload identity's token is shown in the secret's place."""
    path = write("token", signing.federated())

    assert outcome(trusting, O365_FEDERATED_TOKEN_FILE=path) == "ok"


def test_webhooks_variables_are_enough(trusting: Lab, write: Write) -> None:
    """In a pod with a workload identity nothing has to be configured."""
    env = {
        "AZURE_TENANT_ID": trusting.simulator.tenant_ids[0],
        "AZURE_CLIENT_ID": trusting.simulator.client_id,
        "AZURE_FEDERATED_TOKEN_FILE": write("token", signing.federated()),
        "O365_TENANT_ID": "",
        "O365_CLIENT_ID": "",
    }

    assert outcome(trusting, **env) == "ok"


def test_federated_token_is_read_again(trusting: Lab, write: Write) -> None:
    """A token that has ended in its file gives way to the next one there."""
    path = write("token", signing.federated(exp=time.time() - 60))
    assert "AADSTS700024" in outcome(trusting, O365_FEDERATED_TOKEN_FILE=path)
    write("token", signing.federated())

    done = trusting.run("refresh", "--all", O365_FEDERATED_TOKEN_FILE=path, **NO_SECRET)
    assert (done.returncode, done.stderr) == (0, "")


STRANGE: dict[str, tuple[dict[str, Any], str]] = {
    "issuer": ({"iss": "https://elsewhere.example"}, "AADSTS700211"),
    "subject": ({"sub": "system:serviceaccount:monitoring:other"}, "AADSTS700213"),
    "audience": ({"aud": "api://other"}, "AADSTS700212"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_federated_token_that_does_not_match_is_refused(
    trusting: Lab, write: Write, name: str
) -> None:
    """Issuer, subject and audience must be those that Entra knows."""
    claims, code = STRANGE[name]
    path = write("token", signing.federated(**claims))

    assert code in outcome(trusting, O365_FEDERATED_TOKEN_FILE=path)


@pytest.fixture
def managed(make_lab: MakeLab) -> Lab:
    """Give a machine of Azure with an identity of its own and another one."""
    return make_lab(users=3, identities=["system", "5111a7ed-user"])


@pytest.mark.parametrize("identity", ["system", "5111a7ed-user"])
def test_managed_identity_signs_in(managed: Lab, identity: str) -> None:
    """The machine's own identity, and one that was assigned to it."""
    env = {"O365_MANAGED_IDENTITY": identity, "O365_CLIENT_ID": ""}

    assert outcome(managed, **env) == "ok"


def test_app_service_signs_in(managed: Lab) -> None:
    """An app of App Service has an endpoint of its own, and a header that opens it."""
    env = {
        "O365_AUTH": "managed",
        "IDENTITY_ENDPOINT": f"{managed.running.identity_endpoint}{APP_SERVICE}",
        "IDENTITY_HEADER": IDENTITY_HEADER,
    }

    assert outcome(managed, **env) == "ok"


def test_identity_that_is_not_assigned_is_refused(managed: Lab) -> None:
    """The endpoint's own words are shown."""
    assert "Identity not found" in outcome(managed, O365_MANAGED_IDENTITY="another")


def test_no_managed_identity_is_one_clear_line(make_lab: MakeLab) -> None:
    """Where nobody answers it is said at once, with what to do."""
    lab = make_lab(users=3)
    env = {"O365_AUTH": "managed", "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:9"}

    assert outcome(lab, **env) == (
        "no managed identity is offered here (127.0.0.1:9: the connection was refused). Run this "
        "on a machine of Azure or Azure Arc that has an identity, or choose another way to sign "
        "in with auth."
    )


def test_silent_identity_endpoint_has_a_time_limit(make_lab: MakeLab) -> None:
    """An address that swallows everything does not take the whole deadline."""
    lab = make_lab(users=3, identities=["system"], faults=["delay=15@identity"])
    began = time.monotonic()
    said = outcome(lab, "--deadline", "20", O365_AUTH="managed", O365_REPORTS="skype-devices-usage")

    assert ("no managed identity is offered here" in said, time.monotonic() - began < 14) == (
        True,
        True,
    )


def test_two_ways_are_refused(certified: Lab, write: Write) -> None:
    """Which of them is meant has to be said."""
    path = write("app.pem", signing.pair().pem())
    done = certified.run("collect", "--output", "json", O365_CERTIFICATE_FILE=path)

    assert "a secret and a certificate are both set" in done.stdout + done.stderr


def test_auth_chooses_among_several(certified: Lab, write: Write) -> None:
    """The others may stay where they are."""
    path = write("app.pem", signing.pair().pem())
    done = certified.run(
        *("collect", "--output", "json"),
        O365_CERTIFICATE_FILE=path,
        O365_AUTH="certificate",
        O365_CLIENT_SECRET="no",
    )

    assert {each["outcome"] for each in json.loads(done.stdout)["results"]} == {"ok"}


def test_unknown_auth_is_refused(certified: Lab) -> None:
    """A way that there is not is named, with those that there are."""
    done = certified.run("collect", "--output", "json", O365_AUTH="password")

    assert "Known: secret, certificate, federated, managed." in done.stdout + done.stderr


def test_systemd_credential_signs_in(certified: Lab, tmp_path: Path) -> None:
    """A secret that systemd has loaded for a unit needs no further setting."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "o365_client_secret").write_text(certified.simulator.client_secret)

    assert outcome(certified, CREDENTIALS_DIRECTORY=str(folder)) == "ok"


def test_key_and_passphrase_are_nowhere(certified: Lab, write: Write) -> None:
    """Neither is in what is printed or kept."""
    pem = signing.pair().pem(PASSPHRASE)
    path = write("app.pem", pem)
    env = {"O365_CERTIFICATE_FILE": path, **unlocking(write, PASSPHRASE)}
    done = certified.run("collect", "--verbose", **NO_SECRET, **env)
    kept = b"".join(each.read_bytes() for each in certified.state.rglob("*") if each.is_file())
    every = f"{done.stdout}{done.stderr}{kept!r}"

    assert [text for text in (PASSPHRASE, "PRIVATE KEY", pem[100:140]) if text in every] == []


def arguments(process: int) -> set[str]:
    """Give the arguments of a process and of those under it, as every user can see them."""
    found: set[str] = set()
    for each in (process, *children(process)):
        with contextlib.suppress(OSError):
            found.add(Path(f"/proc/{each}/cmdline").read_bytes().decode(errors="replace"))
    return found


def children(process: int) -> list[int]:
    """Give the processes that a process has started, and those that they have."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        own = [int(number) for number in text.split()]
        return [*own, *(more for each in own for more in children(each))]
    return []


@pytest.mark.parametrize("command", ["collect", "doctor", "refresh"])
def test_no_secret_is_in_the_list_of_processes(
    make_lab: MakeLab, write: Write, command: str
) -> None:
    """Whoever looks at it while we work sees paths only."""
    lab = make_lab(users=3, certificates=[signing.pair().public], latency=0.3)
    pem, proxied = signing.pair().pem(PASSPHRASE), "bridge:a proxy's word"
    env = {
        "O365_CERTIFICATE_FILE": write("app.pem", pem),
        "O365_PROXY_CREDENTIALS_FILE": write("proxy", proxied),
        **unlocking(write, PASSPHRASE),
    }
    process = lab.popen(command, **NO_SECRET, **env)
    seen: set[str] = set()
    while process.poll() is None:
        seen |= arguments(process.pid)
        time.sleep(0.05)
    process.communicate()
    secrets = (PASSPHRASE, proxied, pem[100:140], lab.simulator.client_secret, "simulated.")

    assert seen
    assert [text for text in secrets if any(text in line for line in seen)] == []
