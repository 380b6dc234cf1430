"""Perfdata and lines changed by the connector's output options."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from o365skype_bridge.connector import expressions, rewriting
from o365skype_bridge.connector.changing import changed
from o365skype_bridge.errors import UsageError
from o365skype_bridge.outputs.perfdata import Item

ACTIVE = Item(
    label="active_devices",
    value=18,
    unit="devices",
    warning="0:11",
    critical="@~:35",
    minimum="0",
    maximum="118",
)
WINDOWS = Item(label="windows", value=6, minimum="0")
PHONE = Item(label="windows_phone", value=5, minimum="0")
TRAFFIC = Item(label="traffic", value=2048, unit="B", warning="0:4096", maximum="8192")


def shown(items: list[Item], **options: Any) -> str:
    """Give the changed items as perfdata."""
    return " ".join(map(str, changed(items, options)))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("windows,win", "'win'=6;;;0; 'win_phone'=5;;;0;"),
        ("^windows$,pc", "'pc'=6;;;0; 'windows_phone'=5;;;0;"),
        ("windows_(.*),$1_of_${1},", "'windows'=6;;;0; 'phone_of_phone'=5;;;0;"),
        ("windows,,,dev", "'windows'=6dev;;;0; 'windows_phone'=5dev;;;0;"),
        ("^windows$,,,,1,500", "'windows'=6;;;1;500 'windows_phone'=5;;;0;"),
        ("^windows$,,math(current*10+1)", "'windows'=61;;;0; 'windows_phone'=5;;;0;"),
        ("^windows$,,math(current/0)", "'windows'=6;;;0; 'windows_phone'=5;;;0;"),
        ("windows,,eval(anything)", "'windows'=6;;;0; 'windows_phone'=5;;;0;"),
        ("windows,,nosuch(x)", "'windows'=6;;;0; 'windows_phone'=5;;;0;"),
        ("windows,,math(system)", "'windows'=6;;;0; 'windows_phone'=5;;;0;"),
        (",win", "'windows'=6;;;0; 'windows_phone'=5;;;0;"),
        ("windows,,percent()", "'windows'=6;;;0; 'windows_phone'=5;;;0;"),
    ],
)
def test_items_are_changed_in_their_place(change: str, expected: str) -> None:
    """What cannot be followed changes nothing."""
    assert expected == shown([WINDOWS, PHONE], change_perfdata=[change])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("active,,invert()", "'active_devices'=100devices;107:118;@83:;0;118"),
        ("active,,percent()", "'active_devices'=15.25%;0.00:9.32;@~:29.66;0;100"),
        ("active,,math(current*2|1)", "'active_devices'=36devices;0:22;@~:70;0;100"),
        ("active,,,,,,10%,20%:30", "'active_devices'=18devices;11.8;23.6:30;0;118"),
        ("active,,,,,abc,10%,x", "'active_devices'=18devices;0;;0;abc"),
        ("active,,scale(k)", "'active_devices'=18devices;0:11;@~:35;0;118"),
    ],
)
def test_thresholds_follow_their_value(change: str, expected: str) -> None:
    """Both ends of a range go where the figure goes."""
    assert expected == shown([ACTIVE], change_perfdata=[change])


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("scale(KB)", "'traffic'=2.00KB;0:4;;;8.00"),
        ("scale(kb)", "'traffic'=16.38kb;0:32.768;;;65.54"),
        ("scale(auto)", "'traffic'=2.00kB;0:4;;;8.00"),
        ("scale()", "'traffic'=2.00kB;0:4;;;8.00"),
        ("scale(x)", "'traffic'=2048B;0:4096;;;8192"),
    ],
)
def test_bytes_are_scaled(method: str, expected: str) -> None:
    """By 1024 in bytes and by 1000 in bits."""
    assert expected == shown([TRAFFIC], change_perfdata=[f"traffic,,{method}"])


def test_an_extension_is_added_at_the_end() -> None:
    """The items themselves stay."""
    assert shown([ACTIVE, WINDOWS], extend_perfdata=["active,free,invert()"]) == (
        f"{ACTIVE} {WINDOWS} 'free_devices'=100devices;107:118;@83:;0;118"
    )


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (",total,sum(windows)", "'total'=11;;;;"),
        (",total,sum(windows),users,0,50", "'total'=11users;;;0;50"),
        (",mean,average(windows)", "'mean'=5.50;;;;"),
        (",least,min(.)", "'least'=5;;;;"),
        (",most,max(.)", "'most'=18;;;;"),
        ("^(win)dows$,$1_all,sum(^$1)", "'win_all'=11;;;;"),
        (",none,sum(nosuch)", ""),
        (",,sum(.)", ""),
    ],
)
def test_a_group_is_one_more_item(group: str, expected: str) -> None:
    """A sum of nothing is no item."""
    items = [ACTIVE, WINDOWS, PHONE]
    whole = " ".join(map(str, items))

    assert shown(items, extend_perfdata_group=[group]) == f"{whole} {expected}".strip()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([""], "'active_devices_max'=118devices;;;;"),
        (["active,all"], "'all'=118devices;;;;"),
        (["nosuch,all"], ""),
    ],
)
def test_maxima_become_items(words: list[str], expected: str) -> None:
    """All of them, or those whose label matches, under another name."""
    assert shown([ACTIVE, WINDOWS], explode_perfdata_max=words) == (
        f"{ACTIVE} {WINDOWS} {expected}".strip()
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"filter_perfdata": "^win"}, "'windows'=6;;;0;"),
        ({"filter_perfdata": ""}, "'active_devices'=18devices;0:11;@~:35;0;118 'windows'=6;;;0;"),
        ({"filter_perfdata_adv": "%{value} > 5 and %(unit) eq ''"}, "'windows'=6;;;0;"),
        ({"filter_uom": "^$"}, "'active_devices'=18;0:11;@~:35;0;118 'windows'=6;;;0;"),
        (
            {"range_perfdata": ""},
            "'active_devices'=18devices;11;@~:35;0;118 'windows'=6;;;0;",
        ),
        ({"range_perfdata": "2"}, "'active_devices'=18devices;;;0;118 'windows'=6;;;0;"),
        (
            {"range_perfdata": "0"},
            "'active_devices'=18devices;0:11;@~:35;0;118 'windows'=6;;;0;",
        ),
    ],
)
def test_items_are_filtered_and_trimmed(options: dict[str, str], expected: str) -> None:
    """By label, by condition, by unit, and in how thresholds are shown."""
    assert expected == shown([ACTIVE, WINDOWS], **options)


@pytest.mark.parametrize(
    "options",
    [
        {"filter_perfdata": "("},
        {"filter_uom": "*"},
        {"change_perfdata": ["(,x"]},
        {"explode_perfdata_max": ["(,x"]},
        {"extend_perfdata_group": [",x,sum(*)"]},
        {"filter_perfdata_adv": "1/0"},
    ],
)
def test_a_pattern_that_is_none_is_refused(options: dict[str, Any]) -> None:
    """Nothing is shown by a filter that cannot be followed."""
    with pytest.raises(UsageError):
        changed([ACTIVE], options)


CONDITIONS = [
    ("%(value) == 18", True),
    ("%{value} != 18", False),
    ("%(value) >= 18 && %(value) <= 18", True),
    ("not (%(value) > 5 or %(max) eq '')", False),
    ("!%(max)", True),
    ("%(label) =~ /^ACTIVE/i", True),
    ("%(label) !~ m/phone/", True),
    ("%(label) =~ /a\\/b/", False),
    ("%(label) . 'x' eq \"active_devicesx\"", True),
    ("%(nosuch) eq ''", True),
    ("1 + 2 * 3 == 7", True),
    ("(1 + 2) * 3 - -1 == 10", True),
    ("'abc' lt 'abd' and 'b' gt 'a'", True),
    ("'12abc' + 1 == 13", True),
    (".5 == 0.5", True),
    ("", None),
    ("%(value) >", None),
    ("(1", None),
    ("1 2", None),
    ("system('x')", None),
    ("%(label) =~ 'x'", None),
    ("`id`", None),
    ("(" * 100 + "1" + ")" * 100, None),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_conditions_hold_or_do_not(condition: str, expected: bool | None) -> None:  # noqa: FBT001
    """What is not understood is refused."""
    values = {"value": "18", "label": "active_devices", "max": ""}
    if expected is None:
        with pytest.raises(UsageError):
            expressions.holds(condition, values, "--x")
    else:
        assert expected is expressions.holds(condition, values, "--x")


@given(text=st.text(alphabet="%(){}value 01.<>=!&|+-*/'\"/~eqandornt", max_size=30))
@settings(deadline=None)
def test_any_condition_is_answered_or_refused(text: str) -> None:
    """Nothing else happens, whatever is written."""
    try:
        answer = expressions.holds(text, {"value": "1"}, "--x")
    except UsageError:
        return

    assert answer in (True, False)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["OK~Up"], "Up: a OK b "),
        (["OK~Up~g"], "Up: a Up b "),
        (["ok~Up~gi"], "Up: a Up b "),
        (["(O)(K)~$2${1}\\1$&"], "KOOOK: a OK b "),
        (["OK"], ": a OK b "),
        (["OK~a\\n\\tb"], "a\n\tb: a OK b "),
        (["OK~$9."], ".: a OK b "),
        (["~x"], "OK: a OK b "),
        (["(~x"], "OK: a OK b "),
        (["OK~x~e"], "OK: a OK b "),
        (["OK~A", "A~B"], "B: a OK b "),
    ],
)
def test_the_status_line_is_rewritten(words: list[str], expected: str) -> None:
    """As Perl would; what it could not follow changes nothing."""
    assert (expected, 0) == rewriting.short("OK: a OK b ", 0, {"change_short_output": words})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["%(short_output) =~ /a/ and %(exit_code) == 0,fine,WARNING"], ("fine", 1)),
        (["1,fine,warning"], ("fine", 1)),
        (["1,fine,x"], ("fine", 0)),
        (["1,fine"], ("fine", 0)),
        (["1,,CRITICAL"], ("OK: a ", 2)),
        (["1"], ("OK: a ", 0)),
        ([",fine,CRITICAL"], ("OK: a ", 0)),
        (["0,fine,WARNING"], ("OK: a ", 0)),
        (["1,fine, really,WARNING"], ("fine", 0)),
        (["1,fine,WARNING,more"], ("fine", 1)),
        (["1,b,WARNING", "%(short_output) eq 'b',c"], ("c", 1)),
        (["1,b,WARNING", "%(exit_code) == 1,c,CRITICAL"], ("b", 1)),
        (["1,b,WARNING", "%(exit_code) == 0,,CRITICAL"], ("b", 2)),
    ],
)
def test_another_line_and_state_by_condition(words: list[str], expected: tuple[str, int]) -> None:
    """Three fields, of which an empty one changes nothing.

    In a chain a condition sees the line as it has become, and the state that there was at first.
    """
    assert rewriting.short("OK: a ", 0, {"change_output_adv": words}) == expected


def test_a_state_may_become_ok() -> None:
    """What is known to be harmless is green."""
    word = "%(short_output) =~ /known/,fine,OK"

    assert rewriting.short("CRITICAL: known ", 2, {"change_output_adv": [word]}) == ("fine", 0)


def test_long_output_is_one_text_for_a_pattern() -> None:
    """A pattern can take line ends away."""
    assert rewriting.long(["a", "b"], {"change_long_output": ["a\\nb~c~"]}) == ["c"]
    assert rewriting.long(["a", "b"], {}) == ["a", "b"]
    assert rewriting.long(["a"], {"change_long_output": ["a~"]}) == []
