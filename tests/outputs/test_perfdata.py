"""Perfdata items: labels, values, units and ranges."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from readers import making
from readers.names import NAMES
from readers.perfdata import CONTROLS, NOT_IN_LABELS
from readers.zone import zone

from o365skype_bridge.outputs import perfdata, thresholds
from o365skype_bridge.outputs.judge import Verdict
from o365skype_bridge.reports.skype import DEVICES_USAGE, USERS_ACTIVITY

[ACTIVE, WINDOWS, *_] = making.totals(making.DEVICES, 7)
[SINGLE, *_] = making.singles({"adele": (3, 1, 2)})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("adele@contoso.com", "adele@contoso.com"),
        ("o'brien@contoso.com", "o'brien@contoso.com"),
        ("a|b=c;d", "a/b-c,d"),
        ("a::b:::c::::d:e", "a:.b:.:c:.:.d:e"),
        ("a\nb", "a b"),
        ("", "(blank)"),
    ],
)
def test_safe_names_hold_nothing_that_separates(name: str, expected: str) -> None:
    """What a reader would split at becomes something alike."""
    assert expected == perfdata.safe(name)


@given(name=NAMES)
@settings(deadline=None)
def test_safe_names_are_safe_whatever_they_were(name: str) -> None:
    """No reader finds a separator or a control character, and nothing is empty."""
    safe = perfdata.safe(name)

    assert (NOT_IN_LABELS.search(safe), CONTROLS.search(safe)) == (None, None)
    assert safe


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [("a | b", 9, "a / b"), ("a=1; b", 9, "a=1; b"), ("a\r\nb", 9, "a  b"), ("abcdef", 3, "abc")],
)
def test_safe_text_is_one_line_without_a_bar(text: str, most: int, expected: str) -> None:
    """In a text only the bar means something."""
    assert expected == perfdata.safe_text(text, most)


@pytest.mark.parametrize(
    ("new", "alone", "expected"),
    [
        (False, False, "peer_to_peer_sessions_adele"),
        (False, True, "peer_to_peer_sessions"),
        (True, False, "adele#skype.users.sessions.p2p.count"),
        (True, True, "adele#skype.users.sessions.p2p.count"),
    ],
)
def test_labels_of_users(*, new: bool, alone: bool, expected: str) -> None:
    """The legacy name goes without the user when there is only one."""
    own = perfdata.labels([USERS_ACTIVITY], new=new)[SINGLE.metric.dotted]

    assert expected == perfdata.label(SINGLE.metric, own, "adele", alone=alone)


@pytest.mark.parametrize(
    ("new", "expected"), [(False, "windows"), (True, "skype.devices.windows.count")]
)
def test_labels_of_totals(*, new: bool, expected: str) -> None:
    """The legacy name, or the dotted one with its label's value in place."""
    own = perfdata.labels([DEVICES_USAGE], new=new)[WINDOWS.metric.dotted]

    assert expected == perfdata.label(WINDOWS.metric, own, "", alone=True)


def test_quotes_in_labels_are_doubled() -> None:
    """As the guidelines want it."""
    assert str(perfdata.Item(label="o'brien", value=1)) == "'o''brien'=1;;;;"


def test_a_sample_has_its_unit_thresholds_and_limits() -> None:
    """Counts have no unit; only what has a maximum shows one."""
    verdict = Verdict(4, thresholds.parse("10", "w"), thresholds.parse("@~:3.5", "c"))

    assert str(perfdata.sample_item(ACTIVE, "a", verdict)) == "'a'=4devices;0:10;@~:3.5;0;7"
    assert str(perfdata.sample_item(WINDOWS, "w", Verdict(2, None, None))) == "'w'=2;;;0;"


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("UTC", date(2026, 6, 28), 1782648000),
        ("Europe/Paris", date(2026, 6, 28), 1782640800),
        ("America/New_York", date(2026, 6, 28), 1782662400),
        ("Europe/Paris", date(2026, 1, 28), 1769598000),
        ("UTC", date(2040, 2, 29), 2214129600),
    ],
)
def test_noon_is_where_the_poller_stands(name: str, day: date, expected: int) -> None:
    """Noon of the report's day in local time, summer or winter."""
    with zone(name):
        assert expected == perfdata.local_noon(day)
