"""Pushes to a real server whose hosts take encrypted connections only."""

from __future__ import annotations

import secrets
import subprocess
import sysconfig

import pytest
import trustme

from zabbix.conftest import Zabbix
from zabbix.programs import PATIENCE, ROOT, UNPACKED, Programs, until

PSK, CERTIFICATE = 2, 4
"""Connections that a host takes, as the API numbers them."""


def add_host(zabbix: Zabbix, name: str, **accepts: object) -> str:
    """Add a tenant and its host, which takes what is said; give the name, once the server knows."""
    zabbix.office.add(name)
    host = zabbix.api.add_host(name, zabbix.use("trapper"), {})
    push(zabbix, name)  # nothing to fetch any more
    until(lambda: push(zabbix, name).returncode == 0, f"the server knows {name}")
    zabbix.api.call("host.update", hostid=host, **accepts)
    until(lambda: push(zabbix, name).returncode, f"the server knows what {name} takes")
    return name


def push(zabbix: Zabbix, tenant: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Push a tenant's values, as the user zabbix would."""
    place = f"--send=127.0.0.1:{zabbix.server.port}"
    return zabbix.office.run("collect", "--output=zabbix", f"--tenant={tenant}", place, *words)


def said(zabbix: Zabbix, tenant: str, text: str) -> str:
    """Give the line that a push prints when the server takes everything, or nothing."""
    count = push(zabbix, tenant).stderr.split(" of ")[1].split()[0]
    place = f"127.0.0.1:{zabbix.server.port}"
    return text.format(place=place, count=count)


def refused(tenant: str, taken: str) -> str:
    """Give the line about a server that takes nothing."""
    return (
        "E! {place}: processed 0 of {count} values, refused {count}. See that the host "
        f"{tenant} is there and enabled, has the trapper template, and allows this address and "
        f"{taken}; a new one is known after a minute.\n"
    )


UNENCRYPTED = "unencrypted connections (or encrypt: --send-psk-file, --send-cert-file)"


@pytest.fixture
def psk(zabbix: Zabbix) -> tuple[str, tuple[str, ...]]:
    """Give a host that takes a PSK only, and the words that push by it."""
    name, key = "by-psk", secrets.token_hex(32)
    file = zabbix.office.keep("psk", f"{key}\n")
    add_host(zabbix, name, tls_accept=PSK, tls_psk_identity="O365 push", tls_psk=key)
    return name, ("--send-psk-identity=O365 push", f"--send-psk-file={file}")


def test_push_by_psk(zabbix: Zabbix, psk: tuple[str, tuple[str, ...]]) -> None:
    """What is pushed by the host's PSK is taken; what is not, or by another key, is refused."""
    tenant, words = psk
    wrong = zabbix.office.keep("wrong", secrets.token_hex(32))
    plain, done = push(zabbix, tenant), push(zabbix, tenant, *words)
    other = push(zabbix, tenant, words[0], f"--send-psk-file={wrong}")

    assert (plain.returncode, plain.stderr) == (
        1,
        said(zabbix, tenant, refused(tenant, UNENCRYPTED)),
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        said(zabbix, tenant, "{place}: processed {count} of {count} values\n"),
        "",
    )
    assert (other.returncode, other.stdout) == (1, "")
    assert other.stderr.endswith(
        ". Check --send, and that the server's trapper port is open to this host. See that the "
        "server knows the PSK identity 'O365 push' with this very key, as Encryption says at the "
        "host; a new one is known after a minute.\n"
    )
    _push_by_newer_python(zabbix, tenant, words)


def _push_by_newer_python(zabbix: Zabbix, tenant: str, words: tuple[str, ...]) -> None:
    """Push by Python's own TLS, which can do it from 3.13 on."""
    identity, file = (word.partition("=")[2] for word in words)
    code = (
        "from o365skype_bridge.outputs import encryption, push\n"
        f"key = encryption.SharedKey({identity!r}, open({file!r}).read().strip())\n"
        f"server = push.server_of('127.0.0.1:{zabbix.server.port}', '', (),"
        " encryption.by_key(key))\n"
        f"values = [push.Value(host={tenant!r}, key=push.DOCUMENT, value='{{}}', clock=1)]\n"
        "print(server.encryption.wrapper is not None, push.push(server, values))"
    )
    done = subprocess.run(
        [*Programs("7.0").command("/usr/bin/python3.13"), "-I", "-S", "-"],
        input=f"import sys; sys.path += {[str(ROOT), sysconfig.get_path('purelib')]!r}\n{code}",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={"PYTHONHOME": str(UNPACKED / "usr")},
    )

    assert (done.stdout, done.stderr) == (
        f"True 127.0.0.1:{zabbix.server.port}: processed 1 of 1 values\n\n",
        "",
    )


def test_push_by_certificate(zabbix: Zabbix) -> None:
    """A certificate of the server's authority is taken; a server of another one is not trusted."""
    tenant = add_host(zabbix, "by-certificate", tls_accept=CERTIFICATE)
    office, issued = zabbix.office, zabbix.server.issue("pusher.example")
    authority = office.keep("ca.pem", zabbix.server.pem("ca").read_text())
    chain = office.keep("cert.pem", issued.cert_chain_pems[0].bytes().decode())
    key = office.keep("key.pem", issued.private_key_pem.bytes().decode())
    other = office.keep("other.pem", trustme.CA().cert_pem.bytes().decode())
    own = (f"--send-cert-file={chain}", f"--send-key-file={key}")
    done = push(zabbix, tenant, f"--send-ca-file={authority}", *own)
    named = [
        push(zabbix, tenant, f"--send-ca-file={authority}", *own, f"--send-server-name={name}")
        for name in ("zabbix.example", "other.example")
    ]
    foreign = push(zabbix, tenant, f"--send-ca-file={other}", *own)

    assert push(zabbix, tenant).stderr == said(zabbix, tenant, refused(tenant, UNENCRYPTED))
    assert (done.stderr, done.returncode) == ("", 0)
    assert [one.returncode for one in named] == [0, 1]
    assert foreign.returncode == 1
    assert "CERTIFICATE_VERIFY_FAILED" in foreign.stderr
    assert foreign.stderr.endswith(
        "See that the server's certificate is of the authority in --send-ca-file, and that of "
        "--send-cert-file of one in the server's TLSCAFile.\n"
    )
