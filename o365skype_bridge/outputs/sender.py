"""Zabbix's own sender, for what this Python cannot do: TLS by a key that both sides know."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from o365skype_bridge.errors import UsageError

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from o365skype_bridge.outputs.encryption import SharedKey

PROGRAM = "zabbix_sender"
SECONDS = 60
COUNTED = re.compile(r"processed: (\d+); failed: \d+; total: \d+")
PREFIX = re.compile(r"^zabbix_sender \[\d+\]: \w+: ")

Line = tuple[str, str, int, int, str]
"""Host, key, clock, nanosecond, value."""


def require() -> str:
    """Give the program's path. Raises `UsageError`."""
    found = shutil.which(PROGRAM)
    if not found:
        raise UsageError(
            f"--send-psk-file needs Python 3.13 or the program {PROGRAM}",
            "Install Zabbix's package zabbix-sender (Debian's zabbix-agent has it), or encrypt by "
            "certificate.",
        )
    return found


def send(server: str, port: int, lines: Iterable[Line], key: SharedKey) -> int:
    """Send values in their order; give how many the server has taken.

    The key goes through a pipe: on the command line everybody could read it. Raises `OSError`
    with what the program says when it could not send.
    """
    reading, writing = os.pipe()
    try:
        with os.fdopen(writing, "w", encoding="ascii") as pipe:
            pipe.write(f"{key.reveal()}\n")
        words = [require(), "-z", server, "-p", str(port), "-T", "-N", "-i", "-"]
        words += ["--tls-connect", "psk", "--tls-psk-identity", key.identity]
        words += ["--tls-psk-file", f"/dev/fd/{reading}"]
        done = subprocess.run(  # noqa: S603 no shell, and all words are ours or checked
            words,
            input="".join(map(_written, lines)).encode("utf-8", "replace"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(reading,),
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"no answer within {SECONDS} s") from error
    finally:
        os.close(reading)
    said = done.stdout.decode(errors="replace")
    counted = COUNTED.findall(said)
    if not counted:
        raise OSError(_reason(said.splitlines()))
    return sum(map(int, counted))


def _written(line: Line) -> str:
    host, key, clock, nanosecond, value = line
    return f"{_quoted(host)} {_quoted(key)} {clock} {nanosecond} {_quoted(value)}\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _reason(lines: Sequence[str]) -> str:
    """Give what the program says, without its name and number; its own count is no reason."""
    reasons = [PREFIX.sub("", line) for line in lines if PREFIX.match(line)]
    return " ".join(reasons or lines) or f"{PROGRAM} says nothing"
