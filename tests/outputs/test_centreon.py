"""Status line, perfdata and exit code: what is said of good and bad figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from catalogue import DEVICES_USAGE, USERS_ACTIVITY
from readers import making, perfdata
from readers.perfdata import Answer, Item
from readers.zone import zone

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.outcome import OUTCOMES, Outcome
from o365skype_bridge.outputs import centreon
from o365skype_bridge.outputs.thresholds import STATES, UNKNOWN, WARNING

DEVICES = (
    "OK: Active devices on 2026-06-28 : 4/7 (57.14%) - Users count by device type : "
    "Windows: 2, iPad: 0, iPhone: 1, Android Phone: 1, Windows Phone: 0"
)
ACTIVITY = (
    "OK: Active users on 2026-06-28 : 3/5 (60.00%) - Total Peer-to-peer Sessions Count: 15, "
    "Organized Conference Count: 3, Participated Conference Count: 6"
)
USERS = {"adele@contoso.com": (3, 1, 2), "emil@contoso.com": (12, 2, 0)}
FAILURES = [kind for kind in OUTCOMES if kind not in ("ok", "empty", "stale")]


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    with zone("UTC"):
        yield


def judged(*results: Any, **options: Any) -> tuple[int, Answer]:
    """Print with the output and read it with the independent reader."""
    rendered = making.render("centreon", *results, **options)
    return rendered.exit_code, perfdata.read(rendered.text)


def said(*results: Any, **options: Any) -> tuple[int, str]:
    """Give the exit code and the text of the status line."""
    code, answer = judged(*results, **options)
    return code, answer.text


def test_devices_are_two_blocks() -> None:
    """Active devices first, then the kinds; noon of the report's day leads the perfdata."""
    items = {
        "perfdate": Item(1782648000),
        "active_devices": Item(4, "devices", least="0", most="7"),
        "windows": Item(2, least="0"),
        "ipad": Item(0, least="0"),
        "iphone": Item(1, least="0"),
        "android_phone": Item(1, least="0"),
        "windows_phone": Item(0, least="0"),
    }
    found = judged(making.devices())

    assert (0, Answer(DEVICES, items, ())) == found
    assert list(items) == list(found[1].items)


def test_users_are_said_to_be_fine_together() -> None:
    """Nobody wants to read every user's name when all is well."""
    code, answer = judged(making.activity(USERS))

    assert (0, f"{ACTIVITY} - All users activity are ok") == (code, answer.text)
    assert {label: item.value for label, item in answer.items.items() if "@" in label} == {
        "peer_to_peer_sessions_adele@contoso.com": 3,
        "organized_conference_adele@contoso.com": 1,
        "participated_conference_adele@contoso.com": 2,
        "peer_to_peer_sessions_emil@contoso.com": 12,
        "organized_conference_emil@contoso.com": 2,
        "participated_conference_emil@contoso.com": 0,
    }


def test_a_single_user_goes_without_the_name_in_legacy_labels() -> None:
    """So have the graphs always had it; the dotted names keep the user."""
    user = {"adele@contoso.com": (3, 1, 2)}
    code, legacy = judged(making.activity(user))
    _, dotted = judged(making.activity(user), use_new_perfdata=True)

    assert (
        0,
        (
            f"{ACTIVITY} - User 'adele@contoso.com' Peer-to-peer Sessions Count: 3, "
            "Organized Conference Count: 1, Participated Conference Count: 2"
        ),
    ) == (code, legacy.text)
    assert list(legacy.items)[-3:] == [
        "peer_to_peer_sessions",
        "organized_conference",
        "participated_conference",
    ]
    assert [f"adele@contoso.com#{name}" for name in making.PER_USER] == list(dotted.items)[-3:]


def test_dotted_names_are_those_of_the_metrics() -> None:
    """With --use-new-perfdata a label is a metric's name."""
    _, answer = judged(making.devices(), use_new_perfdata=True)

    assert ["perfdate", *making.DEVICES] == list(answer.items)


def test_only_what_is_wrong_is_said_worst_first() -> None:
    """Blocks that are fine vanish, CRITICAL comes before WARNING, the worst is the exit code."""
    assert said(
        making.devices(), warning_active_devices="50", warning_windows="1", critical_iphone="0"
    ) == (
        2,
        (
            "CRITICAL: Users count by device type : Windows: 2, iPhone: 1 "
            "WARNING: Active devices on 2026-06-28 : 4/7 (57.14%)"
        ),
    )


def test_only_the_users_are_said_of_whom_something_is_wrong() -> None:
    """With their figures that are wrong."""
    assert said(making.activity(USERS), warning_peer_to_peer_sessions="5") == (
        1,
        "WARNING: User 'emil@contoso.com' Peer-to-peer Sessions Count: 12",
    )


def test_filtered_counters_are_neither_judged_nor_printed() -> None:
    """Also not in the perfdata; noon goes with the active counter."""
    code, answer = judged(making.devices(), filter_counters="^win", critical_active_devices="0")

    assert (
        code,
        answer.text,
    ) == (0, "OK: Users count by device type : Windows: 2, Windows Phone: 0")
    assert list(answer.items) == ["windows", "windows_phone"]


def test_no_counter_is_ok() -> None:
    """A filter that matches nothing leaves an empty line, as Centreon's connector does."""
    rendered = making.render("centreon", making.devices(), filter_counters="nothing")

    assert (rendered.text, rendered.exit_code) == ("OK:  \n", 0)


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_alone_is_unknown(kind: str) -> None:
    """Nothing is known, and why and what to do is said."""
    assert (
        3,
        f"UNKNOWN: skype-devices-usage is {kind}: what happened. What to do.",
    ) == said(making.failed(DEVICES_USAGE, kind))


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_beside_an_answer_is_a_warning(kind: str) -> None:
    """Partial is never called complete, and what is known is still there."""
    code, answer = judged(making.devices(), making.failed(USERS_ACTIVITY, kind))

    assert (1, f"WARNING: skype-users-activity is {kind}: what happened. What to do.") == (
        code,
        answer.text,
    )
    assert answer.items["active_devices"].value == 4


@pytest.mark.parametrize(
    ("state", "code", "word"),
    [("unknown", 3, "UNKNOWN"), ("warning", 1, "WARNING"), ("critical", 2, "CRITICAL")],
)
def test_the_state_of_an_empty_report_is_the_operators_choice(
    state: str, code: int, word: str
) -> None:
    """There are no figures; which state that is, is an option."""
    assert (
        code,
        f"{word}: skype-devices-usage is empty: what happened. What to do.",
    ) == said(making.failed(DEVICES_USAGE, "empty"), empty_state=state)


def test_an_empty_report_that_is_ok_prints_zeros() -> None:
    """As Centreon's connector does, without a date."""
    code, answer = judged(making.failed(USERS_ACTIVITY, "empty"), empty_state="ok")

    assert (code, answer.text) == (
        0,
        (
            "OK: Active users on  : 0/0 (0.00%) - Total Peer-to-peer Sessions Count: 0, "
            "Organized Conference Count: 0, Participated Conference Count: 0"
        ),
    )
    assert "perfdate" not in answer.items


def test_old_figures_are_judged_and_said_to_be_old() -> None:
    """A stale answer has its state by the thresholds, and a remark with its age."""
    outcome = Outcome(kind="stale", message="no route", remedy="Look.", cause="unreachable")

    assert (
        0,
        f"{DEVICES} - skype-devices-usage is stale, 30 h old: no route. Look.",
    ) == said(making.devices(outcome=outcome))


def test_a_dead_source_is_unknown_with_its_reason_first() -> None:
    """Somebody has to act; until then the kept figures are shown, and not believed."""
    outcome = Outcome(kind="stale", message="no", remedy="Renew.", cause="unauthorized")
    code, answer = judged(making.devices(outcome=outcome))

    assert (code, answer.text) == (
        3,
        "UNKNOWN: skype-devices-usage is stale, 30 h old: no. Renew. - "
        + DEVICES.removeprefix("OK: "),
    )
    assert answer.items["active_devices"].value == 4


def test_a_critical_threshold_outranks_a_dead_source() -> None:
    """Bad figures are no better for being old; the reason still comes first."""
    outcome = Outcome(kind="stale", message="no", remedy="Renew.", cause="gone")

    text = (
        "CRITICAL: skype-devices-usage is stale, 30 h old: no. Renew. - "
        "CRITICAL: Active devices on 2026-06-28 : 4/7 (57.14%)"
    )

    assert said(making.devices(outcome=outcome), critical_active_devices="10") == (2, text)


def test_a_source_that_is_away_for_long_is_a_warning() -> None:
    """What passes by itself has had six hours to pass."""
    outcome = Outcome(kind="stale", message="no route", remedy="Look.", cause="unreachable")
    old = making.devices(outcome=outcome, confirmed_at=making.NOW - 21601)

    text = "WARNING: skype-devices-usage is stale, 30 h old: no route. Look. - "

    assert said(old) == (1, text + DEVICES.removeprefix("OK: "))


def test_the_time_since_graph_confirmed_is_judged_when_asked_for() -> None:
    """Also of figures that are fresh enough for us, with perfdata to draw."""
    fresh = making.devices(confirmed_at=making.NOW - 3000)
    code, answer = judged(fresh, warning_confirmed="2000")

    assert (code, answer.text) == (
        1,
        "WARNING: Time since Graph confirmed skype-devices-usage: 0.8 h",
    )
    assert Item(3000, "s", "0:2000", "", "0") == answer.items["confirmed"]


def test_ids_for_support_are_in_the_long_output_only() -> None:
    """The same fault is the same status line at every try."""
    outcome = Outcome(kind="gone", message="no", remedy="Ask.", support="request-id 1")
    result = making.failed(DEVICES_USAGE, "gone", outcome=outcome)

    text = "UNKNOWN: skype-devices-usage is gone: no. Ask. \nskype-devices-usage: request-id 1\n"

    assert making.render("centreon", result, verbose=True).text == text


def test_age_is_judged_when_asked_for() -> None:
    """Seconds since the end of the report's day, with a unit."""
    code, answer = judged(making.devices(), warning_age="86400", critical_age="172800")

    assert (code, answer.text) == (1, "WARNING: Data age of skype-devices-usage: 30.0 h")
    assert Item(108000, "s", "0:86400", "0:172800", "0") == answer.items["age"]


def test_labels_of_a_second_report_do_not_depend_on_the_first() -> None:
    """A label must not change its meaning when the first report fails."""
    _, both = judged(making.devices(), making.activity(), warning_age="1:")
    _, one = judged(making.failed(DEVICES_USAGE, "gone"), making.activity(), warning_age="1:")

    assert {"perfdate", "age", "perfdate_skype-users-activity", "age_skype-users-activity"} == {
        label for label in both.items if label.startswith(("perfdate", "age"))
    }
    assert set(one.items) <= set(both.items)
    assert {"perfdate_skype-users-activity", "age_skype-users-activity"} == {
        label for label in one.items if label.startswith(("perfdate", "age"))
    }


def test_tenants_are_told_apart_in_text_and_labels() -> None:
    """Whose figure is wrong is said, and no label is there twice."""
    code, answer = judged(
        making.devices(), making.devices(tenant="a|b"), critical_windows="1", warning_ipad="1:"
    )
    wrong = "Users count by device type : Windows: 2, iPad: 0"

    assert (2, f"CRITICAL: contoso: {wrong} - a/b: {wrong}") == (code, answer.text)
    assert {"windows_contoso", "windows_a/b"} == {
        label for label in answer.items if label.startswith("windows_") and "phone" not in label
    }


def test_long_output_has_all_counters_of_a_user_in_alarm() -> None:
    """The status line says what is wrong, the long output everything."""
    _, answer = judged(making.activity(USERS), verbose=True, critical_organized_conference="1")

    assert answer.text.endswith("User 'emil@contoso.com' Organized Conference Count: 2")
    assert answer.details[1] == (
        "User 'emil@contoso.com' Peer-to-peer Sessions Count: 12, "
        "Organized Conference Count: 2, Participated Conference Count: 0"
    )


def test_verbose_says_more_below() -> None:
    """Users, notes and warnings, one line each."""
    _, answer = judged(
        making.activity(USERS, notes=("a note",)), warnings=("a | warning",), verbose=True
    )

    assert answer.details == (
        (
            "User 'adele@contoso.com' Peer-to-peer Sessions Count: 3, "
            "Organized Conference Count: 1, Participated Conference Count: 2"
        ),
        (
            "User 'emil@contoso.com' Peer-to-peer Sessions Count: 12, "
            "Organized Conference Count: 2, Participated Conference Count: 0"
        ),
        "skype-users-activity: a note",
        "a / warning",
    )


@pytest.mark.parametrize(
    "options",
    [
        {"warning_windows": "x"},
        {"critical_age": "~"},
        {"warning_total_organized_conference": "1:2:3"},
        {"filter_counters": "("},
    ],
)
def test_a_wrong_option_is_refused(options: dict[str, Any]) -> None:
    """Also one that this report's figures are not compared with."""
    [wrong] = options

    with pytest.raises(UsageError, match=wrong.replace("_", "-")):
        making.render("centreon", making.devices(), making.activity(), **options)


def test_an_error_is_unknown_on_one_line() -> None:
    """Whatever it says."""
    rendered = centreon.OUTPUT.fail(UsageError("no | such\noption", "See --help."))

    assert (rendered.text, rendered.exit_code) == ("UNKNOWN: no / such option. See --help. \n", 3)


@pytest.mark.parametrize("state", [WARNING, UNKNOWN])
def test_report_without_any_figure_is_not_ok(state: int) -> None:
    """Such as one of days whose cells are all blank: which state it is, the operator chooses."""
    name = STATES[state]
    found = making.render("centreon", making.result(DEVICES_USAGE), empty_state=name.lower())

    assert found.exit_code == state
    assert found.text == f"{name}: skype-devices-usage has no figures \n"
