"""What the drop-in answers where the connector answers otherwise; run to accept what it does now.

Kept in ``differences.json``, by the recording's name, with what changes from run to run replaced.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import runner
from readers.recordings import of_class

HERE = Path(__file__).with_name("differences.json")
CLASSES = ("defect", "dialect", "text")
CHANGING = (
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST"),
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"(?<=o365skype-bridge )\d+\.\d+\.\d+"), "VERSION"),
)


def settled(text: str) -> str:
    """Replace what is another value every time."""
    for pattern, word in CHANGING:
        text = pattern.sub(word, text)
    return text


def kept() -> dict[str, dict[str, object]]:
    """Give what was accepted."""
    found: dict[str, dict[str, object]] = json.loads(HERE.read_text("utf-8"))
    return found


def main() -> int:
    """Play every recording that may differ and keep what is answered now."""
    names = of_class(*CLASSES)
    drivers = runner.Drivers(runner.AT_ONCE)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(runner.AT_ONCE) as pool:

        def play(name: str) -> dict[str, object]:
            done = runner.played(name, drivers, Path(tempfile.mkdtemp(dir=folder)))
            return {"exit": done.code, "stdout": settled(done.out)}

        answers = dict(zip(names, pool.map(play, names), strict=True))
    drivers.close()
    text = json.dumps(answers, indent=1, ensure_ascii=False, sort_keys=True)
    HERE.write_text(f"{text}\n", "utf-8")
    sys.stdout.write(f"{len(answers)} answers accepted; review them with git diff\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
