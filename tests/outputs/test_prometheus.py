"""Prometheus' text: names, units and labels by OpenMetrics, and nothing a tenant says breaks it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from catalogue import CATALOGUE, DEVICES_USAGE, SHAPES, USERS_ACTIVITY
from hypothesis import given, settings
from readers import line_protocol, making, prometheus
from readers.names import NAMES, TENANTS, USERS
from readers.units import quota

from o365skype_bridge import reports
from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import ReportResult, Sample
from o365skype_bridge.outputs import influx, load
from o365skype_bridge.outputs import prometheus as output

ALL = [(report, metric) for report in reports.catalogue() for metric in report.metrics]
RESERVED = ("_total", "_created", "_count", "_sum", "_bucket", "_gcount", "_gsum", "_info")


def text(*results: ReportResult) -> str:
    """Print results."""
    return making.render("prometheus", *results).text


def every(report: Report) -> ReportResult:
    """Make a result with a sample of every metric of a report."""
    return making.result(
        report,
        tuple(
            Sample(
                metric=metric,
                value="a word" if metric.is_text else 3,
                day=making.DAY,
                max=7 if metric.has_maximum else None,
                user=f"one {metric.label}" if metric.is_found else "",
            )
            for metric in report.metrics
        ),
    )


def test_figures_have_the_names_of_their_fields() -> None:
    """A figure of the whole tenant has no label but that, its maximum a name of its own."""
    name = "o365_skype_users_activity"

    assert prometheus.values(text(making.activity()), tenant="contoso") == {
        f"{name}_active": 3,
        f"{name}_active_max": 5,
        f"{name}_total_sessions_p2p": 15,
        f"{name}_total_conferences_organized": 3,
        f"{name}_total_conferences_participated": 6,
    }


def test_kinds_are_one_family_and_told_apart_by_their_label() -> None:
    """Each has the value of its device."""
    name = "o365_skype_devices_usage_devices"
    found = prometheus.read(text(making.devices()))

    assert {dict(labels)["device"]: value for called, labels, value in found if called == name} == {
        "windows": 2,
        "ipad": 0,
        "iphone": 1,
        "android": 1,
        "windowsphone": 0,
    }


def test_values_are_in_base_units() -> None:
    """Minutes and days are seconds, percent a ratio of 1, and no name says a unit twice."""
    assert prometheus.values(text(quota()), tenant="contoso") == {
        "o365_quota_usage_used_bytes": 5_368_709_120,
        "o365_quota_usage_share_ratio": 0.125,
        "o365_quota_usage_calls_seconds": 5400,
        "o365_quota_usage_left_seconds": 25920,
        "o365_quota_usage_delay_seconds": 0.00001,
        "o365_quota_usage_sites": 3,
    }


def test_unit_is_declared_where_there_is_one() -> None:
    """OpenMetrics knows it by a line of its own; things that are counted have none."""
    found = {family.name: family.unit for family in prometheus.families(text(quota()))}

    assert {name: unit for name, unit in found.items() if name.startswith("o365_quota")} == {
        "o365_quota_usage_used_bytes": "bytes",
        "o365_quota_usage_share_ratio": "ratio",
        "o365_quota_usage_calls_seconds": "seconds",
        "o365_quota_usage_left_seconds": "seconds",
        "o365_quota_usage_delay_seconds": "seconds",
        "o365_quota_usage_bytes": "bytes",
        "o365_quota_usage_sites": "",
        "o365_quota_usage_issues": "",
        "o365_quota_usage_info": "",
    }


def test_texts_are_labels_of_one_sample_for_each_thing() -> None:
    """Their value is 1, for joins."""
    found = prometheus.read(text(quota()))

    assert [
        (dict(each.labels), each.value) for each in found if each.name.endswith("usage_info")
    ] == [
        ({"state_text": 'fine, "so far"', "tenant": "contoso"}, 1),
        (
            {
                "service": "Exchange Online",
                "status_text": "serviceDegradation",
                "tenant": "contoso",
            },
            1,
        ),
        ({"service": "Teams", "status_text": "serviceOperational", "tenant": "contoso"}, 1),
    ]


def test_everything_is_a_gauge() -> None:
    """A figure of a day may be less than that of the day before."""
    assert {family.type for family in prometheus.families(text(making.devices(), quota()))} == {
        "gauge"
    }


@pytest.mark.parametrize("report", reports.catalogue(), ids=lambda report: str(report.name))
def test_every_report_is_read_by_both_parsers(report: Report) -> None:
    """No figure of a report is lost, and none has a name that OpenMetrics has for other things."""
    numbers = [metric for metric in report.metrics if not metric.is_text]
    found = prometheus.read(text(every(report)))
    figures = [each for each in found if each.name.startswith(influx.measurement(report))]
    named = [each.name for each in figures if not each.name.endswith("_info")]

    assert len(named) == len(numbers) + sum(metric.has_maximum for metric in numbers)
    assert [name for name in named if name.endswith(RESERVED)] == []


@pytest.mark.parametrize(("report", "metric"), ALL, ids=lambda one: getattr(one, "name", ""))
def test_name_is_that_of_telegraf_where_things_are_counted(report: Report, metric: Metric) -> None:
    """What has a base unit ends in it, and so may be called otherwise; nothing else is."""
    telegraf = f"{influx.measurement(report)}_{influx.field(report, metric)}"
    name = output.name(report, metric)

    assert (name == telegraf) or name.endswith(("_bytes", "_seconds", "_ratio"))
    assert (output.unit(metric) == "") <= (name == telegraf)


@pytest.mark.parametrize("report", reports.catalogue(), ids=lambda report: str(report.name))
def test_labels_are_not_called_what_others_reserve(report: Report) -> None:
    """Prometheus puts job and instance to them, and has le and quantile for other things."""
    found = prometheus.read(text(every(report)))
    names = {name for each in found for name, _ in each.labels}

    assert names & {"job", "instance", "le", "quantile", "exported_job"} == set()
    assert [name for name in names if not re.fullmatch("[a-z][a-z0-9_]*", name)] == []


def test_names_of_families_are_of_one_report_each() -> None:
    """No two reports share a family, whose samples would be in disorder."""
    names = {report.name: set(output.helps(report)) for report in reports.catalogue()}
    names = {key: value | {f"{key}_max" for key in value} for key, value in names.items()}

    assert sum(map(len, names.values())) == len(set().union(*names.values()))


def test_families_of_several_tenants_are_in_one_piece() -> None:
    """The parser refuses samples of a family that come after those of another."""
    found = prometheus.read(text(making.devices(), making.devices(tenant="fabrikam")))
    active = [each for each in found if each.name == "o365_skype_devices_usage_active"]

    assert [dict(each.labels)["tenant"] for each in active] == ["contoso", "fabrikam"]


def test_newest_day_is_shown_alone() -> None:
    """There are no times, so an older day would be another value of the same sample."""
    before = making.totals(making.ACTIVITY, 5, making.DAY - timedelta(days=1))
    result = making.activity()
    both = result.replace(samples=(*before, *result.samples))

    assert text(both) == text(result)


def test_health_is_that_of_the_other_outputs() -> None:
    """Ages are in seconds, and the day is the time at which it begins."""
    assert prometheus.values(
        text(making.devices()), report="skype-devices-usage", tenant="contoso"
    ) == {
        "o365_bridge_up": 1,
        "o365_bridge_outcome_code": 0,
        "o365_bridge_cause_code": 0,
        "o365_bridge_age_seconds": 108000,
        "o365_bridge_confirmed_seconds": 60,
        "o365_bridge_fetch_seconds": 0.25,
        "o365_bridge_calls": 2,
        "o365_bridge_concealed": 0,
        "o365_bridge_day_timestamp_seconds": 1782604800,
    }


def test_what_is_not_known_is_left_out() -> None:
    """There is no age of data that there are not, and no 0 for it."""
    result = making.failed(DEVICES_USAGE, "unauthorized")

    assert prometheus.values(text(result), report="skype-devices-usage", tenant="contoso") == {
        "o365_bridge_up": 0,
        "o365_bridge_outcome_code": 7,
        "o365_bridge_cause_code": 7,
        "o365_bridge_fetch_seconds": 0.25,
        "o365_bridge_calls": 1,
    }


@pytest.mark.parametrize(
    ("result", "labels"),
    [
        (making.devices(), {"outcome": "ok", "cause": "ok"}),
        (
            making.failed(DEVICES_USAGE, "unauthorized"),
            {
                "outcome": "unauthorized",
                "cause": "unauthorized",
                "message": "what happened. What to do.",
            },
        ),
        (
            making.devices(outcome=Outcome(kind="stale", message="Why", cause="forbidden")),
            {"outcome": "stale", "cause": "forbidden", "message": "Why."},
        ),
    ],
    ids=["ok", "unauthorized", "stale"],
)
def test_words_about_health_are_labels(result: ReportResult, labels: dict[str, str]) -> None:
    """What happened and what to do is what an alert can say."""
    identity = {"report": "skype-devices-usage", "tenant": "contoso"}
    found = {name: dict(labels) for name, labels, _ in prometheus.read(text(result))}

    assert found["o365_bridge_info"] == {**identity, **labels}


def test_failure_is_an_answer_too() -> None:
    """It is valid, says why, and the exit code says so as well."""
    rendered = load("prometheus").fail(UsageError('no "such" report\\', "Say which."))

    assert rendered.exit_code == 3
    assert prometheus.read(rendered.text) == [
        ("o365_bridge_failed", (), 1),
        ("o365_bridge_failed_info", (("message", 'no "such" report\\. Say which.'),), 1),
    ]


def test_every_answer_says_that_it_is_one() -> None:
    """So that the alert on a failure ends."""
    assert prometheus.values(text())["o365_bridge_failed"] == 0


@settings(max_examples=60, deadline=None)
@given(tenants=TENANTS, users=USERS)
def test_names_of_a_tenant_break_nothing(tenants: Any, users: Any) -> None:
    """Every user of every tenant has a sample, whatever is in the names."""
    results = [making.activity(users, tenant=tenant) for tenant in tenants]
    found = prometheus.read(text(*results))
    single = [each for each in found if each.name == "o365_skype_users_activity_sessions_p2p"]

    assert len({each.labels for each in single}) == len(users) * len(tenants)


@settings(max_examples=60, deadline=None)
@given(name=NAMES)
def test_texts_of_graph_break_nothing(name: str) -> None:
    """Nor does what stands in a message."""
    outcome = Outcome(kind="forbidden", message=name)
    found = prometheus.read(text(making.result(DEVICES_USAGE, outcome=outcome)))

    assert [each.value for each in found if each.name == "o365_bridge_info"] == [1]


@pytest.mark.parametrize("shape", SHAPES)
def test_numbers_are_those_of_influx(shape: str) -> None:
    """Figure by figure, for a report of every shape; only what has a base unit is called anew."""
    report, result = SHAPES[shape], every(SHAPES[shape])
    expected = {
        (f"{point.measurement}_{key}", tuple(sorted(point.tags.items()))): value
        for point in line_protocol.read(making.render("influx", result).text)
        if point.measurement == influx.measurement(report)
        for key, value in point.fields.items()
        if not isinstance(value, str) and key != influx.INFO
    }
    found = {
        (each.name, each.labels): each.value
        for each in prometheus.read(text(result))
        if each.name.startswith(influx.measurement(report)) and not each.name.endswith("_info")
    }
    anew = {name for name, _ in found.keys() - expected.keys()}

    assert len(found) == len(expected)
    assert anew == {output.name(report, metric) for metric in report.metrics if output.unit(metric)}
    assert {key: value for key, value in found.items() if key[0] not in anew} == {
        key: expected[key] for key in found if key[0] not in anew
    }


def test_both_default_reports_are_named_apart() -> None:
    """One family each, with the sentence of its declaration."""
    found = {
        family.name: family.documentation
        for family in prometheus.families(text(*map(every, CATALOGUE)))
    }

    assert found["o365_skype_users_activity_active"] == USERS_ACTIVITY.metrics[0].help
    assert found["o365_skype_devices_usage_devices"] == (
        "Skype for Business devices usage: devices by device."
    )
