"""What operators write into files and settings: rights of files, and texts of one line."""

from __future__ import annotations

import os

OTHERS_WRITE = 0o022
ONLY_OWN = 0o1000
"""The mode bit of a folder in which users can replace their own files only."""


def is_exposed(status: os.stat_result) -> bool:
    """Say whether users can read a file that need not.

    A file of somebody else's that we read as a member of its group is meant to be that way.
    """
    theirs = 0o004 if status.st_uid != os.geteuid() else 0o044
    return bool(status.st_mode & theirs)


def changeable(what: str, path: str) -> list[str]:
    """Give a warning when others can change a file, or put another one in its place."""
    folder = os.path.dirname(path) or "."
    try:
        if os.stat(path).st_mode & OTHERS_WRITE:
            return [f"other users can change {what} {path}: run chmod go-w on it"]
        mode = os.stat(folder).st_mode
    except (OSError, ValueError):
        return []
    if mode & OTHERS_WRITE and not mode & ONLY_OWN:
        return [f"other users can replace {what} {path}: run chmod go-w on {folder}"]
    return []


def reason(error: Exception) -> str:
    """Say why a file could not be used, without its name."""
    return error.strerror or "error" if isinstance(error, OSError) else "it is not UTF-8 text"


def text_of(content: bytes) -> str:
    """Read a file's text, which may begin with the mark that editors put there.

    Raises `ValueError` when it is not UTF-8.
    """
    return content.removeprefix(b"\xef\xbb\xbf").decode()


def has_controls(text: str) -> bool:
    """Say whether a text holds what no line of text does."""
    return any(char < " " or "\x7f" <= char <= "\x9f" for char in text)
