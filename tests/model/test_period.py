"""Reports over another period: what is asked, what they count, and what they are called."""

from __future__ import annotations

import pytest
from catalogue import CATALOGUE, DEVICES_USAGE, READ, ROOMS, SHAPES, USERS_ACTIVITY

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model import period
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.shape import PERIODS

MONTH = {name: period.over(report, "D30") for name, report in SHAPES.items() if name in READ}
LISTED = READ["list"]


def refusal(*asked: object) -> str:
    """Ask for periods of reports and give what is complained of."""
    with pytest.raises(UsageError) as caught:
        period.spread(*asked)  # type: ignore[arg-type]
    return caught.value.text


def test_the_usual_period_is_the_report_itself() -> None:
    """Nothing about it changes."""
    assert period.over(USERS_ACTIVITY, "D7") is USERS_ACTIVITY


@pytest.mark.parametrize("wanted", [name for name in PERIODS if name != "D7"])
def test_another_period_is_another_report(wanted: str) -> None:
    """By its name everything of it is apart: files, locks, outcomes, health."""
    found = period.over(USERS_ACTIVITY, wanted)

    assert (found.name, found.title, found.base, found.function) == (
        f"skype-users-activity-{wanted.lower()}",
        f"Skype for Business users activity over {PERIODS[wanted]} days",
        "skype-users-activity",
        USERS_ACTIVITY.function,
    )


def test_a_name_leads_back_to_report_and_period() -> None:
    """And one without a period stays as it is."""
    names = ["skype-users-activity-d180", "skype-users-activity", "skype-activity-d7", "d30"]

    assert [period.split(name) for name in names] == [
        ("skype-users-activity", "D180"),
        ("skype-users-activity", ""),
        ("skype-activity-d7", ""),
        ("", "D30"),
    ]


@pytest.mark.parametrize("report", MONTH.values(), ids=MONTH)
def test_figures_carry_the_period(report: Report) -> None:
    """In what tells them from those of seven days."""
    assert {metric.period for metric in report.metrics} == {"D30"}
    assert all(metric.key == f"{metric.dotted},D30" for metric in report.metrics)


def test_figures_of_users_are_those_of_the_periods_one_file() -> None:
    """No day is asked for, and what is counted in the whole period is no part of it."""
    found = period.over(USERS_ACTIVITY, "D30")
    active = found.metrics[0]

    assert (found.shape.asks_day, active.limited, active.has_maximum) == (False, False, False)
    assert [metric.help for metric in found.metrics[:2]] == [
        "Users active in the 30 days.",
        "Peer-to-peer sessions used in the 30 days by all users.",
    ]


def test_a_maximum_in_the_same_file_stays() -> None:
    """It is as old as the figure."""
    active = period.over(ROOMS, "D90").metrics[0]

    assert (active.has_maximum, active.maximum, active.help) == (
        True,
        "abacus.rooms.active.max,D90",
        "Rooms with activity in the 90 days; the maximum is all rooms.",
    )


def test_figures_of_days_stay_those_of_days() -> None:
    """A longer period has more of them; each is what it was."""
    found = period.over(READ["by day"], "D30")

    assert [metric.help for metric in found.metrics] == [
        metric.help for metric in READ["by day"].metrics
    ]


@pytest.mark.parametrize("report", CATALOGUE, ids=lambda report: report.name)
def test_options_are_called_as_ever_and_by_the_period(report: Report) -> None:
    """One for all periods, and one for this."""
    found = period.over(report, "D30")
    usual = [words.option for words in report.words.words]

    assert [words.option for words in found.words.words] == usual
    assert [words.own_option for words in found.words.words] == [
        f"d30-{words.own_option}" for words in report.words.words
    ]


def test_only_the_usual_period_is_the_connectors() -> None:
    """Centreon's plugin knows no other."""
    assert DEVICES_USAGE.is_connectors
    assert not period.over(DEVICES_USAGE, "D30").is_connectors
    assert not ROOMS.is_connectors


def test_reports_are_asked_for_over_every_period() -> None:
    """In the order of the reports, each once."""
    found = period.spread([DEVICES_USAGE, USERS_ACTIVITY], ["D7", "D30"], [], "--period")

    assert [report.name for report in found] == [
        "skype-devices-usage",
        "skype-devices-usage-d30",
        "skype-users-activity",
        "skype-users-activity-d30",
    ]


def test_a_report_whose_name_says_its_period_keeps_it() -> None:
    """It was asked for as it is."""
    month = period.over(USERS_ACTIVITY, "D30")

    assert period.spread([month], ["D90"], [month.name], "--period") == (month,)


def test_what_has_no_periods_stays_among_those_of_a_family() -> None:
    """A list, and what is derived."""
    found = period.spread([LISTED, SHAPES["from others"]], ["D30"], ["abacus"], "--period")

    assert found == (LISTED, SHAPES["from others"])


@pytest.mark.parametrize(
    ("report", "why"),
    [(LISTED, "a list as it is now"), (SHAPES["from others"], "derived from other reports")],
)
def test_what_has_no_periods_is_refused_by_name(report: Report, why: str) -> None:
    """Nobody takes seven days for thirty."""
    assert refusal([report], ["D30"], [report.name], "--period") == (
        f"--period: {report.name} has no periods, because it is {why}. Ask for it without a period."
    )


def test_periods_are_read_in_any_case() -> None:
    """And each is there once."""
    assert period.read(["d30", "D30", "D180"], "--period") == ("D30", "D180")


def test_a_period_that_graph_does_not_know_is_refused() -> None:
    """With the four that it knows."""
    with pytest.raises(UsageError) as caught:
        period.read(["D31"], "O365_PERIOD")

    assert caught.value.text == (
        "O365_PERIOD: there is no period 'D31'. Periods are D7, D30, D90, D180."
    )


def test_a_metric_of_another_period_than_its_report_is_a_wrong_declaration() -> None:
    """It would be called after days that it is not of."""
    with pytest.raises(ValueError, match="a metric is over another period"):
        USERS_ACTIVITY.replace(shape=USERS_ACTIVITY.shape.replace(period="D30"))


def test_a_shape_over_an_unknown_period_is_a_wrong_declaration() -> None:
    """Graph would not answer."""
    with pytest.raises(ValueError, match="unknown period 'D8'"):
        USERS_ACTIVITY.shape.replace(period="D8")
