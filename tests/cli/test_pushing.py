"""How a push is encrypted, as the options say: which go together, and what their files must be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import trustme
from conftest import Lab

PUSH = ("collect", "--output", "zabbix", "--report", "skype-devices-usage")
SEND = ("--send", "127.0.0.1:1")
KEY = "0123456789abcdef" * 4

SENDER = """#!/bin/sh
for word; do file=$word; printf '%s\\n' "$word" >> "{folder}/words"; done
cat "$file" > "{folder}/key"
cat > "{folder}/lines"
{says}
"""


@pytest.fixture
def psk(tmp_path: Path) -> Path:
    """Give a file with a key in it."""
    path = tmp_path / "psk"
    path.write_text(f"{KEY}\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def certificates(tmp_path: Path) -> tuple[str, ...]:
    """Give the options of a certificate, its key and an authority."""
    authority = trustme.CA()
    issued = authority.issue_cert("pusher.example")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    (tmp_path / "key.pem").chmod(0o600)
    return tuple(f"--send-{name}-file={tmp_path / name}.pem" for name in ("ca", "cert", "key"))


def refusal(lab: Lab, *words: str) -> tuple[int, str, int]:
    """Give exit code and line of a push that is refused, and how often Graph was asked."""
    done = lab.run(*PUSH, *words)
    return done.returncode, done.stderr, len(lab.simulator.calls)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            (*SEND, "--send-psk-file=x"),
            (
                "--send-psk-file is given without --send-psk-identity. It takes all of "
                "--send-psk-identity, --send-psk-file."
            ),
        ),
        (
            (*SEND, "--send-cert-file=x", "--send-ca-file=x"),
            (
                "--send-ca-file is given without --send-key-file. It takes all of --send-ca-file, "
                "--send-cert-file, --send-key-file."
            ),
        ),
        (
            (*SEND, "--send-server-name=x"),
            (
                "--send-server-name is given without --send-ca-file. It takes all of "
                "--send-ca-file, --send-cert-file, --send-key-file."
            ),
        ),
        (
            (*SEND, "--send-cert-file=x", "--send-psk-identity=x"),
            (
                "--send-cert-file does not go with --send-psk-identity. Encrypt by certificates "
                "or by a PSK."
            ),
        ),
        (
            (*SEND, "--send-psk-identity=x", "--send-psk-file=/nowhere"),
            (
                "--send-psk-file '/nowhere' cannot be read: No such file or directory. Name a "
                "file that this user can read."
            ),
        ),
        (
            (*SEND, "--send-ca-file=/", "--send-cert-file=/nowhere", "--send-key-file=/dev/null"),
            (
                "--send-cert-file '/nowhere' cannot be read: No such file or directory. Name a "
                "file that this user can read."
            ),
        ),
    ],
)
def test_options_that_cannot_be_followed_are_refused(
    lab: Lab, words: tuple[str, ...], said: str
) -> None:
    """What is missing or contradicts is named, before Graph is asked."""
    assert refusal(lab, *words) == (3, f"E! {said}\n", 0)


def test_encryption_without_a_server_is_refused(lab: Lab) -> None:
    """Who does not push reads the refusal in the document, as ever."""
    done = lab.run(*PUSH, "--send-psk-file=x")
    error = json.loads(done.stdout)["error"]

    assert error == "--send-psk-file is given without --send. Name the server by --send."


@pytest.mark.parametrize("content", ["", "secret", "00" * 15, "00" * 257, "0" * 33, "é" * 32])
def test_file_without_a_psk_is_refused(lab: Lab, psk: Path, content: str) -> None:
    """What Zabbix would take for no key is refused, and not shown."""
    psk.write_text(content, encoding="utf-8")
    said = (
        f"E! --send-psk-file '{psk}' holds no PSK. It holds 32 to 512 hexadecimal digits on one "
        "line: openssl rand -hex 32 makes some.\n"
    )

    assert refusal(lab, *SEND, "--send-psk-identity=x", f"--send-psk-file={psk}") == (3, said, 0)


def test_identity_that_is_none_is_refused(lab: Lab, psk: Path) -> None:
    """Zabbix takes 128 characters."""
    words = (*SEND, f"--send-psk-identity={'x' * 129}", f"--send-psk-file={psk}")
    said = (
        f"E! --send-psk-identity '{'x' * 40}' is no PSK identity. Zabbix takes 128 printable "
        "characters.\n"
    )

    assert refusal(lab, *words) == (3, said, 0)


def test_psk_without_a_program_for_it_is_refused(lab: Lab, psk: Path, tmp_path: Path) -> None:
    """A Python that cannot do it needs Zabbix's sender, and the line says where it is."""
    lab.env["PATH"] = str(tmp_path)
    said = (
        "E! --send-psk-file needs Python 3.13 or the program zabbix_sender. Install Zabbix's "
        "package zabbix-sender (Debian's zabbix-agent has it), or encrypt by certificate.\n"
    )

    assert refusal(lab, *SEND, "--send-psk-identity=x", f"--send-psk-file={psk}") == (3, said, 0)


def sender(lab: Lab, folder: Path, says: str) -> None:
    """Put a sender on the path that notes what it is told."""
    program = folder / "zabbix_sender"
    program.write_text(SENDER.format(folder=folder, says=says))
    program.chmod(0o755)
    lab.env["PATH"] = f"{folder}:/usr/bin:/bin"


def test_sender_gets_the_key_by_a_pipe(lab: Lab, psk: Path, tmp_path: Path) -> None:
    """The key is on no command line; the file's values are quoted as Zabbix reads them."""
    sender(
        lab,
        tmp_path,
        'echo "processed: $(wc -l < lines); failed: 0; total: 9"'.replace(
            "lines", str(tmp_path / "lines")
        ),
    )
    done = lab.run(*PUSH, *SEND, "--send-psk-identity=an id", f"--send-psk-file={psk}")
    words = (tmp_path / "words").read_text().splitlines()
    lines = (tmp_path / "lines").read_text().splitlines()
    document = lines[-1].partition(' "o365.bridge.document" ')[2].split(" ", 2)[2]

    assert (done.returncode, done.stderr) == (0, "")
    assert words[:-1] == [
        *("-z", "127.0.0.1", "-p", "1", "-T", "-N", "-i", "-", "--tls-connect", "psk"),
        *("--tls-psk-identity", "an id", "--tls-psk-file"),
    ]
    assert (tmp_path / "key").read_text() == f"{KEY}\n"
    assert json.loads(document[1:-1].replace('\\"', '"').replace("\\\\", "\\"))["status"] == "ok"


def test_sender_that_fails_is_quoted(lab: Lab, psk: Path, tmp_path: Path) -> None:
    """What the sender says is the reason, and encryption is named as a cause."""
    sender(lab, tmp_path, 'echo "zabbix_sender [7]: Warning: no handshake"; exit 1')
    done = lab.run(*PUSH, *SEND, "--send-psk-identity=x", f"--send-psk-file={psk}")

    assert (done.returncode, done.stderr) == (
        1,
        (
            "E! 127.0.0.1:1 has not taken the values: no handshake. Check --send, and that the "
            "server's trapper port is open to this host. See that the server knows the PSK "
            "identity 'x' with this very key, as Encryption says at the host; a new one is known "
            "after a minute.\n"
        ),
    )


def test_files_that_others_read_are_warned_of(
    lab: Lab, psk: Path, tmp_path: Path, certificates: tuple[str, ...]
) -> None:
    """A key of either kind that others can read is a line on stderr."""
    sender(lab, tmp_path, "exit 1")
    key = tmp_path / "key.pem"
    for path in (psk, key):
        path.chmod(0o644)
    lines = [
        lab.run(*PUSH, *SEND, *words).stderr.splitlines()[0]
        for words in ((f"--send-psk-file={psk}", "--send-psk-identity=x"), certificates)
    ]

    assert lines == [
        f"W! other users can read the PSK file {psk}: run chmod 600 on it",
        f"W! other users can read the key file {key}: run chmod 600 on it",
    ]


def test_key_of_another_certificate_is_refused(
    lab: Lab, tmp_path: Path, certificates: tuple[str, ...]
) -> None:
    """Files that do not belong together are refused, before Graph is asked."""
    trustme.CA().issue_cert("x.example").private_key_pem.write_to_path(tmp_path / "key.pem")
    code, line, calls = refusal(lab, *SEND, *certificates)

    assert (code, calls) == (3, 0)
    assert line == (
        "E! the certificates cannot be used: KEY_VALUES_MISMATCH. All of --send-ca-file, "
        "--send-cert-file, --send-key-file are PEM files that this user can read; the key belongs "
        "to the certificate and has no password.\n"
    )


def test_backfill_encrypts_too(lab: Lab) -> None:
    """The past goes the same way."""
    done = lab.run("backfill", *SEND, "--send-psk-file=x")

    assert (done.returncode, done.stderr.split(". ")[0]) == (
        3,
        "E! --send-psk-file is given without --send-psk-identity",
    )
