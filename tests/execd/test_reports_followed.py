"""Which reports a process that stays answers for: what its configuration file names now."""

from __future__ import annotations

from pathlib import Path

from conftest import Lab

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
