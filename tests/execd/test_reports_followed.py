"""Which reports a process that stays answers for: what its configuration file names now."""

from __future__ import annotations

from pathlib import Path

from conftest import Lab, MakeLab
from readers import line_protocol

from execd.staying import HEALTH, execd


def names(lines: list[str]) -> list[str]:
    """Give the reports that an answer is about."""
    return [found[1] for line in lines if (found := HEALTH.match(line))]


def test_process_that_stays_follows_the_file(lab: Lab, tmp_path: Path) -> None:
    """A report that is named is in the next answer; an unknown name changes nothing."""
    config, err = tmp_path / "config.toml", tmp_path / "err"
    config.write_text('reports = ["teams-users-activity"]\n', encoding="utf-8")
    lab.env["O365_REPORTS"] = ""
    with execd(lab, "--config", str(config), reports=1, err=err) as staying:
        found = [names(staying.asked())]
        for name in ("teams-devices-usage", "teams-nosuch"):
            config.write_text(f'reports = ["{name}"]\n', encoding="utf-8")
            found.append(names(staying.asked()))

    assert found == [["teams-users-activity"], ["teams-devices-usage"], ["teams-devices-usage"]]
    assert "there is no report 'teams-nosuch'" in err.read_text(encoding="utf-8")


def test_process_that_stays_follows_the_services(make_lab: MakeLab, tmp_path: Path) -> None:
    """Others are counted off what is kept, and Graph is asked once."""
    lab = make_lab(users=5, roles=["ServiceHealth.Read.All"])
    config, found = tmp_path / "config.toml", []
    lab.env["O365_REPORTS"] = ""
    words = ("--config", str(config), "--report", "health-services")
    config.write_text('services = ["Lync"]\n', encoding="utf-8")
    with execd(lab, *words, reports=1) as staying:
        for services in ('["Lync"]', '["planner", "FORMS"]', '["Lync", "Nosuch"]', "[]"):
            config.write_text(f"services = {services}\n", encoding="utf-8")
            points = line_protocol.read("".join(f"{line}\n" for line in staying.asked()))
            named = [point.tags["service"] for point in points if "service" in point.tags]
            found.append((len(named), named[0], points[-1].fields["outcome"]))

    assert found == [
        (1, "Skype for Business", "ok"),
        (2, "Microsoft Forms", "ok"),
        (1, "Skype for Business", "gone"),
        (15, "Exchange Online", "ok"),
    ]
    assert len([call for call in lab.simulator.calls if call.function == "healthOverviews"]) == 1
