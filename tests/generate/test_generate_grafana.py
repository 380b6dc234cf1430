"""Grafana: what of the declarations dashboards and rules show, and that their parts fit."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from catalogue import CATALOGUE, SHAPES

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import grafana, grafana_dashboard
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import defaults
from o365skype_bridge.model.outcome import OUTCOMES
from o365skype_bridge.outputs import influx
from o365skype_bridge.reports import chosen

Document = dict[str, Any]


def documents(reports: Sequence[Report] = CATALOGUE, /, **changes: Any) -> dict[str, Document]:
    """Give the files by their names."""
    made = grafana.make({**defaults(grafana.OPTIONS), **changes}, reports)
    return {name: json.loads(text) for name, text in made.items()}


def dashboards(reports: Sequence[Report] = CATALOGUE, /, **changes: Any) -> dict[str, Document]:
    """Give the dashboards by what they are about."""
    found = documents(reports, **changes)
    return {
        name.removesuffix(".json").partition("-")[2]: document
        for name, document in found.items()
        if name != grafana.RULES
    }


EVERY = (*CATALOGUE, *SHAPES.values())
ALL = dashboards(EVERY)


def panels(documents: Mapping[str, Document] = ALL) -> list[Document]:
    return [panel for document in documents.values() for panel in document["panels"]]


def queries(documents: Mapping[str, Document] = ALL) -> list[str]:
    return [target["query"] for panel in panels(documents) for target in panel.get("targets", ())]


def test_a_dashboard_for_each_family_and_one_about_ourselves() -> None:
    """Families of the reports that are asked for, then how they go; and rules."""
    assert list(ALL) == [*dict.fromkeys(report.family for report in EVERY), "bridge"]
    assert list(documents())[-1] == grafana.RULES
    assert list(dashboards(chosen(("health", "migration"), ""))) == [
        *("health", "migration", "bridge")
    ]


@pytest.mark.parametrize("report", EVERY, ids=lambda report: report.name)
def test_every_figure_of_every_report_is_drawn(report: Report) -> None:
    """Each field that is not about a single user is asked for, in its family's dashboard."""
    wanted = {
        (influx.measurement(report), f"{influx.field(report, metric)}{end}")
        for metric in report.metrics
        if not metric.per_user
        for end in (("", "_max") if metric.has_maximum else ("",))
    }
    found = {
        (measurement, field)
        for query in queries({"": ALL[report.family]})
        for measurement in re.findall(r'FROM "(\w+)"', query)
        for field in re.findall(r'(?:last|max)\("(\w+)"\)', query)
    }

    assert wanted - found == set()


def test_lists_are_shown_at_their_worst() -> None:
    """What is of the moment is drawn by its highest value of each interval, not by its last."""
    [made, _] = dashboards(chosen(("health",), "")).values()
    drawn = [query for query in queries({"": made}) if "time($__interval)" in query]
    numbers = [query for query in drawn if '("code")' in query or '("incidents")' in query]

    assert len(numbers) == 2
    assert [query for query in numbers if "SELECT max(" not in query] == []


def test_things_that_the_data_name_are_listed() -> None:
    """Services and issues have a table, each thing with all of its fields."""
    [made, _] = dashboards(chosen(("health",), "")).values()
    tables = [panel for panel in made["panels"] if panel["type"] == "table"]

    assert [panel["title"] for panel in tables] == [
        "Microsoft 365 service health: newest",
        "Microsoft 365 open issues: newest",
    ]
    assert 'SELECT "status", "code", "incidents", "advisories"' in tables[0]["targets"][0]["query"]


def test_judged_figures_have_the_colours_of_their_ranges() -> None:
    """Days until a credential ends: red below 7, orange below 30, green from there on."""
    [made, _] = dashboards(chosen(("credentials",), "")).values()
    [now] = [panel for panel in made["panels"] if panel["type"] == "stat"][:1]

    assert now["fieldConfig"]["defaults"]["thresholds"]["steps"] == [
        {"color": "red", "value": None},
        {"color": "orange", "value": 7},
        {"color": "green", "value": 30},
    ]


def test_colours_of_numbers_that_are_states() -> None:
    """A service's status: each number of the declared ranges has its colour."""
    [made, _] = dashboards(chosen(("health",), "")).values()
    [now] = [panel for panel in made["panels"] if panel["type"] == "stat"][:1]
    steps = now["fieldConfig"]["defaults"]["thresholds"]["steps"]

    def colour(value: int) -> str:
        return str([step for step in steps if (step["value"] or -1) <= value][-1]["color"])

    assert [colour(code) for code in range(18)] == [
        *("green", "orange", "orange", "orange", "green", "green", "orange", "red", "orange"),
        *("green", "orange", "green", "green", "green", "green", "orange", "orange", "orange"),
    ]


def test_health_is_shown_by_report_and_tenant() -> None:
    """Every query about health tells reports and tenants apart."""
    about = queries({"": ALL["bridge"]})

    assert len(about) == 9
    assert [
        query
        for query in about
        if '"report", "tenant"' not in query and '"tenant", "report"' not in query
    ] == []


def test_every_query_keeps_to_the_chosen_tenants_and_time() -> None:
    """What is chosen above the panels holds for each of them."""
    said = '"tenant" =~ /^${tenant:regex}$/ AND $timeFilter GROUP BY '

    assert len(queries()) > 40
    assert [query for query in queries() if query.count(said) != 1] == []


def test_health_on_a_familys_dashboard_is_of_its_reports() -> None:
    """Another family's trouble is not shown there."""
    about = [query for query in queries({"": ALL["skype"]}) if '"o365_bridge"' in query]
    said = '"report" =~ /^(skype-devices-usage|skype-users-activity)$/ AND '

    assert len(about) == 3
    assert [query for query in about if said not in query] == []


@pytest.mark.parametrize("name", ALL)
def test_panels_have_numbers_and_places_of_their_own(name: str) -> None:
    """No id is there twice, no two panels overlap, and none leaves the grid."""
    ids = [panel["id"] for panel in ALL[name]["panels"]]
    places = [panel["gridPos"] for panel in ALL[name]["panels"]]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(set(ids)) == len(ids)
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) == grafana_dashboard.WIDTH - 1


@pytest.mark.parametrize("name", ALL)
def test_titles_of_a_row_are_different(name: str) -> None:
    """A panel can be spoken of by its row and its title."""
    row, names = "", []
    for panel in ALL[name]["panels"]:
        row = panel["title"] if panel["type"] == "row" else row
        names.append((row, panel["title"]))

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("title", ["Worst outcome", "Outcomes", "Reports"])
def test_every_outcome_has_a_colour(title: str) -> None:
    """Numbers and words of outcomes are shown as words, good ones green."""
    [panel] = [panel for panel in ALL["bridge"]["panels"] if panel["title"] == title][-1:]
    found: dict[str, Any] = {}
    overrides = panel["fieldConfig"]["overrides"]
    properties = itertools.chain.from_iterable(each["properties"] for each in overrides)
    named = {each["id"]: each["value"] for each in properties}
    for mapping in named.get("mappings") or panel["fieldConfig"]["defaults"]["mappings"]:
        found |= mapping["options"]

    assert [each["text"] for each in found.values()] == list(OUTCOMES)
    assert [each["text"] for each in found.values() if each["color"] == "green"] == ["ok"]


@pytest.mark.parametrize("source", ["flux", "sql"])
def test_other_languages_have_the_same_panels(source: str) -> None:
    """Only what they ask and how they name lines is different."""

    def shape(documents: Mapping[str, Document]) -> list[tuple[Any, ...]]:
        return [
            (panel["type"], panel["title"], panel["gridPos"], len(panel.get("targets", ())))
            for panel in panels(documents)
        ]

    assert shape(dashboards(EVERY, source=source)) == shape(ALL)


def test_options_are_in_the_documents() -> None:
    """Title, ids and days are what was said, whatever characters a title has."""
    made = dashboards(title='a "b" ${c}\n', uid="mine", days="7")["skype"]

    assert (made["title"], made["uid"]) == ('a "b" ${c}\n: Skype', "mine-skype")
    assert made["time"] == {"from": "now-7d", "to": "now"}


def test_rules_are_about_the_data_source_and_folder_that_were_said() -> None:
    """Rules cannot let anybody choose, so both are options."""
    [group] = documents(datasource_uid="mine", folder='My "folder"')[grafana.RULES]["groups"]

    assert group["folder"] == 'My "folder"'
    assert {rule["data"][0]["datasourceUid"] for rule in group["rules"]} == {"mine"}


def test_rules_follow_from_declared_ranges() -> None:
    """A figure with ranges has a rule for each level, named apart."""
    [group] = documents(chosen(("credentials",), ""))[grafana.RULES]["groups"]
    conditions = {
        rule["title"]: rule["data"][2]["model"]["expression"] for rule in group["rules"][4:]
    }

    assert list(conditions.values()) == ["$B < 7", "$B < 30"]
    assert [title.rpartition(" ")[2] for title in conditions] == ["(critical)", "(warning)"]


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"uid": "a b"}, "--uid 'a b' is not an id"),
        ({"uid": "x" * 31}, "is not an id"),
        ({"uid": ""}, "--uid '' is not an id"),
        ({"datasource_uid": "a/b"}, "--datasource-uid 'a/b' is not an id"),
        ({"days": "0"}, "--days '0' is not a number of days"),
        ({"days": "some"}, "--days 'some' is not a number of days"),
    ],
)
def test_refused_with_the_name_of_the_option(values: dict[str, str], complaint: str) -> None:
    """What Grafana would refuse is refused before."""
    with pytest.raises(UsageError) as error:
        documents(**values)

    assert complaint in str(error.value)
