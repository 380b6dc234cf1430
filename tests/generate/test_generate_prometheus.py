"""``generate prometheus``: units that systemd takes, times that fit, and nothing pasted unseen."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from catalogue import CATALOGUE

from o365skype_bridge import reports
from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import grafana_dashboard, prometheus, prometheus_dashboard
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import defaults
from o365skype_bridge.outputs import prometheus as output

UNITS = "systemd/o365skype-prometheus"
needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="there is no systemd on this host"
)


def made(**changes: Any) -> dict[str, str]:
    """Make the files for the two Skype reports."""
    return prometheus.make({**defaults(prometheus.OPTIONS), **changes}, CATALOGUE)


def service(**changes: Any) -> dict[str, str]:
    """Read the service: a setting that is there twice has its last value."""
    lines = made(**changes)[f"{UNITS}.service"].splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def words(**changes: Any) -> list[str]:
    """Give the command's words as systemd splits them."""
    line = service(**changes)["ExecStart"].replace("%%", "%").replace("$$", "$")
    return shlex.split(line)


def test_command_writes_the_file_and_leaves_nobody_behind() -> None:
    """Systemd would end what goes on after the command, so nothing does."""
    assert words() == [
        "/usr/local/bin/o365skype-bridge",
        "collect",
        "--output",
        "prometheus",
        "--to=/var/lib/prometheus/node-exporter/o365skype.prom",
        "--state-dir=/var/cache/o365skype-bridge",
        "--deadline=60",
        "--no-background",
    ]


def test_options_are_in_the_command() -> None:
    """In words of their own, whatever they hold."""
    found = words(
        config="/etc/o365 skype/a%b$c.toml", tenant=['a"b', "--c"], report=["skype", "teams"]
    )

    assert found[5:9] == [
        "--config=/etc/o365 skype/a%b$c.toml",
        '--tenant=a"b',
        "--tenant=--c",
        "--report=skype",
    ]


def test_secret_comes_from_systemd_unless_a_file_says_where_it_is() -> None:
    """The unit holds no secret, only where root keeps it."""
    assert service()["LoadCredential"] == ("o365-client-secret:/etc/o365skype-bridge/client-secret")
    assert "LoadCredential" not in service(config="/etc/o365.toml")


def test_systemd_waits_longer_than_we_do() -> None:
    """So that there is an answer in the file, whatever Graph does."""
    assert service(deadline="2m", interval="10m")["TimeoutStartSec"] == "150"


def test_only_the_folder_of_the_file_can_be_written() -> None:
    """And the folder for what is kept, which systemd makes."""
    found = service(file="/srv/text files/x.prom", cache="mine")

    assert found["ProtectSystem"] == "strict"
    assert found["ReadWritePaths"] == '"/srv/text files"'
    assert (found["CacheDirectory"], found["CacheDirectoryMode"]) == ("mine", "0700")


@needs_systemd
@pytest.mark.parametrize(
    "changes",
    [{}, {"config": "/etc/a b%c/$d.toml", "tenant": ['x "y"\\'], "file": "/srv/a b/x.prom"}],
    ids=["default", "odd"],
)
def test_systemd_has_nothing_to_say_about_the_units(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    """No setting is unknown or misspelled, and no value misunderstood."""
    files = made(command="/bin/true", **changes)
    paths = [tmp_path / Path(name).name for name in files if name.startswith("systemd/")]
    for path in paths:
        path.write_text(files[f"systemd/{path.name}"], encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "o365skype" in line]

    assert (done.returncode, complaints) == (0, [])


@needs_systemd
def test_systemd_would_find_a_mistake(tmp_path: Path) -> None:
    """It does look at settings."""
    path = tmp_path / "o365skype-prometheus.service"
    text = made(command="/bin/true")[f"{UNITS}.service"]
    path.write_text(text.replace("PrivateTmp=yes", "PrivateTemp=yes"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", path], capture_output=True, text=True, check=False
    )

    assert "PrivateTemp" in done.stderr


@needs_systemd
def test_account_and_folder_are_made(tmp_path: Path) -> None:
    """Systemd makes them in an empty file system as it would in the real one."""
    files = made()
    for name in ("sysusers.d/o365skype.conf", "tmpfiles.d/o365skype.conf"):
        path = tmp_path / "etc" / name
        path.parent.mkdir(parents=True)
        path.write_text(files[name], encoding="utf-8")
    for tool in (["systemd-sysusers"], ["systemd-tmpfiles", "--create"]):
        subprocess.run([*tool, f"--root={tmp_path}", "o365skype.conf"], check=True)
    folder = tmp_path / "var/lib/prometheus/node-exporter"
    group = re.search(r"^o365skype:x:(\d+):", (tmp_path / "etc/group").read_text(), re.MULTILINE)

    assert group
    assert (folder.stat().st_mode & 0o777, folder.stat().st_gid) == (0o775, int(group[1]))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"file": "/srv/x.txt"}, "--file '/srv/x.txt' does not end in .prom"),
        ({"file": "x.prom"}, "--file 'x.prom' is not an absolute path"),
        ({"command": "bridge"}, "--command 'bridge' is not an absolute path"),
        ({"config": "x.toml"}, "--config 'x.toml' is not an absolute path"),
        ({"user": "root me"}, "--user 'root me' is not"),
        ({"cache": "../x"}, "--cache '../x' is not a folder's name"),
        ({"interval": "soon"}, "--interval 'soon' is not a duration"),
        ({"interval": "1m"}, "--deadline 60s is too long for --interval 1m"),
        ({"patience": "15m"}, "--patience 15m is no more than 3 intervals"),
        ({"tenant": ["a\nb"]}, "cannot stand in a unit"),
        ({"uid": "a b"}, "--uid 'a b' is not an id"),
        ({"days": "0"}, "--days '0' is not a number of days"),
    ],
)
def test_refused_with_the_name_of_the_option(changes: dict[str, Any], complaint: str) -> None:
    """What does not fit, or cannot be written, is refused."""
    with pytest.raises(UsageError) as error:
        made(**changes)

    assert complaint in str(error.value)


def test_rules_have_the_times_of_the_options() -> None:
    """Twice the interval to settle, three times to miss a file."""
    text = made(interval="10m", patience="3h", late="5d")["rules/o365skype.yml"]

    assert "o365_bridge_confirmed_seconds) > 10800" in text
    assert "o365_bridge_age_seconds) > 432000" in text
    assert "[1d])) > 1800" in text
    assert "for: 1200s" in text


EVERY = reports.catalogue()
DASHBOARD = json.loads(
    prometheus_dashboard.made(defaults(prometheus.OPTIONS), EVERY),
)
PANELS = DASHBOARD["panels"]
ASKED = " ".join(target["expr"] for panel in PANELS for target in panel.get("targets", ()))


@pytest.mark.parametrize("report", EVERY, ids=lambda report: str(report.name))
def test_every_figure_has_a_panel(report: Report) -> None:
    """Texts in a table; figures of single users are too many."""
    names = {
        output.info(report) if metric.is_text else output.name(report, metric)
        for metric in report.metrics
        if not metric.per_user
    }

    assert {name for name in names if f"{name}{{" not in ASKED} == set()


def test_every_query_keeps_to_the_chosen_tenants() -> None:
    """What is chosen above the panels holds for each of them, and figures are of everybody."""
    chosen = 'tenant=~"$tenant"'
    found = re.findall(r"o365_[a-z0-9_]+(\{[^}]*\})?", ASKED)

    assert len(found) > 50
    assert set(found) == {f"{{{chosen}}}", f'{{{chosen}, group="", period=""}}'}


def test_panels_have_numbers_and_places_of_their_own() -> None:
    """No id is there twice, no two panels overlap, and none leaves the grid."""
    ids = [panel["id"] for panel in PANELS]
    places = [panel["gridPos"] for panel in PANELS]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(set(ids)) == len(ids)
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) == grafana_dashboard.WIDTH - 1


def test_titles_of_a_row_are_different() -> None:
    """A panel can be spoken of by its row and its title."""
    row, names = "", []
    for panel in PANELS:
        row = panel["title"] if panel["type"] == "row" else row
        names.append((row, panel["title"]))

    assert len(set(names)) == len(names)
