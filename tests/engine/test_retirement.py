"""A report that Graph does not know any more: retired, or asked for in the wrong place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Lab, MakeLab

from o365skype_bridge.engine.retirement import NOTHING_HERE

SKYPE, TEAMS = "skype-devices-usage", "teams-users-activity"
BOTH = ("--report", f"{SKYPE},{TEAMS}")
DUE = ("--refresh-interval", "0.01")
RETIRED = f"Leave out {SKYPE}: Microsoft has retired it."
NEITHER = f"Leave out {SKYPE}: Microsoft has retired it, or your national cloud lacks it."
STATUSES = ["gone-400", "gone-404", "gone-410"]


@pytest.fixture
def lab(make_lab: MakeLab) -> Lab:
    """Give a tenant that has both products."""
    return make_lab(users=20, roles=["Reports.Read.All", "ServiceHealth.Read.All"])


def results(lab: Lab, *words: str) -> dict[str, dict[str, Any]]:
    """Collect as JSON, and give the results by report."""
    done = lab.run("collect", "--output", "json", *words)
    return {result["report"]: result for result in json.loads(done.stdout)["results"]}


@pytest.mark.parametrize("fault", STATUSES)
def test_report_whose_neighbours_still_answer_is_retired(lab: Lab, fault: str) -> None:
    """It is said with the day of its last figures, whichever way Graph says it."""
    results(lab, *BOTH)
    lab.simulator.set_faults([fault])
    found = results(lab, *BOTH, *DUE)
    newest = lab.simulator.refresh_date()

    assert (found[SKYPE]["outcome"], found[SKYPE]["cause"]) == ("stale", "gone")
    assert found[SKYPE]["message"].endswith(
        f". Other reports are still answered. Its last figures are of {newest}."
    )
    assert found[SKYPE]["remedy"] == RETIRED
    assert found[TEAMS]["outcome"] == "ok"


@pytest.mark.parametrize("fault", STATUSES)
def test_kept_figures_of_a_retired_report_are_not_green(lab: Lab, fault: str) -> None:
    """They are shown, and nobody takes them for news."""
    results(lab, *BOTH)
    lab.simulator.set_faults([fault])
    results(lab, *BOTH, *DUE)
    done = lab.run("check", SKYPE, *DUE)

    assert done.returncode == 3
    assert done.stdout.startswith(f"UNKNOWN: {SKYPE} is stale, ")
    assert f"Its last figures are of {lab.simulator.refresh_date()}. {RETIRED}" in done.stdout


def test_single_check_knows_neighbours_by_what_is_kept(lab: Lab) -> None:
    """Whoever asked for them."""
    lab.run("check", SKYPE)
    lab.simulator.set_faults(["gone-404"])
    alone = lab.run("check", SKYPE, *DUE).stdout
    lab.run("check", TEAMS)
    told = lab.run("check", SKYPE, *DUE).stdout

    assert NEITHER in alone
    assert RETIRED in told


def test_text_is_the_same_as_long_as_the_fault_is(lab: Lab) -> None:
    """While trying again would be too early, and at every try."""
    results(lab, *BOTH)
    lab.simulator.set_faults(["gone-404"])
    held_off = [results(lab, *BOTH, *DUE)[SKYPE] for _ in range(2)]
    tried = [results(lab, *BOTH, "--refresh-interval", "0")[SKYPE] for _ in range(2)]

    texts = {(result["message"], result["remedy"]) for result in (*held_off, *tried)}
    assert len(texts) == 1


def test_report_that_never_was_may_be_missing_for_either_reason(lab: Lab) -> None:
    """Nobody knows whether this tenant ever had it."""
    lab.simulator.set_faults(["gone-404"])
    found = results(lab, *BOTH)[SKYPE]

    assert (found["outcome"], found["samples"]) == ("gone", [])
    assert found["message"].endswith(". Other reports are still answered.")
    assert found["remedy"] == NEITHER


@pytest.mark.parametrize("status", [400, 404, 410])
def test_tenant_without_any_report_is_another_matter(lab: Lab, status: int) -> None:
    """All reports do not retire at once: the endpoint is the first suspect."""
    results(lab, *BOTH)
    lab.simulator.set_faults([f"retired-{status}@reports"])
    found = results(lab, *BOTH, *DUE)

    for name in (SKYPE, TEAMS):
        assert found[name]["cause"] == "gone"
        assert (
            ". No other report that was asked for is known there, either. "
            in (found[name]["message"])
        )
        assert found[name]["remedy"].startswith("Check O365_GRAPH_ENDPOINT and the tenant's cloud")


def test_other_cloud_is_such_a_tenant(make_lab: MakeLab) -> None:
    """Health is served there; that does not mean that usage reports are."""
    lab = make_lab(users=20, cloud="usgov", roles=["Reports.Read.All", "ServiceHealth.Read.All"])
    found = results(lab, "--report", f"{SKYPE},{TEAMS},health-services")

    assert found["health-services"]["outcome"] == "ok"
    assert {found[name]["outcome"] for name in (SKYPE, TEAMS)} == {"gone"}
    assert found[SKYPE]["remedy"].startswith("Check O365_GRAPH_ENDPOINT")


def test_one_that_comes_back_is_fine_again(lab: Lab) -> None:
    """Nothing is remembered against it."""
    results(lab, *BOTH)
    lab.simulator.set_faults(["gone-404"])
    results(lab, *BOTH, *DUE)
    lab.simulator.set_faults([])
    found = results(lab, *BOTH, "--refresh-interval", "0")

    assert (found[SKYPE]["outcome"], found[SKYPE]["message"]) == ("ok", None)


def test_neighbour_that_answered_long_before_proves_nothing(lab: Lab) -> None:
    """It may be gone by now, too: it was heard of before this one went."""
    results(lab, *BOTH)
    lab.simulator.set_faults(["retired-404@reports"])
    early = lab.run_at(4000, "collect", "--output", "json", "--report", SKYPE)
    [found] = json.loads(early.stdout)["results"]

    assert found["cause"] == "gone"
    assert found["remedy"] == NEITHER
    assert ". Its last figures are of " in found["message"]


def test_refresh_says_what_it_means(lab: Lab) -> None:
    """Last, when it is known whether the others still answer."""
    results(lab, *BOTH)
    lab.simulator.set_faults(["gone-404"])
    said = lab.run("refresh", "--all", *BOTH).stdout.splitlines()
    newest = lab.simulator.refresh_date()

    assert f" {TEAMS} ok" in said[0]
    assert f" {SKYPE} gone " in said[1]
    assert said[1].endswith(
        f". Other reports are still answered. Its last figures are of {newest}. {RETIRED}"
    )


def test_refresh_of_a_tenant_without_any_report_says_so(lab: Lab) -> None:
    """The first one cannot know; it is said of all at the end."""
    lab.simulator.set_faults(["retired-404@reports"])
    said = lab.run("refresh", *BOTH).stdout.splitlines()

    assert [line.split(" No other ")[1:] for line in said] == [
        [f"report that was asked for is known there, either. {NOTHING_HERE}"]
    ] * 2


def test_backfill_says_what_it_means(lab: Lab) -> None:
    """Who loads history learns that there will be no more of it."""
    results(lab, *BOTH)
    lab.simulator.set_faults(["gone-404"])
    said = lab.run("backfill", "--days", "2", *BOTH, *DUE).stderr

    assert "Other reports are still answered. Its last figures are of " in said
    assert f"{SKYPE}: " in said
    assert RETIRED in said
