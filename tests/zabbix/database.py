"""A PostgreSQL of the tests' own, reached by a socket only, with a database a Zabbix series."""

from __future__ import annotations

import gzip
import shutil
import signal
import subprocess
from pathlib import Path

from zabbix.programs import Daemon, Programs, own, postgres_programs, run_as

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 100
jit = off
"""
"""Nothing here outlives the tests, so nothing has to survive a crash."""


class Database:
    """The server; its folder is also where its socket is."""

    kind = "postgresql"

    def __init__(self, folder: Path) -> None:
        """Make a cluster and start it."""
        self.folder = own(folder, "postgres")
        self._programs = postgres_programs()
        data = folder / "data"
        words = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(
            [*run_as("postgres"), str(self._programs / "initdb"), *words, "--locale=C.UTF-8"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(folder=folder))
        # A log of its own: what a daemon prints is opened by us, not by the daemon's user.
        command = [str(self._programs / "postgres"), "-D", str(data)]
        self._daemon = Daemon("postgres", command, folder.with_suffix(".log"))
        self._daemon.ready(self._answers)
        self._psql("postgres", "create role zabbix login superuser")

    def load(self, programs: Programs, more: str = "") -> str:
        """Make the database of a series as its packages ship it; give its name."""
        name = f"zabbix{programs.series.replace('.', '')}{more}"
        self._psql("postgres", f"create database {name} owner zabbix")
        shipped = programs.root / "usr/share/zabbix-server-pgsql"
        with subprocess.Popen(
            [*self._client("zabbix", name), "-f", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # some scripts begin a transaction of their own
        ) as loading:
            assert loading.stdin
            for part in ("schema", "images", "data"):
                loading.stdin.write(b"begin;\n")
                with gzip.open(shipped / f"{part}.sql.gz") as script:
                    shutil.copyfileobj(script, loading.stdin)
                loading.stdin.write(b"\ncommit;\n")
            # The host that ships with it would have problems of its own.
            loading.stdin.write(b"update hosts set status = 1 where host = 'Zabbix server';\n")
            # Nothing knows yet what the tables hold, and what is guessed makes queries slow.
            loading.stdin.write(b"analyze;\n")
        assert loading.returncode == 0, f"the database of {programs.series} cannot be loaded"
        return name

    @property
    def settings(self) -> dict[str, object]:
        """What a Zabbix server is told of it."""
        return {"DBHost": self.folder}

    @property
    def frontend(self) -> dict[str, str]:
        """What a frontend is told of it."""
        return {"type": "POSTGRESQL", "database": str(self.folder)}

    @property
    def php(self) -> dict[str, str]:
        """What PHP is told of it."""
        return {}

    def size(self, name: str) -> int:
        """Give the bytes of a database."""
        words = [*self._client("postgres", name), "-c", f"select pg_database_size('{name}')"]
        return int(subprocess.run(words, check=True, capture_output=True).stdout)

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        self._daemon.stop(signal.SIGINT)

    def _answers(self) -> bool:
        words = [str(self._programs / "pg_isready"), "-q", "-h", str(self.folder)]
        return subprocess.run(words, check=False).returncode == 0

    def _client(self, user: str, name: str) -> list[str]:
        words = ["-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", user, "-d", name]
        return [str(self._programs / "psql"), *words]

    def _psql(self, name: str, statement: str) -> None:
        subprocess.run([*self._client("postgres", name), "-c", statement], check=True)
