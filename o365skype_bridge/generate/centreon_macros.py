"""The macros of Centreon's templates, as the connector's plugin pack calls them."""

from __future__ import annotations

from collections.abc import Mapping

from o365skype_bridge.generate import checks, clapi
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.options import Option
from o365skype_bridge.settings.values import JUDGING

CUSTOM_MODE = "graphapi"

SHOWN_BY_DEFAULT = "active|total"
"""The counters of a report that has others for every single user."""

INSIDE = frozenset(
    {
        *("filter-user", "filter-counters", "units", "max-age"),
        *(name.replace("_", "-") for name in JUDGING),
    }
)
"""What the drop-in's modes take besides the thresholds of metrics."""


class Macro(Frozen):
    """A macro of a template; ``option`` is the command's, empty for words of any kind."""

    name: str
    option: str
    value: str
    help: str
    password: bool = False

    def on_command_line(self, kind: str) -> str:
        """Give the words that the macro becomes, ``kind`` being HOST or SERVICE."""
        reference = f"$_{kind}{self.name}$"
        return f"{self.option}='{reference}'" if self.option else reference


def host_macros(secret_file: str) -> tuple[Macro, ...]:
    """Give the macros of the host template."""
    if secret_file:
        secret = Macro(
            name="OFFICE365SECRETFILE",
            option="--client-secret-file",
            value=secret_file,
            help="File on the poller that holds the client secret",
        )
    else:
        secret = Macro(
            name="OFFICE365CLIENTSECRET",
            option="--client-secret",
            value="",
            help="Client secret: its value, not its id",
            password=True,
        )
    return (
        Macro(
            name="OFFICE365CUSTOMMODE",
            option="--custommode",
            value=CUSTOM_MODE,
            help=f"How Microsoft 365 is asked; there is {CUSTOM_MODE} only",
        ),
        Macro(
            name="OFFICE365TENANT", option="--tenant", value="", help="Tenant: its GUID or domain"
        ),
        Macro(
            name="OFFICE365CLIENTID",
            option="--client-id",
            value="",
            help="Client id of the application",
        ),
        secret,
        Macro(
            name="OFFICE365EXTRAOPTIONS", option="", value="", help="More options for all services"
        ),
    )


def modes_options(report: Report) -> tuple[Option, ...]:
    """Give the options of `check` that the connector's mode for this report takes too."""
    thresholds = {words.option for words in report.words.words}
    return tuple(
        option
        for option in checks.options_of(report)
        if checks.word(option) in INSIDE or checks.word(option).partition("-")[2] in thresholds
    )


def service_macros(report: Report, chosen: Mapping[str, str]) -> tuple[Macro, ...]:
    """Give the macros of a report's service template, with the values that were chosen."""
    per_user = any(metric.per_user for metric in report.metrics)
    counters = {"filter-counters": SHOWN_BY_DEFAULT} if per_user else {}
    macros = []
    for option in modes_options(report):
        word = checks.word(option)
        value = chosen.get(word, counters.get(word, option.default))
        macros.append(
            Macro(
                name=word.replace("-", "").upper(),
                option=option.flag,
                value=clapi.argument(value, f"{checks.SET.flag} {word}"),
                help=option.help.rstrip("."),
            )
        )
    extra = Macro(name="EXTRAOPTIONS", option="", value="", help="More options for this service")
    return (*macros, extra)
