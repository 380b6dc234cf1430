"""The programs of the two Zabbix series, and how one is run as the user it belongs to."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
UNPACKED = ROOT / ".agents" / "zabbix-7.0"
SERIES = ("6.0", "7.0")
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
"""What a service manager gives a daemon, which its external checks inherit: no HOME, no LANG."""

PATIENCE = 300.0
"""Seconds until anything must have happened: generous, as machines may be busy."""


def postgres_programs() -> Path:
    """Give the folder of PostgreSQL's programs; the newest when there are several."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/nonexistent"))


@dataclass(frozen=True)
class Programs:
    """Where one series' files are, and how its binaries are run."""

    series: str

    @property
    def root(self) -> Path:
        """The tree that the packages are in."""
        return Path("/") if self.series == "6.0" else UNPACKED

    @property
    def missing(self) -> str:
        """What is not there, or nothing."""
        wanted = [
            self.root / "usr/sbin/zabbix_server",
            self.root / "usr/share/zabbix/index.php",
            postgres_programs() / "postgres",
            *(Path("/usr/bin") / name for name in ("php", "setpriv")),
        ]
        return ", ".join(str(path) for path in wanted if not path.exists())

    def command(self, path: str) -> list[str]:
        """Give the command of a binary: unpacked ones need the loader they came with."""
        return self._loaded(path) if self.series == "6.0" else self._loaded(self.root / path[1:])

    def server(self, database: str) -> list[str]:
        """Give the command of the server for a kind of database."""
        path = "/usr/sbin/zabbix_server"
        return (
            self._loaded(UNPACKED / f"mysql{path}") if database == "mysql" else self.command(path)
        )

    @property
    def proxy(self) -> list[str]:
        """The command of a proxy, which packages do not let be beside a server."""
        place = "proxy-6.0" if self.series == "6.0" else "proxy"
        return self._loaded(UNPACKED / place / "usr/sbin/zabbix_proxy")

    def _loaded(self, path: object) -> list[str]:
        if self.series == "6.0":
            return [str(path)]
        [loader] = self.root.glob("usr/lib64/ld-linux*.so.*")
        [libraries] = self.root.glob("usr/lib/*-linux-gnu")
        return [str(loader), "--library-path", str(libraries), str(path)]


def run_as(user: str) -> list[str]:
    """Give the words that let root run a command as somebody who refuses to be root.

    A checkout, its Python and what is unpacked may be below root's home: the user may read there,
    and no more. What root started ends with it, should it be killed.
    """
    if os.geteuid():
        return []
    words = [f"--reuid={user}", f"--regid={user}", "--clear-groups", "--pdeathsig=TERM"]
    caps = [f"--{kind}-caps=+dac_read_search" for kind in ("inh", "ambient")]
    # access(2), which Zabbix asks before it runs a script, counts capabilities only with this.
    caps.append("--securebits=+no_setuid_fixup")
    return ["setpriv", *words, *(caps if user == "zabbix" else ()), "--"]


def own(path: Path, user: str) -> Path:
    """Make a folder that belongs to a user."""
    path.mkdir(parents=True, exist_ok=True)
    if not os.geteuid():
        shutil.chown(path, user, user)
    return path


def free_port() -> int:
    """Give a port of the loopback address that nobody listens on, below 32768 as Zabbix wants it.

    Outgoing connections get ports above, so none of them takes it before its daemon does.
    """
    while True:
        port = random.randrange(10240, 32768)
        if not listens(port):
            return port


def listens(port: int) -> bool:
    """Say whether somebody listens on a port of the loopback address."""
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0


def until(
    condition: Callable[[], object], what: str, note: Callable[[], object] = str, pause: float = 0.4
) -> None:
    """Wait for a condition; when it never holds say what did not come, and what there is.

    Between tries there are ``pause`` seconds, as answers cost the servers more than us.
    """
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE:.0f} s: {what}; but {note()}")
        time.sleep(pause)


class Daemon:
    """A process that runs until it is stopped, by the number it was started with."""

    def __init__(
        self, user: str, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        """Start it; stdout and stderr go to a log."""
        self.log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [*run_as(user), *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                env=env,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def ready(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds, or fail with the end of its log."""
        until(lambda: condition() or not self.alive, f"start, see {self.log}")
        assert self.alive, self.log.read_text(errors="replace")[-2000:]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it and what it has started."""
        if not self.alive:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def kill(self) -> None:
        """Have it and all that it has started gone at once, as if the power had failed."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
