"""What a Zabbix file is made for: version, mode, and what the operator's options say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate.base import COMMAND
from o365skype_bridge.generate.zabbix_parts import Item
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.options import Option

VERSIONS = ("6.0", "7.0", "7.4")

LONGEST_PATH = 1000
"""Characters; a macro holds 2,048."""

METHODS = {
    "external": "external check",
    "agent": "Zabbix agent",
    "trapper": "trapper",
}
"""Every mode, and how a template's name says it."""

OPTIONS = (
    Option(
        flag="--zabbix-version",
        metavar="VERSION",
        choices=VERSIONS,
        default="7.0",
        help="Oldest server that has to take the file; newer ones take it too.",
    ),
    Option(
        flag="--mode",
        metavar="MODE",
        choices=tuple(METHODS),
        default="external",
        help="Who runs the check: the server or proxy, an agent, or whoever pushes values.",
    ),
    Option(
        flag="--script",
        metavar="NAME",
        default="o365skype-bridge",
        help="Name of the link in the folder of external scripts.",
    ),
    Option(
        flag="--command",
        metavar="PATH",
        default=COMMAND,
        help="The command that an agent runs.",
    ),
    Option(
        flag="--groups",
        help="Items for the totals of groups, which the configuration file has a CSV file for.",
    ),
    Option(
        flag="--config",
        metavar="FILE",
        help="Configuration file that the macro names until it is changed on a host.",
    ),
    Option(
        flag="--state-dir",
        metavar="DIR",
        help="Folder for what is kept that the macro names until it is changed on a host.",
    ),
)


QUESTION = ("--report", "--period")
"""The options that say what is asked for, in the order in which an agent's key has their values."""


class Plan(Frozen):
    """The choices of one file. Raises `UsageError` for what its format cannot hold."""

    version: str
    mode: str
    script: str
    command: str
    config: str
    state_dir: str
    reports: str = ""
    """Names of reports and families that were asked for, with commas between them."""
    periods: str = ""
    """Periods that were asked for, in the same way."""
    groups: bool = False
    """Whether there are totals of groups."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Plan:
        """Take the values of `OPTIONS`."""
        plan = cls(
            version=values["zabbix_version"],
            mode=values["mode"],
            script=values["script"],
            command=values["command"],
            config=values["config"],
            state_dir=values["state_dir"],
            reports=",".join(values.get("report", ())),
            periods=",".join(values.get("period", ())),
            groups=bool(values.get("groups")),
        )
        if not re.fullmatch(r"[0-9A-Za-z_.-]{1,100}", plan.script):
            raise UsageError(
                f"--script {plan.script[:40]!a} is not the plain name of a file",
                "Use letters, digits, dots, dashes and underscores; the folder is Zabbix's.",
            )
        for flag in ("command", "config", "state_dir"):
            _refuse_odd_path(f"--{flag.replace('_', '-')}", getattr(plan, flag))
        return plan

    @property
    def question(self) -> tuple[tuple[str, str], ...]:
        """The options of `collect` that say what is asked for, with their values."""
        given = zip(QUESTION, (self.reports, self.periods), strict=True)
        return tuple((flag, text) for flag, text in given if text)

    @property
    def method(self) -> str:
        """How the template gets its document, in the words of its name."""
        return METHODS[self.mode]

    def master(
        self,
        id_: str,
        name: str,
        description: str,
        words: tuple[str, ...],
        parameters: tuple[str, ...] = (),
        group: str = "",
    ) -> Item:
        """Give the item that gets a document.

        ``words`` are the parameters of an external check, ``parameters`` those of an agent's key:
        nothing that `UserParameter` forbids. What is pushed for a ``group`` has its name.
        """
        types = {"external": "EXTERNAL", "agent": "ZABBIX_PASSIVE", "trapper": "TRAP"}
        keys = {
            "external": f"{self.script}[{','.join(words)}]",
            "agent": f"o365.bridge.{id_}[{','.join(parameters)}]",
            "trapper": f"o365.bridge.{id_}[{group}]" if group else f"o365.bridge.{id_}",
        }
        return Item(
            id=f"master:{id_}",
            key=keys[self.mode],
            name=name,
            description=description,
            component="raw",
            type=types[self.mode],
            value_type="TEXT",
        )


def _refuse_odd_path(flag: str, path: str) -> None:
    odd = [char for char in path if not char.isprintable()]
    if odd or len(path) > LONGEST_PATH or (path and not path.startswith("/")):
        raise UsageError(
            f"{flag} {path[:40]!a} is not an absolute path without control characters",
            "Zabbix runs commands in the root folder with an environment of its own.",
        )
