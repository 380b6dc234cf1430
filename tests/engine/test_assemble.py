"""From counted files to samples, and from whatever goes wrong to an outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TypeVar

import pytest
from catalogue import DEVICES_USAGE, SHAPES, USERS_ACTIVITY
from readers import files, making
from readers.files import ACTIVITY, DEVICES, activity_row, device_row, written

from o365skype_bridge import errors
from o365skype_bridge.engine.assemble import (
    BLANK,
    EMPTY,
    MORE_NOTE,
    NOBODY,
    collect,
    failed,
    shown,
    unlisted,
)
from o365skype_bridge.engine.concealment import NOBODY_BY_NAME, NOTES
from o365skype_bridge.model.asked import Asked, period
from o365skype_bridge.model.declare import CONNECTOR, Report
from o365skype_bridge.model.outcome import OUTCOMES, Outcome
from o365skype_bridge.model.values import ReportResult
from o365skype_bridge.reading.choice import Choice
from o365skype_bridge.reading.count import View, compile_filter, count

T = TypeVar("T")
NEWEST = date(2026, 6, 28)
CONCEALED = "08C843C9980C257E2C928A88FD219B98"

KINDS: list[type[errors.BridgeError]] = [
    errors.UnauthorizedError,
    errors.ForbiddenError,
    errors.GoneError,
    errors.ThrottledError,
    errors.UnreachableError,
    errors.MalformedError,
    errors.PendingError,
]


class Given:
    """A source of two files, which costs a call each; an error in a file's place is raised."""

    def __init__(self, period: bytes | errors.BridgeError, day: bytes | errors.BridgeError) -> None:
        self.calls = 10
        self.asked: list[str] = []
        self._files = {True: day, False: period}

    def read(self, report: Report, asked: Asked, consume: Callable[[Iterable[bytes]], T]) -> T:
        """Hand over a file; see `Source.read`."""
        assert report.function.startswith("getSkypeForBusiness")
        self.calls += 1
        self.asked.append(asked.parameter)
        file = self._files[asked.is_day]
        if isinstance(file, errors.BridgeError):
            raise file
        return consume(files.pieces(file, 100))


def ticking() -> Callable[[], float]:
    """Give a clock that stands at `making.NOW` and goes on by half a second each time."""
    times: Iterator[float] = (making.NOW + half / 2 for half in range(99))
    return lambda: next(times)


def collected(source: Given, report: Report = DEVICES_USAGE, **view: object) -> ReportResult:
    """Collect a report of contoso."""
    seen = View(
        wanted=compile_filter(str(view.get("filter_user", ""))),
        per_user=bool(view.get("per_user")),
    )
    return collect(source, report, "contoso", seen, ticking())


USED = {"skype.devices.active.count": 1, "skype.devices.windows.count": 1}
WEEK = written(DEVICES, device_row("a", "WP", 7), device_row("b", "I", 7))
DAY = written(DEVICES, device_row("a", "W"))
YESTERDAY = written(DEVICES, device_row("a", "W", 1, "2026-06-27"))
TOO_NEW = written(DEVICES, device_row("a", "W", 7, "2026-07-02"))
REFRESHED = "the report's refresh date is"
USERS_WEEK = written(ACTIVITY, *(activity_row(user, 9, 9, 9, period=7) for user in "abcb"))
USERS_DAY = written(
    ACTIVITY, activity_row("b", 1, 2, 3), activity_row("a", 4, 5, 6), activity_row("b", 10, 0, 0)
)


def test_a_good_report_is_collected_with_everything_about_it() -> None:
    """Samples of the refresh date, the maximum of the period, and what it cost."""
    assert collected(Given(WEEK, DAY)) == ReportResult(
        report=DEVICES_USAGE,
        tenant="contoso",
        outcome=Outcome(kind="ok"),
        samples=making.totals({**dict.fromkeys(making.DEVICES, 0), **USED}, 3),
        refresh_date=NEWEST,
        collected_at=making.NOW + 0.5,
        fetch_seconds=0.5,
        calls=2,
    )


def test_the_day_that_is_asked_for_is_the_periods_refresh_date() -> None:
    """The period comes first and says which day is the newest."""
    source = Given(WEEK, DAY)
    collected(source)

    assert source.asked == ["period='D7'", "date=2026-06-28"]


def test_users_are_sorted_by_name() -> None:
    """After the totals, three samples each; of duplicates totals add and the last row stays."""
    found = collected(Given(USERS_WEEK, USERS_DAY), USERS_ACTIVITY, per_user=True)
    values = dict(zip(making.ACTIVITY, (3, 15, 7, 9), strict=True))

    assert found.samples == (
        *making.totals(values, 4),
        *making.singles({"a": (4, 5, 6), "b": (10, 0, 0)}),
    )


def test_a_filter_holds_for_both_files() -> None:
    """The maximum is that of the users who match, too."""
    found = collected(Given(USERS_WEEK, USERS_DAY), USERS_ACTIVITY, filter_user="^b$")

    assert (found.samples[0].value, found.samples[0].max) == (2, 2)


def test_a_filter_that_matches_nobody_is_empty_and_has_no_figures() -> None:
    """A name that is misspelt must not look like a user without any activity."""
    found = collected(Given(USERS_WEEK, USERS_DAY), USERS_ACTIVITY, filter_user="nobody")

    assert (found.outcome, found.samples) == (NOBODY, ())


def test_a_filter_on_concealed_names_is_empty_and_says_how_to_see_them() -> None:
    """Microsoft conceals names unless told otherwise, and then no name ever matches."""
    week, day = (written(DEVICES, device_row(CONCEALED, "W", period)) for period in (7, 1))
    found = collected(Given(week, day), filter_user="@contoso")

    assert (found.outcome, found.samples) == (NOBODY_BY_NAME[None], ())


def test_a_filter_that_matches_only_idle_users_gives_zeros() -> None:
    """They are in the report of the period, so that nothing is wrong with the filter."""
    found = collected(Given(USERS_WEEK, written(ACTIVITY)), USERS_ACTIVITY, filter_user="^b$")

    assert (found.samples[0].value, found.samples[0].max) == (0, 2)


def test_a_period_without_rows_is_empty_and_no_day_is_asked_for() -> None:
    """There is no refresh date to ask with, and there are no figures."""
    source = Given(written(DEVICES), DAY)
    found = collected(source)

    assert (found.outcome, found.samples, found.refresh_date) == (EMPTY, (), None)
    assert (source.asked, found.calls) == (["period='D7'"], 1)


def test_a_day_without_rows_is_a_real_zero() -> None:
    """Nobody was active; the maximum is still the period's."""
    found = collected(Given(WEEK, written(DEVICES)))

    assert found.outcome == Outcome(kind="ok")
    assert found.samples == making.totals(dict.fromkeys(making.DEVICES, 0), 3)


def test_concealed_names_are_noted() -> None:
    """The figures stay good."""
    week = written(DEVICES, device_row(CONCEALED, "W", 7))
    found = collected(Given(week, DAY))

    assert (found.concealed, found.notes, found.outcome.kind) == (True, (NOTES[None],), "ok")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["period", "day"])
def test_an_error_is_the_outcome(kind: type[errors.BridgeError], place: str) -> None:
    """Of either file: nothing is half collected, and what it cost is known."""
    error = kind("what happened", support="request-id 1")
    source = Given(error if place == "period" else WEEK, error)
    found = collected(source)

    assert found.outcome == Outcome(
        kind=kind.kind, message="what happened", remedy=kind.remedy, support="request-id 1"
    )
    assert (found.samples, found.refresh_date) == ((), None)
    assert (found.calls, found.collected_at) == (len(source.asked), making.NOW + 0.5)


@pytest.mark.parametrize(
    ("week", "day", "said"),
    [
        (DAY, DAY, "'Report Period' is '1'; period='D7' was asked for"),
        (WEEK, WEEK, "'Report Period' is '7'; date=2026-06-28 was asked for"),
        (WEEK, YESTERDAY, f"{REFRESHED} '2026-06-27'; date=2026-06-28 was asked for"),
        (TOO_NEW, DAY, f"{REFRESHED} '2026-07-02', which has not come yet"),
        (b"", DAY, "the report is empty, not even a header row came"),
        (WEEK, b"<html>", "a web page came instead of the report"),
        (written(DEVICES[:-2]), DAY, "the report has no column 'Used iPad'"),
        (WEEK, DAY[:-6] + b"\n", "row 1 of the report has 7 cells instead of 9"),
    ],
)
def test_what_is_no_report_is_malformed(week: bytes, day: bytes, said: str) -> None:
    """With what is wrong with it."""
    found = collected(Given(week, day))

    assert (found.outcome.kind, found.outcome.message) == ("malformed", said)


def test_a_figure_that_cannot_be_is_malformed() -> None:
    """It is found out only when all rows are added."""
    day = written(ACTIVITY, activity_row("a", "9" * 20, 0, 0))

    assert collected(Given(USERS_WEEK, day), USERS_ACTIVITY).outcome.kind == "malformed"


def test_a_refresh_date_of_tomorrow_is_believed() -> None:
    """The clock of this host may be wrong by a day, and no further."""
    week = written(DEVICES, device_row("a", "W", 7, "2026-07-01"))
    day = written(DEVICES, device_row("a", "W", 1, "2026-07-01"))
    found = collected(Given(week, day))

    assert (found.outcome.kind, found.refresh_date) == ("ok", date(2026, 7, 1))


def test_the_connector_believes_any_refresh_date() -> None:
    """Its answers are recorded, and kept to the letter."""
    week = written(DEVICES, device_row("a", "W", 7, "2040-02-29"))
    day = written(DEVICES, device_row("a", "W", 1, "2040-02-29"))
    found = collected(Given(week, day), DEVICES_USAGE.replace(reading=CONNECTOR))

    assert (found.outcome.kind, found.refresh_date) == ("ok", date(2040, 2, 29))


@pytest.mark.parametrize(
    ("week", "day", "noted"),
    [
        ("ab", "ab", False),
        ("ab", "b", False),
        ("ab", "abc", True),
        ("a", "", False),
    ],
)
def test_more_users_in_a_day_than_in_its_week_are_noted(
    week: str, day: str, *, noted: bool
) -> None:
    """Microsoft's files do contradict each other, so it is a remark and no refusal."""
    files_ = (
        written(ACTIVITY, *(activity_row(user, 1, 1, 1, period=days) for user in users))
        for users, days in ((week, 7), (day, 1))
    )
    found = collected(Given(*files_), USERS_ACTIVITY)

    assert (found.outcome.kind, found.notes) == ("ok", (MORE_NOTE,) if noted else ())


def test_more_devices_in_a_day_than_in_its_week_are_noted() -> None:
    """By as many users."""
    day = written(DEVICES, device_row("a", "WPAI"), device_row("b", ""))

    assert collected(Given(WEEK, day)).notes == (MORE_NOTE,)


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_an_outcome_with_a_remedy(kind: type[errors.BridgeError]) -> None:
    """Whatever is raised has a word in the data, and says what to do."""
    outcome = failed(kind("x"))

    assert outcome.kind in OUTCOMES
    assert outcome.remedy.endswith(".")


def test_report_whose_cells_are_all_blank_is_empty() -> None:
    """A good answer without a single figure would look like a quiet day."""
    daily = SHAPES["by day"]
    header = ["Report Refresh Date", *daily.columns, "Report Period"]
    blank = [str(NEWEST), *("All" if name == "Room Type" else "" for name in daily.columns), "7"]
    blank[header.index("Report Date")] = str(NEWEST)
    [read] = count([written(header, blank)], daily, period(last=NEWEST), [View()])
    found = shown(making.result(daily, refresh_date=NEWEST), read, read)

    assert (found.outcome, found.samples) == (BLANK, ())


def test_services_that_there_are_are_named_within_bounds() -> None:
    """However many there are, and whatever they are called."""
    choice = Choice(["x" * 200])
    for number in range(150):
        choice.takes((f"{number:03}" + "n" * 500, "i" * 500))
    outcome = unlisted(choice)

    assert outcome.message == f"Graph lists no service '{'x' * 60}' in this tenant"
    assert outcome.remedy.count("(" + "i" * 60 + ")") == 100
    assert outcome.remedy.endswith(" and 50 more.")


def test_tenant_without_any_service_is_told_so() -> None:
    """There is nothing to choose from."""
    assert unlisted(Choice(["Lync"])).remedy.endswith(" are listed: none.")
