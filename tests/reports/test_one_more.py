"""One more report is one more declaration: everything takes it as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from catalogue import CATALOGUE
from readers import files, making

from o365skype_bridge import generate, outputs
from o365skype_bridge.cli import entry
from o365skype_bridge.cli.generate import options_of
from o365skype_bridge.engine import folder
from o365skype_bridge.engine.answer import Ask
from o365skype_bridge.engine.folder import Folder
from o365skype_bridge.model.options import defaults
from o365skype_bridge.model.values import Collection
from o365skype_bridge.reports.usage import devices_usage

NEW = devices_usage(
    "abacus-devices-usage",
    "Abacus",
    "getAbacusUserDetail",
    (("wood", "Wood", "Used Wood", "wood"),),
)
EVERY = (*CATALOGUE, NEW)
HEADER = ["Report Refresh Date", "User Principal Name", "Used Wood", "Report Period"]


def collected(path: Path) -> Collection:
    """Have the engine answer for every report, from files of the new one alone."""
    for period in ("1", "7"):
        row = [files.DAY, "adele@contoso.com", "Yes", period]
        (path / f"{period}.csv").write_bytes(files.written(HEADER, row))
    given = Folder(path=str(path), tenant="contoso")
    return folder.answer(given, Ask(reports=EVERY), lambda: making.NOW)


def test_engine_answers_it(tmp_path: Path) -> None:
    """With its figures, beside reports that have none."""
    results = collected(tmp_path).results

    assert [result.outcome.kind for result in results] == ["gone", "gone", "ok"]
    assert {sample.metric.dotted: sample.value for sample in results[-1].samples} == {
        "abacus.devices.active.count": 1,
        "abacus.devices.wood.count": 1,
    }


@pytest.mark.parametrize("output", outputs.OUTPUTS)
def test_output_prints_it(output: str, tmp_path: Path) -> None:
    """Every output writes its figures under a name that is made of the declaration."""
    text = outputs.load(output).render(collected(tmp_path), {}, ()).text
    names = {"influx": "o365_abacus_devices_usage,tenant=contoso active=1i", "centreon": "'wood'=1"}

    assert names.get(output, '"abacus.devices.wood.count"') in text


@pytest.mark.parametrize("target", generate.TARGETS)
def test_generator_makes_configuration_of_it(target: str) -> None:
    """Every target writes more than it does without."""
    values = defaults(options_of(target))
    make = generate.load(target).make
    before, after = make(values, CATALOGUE), make(values, EVERY)

    assert before.keys() == after.keys()
    assert [name for name in after if before[name] != after[name]] != []


def test_check_has_its_thresholds() -> None:
    """They are called after its metrics."""
    options = entry.options_of("check", outputs.load("centreon"), EVERY)

    assert {"--warning-wood", "--critical-wood"} <= {option.flag for option in options}
