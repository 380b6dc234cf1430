"""A simulator with as many tenants as anybody asks for, until its standard input ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from o365skype_bridge.cli.simulate import environment
from o365skype_bridge.simulator.app import Simulator
from o365skype_bridge.simulator.records import Tenant
from o365skype_bridge.simulator.server import serve
from o365skype_bridge.simulator.settings import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET


def tenant(tenant_id: str) -> Tenant | None:
    """Give a tenant like the first one, for every id that is made for it."""
    if not tenant_id.endswith(".bench.example"):
        return None
    return Tenant(
        tenant_id=tenant_id, client_id=DEMO_CLIENT_ID, client_secret=DEMO_CLIENT_SECRET, seed=1
    )


def main(folder: str, settings: str) -> None:
    """Serve, and say where."""
    simulator = Simulator(**json.loads(settings), tenant_factory=tenant)
    with serve(simulator, folder=Path(folder) / "ca") as running:
        print(json.dumps(environment(simulator, running)), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
