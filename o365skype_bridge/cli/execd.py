"""``o365skype-bridge execd``: read newlines, write line protocol, stay."""

from __future__ import annotations

import gc
import os
import time
from typing import TYPE_CHECKING, Any

from o365skype_bridge import outputs
from o365skype_bridge.cli import question
from o365skype_bridge.cli.flags import PERIOD, QUESTION, REPORT, SETTINGS
from o365skype_bridge.engine import views
from o365skype_bridge.engine.answer import views_of
from o365skype_bridge.engine.given import Memory as Given
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.execd.configuration import Configuration
from o365skype_bridge.execd.session import Session
from o365skype_bridge.execd.stopping import installed
from o365skype_bridge.execd.streams import Inlet, Outlet
from o365skype_bridge.model.values import Collection
from o365skype_bridge.outputs import problems
from o365skype_bridge.settings import sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o365skype_bridge.engine.people import Showing

INFLUX = outputs.load("influx")
OPTIONS = (REPORT, PERIOD, *QUESTION, *SETTINGS, *INFLUX.options)


def run(values: Mapping[str, Any]) -> int:
    """Answer until stdin or stdout ends or a signal comes; 0, or 3 when stdout cannot be used.

    Raises `UsageError` for options that no configuration can put right.
    """
    gc.enable()
    inlet = Inlet(installed())
    return Loop(values, inlet, Outlet(inlet)).run()


class Loop:
    """One answer for every newline."""

    def __init__(self, values: Mapping[str, Any], inlet: Inlet, outlet: Outlet) -> None:
        """Take the options and the agent's pipes."""
        self._ask = question.ask(values, sources.chosen(values, os.environ))
        self._selection = question.selection(values)
        self._values = values
        self._inlet = inlet
        self._outlet = outlet
        self._configuration = Configuration(
            str(values["config"] or os.environ.get("O365_CONFIG") or sources.DEFAULT_CONFIG),
            lambda: sources.load(values, os.environ),
            self._selection,
            question.reports,
            lambda settings, reports: views_of(
                settings, self._ask.replace(reports=reports), now=True
            ),
        )
        if self._ask.filter_user:  # no configuration can put a wrong one right
            views.compiled(self._ask.filter_user, per_user=self._ask.per_user)
        self._session = Session(inlet, self._ask)
        INFLUX.validate(values, self._ask.reports)
        self._given = Given() if values["changed_only"] else None

    def run(self) -> int:
        """Answer until there is nobody to answer; give the exit code."""
        inlet, worker = self._inlet, self._session.worker
        try:
            while not inlet.stopped:
                if inlet.asked:
                    inlet.asked = False
                    self.answer()
                elif inlet.ended_at is not None:
                    break
                elif inlet.wait(worker.reader, worker.overdue_in):
                    self._session.hear()
                else:
                    self._session.drop_overdue()
        except OSError as error:
            # When whoever read us has gone, or told us to go, there is nothing left to do.
            gone = isinstance(error, BrokenPipeError) or inlet.ended_at is not None
            return 0 if gone else 3
        finally:
            worker.end()
        return 0

    def answer(self) -> None:
        """Write one answer, and what is wrong. Raises `OSError` when nobody can read it."""
        began = time.monotonic()
        text, said = "", []
        try:
            collection, warnings = self._collect(began)
            if collection is not None:
                shown = self._given.ungiven(collection) if self._given else collection
                text = INFLUX.render(shown, self._values, warnings).text
                said = problems.of(collection)
            said += [problems.line("W", warning) for warning in warnings]
        except BridgeError as error:
            said.append(problems.line("E", error.text))
        except Exception as error:
            if os.environ.get("O365_DEBUG"):
                raise
            said.append(problems.line("E", f"unexpected {type(error).__name__}. {DEFECT}"))
        if self._configuration.problem:
            said.append(problems.line("E", self._configuration.problem))
        self._outlet.say(said)
        self._outlet.write(text)
        if self._given:
            self._given.note()

    def _collect(self, began: float) -> tuple[Collection | None, tuple[str, ...]]:
        if self._values["from_folder"]:
            from o365skype_bridge.engine import folder  # noqa: PLC0415 demonstrations only

            collection = folder.answer(question.folder(self._values), self._ask, time.time)
            showing = self._selection.showing() if self._selection else None
            return self._shown(collection, showing, ())
        if self._configuration.renew() and self._configuration.settings:
            found = self._configuration
            self._session.use(self._configuration.settings, found.reports, found.views)
        settings = self._configuration.settings
        if settings is None:
            return None, ()
        answered = self._session.answer(began)
        warnings = (*settings.warnings, *answered.problems)
        return self._shown(answered.collection, self._configuration.showing, warnings)

    @staticmethod
    def _shown(
        collection: Collection, showing: Showing | None, warnings: tuple[str, ...]
    ) -> tuple[Collection, tuple[str, ...]]:
        if showing is None:
            return collection, warnings
        return showing.of(collection), (*warnings, *showing.warnings)


DEFECT = "This is a defect of o365skype-bridge: open an issue, please."
