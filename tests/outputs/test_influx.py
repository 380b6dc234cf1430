"""Influx line protocol: what stands on each line, and that nothing a tenant says can break one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from catalogue import CATALOGUE, DEVICES_USAGE, SHAPES, USERS_ACTIVITY
from hypothesis import given, settings
from readers import line_protocol, making
from readers.line_protocol import Point
from readers.names import NAMES, TENANTS, USERS

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Sample
from o365skype_bridge.outputs import influx

MIDNIGHT = 1782604800_000000000
NOW = 1782799200_000000000

HEALTH: dict[str, bool | float | str] = {
    "success": True,
    "up": 1,
    "outcome": "ok",
    "outcome_code": 0,
    "cause": "ok",
    "cause_code": 0,
    "age_seconds": 108000,
    "confirmed_seconds": 60,
    "fetch_seconds": 0.25,
    "calls": 2,
    "names_concealed": False,
    "concealed": 0,
    "info": 1,
}


def read(*results: Any, **options: Any) -> list[Point]:
    """Print with the output and read it with the independent reader."""
    return line_protocol.read(making.render("influx", *results, **options).text)


def users(points: list[Point]) -> list[Point]:
    """Give the points of single users."""
    return [point for point in points if "user" in point.tags]


def test_devices_are_a_line_of_totals_and_one_for_each_kind() -> None:
    """A value without labels and its maximum share a line; the kinds are told apart by a tag."""
    name = "o365_skype_devices_usage"
    kinds = {"windows": 2, "ipad": 0, "iphone": 1, "android": 1, "windowsphone": 0}

    assert [
        Point(name, {"tenant": "contoso"}, {"active": 4, "active_max": 7}, MIDNIGHT),
        *(
            Point(name, {"device": kind, "tenant": "contoso"}, {"devices": count}, MIDNIGHT)
            for kind, count in kinds.items()
        ),
        Point("o365_bridge", {"report": "skype-devices-usage", "tenant": "contoso"}, HEALTH, NOW),
    ] == read(making.devices())


def test_activity_is_one_line_and_one_for_each_user() -> None:
    """All totals share a line, and so do the three figures of a user."""
    name = "o365_skype_users_activity"
    totals = {
        "active": 3,
        "active_max": 5,
        "total_sessions_p2p": 15,
        "total_conferences_organized": 3,
        "total_conferences_participated": 6,
    }
    singles = {"sessions_p2p": 3, "conferences_organized": 1, "conferences_participated": 2}

    assert [
        Point(name, {"tenant": "contoso"}, totals, MIDNIGHT),
        Point(name, {"tenant": "contoso", "user": "adele@contoso.com"}, singles, MIDNIGHT),
        Point("o365_bridge", {"report": "skype-users-activity", "tenant": "contoso"}, HEALTH, NOW),
    ] == read(making.activity({"adele@contoso.com": (3, 1, 2)}))


def test_days_before_keep_their_own_time() -> None:
    """Every sample stands at the beginning of its own day."""
    before = making.totals(making.ACTIVITY, 5, making.DAY - timedelta(days=1))
    result = making.activity()
    points = read(result.replace(samples=(*result.samples, *before)))

    assert [point.time for point in points] == [MIDNIGHT, MIDNIGHT - 86400_000000000, NOW]


def test_what_is_of_the_moment_has_the_time_at_which_it_was_read() -> None:
    """A status that changes within a day does not overwrite what it was before."""
    metric = SHAPES["list"].metrics[1]
    sample = Sample(metric=metric, value=3, day=making.DAY, user="A1")
    [point, _] = read(making.result(SHAPES["list"], (sample,)))

    assert point.time == round((making.NOW - 60) * 1000) * 1_000_000


def test_now_is_the_time_of_the_newest_day_only() -> None:
    """Where all lines have one time, a day before must not overwrite the newest."""
    old = making.totals(dict.fromkeys(making.ACTIVITY, 99), 99, making.DAY - timedelta(days=1))
    result = making.activity()
    points = read(result.replace(samples=(*result.samples, *old)), timestamp="now")

    assert [(point.time, point.fields.get("active")) for point in points] == [(NOW, 3), (NOW, None)]


@pytest.mark.parametrize(
    ("kind", "success"),
    [
        ("ok", True),
        ("empty", True),
        ("stale", False),
        ("pending", False),
        ("throttled", False),
        ("forbidden", False),
        ("gone", False),
        ("unauthorized", False),
        ("unreachable", False),
        ("malformed", False),
    ],
)
def test_success_is_a_good_answer_from_graph(kind: str, *, success: bool) -> None:
    """Only ok and empty are a success; an old answer is none."""
    [point] = read(making.failed(DEVICES_USAGE, kind))

    assert success is point.fields["success"]


def test_what_is_not_known_is_left_out() -> None:
    """A report that gave nothing has no figures, no age, and a message with the remedy."""
    [point] = read(making.failed(DEVICES_USAGE, "forbidden", fetch_seconds=None))

    assert point.fields == {
        "success": False,
        "up": 0,
        "outcome": "forbidden",
        "outcome_code": 5,
        "cause": "forbidden",
        "cause_code": 5,
        "calls": 1,
        "message": "what happened. What to do.",
        "info": 1,
    }


def test_a_long_message_keeps_its_remedy() -> None:
    """What to do about a failure is not cut off."""
    outcome = Outcome(kind="forbidden", message="x" * 600, remedy="Do it.")
    [point] = read(making.failed(DEVICES_USAGE, "forbidden", outcome=outcome))

    assert f"{'x' * 600}. Do it." == point.fields["message"]


def test_ids_for_support_are_a_field_of_their_own() -> None:
    """They differ at every try; in the message they would make another text of the same fault."""
    outcome = Outcome(kind="forbidden", message="no", remedy="Ask.", support="request-id 1")
    [point] = read(making.failed(DEVICES_USAGE, "forbidden", outcome=outcome))

    assert (point.fields["message"], point.fields["support"]) == ("no. Ask.", "request-id 1")


@pytest.mark.parametrize(("cause", "code"), [("unauthorized", 7), ("throttled", 4)])
def test_stale_figures_say_why_and_since_when(cause: str, code: int) -> None:
    """An alert rule tells a refused login from a service that is busy."""
    outcome = Outcome(kind="stale", message="no", cause=cause)
    *_, point = read(making.devices(outcome=outcome, confirmed_at=making.NOW - 7200))

    assert {
        name: point.fields[name]
        for name in ("up", "outcome_code", "cause", "cause_code", "confirmed_seconds")
    } == {
        "up": 0,
        "outcome_code": 2,
        "cause": cause,
        "cause_code": code,
        "confirmed_seconds": 7200,
    }


def test_an_error_prints_nothing() -> None:
    """Without a collection there is no line; the exit code says that something is wrong."""
    rendered = influx.OUTPUT.fail(UsageError("no such option"))

    assert (rendered.text, rendered.exit_code) == ("", 3)


def test_a_line_without_fields_is_no_line() -> None:
    """Line protocol has no line without a field."""
    assert influx.line("m", {"t": "a"}, {"f": None}, 1) == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("adele@contoso.com", "adele@contoso.com"),
        ("C:\\Temp", "C:\\Temp"),
        ("a\\", "a"),
        ("a\\ \\", "a"),
        ("a\\,b", "a/,b"),
        ("a\\=b", "a/=b"),
        ('a\\"b', 'a/"b'),
        ("a\\\\b", "a/\\b"),
        ("a\\\nb", "a/ b"),
        (" a\tb\r\nc ", "a b  c"),
        ("\\", "(blank)"),
        ("", "(blank)"),
        ("\ufeff\0", "(blank)"),
        ("a\u2028b\x85c", "a b c"),
        ("\ud800", "?"),
    ],
)
def test_plain_is_the_nearest_text_that_a_tag_can_hold(name: str, expected: str) -> None:
    """Controls become blanks, unwritable backslashes slashes, and nothing is ever empty."""
    assert expected == influx.plain(name)


def test_measurements_and_fields_are_told_apart() -> None:
    """No two metrics of a report share a field on the same line."""
    for report in CATALOGUE:
        places = [
            (influx.field(report, metric), metric.label, metric.value) for metric in report.metrics
        ]

        assert len(places) == len(set(places))
    assert len(CATALOGUE) == len({influx.measurement(report) for report in CATALOGUE})


@given(users_=USERS)
@settings(deadline=None)
def test_users_are_never_lost_whatever_their_names(users_: dict[str, making.Figures]) -> None:
    """Every user has a valid line, and every figure comes back."""
    points = users(read(making.activity(users_)))

    assert sorted(users_.values()) == sorted(tuple(point.fields.values()) for point in points)
    assert len(users_) == len({point.tags["user"] for point in points})


@given(tenants=TENANTS)
@settings(deadline=None)
def test_tenants_are_never_lost_whatever_their_names(tenants: list[str]) -> None:
    """Every tenant has its own series."""
    points = read(*(making.devices(tenant=tenant) for tenant in tenants))

    assert len(tenants) == len({point.tags["tenant"] for point in points})


@given(message=NAMES, remedy=NAMES, support=NAMES)
@settings(deadline=None)
def test_messages_never_break_a_line(message: str, remedy: str, support: str) -> None:
    """Whatever a service said about a failure is one string on one line."""
    outcome = Outcome(kind="unreachable", message=message, remedy=remedy, support=support)

    assert len(read(making.failed(USERS_ACTIVITY, "unreachable", outcome=outcome))) == 1
