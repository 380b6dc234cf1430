"""The Grafana dashboard: what of the declarations it shows, and that its parts fit together."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from catalogue import CATALOGUE, SHAPES

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import grafana
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import defaults
from o365skype_bridge.model.outcome import OUTCOMES
from o365skype_bridge.outputs import influx


def dashboard(reports: Sequence[Report] = CATALOGUE, /, **changes: Any) -> dict[str, Any]:
    made = grafana.make({**defaults(grafana.OPTIONS), **changes}, reports)
    document: dict[str, Any] = json.loads(made[grafana.NAME])
    return document


PANELS = dashboard()["panels"]
QUERIES = [target["query"] for panel in PANELS for target in panel.get("targets", ())]


EVERY = (*CATALOGUE, *SHAPES.values())
ALL = [
    target["query"] for panel in dashboard(EVERY)["panels"] for target in panel.get("targets", ())
]


@pytest.mark.parametrize("report", EVERY, ids=lambda report: report.name)
def test_every_figure_of_every_report_is_drawn(report: Report) -> None:
    """Each field that is not about a single user is asked for, of its measurement."""
    wanted = {
        (influx.measurement(report), f"{influx.field(report, metric)}{end}")
        for metric in report.metrics
        if not metric.per_user
        for end in (("", "_max") if metric.has_maximum else ("",))
    }
    found = {
        (measurement, field)
        for query in ALL
        for measurement in re.findall(r'FROM "(\w+)"', query)
        for field in re.findall(r'last\("(\w+)"\)', query)
    }

    assert wanted - found == set()


def test_health_is_shown_by_report_and_tenant() -> None:
    """Every query about health tells reports and tenants apart."""
    about = [query for query in QUERIES if 'FROM "o365_bridge"' in query]

    assert len(about) == 6
    assert [query for query in about if '"report", "tenant"' not in query] == []


def test_every_query_keeps_to_the_chosen_tenants_and_time() -> None:
    """What is chosen above the panels holds for each of them."""
    chosen = 'WHERE "tenant" =~ /^${tenant:regex}$/ AND $timeFilter '

    assert len(QUERIES) > 10
    assert [query for query in QUERIES if query.count(chosen) != 1] == []


def test_panels_have_numbers_and_places_of_their_own() -> None:
    """No id is there twice, no two panels overlap, and none leaves the grid."""
    ids = [panel["id"] for panel in PANELS]
    places = [panel["gridPos"] for panel in PANELS]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(set(ids)) == len(ids)
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) == grafana.WIDTH - 1


def test_titles_of_a_row_are_different() -> None:
    """A panel can be spoken of by its row and its title."""
    row, names = "", []
    for panel in PANELS:
        row = panel["title"] if panel["type"] == "row" else row
        names.append((row, panel["title"]))

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("title", ["Outcomes", "Reports"])
def test_every_outcome_has_a_colour(title: str) -> None:
    """Numbers and words of outcomes are shown as words, good ones green."""
    [panel] = [panel for panel in PANELS if panel["title"] == title]
    found: dict[str, Any] = {}
    overrides = panel["fieldConfig"]["overrides"]
    properties = itertools.chain.from_iterable(each["properties"] for each in overrides)
    named = {each["id"]: each["value"] for each in properties}
    for mapping in named.get("mappings") or panel["fieldConfig"]["defaults"]["mappings"]:
        found |= mapping["options"]

    assert [each["text"] for each in found.values()] == list(OUTCOMES)
    assert [each["text"] for each in found.values() if each["color"] == "green"] == ["ok"]


def test_options_are_in_the_document() -> None:
    """Title, id and days are what was said, whatever characters a title has."""
    made = dashboard(title='a "b" ${c}\n', uid="mine", days="7")

    assert (made["title"], made["uid"]) == ('a "b" ${c}\n', "mine")
    assert made["time"] == {"from": "now-7d", "to": "now"}


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"uid": "a b"}, "--uid 'a b' is not an id"),
        ({"uid": "x" * 41}, "is not an id"),
        ({"uid": ""}, "--uid '' is not an id"),
        ({"days": "0"}, "--days '0' is not a number of days"),
        ({"days": "some"}, "--days 'some' is not a number of days"),
    ],
)
def test_refused_with_the_name_of_the_option(values: dict[str, str], complaint: str) -> None:
    """What Grafana would refuse is refused before."""
    with pytest.raises(UsageError) as error:
        dashboard(**values)

    assert complaint in str(error.value)
