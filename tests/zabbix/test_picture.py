"""The dashboards as a browser shows them; with PICTURES=FOLDER the pictures are kept there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from conftest import Lab, MakeLab

from zabbix.conftest import Zabbix
from zabbix.programs import PATIENCE, until
from zabbix.templates import made

BROWSER = "chromium"
SWITCHES = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
KEPT = os.environ.get("PICTURES")
DAYS = 30 if KEPT else 2
HOST = "Contoso"
FAMILIES = ("skype", "teams", "health", "credentials", "migration")
ROLES = frozenset({"Reports.Read.All", "ServiceHealth.Read.All", "Application.Read.All"})
"""What the reports of all families take."""

OTHERS = {"Fabrikam": (), "Tailspin": ("token-7000222",)} if KEPT else {}
"""More tenants, by the faults they have."""

BLANK = 30_000
"""Bytes; a page that shows nothing but an error compresses to less."""


class Picture(NamedTuple):
    """The first page of a dashboard, and how high it is to be."""

    file: str
    dashboard: str
    height: int


USAGE, TENANTS = Picture("dashboard", "usage", 2400), Picture("tenants", "usage", 900)
PICTURES = (
    USAGE,
    TENANTS,
    *(
        (
            Picture("health", "Health", 1500),
            Picture("credentials", "Credentials", 800),
            Picture("migration", "Migration", 1750),
        )
        if KEPT
        else ()
    ),
)


def push(lab: Lab, zabbix: Zabbix, back: int, host: str = HOST) -> int:
    """Push what is there so many days ago; give the exit code."""
    lab.simulator.configure(today=(datetime.now(UTC) - timedelta(days=back)).date())
    server = f"--send=127.0.0.1:{zabbix.server.port}"
    words = ("collect", "--output=zabbix", server, f"--send-host={host}", "--deadline=60")
    done = lab.run_at(-86400.0 * back, *words, f"--report={','.join(FAMILIES)}")
    return done.returncode


@pytest.fixture
def host(zabbix: Zabbix, make_lab: MakeLab) -> str:
    """Give a host that has been pushed to for some days."""
    found, *_ = [add(zabbix, name) for name in (HOST, *OTHERS)]
    lab = make_lab(users=300, activity=0.6, roles=ROLES)
    until(lambda: push(lab, zabbix, DAYS) == 0, "the server knows the host")
    until(lambda: not zabbix.api.unsupported(found), "no item is unsupported")
    until(lambda: len(zabbix.api.items(found)) > 250, "discovery has made its items")
    for back in range(DAYS, -1, -1):
        push(lab, zabbix, back)
    for name, faults in OTHERS.items():
        push(make_lab(users=100, roles=ROLES, faults=faults), zabbix, 0, name)
    return found


def add(zabbix: Zabbix, name: str) -> str:
    """Add a host with all templates; give its id."""
    linked = [zabbix.use("trapper", what) for what in ("usage", *FAMILIES)]
    return zabbix.api.add_host(name, linked, {"{$O365.NODATA}": "60d"})


@pytest.mark.parametrize("zabbix", ["6.0", "7.0"], indirect=True)
def test_dashboards_show_in_a_browser(zabbix: Zabbix, host: str, tmp_path: Path) -> None:
    """The frontend shows the templates' dashboards to a browser that logs in."""
    if not shutil.which(BROWSER):
        pytest.skip(f"{BROWSER} is not installed (make agents)")
    dashboards = {
        one["name"].removeprefix("Microsoft 365 "): one["dashboardid"]
        for one in zabbix.api.call("templatedashboard.get", output="extend")
    }
    call = json.loads(made(zabbix.series, "trapper")["microsoft365_dashboard.json"])
    [all_tenants] = zabbix.api.call(call["method"], **call["params"])["dashboardids"]
    for one in PICTURES:
        picture = tmp_path / f"{one.file}.png"
        which = f"action=host.dashboard.view&hostid={host}"
        which += f"&dashboardid={dashboards[one.dashboard]}&from=now-30d&to=now"
        if one is TENANTS:
            which = f"action=dashboard.view&dashboardid={all_tenants}"
        photograph(zabbix.api.url, f"zabbix.php?{which}&kiosk=1", picture, one.height)
        if KEPT and (zabbix.series == "7.0" or one is USAGE):
            end = "" if zabbix.series == "7.0" else f"-{zabbix.series}"
            shutil.copy(picture, Path(KEPT) / f"{one.file}{end}.png")

        assert picture.read_bytes()[:4] == b"\x89PNG"
        assert picture.stat().st_size > BLANK


def photograph(url: str, view: str, picture: Path, height: int) -> None:
    """Log in with a browser and keep what it shows."""
    login = "enter=Sign+in&name=Admin&password=zabbix&autologin=1"
    subprocess.run(
        [
            *(BROWSER, *SWITCHES, f"--user-data-dir={picture.parent}/browser"),
            *(f"--window-size=1400,{height}", f"--screenshot={picture}"),
            "--virtual-time-budget=20000",  # milliseconds of the page's own time; graphs come late
            f"{url}/index.php?{login}&request={quote(view, safe='')}",
        ],
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    )
