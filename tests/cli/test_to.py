"""``collect --to FILE``: the answer is in the file, and what went wrong is said on stderr."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from conftest import Lab
from readers import prometheus

from o365skype_bridge import outputs

CLOCK = re.compile(r"[0-9][0-9.:TZ-]*")
"""Numbers and times, which go on between two runs."""

WORDS = ("collect", "--output", "prometheus", "--to")


@pytest.mark.parametrize("output", outputs.OUTPUTS)
def test_file_has_what_would_be_printed(lab: Lab, tmp_path: Path, output: str) -> None:
    """Every output can be written; nothing is printed then."""
    words = ("collect", "--output", output, "--from-folder", str(tmp_path))
    path = tmp_path / "answer"
    done = lab.run(*words, "--to", str(path))
    printed = lab.run(*words)

    assert (done.stdout, done.returncode) == ("", printed.returncode)
    assert CLOCK.sub("", path.read_text()) == CLOCK.sub("", printed.stdout)


def test_file_has_the_figures(lab: Lab, tmp_path: Path) -> None:
    """Of a tenant that is fine."""
    path = tmp_path / "x.prom"
    done = lab.run(*WORDS, str(path))
    found = {each.name: each.value for each in prometheus.read(path.read_text())}

    assert (done.returncode, done.stderr) == (0, "")
    assert found["o365_skype_users_activity_active_max"] == 20


def test_refused_login_is_in_the_file_and_on_stderr(lab: Lab, tmp_path: Path) -> None:
    """There is an answer, so that an alert on it can be raised, and the command has not failed."""
    lab.simulator.set_faults(["token-7000222"])
    path = tmp_path / "x.prom"
    done = lab.run(*WORDS, str(path))
    found = [each for each in prometheus.read(path.read_text()) if each.name == "o365_bridge_up"]

    assert (done.returncode, [each.value for each in found]) == (0, [0, 0])
    assert [line[:3] for line in done.stderr.splitlines()] == ["E! ", "E! "]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--deadline", "soon"), "deadline"),
        (("--no-such-option",), "unrecognized arguments"),
        (("--report", "skype-nothing"), "there is no report"),
    ],
)
def test_failure_is_written_too(
    lab: Lab, tmp_path: Path, words: tuple[str, ...], complaint: str
) -> None:
    """The file never keeps figures that nobody would get any more, and says what is wrong."""
    path = tmp_path / "x.prom"
    path.write_text("o365_old 1\n")
    done = lab.run(*WORDS, str(path), *words)
    [failed, why] = prometheus.read(path.read_text())

    assert done.returncode == 3
    assert (failed.name, failed.value) == ("o365_bridge_failed", 1)
    assert complaint in dict(why.labels)["message"]
    assert done.stderr.startswith("E! ")


def test_folder_that_is_missing_is_said(lab: Lab, tmp_path: Path) -> None:
    """With the file's name, and an exit code that a timer shows."""
    path = tmp_path / "missing" / "x.prom"
    done = lab.run(*WORDS, str(path))

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        f"E! {path} cannot be written: No such file or directory. "
        "Let this account write in its folder.\n"
    )


def test_quiet_output_speaks_when_its_answer_goes_elsewhere(lab: Lab, tmp_path: Path) -> None:
    """Zabbix reads stderr as data, but not where it reads a file."""
    lab.simulator.set_faults(["token-7000222"])
    done = lab.run("collect", "--output", "zabbix", "--to", str(tmp_path / "x.json"))

    assert done.stderr.startswith("E! ")


def test_equals_sign_will_do(lab: Lab, tmp_path: Path) -> None:
    """The option is found before the words are read, in both of its forms."""
    path = tmp_path / "x.prom"
    done = lab.run("collect", "--output=prometheus", f"--to={path}", "--deadline", "soon")

    assert (done.returncode, done.stdout) == (3, "")
    assert prometheus.values(path.read_text())["o365_bridge_failed"] == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is more than one account")
def test_state_folder_of_another_account_decides_who_writes(lab: Lab, public: Path) -> None:
    """Root becomes the owner of the state folder, and so must that account be able to write."""
    lab.state.mkdir(mode=0o700)
    lab.state.parent.chmod(0o755)
    os.chown(lab.state, 54321, 54321)
    (public / "closed").mkdir(mode=0o755)
    done = lab.run(*WORDS, str(public / "closed" / "x.prom"))

    assert done.returncode == 3
    assert done.stderr.endswith("Permission denied. Let this account write in its folder.\n")
