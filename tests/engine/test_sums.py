"""Reports of the same people agree: what Graph adds up is what the rows of its users come to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Lab, MakeLab

Figures = dict[str, float]

SAME = {
    # what Graph adds up by day, and the same off the report of users
    "skype.activity.p2p.count": "skype.users.sessions.p2p.total.count",
    "skype.activity.organized.count": "skype.users.conferences.organized.total.count",
    "skype.activity.participated.count": "skype.users.conferences.participated.total.count",
    "skype.devices.daily.windows.count": "skype.devices.windows.count",
    "skype.devices.daily.ipad.count": "skype.devices.ipad.count",
    "skype.devices.daily.iphone.count": "skype.devices.iphone.count",
    "skype.devices.daily.android.count": "skype.devices.android.count",
    "skype.devices.daily.windowsphone.count": "skype.devices.windowsphone.count",
    "teams.activity.messages.team.count": "teams.users.messages.team.total.count",
    "teams.activity.messages.private.count": "teams.users.messages.private.total.count",
    "teams.activity.calls.count": "teams.users.call.total.count",
    "teams.activity.meetings.count": "teams.users.meeting.total.count",
    "teams.devices.daily.windows.count": "teams.devices.windows.count",
    "teams.devices.daily.mac.count": "teams.devices.mac.count",
    "teams.devices.daily.web.count": "teams.devices.web.count",
    "teams.devices.daily.ios.count": "teams.devices.ios.count",
    "teams.devices.daily.android.count": "teams.devices.android.count",
}


@pytest.fixture(scope="module")
def _answers() -> dict[str, Figures]:
    """Remember what was collected once."""
    return {}


@pytest.fixture
def figures(_answers: dict[str, Figures], make_lab: MakeLab) -> Figures:
    """Give the newest figures of all reports of Skype and Teams by name."""
    if not _answers:
        _answers["all"] = newest(make_lab(users=150))
    return _answers["all"]


def newest(lab: Lab) -> Figures:
    """Collect everything, and give the figures of the newest day by name."""
    done = lab.run("collect", "--output", "json", "--report", "skype,teams")
    results = json.loads(done.stdout)["results"]
    assert {result["outcome"] for result in results} == {"ok"}
    found: Figures = {}
    for result in results:
        for sample in result["samples"]:
            if sample["day"] == result["refresh_date"]:
                found[dotted(sample)] = sample["value"]
    return found


def dotted(sample: dict[str, Any]) -> str:
    """Give a sample's metric with the value of its label in place."""
    metric = str(sample["metric"])
    return metric.replace("*", *sample["labels"].values()) if "*" in metric else metric


@pytest.mark.parametrize("name", SAME)
def test_day_as_graph_adds_it_up_is_that_of_its_users(figures: Figures, name: str) -> None:
    """Of the same day, through all that lies between Graph and an output."""
    assert figures[name] == figures[SAME[name]]


def test_something_is_compared(figures: Figures) -> None:
    """Zeros would agree, too."""
    assert sum(figures[name] > 0 for name in SAME) > len(SAME) / 2
