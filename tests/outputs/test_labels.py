"""Samples with several labels: a period, a group, and what the metric itself is about."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from catalogue import DEVICES_USAGE, USERS_ACTIVITY
from hypothesis import given
from readers import line_protocol, making, perfdata
from readers.names import NAMES

from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.period import over
from o365skype_bridge.model.values import ReportResult, Sample
from o365skype_bridge.outputs.push import Server, history
from o365skype_bridge.state import codec

MONTH = over(USERS_ACTIVITY, "D30")
HOSTILE = [
    "Sales",
    "D30",
    "D30~Sales",
    "a|b",
    "a=b",
    "a;b",
    "a'b",
    'a"b',
    "a,b c\\",
    "a::b",
    "rest",
]


def sample(metric: Metric, value: int, group: str = "", user: str = "") -> Sample:
    """Make a sample of the day."""
    most = 10**6 if metric.has_maximum else None
    return Sample(metric=metric, value=value, day=making.DAY, max=most, group=group, user=user)


def result(report: Report, groups: Sequence[str] = (), users: Sequence[str] = ()) -> ReportResult:
    """Give every figure of everybody, groups and users a number that no other has."""
    numbers = iter(range(1000, 10**6))
    totals = [metric for metric in report.metrics if not metric.per_user]
    singles = [metric for metric in report.metrics if metric.per_user]
    samples = [sample(metric, next(numbers)) for metric in totals]
    samples += [sample(metric, next(numbers), group=one) for one in groups for metric in totals]
    samples += [sample(metric, next(numbers), user=one) for one in users for metric in singles]
    return making.result(report, tuple(samples))


def numbers(*results: ReportResult) -> list[float]:
    """Give the values of all samples, in order."""
    return sorted(float(one.value) for found in results for one in found.samples)


@pytest.mark.parametrize(
    ("metric", "labels", "expected"),
    [
        (USERS_ACTIVITY.metrics[0], {}, []),
        (USERS_ACTIVITY.metrics[0], {"group": "Sales"}, [("group", "Sales")]),
        (MONTH.metrics[0], {}, [("period", "D30")]),
        (MONTH.metrics[-1], {"user": "adele"}, [("period", "D30"), ("user", "adele")]),
        (
            over(DEVICES_USAGE, "D90").metrics[1],
            {"group": "Sales"},
            [("period", "D90"), ("group", "Sales"), ("device", "windows")],
        ),
    ],
)
def test_labels_go_from_the_outer_to_the_inner(
    metric: Metric, labels: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    """The metric's own is the last one."""
    assert list(sample(metric, 1, **labels).labels) == expected


@pytest.mark.parametrize("report", [USERS_ACTIVITY, MONTH], ids=lambda report: report.name)
def test_groups_are_kept_and_sent_as_they_are(report: Report) -> None:
    """Whatever they are called."""
    made = result(report, HOSTILE, ["Sales"])
    content = json.loads(json.dumps(codec.encode(made)))

    assert codec.decode(content, report, made.tenant) == made


def test_influx_tells_all_of_them_apart() -> None:
    """By its tags; the reader refuses a series that is there twice."""
    both = result(USERS_ACTIVITY, HOSTILE, HOSTILE), result(MONTH, HOSTILE, HOSTILE)
    points = line_protocol.read(making.render("influx", *both, health=False).text)
    found = [
        value
        for point in points
        for name, value in point.fields.items()
        if not name.endswith("_max")
    ]

    assert sorted(map(float, found)) == numbers(*both)


def test_perfdata_tells_all_of_them_apart() -> None:
    """A group called like a period, or a user like both, is no period."""
    both = result(USERS_ACTIVITY, HOSTILE, HOSTILE), result(MONTH, HOSTILE, HOSTILE)
    labels: list[str] = []
    for new in (False, True):
        text = making.render("centreon", *both, use_new_perfdata=new).text
        found = perfdata.read(text).items
        labels = [name for name in found if not name.startswith("perfdate")]

        assert len(labels) == len(set(map(str.casefold, labels)))
    assert "D30#skype.users.active.count" in labels
    assert "D30 (2)#skype.users.active.count" in labels
    assert "Sales#skype.users.active.count" in labels
    assert "D30~Sales#skype.users.active.count" in labels


@given(name=NAMES.filter(lambda name: bool(name.strip())))
def test_group_of_any_name_is_in_every_output(name: str) -> None:
    """As users of any name are."""
    made = result(USERS_ACTIVITY, [name])

    line_protocol.read(making.render("influx", made).text)
    perfdata.read(making.render("centreon", made).text)
    document = json.loads(making.render("zabbix", made).text)

    assert len(document["group"]) == 1


def test_zabbix_tells_all_of_them_apart() -> None:
    """By key and id."""
    both = result(USERS_ACTIVITY, HOSTILE, HOSTILE), result(MONTH, HOSTILE, HOSTILE)
    document = json.loads(making.render("zabbix", *both).text)
    places = [document["metric"], *document["group"].values(), *document["user"].values()]
    values = [value for place in places for name, value in place.items() if ".max" not in name]

    assert sorted(map(float, values)) == numbers(*both)


def test_groups_have_no_history_in_zabbix() -> None:
    """No trapper item is theirs, and none of everybody's gets their figures."""
    plain, grouped = result(USERS_ACTIVITY), result(USERS_ACTIVITY, ["Sales"])

    assert history([making.collection(grouped)], Server(name="zabbix")) == (
        history([making.collection(plain)], Server(name="zabbix"))
    )


def test_history_of_another_period_has_keys_of_its_own() -> None:
    """As its items have."""
    keys = [one.key for one in history([making.collection(result(MONTH))], Server(name="zabbix"))]

    assert keys == sorted(f"o365.history[{one.key}]" for one in MONTH.metrics if not one.per_user)


def test_group_of_nobody_is_not_judged() -> None:
    """No part of nothing is too small."""
    [active, *_] = USERS_ACTIVITY.metrics
    samples = [sample(active, 5).replace(max=5)]
    for group, most in (("a", 0), ("b", 4)):
        samples.append(sample(active, 0, group=group).replace(max=most))
    made = making.result(USERS_ACTIVITY, tuple(samples))
    text = making.render("centreon", made, warning_active_users="20:").text

    assert text.startswith("WARNING: Group 'b': Active users on 2026-06-28 : 0/4 (0.00%) | ")
