"""Families: how reports are named, found and asked for, whichever there are."""

from __future__ import annotations

import pytest

from o365skype_bridge import reports
from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.declare import Report
from o365skype_bridge.reports import teams, teams_counts

CATALOGUE = reports.catalogue()


def chosen(*names: str) -> list[str]:
    return [report.name for report in reports.chosen(names, "--report")]


@pytest.mark.parametrize("family", reports.FAMILIES)
def test_reports_begin_with_the_name_of_their_family(family: str) -> None:
    """So a name tells which file to load."""
    assert {reports.family_of(report.name) for report in reports.load(family)} == {family}


@pytest.mark.parametrize("family", reports.FAMILIES)
def test_metrics_begin_with_the_name_of_their_family(family: str) -> None:
    """So no two families have a metric of one name."""
    found = {metric.dotted for report in reports.load(family) for metric in report.metrics}

    assert {name.partition(".")[0] for name in found} == {family}


def test_report_names_are_of_one_report_each() -> None:
    """They are what the command line, Influx and Zabbix know them by."""
    names = [report.name for report in CATALOGUE]

    assert sorted(set(names)) == sorted(names)


def test_metric_names_are_of_one_metric_each() -> None:
    """Over the whole catalogue."""
    names = [metric.dotted for report in CATALOGUE for metric in report.metrics]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("report", CATALOGUE, ids=lambda report: report.name)
def test_label_of_perfdata_is_of_one_metric_of_its_report(report: Report) -> None:
    """A check shows one report."""
    labels = [words.label for words in report.words.words]

    assert sorted(set(labels)) == sorted(labels)


@pytest.mark.parametrize("report", CATALOGUE, ids=lambda report: report.name)
def test_no_name_of_a_report_is_that_of_a_family(report: Report) -> None:
    """Whoever names a family means all of it."""
    assert report.name not in reports.FAMILIES


def test_default_is_what_centreons_connectors_ask_for() -> None:
    """Whoever comes from there sees the same figures."""
    assert chosen() == [
        "skype-devices-usage",
        "skype-users-activity",
        "teams-devices-usage",
        "teams-users-activity",
    ]


def test_default_needs_one_permission() -> None:
    """What needs more is asked for only when it is chosen."""
    assert {report.permission for report in reports.chosen((), "")} == {"Reports.Read.All"}


def test_family_stands_for_all_its_reports() -> None:
    """In the order of their declaration."""
    assert reports.chosen(["teams"], "--report") == (*teams.REPORTS, *teams_counts.REPORTS)


def test_order_is_kept_and_what_is_named_twice_counts_once() -> None:
    """What is named first comes first, by its own name or its family's."""
    found = chosen("teams-users-activity", "skype-users-activity", "teams")

    assert found[:3] == ["teams-users-activity", "skype-users-activity", "teams-devices-usage"]
    assert len(set(found)) == len(found)


def test_unknown_family_is_answered_with_those_there_are() -> None:
    """And with the setting that named it."""
    with pytest.raises(UsageError) as error:
        chosen("skype", "sharepoint-sites")

    assert error.value.text == (
        "--report: there is no report 'sharepoint-sites'. "
        f"Families are {', '.join(reports.FAMILIES)}; {reports.LISTING}."
    )


def test_unknown_report_is_answered_with_its_familys() -> None:
    """A name that was nearly right is found among few."""
    with pytest.raises(UsageError) as error:
        chosen("skype-device-usage")

    names = ", ".join(report.name for report in reports.load("skype"))
    assert error.value.text == (
        "--report: there is no report 'skype-device-usage'. "
        f"Did you mean skype-devices-usage? Known of skype: {names}; {reports.LISTING}."
    )


def test_words_lead_to_the_reports_that_they_mention() -> None:
    """Whatever else stands among them."""
    words = ["check", "teams-users-activity", "--tenant", "skypers", "teams-nosuch"]

    assert reports.mentioned(words) == (teams.USERS_ACTIVITY,)
