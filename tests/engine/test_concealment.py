"""Concealed names, and the tenant's setting that conceals them: asked where that is permitted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import REPORTS, Lab, MakeLab

from o365skype_bridge.engine.concealment import NOTES
from o365skype_bridge.graph import concealment

ROLES = ["Reports.Read.All", "ReportSettings.Read.All"]
ALWAYS = ("--refresh-interval", "0")


def results(lab: Lab, *words: str) -> list[dict[str, Any]]:
    """Collect as JSON, and give the results."""
    found: list[dict[str, Any]] = json.loads(lab.run("collect", "--output", "json", *words).stdout)[
        "results"
    ]
    return found


def asked(lab: Lab) -> int:
    """Give how often Graph was asked for the setting."""
    return len([call for call in lab.simulator.calls if call.function == "reportSettings"])


@pytest.mark.parametrize("odd", [[], ["settings-wrapped"]])
@pytest.mark.parametrize("role", ["ReportSettings.Read.All", "ReportSettings.ReadWrite.All"])
def test_setting_is_told_where_that_is_permitted(
    make_lab: MakeLab, role: str, odd: list[str]
) -> None:
    """The note says that it is on, of every report, for one call."""
    lab = make_lab(users=20, roles=[*ROLES[:1], role], oddities=["concealed", *odd])
    found = results(lab)

    assert [result["notes"] for result in found] == [[NOTES[True]]] * 2
    assert asked(lab) == 1


def test_who_may_not_know_the_setting_never_asks(make_lab: MakeLab) -> None:
    """The data tell that names are concealed."""
    lab = make_lab(users=20, oddities=["concealed"])
    found = results(lab)

    assert [result["notes"] for result in found] == [[NOTES[None]]] * 2
    assert asked(lab) == 0


def test_setting_is_not_asked_for_where_there_are_names(make_lab: MakeLab) -> None:
    """The data say what matters."""
    lab = make_lab(users=20, roles=ROLES)

    assert [result["notes"] for result in results(lab)] == [[]] * 2
    assert asked(lab) == 0


def test_setting_that_is_off_by_now_is_told(make_lab: MakeLab) -> None:
    """There is nothing to switch off any more."""
    lab = make_lab(users=20, roles=ROLES, oddities=["concealed", "settings-off"])

    assert [result["notes"] for result in results(lab)] == [[NOTES[False]]] * 2


def test_setting_is_asked_for_once_a_day(make_lab: MakeLab) -> None:
    """By all processes of the host."""
    lab = make_lab(users=20, roles=ROLES, oddities=["concealed"])
    times = []
    for later in (0, 4000, 80000, 90000):
        lab.run_at(later, "collect", "--report", REPORTS)
        times.append(asked(lab))

    assert times == [1, 1, 1, 2]


@pytest.mark.parametrize(
    "fault",
    [
        *("403@reportSettings", "404@reportSettings", "503@reportSettings", "429@reportSettings"),
        *("html@reportSettings", "badjson@reportSettings", "close@reportSettings"),
        *("delay=30@reportSettings", "abort@reportSettings"),
    ],
)
def test_setting_that_is_not_told_costs_a_remark_only(make_lab: MakeLab, fault: str) -> None:
    """No report fails for it, whatever comes instead; and it is not asked for again that day."""
    lab = make_lab(users=20, roles=ROLES, oddities=["concealed"], faults=[fault])
    found = [results(lab, "--deadline", "20"), results(lab, *ALWAYS, "--deadline", "20")]

    assert [(one["outcome"], one["notes"]) for run in found for one in run] == [
        ("ok", [NOTES[None]])
    ] * 4
    assert asked(lab) <= 1


def test_permission_that_is_granted_later_is_found(make_lab: MakeLab) -> None:
    """With the next token."""
    lab = make_lab(users=20, oddities=["concealed"])
    results(lab)
    lab.simulator.configure(roles=ROLES)
    for path in lab.state.rglob("token-*.json"):
        path.unlink()

    assert [result["notes"] for result in results(lab, *ALWAYS)] == [[NOTES[True]]] * 2


def test_filter_by_name_says_what_the_setting_is(make_lab: MakeLab) -> None:
    """An empty list of users is nobody's fault but the setting's."""
    lab = make_lab(users=20, roles=ROLES, oddities=["concealed"])
    words = ("check", "skype-users-activity", "--filter-user", "adele", "--per-user")
    said = [lab.run(*words).stdout for _ in range(2)]

    assert said[0] == said[1]
    assert said[0].startswith(
        "UNKNOWN: skype-users-activity is empty: Microsoft conceals user names in this tenant, as "
        "its setting says, and none matches the filter. To see names, an administrator switches"
    )


def claims(text: str) -> str:
    """Give a token with these claims."""
    from base64 import urlsafe_b64encode  # noqa: PLC0415 here alone

    return f"head.{urlsafe_b64encode(text.encode()).decode().rstrip('=')}.signature"


@pytest.mark.parametrize(
    ("token", "permitted"),
    [
        (claims('{"roles": ["ReportSettings.Read.All"]}'), True),
        (claims('{"roles": ["Reports.Read.All"]}'), False),
        (claims('{"roles": 7}'), False),
        (claims('{"scp": "ReportSettings.Read.All"}'), False),
        (claims("[]"), False),
        (claims("{"), False),
        *((text, False) for text in ("", "opaque", "a.b", "a.!.c", "a..c", "a.b.c.d")),
    ],
)
def test_permissions_are_read_off_the_token(token: str, *, permitted: bool) -> None:
    """One that cannot be read has none."""
    assert concealment.is_permitted(token) is permitted


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"displayConcealedNames": true}', True),
        (b'{"value": {"displayConcealedNames": false}}', False),
        (b'{"displayConcealedNames": "true"}', None),
        (b'{"value": [1]}', None),
        (b'{"value": null}', None),
        (b"[]", None),
        (b"", None),
        (b"[" * 100_000, None),
    ],
)
def test_what_is_no_setting_says_nothing(body: bytes, said: bool | None) -> None:  # noqa: FBT001 a parameter of pytest's
    """A guess would be worse than the data."""
    assert concealment.read(body) is said
