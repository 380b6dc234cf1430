"""Settings that follow their files: read again when one of them is another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o365skype_bridge.errors import BridgeError
from o365skype_bridge.execd.memory import mark_of
from o365skype_bridge.state import account

if TYPE_CHECKING:
    from collections.abc import Callable

    from o365skype_bridge.engine.people import Selection, Showing
    from o365skype_bridge.engine.views import Views
    from o365skype_bridge.execd.memory import Mark
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.settings.values import Chosen, Settings

    ReportsOf = Callable[[Chosen], tuple[Report, ...]]
    ViewsOf = Callable[[Settings, tuple[Report, ...]], Views]


class Configuration:
    """The settings in force, and what is wrong with newer ones.

    ``settings`` is None as long as there were none that could be used; ``problem`` says what
    is wrong with what the files say now.
    """

    def __init__(
        self,
        path: str,
        load: Callable[[], Settings],
        selection: Selection | None,
        reports_of: ReportsOf,
        views_of: ViewsOf,
    ) -> None:
        """Take what loads the settings, the file it reads, and what finds reports by their names.

        ``views_of`` gives the views of tenants, and reads their groups.

        Nothing is read yet.
        """
        self.settings: Settings | None = None
        self.reports: tuple[Report, ...] = ()
        self.views: Views = {}
        self.showing: Showing | None = None
        self.problem = ""
        self._path = path
        self._load = load
        self._selection = selection
        self._reports_of = reports_of
        self._views_of = views_of
        self._marks: dict[str, Mark] | None = None

    def renew(self) -> bool:
        """Read again if a file changed; say whether there are settings that were not before."""
        with account.Regained():
            return self._renew()

    def _renew(self) -> bool:
        marks = self._look()
        if marks == self._marks:
            return False
        self._marks = marks
        try:
            showing = self._selection.showing() if self._selection else None
            settings = self._load()
            reports = self._reports_of(settings.reports)
            views = self._views_of(settings, reports)
        except BridgeError as error:
            kept = " The former configuration stays in force." if self.settings else ""
            self.problem = f"{error.text}{kept}"
            return False
        self.problem, self.settings, self.showing = "", settings, showing
        self.reports, self.views = reports, views
        self._marks = {path: marks.get(path, mark) for path, mark in self._look().items()}
        return True

    def _look(self) -> dict[str, Mark]:
        tenants = self.settings.tenants if self.settings else ()
        files = [self._path, self._selection.key_file if self._selection else ""]
        for tenant in tenants:
            files += tenant.files
        return {path: mark_of(path) for path in files if path}
