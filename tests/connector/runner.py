"""Recordings served by the simulator over TLS, and what the drop-in makes of them."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from readers import recordings

from o365skype_bridge.simulator.app import Simulator
from o365skype_bridge.simulator.server import Running, serve

DRIVER = Path(__file__).with_name("driver.py")
COMMAND = Path(sys.executable).with_name("centreon_office365_skype_api")
TIMEOUT = 120
AT_ONCE = 4
PATIENT = "40"
"""Seconds that a check may take on a machine that is busy with many."""

GRAPH_CODES = {
    400: "BadRequest",
    401: "InvalidAuthenticationToken",
    403: "Forbidden",
    404: "ResourceNotFound",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}
LOGIN_CODES = {
    400: "invalid_request",
    401: "invalid_client",
    403: "unauthorized_client",
    429: "temporarily_unavailable",
    500: "server_error",
    503: "temporarily_unavailable",
}


class Done(NamedTuple):
    """What a check did."""

    code: int
    out: str
    err: str


class Driver:
    """A process that runs checks one after another."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(DRIVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, words: list[str], env: Mapping[str, str], folder: Path) -> Done:
        """Run one check to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        out = Path(tempfile.mkstemp(dir=folder)[1])
        job = {"argv": words, "env": dict(env), "out": str(out)}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return Done(code, out.read_text("utf-8"), Path(f"{out}.err").read_text("utf-8"))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(TIMEOUT)
        if self._process.stdout is not None:
            self._process.stdout.close()


class Drivers:
    """Several drivers, each for whoever is free to ask."""

    def __init__(self, count: int) -> None:
        self._free: queue.Queue[Driver] = queue.Queue()
        self._all = [Driver() for _ in range(count)]
        for driver in self._all:
            self._free.put(driver)

    def run(self, words: list[str], env: Mapping[str, str], folder: Path) -> Done:
        """Run one check with the next free driver."""
        driver = self._free.get(timeout=TIMEOUT)
        try:
            return driver.run(words, env, folder)
        finally:
            self._free.put(driver)

    def close(self) -> None:
        """End all of them."""
        for driver in self._all:
            driver.close()


class Stage:
    """One recording's service, running, and where a check finds it."""

    def __init__(self, simulator: Simulator, running: Running, folder: Path, env: Any) -> None:
        self.simulator = simulator
        self.running = running
        self.folder = folder
        self.state = folder / "state"
        self.env = {
            **{key: os.environ[key] for key in ("PATH", *_coverage()) if key in os.environ},
            "HOME": str(folder),
            "TZ": "UTC",
            "LANG": "C.UTF-8",
            "O365_CA_FILE": str(running.ca_file),
            "O365_DEADLINE": PATIENT,
            **env,
        }

    def words(self, words: list[str]) -> list[str]:
        """Fill the placeholders of a command line."""
        places = {
            "{BASE}": self.running.graph_endpoint,
            "{STATE}": str(self.state),
            "{DEAD}": "https://127.0.0.1:1",
        }
        for name, value in places.items():
            words = [word.replace(name, value) for word in words]
        return words

    def shown(self, done: Done) -> Done:
        """Put the placeholders back."""
        return done._replace(out=done.out.replace(str(self.state), "{STATE}"))


def _coverage() -> list[str]:
    return [key for key in os.environ if key.startswith("COVERAGE")]


@contextmanager
def stage(recording: Mapping[str, Any], folder: Path) -> Iterator[Stage]:
    """Serve a recording's files and faults."""
    faults: list[Any] = [translated(fault) for fault in recording.get("faults", ())]
    faults += ["download-once"] if recording.get("download_once") else []
    day = date.fromisoformat(recording["day"]) if recording.get("day") else date(2026, 6, 28)
    simulator = Simulator(
        tenant_ids=(recordings.TENANT,),
        client_id=recordings.CLIENT,
        client_secret=recording.get("secret", recordings.SECRET),
        bodies=recordings.bodies(dict(recording)) if recording.get("files") else {},
        today=day + timedelta(days=2),
        faults=faults,
        chunked=bool(recording.get("chunked")),
        download_origin="second" if recording.get("download") == "other" else "same",
    )
    with ExitStack() as stack:
        running = stack.enter_context(serve(simulator, folder=folder / "ca"))
        env = {**recording.get("env", {}), **recording.get("ours", {})}
        made = Stage(simulator, running, folder, env)
        made.state.mkdir()
        yield made


def played(name: str, drivers: Drivers, folder: Path) -> Done:
    """Run a recording's command line, after another one if it was recorded so."""
    recording = recordings.RECORDINGS[name]
    with stage(recording, folder) as there:
        if name.startswith("cache/"):  # the connector kept its token and nothing else
            there.env["O365_REFRESH_INTERVAL"] = "0"
        if "prime" in recording:
            drivers.run(there.words(recordings.whole(recording["prime"])), there.env, folder)
            if "--client-secret=new-secret" in recording.get("argv", ()):
                there.simulator.client_secret = "new-secret"
                there.simulator.restore()
        done = drivers.run(there.words(recordings.words(recording)), there.env, folder)
        if any(fault["kind"] == "delay" for fault in recording.get("faults", ())):
            # What goes on in the background ends before its service does.
            there.simulator.set_faults([])
            drivers.run(there.words(recordings.whole(["--mode=devices-usage"])), there.env, folder)
        return there.shown(done)


def translated(fault: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a status its body: that of the service that the recording was made with."""
    kind = str(fault["kind"])
    if not kind.isdecimal():
        return fault
    status = int(kind)
    if "token" in fault["match"]:
        content: Any = {
            "error": LOGIN_CODES[status],
            "error_description": "AADSTS0: The recording was told to fail.",
            "error_codes": [0],
        }
    else:
        content = {"error": {"code": GRAPH_CODES[status], "message": "Told to fail."}}
    return {**fault, "kind": "status", "status": status, "body": json.dumps(content)}
