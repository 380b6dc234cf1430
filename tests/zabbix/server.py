"""A Zabbix server with its frontend, as Debian packages them, on loopback and free ports."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import trustme

from zabbix.database import Database
from zabbix.mariadb import MariaDB
from zabbix.programs import ENVIRONMENT, Daemon, Programs, free_port, listens, own

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
CONFIGURED = re.compile(r"(const CONFIG_FILE_PATH = ')[^']*'")

RSA = trustme.KeyType.RSA
"""With GnuTLS Zabbix takes no other keys."""

TIMEOUT = 3
"""Seconds; what Zabbix itself ships, so the shortest that an external check has to answer in."""

FRONTEND = """<?php
$DB['TYPE'] = '{type}'; $DB['SERVER'] = '{database}'; $DB['PORT'] = '0';
$DB['DATABASE'] = '{name}'; $DB['USER'] = 'zabbix'; $DB['PASSWORD'] = ''; $DB['SCHEMA'] = '';
$DB['ENCRYPTION'] = false; $DB['KEY_FILE'] = ''; $DB['CERT_FILE'] = ''; $DB['CA_FILE'] = '';
$DB['VERIFY_HOST'] = false; $DB['CIPHER_LIST'] = ''; $DB['VAULT'] = ''; $DB['VAULT_URL'] = '';
$DB['VAULT_DB_PATH'] = ''; $DB['VAULT_TOKEN'] = ''; $DB['DOUBLE_IEEE754'] = true;
$ZBX_SERVER = '127.0.0.1'; $ZBX_SERVER_PORT = '{port}'; $ZBX_SERVER_NAME = '';
$IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;
"""

PHP = {
    "date.timezone": "UTC",
    "display_errors": "0",
    "log_errors": "1",
    "error_reporting": "E_ALL & ~E_DEPRECATED",
    "max_execution_time": "300",
    "max_input_time": "300",
    "memory_limit": "256M",
    "opcache.enable_cli": "1",
    "post_max_size": "32M",
}


class Server:
    """One running series: the trapper's `port`, the frontend's `url`, its `log`, its `scripts`.

    It has a certificate, and takes others' of the same authority.
    """

    def __init__(
        self, programs: Programs, database: Database | MariaDB, folder: Path, more: str = ""
    ) -> None:
        """Start server and frontend in a folder of their own; ``more`` names another database."""
        self.programs = programs
        self.folder = folder
        for name in ("", "sockets", "tmp", "logs"):
            own(folder / name, "zabbix")
        self.scripts = folder / "externalscripts"
        self.scripts.mkdir()
        self.log = folder / "logs" / "server.log"
        self._ca = trustme.CA(key_type=RSA)
        self._identify()
        self._database, self._name = database, database.load(programs, more)
        self.port, self._web_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self._web_port}"
        self._daemons: list[Daemon] = []
        try:
            self._start_server()
            self._start_frontend()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the frontend, then the server."""
        while self._daemons:
            self._daemons.pop().stop()

    @property
    def size(self) -> int:
        """The bytes of its database."""
        return self._database.size(self._name)

    def _start_server(self) -> None:
        settings = self.folder / "server.conf"
        settings.write_text("".join(f"{key}={value}\n" for key, value in self._settings().items()))
        command = [*self.programs.server(self._database.kind), "-f", "-c", str(settings)]
        daemon = Daemon("zabbix", command, self.folder / "server.out", ENVIRONMENT)
        self._daemons.append(daemon)
        daemon.ready(lambda: listens(self.port))

    def _identify(self) -> None:
        issued = self.issue("zabbix.example")
        self._ca.cert_pem.write_to_path(self.pem("ca"))
        issued.cert_chain_pems[0].write_to_path(self.pem("cert"))
        issued.private_key_pem.write_to_path(self.pem("key"))

    def issue(self, name: str) -> trustme.LeafCert:
        """Give a certificate of the server's authority."""
        return self._ca.issue_cert(name, key_type=RSA)

    def pem(self, what: str) -> Path:
        """Give the file of the authority, or of the server's certificate or key."""
        return self.folder / f"{what}.pem"

    def _settings(self) -> dict[str, object]:
        """Give the server's settings: few processes, and a second until it knows what is new."""
        idle = ("Discoverers", "ProxyPollers", "ReportWriters", "Pingers")
        one = ("PollersUnreachable", "HTTPPollers", "Timers", "Escalators", "Alerters", "DBSyncers")
        ones: tuple[str, ...] = (*one, "LLDProcessors", "HistoryPollers", "Preprocessors")
        if self.programs.series != "6.0":
            ones += ("AgentPollers", "HTTPAgentPollers", "SNMPPollers")
        return {
            "ListenPort": self.port,
            "ListenIP": "127.0.0.1",
            "LogFile": self.log,
            "LogFileSize": 0,
            "PidFile": self.folder / "tmp" / "server.pid",
            "SocketDir": self.folder / "sockets",
            **self._database.settings,
            "DBName": self._name,
            "DBUser": "zabbix",
            "ExternalScripts": self.scripts,
            "TLSCAFile": self.pem("ca"),
            "TLSCertFile": self.pem("cert"),
            "TLSKeyFile": self.pem("key"),
            "Timeout": TIMEOUT,
            "CacheUpdateFrequency": 1,
            "HousekeepingFrequency": 0,
            # An agent that was too slow once is asked again at once.
            "UnreachableDelay": 1,
            "UnavailableDelay": 1,
            "StartPollers": 4,
            "StartTrappers": 2,
            **{f"Start{name}": 0 for name in idle},
            **{f"Start{name}": 1 for name in ones},
        }

    def _start_frontend(self) -> None:
        pages, settings = self.folder / "frontend", self.folder / "frontend.conf.php"
        shutil.copytree(
            self.programs.root / "usr/share/zabbix", pages, ignore_dangling_symlinks=True
        )
        for place in (pages / "assets/fonts", pages / "fonts"):
            if place.is_dir():  # the link that the package has there leads out of an unpacked tree
                (place / FONT.name).unlink(missing_ok=True)
                shutil.copy(FONT, place)
        settings.write_text(
            FRONTEND.format(**self._database.frontend, name=self._name, port=self.port)
        )
        # Debian fixes the place of the settings in the code.
        reader = pages / "include/classes/core/CConfigFile.php"
        text, found = CONFIGURED.subn(rf"\g<1>{settings}'", reader.read_text())
        assert found == 1, f"{reader} says nothing of its settings"
        reader.write_text(text)
        options = PHP | self._database.php | {"session.save_path": str(self.folder / "tmp")}
        words = [word for key, value in options.items() for word in ("-d", f"{key}={value}")]
        address = f"127.0.0.1:{self._web_port}"
        command = ["php", *words, "-S", address, "-t", str(pages)]
        daemon = Daemon("zabbix", command, self.folder / "frontend.out", ENVIRONMENT)
        self._daemons.append(daemon)
        daemon.ready(lambda: listens(self._web_port))
