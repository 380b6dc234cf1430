"""Lines, good and bad, that show how a reader of line protocol reads: whole texts, in order."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from real_telegraf import ROOT

PARTS: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("corpus.toml").read_text(encoding="utf-8")
)
ODD = [*PARTS["odd"], "x" * 300, "\\" * 7, "\\" * 8]
"""What a name could hold."""

LONG = (
    f"m,{','.join(f't{number}=v{number}' for number in range(60))} f=1i 1",
    f"m {','.join(f'f{number}={number}i' for number in range(300))} 1",
    f"m,t={'v' * 100_000} f=1i 1",
)


def corpus() -> list[str]:
    """Give every text once."""
    return list(dict.fromkeys(_texts()))


def _texts() -> Iterator[str]:
    yield from PARTS["whole"]
    yield from LONG
    for place in PARTS["places"]:
        yield from (place.replace("{}", odd) for odd in ODD)
    for value in PARTS["values"]:
        yield from (f"m f={value} 1\n", f"m f=1i,g={value}")
    yield from (f"m,t=v f=1i{time}" for time in PARTS["times"])
    for path in sorted(ROOT.glob("tests/golden/*/expected.influx")):
        text = path.read_text(encoding="utf-8")
        yield text
        yield from text.splitlines(keepends=True)
