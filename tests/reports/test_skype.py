"""Skype for Business: what each report counts, and names that people's graphs know."""

from __future__ import annotations

from pathlib import Path

import pytest
from counted import HEADERS, columns_of, counted, numbered, told
from readers import files

from o365skype_bridge.model.declare import Report
from o365skype_bridge.reports import skype, skype_counts

ADELE = {"User Principal Name": "adele@contoso.com"}
ALEX = {"User Principal Name": "alex@contoso.com"}

NAMES = [
    # dotted name, unit, perfdata label
    ("skype.devices.active.count", "devices", "active_devices"),
    ("skype.devices.windows.count", "count", "windows"),
    ("skype.devices.ipad.count", "count", "ipad"),
    ("skype.devices.iphone.count", "count", "iphone"),
    ("skype.devices.android.count", "count", "android_phone"),
    ("skype.devices.windowsphone.count", "count", "windows_phone"),
    ("skype.users.active.count", "users", "active_users"),
    ("skype.users.sessions.p2p.total.count", "count", "total_peer_to_peer_sessions"),
    ("skype.users.conferences.organized.total.count", "count", "total_organized_conference"),
    ("skype.users.conferences.participated.total.count", "count", "total_participated_conference"),
    ("skype.users.sessions.p2p.count", "count", "peer_to_peer_sessions"),
    ("skype.users.conferences.organized.count", "count", "organized_conference"),
    ("skype.users.conferences.participated.count", "count", "participated_conference"),
]


def test_names_are_what_centreons_graphs_know() -> None:
    """Name, unit and legacy label; a change breaks somebody's graphs."""
    assert [
        (metric.dotted, metric.unit.name, words.label)
        for report in (skype.DEVICES_USAGE, skype.USERS_ACTIVITY)
        for metric, words in report.spoken
    ] == NAMES


def test_devices_usage(tmp_path: Path) -> None:
    """Kinds of devices are counted on the day; the period gives the most that there can be."""
    adele = {**ADELE, "Used Windows": "Yes", "Used iPad": "Yes", "Used iPhone": "No"}
    alex = {**ALEX, "Used Windows": "Yes", "Used Android Phone": "Yes", "Used Windows Phone": "Yes"}
    others = [{"User Principal Name": "allan@contoso.com", "Used iPhone": "Yes"}]

    assert counted(tmp_path, skype.DEVICES_USAGE, [adele, alex], others) == {
        "outcome": "ok",
        "skype.devices.active.count": 5,
        "skype.devices.active.count max": 6,
        "skype.devices.windows.count": 2,
        "skype.devices.ipad.count": 1,
        "skype.devices.iphone.count": 0,
        "skype.devices.android.count": 1,
        "skype.devices.windowsphone.count": 1,
        "skype.devices.recent.active.count": 3,
    }


def test_users_activity(tmp_path: Path) -> None:
    """Sessions and conferences are summed over the day, and told by user."""
    adele = {**ADELE, **dict(zip(files.TOTALS, (3, 2, 1), strict=True))}
    alex = {**ALEX, **dict(zip(files.TOTALS, (10, 0, 5), strict=True))}
    others = [{"User Principal Name": "allan@contoso.com", **dict.fromkeys(files.TOTALS, 0)}]
    found = counted(tmp_path, skype.USERS_ACTIVITY, [adele, alex], others)

    assert told(skype.USERS_ACTIVITY, found) == {
        "skype.users.active.count": 2,
        "skype.users.active.count max": 3,
        "skype.users.sessions.p2p.total.count": 13,
        "skype.users.conferences.organized.total.count": 2,
        "skype.users.conferences.participated.total.count": 6,
        "skype.users.sessions.p2p.count adele@contoso.com": 3,
        "skype.users.conferences.organized.count adele@contoso.com": 2,
        "skype.users.conferences.participated.count adele@contoso.com": 1,
        "skype.users.sessions.p2p.count alex@contoso.com": 10,
        "skype.users.conferences.organized.count alex@contoso.com": 0,
        "skype.users.conferences.participated.count alex@contoso.com": 5,
    }


def test_all_other_columns_of_activity_are_figures(tmp_path: Path) -> None:
    """Sums over the day; and of the period, in which one more user was there, who is idle."""
    columns = HEADERS[skype.USERS_ACTIVITY.function].split(",")
    counts = [name for name in columns if name.endswith(("Count", "Minutes"))]
    adele = {**ADELE, **{name: columns.index(name) for name in counts}}
    alex = {
        **ALEX,
        **dict.fromkeys(counts, 100),
        "Organized Conference Last Activity Date": "2026-06-22",
        "Participated Conference Last Activity Date": "2026-06-21",
    }
    allan = {
        "User Principal Name": "allan@contoso.com",
        **dict.fromkeys((name for name in columns if name.endswith("Activity Date")), ""),
        "Is Deleted": "True",
        "Deleted Date": "2026-06-24",
    }
    found = counted(tmp_path, skype.USERS_ACTIVITY, [adele, alex], [allan])
    known = told(skype.USERS_ACTIVITY, found)

    assert {name: value for name, value in found.items() if name not in known} == {
        "outcome": "ok",
        "skype.users.p2p.im.count": 111,
        "skype.users.p2p.audio.count": 112,
        "skype.users.p2p.minutes.audio": 113,
        "skype.users.p2p.video.count": 114,
        "skype.users.p2p.minutes.video": 115,
        "skype.users.p2p.sharing.count": 116,
        "skype.users.p2p.files.count": 117,
        "skype.users.organized.im.count": 118,
        "skype.users.organized.av.count": 119,
        "skype.users.organized.minutes.av": 120,
        "skype.users.organized.sharing.count": 121,
        "skype.users.organized.web.count": 122,
        "skype.users.organized.dial3rd.count": 123,
        "skype.users.organized.dial.count": 124,
        "skype.users.organized.minutes.dialin": 125,
        "skype.users.organized.minutes.dialout": 126,
        "skype.users.participated.im.count": 127,
        "skype.users.participated.av.count": 128,
        "skype.users.participated.minutes.av": 129,
        "skype.users.participated.sharing.count": 130,
        "skype.users.participated.web.count": 131,
        "skype.users.participated.dial3rd.count": 132,
        "skype.users.recent.p2p.count": 2,
        "skype.users.recent.organized.count": 2,
        "skype.users.recent.participated.count": 1,
        "skype.users.recent.active.count": 2,
        "skype.users.recent.deleted.count": 1,
        "skype.users.deleted.count": 1,
    }


KINDS = "windows windowsphone android iphone ipad"
TWO = "im audio video sharing files"
CONFERENCE = "im av sharing web dial3rd"
COLUMNS = {
    # report: what its metrics are called, and what stands in place of {} for each column
    "skype-activity-counts": ("activity.{}.count", "p2p organized participated"),
    "skype-activity-user-counts": ("activity.users.{}.count", "p2p organized participated"),
    "skype-devices-user-counts": ("devices.daily.{}.count", KINDS),
    "skype-devices-distribution": ("devices.period.{}.count", KINDS),
    "skype-organizer-counts": ("organizer.{}.count", f"{CONFERENCE} dial"),
    "skype-organizer-user-counts": ("organizer.users.{}.count", f"{CONFERENCE} dial"),
    "skype-organizer-minute-counts": ("organizer.minutes.{}", "av dialin dialout"),
    "skype-participant-counts": ("participant.{}.count", CONFERENCE),
    "skype-participant-user-counts": ("participant.users.{}.count", CONFERENCE),
    "skype-participant-minute-counts": ("participant.minutes.{}", "av"),
    "skype-p2p-counts": ("p2p.{}.count", TWO),
    "skype-p2p-user-counts": ("p2p.users.{}.count", TWO),
    "skype-p2p-minute-counts": ("p2p.minutes.{}", "audio video"),
}


@pytest.mark.parametrize("report", skype_counts.REPORTS, ids=lambda report: report.name)
def test_every_column_is_a_figure(report: Report, tmp_path: Path) -> None:
    """Of the newest day, whichever row comes first, under the column's own name."""
    pattern, words = COLUMNS[report.name]
    names = [f"skype.{pattern.format(word)}" for word in words.split()]

    assert numbered(tmp_path, report) == {
        name: number for number, name in enumerate(names, start=1)
    }
    assert len(names) == len(columns_of(report))
