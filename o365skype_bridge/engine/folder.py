"""Answer from a folder of report files: no credentials, no network, nothing kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from o365skype_bridge.engine import derive
from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.engine.views import compiled
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.values import Collection
from o365skype_bridge.process import deadline
from o365skype_bridge.reading.groups import Groups
from o365skype_bridge.reading.source import FolderSource
from o365skype_bridge.settings import sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from o365skype_bridge.engine.answer import Ask

DEADLINE = 8.0


class Folder(Frozen):
    """A folder of report files, which are one tenant's: the one named, or of the folder's name.

    ``groups`` is the file of its groups and ``group_minimum`` the members that one must have, as in
    a tenant's settings. ``deadline`` is the seconds that reading it may take.
    """

    path: str
    tenant: str = ""
    groups: str = ""
    group_minimum: int = 0
    deadline: float = DEADLINE


def answer(folder: Folder, ask: Ask, clock: Callable[[], float]) -> Collection:
    """Answer by what lies in a folder. Raises `UsageError` for a filter that cannot be used."""
    whole = Path(sources.whole(folder.path))
    tenant = folder.tenant or whole.resolve().name
    view = compiled(ask.filter_user, per_user=ask.per_user)
    source = FolderSource(Path(folder.path))
    with deadline.after(folder.deadline):
        if folder.groups:
            view = view._replace(groups=Groups(folder.groups, folder.group_minimum))
        results = tuple(
            collect(source, report, tenant, view, clock)
            for report in derive.sources_of(ask.reports)
        )
    return derive.shown(Collection(results=results, now=clock()), ask.reports)
