"""Oddities of report data by name: each makes the files differ from the ordinary in one way.

The trap numbers are the simulator's own list of things that real tenants have been seen to do;
a test proves that every number is covered by an oddity or by a fault.
"""

from collections.abc import Iterable
from typing import Final

from o365skype_bridge.simulator.file_oddities import FILE_ODDITIES
from o365skype_bridge.simulator.oddity import Oddity
from o365skype_bridge.simulator.resource_oddities import RESOURCE_ODDITIES
from o365skype_bridge.simulator.row_oddities import ROW_ODDITIES

ODDITIES: Final = {
    oddity.name: oddity for oddity in (*FILE_ODDITIES, *ROW_ODDITIES, *RESOURCE_ODDITIES)
}


def chosen(names: Iterable[str]) -> list[Oddity]:
    """The oddities of these names, in the order of the table.

    Raises:
        ValueError: a name is not in the table.
    """
    wanted = set(names)
    if unknown := wanted - ODDITIES.keys():
        known = ", ".join(ODDITIES)
        raise ValueError(f"no oddity is named {', '.join(sorted(unknown))}; choose from {known}")
    return [oddity for oddity in ODDITIES.values() if oddity.name in wanted]
