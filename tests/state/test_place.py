"""Where the state lies: nobody else can change it, and when it cannot be kept there, elsewhere."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from accounts import DEVICES, folder_of, give, run_as
from conftest import COMMAND, SERVICE, STRANGER, Lab

from o365skype_bridge.outputs import problems

COLLECT = ("collect", *DEVICES)
ALWAYS = ("--refresh-interval", "0")
ASKED = ["discovery", "token", *("report", "download") * 2]


def said(state: Path, why: str, spare: Path) -> str:
    """Give the line about a state folder that another one stands in for."""
    instead = f"{spare}/o365skype-bridge-{os.geteuid()}"
    text = f"the state folder {state} cannot be used ({why}); {instead} is used until it can"
    return problems.line("W", text)


def full_disk(mount: Callable[[str], Path]) -> Path:
    """Give a folder on a file system on which not one byte is left."""
    disk = mount("size=16k")
    with pytest.raises(OSError, match="No space left"):
        (disk / "rest").write_bytes(bytes(1 << 16))
    return disk / "state"


def without_inodes(mount: Callable[[str], Path]) -> Path:
    """Give a folder on a file system on which there can be no other file."""
    return mount("size=1m,nr_inodes=1") / "state"


def read_only(mount: Callable[[str], Path]) -> Path:
    """Give a folder on a file system that is mounted for reading."""
    return mount("size=1m,ro") / "state"


def under_a_file(mount: Callable[[str], Path]) -> Path:
    """Give a folder that is to lie in a file."""
    disk = mount("size=1m")
    (disk / "file").touch()
    return disk / "file" / "state"


def too_long(mount: Callable[[str], Path]) -> Path:
    """Give a folder whose name no file system takes."""
    return mount("size=1m") / ("x" * 300)


def link_to_itself(mount: Callable[[str], Path]) -> Path:
    """Give a link that leads nowhere but to itself."""
    state = mount("size=1m") / "state"
    state.symlink_to(state)
    return state


UNUSABLE: dict[Callable[[Callable[[str], Path]], Path], int] = {
    full_disk: errno.ENOSPC,
    without_inodes: errno.ENOSPC,
    read_only: errno.EROFS,
    under_a_file: errno.ENOTDIR,
    too_long: errno.ENAMETOOLONG,
    link_to_itself: errno.ELOOP,
}


@pytest.mark.parametrize("how", UNUSABLE, ids=lambda how: how.__name__)
def test_state_that_cannot_be_kept_is_kept_elsewhere(
    lab: Lab,
    spare: Path,
    mount: Callable[[str], Path],
    how: Callable[[Callable[[str], Path]], Path],
) -> None:
    """The figures come, one line says where they are kept now, and Graph is not asked again."""
    good = lab.run(*COLLECT).stdout
    lab.simulator.reset()
    state = how(mount)
    lab.env["O365_STATE_DIR"] = str(state)
    done = [lab.run(*COLLECT) for _ in range(3)]

    assert [each.stderr for each in done] == [said(state, os.strerror(UNUSABLE[how]), spare)] * 3
    assert [figures(each.stdout) for each in done] == [figures(good)] * 3
    assert lab.kinds() == ASKED


def figures(text: str) -> list[str]:
    """Give the lines with figures, without those about the bridge itself."""
    return [line for line in text.splitlines() if not line.startswith("o365_bridge")]


COMMANDS: dict[str, tuple[str, ...]] = {
    "check": ("check", "skype-devices-usage", "--verbose"),
    "collect": COLLECT,
    "json": ("collect", "--output", "json", *DEVICES),
    "zabbix": ("collect", "--output", "zabbix", *DEVICES),
    "refresh": ("refresh", *DEVICES, "--all"),
    "backfill": ("backfill", *DEVICES, "--days", "2"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_where_the_state_is_kept(
    lab: Lab, spare: Path, mount: Callable[[str], Path], command: str
) -> None:
    """Whatever is asked, a full disk is one sentence, and no failure."""
    state = full_disk(mount)
    done = lab.run(*COMMANDS[command], O365_STATE_DIR=str(state))
    line = said(state, os.strerror(errno.ENOSPC), spare)[3:-1]
    places = [text.count(line) for text in (done.stdout, done.stderr)]

    assert done.returncode == 0
    assert (max(places), "defect" in done.stdout + done.stderr) == (1, False)


def test_drop_in_says_where_the_state_is_kept(
    lab: Lab, spare: Path, mount: Callable[[str], Path]
) -> None:
    """The command line of Centreon's connector says so where it says such things: verbosely."""
    state = full_disk(mount)
    words = ("--plugin=cloud::microsoft::office365::skype::plugin", "--mode=devices-usage")
    program = COMMAND.with_name("centreon_office365_skype_api")
    done = subprocess.run(
        [program, *words, "--verbose"],
        env={**lab.env, "O365_STATE_DIR": str(state)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert said(state, os.strerror(errno.ENOSPC), spare)[3:-1] in done.stdout.splitlines()


@pytest.mark.usefixtures("spare")
def test_budget_holds_on_a_full_disk(lab: Lab, mount: Callable[[str], Path]) -> None:
    """Polls that always ask make twelve calls in ten minutes, wherever they are counted."""
    lab.env["O365_STATE_DIR"] = str(full_disk(mount))
    words = ("collect", "--output", "json", *DEVICES, *ALWAYS)
    got = [json.loads(lab.run(*words).stdout)["results"][0] for _ in range(8)]

    assert [result["outcome"] for result in got] == ["ok"] * 6 + ["stale"] * 2
    assert [result["cause"] for result in got][6:] == ["throttled"] * 2
    assert len(lab.reports_asked()) == 12


@pytest.mark.usefixtures("spare")
def test_failure_is_remembered_on_a_full_disk(lab: Lab, mount: Callable[[str], Path]) -> None:
    """What Graph refused is not asked again at every poll."""
    lab.env["O365_STATE_DIR"] = str(full_disk(mount))
    lab.simulator.set_faults(["forbidden-flat@reports"])
    done = [lab.run(*COLLECT) for _ in range(4)]

    assert [each.stdout.count('outcome="forbidden"') for each in done] == [1] * 4
    assert len(lab.reports_asked()) == 1


@pytest.mark.usefixtures("spare")
def test_last_figures_are_served_from_where_they_are_kept(
    lab: Lab, mount: Callable[[str], Path]
) -> None:
    """Graph that goes away on a host with a full disk leaves the last figures."""
    lab.env["O365_STATE_DIR"] = str(full_disk(mount))
    good = lab.run(*COLLECT).stdout
    lab.simulator.set_faults(["close"])
    away = lab.run(*COLLECT, "--refresh-interval", "0.001", "--deadline", "2").stdout

    assert figures(away) == figures(good)
    assert 'outcome="stale"' in away


def test_figures_follow_to_where_they_are_kept_and_back(
    lab: Lab, spare: Path, mount: Callable[[str], Path]
) -> None:
    """A disk that fills up and is cleared costs no answer, and nothing stays behind elsewhere."""
    disk = mount("size=256k")
    lab.env["O365_STATE_DIR"] = str(disk / "state")
    good = lab.run(*COLLECT).stdout
    (disk / "rest").write_bytes(bytes(1 << 10))
    with pytest.raises(OSError, match="No space left"):
        (disk / "rest").write_bytes(bytes(1 << 20))
    lab.simulator.set_faults(["forbidden-flat@reports"])
    full = lab.run(*COLLECT, *ALWAYS)
    (disk / "rest").unlink()
    empty = lab.run(*COLLECT, *ALWAYS)
    lab.simulator.set_faults([])
    after = lab.run(*COLLECT, *ALWAYS)

    assert [figures(each.stdout) for each in (full, empty, after)] == [figures(good)] * 3
    assert (full.stderr.count("is used until it can"), after.stderr) == (1, "")
    assert [path for path in spare.rglob("*") if path.is_file()] == []


def test_disk_that_is_full_for_reports_only_keeps_results(
    lab: Lab, spare: Path, mount: Callable[[str], Path]
) -> None:
    """Where there is room for results they stay where they belong."""
    disk = mount("size=96k")
    lab.env["O365_STATE_DIR"] = str(disk / "state")
    lab.run(*COLLECT)

    assert len(list(disk.rglob("skype-devices-usage.json"))) == 1
    assert list(spare.iterdir()) == []


def test_nowhere_is_said(lab: Lab, public: Path) -> None:
    """Who can keep nothing anywhere is told what that means, and gets the figures."""
    state = give(public / "state", 0, 0o755)
    folders = [Path("/dev/shm", f"o365skype-bridge-{STRANGER}")]
    folders.append(Path(tempfile.gettempdir(), folders[0].name))
    for folder in folders:
        folder.mkdir(mode=0o755)
    try:
        lab.env["O365_STATE_DIR"] = str(state)
        done = run_as(lab, STRANGER, *COLLECT)
    finally:
        for folder in folders:
            folder.rmdir()

    assert "success=true" in done.stdout
    assert done.stderr == (
        f"W! the state folder {state} cannot be used (Permission denied); "
        "every answer asks Graph until it can\n"
    )


# --- who else can change it ---


def another_owner(path: Path) -> str:
    """Give the words for something of another account."""
    return (
        f"{path} belongs to user {SERVICE}: give it to the user who runs this, "
        "or name another folder"
    )


def of_another(public: Path) -> tuple[Path, str]:
    """Give a state folder that another account made."""
    state = give(public / "state", SERVICE, 0o777)
    return (
        state,
        another_owner(state),
    )


def in_one_of_another(public: Path) -> tuple[Path, str]:
    """Give a state folder of ours in a folder of another account."""
    upper = give(public / "upper", SERVICE, 0o755)
    state = give(upper / "state", STRANGER)
    return (
        state,
        another_owner(upper),
    )


def writable_by_the_group(public: Path) -> tuple[Path, str]:
    """Give a state folder that a group can write to."""
    state = give(public / "state", STRANGER, 0o770)
    return state, f"others can write to {state}: run chmod go-w on it"


def writable_by_all(public: Path) -> tuple[Path, str]:
    """Give a state folder that everybody can write to."""
    state = give(public / "state", STRANGER, 0o777)
    return state, f"others can write to {state}: run chmod go-w on it"


def in_one_writable_by_all(public: Path) -> tuple[Path, str]:
    """Give a state folder in which nobody writes, in one in which everybody can put another."""
    upper = give(public / "upper", 0, 0o777)
    state = give(upper / "state", STRANGER)
    return state, f"others can write to {upper}: run chmod go-w on it"


def link_of_another(public: Path) -> tuple[Path, str]:
    """Give a link that another account made, to a folder of ours."""
    give(public / "ours", STRANGER)
    link = public / "state"
    link.symlink_to(public / "ours")
    os.chown(link, SERVICE, SERVICE, follow_symlinks=False)
    return (
        link,
        another_owner(link),
    )


REFUSED = (
    of_another,
    in_one_of_another,
    writable_by_the_group,
    writable_by_all,
    in_one_writable_by_all,
    link_of_another,
)


@pytest.mark.parametrize("how", REFUSED, ids=lambda how: how.__name__)
def test_folder_that_others_can_change_is_not_used(
    lab: Lab, public: Path, stand_in: Path, how: Callable[[Path], tuple[Path, str]]
) -> None:
    """One line says what is wrong with it; nothing is written there, and nothing read."""
    state, why = how(public)
    lab.env["O365_STATE_DIR"] = str(state)
    before = sorted(public.rglob("*"))
    done = [run_as(lab, STRANGER, *COLLECT) for _ in range(2)]
    line = f"W! the state folder {state} cannot be used ({why}); {stand_in} is used until it can\n"

    assert [each.stderr for each in done] == [line] * 2
    assert ["success=true" in each.stdout for each in done] == [True] * 2
    assert sorted(public.rglob("*")) == before
    assert lab.kinds() == ASKED


@pytest.mark.usefixtures("stand_in")
def test_figures_that_another_account_laid_are_not_told(lab: Lab, public: Path) -> None:
    """Results in a folder of another account are nobody's word."""
    state = give(public / "state", SERVICE)
    lab.env["O365_STATE_DIR"] = str(state)
    run_as(lab, SERVICE, *COLLECT)
    for path in state.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    state.chmod(0o777)
    asked = len(lab.simulator.calls)
    run_as(lab, STRANGER, *COLLECT)

    assert len(lab.simulator.calls) == asked + len(ASKED)


def in_a_shared_one(public: Path) -> Path:
    """Give a folder in one where everybody can make folders of their own."""
    give(public / "shared", 0, 0o1777)
    return public / "shared" / "state"


def behind_our_link(public: Path) -> Path:
    """Give a link of root's to a folder of ours."""
    give(public / "ours", STRANGER)
    (public / "state").symlink_to("ours")
    return public / "state"


def of_ours(public: Path) -> Path:
    """Give a folder of ours that others can look into."""
    return give(public / "state", STRANGER, 0o755)


@pytest.mark.parametrize("how", [in_a_shared_one, behind_our_link, of_ours])
def test_folder_that_nobody_else_can_change_is_used(
    lab: Lab, public: Path, stand_in: Path, how: Callable[[Path], Path]
) -> None:
    """What only this user and root can change is trusted."""
    lab.env["O365_STATE_DIR"] = str(how(public))
    done = [run_as(lab, STRANGER, *COLLECT) for _ in range(2)]

    assert [each.stderr for each in done] == [""] * 2
    assert lab.kinds() == ASKED
    assert not stand_in.exists()


def test_stand_in_of_another_account_is_not_used(lab: Lab, public: Path, stand_in: Path) -> None:
    """A folder that somebody made where ours would stand in is passed by."""
    give(stand_in, SERVICE, 0o777)
    lab.env["O365_STATE_DIR"] = str(give(public / "state", 0, 0o755))
    other = Path(tempfile.gettempdir(), stand_in.name)
    done = run_as(lab, STRANGER, *COLLECT)
    shutil.rmtree(other)

    assert done.stderr.endswith(f"(Permission denied); {other} is used until it can\n")
    assert list(stand_in.iterdir()) == []


THINGS: tuple[Callable[[Path], object], ...] = (
    os.mkfifo,
    Path.mkdir,
    lambda path: path.symlink_to("/dev/zero"),
)


@pytest.mark.parametrize("make", THINGS)
def test_lock_that_is_none_is_replaced(lab: Lab, make: Callable[[Path], object]) -> None:
    """A pipe, a folder and a link in the place of locks hold nobody up."""
    lab.run(*COLLECT)
    folder = folder_of(lab, lab.state)
    locks = [
        folder / name for name in ("skype-devices-usage.lock", "calls.json.lock", "token.lock")
    ]
    for lock in locks:
        lock.unlink()
        make(lock)
    for path in folder.glob("token-*.json"):
        path.unlink()
    done = lab.run(*COLLECT, *ALWAYS)

    assert (done.stderr, "success=true" in done.stdout) == ("", True)
    assert [(lock.is_file(), lock.is_symlink()) for lock in locks] == [(True, False)] * 3


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"getSkypeForBusinessDeviceUsageUserDetail": []}',
        b'{"getSkypeForBusinessDeviceUsageUserDetail": {"calls": [1e999, NaN], "held_until": NaN}}',
        b'{"getSkypeForBusinessDeviceUsageUserDetail": {"calls": [-5, 9e99], "held_until": 0}}',
        b'{"getSkypeForBusinessDeviceUsageUserDetail": {"calls": [], "held_until": 9e99}}',
        b'{"getSkypeForBusinessDeviceUsageUserDetail": {"calls": [], "held_until": 1e999}}',
        b'{"getSkypeForBusinessDeviceUsageUserDetail": {"calls": [' + b"9" * 400 + b"]}}",
        b"\xff\xfe",
        b"null",
        b" " * (1 << 23),
    ],
)
def test_count_of_calls_that_makes_no_sense_is_begun_anew(lab: Lab, content: bytes) -> None:
    """Whatever the file says, the answer comes and the calls are counted from now on."""
    lab.run(*COLLECT)
    path = folder_of(lab, lab.state) / "calls.json"
    path.write_bytes(content)
    done = lab.run(*COLLECT, *ALWAYS)
    [entry] = json.loads(path.read_bytes()).values()

    assert (done.stderr, "success=true" in done.stdout) == ("", True)
    assert (len(entry["calls"]), entry["held_until"]) == (2, 0.0)


def test_hold_is_kept_whatever_was_there(lab: Lab) -> None:
    """A time far off, left by a clock that was wrong, does not hide what Graph asks for now."""
    lab.run(*COLLECT)
    path = folder_of(lab, lab.state) / "calls.json"
    path.write_text(
        '{"getSkypeForBusinessDeviceUsageUserDetail": {"calls": [], "held_until": 9e9}}'
    )
    lab.simulator.set_faults(
        [{"kind": "status", "status": 429, "headers": {"Retry-After": "600"}, "match": "reports"}]
    )
    lab.run(*COLLECT, *ALWAYS)
    asked = len(lab.reports_asked())
    lab.run(*COLLECT, *ALWAYS)

    assert len(lab.reports_asked()) == asked


@pytest.mark.parametrize("make", THINGS)
def test_kept_file_that_is_none_is_put_aside(lab: Lab, make: Callable[[Path], object]) -> None:
    """A pipe, folder or device where results and calls were does not hold us up."""
    good = lab.run(*COLLECT).stdout
    folder = folder_of(lab, lab.state)
    for name in ("skype-devices-usage.json", "calls.json", *map(str, folder.glob("token-*.json"))):
        (folder / name).unlink()
        make(folder / name)
    done = lab.run(*COLLECT)
    again = lab.run(*COLLECT)

    assert "skype-devices-usage.json was put aside: it is " in done.stderr
    assert again.stderr == ""
    assert [figures(each.stdout) for each in (done, again)] == [figures(good)] * 2
    assert len(json.loads((folder / "calls.json").read_bytes())) == 1
