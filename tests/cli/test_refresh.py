"""What `refresh` says: date and age of what it fetched, or that nothing was due."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from conftest import Lab, MakeLab

from o365skype_bridge.cli import refresh


@pytest.fixture
def old(make_lab: MakeLab) -> Lab:
    """Give a Microsoft 365 whose newest day was over three days ago at least."""
    return make_lab(users=20, lag=4)


def test_date_and_age_are_said(old: Lab) -> None:
    """Who fetches by hand sees how old the figures are."""
    [line] = old.run("refresh", "--report", "skype-users-activity").stdout.splitlines()
    day = datetime.now(UTC).date() - timedelta(days=4)

    assert line.endswith(f" skype-users-activity ok (data of {day}, 3 days old)")


def test_failure_has_no_age(make_lab: MakeLab) -> None:
    """What was not fetched is of no day."""
    lab = make_lab(users=20, faults=["token-7000222"])
    done = lab.run("refresh", "--report", "skype-users-activity")

    assert "unauthorized login refused: the client secret has expired" in done.stdout
    assert "data of" not in done.stdout


def test_a_list_is_of_today(make_lab: MakeLab) -> None:
    """What is read as it is now has just been read."""
    lab = make_lab(users=20, roles=("Reports.Read.All", "ServiceHealth.Read.All"))
    [line] = lab.run("refresh", "--report", "health-services").stdout.splitlines()

    assert re.search(r" health-services ok \(data of \d{4}-\d\d-\d\d, \d seconds old\)$", line)


def test_nothing_due_is_said(lab: Lab) -> None:
    """Silence could be a failure; so it says that there was nothing to do, and until when."""
    lab.run("refresh")
    done = lab.run("refresh")

    assert re.fullmatch(
        r"nothing was due; the next report is in (59|60) minutes, and --all asks anyway\n",
        done.stdout,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_warnings_are_said_when_nothing_is_due(lab: Lab) -> None:
    """A warning about the settings does not wait for a report."""
    lab.run("refresh", "--client-secret", lab.env["O365_CLIENT_SECRET"])
    done = lab.run("refresh", "--client-secret", lab.env["O365_CLIENT_SECRET"])

    assert done.stdout.startswith("nothing was due")
    assert done.stderr.startswith("W! ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (119.9, "120 seconds"),
        (120, "2 minutes"),
        (7199, "119 minutes"),
        (7200, "2 hours"),
        (172799, "47 hours"),
        (172800, "2 days"),
    ],
)
def test_duration_is_in_a_unit_that_says_enough(seconds: float, said: str) -> None:
    """At least two of the unit, so that nothing is off by more than a third."""
    assert refresh._duration(seconds) == said
