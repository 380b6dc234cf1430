"""Files that `generate` wrote and somebody edited are not lost silently, whatever the target."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import COMMAND

from o365skype_bridge import generate
from o365skype_bridge.cli.generated import LIST, Folder

EDITED = "# mine\n"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "generate", *words, "--to", folder],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def files(folder: Path) -> dict[str, str]:
    """Give the files of a folder but for the list of checksums."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LIST
    }


@pytest.mark.parametrize("target", generate.TARGETS)
def test_edited_file_is_refused_and_nothing_written(tmp_path: Path, target: str) -> None:
    """Whichever target it is of, an edited file stays, and so do those beside it."""
    few = ("--report", "skype-devices-usage")
    run(tmp_path / "few", target, *few)
    run(tmp_path / "all", target)
    name = min(files(tmp_path / "few").keys() & files(tmp_path / "all").keys())
    tmp_path /= "all"
    (tmp_path / name).write_text(EDITED, encoding="utf-8")
    before = files(tmp_path)
    done = run(tmp_path, target, *few)

    assert (done.returncode, done.stdout, files(tmp_path)) == (3, "", before)
    assert done.stderr == (
        f"E! {tmp_path / name} was changed since, or made by somebody else. Keep what you need of "
        "it and say --force, or choose another folder: --to DIR.\n"
    )


@pytest.mark.parametrize("target", generate.TARGETS)
def test_force_writes_over_edited_files(tmp_path: Path, target: str) -> None:
    """Who says so gets the generated files, and from then on they are known again."""
    run(tmp_path, target)
    fresh = files(tmp_path)
    for name in fresh:
        (tmp_path / name).write_text(EDITED, encoding="utf-8")
    forced, again = run(tmp_path, target, "--force"), run(tmp_path, target)

    assert (forced.returncode, again.returncode, files(tmp_path)) == (0, 0, fresh)


def test_what_was_written_last_is_replaced(tmp_path: Path) -> None:
    """A file of other options or of an earlier version that nobody touched needs no word."""
    run(tmp_path, "telegraf", "--interval", "1m")
    done = run(tmp_path, "telegraf", "--interval", "2m")

    assert (done.returncode, done.stderr) == (0, "")
    assert 'interval = "120s"' in (tmp_path / "o365skype.conf").read_text(encoding="utf-8")


def test_file_that_we_would_write_just_so_is_ours(tmp_path: Path) -> None:
    """A copy from elsewhere, without the list beside it, is taken when it is the same."""
    run(tmp_path / "first", "telegraf")
    (tmp_path / "second").mkdir()
    [name] = files(tmp_path / "first")
    (tmp_path / "first" / name).rename(tmp_path / "second" / name)

    assert run(tmp_path / "second", "telegraf").returncode == 0


def test_list_of_two_targets_in_one_folder_holds_both(tmp_path: Path) -> None:
    """One target's files do not make those of another look edited; ``sha256sum`` reads the list."""
    run(tmp_path, "telegraf")
    run(tmp_path, "nagios")
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", LIST],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, len(done.stdout.splitlines())) == (0, len(files(tmp_path)))
    assert run(tmp_path, "telegraf", "--interval", "1m").returncode == 0


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"zz  o365skype.conf\n"])
def test_list_that_says_nothing_protects_more(tmp_path: Path, content: bytes) -> None:
    """Where the list cannot be read, a file that differs counts as edited."""
    run(tmp_path, "telegraf")
    (tmp_path / LIST).write_bytes(content)
    [name] = files(tmp_path)

    assert Folder(tmp_path).edited({name: "other"}) == [name]
