"""A MariaDB of the tests' own, in the place of PostgreSQL: Zabbix's packages for MySQL take it."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

from zabbix.programs import UNPACKED, Daemon, Programs, own, run_as

USER = "zabbix"
SETTINGS = (
    "--no-defaults",
    "--skip-grant-tables",
    "--skip-networking",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_bin",
    "--log-bin-trust-function-creators=1",
    "--innodb-buffer-pool-size=256M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--debug-no-sync",
)
SYSTEM = ("mariadb_system_tables.sql", "mariadb_system_tables_data.sql")


class MariaDB:
    """The server; whoever reaches its socket is its administrator."""

    kind = "mysql"

    def __init__(self, folder: Path) -> None:
        """Make its system tables and start it."""
        self.folder = own(folder, USER)
        self.socket = folder / "socket"
        self._programs = Programs("7.0")
        shipped = UNPACKED / "usr/share/mariadb"
        data = own(folder / "data", USER)
        places = (f"--datadir={data}", f"--lc-messages-dir={shipped}", f"--socket={self.socket}")
        command = [*self._programs.command("/usr/sbin/mariadbd"), *SETTINGS, *places]
        system = "".join((shipped / name).read_text() for name in SYSTEM)
        subprocess.run(
            [*run_as(USER), *command, "--bootstrap"],
            input=f"create database mysql;\nuse mysql;\n{system}",
            text=True,
            check=True,
            capture_output=True,
            cwd="/",
        )
        self._daemon = Daemon(USER, command, folder.with_suffix(".log"))
        self._daemon.ready(self._answers)

    def load(self, programs: Programs, more: str = "") -> str:
        """Make the database of a series as its packages ship it; give its name."""
        name = f"zabbix{programs.series.replace('.', '')}{more}"
        self.ask("", f"create database {name} character set utf8mb4 collate utf8mb4_bin")
        shipped = UNPACKED / "mysql/usr/share/zabbix-server-mysql"
        with subprocess.Popen(self._client(name), stdin=subprocess.PIPE) as loading:
            assert loading.stdin
            loading.stdin.write(b"set autocommit=0;\n")
            for part in ("schema", "images", "data"):
                with gzip.open(shipped / f"{part}.sql.gz") as script:
                    shutil.copyfileobj(script, loading.stdin)
            loading.stdin.write(b"update hosts set status = 1 where host = 'Zabbix server';\n")
            loading.stdin.write(b"commit;\n")
        assert loading.returncode == 0, f"the database of {programs.series} cannot be loaded"
        return name

    @property
    def settings(self) -> dict[str, object]:
        """What a Zabbix server is told of it."""
        return {"DBSocket": self.socket, "AllowUnsupportedDBVersions": 1}

    @property
    def frontend(self) -> dict[str, str]:
        """What a frontend is told of it, and PHP."""
        return {"type": "MYSQL", "database": "localhost"}

    @property
    def php(self) -> dict[str, str]:
        """What PHP is told of it."""
        return {"mysqli.default_socket": str(self.socket)}

    def size(self, name: str) -> int:
        """Give the bytes of a database: of its files, as what the server says comes late."""
        return sum(path.stat().st_size for path in (self.folder / "data" / name).iterdir())

    def ask(self, name: str, statement: str) -> str:
        """Give what a statement answers."""
        done = subprocess.run(
            [*self._client(name), "-e", statement], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def stop(self) -> None:
        """Stop it."""
        self._daemon.stop()

    def _answers(self) -> bool:
        words = [*self._client(""), "-e", "select 1"]
        return subprocess.run(words, check=False, capture_output=True).returncode == 0

    def _client(self, name: str) -> list[str]:
        words = ["--no-defaults", f"--socket={self.socket}", "-N", "-B", *([name] if name else [])]
        return [*self._programs.command("/usr/bin/mariadb"), *words]
