"""Answer from a folder of report files: no credentials, no network, nothing kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.values import Collection
from o365skype_bridge.process import deadline
from o365skype_bridge.reading.count import View, compile_filter
from o365skype_bridge.reading.source import FolderSource
from o365skype_bridge.settings import sources
from o365skype_bridge.settings.values import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from o365skype_bridge.engine.answer import Ask

DEADLINE = 8.0


def answer(values: Mapping[str, Any], ask: Ask, clock: Callable[[], float]) -> Collection:
    """Answer by what lies in the folder; the tenant is the one named, or the folder's name."""
    contradicting = [
        name for name in (*IDENTITY, "graph_endpoint", "login_endpoint") if values[name]
    ]
    if contradicting:
        flag = contradicting[0].replace("_", "-")
        raise UsageError(f"--from-folder and --{flag} contradict each other", "Give one.")
    if len(values["tenant"]) > 1:
        raise UsageError("--from-folder holds one tenant's reports", "Name one --tenant.")
    path = Path(values["from_folder"])
    whole = Path(sources.whole(values["from_folder"]))
    tenant = values["tenant"][0] if values["tenant"] else whole.resolve().name
    view = View(wanted=compile_filter(ask.filter_user), per_user=ask.per_user)
    source = FolderSource(path)
    left = sources.seconds("deadline", values["deadline"]) if values["deadline"] else DEADLINE
    with deadline.after(left):
        results = tuple(collect(source, report, tenant, view, clock) for report in ask.reports)
    return Collection(results=results, now=clock())
