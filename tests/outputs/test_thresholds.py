"""Ranges: read as Centreon's connector reads them, printed as it prints them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from catalogue import DEVICES_USAGE
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import making, perfdata
from readers.zone import zone

from o365skype_bridge.errors import UsageError
from o365skype_bridge.outputs import thresholds
from o365skype_bridge.outputs.judge import Judge
from o365skype_bridge.outputs.thresholds import CRITICAL, OK, UNKNOWN, WARNING, parse

PARTS = st.lists(
    st.one_of(
        st.sampled_from(["@", "~", ":", "+", "-", ".", ",", " ", "e", "%", "x", "٣", "\n"]),
        st.integers(0, 200).map(str),
    ),
    max_size=7,
).map("".join)
NUMBERS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "+", "-"]),
    st.integers(0, 10**6),
    st.sampled_from(["", ".5", ",25", ".0", ".00000001"]),
)
RANGES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", " ", "\t"]),
    st.sampled_from(["", "@"]),
    st.one_of(st.just(""), st.just(":"), st.just("~:"), NUMBERS.map("{}:".format)),
    st.one_of(st.just(""), NUMBERS),
    st.sampled_from(["", "  "]),
)
VALUES = st.one_of(st.integers(-300, 300), st.fractions(-300, 300, max_denominator=8).map(float))


class NoRangeError(Exception):
    """What the second implementation says of nonsense."""


def second_number(text: str) -> Fraction:
    """Read a number, digit by digit."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    whole, point, part = digits.replace(",", ".").partition(".")
    if not _digits(whole) or (point and not _digits(part)):
        raise NoRangeError(text)
    value = Fraction(int(whole + part), 10 ** len(part))
    return -value if text.startswith("-") else value


def _digits(text: str) -> bool:
    return bool(text) and set(text) <= set("0123456789")


def second_alerts(text: str, value: float | Fraction) -> bool:
    """Say whether a range alerts, by an implementation of its own."""
    text = text.strip()
    if not text:
        return False
    inside = text.startswith("@")
    rest = text[1:] if inside else text
    before, colon, end = rest.rpartition(":")
    low = second_number(before) if before not in ("", "~") else None
    high = second_number(end) if end else None
    beyond_low = value < (low if low is not None else 0) and not (colon and before == "~")
    beyond_high = high is not None and value > high
    return (beyond_low or beyond_high) is not inside


@given(text=st.one_of(PARTS, RANGES), value=VALUES)
@settings(deadline=None)
def test_ranges_are_read_as_by_a_second_implementation(text: str, value: float) -> None:
    """Both refuse the same texts, and of the others both say the same of every value."""
    try:
        expected = second_alerts(text, value)
    except NoRangeError:
        with pytest.raises(UsageError):
            parse(text, "warning-windows")
        return
    range_ = parse(text, "warning-windows")

    assert expected == (range_ is not None and range_.alerts(value))


@given(text=RANGES)
@settings(deadline=None)
def test_printed_ranges_mean_the_same(text: str) -> None:
    """What is printed reads back as the same range, in the grammar of perfdata."""
    range_ = parse(text, "warning-windows")
    if range_ is not None:
        printed = str(range_)
        perfdata.read(f"OK: | 'a'=1;{printed};;;\n".replace("OK:", "OK: a"))

        assert range_ == parse(printed, "warning-windows")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("10", "0:10"),
        ("10:", "10:"),
        ("~:10", "~:10"),
        ("10:20", "10:20"),
        ("@10:20", "@10:20"),
        ("@10", "@0:10"),
        ("@", "@0:"),
        (":", "0:"),
        ("@:", "@0:"),
        (":5", "0:5"),
        ("~:", "~:"),
        ("10:5", "10:5"),
        ("+10", "0:10"),
        ("-5:5", "-5:5"),
        ("-0", "0:-0"),
        ("00010", "0:00010"),
        ("3.5", "0:3.5"),
        ("3,5", "0:3.5"),
        ("3.0", "0:3.0"),
        (" 10 ", "0:10"),
        ("0.00001", "0:0.00001"),
        ("-0.0000001:", "-0.0000001:"),
        ("1000000000000000", "0:1000000000000000"),
    ],
)
def test_ranges_are_printed_with_start_and_end(text: str, printed: str) -> None:
    """Always start, colon, end; plain decimals with a dot."""
    assert printed == str(parse(text, "warning-windows"))


@pytest.mark.parametrize("text", ["", " ", "\t"])
def test_nothing_is_no_range(text: str) -> None:
    """An empty option is one that was not given."""
    assert None is parse(text, "warning-windows")


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "80%",
        "1e2",
        "10:20:30",
        "~",
        "10:~",
        "0x10",
        "1.2.3",
        "1kB",
        "10;20",
        "1 0",
        "10 : 20",
        "--1",
        "+-1",
        ".5",
        "5.",
        "@@1",
        "1@",
        "\u0661\u0660",
        "nan",
        "inf",
        "-",
        "9" * 400,
        "~:-" + "9" * 400,
    ],
)
def test_nonsense_is_refused_by_name(text: str) -> None:
    """With the option, what was given, and how to write a range."""
    with pytest.raises(UsageError, match=r"^Wrong critical-ipad threshold '") as caught:
        parse(text, "critical-ipad")

    assert "Write a range" in caught.value.remedy
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize(
    ("threshold", "value", "total", "shown", "code"),
    [
        ("33", 18, 60, "0:19", OK),
        ("12.5", 18, 118, "0:14", WARNING),
        ("37.5", 18, 118, "0:44", OK),
        ("30", 3, 7, "0:2", WARNING),
        ("5:", 3, 7, "0:", OK),
        ("-5:5", 4, 20, "-1:1", WARNING),
        ("~:-1", 4, 20, "~:0", WARNING),
        ("19.99999999", 4, 20, "0:3", WARNING),
        ("20.000000001", 4, 20, "0:4", OK),
        ("19.999999999", 4, 20, "0:3", OK),
        ("80", 0, 0, "0:0", OK),
        ("33.33333333", 1, 3, "0:0", OK),
        ("100", 3, 1, "0:1", WARNING),
        ("@10:30", 4, 20, "@2:6", WARNING),
    ],
)
def test_percents_become_counts_in_perfdata(
    threshold: str, value: int, total: int, shown: str, code: int
) -> None:
    """Cut towards zero, never rounded; what is compared are percents with eight decimals."""
    figures = {"skype.devices.active.count": value}
    result = making.result(DEVICES_USAGE, making.totals(figures, total))
    with zone("UTC"):
        rendered = making.render("centreon", result, warning_active_devices=threshold)
    item = perfdata.read(rendered.text).items["active_devices"]

    assert (shown, code) == (item.warning, rendered.exit_code)


@given(
    text=RANGES,
    value=st.integers(0, 500),
    total=st.integers(0, 300),
    units=st.sampled_from(["%", "count", "percent"]),
)
@settings(deadline=None)
def test_percents_and_counts_are_judged_as_by_a_second_implementation(
    text: str, value: int, total: int, units: str
) -> None:
    """Exact fractions, cut to eight decimals, give the same state; any unit but % is a count."""
    [active, *_] = making.totals({"skype.devices.active.count": value}, total)
    compared: Fraction | int = value
    if units == "%":
        compared = round(Fraction(value * 100, total) if total else Fraction(0), 8)
    expected = CRITICAL if second_alerts(text, compared) else OK

    assert (
        expected
        == Judge({"critical_active_devices": text, "units": units})
        .sample(active, making.WORDS[active.metric.dotted])
        .state
    )


@pytest.mark.parametrize(
    ("value", "total", "expected"),
    [(1, 32, "3.12"), (33, 160, "20.62"), (1, 3, "33.33"), (3, 1, "300.00"), (5, 0, "0.00")],
)
def test_percents_are_shown_with_two_decimals(value: int, total: int, expected: str) -> None:
    """Rounded as C rounds the binary value."""
    assert expected == f"{thresholds.percent(value, total):.2f}"


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], OK),
        ([OK, OK], OK),
        ([OK, WARNING], WARNING),
        ([WARNING, UNKNOWN], UNKNOWN),
        ([UNKNOWN, CRITICAL, WARNING], CRITICAL),
    ],
)
def test_the_worst_state_is_the_exit_code(states: list[int], expected: int) -> None:
    """CRITICAL, then UNKNOWN, then WARNING."""
    assert expected == thresholds.worst(states)
