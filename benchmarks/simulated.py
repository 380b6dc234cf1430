"""The simulator in a process of its own, and its remote control."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import urllib.request
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from measure import MEASURED, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TIMEOUT = 120.0

IDENTITY = ("O365_TENANT_ID", "O365_CLIENT_ID", "O365_CLIENT_SECRET")
"""The settings that a configuration file gives in the environment's place."""


REPORTS = "skype-devices-usage,skype-users-activity"
"""The two reports that all but warm answers are compared by; Centreon's plugin has them, too."""


class Control:
    """The remote control of a simulator; ``settings`` are what the command needs to ask it."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        """Take the settings that the simulator printed, or that the command was given."""
        self.settings = settings
        self._url = f"{settings['O365_GRAPH_ENDPOINT']}/simulator/"
        self._tls = ssl.create_default_context(cafile=settings["O365_CA_FILE"])

    def environment(self, state: Path) -> dict[str, str]:
        """Give an environment in which the command asks this simulator for the two reports."""
        own = {"O365_STATE_DIR": str(state), "HOME": str(state.parent), "TZ": "UTC"}
        own["O365_REPORTS"] = REPORTS
        return {**clean_environment(), **self.settings, **own}

    def counts(self) -> Counter[str]:
        """Give the number of requests so far by kind: discovery, token, report, download."""
        return Counter(self._said("calls")["kind"])

    def configure(self, **settings: object) -> None:
        """Change settings of the running simulator."""
        self._said("settings", settings)

    def reset(self) -> None:
        """Forget all requests."""
        self._said("reset", {})

    def _said(self, path: str, content: object = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self._url + path, data=body)
        with urllib.request.urlopen(request, context=self._tls, timeout=TIMEOUT) as answer:
            return json.load(answer)


@contextmanager
def simulator(folder: Path, **settings: object) -> Iterator[Control]:
    """Run a simulator with these settings until the block ends."""
    words = [sys.executable, str(MEASURED / "simulator.py"), str(folder), json.dumps(settings)]
    with subprocess.Popen(
        words, env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Control(json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait(TIMEOUT)


def configuration(folder: Path, control: Control, tenants: int) -> str:
    """Write a configuration file with so many tenants ``t0``, ``t1``, and give its path."""
    path = folder / "config.toml"
    client = "".join(
        f'{name.removeprefix("O365_").lower()} = "{control.settings[name]}"\n'
        for name in IDENTITY[1:]
    )
    tables = (
        f'[tenants.t{number}]\ntenant_id = "t{number}.bench.example"\n{client}'
        for number in range(tenants)
    )
    path.write_text("".join(tables))
    path.chmod(0o600)
    return str(path)
