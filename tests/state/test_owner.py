"""Root works on a service account's state as that account, and gives nothing away to it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from accounts import DEVICES, folder_of, give, owners, run_as, run_as_root
from conftest import COMMAND, SERVICE, TIMEOUT, Lab

ALWAYS = ("--refresh-interval", "0")
ASKED = ["discovery", "token", *("report", "download") * 2]
HIDDEN = "what only root may know"
CONNECTOR = (
    *("--plugin=cloud::microsoft::office365::skype::plugin", "--mode=devices-usage"),
    *("--warning-active-devices=1000", "--verbose"),
)


@pytest.fixture
def state(lab: Lab, public: Path) -> Path:
    """Give the state folder of a service account."""
    folder = give(public / "state", SERVICE)
    lab.env["O365_STATE_DIR"] = str(folder)
    return folder


@pytest.fixture
def hidden(tmp_path: Path) -> Iterator[Path]:
    """Give a file of root's that must stay as it is."""
    path = tmp_path / "hidden"
    path.write_text(HIDDEN)
    path.chmod(0o600)
    before = path.stat()
    yield path
    after = path.stat()

    assert path.read_text() == HIDDEN
    assert (after.st_uid, after.st_mode, after.st_mtime) == (0, before.st_mode, before.st_mtime)


def unmeasured(lab: Lab, *words: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program, without the measurement, which would write as whom we become."""
    env = {name: value for name, value in lab.env.items() if not name.startswith("COVERAGE")}
    return subprocess.run(
        words, env=env, input=given, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )


COMMANDS: dict[str, tuple[str, ...]] = {
    "check": ("o365skype-bridge", "check", "skype-devices-usage"),
    "collect": ("o365skype-bridge", "collect", *DEVICES),
    "filter": ("o365skype-bridge", "collect", *DEVICES, "--filter-user", "a"),
    "refresh": ("o365skype-bridge", "refresh", *DEVICES),
    "backfill": ("o365skype-bridge", "backfill", *DEVICES, "--days", "1"),
    "execd": ("o365skype-bridge", "execd", *DEVICES),
    "drop-in": ("centreon_office365_skype_api", *CONNECTOR),
    "drop-in as JSON": ("centreon_office365_skype_api", *CONNECTOR, "--output-json"),
    "drop-in as XML": ("centreon_office365_skype_api", *CONNECTOR, "--output-xml"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_what_root_leaves_is_the_accounts_own(lab: Lab, state: Path, command: str) -> None:
    """Whatever root runs, all there is belongs to the account, whose next run asks no more."""
    program, *words = COMMANDS[command]
    done = unmeasured(lab, COMMAND.with_name(program), *words, given="\n")
    asked = len(lab.simulator.calls)
    after = run_as(lab, SERVICE, "collect", *DEVICES)

    assert (done.returncode, done.stderr) == (0, "")
    assert "defect" not in done.stdout
    assert owners(state) == {SERVICE}
    assert (after.stderr, "success=true" in after.stdout) == ("", True)
    assert (asked > 0, len(lab.simulator.calls)) == (True, asked)


@pytest.mark.usefixtures("state")
def test_locks_of_root_are_the_accounts_own(lab: Lab) -> None:
    """What is due after a run of root's is fetched by the account once, and its budget holds."""
    run_as_root(lab, "collect", *DEVICES)
    for _ in range(7):
        run_as(lab, SERVICE, "collect", *DEVICES, *ALWAYS)

    assert len(lab.reports_asked()) == 12


def test_credentials_that_only_root_may_read_are_used(
    lab: Lab, state: Path, tmp_path: Path
) -> None:
    """Secret, configuration, authorities and pseudonym key are read before root is the account."""
    tmp_path.chmod(0o700)
    names = ("secret", "key", "config.toml", "ca.pem")
    secret, key, config, authorities = (tmp_path / name for name in names)
    secret.write_text(lab.env.pop("O365_CLIENT_SECRET"))
    key.write_text("a long random key")
    config.write_text(f'client_secret_file = "{secret}"\n'.replace("client", "[tenants.x]\nclient"))
    authorities.write_bytes(Path(lab.env["O365_CA_FILE"]).read_bytes())
    for path in (secret, key, config, authorities):
        path.chmod(0o600)
    lab.env |= {"O365_CONFIG": str(config), "O365_CA_FILE": str(authorities)}
    words = ("--report", "skype-users-activity", "--per-user", "--pseudonymize", str(key))
    done = run_as_root(lab, "collect", *words)
    due = run_as_root(lab, "collect", *words, *ALWAYS)

    assert [each.stderr for each in (done, due)] == [""] * 2
    assert ["user-" in each.stdout for each in (done, due)] == [True] * 2
    assert owners(state) == {SERVICE}


def link(path: Path, target: Path) -> None:
    """Lay a symbolic link, as the account."""
    path.symlink_to(target)
    os.chown(path, SERVICE, SERVICE, follow_symlinks=False)


def other_name(path: Path, target: Path) -> None:
    """Lay another name of the file itself."""
    path.hardlink_to(target)


@pytest.mark.parametrize("lay", [link, other_name])
@pytest.mark.parametrize(
    "name", ["skype-devices-usage.json", "calls.json", "skype-devices-usage.lock", "token.lock"]
)
def test_what_the_account_lays_leads_root_nowhere(
    lab: Lab, state: Path, hidden: Path, name: str, lay: Callable[[Path, Path], None]
) -> None:
    """A link, or another name, for a file of root's is neither read, written nor given away."""
    folder = give(folder_of(lab, state), SERVICE)
    lay(folder / name, hidden)
    done = run_as_root(lab, "collect", *DEVICES)
    told = run_as_root(lab, "collect", *DEVICES, *ALWAYS)

    assert "success=true" in done.stdout
    assert HIDDEN not in done.stdout + done.stderr + told.stdout + told.stderr


def test_every_kept_file_laid_anew_leads_root_nowhere(lab: Lab, state: Path, hidden: Path) -> None:
    """Whatever file there was, token and report files too, may be a link afterwards."""
    run_as_root(lab, "collect", *DEVICES)
    for path in [path for path in state.rglob("*") if path.is_file()]:
        path.unlink()
        link(path, hidden)
    done = run_as_root(lab, "collect", *DEVICES, "--filter-user", "a", *ALWAYS)

    assert "success=true" in done.stdout
    assert HIDDEN not in done.stdout + done.stderr


def test_folder_that_is_a_link_leads_root_nowhere(lab: Lab, state: Path, tmp_path: Path) -> None:
    """A tenant's folder that leads into one of root's gets nothing."""
    target = tmp_path / "target"
    target.mkdir(mode=0o700)
    link(folder_of(lab, state), target)
    done = run_as_root(lab, "collect", *DEVICES)

    assert "success=true" in done.stdout
    assert list(target.iterdir()) == []
    assert target.stat().st_uid == 0


def test_folder_that_is_not_there_belongs_to_whom_it_is_made_for(lab: Lab, public: Path) -> None:
    """The owner of the nearest folder that there is has what is made in it."""
    home = give(public / "home", SERVICE)
    lab.env["O365_STATE_DIR"] = str(home / ".cache" / "deep" / "state")
    done = run_as_root(lab, "collect", *DEVICES)

    assert done.stderr == ""
    assert owners(home) == {SERVICE}


def test_folder_of_root_stays_roots(lab: Lab, public: Path) -> None:
    """Where nobody else is meant root stays root."""
    lab.env["O365_STATE_DIR"] = str(public / "state")
    done = lab.run("collect", *DEVICES)

    assert done.stderr == ""
    assert owners(public) == {0}


def test_process_that_stays_follows_a_secret_that_only_root_may_read(
    lab: Lab, state: Path, tmp_path: Path
) -> None:
    """A rotated secret is taken although we are somebody else by then."""
    secret = tmp_path / "secret"
    secret.write_text("wrong")
    secret.chmod(0o600)
    del lab.env["O365_CLIENT_SECRET"]
    env = {name: value for name, value in lab.env.items() if not name.startswith("COVERAGE")}
    with subprocess.Popen(
        [COMMAND, "execd", *DEVICES],
        env={**env, "O365_CLIENT_SECRET_FILE": str(secret)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        wrong = process.stdout.readline()
        secret.write_text(lab.simulator.client_secret)
        process.stdin.write("\n")
        right = iter(process.stdout.readline, "")
        health = next(line for line in right if line.startswith("o365_bridge,"))
        process.stdin.close()
        code = process.wait(TIMEOUT)

    assert 'outcome="unauthorized"' in wrong
    assert 'outcome="ok"' in health
    assert (code, owners(state)) == (0, {SERVICE})
