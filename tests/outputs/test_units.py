"""Units, fractions and texts: what every output makes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from readers import line_protocol, making, perfdata, yaml
from readers import zabbix as zabbix_reader
from readers.units import DELAY, LEFT, QUOTA, ROWS, SHARE, USED, quota

from o365skype_bridge.generate import grafana, zabbix
from o365skype_bridge.generate.zabbix_plan import OPTIONS
from o365skype_bridge.model.options import defaults
from o365skype_bridge.model.values import Sample
from o365skype_bridge.outputs import numbers, push


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (12.5, "12.5"),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (100 / 3, "33.3333333333333"),
        (1e-7, "0.0000001"),
        (-2.5, "-2.5"),
        (1e22, "10000000000000000000000"),
        (2**63, "9223372036854775808"),
    ],
)
def test_numbers_are_written_in_decimals(value: float, expected: str) -> None:
    """No exponent, and nothing of a division's noise."""
    assert expected == numbers.decimal(value)


def answer(**options: Any) -> perfdata.Answer:
    return perfdata.read(making.render("centreon", quota(), **options).text)


def test_perfdata_has_the_units_of_the_guidelines_or_words() -> None:
    """Bytes, seconds and percent as they are defined; of all else the word."""
    shown = {label: (item.value, item.unit) for label, item in answer().items.items()}

    assert shown == {
        "quota.used.bytes": (5368709120.0, "B"),
        "quota.share.percent": (12.5, "%"),
        "quota.calls.minutes": (90.0, "minutes"),
        "quota.left.days": (0.3, "days"),
        "quota.delay.seconds": (0.00001, "s"),
        "quota.sites.count": (3.0, "sites"),
        "quota.mail.bytes": (7.0, "B"),
        "Exchange Online#quota.issues.count": (2.0, ""),
        "Teams#quota.issues.count": (0.0, ""),
    }


def test_a_status_line_shows_units_and_texts() -> None:
    """A text has no perfdata, so the status line says it."""
    assert answer().text == (
        "OK: Used: 5368709120 B, Share: 12.5%, Time in calls: 90 minutes, Time left: 0.3 days, "
        'Delay: 0.00001 s, Sites: 3, State: fine, "so far", Mail: 7 B - All services are ok'
    )


def test_what_is_found_in_the_data_is_said_one_by_one() -> None:
    """In the long output, behind its name."""
    assert answer(verbose=True).details == (
        "Service 'Exchange Online' Status: serviceDegradation, Issues: 2",
        "Service 'Teams' Status: serviceOperational, Issues: 0",
    )


def test_a_fraction_is_judged_as_it_is() -> None:
    """By the option that its dotted name gives."""
    shown = answer(warning_quota_share_percent="12.4", critical_quota_left_days="1:")

    assert shown.text == "CRITICAL: Share: 12.5%, Time left: 0.3 days"


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ({}, "OK"),
        ({"warning_quota_used_bytes": "50"}, "WARNING"),
        ({"warning_quota_used_bytes": "50", "units": "count"}, "WARNING"),
        ({"warning_quota_used_bytes": "75", "units": "%"}, "OK"),
    ],
)
def test_a_part_of_a_natural_maximum_is_shown_and_judged_in_percent(
    options: dict[str, Any], state: str
) -> None:
    """As the active users of the seven days are."""
    used = USED.replace(limit=ROWS)
    sample = Sample(metric=used, value=300, day=making.DAY, max=400)
    result = making.result(QUOTA.replace(metrics=(used,)), (sample,))
    shown = perfdata.read(making.render("centreon", result, **options).text)

    assert shown.text == f"{state}: Used on 2026-06-28 : 300 B/400 B (75.00%)"
    assert shown.items["quota.used.bytes"].most == "400"


def test_influx_has_a_type_for_each_field() -> None:
    """What can have a fraction is a float on every day, a text a string."""
    [totals, mail, exchange, teams, _] = line_protocol.read(making.render("influx", quota()).text)

    assert totals.fields == {
        "used_bytes": 5368709120,
        "share_percent": 12.5,
        "calls_minutes": 90.0,
        "left_days": 0.3,
        "delay_seconds": 0.00001,
        "sites": 3,
        "state_text": 'fine, "so far"',
        "info": 1,
    }
    assert type(totals.fields["calls_minutes"]) is float
    assert mail.fields == {"bytes": 7}
    assert exchange.fields == {"status_text": "serviceDegradation", "info": 1, "issues": 2}
    assert teams.tags == {"service": "Teams", "tenant": "contoso"}


def test_json_names_the_unit() -> None:
    """And has numbers and texts as they are."""
    [result] = json.loads(making.render("json", quota()).text)["results"]
    shown = [(one["value"], one["unit"]) for one in result["samples"]]

    assert shown == [
        (5368709120, "bytes"),
        (12.5, "percent"),
        (90, "minutes"),
        (0.3, "days"),
        (0.00001, "seconds"),
        (3, "sites"),
        ('fine, "so far"', "text"),
        (7, "bytes"),
        ("serviceDegradation", "text"),
        (2, "count"),
        ("serviceOperational", "text"),
        (0, "count"),
    ]


def test_zabbix_has_things_found_in_the_data_under_their_id() -> None:
    """With their names in discovery only."""
    document = json.loads(making.render("zabbix", quota()).text)
    rows = {row["name"]: row["id"] for row in document["discovery"]["services"]}

    assert document["service"] == {
        rows["Exchange Online"]: {
            "quota.status.text": "serviceDegradation",
            "quota.issues.count": 2,
        },
        rows["Teams"]: {"quota.status.text": "serviceOperational", "quota.issues.count": 0},
    }


def test_zabbix_has_no_number_with_an_exponent() -> None:
    """Its JSONPath would not know it."""
    document = json.loads(making.render("zabbix", quota()).text)

    assert document["metric"]["quota.delay.seconds"] == "0.00001"
    assert document["metric"]["quota.left.days"] == 0.3


@pytest.mark.parametrize("version", ["6.0", "7.0", "7.4"])
@pytest.mark.parametrize("mode", ["external", "trapper"])
def test_zabbix_template_is_one_that_zabbix_takes(version: str, mode: str) -> None:
    """With multipliers, texts and things found in the data."""
    made = templates(version, mode)
    usage = made["usage"]
    found = {name: zabbix_reader.problems(text, usage) for name, text in made.items()}

    assert {name: said for name, said in found.items() if said} == {}


def templates(version: str = "7.0", mode: str = "external") -> dict[str, str]:
    """Give the files to import, by what they are for."""
    values = {**defaults(OPTIONS), "zabbix_version": version, "mode": mode}
    made = zabbix.make(values, [QUOTA])
    return {name.split("_")[1]: text for name, text in made.items() if name.endswith(".yaml")}


def test_zabbix_items_have_units_that_zabbix_makes_readable() -> None:
    """Minutes and days become seconds, a text has its own type."""
    [quota] = yaml.read(templates()["quota"])["zabbix_export"]["templates"]
    items = {item["key"]: item for item in quota["items"]}
    shown = {
        key.removeprefix("o365.metric[quota.").rstrip("]"): (
            item.get("value_type", "UNSIGNED"),
            item.get("units", ""),
            [
                step["parameters"][0]
                for step in item["preprocessing"]
                if step["type"] == "MULTIPLIER"
            ],
        )
        for key, item in items.items()
        if key.startswith("o365.metric[")
    }

    assert shown == {
        "used.bytes": ("UNSIGNED", "B", []),
        "share.percent": ("FLOAT", "%", []),
        "calls.minutes": ("FLOAT", "s", ["60"]),
        "left.days": ("FLOAT", "s", ["86400"]),
        "delay.seconds": ("FLOAT", "s", []),
        "sites.count": ("UNSIGNED", "!sites", []),
        "state.text": ("TEXT", "", []),
    }


def test_zabbix_is_pushed_fractions_and_texts() -> None:
    """Under the day they are about; what is found in the data has no item."""
    values = push.history([making.collection(quota())], push.Server(name="zabbix"))
    shown = {value.key: value.value for value in values}

    assert len(shown) == 8
    assert shown["o365.history[quota.left.days]"] == "0.3"
    assert shown["o365.history[quota.state.text]"] == 'fine, "so far"'


def test_grafana_has_its_own_names_of_units() -> None:
    """One graph for each unit."""
    made = grafana.make(defaults(grafana.OPTIONS), [QUOTA])["o365skype-quota.json"]
    panels = {panel["title"]: panel for panel in json.loads(made)["panels"]}
    shown = {
        title: (panel["type"], panel["fieldConfig"]["defaults"].get("unit"))
        for title, panel in panels.items()
        if title.startswith("Quota usage:")
    }

    assert shown == {
        "Quota usage: newest": ("table", None),
        "Quota usage: bytes by kind": ("timeseries", "bytes"),
        "Quota usage: status text by service": ("state-timeline", "string"),
        "Quota usage: issues by service": ("timeseries", "short"),
        "Quota usage: bytes": ("timeseries", "bytes"),
        "Quota usage: percent": ("timeseries", "percent"),
        "Quota usage: minutes": ("timeseries", "m"),
        "Quota usage: days": ("timeseries", "d"),
        "Quota usage: seconds": ("timeseries", "s"),
        "Quota usage: sites": ("timeseries", "short"),
        "Quota usage: text": ("state-timeline", "string"),
    }


def test_fractions_have_no_whole_numbers() -> None:
    """Parts, and times."""
    assert [metric.is_whole for metric in (SHARE, LEFT, DELAY)] == [False] * 3
