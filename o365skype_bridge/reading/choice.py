"""Items of a list that are chosen by name: which there are, and which there are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Choice:
    """Those items that go by one of the names, in any letter case; all items without names."""

    def __init__(self, wanted: Sequence[str]) -> None:
        """Know no item yet."""
        self._wanted = {name.strip().casefold(): name for name in wanted}
        self._known: dict[tuple[str, ...], None] = {}

    def takes(self, names: tuple[str, ...]) -> bool:
        """Say whether an item is one of them, and remember what it goes by."""
        self._known[names] = None
        return not self._wanted or any(name.casefold() in self._wanted for name in names)

    @property
    def known(self) -> tuple[tuple[str, ...], ...]:
        """What each item goes by, in order."""
        return tuple(sorted(names for names in self._known if names))

    @property
    def missing(self) -> tuple[str, ...]:
        """The names that no item goes by, as they were written."""
        found = {name.casefold() for names in self._known for name in names}
        return tuple(name for folded, name in self._wanted.items() if folded not in found)


EVERYTHING = Choice(())
"""No choice at all; what has no names is not chosen from."""
