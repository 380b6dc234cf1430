"""Tell one secret from another without keeping either."""

from __future__ import annotations

import contextlib
import hashlib
import os

from o365skype_bridge.state import files

ROUNDS = 20_000
SALT_SIZE = 16


def fingerprint(folder: str, secret: str) -> str:
    """Give a mark of the secret that means something in this folder only.

    The salt lies in the folder; where it cannot be kept every process gets another mark.
    """
    path = f"{folder}/salt"
    try:
        salt = files.read_owned(path)
    except OSError:
        salt = b""
    if len(salt) != SALT_SIZE:
        salt = os.urandom(SALT_SIZE)
        with contextlib.suppress(OSError):
            files.write_whole(path, salt)
    return hashlib.pbkdf2_hmac("sha256", secret.encode(), salt, ROUNDS)[:8].hex()
