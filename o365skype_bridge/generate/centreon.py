"""Centreon: a file for CLAPI's import with commands, templates and macros, and its undoing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import checks, clapi
from o365skype_bridge.generate.base import COMMAND, WITHOUT_FOREIGN_PYTHON, Target
from o365skype_bridge.generate.centreon_macros import (
    SECRET,
    SECRET_FILE,
    Macro,
    host_macros,
    service_macros,
    services_options,
)
from o365skype_bridge.generate.rendering import render
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.options import Option

PREFIX, PACK = "o365skype-bridge", "Cloud-Microsoft-Office365"
"""What all names of ours begin with, and those of the connector's plugin pack."""

IMPORT, UNINSTALL = "o365skype.clapi", "o365skype-uninstall.clapi"

OPTIONS = (
    Option(
        flag="--command",
        metavar="PATH",
        default="$CENTREONPLUGINS$/centreon_office365_skype_api",
        help="The command; a resource macro may stand for its folder.",
    ),
    Option(
        flag="--check-command",
        metavar="PATH",
        default=COMMAND,
        help="The command of services that Centreon's connector does not have.",
    ),
    Option(
        flag="--secret-file",
        metavar="FILE",
        help="Keep the client secret out of Centreon: every poller has it in this file.",
    ),
    Option(
        flag="--pack-names",
        help="Call templates as the connector's pack does; only for a Centreon without it.",
    ),
    Option(
        flag="--host", metavar="NAME", help="Add a host with the services; without: templates only."
    ),
    Option(flag="--address", metavar="ADDRESS", default="127.0.0.1", help="The host's address."),
    Option(flag="--poller", metavar="NAME", default="Central", help="The host's poller."),
    Option(flag="--tenant", metavar="ID", help="The host's tenant: its GUID or domain."),
    Option(flag="--client-id", metavar="ID", help="The host's client id."),
    checks.SET,
)


class Service(Frozen):
    """A report's command and service template; ``host`` are the macros of its host template.

    What the connector has goes by the connector's command line, all else by `check`.
    """

    report: Report
    command: str
    host: tuple[Macro, ...]
    macros: tuple[Macro, ...]
    has_pack_names: bool = False

    @property
    def product(self) -> str:
        """The product, as the connector's plugin is called after it."""
        return self.report.name.partition("-")[0]

    @property
    def mode(self) -> str:
        """The connector's name for it."""
        return self.report.name.partition("-")[2]

    @property
    def alias(self) -> str:
        """What the service is called on a host."""
        return self.mode.title()

    @property
    def template(self) -> str:
        """The service template."""
        if self.has_pack_names:
            return f"{PACK}-{self.product.title()}-{self.alias}-Api-custom"
        return self.check

    @property
    def host_template(self) -> str:
        """The host template that it belongs to."""
        if self.has_pack_names:
            return f"{PACK}-{self.product.title()}-Api-custom"
        return f"{PREFIX}-{self.product}"

    @property
    def check(self) -> str:
        """The command's name; not what a plugin pack might call its own."""
        return f"{PREFIX}-{self.report.name}"

    @property
    def line(self) -> str:
        """The command line; an empty macro leaves an option that counts as not given."""
        plugin = f"cloud::microsoft::office365::{self.product}::plugin"
        asked = (
            [f"--plugin={plugin}", f"--mode={self.mode}"]
            if self.report.is_connectors
            else ["check", self.report.name]
        )
        words = [WITHOUT_FOREIGN_PYTHON, self.command, *asked]
        words += [macro.on_command_line("HOST") for macro in self.host]
        words += [macro.on_command_line("SERVICE") for macro in self.macros]
        return " ".join(words)


def _services(values: Mapping[str, Any], reports: Sequence[Report]) -> list[Service]:
    options = {report.name: services_options(report) for report in reports}
    chosen = checks.chosen(values["set"], options)
    commands = {
        True: clapi.path(values["command"], "--command"),
        False: clapi.path(values["check_command"], "--check-command"),
    }
    return [
        Service(
            report=report,
            command=commands[report.is_connectors],
            host=host_macros(values["secret_file"], is_connectors=report.is_connectors),
            macros=service_macros(report, chosen[report.name]),
            has_pack_names=bool(values["pack_names"]),
        )
        for report in reports
    ]


def _host_templates(services: Sequence[Service]) -> dict[str, tuple[Macro, ...]]:
    """Give the macros of each host template: those of all its services, each once."""
    found: dict[str, dict[str, Macro]] = {}
    for service in services:
        mine = found.setdefault(service.host_template, {})
        for macro in service.host:
            mine.setdefault(macro.name, macro)
    return {name: tuple(macros.values()) for name, macros in found.items()}


def _host(values: Mapping[str, Any]) -> dict[str, str]:
    """Give the host that was asked for, if any."""
    ids = {"tenant": "OFFICE365TENANT", "client_id": "OFFICE365CLIENTID"}
    given = [f"--{key.replace('_', '-')}" for key in ids if values[key]]
    if given and not values["host"]:
        raise UsageError(f"{given[0]} belongs to a host", "Name the host: --host NAME.")
    if not values["host"]:
        return {}
    if not values["poller"]:
        raise UsageError("--poller is empty", "Name the poller of the host.")
    return {
        "name": clapi.name(values["host"], "--host"),
        "address": clapi.name(values["address"], "--address"),
        "poller": clapi.field(values["poller"], "--poller", clapi.LONGEST_NAME),
        **{
            macro: clapi.argument(values[key], f"--{key.replace('_', '-')}")
            for key, macro in ids.items()
        },
    }


def make(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Make the import and what undoes it. Raises `UsageError` for what CLAPI cannot hold."""
    if values["secret_file"]:
        clapi.path(values["secret_file"], "--secret-file", resource=False)
    filters: dict[str, Callable[..., str]] = {
        "field": partial(clapi.field, option="a value"),
        "line": partial(clapi.field, option="the command line", longest=clapi.LONGEST_COMMAND),
        "prose": clapi.prose,
    }
    services = _services(values, reports)
    templates = _host_templates(services)
    shown: dict[str, Any] = {
        "services": services,
        "host_templates": templates,
        "macros": {macro.name: macro for macros in templates.values() for macro in macros},
        "host": _host(values),
        "unwanted": SECRET_FILE if not values["secret_file"] else SECRET,
        "keeps": bool(values["pack_names"]),
    }
    return {
        IMPORT: render("centreon", "import.clapi.j2", filters, **shown),
        UNINSTALL: render("centreon", "uninstall.clapi.j2", filters, **shown),
    }


TARGET = Target(options=OPTIONS, make=make)
