"""Skype for Business: what each report counts, and names that people's graphs know."""

from __future__ import annotations

from pathlib import Path

from counted import counted
from readers import files

from o365skype_bridge.reports import skype

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
    header = ",".join(files.DEVICES)
    others = [{"User Principal Name": "allan@contoso.com", "Used iPhone": "Yes"}]

    assert counted(tmp_path, skype.DEVICES_USAGE, header, [adele, alex], others) == {
        "outcome": "ok",
        "skype.devices.active.count": 5,
        "skype.devices.active.count max": 6,
        "skype.devices.windows.count": 2,
        "skype.devices.ipad.count": 1,
        "skype.devices.iphone.count": 0,
        "skype.devices.android.count": 1,
        "skype.devices.windowsphone.count": 1,
    }


def test_users_activity(tmp_path: Path) -> None:
    """Sessions and conferences are summed over the day, and told by user."""
    adele = {**ADELE, **dict(zip(files.TOTALS, (3, 2, 1), strict=True))}
    alex = {**ALEX, **dict(zip(files.TOTALS, (10, 0, 5), strict=True))}
    header = ",".join(files.ACTIVITY)
    others = [{"User Principal Name": "allan@contoso.com", **dict.fromkeys(files.TOTALS, 0)}]

    assert counted(tmp_path, skype.USERS_ACTIVITY, header, [adele, alex], others) == {
        "outcome": "ok",
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
