"""Values: what they refuse when they are made, and what follows from them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from catalogue import DEVICES_USAGE, SHAPES, USERS_ACTIVITY
from readers import making

from o365skype_bridge.model.declare import Metric, Report, Tally
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.outcome import OUTCOMES, Outcome
from o365skype_bridge.model.units import COUNT, WORD
from o365skype_bridge.model.values import Sample, day_start
from o365skype_bridge.model.wording import Block, Wording, Words

METRIC: dict[str, Any] = {
    "name": "a.b.count",
    "unit": COUNT,
    "help": "One sentence.",
    "title": "A b",
    "tally": Tally(kind="rows"),
}


def report(**changes: Any) -> Report:
    """Make a report with one metric."""
    values = {
        "name": "a-b",
        "title": "A",
        "function": "getA",
        "permission": "P",
        "namespace": "a",
        "metrics": (Metric(**METRIC),),
    }
    return Report(**{**values, **changes})


def worded(name: str) -> Wording:
    """Give words for one metric."""
    return Wording(blocks=(Block(name="b", words=(Words(metric=name, title="A", label="a"),)),))


class Pair(Frozen):
    """Two fields, one with a default."""

    left: int
    right: str = "r"


class Other(Frozen):
    """The same fields under another name."""

    left: int
    right: str = "r"


def test_values_are_compared_by_type_and_content() -> None:
    """Equal ones have the same hash; the same content of another type is another value."""
    assert Pair(left=1) == Pair(left=1, right="r")
    assert hash(Pair(left=1)) == hash(Pair(left=1))
    assert Pair(left=1) != Pair(left=2)
    assert Pair(left=1) != Other(left=1)
    assert Pair(left=1) != (1, "r")


def test_values_show_what_they_hold() -> None:
    """As they would be written."""
    assert repr(Pair(left=1)) == "Pair(left=1, right='r')"


def test_values_do_not_change() -> None:
    """Neither by setting nor by deleting, and there is no room for more."""
    pair = Pair(left=1)

    with pytest.raises(AttributeError, match=r"^Pair\.left cannot be changed$"):
        pair.left = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match=r"^Pair\.more cannot be changed$"):
        pair.more = 2
    with pytest.raises((AttributeError, TypeError)):
        del pair.left
    assert pair == Pair(left=1)


def test_changed_values_are_new_ones() -> None:
    """With the check of every new value."""
    pair = Pair(left=1)

    assert (pair.replace(right="x"), pair) == (Pair(left=1, right="x"), Pair(left=1))
    with pytest.raises(ValueError, match="unknown outcome 'fine'"):
        Outcome(kind="ok").replace(kind="fine")


@pytest.mark.parametrize(
    ("values", "wrong"), [({}, "left"), ({"left": 1, "up": 2}, "up"), ({"right": ""}, "left")]
)
def test_fields_are_named_exactly(values: dict[str, Any], wrong: str) -> None:
    """A missing or unknown field is named."""
    with pytest.raises(TypeError, match=f"^Pair: missing or unknown {wrong}$"):
        Pair(**values)


@pytest.mark.parametrize(
    ("kind", "columns", "said"),
    [
        ("average", (), "unknown tally 'average'"),
        ("rows", ("A",), "tally 'rows' cannot count 1 columns"),
        ("yes", (), "tally 'yes' cannot count 0 columns"),
        ("sum", (), "tally 'sum' cannot count 0 columns"),
        ("sum", ("A", "B"), "tally 'sum' cannot count 2 columns"),
    ],
)
def test_tallies_that_make_no_sense_are_refused(
    kind: str, columns: tuple[str, ...], said: str
) -> None:
    """When they are declared, not when they are counted."""
    with pytest.raises(ValueError, match=said):
        Tally(kind=kind, columns=columns)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "a.B"}, "metric name 'a.B' is not dotted lower case"),
        ({"name": "a..b"}, "metric name 'a..b' is not dotted lower case"),
        ({"name": "a b"}, "metric name 'a b' is not dotted lower case"),
        ({"help": "No stop"}, "metric a.b.count: help must be one sentence"),
        ({"help": "Two. Of them."}, "metric a.b.count: help must be one sentence"),
        ({"unit": WORD, "limited": True}, "metric a.b.count: a text has no maximum"),
        ({"name": "a.*"}, r"metric a\.\*: a \* needs a label value, and a value a \*"),
        (
            {"of_period": True, "limited": True},
            r"metric a\.b\.count: what is of the period has no other maximum",
        ),
        ({"value": "v"}, r"metric a\.b\.count: a \* needs a label value, and a value a \*"),
    ],
)
def test_metrics_that_make_no_sense_are_refused(changes: dict[str, Any], said: str) -> None:
    """With their name and what is wrong."""
    with pytest.raises(ValueError, match=f"^{said}$"):
        Metric(**{**METRIC, **changes})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "A-b"}, "report name 'A-b' is not lower case with dashes"),
        ({"name": "a_b"}, "report name 'a_b' is not lower case with dashes"),
        ({"namespace": "b"}, "report a-b: a.b.count is not in b"),
        (
            {"metrics": (Metric(**METRIC), Metric(**METRIC))},
            "report a-b: a metric is declared twice",
        ),
        ({"metrics": ()}, "report a-b has no metrics"),
        ({"wording": worded("a.c.count")}, "report a-b: the wording is not that of its metrics"),
    ],
)
def test_reports_that_make_no_sense_are_refused(changes: dict[str, Any], said: str) -> None:
    """With their name and what is wrong."""
    with pytest.raises(ValueError, match=f"^{said}$"):
        report(**changes)


def test_a_unit_is_a_value() -> None:
    """Its name alone is none."""
    with pytest.raises(TypeError, match=r"^metric a\.b\.count: 'users' is no unit$"):
        Metric(**{**METRIC, "unit": "users"})


def test_a_metric_has_three_spellings() -> None:
    """The dotted name with its label's value, the legacy label, and that of the options."""
    metric, words = DEVICES_USAGE.spoken[4]

    assert (metric.name, metric.dotted, words.label, words.option) == (
        "skype.devices.*.count",
        "skype.devices.android.count",
        "android_phone",
        "android-phone",
    )


def test_a_report_needs_each_column_once() -> None:
    """The user's first, then what is counted."""
    assert USERS_ACTIVITY.columns == (
        "User Principal Name",
        "Total Peer-to-peer Session Count",
        "Total Organized Conference Count",
        "Total Participated Conference Count",
    )


def test_labels_tell_samples_of_a_metric_apart() -> None:
    """By device, by user, or there is only one."""
    day = making.DAY
    active, windows = DEVICES_USAGE.metrics[:2]
    single = USERS_ACTIVITY.metrics[-1]

    assert [
        Sample(metric=active, value=1, day=day).labels,
        Sample(metric=windows, value=1, day=day).labels,
        Sample(metric=single, value=1, day=day, user="adele").labels,
        Sample(metric=single, value=1, day=day).labels,
    ] == [(), (("device", "windows"),), (("user", "adele"),), (("user", ""),)]


def test_an_unknown_outcome_is_refused() -> None:
    """There are ten."""
    with pytest.raises(ValueError, match="unknown outcome 'fine'"):
        Outcome(kind="fine")


def test_outcomes_have_a_place_that_never_changes() -> None:
    """Zabbix stores it, and triggers compare it."""
    assert {kind: Outcome(kind=kind).code for kind in OUTCOMES} == {
        "ok": 0,
        "empty": 1,
        "stale": 2,
        "pending": 3,
        "throttled": 4,
        "forbidden": 5,
        "gone": 6,
        "unauthorized": 7,
        "unreachable": 8,
        "malformed": 9,
    }


def test_only_two_outcomes_come_with_figures() -> None:
    """Fresh ones and old ones."""
    assert [kind for kind in OUTCOMES if Outcome(kind=kind).has_data] == ["ok", "stale"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ""),
        ({"message": "it broke"}, "it broke."),
        ({"remedy": "Mend it."}, "Mend it."),
        ({"message": "why?", "remedy": "Mend it."}, "why? Mend it."),
        (
            {"message": "it broke", "remedy": "Mend it.", "support": "request-id 1"},
            "it broke. Mend it.",
        ),
    ],
)
def test_an_outcome_is_said_in_sentences(values: dict[str, str], expected: str) -> None:
    """What happened and what to do; ids for support would make it another text each time."""
    assert Outcome(kind="gone", **values).text == expected


def test_age_begins_when_the_day_ends() -> None:
    """At the refresh date's midnight it is 0; without a date nobody knows."""
    result = making.devices()

    assert [
        result.age_seconds(day_start(making.DAY) + 86400),
        result.age_seconds(making.NOW),
        result.age_seconds(day_start(making.DAY)),
        result.replace(refresh_date=None).age_seconds(making.NOW),
    ] == [0, 108000, -86400, None]


def test_the_newest_samples_are_those_of_the_refresh_date() -> None:
    """Days before are kept beside them."""
    before = making.totals(making.DEVICES, 7, making.DAY - timedelta(days=1))
    result = making.devices()

    assert result.replace(samples=(*before, *result.samples)).newest == result.samples


def test_a_collection_knows_its_tenants() -> None:
    """In the order asked for, each once."""
    results = (making.devices(), making.devices(tenant="b"), making.activity())
    found = making.collection(*results)

    assert found.tenants == ("contoso", "b")
    assert tuple(found.of_tenant("contoso")) == (results[0], results[2])


@pytest.mark.parametrize(
    ("day", "second"),
    [(date(1970, 1, 1), 0), (date(2026, 6, 28), 1782604800), (date(2040, 2, 29), 2214086400)],
)
def test_days_begin_in_utc(day: date, second: int) -> None:
    """Whatever the host's time zone."""
    assert day_start(day) == second


def test_age_of_a_list_is_the_time_since_it_was_read() -> None:
    """It is of the moment, and its day is not over."""
    result = making.result(SHAPES["list"])

    assert result.age_seconds(making.NOW) == 60
