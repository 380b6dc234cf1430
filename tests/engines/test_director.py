"""A real Director restores the basket, and Icinga runs what Director makes of it."""

from __future__ import annotations

import shlex
from pathlib import Path

from catalogue import CATALOGUE
from conftest import Lab
from director_engine import director, needs_director
from engine import HOSTILE, Recorder, generated, needs_engines, surroundings
from icinga2_engine import Icinga2

from o365skype_bridge.generate import icinga2

pytestmark = [needs_director, needs_engines]

ZONES = """
object Zone "director-global" { global = true }
"""


def test_basket_is_restored_and_runs(tmp_path: Path, lab: Lab) -> None:
    """Restored twice, the basket gives both checks their tenant and their options, whole."""
    recorder = Recorder(tmp_path / "plugin")
    hostile = " ".join(HOSTILE[:-1])
    line = f"icinga2 --set {shlex.quote(f'filter-user={hostile}')} --set per-user=yes"
    basket = generated(line, command=recorder.path)[icinga2.BASKET]
    with director(tmp_path) as made:
        said = [made.restore(basket), made.restore(basket)]
        variables = {"o365skype_tenant_id": "contoso.example", "o365skype_client_id": "an id"}
        made.add_host("tenant", "o365skype-tenant", variables)
        files = made.rendered()
        made.restore(basket)

        assert said == ["Objects from Basket Snapshot have been restored\n"] * 2
        assert made.rendered() == files

    engine = Icinga2(tmp_path / "icinga2", {**files, "zones.conf": ZONES})
    found, _ = engine.run(surroundings(lab))
    told = sorted(one.argv for one in recorder.told() if one.argv[0] == "check")

    assert sorted(found) == sorted(report.title for report in CATALOGUE)
    assert [argv[:2] for argv in told] == sorted(["check", report.name] for report in CATALOGUE)
    assert [set(argv[2:]) for argv in told] == [
        {
            "--tenant-id=contoso.example",
            "--client-id=an id",
            "--client-secret-file=/etc/o365skype-bridge/client-secret",
            f"--filter-user={hostile}",
            "--per-user",
        }
    ] * len(CATALOGUE)
