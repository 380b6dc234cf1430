"""The catalogue: every figure with its name, unit, column and legacy label."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from readers import files

from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.wording import Words
from o365skype_bridge.reading.lines import normalise
from o365skype_bridge.reports import CATALOGUE
from o365skype_bridge.reports.skype import DEVICES_USAGE, USERS_ACTIVITY

P2P = "Total Peer-to-peer Session Count"
ORGANIZED = "Total Organized Conference Count"
PARTICIPATED = "Total Participated Conference Count"
USED = ("Used Windows", "Used iPad", "Used iPhone", "Used Android Phone", "Used Windows Phone")

EVERY = [metric for report in CATALOGUE for metric in report.metrics]

DECLARED = [
    ("skype.devices.active.count", "devices", "active_devices", "yes", USED),
    ("skype.devices.windows.count", "count", "windows", "yes", ("Used Windows",)),
    ("skype.devices.ipad.count", "count", "ipad", "yes", ("Used iPad",)),
    ("skype.devices.iphone.count", "count", "iphone", "yes", ("Used iPhone",)),
    ("skype.devices.android.count", "count", "android_phone", "yes", ("Used Android Phone",)),
    ("skype.devices.windowsphone.count", "count", "windows_phone", "yes", ("Used Windows Phone",)),
    ("skype.users.active.count", "users", "active_users", "rows", ()),
    (
        "skype.users.sessions.p2p.total.count",
        "count",
        "total_peer_to_peer_sessions",
        "sum",
        (P2P,),
    ),
    (
        "skype.users.conferences.organized.total.count",
        "count",
        "total_organized_conference",
        "sum",
        (ORGANIZED,),
    ),
    (
        "skype.users.conferences.participated.total.count",
        "count",
        "total_participated_conference",
        "sum",
        (PARTICIPATED,),
    ),
    ("skype.users.sessions.p2p.count", "count", "peer_to_peer_sessions", "sum", (P2P,)),
    (
        "skype.users.conferences.organized.count",
        "count",
        "organized_conference",
        "sum",
        (ORGANIZED,),
    ),
    (
        "skype.users.conferences.participated.count",
        "count",
        "participated_conference",
        "sum",
        (PARTICIPATED,),
    ),
]


def test_every_metric_is_what_centreons_graphs_know() -> None:
    """Name, unit, legacy label and what is counted; a change breaks somebody's graphs."""
    assert [
        (metric.dotted, metric.unit.name, words.label, metric.tally.kind, metric.tally.columns)
        for report in CATALOGUE
        for metric, words in report.spoken
    ] == DECLARED


def test_only_the_active_figures_have_a_maximum() -> None:
    """The seven days' figure is the maximum of the day's."""
    assert [metric.dotted for metric in EVERY if metric.limited] == [
        "skype.devices.active.count",
        "skype.users.active.count",
    ]


def test_only_the_last_three_are_of_single_users() -> None:
    """Everything else is a total, and shown without being asked for."""
    assert [metric.dotted for metric in EVERY if metric.per_user] == [
        metric.dotted for metric in EVERY[-3:]
    ]


@pytest.mark.parametrize(
    ("report", "header"), [(DEVICES_USAGE, files.DEVICES), (USERS_ACTIVITY, files.ACTIVITY)]
)
def test_columns_are_those_of_microsofts_files(report: Report, header: list[str]) -> None:
    """Every column that is needed stands in the real header."""
    real = {normalise(name) for name in header}

    assert {normalise(name) for name in report.columns} <= real


@pytest.mark.parametrize("report", CATALOGUE, ids=lambda report: report.name)
def test_reports_ask_for_the_least_permission(report: Report) -> None:
    """Reading reports is enough."""
    assert report.permission == "Reports.Read.All"
    assert report.function.startswith("get")
    assert report.function.endswith("UserDetail")


@pytest.mark.parametrize(
    "key", [lambda words: words.metric, lambda words: words.label, lambda words: words.option]
)
def test_names_are_of_one_metric_each(key: Callable[[Words], str]) -> None:
    """In every spelling."""
    assert len({key(words) for report in CATALOGUE for words in report.words.words}) == len(EVERY)


def test_report_names_are_of_one_report_each() -> None:
    """They are what the command line, Influx and Zabbix know them by."""
    assert [report.name for report in CATALOGUE] == ["skype-devices-usage", "skype-users-activity"]
