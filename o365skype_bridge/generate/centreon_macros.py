"""The macros of Centreon's templates, as the connector's plugin pack calls them."""

from __future__ import annotations

from collections.abc import Mapping

from o365skype_bridge.generate import checks, clapi
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.options import Option
from o365skype_bridge.settings.values import JUDGING

CUSTOM_MODE = "graphapi"
SECRET, SECRET_FILE = "OFFICE365CLIENTSECRET", "OFFICE365SECRETFILE"
"""One of them says where the secret is; the other is taken away."""

SHOWN_BY_DEFAULT = "active|total"
"""The counters of a report that has others for every single user."""

INSIDE = frozenset(
    {
        *("filter-user", "service", "filter-counters", "units", "max-age"),
        *(name.replace("_", "-") for name in JUDGING),
    }
)
"""What has a macro besides the thresholds of metrics."""


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


def host_macros(secret_file: str, *, is_connectors: bool = True) -> tuple[Macro, ...]:
    """Give the macros of the host template.

    ``is_connectors`` says whether they are for the connector's command line, or for `check`.
    """
    if secret_file:
        secret = Macro(
            name=SECRET_FILE,
            option="--client-secret-file",
            value=secret_file,
            help="File on the poller that holds the client secret",
        )
    else:
        secret = Macro(
            name=SECRET,
            option="--client-secret",
            value="",
            help="Client secret: its value, not its id",
            password=True,
        )
    tenant = Macro(
        name="OFFICE365TENANT",
        option="--tenant" if is_connectors else "--tenant-id",
        value="",
        help="Tenant: its GUID or domain",
    )
    client = Macro(
        name="OFFICE365CLIENTID",
        option="--client-id",
        value="",
        help="Client id of the application",
    )
    if not is_connectors:
        more = "More options of check, for all services that the connector does not have"
        extra = Macro(name="OFFICE365CHECKOPTIONS", option="", value="", help=more)
        return (tenant, client, secret, extra)
    mode = Macro(
        name="OFFICE365CUSTOMMODE",
        option="--custommode",
        value=CUSTOM_MODE,
        help=f"How Microsoft 365 is asked; there is {CUSTOM_MODE} only",
    )
    more = "More options for all services"
    extra = Macro(name="OFFICE365EXTRAOPTIONS", option="", value="", help=more)
    return (mode, tenant, client, secret, extra)


def services_options(report: Report) -> tuple[Option, ...]:
    """Give the options of `check` that a service has a macro for.

    The connector's modes take them too. Users can be chosen where rows are of users.
    """
    own = {words.option for words in report.words.words}
    inside = INSIDE if report.is_by_user else INSIDE - {"filter-user"}
    return tuple(
        option
        for option in checks.options_of(report)
        if checks.word(option) in inside or checks.word(option).partition("-")[2] in own
    )


def service_macros(report: Report, chosen: Mapping[str, str]) -> tuple[Macro, ...]:
    """Give the macros of a report's service template, with the values that were chosen."""
    # `check` shows single users only when it is told to.
    per_user = report.is_connectors and any(metric.per_user for metric in report.metrics)
    counters = {"filter-counters": SHOWN_BY_DEFAULT} if per_user else {}
    macros = []
    for option in services_options(report):
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
