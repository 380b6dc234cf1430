"""Icinga 2: a check command, templates, a host and apply rules; and the same for Director."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from o365skype_bridge.generate import checks, director, identity
from o365skype_bridge.generate import icinga2_quoting as quoting
from o365skype_bridge.generate.base import FOREIGN_PYTHON, Target
from o365skype_bridge.generate.icinga2_variables import PREFIX, Variable, variables
from o365skype_bridge.generate.rendering import render
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import Option

OBJECTS, SECRET, BASKET = "o365skype.conf", "o365skype-secret.conf", "o365skype-basket.json"

KEEPER = Option(
    flag="--secret-constant",
    metavar="NAME",
    help="Take the client secret from a constant of Icinga instead.",
)

OPTIONS = (*identity.options(KEEPER), checks.SET)


def _settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Read the options that are not about services. Raises `UsageError`."""
    said = identity.read(values, KEEPER.flag)
    for option, text in said.host.items():
        quoting.plain(text, "--client-id" if option == "client-id" else "--tenant")
    template = dict(said.template)
    for text in template.values():
        quoting.path(text, "--secret-file")
    for option in ("config", "state-dir"):
        if path := values[option.replace("-", "_")]:
            template[option] = quoting.path(path, f"--{option}")
    return {
        "command": quoting.path(values["command"], "--command"),
        "constant": said.kept and quoting.identifier(said.kept, KEEPER.flag),
        "host": quoting.name(values["host"], "--host"),
        "on_host": said.host,
        "on_template": template,
        "key": Variable(option=next(iter(said.host)), help="").name,
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
    said = {*settings["on_host"], *settings["on_template"], "state-dir"}
    shown = {
        **settings,
        "variables": variables(reports, said),
        "services": [(report, chosen[report.name]) for report in reports],
        "prefix": PREFIX,
        "foreign": FOREIGN_PYTHON,
    }
    filters = {"literal": quoting.literal, "macro": quoting.macro}
    files = {OBJECTS: render("icinga2", "objects.conf.j2", filters, **shown)}
    if settings["constant"]:
        return {**files, SECRET: render("icinga2", "secret.conf.j2", filters, **shown)}
    return {**files, BASKET: director.basket(shown)}


TARGET = Target(options=OPTIONS, make=make)
