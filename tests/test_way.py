"""The way of one figure through the package is the one that CONTRIBUTING.md lists."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from catalogue import USERS_ACTIVITY
from conftest import MakeLab
from readers.files import ACTIVITY, activity_row, written

import o365skype_bridge
from o365skype_bridge import outputs
from o365skype_bridge.engine.answer import Ask, answer
from o365skype_bridge.engine.recount import PLAIN
from o365skype_bridge.engine.refresh import Limits, Refresher
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.settings.values import Settings

PACKAGE = Path(o365skype_bridge.__file__).parent
PAGE = (PACKAGE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
FIGURE = 4711
DEEPEST = 8
ASIDE = ("model/", "process/", "simulator/")
"""Rooms of values, pipes and files, which everything goes through, and of whom we ask."""


def holds(value: Any, depth: int = 0) -> bool:
    """Say whether the figure is in a value: as text, as number, or somewhere inside."""
    if isinstance(value, str):
        return str(FIGURE) in value
    if isinstance(value, (int, float)):
        return value == FIGURE
    return depth < DEEPEST and any(holds(part, depth + 1) for part in parts(value))


def parts(value: Any) -> Iterable[Any]:
    """Give what is in a value: items, and the fields of ours, which may not be set yet."""
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, Frozen):
        return (getattr(value, field, None) for field in type(value).fields)
    return value if isinstance(value, (list, tuple)) else ()


class Way:
    """Notes the files of the package whose functions have the figure in hand when they return."""

    def __init__(self) -> None:
        self.files: set[str] = set()

    def __call__(self, frame: FrameType, event: str, given: Any) -> None:
        """Look at a frame; see `sys.setprofile`."""
        path = Path(frame.f_code.co_filename)
        if event != "return" or not path.is_relative_to(PACKAGE):
            return
        name = str(path.relative_to(PACKAGE))
        if name.startswith(ASIDE) or name in self.files:
            return
        own = (value for name, value in frame.f_locals.items() if name != "self")
        if holds(given) or any(map(holds, own)):
            self.files.add(name)


def walked(make_lab: MakeLab, folder: Path) -> tuple[set[str], str]:
    """Fetch one figure, answer it from what is kept, print it; give the files and the text."""
    day = str(datetime.now(UTC).date() - timedelta(days=2))
    bodies = {
        (USERS_ACTIVITY.function, parameter): written(
            ACTIVITY, activity_row("adele@contoso.com", FIGURE, 0, 0, period=period, day=day)
        )
        for parameter, period in (("D7", 7), (day, 1))
    }
    tenant = make_lab(bodies=bodies).tenant()
    settings = Settings(tenants=(tenant,), state_dir=str(folder / "state"))
    refresher = Refresher(settings, tenant, Limits(life=30.0, patience=30.0, seen={}))
    way, before = Way(), sys.getprofile()
    sys.setprofile(way)
    try:
        refresher.refresh(USERS_ACTIVITY, PLAIN)
        ask = Ask(reports=(USERS_ACTIVITY,))
        kept = answer(settings, ask, time.monotonic(), time.time).collection
        text = outputs.load("centreon").render(kept, {}, ()).text
    finally:
        sys.setprofile(before)
        refresher.close()
    return way.files, text


def test_way_of_a_figure_is_the_one_that_is_listed(make_lab: MakeLab, tmp_path: Path) -> None:
    """From the CSV cell to the perfdata label it passes these files of ours and no others."""
    files, text = walked(make_lab, tmp_path)
    listed = re.findall(r"^\d+\. `([^`]+)`", PAGE, re.MULTILINE)

    assert f"'total_peer_to_peer_sessions'={FIGURE};" in text
    assert sorted(listed) == sorted(files)
