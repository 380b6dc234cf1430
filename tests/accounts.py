"""Other accounts of the host, by number alone, and the command run as one of them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from conftest import Lab

from o365skype_bridge.settings.values import Tenant
from o365skype_bridge.state.store import Store

DEVICES = ("--report", "skype-devices-usage")


def run_as(lab: Lab, user: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user; the modules are loaded while they can be read."""
    return lab.python_unmeasured(
        "import importlib, os, sys\n"
        "from o365skype_bridge import outputs\n"
        "from o365skype_bridge.state import account\n"
        "from o365skype_bridge.cli.entry import main\n"
        "for name in account.LOADED_LATER: importlib.import_module(name)\n"
        "outputs.load('influx'); outputs.load('json'); outputs.load('centreon')\n"
        f"os.setgroups([]); os.setgid({user}); os.setuid({user})\n"
        f"sys.exit(main({list(words)!r}))"
    )


def run_as_root(lab: Lab, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command, without the measurement, which would write as whom we become."""
    kept = dict(lab.env)
    for name in [name for name in kept if name.startswith("COVERAGE")]:
        del lab.env[name]
    try:
        return lab.run(*words)
    finally:
        lab.env.update(kept)


def give(path: Path, user: int, mode: int = 0o700) -> Path:
    """Make a folder that belongs to a user."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    os.chown(path, user, user)
    return path


def folder_of(lab: Lab, state: Path) -> Path:
    """Give the folder that the lab's tenant has in a state folder."""
    tenant = lab.tenant()
    named = Tenant(
        **{name: getattr(tenant, name) for name in type(tenant).fields} | {"name": tenant.tenant_id}
    )
    return Path(Store(str(state), named).folder)


def owners(folder: Path) -> set[int]:
    """Give who owns anything in a folder."""
    return {path.lstat().st_uid for path in folder.rglob("*")}
