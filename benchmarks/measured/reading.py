"""Read a folder of report files, as the package does or with csv alone; print what it took.

Time is that of computing: there is nothing to wait for, and other processes do not count.
"""

from __future__ import annotations

import csv
import gc
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.model.asked import Asked
from o365skype_bridge.model.declare import Report
from o365skype_bridge.reading.count import View
from o365skype_bridge.reading.source import T
from o365skype_bridge.reports import chosen

CHUNK = 1 << 16
"""Bytes; what comes from the network comes in such pieces too."""


class Files:
    """Two files as a source of reports."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that they are in."""
        self.calls = 0
        self._folder = folder

    def read(self, _report: Report, asked: Asked, consume: Callable[[Iterable[bytes]], T]) -> T:
        """Hand over the file that is asked for."""
        name = "day.csv" if asked.is_day else "period.csv"
        with (self._folder / name).open("rb") as opened:
            return consume(iter(lambda: opened.read(CHUNK), b""))


def peak() -> float:
    """Give this process's peak memory in MB.

    That of `resource.getrusage` begins with what the process that started this one had.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def with_package(folder: Path, report: Report) -> int:
    """Count period and day and make samples; give what all figures come to."""
    result = collect(Files(folder), report, "bench", View())
    if result.outcome.kind != "ok":
        raise SystemExit(result.outcome.text)
    return sum(int(sample.value) for sample in result.samples)


def with_csv(folder: Path) -> int:
    """Let csv split the same bytes into cells, and do nothing with them."""
    for path in sorted(folder.iterdir()):
        with path.open(newline="", encoding="utf-8") as opened:
            for _row in csv.reader(opened):
                pass
    return 0


def main(folder: str, *names: str) -> None:
    """Do one of both; without the name of a report it is csv alone."""
    reports = chosen(names, "NAME") if names else ()  # imported like all else that is needed
    gc.disable()  # as the command does
    began = time.process_time()
    found = with_package(Path(folder), reports[0]) if reports else with_csv(Path(folder))
    seconds = time.process_time() - began
    print(json.dumps({"seconds": seconds, "peak": peak(), "found": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
