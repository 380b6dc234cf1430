"""The check beside a Zabbix agent: its real programs run what `generate --mode agent` gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from zabbix.conftest import Zabbix
from zabbix.office import COMMAND
from zabbix.programs import ENVIRONMENT, Daemon, free_port, listens
from zabbix.server import TIMEOUT
from zabbix.templates import expected, held, made

AGENTS = ("zabbix_agentd", "zabbix_agent2")


class Agent:
    """A running agent with our parameters in a file that it includes."""

    def __init__(self, zabbix: Zabbix, name: str) -> None:
        """Start it in a folder of its own."""
        self.port = free_port()
        folder = zabbix.server.folder / name
        folder.mkdir()
        files = made(
            *(zabbix.series, "agent", "--command", str(COMMAND)),
            *("--config", str(zabbix.office.config)),
        )
        (folder / "microsoft365.conf").write_text(files["microsoft365.conf"])
        settings = folder / "agent.conf"
        settings.write_text("".join(f"{line}\n" for line in self._settings(zabbix, folder)))
        command = zabbix.server.programs.command(f"/usr/sbin/{name}")
        self.daemon = Daemon(
            "zabbix", [*command, "-f", "-c", str(settings)], folder / "agent.out", ENVIRONMENT
        )
        self.daemon.ready(lambda: listens(self.port))

    def _settings(self, zabbix: Zabbix, folder: Path) -> Iterator[str]:
        tmp = zabbix.server.folder / "tmp"
        yield "Server=127.0.0.1"
        yield "ListenIP=127.0.0.1"
        yield f"ListenPort={self.port}"
        yield f"Timeout={TIMEOUT}"
        yield "LogType=console"
        yield f"PidFile={tmp}/{folder.name}.pid"
        yield f"Include={folder}/microsoft365.conf"
        if folder.name == "zabbix_agent2":
            yield f"ControlSocket={tmp}/{folder.name}.sock"
            yield f"PluginSocket={tmp}/{folder.name}.plugin.sock"


@pytest.mark.parametrize("name", AGENTS)
def test_agent_runs_the_check(zabbix: Zabbix, name: str) -> None:
    """Every item has what the document holds, users included, and none has an error."""
    tenant = zabbix.office.add(name, oddities=frozenset({"hostile-names"}))
    agent = Agent(zabbix, name)
    try:
        template = zabbix.use("agent")
        macros = {"{$O365.TENANT}": tenant, "{$O365.INTERVAL}": "3s", "{$O365.USERS}": "--per-user"}
        host = zabbix.api.add_host(name, template, macros, port=agent.port)
        words = ("collect", "--output=zabbix", "--per-user", f"--tenant={tenant}")
        document = json.loads(zabbix.office.run(*words).stdout)
        users = document["user"]
        zabbix.wait_for(host, {f"o365.user[{id_},{key}]" for id_ in users for key in users[id_]})
    finally:
        agent.daemon.stop()
    values = held(zabbix.api.values(host))
    wanted = expected(zabbix.api.items(host), document)

    assert (values, zabbix.api.unsupported(host)) == (
        wanted | {key: "" for key in values if key not in wanted},
        {},
    )
