"""Nagios and Naemon: a command, templates, a host and its services, and where the secret is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import checks
from o365skype_bridge.generate import nagios_quoting as quoting
from o365skype_bridge.generate.base import COMMAND, Target
from o365skype_bridge.generate.rendering import render
from o365skype_bridge.model import Report
from o365skype_bridge.options import Option

OBJECTS, RESOURCE = "o365skype.cfg", "o365skype-resource.cfg"

SECRET_FILE = "/etc/o365skype-bridge/client-secret"  # noqa: S105 where it is

MACROS = range(1, 257)
"""The ``$USERn$`` there are."""

OPTIONS = (
    Option(flag="--command", metavar="PATH", default=COMMAND, help="Where o365skype-bridge is."),
    Option(
        flag="--secret-file",
        metavar="FILE",
        default=SECRET_FILE,
        help="File with the client secret; a host's variable may name another.",
    ),
    Option(
        flag="--secret-macro",
        metavar="NUMBER",
        help="Take the client secret from the resource macro $USERn$ instead of a file.",
    ),
    Option(flag="--host", metavar="NAME", default="microsoft365", help="The host of the services."),
    Option(flag="--tenant", metavar="ID", help="The host's tenant: its GUID or domain."),
    Option(flag="--client-id", metavar="ID", help="The host's client id."),
    Option(
        flag="--state-dir", metavar="DIR", help="Folder for what is kept; without: the default."
    ),
    Option(
        flag="--host-template",
        metavar="NAME",
        default="generic-host",
        help="Your template for hosts, which ours builds on.",
    ),
    Option(
        flag="--service-template",
        metavar="NAME",
        default="generic-service",
        help="Your template for services, which ours builds on.",
    ),
    checks.SET,
)

VARIABLES = {
    "_O365_TENANT_ID": "Tenant: its GUID or domain.",
    "_O365_CLIENT_ID": "Client id of the application.",
    "_O365_SECRET_FILE": "File with the client secret, unless it is in a resource macro.",
}
"""The custom variables of the host template."""


def make(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Make the object file, and for a resource macro its line. Raises `UsageError`."""
    allowed = {report.name: checks.options_of(report) for report in reports}
    chosen = checks.chosen(values["set"], allowed)
    flags = frozenset(
        checks.word(option)
        for options in allowed.values()
        for option in options
        if not option.metavar
    )
    names = ("host", "host_template", "service_template")
    macro = _macro(values["secret_macro"])
    shown = {
        **{key: quoting.name(values[key], f"--{key.replace('_', '-')}") for key in names},
        "command": quoting.path(values["command"], "--command"),
        "tenant": quoting.text(values["tenant"], "--tenant"),
        "client_id": quoting.text(values["client_id"], "--client-id"),
        "secret_file": "" if macro else quoting.path(values["secret_file"], "--secret-file"),
        "secret_macro": macro,
        "state_dir": values["state_dir"] and quoting.path(values["state_dir"], "--state-dir"),
        "services": [(report, chosen[report.name]) for report in reports],
    }
    filters = {
        "options": partial(quoting.argument, flags=flags),
        "text": partial(quoting.text, option="a value"),
        "name": partial(quoting.name, option="a name"),
    }
    files = {OBJECTS: render("nagios", "objects.cfg.j2", filters, **shown)}
    if macro:
        files[RESOURCE] = render("nagios", "resource.cfg.j2", filters, **shown)
    return files


def _macro(number: str) -> str:
    """Give the resource macro that was asked for, or nothing."""
    if not number:
        return ""
    if not (number.isascii() and number.isdecimal() and int(number) in MACROS):
        raise UsageError(
            f"--secret-macro {number!a} is no resource macro",
            f"Give a number from {MACROS[0]} to {MACROS[-1]} that is free.",
        )
    return f"$USER{int(number)}$"


TARGET = Target(
    name="nagios",
    help="Nagios and Naemon: an object file with command, templates, a host and its services.",
    options=OPTIONS,
    make=make,
)
