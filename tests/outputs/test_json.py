"""The JSON output: the collection as it is, nothing left out, nothing altered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from catalogue import USERS_ACTIVITY
from hypothesis import given, settings
from readers import making
from readers.names import NAMES, USERS

from o365skype_bridge.errors import GoneError
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.outputs import json as output


def document(*results: Any, **options: Any) -> dict[str, Any]:
    """Print with the output and read it with the JSON reader of Python."""
    found: dict[str, Any] = json.loads(making.render("json", *results, **options).text)
    return found


def test_a_good_result_is_all_there() -> None:
    """Every field of a result and of its samples has its place."""
    result = making.activity({"adele@contoso.com": (3, 1, 2)}, notes=("a note",))
    day = {"day": "2026-06-28"}

    assert {
        "schema": 1,
        "now": "2026-06-30T06:00:00Z",
        "warnings": ["a warning"],
        "results": [
            {
                "tenant": "contoso",
                "report": "skype-users-activity",
                "outcome": "ok",
                "outcome_code": 0,
                "up": 1,
                "cause": None,
                "cause_code": 0,
                "message": None,
                "remedy": None,
                "support": None,
                "refresh_date": "2026-06-28",
                "age_seconds": 108000,
                "collected_at": "2026-06-30T05:59:00Z",
                "confirmed_at": "2026-06-30T05:59:00Z",
                "confirmed_seconds": 60,
                "fetch_seconds": 0.25,
                "calls": 2,
                "names_concealed": False,
                "notes": ["a note"],
                "samples": [
                    {
                        "metric": "skype.users.active.count",
                        "labels": {},
                        "value": 3,
                        "max": 5,
                        "unit": "users",
                        **day,
                    },
                    *(
                        {"metric": name, "labels": {}, "value": value, "unit": "count", **day}
                        for name, value in list(making.ACTIVITY.items())[1:]
                    ),
                    *(
                        {
                            "metric": name,
                            "labels": {"user": "adele@contoso.com"},
                            "value": value,
                            "unit": "count",
                            **day,
                        }
                        for name, value in zip(making.PER_USER, (3, 1, 2), strict=True)
                    ),
                ],
            }
        ],
    } == document(result, warnings=("a warning",))


def test_what_is_not_known_is_null() -> None:
    """A report that was never fetched has an outcome and nothing else."""
    outcome = Outcome(
        kind="throttled", message="too many", remedy="Wait.", support="request-id 1", cause=""
    )
    [found] = document(
        making.failed(USERS_ACTIVITY, "throttled", outcome=outcome, fetch_seconds=None)
    )["results"]

    assert found == {
        "tenant": "contoso",
        "report": "skype-users-activity",
        "outcome": "throttled",
        "outcome_code": 4,
        "up": 0,
        "cause": None,
        "cause_code": 4,
        "message": "too many",
        "remedy": "Wait.",
        "support": "request-id 1",
        "refresh_date": None,
        "age_seconds": None,
        "collected_at": None,
        "confirmed_at": None,
        "confirmed_seconds": None,
        "fetch_seconds": None,
        "calls": 1,
        "names_concealed": None,
        "notes": [],
        "samples": [],
    }


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0, "1970-01-01T00:00:00Z"),
        (1782799200.5, "2026-06-30T06:00:00.500000Z"),
        (1782799199.9999, "2026-06-30T06:00:00Z"),
    ],
)
def test_instants_are_utc(seconds: float, expected: str) -> None:
    """Times are UTC to the millisecond."""
    [found] = document(making.activity(collected_at=seconds))["results"]

    assert expected == found["collected_at"]


def test_an_error_is_a_document() -> None:
    """A complaint says what is wrong and what to do."""
    rendered = output.OUTPUT.fail(GoneError("not here", "Look elsewhere."))

    assert json.loads(rendered.text) == {
        "schema": 1,
        "error": "not here",
        "remedy": "Look elsewhere.",
    }
    assert rendered.exit_code == 3


@given(users=USERS, tenant=NAMES, message=NAMES)
@settings(deadline=None)
def test_names_come_back_as_they_were(
    users: dict[str, making.Figures], tenant: str, message: str
) -> None:
    """Whatever stands in a name, a reader of JSON gets the same name back."""
    outcome = Outcome(kind="stale", message=message)
    [found] = document(making.activity(users, tenant=tenant, outcome=outcome))["results"]
    samples = [
        (sample["labels"]["user"], sample["metric"], sample["value"])
        for sample in found["samples"]
        if "user" in sample["labels"]
    ]

    assert (tenant, message or None) == (found["tenant"], found["message"])
    assert [
        (sample.user, sample.metric.dotted, sample.value) for sample in making.singles(users)
    ] == samples
