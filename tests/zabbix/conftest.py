"""The servers, started once and stopped at the end; without their programs the tests skip."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from zabbix.api import Api
from zabbix.database import Database
from zabbix.office import COMMAND, Office
from zabbix.programs import SERIES, Programs, until
from zabbix.server import Server
from zabbix.templates import name_of, templates


@dataclass(frozen=True)
class Zabbix:
    """A running Zabbix, and the tenants that its external checks ask."""

    series: str
    server: Server
    api: Api
    office: Office
    loaded: set[str] = field(default_factory=set)

    def add_host(
        self,
        tenant: str,
        macros: Mapping[str, str] | None = None,
        office: Office | None = None,
        families: Iterable[str] = (),
    ) -> str:
        """Add the host of a tenant, polled every few seconds; give its id."""
        own = {
            "{$O365.TENANT}": tenant,
            "{$O365.CONFIG}": str((office or self.office).config),
            "{$O365.INTERVAL}": "3s",
        }
        linked = [self.use("external", what) for what in ("usage", *families)]
        return self.api.add_host(tenant, linked, own | dict(macros or {}))

    def use(self, mode: str, what: str = "usage") -> str:
        """Have the templates of a mode there; give the name of one."""
        if mode not in self.loaded:
            for text in templates(self.series, mode).values():
                self.api.load(text)
            self.loaded.add(mode)
        return name_of(mode, what)

    def wait_for(self, host: str, wanted: Iterable[str], *, poll: bool = False) -> None:
        """Wait until items have values; ``poll`` for a host that is polled rarely."""
        keys = set(wanted)

        def arrived() -> bool:
            there = keys <= self.api.values(host).keys()
            if poll and not there:
                self.api.poll(host)
            return there

        until(arrived, f"values of {sorted(keys)[:5]}...", pause=3.0 if poll else 0.4)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Give a folder that the daemons' users can pass through, which pytest's own is not."""
    path = Path(tempfile.mkdtemp(prefix="o365skype-zabbix-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def database(folder: Path) -> Iterator[Database]:
    """Give a PostgreSQL for all servers."""
    missing = Programs("6.0").missing
    if missing:
        pytest.skip(f"Zabbix is not installed (make agents): no {missing}")
    database = Database(folder / "postgres")
    yield database
    database.stop()


@pytest.fixture(scope="session", params=SERIES)
def zabbix(request: pytest.FixtureRequest, database: Database, folder: Path) -> Iterator[Zabbix]:
    """Give a running Zabbix, 6.0 and then 7.0."""
    programs = Programs(request.param)
    if programs.missing:
        pytest.skip(f"Zabbix {request.param} is not installed: no {programs.missing}")
    with ExitStack() as stack:
        place = folder / programs.series
        server = Server(programs, database, place)
        stack.callback(server.stop)
        # The installation that the documentation tells: a link, and a folder of the user's own.
        (server.scripts / COMMAND.name).symlink_to(COMMAND)
        office = stack.enter_context(Office(place / "office"))
        yield Zabbix(programs.series, server, Api(server.url, programs.series), office)
