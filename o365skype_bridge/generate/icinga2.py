"""Icinga 2: a check command, templates, a host and apply rules; and the same for Director."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from o365skype_bridge.frozen import Frozen
from o365skype_bridge.generate import checks, director
from o365skype_bridge.generate import icinga2_quoting as quoting
from o365skype_bridge.generate.base import COMMAND, Target
from o365skype_bridge.generate.rendering import render
from o365skype_bridge.model import Report
from o365skype_bridge.options import Option

OBJECTS, SECRET, BASKET = "o365skype.conf", "o365skype-secret.conf", "o365skype-basket.json"

SECRET_FILE = "/etc/o365skype-bridge/client-secret"  # noqa: S105 where it is

OPTIONS = (
    Option(flag="--command", metavar="PATH", default=COMMAND, help="Where o365skype-bridge is."),
    Option(
        flag="--secret-file",
        metavar="FILE",
        default=SECRET_FILE,
        help="File with the client secret; a host's variable may name another.",
    ),
    Option(
        flag="--secret-constant",
        metavar="NAME",
        help="Take the client secret from a constant of Icinga instead of a file.",
    ),
    Option(flag="--host", metavar="NAME", default="microsoft365", help="The host of the services."),
    Option(flag="--tenant", metavar="ID", help="The host's tenant: its GUID or domain."),
    Option(flag="--client-id", metavar="ID", help="The host's client id."),
    Option(
        flag="--state-dir", metavar="DIR", help="Folder for what is kept; without: the default."
    ),
    checks.SET,
)

PREFIX = "o365skype_"
UNKNOWN_ID = "00000000-0000-0000-0000-000000000000"


class Variable(Frozen):
    """A variable of hosts or services, and the option it is for; a flag is set by ``true``."""

    option: str
    help: str
    is_flag: bool = False
    is_required: bool = False

    @property
    def name(self) -> str:
        """Its name under ``vars``."""
        return f"{PREFIX}{self.option.replace('-', '_')}"

    @property
    def value(self) -> str:
        """The argument: option and value in one word, since a value may begin with a dash."""
        return f"--{self.option}=${self.name}$"


TENANT = (
    Variable(option="tenant-id", help="Tenant: its GUID or domain.", is_required=True),
    Variable(option="client-id", help="Client id of the application.", is_required=True),
)
SECRET_FILES = Variable(option="client-secret-file", help="File with the client secret.")
STATE_DIR = Variable(option="state-dir", help="Folder for what is kept; unset: the default.")


def variables(reports: Sequence[Report], *, file: bool) -> list[Variable]:
    """Give every variable of the command, each option once; ``file`` if the secret is in one."""
    found = [*TENANT, *([SECRET_FILES] if file else []), STATE_DIR]
    options = {
        checks.word(option): option for report in reports for option in checks.options_of(report)
    }
    found += [
        Variable(option=name, help=option.help, is_flag=not option.metavar)
        for name, option in options.items()
    ]
    return found


def _settings(values: Mapping[str, Any]) -> dict[str, str]:
    """Check the options that are not about services."""
    constant = values["secret_constant"]
    state_dir, tenant, client = values["state_dir"], values["tenant"], values["client_id"]
    return {
        "command": quoting.path(values["command"], "--command"),
        "secret_file": "" if constant else quoting.path(values["secret_file"], "--secret-file"),
        "constant": constant and quoting.identifier(constant, "--secret-constant"),
        "host": quoting.name(values["host"], "--host"),
        "tenant": quoting.plain(tenant, "--tenant") or UNKNOWN_ID,
        "client_id": quoting.plain(client, "--client-id") or UNKNOWN_ID,
        "state_dir": state_dir and quoting.path(state_dir, "--state-dir"),
    }


def make(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Make the configuration, and Director's basket unless the secret is in a constant.

    Director's commands have no environment to hand it over in. Raises `UsageError`.
    """
    chosen = checks.chosen(
        values["set"], {report.name: checks.options_of(report) for report in reports}
    )
    for options in chosen.values():
        for option, value in options.items():
            quoting.plain(value, f"{checks.SET.flag} {option}")
    settings = _settings(values)
    shown = {
        **settings,
        "variables": variables(reports, file=not settings["constant"]),
        "services": [(report, chosen[report.name]) for report in reports],
        "prefix": PREFIX,
    }
    filters = {"literal": quoting.literal, "macro": quoting.macro}
    files = {OBJECTS: render("icinga2", "objects.conf.j2", filters, **shown)}
    if settings["constant"]:
        return {**files, SECRET: render("icinga2", "secret.conf.j2", filters, **shown)}
    return {**files, BASKET: director.basket(shown)}


TARGET = Target(
    name="icinga2",
    help="Icinga 2: command, templates, a host and apply rules, and a basket for Director.",
    options=OPTIONS,
    make=make,
)
