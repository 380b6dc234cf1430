"""Thresholds that are declared with a metric: they decide where the operator gives none."""

from __future__ import annotations

from typing import Any

import pytest
from readers import making

from o365skype_bridge import reports
from o365skype_bridge.model.declare import Metric, Report, Tally
from o365skype_bridge.model.shape import by_label
from o365skype_bridge.model.units import COUNT, WORD
from o365skype_bridge.model.values import Sample
from o365skype_bridge.outputs import thresholds
from o365skype_bridge.outputs.judge import metric_options
from o365skype_bridge.reports import credentials, figures, health

VALUE = Tally(kind="value", columns=("A",))
CODE = Metric(
    name="lab.code",
    unit=COUNT,
    help="A number.",
    title="Code",
    tally=VALUE,
    label="thing",
    warning=("@1:2", "@5:5"),
    critical=("@9:9",),
)
WORDS = Metric(name="lab.word", unit=WORD, help="A word.", title="Word", tally=VALUE, label="thing")
LAB = figures.report("lab-things", "Lab", "getLab", by_label("thing", "A"), "lab", WORDS, CODE)


def printed(things: dict[str, tuple[str, float]], **options: Any) -> tuple[int, str]:
    """Give exit code and status line for things with a word and a number each."""
    samples = tuple(
        sample
        for name, (word, code) in things.items()
        for sample in (
            Sample(metric=WORDS, value=word, day=making.DAY, user=name),
            Sample(metric=CODE, value=code, day=making.DAY, user=name),
        )
    )
    rendered = making.render("centreon", making.result(LAB, samples), **options)
    return rendered.exit_code, rendered.text.partition(" |")[0]


@pytest.mark.parametrize(
    ("code", "state"), [(0, 0), (1, 1), (2, 1), (3, 0), (5, 1), (8, 0), (9, 2), (10, 0)]
)
def test_one_range_that_alerts_is_enough(code: int, state: int) -> None:
    """Where there are several, any of them decides."""
    assert printed({"a": ("odd", code), "b": ("fine", 0)})[0] == state


def test_status_line_names_the_thing_and_what_its_texts_say() -> None:
    """A number alone would have to be looked up."""
    assert printed({"a": ("slow", 5), "b": ("fine", 0), "c": ("down", 9)}) == (
        2,
        "CRITICAL: Thing 'c' Word: down, Code: 9 WARNING: Thing 'a' Word: slow, Code: 5",
    )


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ({"warning_lab_code": "~:"}, 0),
        ({"warning_lab_code": "4"}, 1),
        ({"critical_lab_code": "4"}, 2),
        ({"critical_lab_code": "~:"}, 1),
        ({"warning_lab_code": ""}, 1),
    ],
)
def test_threshold_that_is_given_stands_for_the_declared_one(
    options: dict[str, str], state: int
) -> None:
    """The operator knows better; of the two each is given for itself."""
    assert printed({"a": ("slow", 5)}, **options)[0] == state


def test_perfdata_shows_what_fits_into_it() -> None:
    """It has room for one range."""
    samples = (Sample(metric=CODE, value=0, day=making.DAY, user="a"),)
    text = making.render("centreon", making.result(LAB, samples)).text

    assert text.endswith("| 'a#lab.code'=0;;@9:9;0;\n")


def test_help_says_what_holds_without() -> None:
    """So nobody has to read declarations."""
    helps = {option.flag: option.help for option in metric_options([LAB])}

    assert helps == {
        "--warning-lab-code": "Warning threshold (count): A number. Without: @1:2 or @5:5.",
        "--critical-lab-code": "Critical threshold (count): A number. Without: @9:9.",
    }


@pytest.mark.parametrize("change", [{"unit": WORD}, {"limited": True}])
def test_only_plain_numbers_can_have_them(change: Any) -> None:
    """A text cannot be compared, and a part of a maximum is the operator's choice."""
    with pytest.raises(ValueError, match="only numbers without a maximum have ranges"):
        CODE.replace(**change)


@pytest.mark.parametrize("report", reports.catalogue(), ids=lambda report: report.name)
def test_declared_ranges_are_ranges(report: Report) -> None:
    """And the reports that Centreon's connector knows have none."""
    found = [text for one in report.metrics for text in (*one.warning, *one.critical)]

    assert [thresholds.parse(text, report.name) for text in found].count(None) == 0
    assert not (found and report.wording)


STATES = {
    "serviceOperational": 0,
    "investigating": 1,
    "restoringService": 1,
    "verifyingService": 1,
    "serviceRestored": 0,
    "postIncidentReviewPublished": 0,
    "serviceDegradation": 1,
    "serviceInterruption": 2,
    "extendedRecovery": 1,
    "falsePositive": 0,
    "investigationSuspended": 1,
    "resolved": 0,
    "mitigatedExternal": 0,
    "mitigated": 0,
    "resolvedExternal": 0,
    "confirmed": 1,
    "reported": 1,
    "unknownFutureValue": 1,
}


@pytest.mark.parametrize("status", health.STATUSES)
def test_service_is_judged_by_its_status(status: str) -> None:
    """One that does not work is CRITICAL; one that is not well, or unknown, is a WARNING."""
    metrics = {one.dotted: one for one in health.SERVICES.metrics}
    values: dict[str, int | str] = {"status": status, "code": health.STATUSES.index(status)}
    samples = tuple(
        Sample(metric=metrics[f"health.services.{name}"], value=value, day=making.DAY, user="Teams")
        for name, value in values.items()
    )
    rendered = making.render("centreon", making.result(health.SERVICES, samples))

    assert rendered.exit_code == STATES[status]
    assert f"Service 'Teams' Status: {status}, " in rendered.text


@pytest.mark.parametrize(("days", "state"), [(0, 2), (6, 2), (7, 1), (29, 1), (30, 0), (400, 0)])
def test_credential_is_judged_by_the_days_left(days: int, state: int) -> None:
    """A month is enough to make another one, a week is late."""
    [report] = credentials.REPORTS
    left = next(one for one in report.metrics if one.name == "credentials.left")
    sample = Sample(metric=left, value=days, day=making.DAY, user="k1")

    assert making.render("centreon", making.result(report, (sample,))).exit_code == state
