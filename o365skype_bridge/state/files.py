"""Files that appear whole: 0600 in a folder of 0700, made beside their place and moved there."""

from __future__ import annotations

import os

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
TEMPORARY = ".tmp"


def make_folder(path: str) -> None:
    """Make a folder and those above it for this user alone. Raises `OSError`."""
    if os.path.isdir(path):
        return
    make_folder(os.path.dirname(path) or ".")
    try:
        os.mkdir(path, PRIVATE_FOLDER)
        _give_to_owner(path, os.path.dirname(path) or ".")
    except FileExistsError:
        pass


def open_private(path: str) -> int:
    """Open a new file for writing, for this user alone; give its descriptor."""
    flags = os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, PRIVATE_FILE)


def temporary(path: str) -> str:
    """Name the file beside ``path`` that becomes it."""
    return f"{path}.{os.getpid()}{TEMPORARY}"


def put_in_place(made: str, path: str) -> None:
    """Move a finished temporary file to its place."""
    _give_to_owner(made, os.path.dirname(path) or ".")
    os.replace(made, path)


def write_whole(path: str, content: bytes) -> None:
    """Write a file so that readers see the old content or the new one. Raises `OSError`."""
    made = temporary(path)
    try:
        with os.fdopen(open_private(made), "wb") as opened:
            opened.write(content)
        put_in_place(made, path)
    except BaseException:
        remove(made)
        raise


def remove(path: str) -> None:
    """Delete a file if it is there and can be."""
    try:
        os.unlink(path)
    except OSError:
        pass


def read_owned(path: str) -> bytes:
    """Read a file that is ours: this user's, or for root the folder owner's.

    Raises `OSError`, or `ValueError` for a file of somebody else's.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as opened:
        owner = os.fstat(opened.fileno()).st_uid
        if owner != os.geteuid() and os.geteuid() != 0:
            raise ValueError("it belongs to another user")
        return opened.read()


def _give_to_owner(made: str, folder: str) -> None:
    # What root leaves in a service account's folder must stay readable for that account.
    if os.geteuid() == 0:
        status = os.stat(folder)
        if status.st_uid:
            os.chown(made, status.st_uid, status.st_gid)
