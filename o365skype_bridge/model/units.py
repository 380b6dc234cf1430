"""What figures are measured in: a value for each unit, which every output writes in its own way."""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen

COUNTED, SIZE, TIME, SHARE, TEXT = "counted", "size", "time", "share", "text"
"""Kinds of quantity: things, bytes, spans of time, parts of a hundred, and what is no number."""


class Unit(Frozen):
    """A unit. ``one`` is how many bytes or seconds one of it is, and 1 for all else.

    What is ``is_whole`` has no fractions, unless something is divided.
    """

    name: str
    kind: str = COUNTED
    one: int = 1
    is_whole: bool = True


COUNT = Unit(name="count")
"""Things whose name says what they are: sessions, messages, files."""

USERS = Unit(name="users")
DEVICES = Unit(name="devices")
MAILBOXES = Unit(name="mailboxes")
ACCOUNTS = Unit(name="accounts")
SITES = Unit(name="sites")
TEAMS = Unit(name="teams")
GROUPS = Unit(name="groups")
FILES = Unit(name="files")

BYTES = Unit(name="bytes", kind=SIZE)
SECONDS = Unit(name="seconds", kind=TIME, is_whole=False)
MINUTES = Unit(name="minutes", kind=TIME, one=60, is_whole=False)
DAYS = Unit(name="days", kind=TIME, one=86400, is_whole=False)
PERCENT = Unit(name="percent", kind=SHARE, is_whole=False)

WORD = Unit(name="text", kind=TEXT, is_whole=False)
"""No number at all: a status, a title."""


def share(part: float, whole: float) -> float | None:
    """Give what part of a whole something is, in percent with two decimals; None of nothing."""
    return round(100 * part / whole, 2) if whole else None
