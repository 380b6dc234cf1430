"""The tables of oddities and faults, as text."""

from collections.abc import Iterable

from o365skype_bridge.simulator.faults import FAULTS, SPELLING
from o365skype_bridge.simulator.oddities import ODDITIES
from o365skype_bridge.simulator.records import EVERYWHERE, Fault


def _table(rows: Iterable[tuple[str, tuple[int, ...], str]]) -> str:
    lines = [(name, ",".join(map(str, traps)), text) for name, traps, text in rows]
    width = max(len(name) for name, _, _ in lines)
    return "".join(f"  {name:{width}}  {traps:>5}  {text}\n" for name, traps, text in lines)


def _places(fault: Fault) -> str:
    return "everywhere" if fault.where == EVERYWHERE else ", ".join(fault.where)


def listing() -> str:
    """Every oddity and every fault with its trap numbers and what it does."""
    oddities = _table((odd.name, odd.traps, odd.help) for odd in ODDITIES.values())
    faults = _table(
        (fault.name, fault.traps, f"{fault.help} [{_places(fault)}]") for fault in FAULTS.values()
    )
    return (
        f"Oddities of the data (--oddity NAME)\n{oddities}\nFaults (--fault {SPELLING})\n{faults}"
    )
