"""A simulated Microsoft 365 on loopback, and the installed command pointed at it."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from o365skype_bridge.cli.simulate import environment
from o365skype_bridge.settings.credential import Secret
from o365skype_bridge.settings.values import Tenant
from o365skype_bridge.simulator.app import Simulator
from o365skype_bridge.simulator.server import Running, serve

COMMAND = Path(sys.executable).with_name("o365skype-bridge")
TIMEOUT = 60

REPORTS = "skype-devices-usage,skype-users-activity"
"""What the command is asked for in a `Lab`, however many reports are the default."""

SERVICE = 54321
STRANGER = 54322
"""Users without a name."""


def pytest_configure() -> None:
    """Let what is started heed Ctrl-C, also where a shell runs the tests in its background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class Lab:
    """A running simulator, a state folder, and the command with its settings."""

    simulator: Simulator
    running: Running
    state: Path
    env: dict[str, str] = field(default_factory=dict)

    def popen(self, *words: str, **env: str) -> subprocess.Popen[str]:
        """Start the installed command."""
        return subprocess.Popen(
            [COMMAND, *words],
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run the installed command to its end."""
        process = self.popen(*words, **env)
        out, err = process.communicate(timeout=TIMEOUT)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def python(self, code: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python code in a process of its own, with the command's settings."""
        return subprocess.run(
            [sys.executable, "-c", code, *words],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

    def python_unmeasured(self, code: str) -> subprocess.CompletedProcess[str]:
        """Run Python code without the coverage measurement, which imports and writes much."""
        kept = dict(self.env)
        for name in [name for name in kept if name.startswith("COVERAGE")]:
            del self.env[name]
        try:
            return self.python(code)
        finally:
            self.env.update(kept)

    def run_at(self, seconds: float, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command on a host whose clock is wrong by so many seconds."""
        return self.python(
            "import sys, time; real = time.time; "
            f"time.time = lambda: real() + {seconds}; "
            f"from o365skype_bridge.cli.entry import main; sys.exit(main({list(words)!r}))"
        )

    def tenant(self, **changes: Any) -> Tenant:
        """Give the simulated tenant as the package sees it."""
        values = {
            "name": "contoso",
            "tenant_id": self.simulator.tenant_ids[0],
            "client_id": self.simulator.client_id,
            "credential": Secret(self.simulator.client_secret),
            "login_endpoint": self.running.login_endpoint,
            "graph_endpoint": self.running.graph_endpoint,
            "ca_file": str(self.running.ca_file),
        }
        return Tenant(**{**values, **changes})

    def reports_asked(self) -> list[str]:
        """Give the report calls so far, in order: the parameter of each."""
        return [call.parameter for call in self.simulator.calls if call.kind == "report"]

    def kinds(self) -> list[str]:
        """Give the kinds of all requests so far, in order."""
        return [call.kind for call in self.simulator.calls]

    def report_files(self) -> list[str]:
        """Give the names of all files in the state, without their folder."""
        return sorted(path.name for path in self.state.rglob("*") if path.is_file())


MakeLab = Callable[..., Lab]


@pytest.fixture
def make_lab(tmp_path: Path) -> Iterator[MakeLab]:
    """Give a function that starts a simulator with the given settings."""
    numbers = itertools.count()
    with ExitStack() as stack:

        def make(**settings: Any) -> Lab:
            number = next(numbers)
            simulator = Simulator(**settings)
            running = stack.enter_context(serve(simulator, folder=tmp_path / f"ca{number}"))
            state = tmp_path / f"state{number}"
            env = {
                **{key: value for key, value in os.environ.items() if not key.startswith("O365")},
                **environment(simulator, running),
                "O365_STATE_DIR": str(state),
                "O365_REPORTS": REPORTS,
                "HOME": str(tmp_path),
                "TZ": "UTC",
            }
            return Lab(simulator=simulator, running=running, state=state, env=env)

        yield make


@pytest.fixture
def lab(make_lab: MakeLab) -> Lab:
    """Give a small, healthy Microsoft 365."""
    return make_lab(users=20)


@pytest.fixture
def public(lab: Lab) -> Iterator[Path]:
    """Give a folder that every user can enter, with the CA file in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copyfile(lab.running.ca_file, folder / "ca.pem")
        lab.env["O365_CA_FILE"] = str(folder / "ca.pem")
        yield folder


@pytest.fixture
def spare(lab: Lab, tmp_path: Path) -> Path:
    """Give the runtime folder of the user who runs the tests."""
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    lab.env["XDG_RUNTIME_DIR"] = str(folder)
    return folder


@pytest.fixture
def stand_in() -> Iterator[Path]:
    """Give the state folder of last resort of a user without a runtime folder."""
    folder = Path("/dev/shm", f"o365skype-bridge-{STRANGER}")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Give a function that makes a file system in memory."""
    with ExitStack() as stack:

        def make(options: str) -> Path:
            folder = tmp_path / "disk"
            folder.mkdir()
            words = ("mount", "-t", "tmpfs", "-o", options, "none", folder)
            subprocess.run(words, check=True, timeout=10)
            stack.callback(subprocess.run, ("umount", "-l", folder), check=True, timeout=10)
            return folder

        yield make
