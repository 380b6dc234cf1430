"""Real servers take what `generate` makes, and take it again without a change."""

from __future__ import annotations

import pytest

from o365skype_bridge.reports import catalogue
from zabbix.conftest import Zabbix
from zabbix.programs import SERIES
from zabbix.templates import MODES, name_of, template


@pytest.mark.parametrize("mode", MODES)
def test_import_dialog_shows_no_change_the_second_time(zabbix: Zabbix, mode: str) -> None:
    """The comparison that the import dialog shows is empty for a file that was imported."""
    text = template(zabbix.series, mode)
    zabbix.api.load(text)

    assert zabbix.api.compare(text) == []


@pytest.mark.parametrize("zabbix", SERIES[1:], indirect=True)
@pytest.mark.parametrize("mode", MODES)
def test_newer_server_takes_older_file_twice_with_the_same_result(
    zabbix: Zabbix, mode: str
) -> None:
    """What a server makes of the file for 6.0 stays as it is when the file comes again.

    The comparison is not empty there: a newer server puts the widgets into an order of its own.
    """
    text, names = template(SERIES[0], mode), [name_of(mode), name_of(mode, "tenants")]
    zabbix.api.load(text)
    first = zabbix.api.export(names)
    zabbix.api.load(text)
    second = zabbix.api.export(names)
    zabbix.api.load(template(zabbix.series, mode))

    assert first == second


@pytest.mark.parametrize("mode", MODES)
def test_every_report_there_is_is_taken(zabbix: Zabbix, mode: str) -> None:
    """A template for the whole catalogue is imported, and shows no change the second time."""
    text = template(zabbix.series, mode, catalogue())
    try:
        zabbix.api.load(text)

        assert zabbix.api.compare(text) == []
    finally:
        zabbix.api.load(template(zabbix.series, mode))  # the others' hosts are linked to this one
