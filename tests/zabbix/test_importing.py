"""Real servers take what `generate` makes of every report, and take it again without a change."""

from __future__ import annotations

import pytest

from zabbix.api import RefusedError
from zabbix.conftest import Zabbix
from zabbix.programs import SERIES
from zabbix.templates import FORMER, MODES, name_of, templates

PERIODS_AND_GROUPS = ("--period", "D7,D30,D180", "--groups")


@pytest.mark.parametrize("mode", MODES)
def test_import_dialog_shows_no_change_the_second_time(zabbix: Zabbix, mode: str) -> None:
    """The comparison that the import dialog shows is empty for files that were imported."""
    zabbix.use(mode)
    files = templates(zabbix.series, mode)

    changes = {what: zabbix.api.compare(text) for what, text in files.items()}

    assert {what: change for what, change in changes.items() if change} == {}


def test_periods_and_groups_are_taken_twice_without_a_change(zabbix: Zabbix) -> None:
    """Items of every period and group, whose names and keys differ in that only, are all there."""
    zabbix.use("agent")
    files = templates(zabbix.series, "agent", *PERIODS_AND_GROUPS)
    try:
        for text in files.values():
            zabbix.api.load(text)
        changes = {what: zabbix.api.compare(text) for what, text in files.items()}
    finally:
        for text in templates(zabbix.series, "agent").values():
            zabbix.api.load(text)

    assert {what: change for what, change in changes.items() if change} == {}


@pytest.mark.parametrize("zabbix", SERIES[1:], indirect=True)
@pytest.mark.parametrize("mode", MODES)
def test_newer_server_takes_older_file_twice_with_the_same_result(
    zabbix: Zabbix, mode: str
) -> None:
    """What a server makes of the files for 6.0 stays as it is when the files come again.

    The comparison is not empty there: a newer server puts the widgets into an order of its own.
    """
    files = templates(SERIES[0], mode)
    names = [name_of(mode, what) for what in files]
    zabbix.use(mode)
    exported = []
    for _ in range(2):
        for text in files.values():
            zabbix.api.load(text)
        exported.append(zabbix.api.export(names))
    for text in templates(zabbix.series, mode).values():
        zabbix.api.load(text)

    assert exported[0] == exported[1]


def test_a_family_wants_the_template_of_the_bridge_beside_it(zabbix: Zabbix) -> None:
    """Problems of the whole tenant are its, so a host without it is refused."""
    family = zabbix.use("external", "health")

    with pytest.raises(RefusedError, match="Microsoft 365 usage by external check"):
        zabbix.api.add_host("a family alone", family, {})


def test_upgraded_release_is_taken_again_without_a_change(zabbix: Zabbix) -> None:
    """What a server had of an older release makes the comparison no longer than a new one's."""
    zabbix.use("trapper")
    files = templates(zabbix.series, "trapper")
    zabbix.api.load(FORMER.read_text(encoding="utf-8"))
    for text in files.values():
        zabbix.api.load(text)

    changes = {what: zabbix.api.compare(text) for what, text in files.items()}

    assert {what: change for what, change in changes.items() if change} == {}
