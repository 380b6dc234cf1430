"""Concealed names: what is said of them, and the tenant's setting, asked for once a day at most."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.state import codec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o365skype_bridge.graph.calls import Calls
    from o365skype_bridge.state.store import Store

NAME = "'Display concealed user, group, and site names in all reports'"
PLACE = "in the admin centre (Settings, Org settings, Services, Reports)"
REVEAL = f"To see names, an administrator switches off {NAME} {PLACE}."
NOT_YET = "Names come with the next report: wait for Microsoft."

NOTES = {
    None: f"Microsoft conceals user names in this tenant; totals are right. {REVEAL}",
    True: f"Microsoft conceals user names in this tenant, as its setting says; totals are right. "
    f"{REVEAL}",
    False: "User names of this report are concealed, and the tenant's setting is off by now; "
    f"totals are right. {NOT_YET}",
}
"""What is noted of concealed names: by what the setting says, None where it is not known."""

NOBODY_BY_NAME = {
    None: Outcome(
        kind="empty",
        message="Microsoft conceals user names in this tenant, and none matches the filter",
        remedy=REVEAL,
    ),
    True: Outcome(
        kind="empty",
        message="Microsoft conceals user names in this tenant, as its setting says, and none "
        "matches the filter",
        remedy=REVEAL,
    ),
    False: Outcome(
        kind="empty",
        message="user names of this report are concealed, and none matches the filter",
        remedy=f"The tenant's setting is off by now. {NOT_YET}",
    ),
}
"""What comes of a filter by name, likewise."""

FILE = "concealment.json"
FIELDS = ("asked_at", "conceals")
DAY = 86400.0


def nobody(notes: tuple[str, ...]) -> Outcome:
    """Give what comes of a filter that matches no concealed name, by what is noted of them."""
    said = next((setting for setting, note in NOTES.items() if note in notes), None)
    return NOBODY_BY_NAME[said]


class Setting:
    """The setting of one tenant, kept in the state; who may not be told it is never asked."""

    def __init__(self, store: Store) -> None:
        """Read nothing yet."""
        self._store = store
        self._known: tuple[float, bool | None] | None = None

    def conceals(self, calls: Calls, now: float) -> bool | None:
        """Say what the setting says; None where that is not known."""
        asked_at, found = self._known or self._store.kept(FILE, _read) or (None, None)
        if asked_at is not None and 0 <= now - asked_at < DAY:
            return found
        if not calls.may_know_concealment():
            return None
        self._remember((now, None))  # if it hangs, nobody waits for it again today
        found = calls.concealment()
        self._remember((now, found))
        return found

    def _remember(self, known: tuple[float, bool | None]) -> None:
        self._known = known
        with contextlib.suppress(OSError):
            self._store.keep(FILE, dict(zip(FIELDS, known, strict=True)))


def _read(content: Mapping[str, object]) -> tuple[float, bool | None]:
    asked_at, found = (content[name] for name in FIELDS)
    return codec.number(asked_at), None if found is None else codec.require(found, bool)
