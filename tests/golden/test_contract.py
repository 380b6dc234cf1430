"""What Centreon's connector printed for report files, our Centreon output prints to the byte."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from readers.recordings import FILES, RECORDINGS
from readers.zone import zone

from o365skype_bridge import outputs, reports
from o365skype_bridge.cli import entry
from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.model.declare import CONNECTOR
from o365skype_bridge.model.options import quick
from o365skype_bridge.model.values import Collection
from o365skype_bridge.outputs.base import Rendered
from o365skype_bridge.reading.count import View, compile_filter
from o365skype_bridge.reading.source import FolderSource

SCENARIOS = [name for name, recording in RECORDINGS.items() if recording.get("check")]
SKYPE = reports.load("skype")
REPORTS = {report.function: report for report in SKYPE}
CENTREON = outputs.load("centreon")
OPTIONS = entry.options_of("check", CENTREON, SKYPE)


def check(scenario: Mapping[str, Any], folder: Path) -> Rendered:
    """Judge the scenario's files, as ``check`` does with a folder and empty reports being OK.

    The connector hides single users unless its option for counters is given.
    """
    words = [word for word in scenario["options"] if not word.startswith("--mode=")]
    values = quick(words, OPTIONS)
    assert values is not None
    view = View(
        wanted=compile_filter(values["filter_user"]),
        per_user=any(word.startswith("--filter-counters") for word in words),
    )
    report = REPORTS[scenario["function"]].replace(reading=CONNECTOR)
    result = collect(FolderSource(folder), report, "contoso", view, float)
    try:
        return CENTREON.render(
            Collection(results=(result,), now=0.0), {**values, "empty_state": "ok"}, ()
        )
    except BridgeError as error:
        return CENTREON.fail(error)


@pytest.mark.parametrize("name", SCENARIOS)
def test_is_what_centreons_connector_prints(name: str, tmp_path: Path) -> None:
    """Exit code, status line and perfdata are those of Centreon's connector."""
    scenario = RECORDINGS[name]
    for part, file in zip(("d7", "day"), scenario["files"], strict=True):
        (tmp_path / f"{part}.csv").write_bytes(FILES[file])
    with zone(scenario.get("env", {}).get("TZ", "UTC")):
        actual = check(scenario, tmp_path)

    assert (scenario["exit"], scenario["stdout"]) == (actual.exit_code, actual.text)
