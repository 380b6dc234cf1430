"""Write the files of one report, of the period and of a day, as the simulator makes them."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from o365skype_bridge.simulator.data import TenantData

NEWEST = date(2026, 11, 20)


ASKED = {"period": "D7", "day": NEWEST.isoformat()}


def main(function: str, users: str, folder: str, *names: str) -> None:
    """Write ``period.csv`` and ``day.csv`` or one of them, and print how many bytes they have."""
    data = TenantData(users=int(users), refresh_date=NEWEST)
    size = 0
    for name in names:
        with (Path(folder) / f"{name}.csv").open("wb") as opened:
            size += sum(map(opened.write, data.body(function, ASKED[name])))
    print(size)


if __name__ == "__main__":
    main(*sys.argv[1:])
