"""Which reports are asked for: by flag, environment and file, in every command."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from conftest import Lab

from o365skype_bridge import outputs, reports
from o365skype_bridge.cli import entry
from o365skype_bridge.model.declare import Report

SKYPE, TEAMS = ([report.name for report in reports.load(name)] for name in ("skype", "teams"))
CENTREON = outputs.load("centreon")


def named(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Give the reports that an answer is about, in its order."""
    assert done.returncode == 0, done.stderr
    return [result["report"] for result in json.loads(done.stdout)["results"]]


def collected(lab: Lab, *words: str, **env: str) -> list[str]:
    """Give the reports that are collected."""
    return named(lab.run("collect", "--output", "json", *words, **env))


def configured(lab: Lab, tmp_path: Path, line: str) -> str:
    """Write a configuration file with a line about reports, and forget the environment's."""
    path = tmp_path / "config.toml"
    path.write_text(f"{line}\n", encoding="utf-8")
    del lab.env["O365_REPORTS"]
    return str(path)


def test_default_is_asked_for_unless_something_is_named(lab: Lab) -> None:
    """An empty variable counts as not given."""
    assert collected(lab, O365_REPORTS="") == list(reports.DEFAULT)


def test_family_by_flag_wins_over_the_environment(lab: Lab) -> None:
    """The nearer setting counts."""
    assert collected(lab, "--report", "teams", O365_REPORTS="skype") == TEAMS


@pytest.mark.parametrize("text", ["teams,skype-devices-usage", " teams  skype-devices-usage,"])
def test_environment_names_several_with_commas_or_blanks(lab: Lab, text: str) -> None:
    """However an agent's file likes to write lists."""
    assert collected(lab, O365_REPORTS=text) == [*TEAMS, "skype-devices-usage"]


def test_flag_names_several_with_commas(lab: Lab) -> None:
    """Like the variable does."""
    words = ("--report=skype-users-activity,teams-users-activity", "--report", "skype")

    others = [name for name in SKYPE if name != "skype-users-activity"]
    assert collected(lab, *words) == ["skype-users-activity", "teams-users-activity", *others]


def test_file_names_reports(lab: Lab, tmp_path: Path) -> None:
    """As a list, of reports and families."""
    config = configured(lab, tmp_path, 'reports = ["teams", "skype-users-activity"]')

    assert collected(lab, "--config", config) == [*TEAMS, "skype-users-activity"]


def test_environment_wins_over_the_file(lab: Lab, tmp_path: Path) -> None:
    """The nearer setting counts."""
    config = configured(lab, tmp_path, 'reports = ["teams"]')

    assert collected(lab, "--config", config, O365_REPORTS="skype-devices-usage") == [
        "skype-devices-usage"
    ]


@pytest.mark.parametrize("command", ["collect", "refresh", "backfill"])
def test_unknown_name_is_refused_by_the_variable_it_is_in(lab: Lab, command: str) -> None:
    """Whoever reads it knows where to look."""
    done = lab.run(command, O365_REPORTS="skype,nosuch")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("E! O365_REPORTS: there is no report 'nosuch'. Families are ")


def test_unknown_name_is_refused_by_the_file_it_is_in(lab: Lab, tmp_path: Path) -> None:
    """Whoever reads it knows where to look."""
    config = configured(lab, tmp_path, 'reports = ["teams-nosuch"]')
    done = lab.run("collect", "--config", config)

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"E! reports in '{config}': there is no report 'teams-nosuch'. ")


def test_reports_in_the_file_are_a_list(lab: Lab, tmp_path: Path) -> None:
    """A text in its place is refused."""
    config = configured(lab, tmp_path, 'reports = "teams"')
    done = lab.run("collect", "--config", config)

    assert done.returncode == 3
    assert f"'reports' in '{config}' is not a list of names of reports and families" in done.stderr


def test_refresh_fetches_what_is_named(lab: Lab) -> None:
    """And nothing else."""
    done = lab.run("refresh", O365_REPORTS="teams")

    assert [line.split()[1:3] for line in sorted(done.stdout.splitlines())] == [
        [name, "ok"] for name in sorted(TEAMS)
    ]


def test_backfill_reads_what_is_named(lab: Lab) -> None:
    """And nothing else."""
    done = lab.run("backfill", "--days", "1", O365_REPORTS="teams-users-activity")

    assert {line.partition(",")[0] for line in done.stdout.splitlines()} == {
        "o365_teams_users_activity"
    }


@pytest.mark.parametrize("report", reports.catalogue(), ids=lambda report: report.name)
@pytest.mark.parametrize("command", ["check", "collect"])
def test_every_metric_has_thresholds(command: str, report: Report) -> None:
    """Of the report that is named, however many families there are."""
    options = {
        f"--warning-{words.option}": "1:" for metric, words in report.spoken if not metric.is_text
    }
    words = ["check", report.name] if command == "check" else ["collect", "--report", report.name]
    values = entry._values([*words, *(f"{key}={text}" for key, text in options.items())], CENTREON)

    assert values is not None
    assert {key: values[key[2:].replace("-", "_")] for key in options} == options


def test_thresholds_of_what_the_environment_names_are_taken(lab: Lab) -> None:
    """The command line need not name the report."""
    words = ("collect", "--output", "centreon", "--critical-meeting=0:")
    done = lab.run(*words, O365_REPORTS="teams-users-activity")

    assert done.stdout.startswith("OK: ")


def test_help_of_check_shows_the_thresholds_of_the_report(lab: Lab) -> None:
    """And of no other family."""
    shown = lab.run("check", "teams-users-activity", "--help").stdout

    assert ("--warning-total-meeting" in shown, "--warning-ipad" in shown) == (True, False)


def test_listing_says_family_and_default(lab: Lab) -> None:
    """Every report has a line."""
    lines = lab.run("list", "reports").stdout.splitlines()

    assert [line.split()[:2] for line in lines] == [
        [report.name, reports.family_of(report.name)] for report in reports.catalogue()
    ]
    assert [line.split()[0] for line in lines if " default " in line] == list(reports.DEFAULT)


def test_configuration_is_made_for_what_is_named(lab: Lab) -> None:
    """By flag or environment; a file that is named is the agent's, and not read."""
    line = ("generate", "nagios", "--report", "teams-users-activity")
    text = lab.run(*line).stdout

    assert ("teams-users-activity" in text, "skype-users-activity" in text) == (True, False)
