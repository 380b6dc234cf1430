"""The variables that Icinga's hosts and services have for the options of `check`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from o365skype_bridge.generate import checks, identity
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.frozen import Frozen

PREFIX = "o365skype_"


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


ELSEWHERE = {
    **identity.HELP,
    "config": "Configuration file; unset: the default.",
    "state-dir": "Folder for what is kept; unset: the default.",
}
"""What hosts say or inherit, rather than services."""


def variables(reports: Sequence[Report], said: Iterable[str]) -> list[Variable]:
    """Give every variable of the command, each once: of hosts what is ``said``, and of services."""
    found = [
        Variable(option=name, help=text, is_required=name in ("tenant", "tenant-id", "client-id"))
        for name, text in ELSEWHERE.items()
        if name in said
    ]
    options = {
        checks.word(option): option for report in reports for option in checks.options_of(report)
    }
    found += [
        Variable(option=name, help=option.help, is_flag=not option.metavar)
        for name, option in options.items()
    ]
    return found
