"""Simulated tenants, and the bridge set up for a Zabbix as its documentation says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from catalogue import CATALOGUE

from o365skype_bridge.simulator.app import Simulator
from o365skype_bridge.simulator.records import Tenant
from o365skype_bridge.simulator.server import serve
from zabbix.programs import ENVIRONMENT, PATIENCE, own, run_as

COMMAND = Path(sys.executable).with_name("o365skype-bridge")
CLIENT, SECRET = "client", "secret~of.a'kind"
USERS = 20


class Office:
    """Tenants that can be added and struck by faults, in a configuration file of their own.

    ``settings`` are general ones of the file, in TOML. The secret is in a file that only the user
    zabbix reads, and so is the folder for what is kept.
    """

    def __init__(self, folder: Path, settings: str = "") -> None:
        """Make the files; there is nobody yet."""
        self.folder = own(folder, "zabbix")
        folder.chmod(0o700)
        self.config, self.state = folder / "config.toml", own(folder / "state", "zabbix")
        self._secret = folder / "secret"
        self._write(self._secret, f"{SECRET}\n")
        self._settings = settings
        self._tenants: dict[str, Tenant] = {}
        self._names: dict[str, str] = {}
        self._faults: dict[str, Sequence[str]] = {}
        self.simulator = Simulator(users=USERS, tenant_ids=(), tenant_factory=self._tenants.get)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Start the simulator."""
        running = self._stack.enter_context(serve(self.simulator, folder=self.folder / "ca"))
        self._settings += (
            f'state_dir = "{self.state}"\n'
            f"reports = {[report.name for report in CATALOGUE]}\n"
            f'login_endpoint = "{running.login_endpoint}"\n'
            f'graph_endpoint = "{running.graph_endpoint}"\n'
            f'ca_file = "{running.ca_file}"\n'
            f'download_hosts = ["{urlsplit(running.download_endpoint).netloc}"]\n'
        )
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the simulator."""
        self._stack.close()

    def add(self, name: str, **settings: Any) -> str:
        """Add a tenant, with settings of its own in the simulator; give its name."""
        id_ = f"tenant{len(self._names)}.example"
        self._names[name] = id_
        self._tenants[id_] = Tenant(
            tenant_id=id_, client_id=CLIENT, client_secret=SECRET, **settings
        )
        self._configure()
        return name

    def _configure(self) -> None:
        tables = (
            f'[tenants.{json.dumps(known)}]\ntenant_id = "{tenant}"\nclient_id = "{CLIENT}"\n'
            f'client_secret_file = "{self._secret}"\n'
            for known, tenant in self._names.items()
        )
        self._write(self.config, self._settings + "".join(tables))

    @property
    def size(self) -> int:
        """The number of tenants."""
        return len(self._names)

    def remove(self, name: str) -> None:
        """Take a tenant out of the configuration file."""
        del self._names[name]
        self._configure()

    def spoil(self) -> None:
        """Make the configuration file one that is no TOML; `mend` undoes it."""
        self._write(self.config, "[tenants\n")

    def mend(self) -> None:
        """Write the configuration file as it was."""
        self._configure()

    def strike(self, name: str, *faults: str) -> None:
        """Replace the faults of one tenant, each a NAME or NAME=SECONDS, or NAME@PATTERN."""
        self._faults[self._names[name]] = faults
        self.simulator.set_faults(
            _rule(fault) | {"tenant": tenant}
            for tenant, struck in self._faults.items()
            for fault in struck
        )

    def forgive(self) -> None:
        """Have no call of Graph counted, as if ten minutes had passed since each."""
        for counted in self.state.glob("*/calls.json"):
            counted.unlink(missing_ok=True)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the bridge by hand, as the user zabbix."""
        return subprocess.run(
            [*run_as("zabbix"), str(COMMAND), *words, f"--config={self.config}"],
            env=ENVIRONMENT,
            cwd="/",
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def keep(self, name: str, text: str) -> Path:
        """Write a file that only the user zabbix reads; give its path."""
        path = self.folder / name
        self._write(path, text)
        return path

    def _write(self, path: Path, text: str) -> None:
        written = path.with_suffix(".new")
        written.touch(mode=0o600)
        written.write_text(text, encoding="utf-8")
        if not os.geteuid():
            shutil.chown(written, "zabbix", "zabbix")
        written.replace(path)


def _rule(fault: str) -> dict[str, Any]:
    fault, at, match = fault.partition("@")
    kind, equals, seconds = fault.partition("=")
    options: dict[str, Any] = {"seconds": float(seconds)} if equals else {}
    return {"kind": kind, **options, **({"match": match} if at else {})}
