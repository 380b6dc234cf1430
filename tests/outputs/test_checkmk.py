"""Lines of a Checkmk local check are what Checkmk reads, whatever a tenant holds."""

from __future__ import annotations

import re
from typing import NamedTuple

from catalogue import DEVICES_USAGE
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import making
from readers.names import NAMES, TENANTS, USERS

from o365skype_bridge import outputs
from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.outcome import Outcome

LINE = re.compile(r'([0-3]) "([^"\n]+)" (\S+) ([^\n]*)')
METRIC = re.compile(
    r"([A-Za-z_][A-Za-z0-9_]*)=(-?\d+(?:\.\d+)?)"
    r"((?:;(?:-?\d+(?:\.\d+)?(?::-?\d+(?:\.\d+)?)?)?){0,4})"
)


class Service(NamedTuple):
    """One line as Checkmk reads it."""

    state: int
    metrics: dict[str, tuple[float, str]]
    text: str


def read(text: str) -> dict[str, Service]:
    """Read all lines strictly; what Checkmk would take for something else is an error."""
    found: dict[str, Service] = {}
    for line in text.removesuffix("\n").split("\n"):
        match = LINE.fullmatch(line)
        assert match is not None, line
        state, name, written, said = match.groups()
        metrics: dict[str, tuple[float, str]] = {}
        for metric in [] if written == "-" else written.split("|"):
            parts = METRIC.fullmatch(metric)
            assert parts is not None, metric
            metrics[parts[1]] = float(parts[2]), parts[3]
        assert name not in found
        found[name] = Service(int(state), metrics, said)
    return found


def test_every_report_is_a_service_with_its_state_metrics_and_text() -> None:
    """Metrics by their dotted names, thresholds of the kinds that Checkmk can draw."""
    text = making.render(
        *("checkmk", making.devices(), making.activity()),
        critical_windows="1",
        warning_ipad="0:5",
        warning_iphone="@5:9",
        warning_android_phone="1:20",
    ).text
    found = read(text)

    assert list(found) == [
        "Microsoft 365 skype-devices-usage",
        "Microsoft 365 skype-users-activity",
    ]
    devices, activity = found.values()
    assert (devices.state, activity.state) == (2, 0)
    assert devices.text == "Users count by device type : Windows: 2"
    assert activity.text.startswith("Active users on 2026-06-28 : 3/")
    assert devices.metrics["skype_devices_windows_count"] == (2, ";;1;0")
    assert devices.metrics["skype_devices_ipad_count"] == (0, ";5;;0")
    assert devices.metrics["skype_devices_iphone_count"] == (1, ";;;0")
    assert devices.metrics["skype_devices_android_count"] == (1, ";1:20;;0")
    assert devices.metrics["skype_devices_active_count"] == (4, ";;;0;7")


def test_a_report_without_figures_is_unknown_alone() -> None:
    """The others keep their states."""
    gone = making.failed(DEVICES_USAGE, "forbidden")
    devices, activity = read(making.render("checkmk", gone, making.activity()).text).values()

    assert (devices.state, devices.metrics) == (3, {})
    assert devices.text.startswith("skype-devices-usage is forbidden")
    assert activity.state == 0


def test_kept_figures_of_a_dead_source_are_never_green() -> None:
    """The reason comes first."""
    outcome = Outcome(kind="stale", message="no", remedy="Renew.", cause="unauthorized")
    [service] = read(making.render("checkmk", making.devices(outcome=outcome)).text).values()

    assert service.state == 3
    assert service.text.startswith("skype-devices-usage is stale, 30 h old: no. Renew. - ")


def test_tenants_are_told_apart() -> None:
    """By the names of their services."""
    found = read(making.render("checkmk", making.devices(), making.devices(tenant='a"b')).text)

    assert list(found) == [
        "Microsoft 365 skype-devices-usage contoso",
        "Microsoft 365 skype-devices-usage a'b",
    ]


def test_verbose_adds_lines_in_checkmks_way() -> None:
    """A backslash and an n, since a line is a service."""
    users = {"adele@contoso.com": (3, 1, 2), "emil@contoso.com": (1, 1, 1)}
    [service] = read(making.render("checkmk", making.activity(users), verbose=True).text).values()

    assert service.text.count("\\nUser '") == 2


def test_errors_and_warnings_are_lines_too() -> None:
    """Nothing is silent, and nothing is no line."""
    failed = outputs.load("checkmk").fail(UsageError("no | such\nthing", "Look."))
    warned = making.render("checkmk", making.devices(), warnings=("a\nwarning",)).text

    assert read(failed.text) == {"Microsoft 365": Service(3, {}, "no / such thing. Look.")}
    assert read(warned)["Microsoft 365"] == Service(3, {}, "a warning")


@given(tenants=TENANTS, message=NAMES, users=USERS, verbose=st.booleans())
@settings(deadline=None)
def test_no_name_breaks_a_line(
    tenants: list[str], message: str, users: dict[str, making.Figures], *, verbose: bool
) -> None:
    """Names of tenants and users and foreign messages stay inside their place."""
    outcome = Outcome(kind="stale", message=message)
    results = [making.devices(tenant=tenant, outcome=outcome) for tenant in tenants]
    text = making.render("checkmk", *results, making.activity(users), verbose=verbose).text

    assert len(read(text)) == len(tenants) + 1


def test_exit_code_says_nothing() -> None:
    """The agent does not look at it; the state is in the line."""
    assert making.render("checkmk", making.devices(), critical_windows="0").exit_code == 0
