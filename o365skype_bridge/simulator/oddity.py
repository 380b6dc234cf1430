"""What an oddity of report data is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from o365skype_bridge.simulator.crowd import Asked
from o365skype_bridge.simulator.reports import Layout

Cells = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """One way in which reports are odd; what is not set stays ordinary.

    An oddity without any effect of its own is asked for by name where it matters.
    """

    name: str
    traps: tuple[int, ...]
    help: str
    lag: int | None = None
    users: int | None = None
    names: tuple[str, ...] = ()
    columns: Callable[[Layout, list[str]], list[str]] | None = None
    header: Callable[[str], str] | None = None
    cells: Callable[[int, Cells, Asked], None] | None = None
    stream: Callable[[Asked, Iterator[bytes]], Iterator[bytes]] | None = None
