"""The question that a command line asks, as values: what lies below knows no options."""

from __future__ import annotations

import os
import time

from o365skype_bridge import reports as catalogue
from o365skype_bridge.engine.answer import Ask
from o365skype_bridge.errors import UsageError
from o365skype_bridge.settings import sources
from o365skype_bridge.settings.values import IDENTITY, Chosen

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from o365skype_bridge.engine.folder import Folder
    from o365skype_bridge.engine.people import Selection
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import Collection
    from o365skype_bridge.settings.values import Chosen, Settings

ELSEWHERE = (*IDENTITY, "graph_endpoint", "login_endpoint")
"""Options that say who logs in where, which a folder has no use for."""


def reports(chosen: Chosen) -> tuple[Report, ...]:
    """Give the reports that were named, or the default, over the periods that were named.

    Raises `UsageError`.
    """
    found = catalogue.chosen(chosen.names, chosen.setting)
    if not chosen.periods:
        return found
    from o365skype_bridge.model import period  # noqa: PLC0415 few ask for another than the usual one

    periods = period.read(chosen.periods, chosen.period_setting)
    return period.spread(found, periods, chosen.names, chosen.period_setting)


def ask(values: Mapping[str, Any], chosen: Chosen) -> Ask:
    """Give what is asked of the reports that were named. Raises `UsageError`."""
    return Ask(
        reports=reports(chosen),
        filter_user=values["filter_user"],
        per_user=values["per_user"],
        by_group=True,
        neighbours=catalogue.catalogue,
    )


def settings(values: Mapping[str, Any]) -> Settings:
    """Give the settings; several tenants are refused to who asks for one. Raises `UsageError`."""
    found = sources.load(values, os.environ)
    if values.get("one_tenant") and len(found.tenants) > 1:
        raise UsageError(
            f"no tenant is named, and the configuration has {len(found.tenants)}",
            "Name one with --tenant; on a host in Zabbix by the macro {$O365.TENANT}.",
        )
    return found


def selection(values: Mapping[str, Any]) -> Selection | None:
    """Give who is to be shown; None when it is everybody by name. Raises `UsageError`."""
    if not values["max_users"] and not values["pseudonymize"]:
        return None
    from o365skype_bridge.engine.people import Selection  # noqa: PLC0415 who shows all by name needs none of it

    return Selection.of(values["max_users"], values["pseudonymize"])


def identity(values: Mapping[str, Any]) -> tuple[object, ...]:
    """Give what tells these figures from others of the same state."""
    names = ("filter_user", "service", "per_user", "max_users", "pseudonymize", "groups")
    return tuple(values[name] for name in names)


def folder(values: Mapping[str, Any]) -> Folder:
    """Give the folder that is to be read instead of asking Graph. Raises `UsageError`."""
    from o365skype_bridge.engine.folder import DEADLINE, Folder  # noqa: PLC0415 demonstrations only

    _require_alone("from-folder", values, (*ELSEWHERE, "replay"))
    if len(values["tenant"]) > 1:
        raise UsageError("--from-folder holds one tenant's reports", "Name one --tenant.")
    deadline = values["deadline"]
    groups, minimum = sources.groups(values, os.environ)
    return Folder(
        path=values["from_folder"],
        tenant="".join(values["tenant"]),
        groups=groups,
        group_minimum=minimum,
        deadline=sources.seconds("deadline", deadline) if deadline else DEADLINE,
    )


def elsewhere(values: Mapping[str, Any]) -> tuple[Chosen, Callable[[Ask], Collection]]:
    """Give what answers instead of Graph: a folder of report files, or a bundle.

    Before it the reports that are meant where none are named. Raises `UsageError`.
    """
    if values["from_folder"]:
        from o365skype_bridge.engine.folder import answer  # noqa: PLC0415 demonstrations only

        chosen = folder(values)
        return Chosen(), lambda ask: answer(chosen, ask, time.time)
    from o365skype_bridge.support.replay import Replayed  # noqa: PLC0415 imports the network

    _require_alone("replay", values, ELSEWHERE)
    replayed = Replayed(values["replay"], values["tenant"])
    return replayed.chosen, replayed.answer


def _require_alone(flag: str, values: Mapping[str, Any], others: Iterable[str]) -> None:
    for name in others:
        if values.get(name):
            other = name.replace("_", "-")
            raise UsageError(f"--{flag} and --{other} contradict each other", "Give one.")
