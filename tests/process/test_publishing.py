"""Files for others: whole or not at all, readable as before, and never in a device's place."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from o365skype_bridge.process.files import UnfitError
from o365skype_bridge.process.publishing import publish


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_file_can_be_read_by_all(tmp_path: Path) -> None:
    """Whatever the account's umask is: who reads it is another account."""
    path = tmp_path / "x.prom"
    before = os.umask(0o077)
    try:
        publish(str(path), "text")
    finally:
        os.umask(before)

    assert (path.read_text(), mode(path)) == ("text", 0o644)


def test_mode_of_the_former_file_is_kept(tmp_path: Path) -> None:
    """Who has closed it to others finds it closed."""
    path = tmp_path / "x.prom"
    path.touch()
    path.chmod(0o640)
    publish(str(path), "text")

    assert (path.read_text(), mode(path)) == ("text", 0o640)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to any group")
def test_group_of_the_former_file_is_kept(tmp_path: Path) -> None:
    """Who reads it by its group still can."""
    path = tmp_path / "x.prom"
    path.touch()
    os.chown(path, -1, 54321)
    publish(str(path), "text")

    assert path.stat().st_gid == 54321


def test_open_readers_keep_what_they_read(tmp_path: Path) -> None:
    """The new text is another file, so nobody reads half of each."""
    path = tmp_path / "x.prom"
    publish(str(path), "old")
    with path.open() as reader:
        publish(str(path), "new")

        assert (reader.read(), path.read_text()) == ("old", "new")


def test_nothing_else_is_left_beside_it(tmp_path: Path) -> None:
    """Nor would node_exporter read it: its name ends otherwise."""
    publish(str(tmp_path / "x.prom"), "text")

    assert [path.name for path in tmp_path.iterdir()] == ["x.prom"]


def test_full_disk_leaves_the_former_file(mount: Callable[[str], Path]) -> None:
    """And no half of the new one."""
    disk = mount("size=64k")
    path = disk / "x.prom"
    publish(str(path), "old")
    with pytest.raises(OSError, match="No space left"):
        publish(str(path), "x" * 100_000)

    assert [(each.name, each.read_text()) for each in disk.iterdir()] == [("x.prom", "old")]


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda path: path.mkdir(), "a folder"),
        (lambda path: path.symlink_to("/dev/null"), "a symbolic link"),
        (os.mkfifo, "a pipe"),
    ],
    ids=["folder", "link", "pipe"],
)
def test_what_is_no_regular_file_stays(
    tmp_path: Path, make: Callable[[Path], None], kind: str
) -> None:
    """Root would put a file in the place of /dev/null."""
    path = tmp_path / "x.prom"
    make(path)
    with pytest.raises(UnfitError, match=f"it is {kind}, not a regular file"):
        publish(str(path), "text")
