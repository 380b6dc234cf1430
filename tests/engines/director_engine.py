"""A real Icinga Director without a web server: its command line, and a PostgreSQL on a socket."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import waiting
from engine import ROOT, running

PLACE = ROOT / ".agents" / "director"
SHARE = PLACE / "usr" / "share"
MODULES = ("incubator", "reactbundle", "director")
SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
PHP = shutil.which("php")


def _has_driver() -> bool:
    return PHP is not None and "pdo_pgsql" in subprocess.check_output([PHP, "-m"], text=True)


needs_director = pytest.mark.skipif(
    not (PLACE.exists() and SERVERS and _has_driver()),
    reason="there is no Director, PHP with pdo_pgsql or PostgreSQL here: see make agents",
)

COMMAND_LINE = """<?php
set_include_path('{share}/php:' . get_include_path());
require_once '{share}/php/Icinga/Application/Cli.php';
Icinga\\Application\\Cli::start('{share}/icingaweb2')->dispatch();
"""

CONFIG = """[global]
module_path = "{share}/icingaweb2/modules"
config_backend = "ini"
[logging]
log = "none"
"""

RESOURCES = """[director]
type = "db"
db = "pgsql"
host = "{folder}"
port = "5432"
dbname = "director"
username = "postgres"
password = ""
charset = "utf8"
"""

FILES = """
select json_object_agg(replace(place.file_path, '/', '-'), file.content)
from director_generated_config_file place
join director_generated_file file on file.checksum = place.file_checksum
where place.config_checksum = decode('{checksum}', 'hex')
"""


class Director:
    """One installation with an empty database."""

    def __init__(self, folder: Path, database: Path) -> None:
        self._folder, self._database = folder, database
        self._psql("postgres", "create database director")
        self._psql("director", "create extension pgcrypto")
        (folder / "modules" / "director").mkdir(parents=True)
        (folder / "enabledModules").mkdir()
        files = {
            "icingacli.php": COMMAND_LINE.format(share=SHARE),
            "config.ini": CONFIG.format(share=SHARE),
            "resources.ini": RESOURCES.format(folder=database),
            "modules/director/config.ini": '[db]\nresource = "director"\n',
        }
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        for name in MODULES:
            (folder / "enabledModules" / name).symlink_to(SHARE / "icingaweb2" / "modules" / name)
        self._icingacli("migration", "run")
        # What the kickstart would have found in Icinga.
        zone = {"object_type": "external_object", "is_global": True}
        self._icingacli("zone", "create", "director-global", "--json", json.dumps(zone))

    def restore(self, basket: str) -> str:
        """Restore a basket; give what is said."""
        return self._icingacli("basket", "restore", given=basket)

    def add_host(self, name: str, template: str, variables: Mapping[str, str]) -> None:
        """Make a host, as its form would."""
        host = {"object_type": "object", "imports": [template], "vars": variables}
        self._icingacli("host", "create", name, "--json", json.dumps(host))

    def rendered(self) -> dict[str, str]:
        """Give the files that would be deployed to Icinga."""
        [checksum] = re.findall(r"[0-9a-f]{40}", self._icingacli("config", "render"))
        found: dict[str, str] = json.loads(self._psql("director", FILES.format(checksum=checksum)))
        return found

    def _icingacli(self, *words: str, given: str = "") -> str:
        env = {
            **os.environ,
            "ICINGAWEB_CONFIGDIR": str(self._folder),
            "ICINGAWEB_LIBDIR": str(SHARE / "icinga-php"),
        }
        done = subprocess.run(
            [str(PHP), str(self._folder / "icingacli.php"), "director", *words],
            env=env,
            input=given,
            capture_output=True,
            text=True,
            timeout=waiting.PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _psql(self, database: str, statement: str) -> str:
        words = ["-XAtq", "-h", str(self._database), "-U", "postgres", "-d", database]
        return subprocess.check_output(
            [SERVERS[-1].with_name("psql"), *words, "-c", statement], text=True, cwd="/"
        )


@contextmanager
def director(folder: Path) -> Iterator[Director]:
    """Have a Director and its database for a while."""
    # The database refuses to be root's, and no other account gets into the tests' folder.
    user: dict[str, Any] = (
        {} if os.geteuid() else {"user": "postgres", "group": "postgres", "extra_groups": []}
    )
    programs = SERVERS[-1].parent
    with tempfile.TemporaryDirectory(dir="/tmp") as made:
        place = Path(made)
        if user:
            shutil.chown(place, "postgres", "postgres")
        data = str(place / "data")
        words = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(
            [programs / "initdb", *words, "--locale=C"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            **user,
        )
        server = [str(programs / "postgres"), "-D", data, "-k", made, "-F"]
        server += ["-c", "listen_addresses=", "-c", "port=5432"]
        with running(server, os.environ, folder / "postgres.log", **user) as process:

            def answers() -> bool:
                assert process.poll() is None, (folder / "postgres.log").read_text()
                words = [str(programs / "pg_isready"), "-q", "-h", made]
                return subprocess.run(words, check=False).returncode == 0

            waiting.until(answers)
            yield Director(folder / "director", place)
