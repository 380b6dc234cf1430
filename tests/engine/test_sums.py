"""Reports of the same people agree: what Graph adds up is what the rows of its users come to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Lab, MakeLab

from o365skype_bridge import reports
from o365skype_bridge.model.declare import Report

Figures = dict[str, float]

USERS = 600

TWO = ("im", "audio", "video", "sharing", "files")
LASTING = ("audio", "video")
CONFERENCE = ("im", "av", "sharing", "web", "dial3rd")

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
    "teams.devices.daily.chromeos.count": "teams.devices.chromeos.count",
    "teams.devices.daily.linux.count": "teams.devices.linux.count",
    **{f"skype.p2p.{kind}.count": f"skype.users.p2p.{kind}.count" for kind in TWO},
    **{f"skype.p2p.minutes.{kind}": f"skype.users.p2p.minutes.{kind}" for kind in LASTING},
    **{
        f"skype.organizer.{kind}.count": f"skype.users.organized.{kind}.count"
        for kind in (*CONFERENCE, "dial")
    },
    **{
        f"skype.organizer.minutes.{kind}": f"skype.users.organized.minutes.{kind}"
        for kind in ("av", "dialin", "dialout")
    },
    **{
        f"skype.participant.{kind}.count": f"skype.users.participated.{kind}.count"
        for kind in CONFERENCE
    },
    "skype.participant.minutes.av": "skype.users.participated.minutes.av",
    "teams.activity.messages.post.count": "teams.users.messages.post.total.count",
    "teams.activity.messages.reply.count": "teams.users.messages.reply.total.count",
    "teams.activity.meetings.organized.count": "teams.users.meetings.organized.total.count",
    "teams.activity.meetings.attended.count": "teams.users.meetings.attended.total.count",
    "teams.activity.users.other.count": "teams.users.other.count",
    **{
        f"teams.activity.duration.{medium}": f"teams.users.duration.{medium}"
        for medium in ("audio", "video", "sharing")
    },
}


@pytest.fixture(scope="module")
def _answers() -> dict[str, Figures]:
    """Remember what was collected once."""
    return {}


@pytest.fixture
def figures(_answers: dict[str, Figures], make_lab: MakeLab) -> Figures:
    """Give the newest figures of all reports of Skype and Teams by name."""
    if not _answers:
        _answers["all"] = newest(make_lab(users=USERS))
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


@pytest.mark.parametrize("report", reports.chosen((), ""), ids=lambda report: report.name)
def test_every_figure_of_users_is_something(figures: Figures, report: Report) -> None:
    """Zeros would agree, too; only Teams has no client for Windows phones."""
    names = {metric.dotted for metric in report.metrics if not metric.per_user}

    assert {name for name in names if not figures[name]} - {"teams.devices.windowsphone.count"} == (
        set()
    )


@pytest.mark.parametrize("family", ["skype", "teams"])
def test_users_of_a_period_are_more_than_those_of_its_last_day(
    figures: Figures, family: str
) -> None:
    """By the dates in their rows, and no more than there are rows."""
    users = f"{family}.users"

    assert figures[f"{users}.active.count"] < figures[f"{users}.recent.active.count"] <= USERS
    assert figures[f"{users}.recent.deleted.count"] < figures[f"{users}.deleted.count"]
