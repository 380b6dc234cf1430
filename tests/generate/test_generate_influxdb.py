"""Tasks for InfluxDB 2: one an alert, with what was said in it."""

from __future__ import annotations

from typing import Any

import pytest
from catalogue import CATALOGUE

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import influxdb
from o365skype_bridge.generate.flux import text
from o365skype_bridge.model.options import defaults
from o365skype_bridge.reports import chosen

OURS = ["action", "unconfirmed", "old", "silent"]


def make(*reports: str, **changes: Any) -> dict[str, str]:
    found = chosen(reports, "") if reports else CATALOGUE
    return influxdb.make({**defaults(influxdb.OPTIONS), **changes}, found)


def test_a_task_for_each_alert() -> None:
    """Four about ourselves, and one of each figure that is declared with ranges."""
    assert list(make()) == [f"o365skype-{name}.flux" for name in OURS]
    assert list(make("health", "credentials"))[len(OURS) :] == [
        "o365skype-health-services-code.flux",
        "o365skype-credentials-expiry-left.flux",
    ]


def test_what_was_said_is_in_every_task() -> None:
    """Bucket, interval and offset are the given ones, quoted as Flux does."""
    made = make(bucket='a "b" ${c}', every="5m", offset="1m")

    assert [name for name in made if r'from(bucket: "a \"b\" \${c}")' not in made[name]] == []
    assert [name for name in made if "every: 300s, offset: 60s}" not in made[name]] == []


def test_ids_and_names_are_different() -> None:
    """A status can be told from those of other tasks, by id and by name."""
    lines = [line for task in make("health", "credentials").values() for line in task.splitlines()]
    for key in ("_check_id", "_check_name", "option task"):
        found = [line for line in lines if key in line]

        assert len(set(found)) == len(found) == len(OURS) + 2


def test_fractions_are_written_as_such() -> None:
    """Flux compares a float with a float."""
    task = make("credentials")["o365skype-credentials-expiry-left.flux"]

    assert "crit: (r) => r.left < 7.0," in task
    assert "warn: (r) => r.left < 30.0," in task


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"bucket": ""}, "--bucket '' is no name"),
        ({"every": "soon"}, "--every 'soon' is not a duration"),
        ({"every": "10s", "offset": "10s"}, "--offset must be below --every"),
        ({"every": "0s", "offset": "0s"}, "--offset must be below --every"),
    ],
)
def test_refused_with_the_name_of_the_option(given: dict[str, str], complaint: str) -> None:
    """What InfluxDB would refuse is refused before."""
    with pytest.raises(UsageError) as error:
        make(**given)

    assert str(error.value) == complaint


def test_quoting() -> None:
    """Nothing gets out of its quotes."""
    assert text('a"\\\n${b}') == r'"a\"\\\n\${b}"'
