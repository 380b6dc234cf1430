"""What the options say about a push: where to, how encrypted, and from which files."""

from __future__ import annotations

import re

from o365skype_bridge.errors import UsageError
from o365skype_bridge.outputs import encryption, sender
from o365skype_bridge.process import files
from o365skype_bridge.settings.credential import guarded
from o365skype_bridge.settings.written import changeable, reason

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from o365skype_bridge.outputs.encryption import Encryption

CERTIFICATE = ("send_ca_file", "send_cert_file", "send_key_file")
KEY = ("send_psk_identity", "send_psk_file")
NAME = "send_server_name"

DIGITS = re.compile(r"(?:[0-9a-fA-F]{2}){16,256}")
LONGEST_IDENTITY = 128
"""Characters that Zabbix takes."""


def encrypted(values: Mapping[str, Any]) -> tuple[Encryption | None, tuple[str, ...]]:
    """Give the way to encrypt, or None for not at all, and what is to be said about its files.

    The files are read now: later, who is root may have become somebody else. Raises `UsageError`.
    """
    given = [name for name in (*CERTIFICATE, NAME, *KEY) if values.get(name)]
    if not given:
        return None, ()
    if not values["send"]:
        raise UsageError(f"{_flag(given[0])} is given without --send", "Name the server by --send.")
    by_key = any(name in KEY for name in given)
    wanted = KEY if by_key else CERTIFICATE
    strange = [name for name in given if by_key and name not in KEY]
    if strange:
        raise UsageError(
            f"{_flag(strange[0])} does not go with {_flag(given[-1])}",
            "Encrypt by certificates or by a PSK.",
        )
    for name in wanted:
        if not values[name]:
            raise UsageError(
                f"{_flag(given[0])} is given without {_flag(name)}",
                f"It takes all of {', '.join(map(_flag, wanted))}.",
            )
    return _by_key(values) if by_key else _by_certificate(values)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _by_certificate(values: Mapping[str, Any]) -> tuple[Encryption, tuple[str, ...]]:
    paths = []
    for name in CERTIFICATE:
        try:
            paths.append(files.for_library(values[name], files.MIDDLING))
        except (OSError, ValueError) as error:
            raise _unreadable(name, values[name], reason(error)) from error
    authorities, certificate, key = paths
    try:
        way = encryption.by_certificate(authorities, certificate, key, values[NAME])
    except (OSError, ValueError) as error:
        said = getattr(error, "reason", "") or getattr(error, "strerror", "") or str(error)
        raise UsageError(
            f"the certificates cannot be used: {said}",
            f"All of {', '.join(map(_flag, CERTIFICATE))} are PEM files that this user can read; "
            "the key belongs to the certificate and has no password.",
        ) from error
    authority, _, own = (values[name] for name in CERTIFICATE)
    return way, (*changeable("the CA file", authority), *guarded("the key file", own))


def _by_key(values: Mapping[str, Any]) -> tuple[Encryption, tuple[str, ...]]:
    name, file = KEY[1], values[KEY[1]]
    try:
        digits = files.read(file, files.SMALL)[0].decode().strip()
    except (OSError, ValueError) as error:
        raise _unreadable(name, file, reason(error)) from error
    if not DIGITS.fullmatch(digits):
        raise UsageError(
            f"{_flag(name)} {file!a} holds no PSK",
            "It holds 32 to 512 hexadecimal digits on one line: openssl rand -hex 32 makes some.",
        )
    identity = values[KEY[0]]
    if not identity.isprintable() or len(identity) > LONGEST_IDENTITY:
        raise UsageError(
            f"{_flag(KEY[0])} {identity[:40]!a} is no PSK identity",
            f"Zabbix takes {LONGEST_IDENTITY} printable characters.",
        )
    way = encryption.by_key(encryption.SharedKey(identity, digits))
    if way.wrapper is None:
        sender.require()
    return way, tuple(guarded("the PSK file", file))


def _unreadable(name: str, file: str, why: str) -> UsageError:
    return UsageError(
        f"{_flag(name)} {file!a} cannot be read: {why}", "Name a file that this user can read."
    )
