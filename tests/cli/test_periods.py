"""Reports over another period: by flag, environment, file and name, in every command."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import Lab
from readers import line_protocol, perfdata

USERS, COUNTS = ("--report", "skype-users-activity"), ("--report", "skype-activity-counts")
TOTAL = "skype.users.sessions.p2p.total.count"


def document(lab: Lab, *words: str, **env: str) -> list[dict[str, Any]]:
    """Give the results of a run."""
    done = lab.run("collect", "--output", "json", *words, **env)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return found


def named(lab: Lab, *words: str, **env: str) -> list[str]:
    """Give the reports that an answer is about, in its order."""
    return [result["report"] for result in document(lab, *words, **env)]


def figures(result: dict[str, Any]) -> dict[str, float]:
    """Give the figures of a result by name."""
    return {sample["metric"]: sample["value"] for sample in result["samples"]}


def said(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    """Give exit code and complaint."""
    return done.returncode, done.stdout.strip()


def configured(tmp_path: Path, line: str) -> str:
    """Write a configuration file."""
    path = tmp_path / "config.toml"
    path.write_text(f"{line}\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "words", [("--period", "D7,D30"), ("--period", "d7", "--period=D30"), ("--period", "D7 D30,")]
)
def test_flag_asks_for_every_report_over_each(lab: Lab, words: tuple[str, ...]) -> None:
    """With commas, blanks, or several times."""
    assert named(lab, *words) == [
        "skype-devices-usage",
        "skype-devices-usage-d30",
        "skype-users-activity",
        "skype-users-activity-d30",
    ]


def test_environment_names_periods(lab: Lab) -> None:
    """As it names reports."""
    assert named(lab, *USERS, O365_PERIOD="D90") == ["skype-users-activity-d90"]


def test_flag_wins_over_the_environment(lab: Lab) -> None:
    """The nearer setting counts."""
    found = named(lab, *USERS, "--period", "D30", O365_PERIOD="D90")

    assert found == ["skype-users-activity-d30"]


@pytest.mark.parametrize("line", ['period = "D30"', 'period = ["D30"]', 'period = ["d30", "D30"]'])
def test_file_names_periods(lab: Lab, tmp_path: Path, line: str) -> None:
    """Also of reports that are named elsewhere."""
    config = configured(tmp_path, line)

    assert named(lab, *USERS, "--config", config) == ["skype-users-activity-d30"]


def test_environment_wins_over_the_file(lab: Lab, tmp_path: Path) -> None:
    """The nearer setting counts."""
    config = configured(tmp_path, 'period = "D30"')

    assert named(lab, *USERS, "--config", config, O365_PERIOD="D7") == ["skype-users-activity"]


def test_period_of_the_file_is_no_number(lab: Lab, tmp_path: Path) -> None:
    """It is said what it has to be."""
    done = lab.run("check", "skype-users-activity", "--config", configured(tmp_path, "period = 30"))

    assert done.returncode == 3
    assert "'period'" in done.stdout
    assert "is not a period such as D30, or a list of them" in done.stdout


@pytest.mark.parametrize(
    ("words", "setting"),
    [(("--period", "D31"), "--period"), ((), "O365_PERIOD")],
)
def test_unknown_period_is_refused_by_where_it_is(
    lab: Lab, words: tuple[str, ...], setting: str
) -> None:
    """With the four that there are."""
    done = lab.run("check", "skype-users-activity", *words, O365_PERIOD="D31")

    assert said(done) == (
        3,
        f"UNKNOWN: {setting}: there is no period 'D31'. Periods are D7, D30, D90, D180.",
    )


def test_unknown_period_is_a_failure_for_zabbix(lab: Lab) -> None:
    """Which has a trigger for it; stderr would be taken for a value."""
    done = lab.run("collect", "--output", "zabbix", "--period", "D31")

    assert (json.loads(done.stdout)["status"], done.stderr) == ("failed", "")


def test_one_call_gives_all_figures_of_users(lab: Lab) -> None:
    """And a second answer costs none."""
    named(lab, *USERS, "--period", "D30")
    named(lab, *USERS, "--period", "D30")

    assert lab.reports_asked() == ["D30"]


def test_periods_are_kept_apart(lab: Lab) -> None:
    """One is no answer for another."""
    named(lab, *USERS, "--period", "D30")
    named(lab, *USERS)
    named(lab, *USERS, "--period", "D90,D30")

    assert lab.reports_asked() == ["D30", "D7", str(lab.simulator.refresh_date()), "D90"]


def test_longer_periods_have_no_less(lab: Lab) -> None:
    """They have all days of shorter ones."""
    found = list(map(figures, document(lab, *USERS, "--period", "D7,D30,D90,D180")))
    active = [one["skype.users.active.count"] for one in found]
    totals = [one[TOTAL] for one in found]

    assert active == sorted(active)
    assert totals == sorted(set(totals))


def test_figures_say_their_period(lab: Lab) -> None:
    """First of all labels; those of seven days have none."""
    usual, month = document(lab, "--report", "skype-devices-usage", "--period", "D7,D30")
    labels = [[list(sample["labels"]) for sample in one["samples"]] for one in (usual, month)]

    assert labels == [
        [[], *[["device"]] * 5, []],
        [["period"], *[["period", "device"]] * 5, ["period"]],
    ]


def test_influx_has_a_tag_in_one_measurement(lab: Lab) -> None:
    """So that a graph can show both."""
    done = lab.run("collect", *USERS, "--period", "D7,D30")
    points = line_protocol.read(done.stdout)
    found = [
        point.tags.get("period", "")
        for point in points
        if point.measurement == "o365_skype_users_activity" and "active" in point.fields
    ]

    assert found
    assert found == [*[""] * (len(found) // 2), *["D30"] * (len(found) // 2)]


def test_check_by_flag_and_by_name_is_the_same(lab: Lab) -> None:
    """The period belongs to the report's name."""
    by_flag = lab.run("check", "skype-users-activity", "--period", "D30")
    by_name = lab.run("check", "skype-users-activity-d30")

    assert by_flag.stdout == by_name.stdout
    assert set(perfdata.read(by_name.stdout).items) == {
        "D30#skype.users.active.count",
        "D30#skype.users.sessions.p2p.total.count",
        "D30#skype.users.conferences.organized.total.count",
        "D30#skype.users.conferences.participated.total.count",
    }


def test_users_are_named_after_the_period(lab: Lab) -> None:
    """As Centreon writes two instances, the outer one first."""
    done = lab.run("check", "skype-users-activity-d30", "--per-user")
    labels = [label for label in perfdata.read(done.stdout).items if "~" in label]

    assert labels
    assert all(label.startswith("D30~") and label.endswith(".count") for label in labels)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--warning-active-users", "5"), 1),
        (("--critical-active-users", "5"), 2),
        (("--warning-active-users", "5", "--period", "D7,D30"), 1),
    ],
)
def test_thresholds_are_called_as_ever(lab: Lab, words: tuple[str, ...], code: int) -> None:
    """There are more than five users in the month."""
    done = lab.run("check", "skype-users-activity", "--period", "D30", *words)

    assert done.returncode == code, done.stdout


@pytest.mark.parametrize(
    ("own", "code"), [("--warning-d30-skype-users-active-count=0:", 0), ("", 1)]
)
def test_period_has_a_threshold_of_its_own(lab: Lab, own: str, code: int) -> None:
    """Beside the one for all periods."""
    words = ["--period", "D7,D30", "--units", "count", "--filter-counters", "active"]
    done = lab.run(
        "collect", "--output", "centreon", *USERS, *words, "--warning-active-users=19", own
    )

    assert done.returncode == code, done.stdout


@pytest.mark.parametrize("command", ["refresh", "backfill", "collect"])
def test_report_without_periods_is_refused_by_name(lab: Lab, command: str) -> None:
    """A list is of the moment."""
    done = lab.run(command, "--report", "health-services", "--period", "D30")

    assert done.returncode == 3
    assert done.stderr.startswith(
        "E! --period: health-services has no periods, because it is a list as it is now."
    )


@pytest.mark.parametrize("words", [("health-services-d30",), ("migration-skype-teams-d90",)])
def test_name_with_a_period_that_there_is_not_is_refused(lab: Lab, words: tuple[str, ...]) -> None:
    """With the reason, and not as a name that nobody knows."""
    done = lab.run("check", *words)

    assert done.returncode == 3
    assert " has no periods, because it is " in done.stdout


def test_what_has_no_periods_stays_in_its_family(lab: Lab) -> None:
    """Whoever names families gets all of theirs."""
    found = named(lab, "--report", "migration,skype-users-activity", "--period", "D30")

    assert found == ["migration-skype-teams", "skype-users-activity-d30"]


def test_filter_needs_no_other_call(lab: Lab) -> None:
    """The period's file is kept."""
    [everybody] = document(lab, *USERS, "--period", "D30")
    [some] = document(lab, *USERS, "--period", "D30", "--filter-user", "^[a-e]")

    assert 0 < figures(some)[TOTAL] < figures(everybody)[TOTAL]
    assert lab.reports_asked() == ["D30"]


def test_past_of_users_is_not_to_be_had(lab: Lab) -> None:
    """Graph has the newest thirty days only."""
    done = lab.run("backfill", *USERS, "--period", "D30")

    assert (done.returncode, done.stdout) == (0, "")
    assert "skype-users-activity-d30: Graph has the newest figures of it only" in done.stderr


def test_past_of_days_is_that_of_the_days(lab: Lab) -> None:
    """The same figures as those of the usual period, under the period's tag."""
    found = {
        period: [
            (point.time, point.tags["type"], point.fields)
            for point in line_protocol.read(
                lab.run("backfill", *COUNTS, "--days", "9", "--period", period).stdout
            )
            if point.tags.get("period", "D7") == period
        ]
        for period in ("D7", "D30")
    }

    assert found["D7"] == found["D30"] != []


def test_refresh_says_the_report(lab: Lab) -> None:
    """By the name that its period gives it."""
    done = lab.run("refresh", *USERS, "--period", "D30")

    assert " skype-users-activity-d30 ok (data of 20" in done.stdout


def test_folder_answers_by_the_days_of_its_files(tmp_path: Path, lab: Lab) -> None:
    """A file of seven days never stands in for one of thirty."""
    named(lab, *USERS, "--period", "D7,D30")
    folder = tmp_path / "saved"
    folder.mkdir()
    for path in lab.state.rglob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    words = ("--from-folder", str(folder), *USERS, "--period")
    plain = {name: text for name, text in lab.env.items() if not name.startswith("O365")}
    lab.env.clear()
    lab.env.update(plain)
    both = [figures(one) for one in document(lab, *words, "D7,D30")]
    [none] = document(lab, *words, "D90")

    assert both[0][TOTAL] < both[1][TOTAL]
    assert none["outcome"] == "gone"
    assert "(period='D90')" in none["message"]


def test_warm_answer_without_a_period_knows_nothing_of_periods(lab: Lab) -> None:
    """What few ask for costs the others nothing."""
    named(lab)
    done = lab.python(
        "import sys; from o365skype_bridge.cli.entry import main; main(['collect']);"
        "print('o365skype_bridge.model.period' in sys.modules)"
    )

    assert done.stdout.endswith("False\n")
