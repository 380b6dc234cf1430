"""The drop-in as a service of Centreon's calls it, and the lab that it asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import Lab
from runner import PATIENT, Done, Drivers

Env = dict[str, str] | None

PLUGIN = "cloud::microsoft::office365::skype::plugin"
TEAMS = "cloud::microsoft::office365::teams::plugin"
DEVICES = (f"--plugin={PLUGIN}", "--mode=devices-usage")
USERS = (f"--plugin={PLUGIN}", "--mode=users-activity")


class Service:
    """A service's command, and the lab that it asks."""

    def __init__(self, lab: Lab, drivers: Drivers, folder: Path) -> None:
        self.lab = lab
        self._drivers = drivers
        self._folder = folder
        kept = ("PATH", "HOME", "O365_CA_FILE", "O365_STATE_DIR", "TZ")
        self.env = {name: lab.env[name] for name in kept} | {"O365_DEADLINE": PATIENT}
        self.env |= {name: lab.env[name] for name in lab.env if name.startswith("COVERAGE")}

    @property
    def access(self) -> dict[str, str]:
        """Give the options that say who logs in, and where."""
        simulator, running = self.lab.simulator, self.lab.running
        return {
            "tenant": simulator.tenant_ids[0],
            "client-id": simulator.client_id,
            "client-secret": simulator.client_secret,
            "login-endpoint": running.login_endpoint,
            "graph-endpoint": running.graph_endpoint,
        }

    def run(self, *words: str, without: tuple[str, ...] = (), env: Env = None) -> Done:
        """Run one check, with the access options unless they are left out."""
        given = [f"--{key}={text}" for key, text in self.access.items() if key not in without]
        return self._drivers.run([*words, *given], {**self.env, **(env or {})}, self._folder)


Make = Callable[..., Service]
