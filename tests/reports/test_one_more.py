"""One more report, of whatever shape, is one more declaration: everything takes it as it is."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from catalogue import CATALOGUE, SHAPES
from conftest import MakeLab
from readers import making, shapes

from o365skype_bridge import generate, outputs
from o365skype_bridge.cli import entry
from o365skype_bridge.cli.generate import options_of
from o365skype_bridge.engine import answer, derive, folder
from o365skype_bridge.engine.answer import Ask
from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.engine.folder import Folder
from o365skype_bridge.engine.recount import PLAIN
from o365skype_bridge.engine.refresh import Limits, Refresher
from o365skype_bridge.model.options import defaults
from o365skype_bridge.model.shape import KINDS
from o365skype_bridge.model.values import Collection, ReportResult
from o365skype_bridge.outputs import influx, perfdata, prometheus
from o365skype_bridge.settings.values import Settings

PAGE = Path(__file__).parent.parent.parent / "CONTRIBUTING.md"
FILES = [shape for shape, report in SHAPES.items() if not report.is_list]
"""The shapes that can lie in a folder; a list of Graph's is no file that anybody saves."""


def figures(result: ReportResult) -> dict[str, float | str]:
    """Give the figures of a result's newest day."""
    return {
        " ".join(filter(None, (sample.metric.dotted, sample.user))): sample.value
        for sample in result.newest
    }


def collected(shape: str) -> Collection:
    """Give what the files and lists of a shape hold, beside reports that have none."""
    reports = (*CATALOGUE, SHAPES[shape])
    source = shapes.Saved(shapes.FOLDER)
    asked = derive.sources_of(reports)
    results = (collect(source, one, "contoso", PLAIN, lambda: making.NOW) for one in asked)
    return derive.shown(making.collection(*results), reports)


@pytest.mark.parametrize("shape", FILES)
def test_engine_reads_it_from_a_folder(shape: str) -> None:
    """With its figures, beside reports that have none, and among files of others."""
    given = Folder(path=str(shapes.FOLDER), tenant="contoso")
    ask = Ask(reports=(*CATALOGUE, SHAPES[shape]))
    results = folder.answer(given, ask, lambda: making.NOW).results

    assert [result.outcome.kind for result in results] == ["gone", "gone", "ok"]
    assert figures(results[-1]) == shapes.EXPECTED[shape]


@pytest.mark.parametrize("shape", SHAPES)
def test_engine_asks_graph_for_it_and_keeps_it(
    make_lab: MakeLab, tmp_path: Path, shape: str
) -> None:
    """Its figures are the same when they are fetched, and when they are read from what is kept."""
    report = SHAPES[shape]
    newest: date = datetime.now(UTC).date() - timedelta(days=2)
    roles = frozenset({"Reports.Read.All", report.permission})
    tenant = make_lab(bodies=shapes.bodies(report, newest), roles=roles).tenant()
    settings = Settings(tenants=(tenant,), state_dir=str(tmp_path / "state"))
    refresher = Refresher(settings, tenant, Limits(life=30.0, patience=30.0, seen={}))
    fetched = [refresher.refresh(one, PLAIN) for one in derive.sources_of([report])]
    refresher.close()
    [shown] = derive.shown(making.collection(*fetched), [report]).results
    began = time.monotonic()
    [kept] = answer.answer(settings, Ask(reports=(report,)), began, time.time).collection.results

    assert (shown.outcome.kind, figures(shown)) == ("ok", shapes.EXPECTED[shape])
    assert (kept.outcome.kind, kept.samples) == ("ok", shown.samples)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("output", outputs.OUTPUTS)
def test_output_prints_it(output: str, shape: str) -> None:
    """Every output writes each of its figures under a name that is made of the declaration."""
    report = SHAPES[shape]
    labels = perfdata.labels((*CATALOGUE, report))
    text = outputs.load(output).render(collected(shape), {}, ()).text
    numbers = [metric for metric in report.metrics if not metric.is_text]
    names = {
        "influx": [f"{influx.field(report, metric)}=" for metric in numbers],
        "prometheus": [f"{prometheus.name(report, metric)}{{" for metric in numbers],
        "checkmk": [f"{metric.dotted.replace('.', '_')}=" for metric in numbers],
        "centreon": [f"{labels[metric.dotted]}'=" for metric in numbers],
    }
    dotted = [f'"{metric.dotted}"' for metric in report.metrics]

    assert [name for name in names.get(output, dotted) if name not in text] == []


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("target", generate.TARGETS)
def test_generator_makes_configuration_of_it(target: str, shape: str) -> None:
    """Every target writes more than it does without; tasks that alert are for judged figures."""
    values = defaults(options_of(target))
    make = generate.load(target).make
    before, after = make(values, CATALOGUE), make(values, (*CATALOGUE, SHAPES[shape]))

    assert before.keys() <= after.keys()
    judged = any(metric.warning or metric.critical for metric in SHAPES[shape].metrics)
    changed = [name for name in after if before.get(name) != after[name]]
    assert bool(changed) == (judged or target != "influxdb")


@pytest.mark.parametrize("shape", SHAPES)
def test_check_has_its_thresholds(shape: str) -> None:
    """Each number of its has both, which are called after its metric."""
    options = entry.options_of("check", outputs.load("centreon"), (*CATALOGUE, SHAPES[shape]))
    wanted = {
        f"--{kind}-{words.option}"
        for metric, words in SHAPES[shape].spoken
        for kind in ("warning", "critical")
        if not metric.is_text
    }

    assert wanted - {option.flag for option in options} == set()


@pytest.mark.parametrize("shape", SHAPES)
def test_threshold_of_each_number_judges_it(shape: str) -> None:
    """A range that no figure is in makes the report critical."""
    for metric, words in SHAPES[shape].spoken:
        if not metric.is_text:
            options = {f"critical_{words.option.replace('-', '_')}": "-2:-1", "units": "count"}
            made = outputs.load("centreon").render(collected(shape), options, ())

            assert (words.option, made.exit_code) == (words.option, 2)


def test_table_of_costs_has_every_shape() -> None:
    """What is proven here for each shape stands in CONTRIBUTING.md: nothing else is touched."""
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) \| (\d+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert rows == [(shape, "0", "0") for shape in SHAPES]


def test_shapes_are_all_there_are() -> None:
    """Each kind of shape, and a list, has a report here."""
    assert {report.shape.kind for report in SHAPES.values()} == set(KINDS)
    assert [shape for shape, report in SHAPES.items() if report.is_list] == ["list"]
