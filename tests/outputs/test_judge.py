"""Judging samples by the thresholds of their metrics."""

from __future__ import annotations

from typing import Any

import pytest
from catalogue import CATALOGUE, DEVICES_USAGE, USERS_ACTIVITY
from readers import making

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Sample
from o365skype_bridge.outputs import judge
from o365skype_bridge.outputs.judge import Judge, Verdict
from o365skype_bridge.outputs.thresholds import CRITICAL, OK, UNKNOWN, WARNING, parse
from o365skype_bridge.reports.health import SERVICES

[ACTIVE, WINDOWS, *_] = making.totals(making.DEVICES, 7)
WORDS = making.WORDS


def shown(verdict: Verdict) -> tuple[int, str, str]:
    """Give a verdict as perfdata would show it."""
    return verdict.state, str(verdict.warning or ""), str(verdict.critical or "")


def judged(options: dict[str, str], sample: Sample) -> Verdict:
    """Judge a sample by the thresholds of its metric."""
    return Judge(options).sample(sample, WORDS[sample.metric.dotted])


@pytest.mark.parametrize(
    ("value", "state"), [(5, OK), (6, WARNING), (8, WARNING), (9, CRITICAL), (-1, CRITICAL)]
)
def test_critical_is_looked_at_first(value: int, state: int) -> None:
    """A value beyond both is CRITICAL, beyond one is that one."""
    assert state == Verdict(value, parse("~:5", "w"), parse("8", "c")).state


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (OK, "", "")),
        ({"warning_active_devices": "50"}, (WARNING, "0:3", "")),
        ({"warning_active_devices": "50", "units": "%"}, (WARNING, "0:3", "")),
        ({"warning_active_devices": "50", "units": "count"}, (OK, "0:50", "")),
        ({"critical_active_devices": "3.5", "units": "count"}, (CRITICAL, "", "0:3.5")),
        ({"warning_active_devices": "57.14285714"}, (OK, "0:3", "")),
        ({"warning_active_devices": "57.14285713"}, (WARNING, "0:3", "")),
        ({"warning_active_devices": ""}, (OK, "", "")),
    ],
)
def test_limited_metrics_are_judged_by_their_part(
    options: dict[str, str], expected: tuple[int, str, str]
) -> None:
    """Four of seven are 57.14285714 percent, unless counts are asked for."""
    assert expected == shown(judged(options, ACTIVE))


def test_metrics_without_a_maximum_are_judged_by_their_count() -> None:
    """Whatever --units says."""
    options = {"warning_windows": "1", "critical_windows": "2", "units": "%"}

    assert shown(judged(options, WINDOWS)) == (WARNING, "0:1", "0:2")


def test_of_nothing_the_part_is_nothing() -> None:
    """0 of 0 is 0 percent."""
    options = {"critical_active_devices": "1:"}
    nothing = ACTIVE.replace(value=0, max=0)

    assert shown(judged(options, nothing)) == (CRITICAL, "", "0:")


def test_age_is_judged_only_when_asked_for() -> None:
    """Without a threshold there is no verdict, and no perfdata of it."""
    verdict = Judge({"warning_age": "10"}).time("age", 11)

    assert None is Judge({}).time("age", 11)
    assert verdict is not None
    assert shown(verdict) == (WARNING, "0:10", "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"warning_windows": "1"}, "--warning-windows is about a figure that"),
        ({"critical_peer_to_peer_sessions": "1"}, None),
        ({"warning_active_users": "10:5"}, "--warning-active-users '10:5' can never be met"),
        ({"warning_active_users": "@10:5"}, "--warning-active-users '@10:5' can never be met"),
        ({"critical_active_users": "-5:5"}, None),
        ({"warning_age": "-1"}, "--warning-age '-1' can never be met"),
        ({"critical_confirmed": "-10:-5"}, "--critical-confirmed '-10:-5' can never be met"),
        ({"critical_confirmed": "~:10"}, None),
        ({"warning_age": "10:"}, None),
        ({"critical_age": "", "warning_windows": ""}, None),
    ],
)
def test_a_threshold_that_can_never_be_met_is_refused(
    options: dict[str, str], said: str | None
) -> None:
    """Of a figure that the report does not have, a range that ends early, or a negative time."""
    refused = None
    try:
        judge.require_sense(options, [USERS_ACTIVITY])
    except UsageError as error:
        refused = str(error)

    assert refused == said or (said and refused and refused.startswith(said))


@pytest.mark.parametrize(
    ("cause", "confirmed", "options", "state"),
    [
        ("unauthorized", 1, {}, UNKNOWN),
        ("forbidden", 1, {}, UNKNOWN),
        ("gone", 1, {}, UNKNOWN),
        ("malformed", 1, {}, UNKNOWN),
        ("malformed", 21601, {}, UNKNOWN),
        ("gone", 1, {"stale_state": "ok"}, OK),
        ("gone", 1, {"stale_state": "critical"}, CRITICAL),
        ("gone", 21601, {"stale_state": "ok"}, WARNING),
        ("throttled", 21600, {}, OK),
        ("throttled", 21601, {}, WARNING),
        ("unreachable", 21601, {}, WARNING),
        ("pending", 21601, {}, WARNING),
        ("unreachable", 61, {"warning_confirmed": "60"}, WARNING),
        ("unreachable", 61, {"critical_confirmed": "60"}, CRITICAL),
        ("unreachable", 99999, {"critical_confirmed": "999999"}, OK),
    ],
)
def test_kept_figures_are_judged_by_why_they_are_kept(
    cause: str, confirmed: int, options: dict[str, str], state: int
) -> None:
    """What needs somebody is never green; what passes by itself is, for six hours."""
    outcome = Outcome(kind="stale", message="no", cause=cause)

    assert state == Judge(options).stale(outcome, confirmed, USERS_ACTIVITY.interval)


@pytest.mark.parametrize(
    ("confirmed", "options", "state"),
    [(3600, {}, OK), (3601, {}, WARNING), (3601, {"warning_confirmed": "7200"}, OK)],
)
def test_kept_figures_that_are_soon_old_are_judged_sooner(
    confirmed: int, options: dict[str, str], state: int
) -> None:
    """An hour without an answer about a service's health is twelve answers missed."""
    outcome = Outcome(kind="stale", message="no", cause="unreachable")

    assert state == Judge(options).stale(outcome, confirmed, SERVICES.interval)


@pytest.mark.parametrize("option", ["warning_age", "critical_active_devices", "warning_ipad"])
def test_thresholds_are_checked_even_if_nothing_is_compared(option: str) -> None:
    """A typing mistake does not wait for the day on which there are figures."""
    with pytest.raises(UsageError, match=f"Wrong {option.replace('_', '-')} threshold 'x'"):
        Judge({option: "x"}).validate(DEVICES_USAGE)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", True),
        ("active", True),
        ("^active-devices$", True),
        ("active|total", True),
        ("windows", False),
        ("^(?!active)", False),
    ],
)
def test_counters_are_filtered_by_their_option_name(pattern: str, *, expected: bool) -> None:
    """The pattern is looked for anywhere in the name that the thresholds have."""
    assert expected is Judge({"filter_counters": pattern}).shows(WORDS[ACTIVE.metric.dotted])


@pytest.mark.parametrize("pattern", ["(", "*", "a{99999999999}"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    """With the option's name."""
    with pytest.raises(UsageError, match=r"--filter-counters .* is not a regular expression"):
        Judge({"filter_counters": pattern})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 3),
        ({"empty_state": ""}, 3),
        ({"empty_state": "ok"}, 0),
        ({"empty_state": "warning"}, 1),
    ],
)
def test_state_of_an_empty_report(options: dict[str, Any], expected: int) -> None:
    """UNKNOWN unless the operator says otherwise."""
    assert expected == Judge(options).empty_state


def test_every_metric_has_two_thresholds() -> None:
    """Named after the legacy label, and told apart from those of all other metrics."""
    options = [option.flag for option in judge.metric_options(CATALOGUE)]

    assert options[:2] == ["--warning-active-devices", "--critical-active-devices"]
    assert 26 == len(options) == len(set(options))
