"""Nagios and Naemon: a command, templates, a host and its services, and where the secret is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import checks, identity
from o365skype_bridge.generate import nagios_quoting as quoting
from o365skype_bridge.generate.base import FOREIGN_PYTHON, Target
from o365skype_bridge.generate.rendering import render
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import Option

OBJECTS, RESOURCE = "o365skype.cfg", "o365skype-resource.cfg"

MACROS = range(1, 257)
"""The ``$USERn$`` there are."""

KEEPER = Option(
    flag="--secret-macro",
    metavar="NUMBER",
    help="Take the client secret from the resource macro $USERn$ instead.",
)

OPTIONS = (
    *identity.options(KEEPER),
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


def variable(option: str) -> str:
    """Give the custom variable of a host that is for an option of `check`."""
    return f"_O365_{option.upper().replace('-', '_')}"


VARIABLES = {variable(option): text for option, text in identity.HELP.items()}
"""The custom variables of hosts; which there are depends on where the secret is."""


def make(values: Mapping[str, Any], reports: Sequence[Report]) -> dict[str, str]:
    """Make the object file, and for a resource macro its line. Raises `UsageError`."""
    allowed = {report.name: checks.options_of(report) for report in reports}
    chosen = checks.chosen(values["set"], allowed)
    options = (option for some in allowed.values() for option in some)
    flags = frozenset(checks.word(option) for option in options if not option.metavar)
    said = identity.read(values, KEEPER.flag)
    for option, text in said.host.items():
        quoting.text(text, "--client-id" if option == "client-id" else "--tenant")
    for text in said.template.values():
        quoting.path(text, "--secret-file")
    names = ("host", "host_template", "service_template")
    macro = _macro(said.kept)
    shown = {
        **{key: quoting.name(values[key], f"--{key.replace('_', '-')}") for key in names},
        "line": _line(values, said, macro),
        "said": said,
        "secret_macro": macro,
        "services": [(report, chosen[report.name]) for report in reports],
    }
    filters: dict[str, Callable[..., str]] = {
        "options": partial(quoting.argument, flags=flags),
        "text": partial(quoting.text, option="a value"),
        "name": partial(quoting.name, option="a name"),
        "variable": variable,
    }
    files = {OBJECTS: render("nagios", "objects.cfg.j2", filters, **shown)}
    if macro:
        files[RESOURCE] = render("nagios", "resource.cfg.j2", filters, **shown)
    return files


def _line(values: Mapping[str, Any], said: identity.Identity, macro: str) -> str:
    """Give the command line, which Nagios reads as a shell would, or hands to a shell."""
    words = [
        f"{variable(option)[1:]}='$_HOST{variable(option)[1:]}$'"
        for option in said.said
        if option != "tenant"
    ]
    words += [f"O365_CLIENT_SECRET='{macro}'"] if macro else []
    for key in ("config", "state_dir"):
        if values[key]:
            path = quoting.path(values[key], f"--{key.replace('_', '-')}")
            words.append(f"O365_{key.upper()}={path}")
    words += [f"{name}=" for name in FOREIGN_PYTHON]
    words += [quoting.path(values["command"], "--command"), "check", "$ARG1$"]
    words += [f"--tenant='$_HOST{variable('tenant')[1:]}$'"] if said.config else []
    return " ".join([*words, "$ARG2$"])


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


TARGET = Target(options=OPTIONS, make=make)
