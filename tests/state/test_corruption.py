"""Every file of the state spoilt in every way: the next answers are right all the same."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Lab


def replace_by_folder(path: Path) -> None:
    """Put a folder in the file's place."""
    path.unlink()
    path.mkdir()


def replace_by_link(path: Path) -> None:
    """Put a link to somebody else's file in the file's place."""
    path.unlink()
    path.symlink_to("/etc/passwd")


SPOIL: dict[str, Callable[[Path], object]] = {
    "emptied": lambda path: path.write_bytes(b""),
    "torn": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "random": lambda path: path.write_bytes(random.Random(1).randbytes(200)),
    "other-json": lambda path: path.write_bytes(b'{"a": [1, null, {}]}'),
    "folder": replace_by_folder,
    "link": replace_by_link,
}


@pytest.mark.parametrize("how", SPOIL)
def test_spoilt_file_never_spoils_an_answer(lab: Lab, how: str) -> None:
    """Whatever file it is, kept and fetched answers stay right, without a traceback."""
    words = ("check", "skype-users-activity", "--filter-user", "a")
    good = lab.run(*words).stdout
    lab.run("collect")
    for path in sorted(path for path in lab.state.rglob("*") if path.is_file()):
        for ledger in lab.state.rglob("calls.json"):
            if ledger.is_file():
                ledger.unlink()
        if not path.exists():
            continue
        SPOIL[how](path)
        kept = lab.run(*words)
        fetched = lab.run("collect", "--refresh-interval", "0.001")

        assert (kept.stdout, kept.stderr) == (good, ""), path.name
        assert fetched.stdout.count("success=true") == 2, path.name
        assert "Traceback" not in fetched.stderr, path.name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.is_symlink():
            path.unlink()
