"""No two figures under one name: of all reports that there are, in every output and generator."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from readers import line_protocol, making, perfdata, prometheus, yaml
from readers import zabbix as zabbix_reader
from readers.units import QUOTA
from readers.zabbix_format import nodes

from o365skype_bridge import generate
from o365skype_bridge.cli.entry import options_of
from o365skype_bridge.generate import checks, grafana, zabbix
from o365skype_bridge.generate.centreon_macros import service_macros
from o365skype_bridge.generate.naming import is_headline
from o365skype_bridge.generate.zabbix_plan import OPTIONS
from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.options import defaults
from o365skype_bridge.model.shape import PERIODS
from o365skype_bridge.model.values import ReportResult, Sample
from o365skype_bridge.outputs import influx, load
from o365skype_bridge.outputs.checking import Check
from o365skype_bridge.reports import DEFAULT, FAMILIES, catalogue, chosen

REPORTS = [*catalogue(["D30", "D90", "D180"]), QUOTA]
USUAL = chosen(DEFAULT, "")
METRICS = [(report, metric) for report in REPORTS for metric in report.metrics]
FIGURES = sum(2 if metric.has_maximum else 1 for _, metric in METRICS if not metric.is_text)

RESERVED = {"count", "sum", "gauge", "counter", "bucket", "min", "max", "time"}
ENDINGS = ("total", "_count", "_sum", "_bucket", "_created", "_info")
"""What OpenTelemetry, Prometheus and InfluxDB have for other things."""


def twice(names: Iterable[Any]) -> list[Any]:
    """Give what is there more than once."""
    return [name for name, times in Counter(names).items() if times > 1]


def results(reports: Sequence[Report] = tuple(REPORTS)) -> list[ReportResult]:
    """Give every metric a number that no other has, maxima too, each of one user or thing."""
    numbers = iter(range(1000, 100000))
    return [
        making.result(
            report,
            tuple(
                Sample(
                    metric=metric,
                    value=str(next(numbers)) if metric.is_text else next(numbers),
                    day=making.DAY,
                    max=next(numbers) if metric.has_maximum else None,
                    user=f"one {metric.label}" if metric.is_found else "",
                )
                for metric in report.metrics
            ),
        )
        for report in reports
    ]


def test_keys_are_of_one_figure_each() -> None:
    """Those of maxima too."""
    names = [metric.key for _, metric in METRICS]
    names += [metric.maximum for _, metric in METRICS if metric.has_maximum]

    assert twice(names) == []


def test_titles_are_of_one_figure_each_in_a_family() -> None:
    """Unless one is of all users, and the other of a single one, or of another period."""
    titles = [
        (report.family, metric.period, metric.short, metric.is_found) for report, metric in METRICS
    ]

    assert twice(titles) == []


def test_titles_of_reports_are_of_one_each() -> None:
    """They stand before the titles of figures."""
    assert twice(report.title for report in REPORTS) == []


def test_influx_has_a_field_for_each() -> None:
    """None is lost in another, in one measurement with one set of tags."""
    points = line_protocol.read(making.render("influx", *results()).text)
    figures = [
        value
        for point in points
        if point.measurement != influx.HEALTH
        for name, value in point.fields.items()
        if name != influx.INFO
    ]
    places = [
        (
            influx.measurement(report),
            influx.field(report, metric),
            metric.period,
            metric.label,
            metric.value,
        )
        for report, metric in METRICS
    ]

    assert len(figures) == FIGURES + sum(metric.is_text for _, metric in METRICS)
    assert twice(figures) == []
    assert twice(places) == []


def test_prometheus_has_a_sample_for_each() -> None:
    """None has the name and the labels of another, in whatever report."""
    found = prometheus.read(making.render("prometheus", *results()).text)
    figures = [
        (each.name, each.labels)
        for each in found
        if not each.name.startswith(influx.HEALTH) and not each.name.endswith("_info")
    ]

    assert len(figures) == FIGURES
    assert twice(figures) == []


@pytest.mark.parametrize(("report", "metric"), METRICS, ids=[metric.key for _, metric in METRICS])
def test_fields_are_not_called_what_others_reserve(report: Report, metric: Metric) -> None:
    """They would be dropped, or taken for counters; nor like a tag, which InfluxDB mixes up."""
    labels = {"period", "group", *(one.label for one in report.metrics)}
    name = influx.field(report, metric)

    assert name not in RESERVED | labels
    assert not name.endswith(ENDINGS)


@pytest.mark.parametrize("new", [False, True])
def test_perfdata_has_a_label_for_each(*, new: bool) -> None:
    """Of all reports at once, which no text is long enough for."""
    check = Check({"use_new_perfdata": new}, REPORTS)
    for result in results():
        check.add(result, "", making.NOW, alone=False)
    labels = [item.label for item in (*check.items, *check.user_items)]
    figures = [label for label in labels if not label.startswith("perfdate")]

    leading = [metric for report in REPORTS for metric in report.leading]

    assert len(figures) == sum(not metric.is_text for metric in leading)
    assert twice(label.casefold() for label in labels) == []


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("family", FAMILIES)
def test_perfdata_can_be_read(family: str, period: str) -> None:
    """The reader refuses a label that is there twice, as Centreon's broker does."""
    asked = [one for one in REPORTS if one.family == family and one.shape.period == period]
    items = perfdata.read(making.render("centreon", *results(asked)).text).items if asked else {}
    values = [one.value for name, one in items.items() if "perfdate" not in name]

    assert len(values) == sum(not metric.is_text for report in asked for metric in report.leading)
    assert twice(values) == []


def test_of_two_equal_legacy_labels_the_first_reports_stays() -> None:
    """The later one's figures go by their dotted names."""
    items = perfdata.read(making.render("centreon", *results(USUAL)).text).items
    shared = {"active_users", "active_devices", "windows", "android_phone", "windows_phone"}

    assert shared < set(items)
    assert [name for name in items if name.startswith("teams.")] == [
        "teams.devices.active.count",
        "teams.devices.windows.count",
        "teams.devices.android.count",
        "teams.devices.windowsphone.count",
        "teams.users.active.count",
    ]


def test_a_label_is_the_same_when_the_first_report_failed() -> None:
    """Else a day's trouble would put the figures of one into the graph of the other."""
    first, *rest = results(USUAL)
    failed = making.failed(first.report, "forbidden")
    items = perfdata.read(making.render("centreon", failed, *rest).text).items

    assert "active_devices" not in items
    assert "teams.devices.active.count" in items


@pytest.mark.parametrize(
    "report",
    chosen(["teams-devices-usage", "teams-users-activity"], ""),
    ids=lambda report: report.name,
)
def test_a_check_of_one_report_keeps_its_legacy_labels(report: Report) -> None:
    """They are what Centreon's graphs of it know."""
    [result] = [one for one in results() if one.report == report]
    items = perfdata.read(making.render("centreon", result).text).items

    assert set(items) - {"perfdate"} == {words.label for words in report.words.words}


def test_a_status_line_tells_equal_titles_apart() -> None:
    """By the report's title, before what a report before it calls alike."""
    text = making.render("centreon", *results(USUAL)).text.partition(" |")[0]
    said = [part.partition(" on ")[0].removeprefix("OK: ") for part in text.split(" - ")]

    assert [part for part in said if part.endswith(("Active users", "Active devices"))] == [
        "Active devices",
        "Active users",
        "Teams devices usage: Active devices",
        "Teams users activity: Active users",
    ]


def test_shared_thresholds_are_for_all_and_own_ones_for_one() -> None:
    """The option of the dotted name goes before the one that several reports have."""
    options: dict[str, Any] = {
        "units": "count",
        "warning_active_users": "1:1",
        "critical_windows": "1:1",
    }
    own: dict[str, Any] = {
        "warning_teams_users_active_count": "0:",
        "critical_skype_devices_windows_count": "0:",
    }
    text = making.render("centreon", *results(catalogue()), **options).text
    other = making.render("centreon", *results(catalogue()), **options, **own).text

    assert text.startswith(
        "CRITICAL: Users count by device type : Windows: 1002 - "
        "Teams devices usage: Users count by device type : Windows: "
    )
    assert "WARNING: Active users on 2026-06-28 : 1008" in text
    assert "Teams users activity: Active users on" in text
    assert other.startswith("CRITICAL: Teams devices usage: Users count by device type")
    assert "WARNING: Active users on 2026-06-28 : 1008" in other
    assert "Teams users activity: Active users on" not in other


def test_every_number_has_a_threshold_of_its_own() -> None:
    """No option is there twice, and each figure has one that no other has."""
    flags = [option.flag for option in options_of("collect", load("centreon"), REPORTS)]
    said = [words for report in REPORTS for metric, words in report.spoken if not metric.is_text]
    mine = [
        next(
            name
            for name in (words.own_option, words.option)
            if f"--warning-{name}" in flags and twice([name, *others(words.metric)]) == []
        )
        for words in said
    ]

    assert twice(flags) == []
    assert twice(mine) == []


def others(metric: str) -> list[str]:
    """Give the options of all other metrics."""
    said = {words for report in REPORTS for words in report.words.words}
    return list({words.option for words in said if words.metric != metric})


def test_json_has_a_name_and_labels_for_each() -> None:
    """Which nothing else has."""
    document = json.loads(making.render("json", *results()).text)
    names = [
        (sample["metric"], *sample["labels"].items())
        for result in document["results"]
        for sample in result["samples"]
    ]

    assert twice(names) == []


def test_zabbix_has_a_place_for_each() -> None:
    """None is lost in another."""
    document = json.loads(making.render("zabbix", *results()).text)
    values = [*document["metric"].values()]
    values += [
        value
        for label in dict.fromkeys(metric.label for _, metric in METRICS if metric.is_found)
        for one in document[label].values()
        for value in one.values()
    ]

    assert len(values) == FIGURES + sum(metric.is_text for _, metric in METRICS)
    assert twice(values) == []


def test_zabbix_has_an_item_for_each_or_discovers_it() -> None:
    """Maxima too, whether they have a label or not."""
    document = json.loads(making.render("zabbix", *results()).text)
    made = zabbix.make(defaults(OPTIONS), REPORTS)
    items = {
        item["key"]
        for name, text in made.items()
        if name.endswith(".yaml")
        for template in yaml.read(text)["zabbix_export"]["templates"]
        for item in template["items"]
    }
    rows = {row["id"] for found in document["discovery"].values() for row in found}
    missing = {
        name
        for name in document["metric"]
        if f"o365.metric[{name}]" not in items and name not in rows
    }

    assert missing == set()


def test_zabbix_discovers_each_under_a_name_of_its_own() -> None:
    """By report, name and id."""
    discovery = json.loads(making.render("zabbix", *results()).text)["discovery"]
    rows = [row for name, found in discovery.items() for row in found if name != "reports"]

    assert twice((row.get("report_name"), row["name"]) for row in rows) == []


@pytest.mark.parametrize("mode", ["external", "agent", "trapper"])
@pytest.mark.parametrize("version", ["6.0", "7.0", "7.4"])
class TestZabbixTemplate:
    """The templates for all reports."""

    def files(self, version: str, mode: str) -> dict[str, str]:
        """Make them."""
        values = {**defaults(OPTIONS), "zabbix_version": version, "mode": mode}
        made = zabbix.make(values, REPORTS)
        return {name: text for name, text in made.items() if name.endswith(".yaml")}

    def templates(self, version: str, mode: str) -> list[dict[str, Any]]:
        """Read the template of each."""
        texts = self.files(version, mode).values()
        return [one for text in texts for one in yaml.read(text)["zabbix_export"]["templates"]]

    def test_zabbix_takes_them(self, version: str, mode: str) -> None:
        """Keys, uuids, triggers and macros are there once."""
        files = self.files(version, mode)
        usage = files[f"microsoft365_usage_{mode}.yaml"]
        found = {name: zabbix_reader.problems(text, usage) for name, text in files.items()}

        assert {name: said for name, said in found.items() if said} == {}

    def test_names_of_items_and_triggers_are_of_one_each(self, version: str, mode: str) -> None:
        """Prototypes by what makes them different."""
        for text in self.files(version, mode).values():
            found = list(nodes(yaml.read(text)["zabbix_export"]))
            items = [one["name"] for kind, one in found if kind in ("item", "item_prototype")]

            assert twice(name for name in items if not name.startswith("{#REPORT}:")) == []
            assert twice(one["name"] for kind, one in found if kind == "trigger") == []

    def test_a_macro_is_the_limit_of_one_figure(self, version: str, mode: str) -> None:
        """Who sets it means one."""
        limits = {
            (macro, trigger["expression"].partition("]")[0])
            for template in self.templates(version, mode)
            for item in template["items"]
            for trigger in item.get("triggers", ())
            for macro in re.findall(r"\{\$[A-Z0-9.]+\.(?:MIN|MAX)\}", trigger["expression"])
        }

        assert len(limits) == 2 * sum(is_headline(metric) for _, metric in METRICS)
        assert twice(macro for macro, _ in limits) == []

    def test_tiles_and_graphs_are_called_differently(self, version: str, mode: str) -> None:
        """On the dashboard nothing around them says which report they are of."""
        everything = set()
        for template in self.templates(version, mode):
            shown: dict[str, set[str]] = {}
            pages = [page for one in template.get("dashboards", ()) for page in one["pages"]]
            for widget in (one for page in pages for one in page["widgets"]):
                what = {str(one["value"]) for one in widget["fields"] if _is_about(one)}
                if widget.get("name") and what:
                    shown.setdefault(widget["name"], set()).add(str(sorted(what)))
            everything |= set(shown)

            assert {name: what for name, what in shown.items() if len(what) > 1} == {}
        assert {"Skype: Active users", "Teams: Active users"} < everything


def _is_about(field: dict[str, Any]) -> bool:
    return field["type"] in ("ITEM", "GRAPH") or field["name"].startswith("ds.0.items")


def _grafana() -> list[dict[str, Any]]:
    """The dashboards over the whole catalogue."""
    made = grafana.make(defaults(grafana.OPTIONS), REPORTS)
    return [json.loads(text) for name, text in made.items() if name != grafana.RULES]


def test_grafana_has_a_title_for_each_panel() -> None:
    """Two panels of one title show the same figure."""
    shown: dict[str, set[tuple[str, str]]] = {}
    for panel in (panel for each in _grafana() for panel in each["panels"]):
        for query in [target["query"] for target in panel.get("targets", ())][:1]:
            fields = tuple(re.findall(r'(?:last|max|min|sum)\("(\w+)"\)', query))
            place = re.findall(r'FROM "(\w+)"', query)[0]
            shown.setdefault(panel["title"], set()).add((place, fields[0] if fields else query))

    assert {title: what for title, what in shown.items() if len(what) > 1} == {}
    assert {"Skype: Active users", "Teams: Active users"} < set(shown)


def test_grafana_names_each_series_of_a_panel() -> None:
    """Lines of one panel are called differently."""
    panels = [panel for each in _grafana() for panel in each["panels"]]
    names = [
        [re.findall(r' AS "([^"]+)"', target["query"]) for target in panel.get("targets", ())]
        for panel in panels
    ]

    assert [twice(name for found in each for name in found) for each in names] == [[]] * len(names)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_generated_check_has_each_option_once(report: Report) -> None:
    """And Centreon's template a macro for each."""
    assert twice(option.flag for option in checks.options_of(report)) == []
    assert twice(macro.name for macro in service_macros(report, {})) == []


NAMED = {
    "centreon": r"STPL;ADD;([^;]+);",
    "nagios": r"service_description\s+(.+)",
    "icinga2": r'apply Service "([^"]+)"',
}
"""How services are named in what is generated."""


@pytest.mark.parametrize("target", NAMED)
def test_services_are_of_one_report_each(target: str) -> None:
    """Figures of two reports never meet in one service."""
    names = list(_services(target))

    assert len(names) == len(REPORTS)
    assert twice(names) == []


def _services(target: str) -> Iterator[str]:
    made = generate.load(target)
    texts = made.make(defaults(made.options), REPORTS)
    for name, text in texts.items():
        if "uninstall" not in name:
            yield from re.findall(NAMED[target], text)
