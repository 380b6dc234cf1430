"""What is printed arrives whole, and does nothing to a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COMMAND, TIMEOUT, Lab, MakeLab

from o365skype_bridge.outputs import problems
from o365skype_bridge.outputs.names import clean
from o365skype_bridge.process import pipes

CONNECTOR = COMMAND.with_name("centreon_office365_skype_api")
CHECK = ("--plugin=cloud::microsoft::office365::skype::plugin", "--mode=users-activity")
UNSEEN = [
    char
    for char in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")
]
TURNED = "a\u202eb\u2066c\u200fd\u061ce\u00adf"


def slowly_read(words: list[str | Path], env: dict[str, str]) -> tuple[bytes, int]:
    """Give what a program writes to a slow pipe that does not block, and its exit code."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with subprocess.Popen(
        words, env=env, stdin=subprocess.PIPE, stdout=writer, stderr=subprocess.DEVNULL
    ) as process:
        os.close(writer)
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.close()
        time.sleep(0.5)  # so that the pipe is full before anybody reads
        chunks = []
        while chunk := os.read(reader, 1 << 12):
            chunks.append(chunk)
            time.sleep(0.0005)
        os.close(reader)
        return b"".join(chunks), process.wait(TIMEOUT)


PROGRAMS: dict[str, list[str | Path]] = {
    "influx": [COMMAND, "collect", "--per-user"],
    "json": [COMMAND, "collect", "--output", "json", "--per-user"],
    "zabbix": [COMMAND, "collect", "--output", "zabbix", "--per-user"],
    "backfill": [
        COMMAND,
        "backfill",
        "--days",
        "1",
        "--per-user",
        "--report",
        "skype-users-activity",
    ],
    "execd": [COMMAND, "execd", "--per-user"],
    "drop-in": [CONNECTOR, *CHECK, "--filter-counters=.", "--output-json"],
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_long_output_arrives_whole_in_a_pipe_that_does_not_block(
    make_lab: MakeLab, program: str
) -> None:
    """A reader that is slower than we are gets everything, and the exit code is as ever."""
    lab = make_lab(users=2000)
    words = PROGRAMS[program]
    lab.run("collect")
    slow, code = slowly_read(words, lab.env)
    done = subprocess.run(
        words, env=lab.env, input=b"\n", capture_output=True, timeout=TIMEOUT, check=False
    )

    assert (code, len(slow) > 1 << 16) == (done.returncode, True)
    assert len(slow.splitlines()) == len(done.stdout.splitlines())
    assert slow.endswith(b"\n")


def test_who_never_reads_is_not_waited_for() -> None:
    """After some time without any progress it is an error."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with pytest.raises(pipes.UnwrittenError, match="nobody reads it"):
        pipes.write(writer, "x" * (1 << 20), 0.2)
    os.close(reader)
    os.close(writer)


def test_closed_pipe_is_an_error() -> None:
    """A reader that has gone is no reader."""
    reader, writer = os.pipe()
    os.close(reader)
    with pytest.raises(pipes.UnwrittenError, match="Broken pipe"):
        pipes.write(writer, "x")
    os.close(writer)


def test_text_is_written_as_utf_8_whatever_it_is() -> None:
    """What is no text becomes a mark."""
    reader, writer = os.pipe()
    thread = threading.Thread(target=pipes.write, args=(writer, "zoë \udcff\n"))
    thread.start()
    got = os.read(reader, 100)
    thread.join()
    os.close(reader)
    os.close(writer)

    assert got == "zoë ?\n".encode()


@pytest.mark.parametrize(
    "words",
    [
        ("collect",),
        ("check", "skype-devices-usage"),
        ("refresh", "--all"),
        ("backfill", "--days", "1"),
        ("list", "metrics"),
        ("generate", "telegraf"),
    ],
)
@pytest.mark.parametrize("out", ["/dev/full", None])
def test_stdout_that_cannot_be_written_is_3(
    lab: Lab, words: tuple[str, ...], out: str | None
) -> None:
    """A full disk behind stdout, or no reader at all, is no defect."""
    if out:
        descriptor = os.open(out, os.O_WRONLY)
    else:
        reader, descriptor = os.pipe()
        os.close(reader)
    done = subprocess.run(
        [COMMAND, *words],
        env=lab.env,
        stdout=descriptor,
        stderr=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    os.close(descriptor)

    assert (done.returncode, "defect" in done.stderr) == (3, False)


@pytest.mark.parametrize(
    "words", [("collect",), ("check", "skype-devices-usage"), ("list", "metrics")]
)
def test_closed_stdout_is_3(lab: Lab, words: tuple[str, ...]) -> None:
    """Without any stdout there is nothing to say, and no traceback."""
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" "$@" >&-', COMMAND, *words],
        env=lab.env,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )

    assert (done.returncode, "Traceback" in done.stderr, "defect" in done.stderr) == (
        3,
        False,
        False,
    )


# --- what is not seen ---


def test_no_name_holds_a_character_that_is_not_seen() -> None:
    """Control characters and Unicode's format characters become blanks, one and all."""
    assert [char for char in UNSEEN if clean(f"a{char}b") != "a b"] == []


def test_no_problem_holds_a_character_that_is_not_seen() -> None:
    """Nor does any line for stderr."""
    assert [char for char in UNSEEN if problems.line("E", f"a{char}b") != "E! a b\n"] == []


OUTPUTS: dict[str, tuple[str | Path, ...]] = {
    **{
        name: (COMMAND, "collect", "--output", name)
        for name in ("influx", "json", "zabbix", "centreon")
    },
    "check": (COMMAND, "check", "skype-users-activity", "--verbose"),
    "refresh": (COMMAND, "refresh", "--all"),
}


@pytest.mark.parametrize("output", OUTPUTS)
def test_tenant_turns_no_text_around(lab: Lab, output: str) -> None:
    """The name of a tenant is shown without what would turn the rest of the line around."""
    lab.simulator.set_faults(["forbidden-flat@reports"])
    done = subprocess.run(
        [*OUTPUTS[output], "--tenant", TURNED],
        env=lab.env,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    shown = done.stdout + done.stderr

    assert [char for char in shown if char in UNSEEN and char != "\n"] == []
    assert "defect" not in shown


FORMS: dict[str, Callable[[str], object]] = {
    "": str,
    "--output-json": json.loads,
    "--output-xml": str,
    "--output-openmetrics": str,
    "--verbose": str,
}


@pytest.mark.parametrize("form", FORMS)
def test_users_turn_no_text_around_in_the_drop_in(make_lab: MakeLab, form: str) -> None:
    """Whatever users are called, every form of the connector's answer is seen as it is."""
    lab = make_lab(users=40, oddities=["hostile-names"])
    words: list[str | Path] = [CONNECTOR, *CHECK, "--filter-counters=.", *filter(None, [form])]
    done = subprocess.run(
        words, env=lab.env, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    FORMS[form](done.stdout)

    assert [char for char in done.stdout + done.stderr if char in UNSEEN and char != "\n"] == []


def test_command_that_people_run_complains_on_one_line(lab: Lab, tmp_path: Path) -> None:
    """What is wrong in a file is not what a terminal is told."""
    config = tmp_path / "config.toml"
    config.write_text(f'["{TURNED}"]\n')
    done = lab.run("refresh", "--config", str(config))

    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert [char for char in done.stderr if char in UNSEEN and char != "\n"] == []
