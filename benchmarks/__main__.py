"""Measure o365skype_bridge, and print one table of ratios.

Everything runs against the embedded simulator, which is a process of its own. Nothing here is a
timed test: the exit code is 0 unless an answer was wrong.
"""

from __future__ import annotations

import argparse
import compileall
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import rows_calls
import rows_network
import rows_parse
import rows_warm
from table import Row, print_table

import o365skype_bridge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GROUPS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "warm": rows_warm.warm,
    "cold": rows_network.cold,
    "parse": rows_parse.parse,
    "filter": rows_network.filtered,
    "starts": rows_calls.starts,
    "day": rows_calls.day,
    "tenants": rows_network.tenants,
}


def main() -> None:
    """Measure the groups that are named, or all."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("group", nargs="*", help=f"any of {', '.join(GROUPS)}; without: all")
    groups = parser.parse_args().group or list(GROUPS)
    if unknown := set(groups) - set(GROUPS):
        parser.error(f"there is no group {', '.join(sorted(unknown))}")
    # An installed package has its bytecode; without it every start would compile it anew.
    compileall.compile_dir(o365skype_bridge.__path__[0], quiet=1)
    began = time.monotonic()
    rows = []
    for name in groups:
        with tempfile.TemporaryDirectory(prefix="o365skype-bench-") as folder:
            for row in GROUPS[name](Path(folder)):
                sys.stderr.write(f"{time.monotonic() - began:4.0f} s  {row.name}\n")
                rows.append(row)
    print_table(rows)


if __name__ == "__main__":
    main()
