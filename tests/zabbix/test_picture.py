"""The dashboard as a browser shows it; with PICTURE=FILE the picture is kept there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from catalogue import CATALOGUE
from conftest import MakeLab

from o365skype_bridge.outputs.push import DOCUMENT, SendError, Server, Value, push
from zabbix.conftest import Zabbix
from zabbix.programs import PATIENCE, until

BROWSER = "chromium"
SWITCHES = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
KEPT = os.environ.get("PICTURE")
DAYS = 30 if KEPT else 3
WIDTH, HEIGHT = 1400, 1450
HOST = "Contoso"
BLANK = 30_000
"""Bytes; a page that shows nothing but an error compresses to less."""


def documents(make_lab: MakeLab) -> Iterator[Value]:
    """Give what polls of some thousand users have given, a poll a day up to now."""
    lab = make_lab(users=2000, activity=0.6)
    now = datetime.now(UTC)
    for back in range(DAYS, -1, -1):
        lab.simulator.configure(today=(now - timedelta(days=back)).date())
        words = ("collect", "--output=zabbix", f"--tenant={HOST}")
        # Since the last run a day has passed, so that nothing of it is fresh.
        done = lab.run_at(-86400.0 * back, *words, "--deadline=60")
        clock = int((now - timedelta(days=back)).timestamp())
        yield Value(host=HOST, key=DOCUMENT, value=done.stdout.rstrip("\n"), clock=clock)


@pytest.fixture
def host(zabbix: Zabbix, make_lab: MakeLab) -> str:
    """Give a host that has been monitored for some days."""
    found = zabbix.api.add_host(HOST, zabbix.use("trapper"), {"{$O365.NODATA}": "60d"})
    server = Server(name="127.0.0.1", port=zabbix.server.port)
    days = list(documents(make_lab))

    def pushed() -> bool:
        try:
            return bool(push(server, days[:1]))
        except SendError:  # the server does not know the host yet
            return False

    until(pushed, "the server knows the host")
    discovered = {f"o365.report.age[{report.name}]" for report in CATALOGUE}
    until(lambda: discovered <= zabbix.api.items(found).keys(), "discovery has made its items")

    def shown() -> bool:
        push(server, days)
        return discovered <= zabbix.api.values(found).keys()

    until(shown, "discovered items have values")
    return found


@pytest.mark.parametrize("zabbix", ["7.0"], indirect=True)
def test_dashboard_shows_in_a_browser(zabbix: Zabbix, host: str, tmp_path: Path) -> None:
    """The frontend shows the template's dashboard to a browser that logs in."""
    if not shutil.which(BROWSER):
        pytest.skip(f"{BROWSER} is not installed (make agents)")
    view = f"action=host.dashboard.view&hostid={host}&from=now-{DAYS}d&to=now&kiosk=1"
    login = "enter=Sign+in&name=Admin&password=zabbix&autologin=1"
    picture = tmp_path / "dashboard.png"
    subprocess.run(
        [
            *(BROWSER, *SWITCHES, f"--user-data-dir={tmp_path}/browser"),
            *(f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={picture}"),
            "--virtual-time-budget=20000",  # milliseconds of the page's own time; graphs come late
            f"{zabbix.api.url}/index.php?{login}&request={quote(f'zabbix.php?{view}', safe='')}",
        ],
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    )
    if KEPT:
        shutil.copy(picture, KEPT)

    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size > BLANK
