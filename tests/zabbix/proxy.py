"""A Zabbix proxy of its own: it asks the server what to do, runs the checks, and sends values."""

from __future__ import annotations

from pathlib import Path

from zabbix.office import COMMAND
from zabbix.programs import ENVIRONMENT, Daemon, Programs, free_port, listens, own

IDLE = ("HTTPPollers", "Discoverers", "Pingers", "VMwareCollectors")
TIMEOUT = 3


class Proxy:
    """A proxy that runs, with the command among its external scripts.

    Its ``port`` takes what is pushed.
    """

    def __init__(self, programs: Programs, folder: Path, name: str, server: int) -> None:
        """Start it, for a server's port; its values are in a file of SQLite."""
        self.name, self.port = name, free_port()
        for part in ("", "sockets", "logs"):
            own(folder / part, "zabbix")
        scripts = folder / "externalscripts"
        scripts.mkdir()
        (scripts / COMMAND.name).symlink_to(COMMAND)
        self.log = folder / "logs" / "proxy.log"
        new = programs.series != "6.0"
        settings = {
            "Server": f"127.0.0.1:{server}",
            "Hostname": name,
            "ListenPort": self.port,
            "ListenIP": "127.0.0.1",
            "LogFile": self.log,
            "LogFileSize": 0,
            "PidFile": folder / "proxy.pid",
            "SocketDir": folder / "sockets",
            "DBName": folder / "proxy.db",
            "ExternalScripts": scripts,
            "Timeout": TIMEOUT,
            "ProxyConfigFrequency" if new else "ConfigFrequency": 1,
            "DataSenderFrequency": 1,
            "StartPollers": 2,
            "StartPollersUnreachable": 1,
            "StartTrappers": 2,
            "StartPreprocessors": 1,
            "StartDBSyncers": 1,
            "StartHistoryPollers" if not new else "StartAgentPollers": 1,
            **{f"Start{each}": 0 for each in IDLE},
        }
        file = folder / "proxy.conf"
        file.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        command = [*programs.proxy, "-f", "-c", str(file)]
        self._daemon = Daemon("zabbix", command, folder / "proxy.out", ENVIRONMENT)
        self._daemon.ready(lambda: listens(self.port))

    def stop(self) -> None:
        """Stop it, as one does."""
        self._daemon.stop()

    def kill(self) -> None:
        """Have it gone, as if its host had lost power."""
        self._daemon.kill()
