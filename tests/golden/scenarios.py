"""Golden cases: a folder of report files or a list of outcomes in, what every output prints out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalogue import CATALOGUE, SHAPES
from readers.shapes import Saved
from readers.zone import zone

from o365skype_bridge import outputs
from o365skype_bridge.engine import derive
from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.period import spread
from o365skype_bridge.model.shape import USUAL
from o365skype_bridge.model.values import Collection, ReportResult
from o365skype_bridge.outputs.base import Rendered
from o365skype_bridge.reading.count import View, compile_filter
from o365skype_bridge.reading.groups import Groups

HERE = Path(__file__).parent
ACTUAL = HERE / "actual"
NOW = datetime(2026, 6, 30, 6, tzinfo=UTC).timestamp()
REPORTS = {report.name: report for report in (*CATALOGUE, *SHAPES.values())}


def clock() -> float:
    """Stand still."""
    return NOW


class Case:
    """One case: what it is made of, and what is expected of each output."""

    def __init__(self, name: str) -> None:
        self.folder = HERE / name
        self.settings = tomllib.loads((self.folder / "case.toml").read_text())

    def exit_code(self, output: str) -> int:
        """Give the exit code that an output must have; 0 if the case does not say."""
        return int(self.settings.get("exit", {}).get(output, 0))

    def expected(self, output: str) -> Path:
        """Give the file that holds what an output must print."""
        return self.folder / f"expected.{output}"

    def rendered(self, output: str) -> Rendered:
        """Print the case's collection, where noon is noon in UTC."""
        with zone("UTC"):
            return outputs.load(output).render(
                self.collection(), self.settings.get("options", {}), ()
            )

    def collection(self) -> Collection:
        """Collect from the case's files, and put in the outcomes that need no file."""
        names = self.settings.get("reports", [report.name for report in CATALOGUE])
        periods = self.settings.get("periods", [USUAL])
        reports = spread([REPORTS[name] for name in names], periods, (), "periods")
        read = Collection(results=tuple(self._results(derive.sources_of(reports))), now=NOW)
        return derive.shown(read, reports)

    def _results(self, reports: Sequence[Report]) -> Iterator[ReportResult]:
        outcomes = self.settings.get("outcomes", {})
        view = View(
            wanted=compile_filter(self.settings.get("filter_user", "")),
            per_user=self.settings.get("per_user", False),
            groups=self._groups(),
        )
        for tenant, folder in self._tenants().items():
            source = Saved(folder)
            for report in reports:
                result = ReportResult(report=report, tenant=tenant, outcome=Outcome(kind="pending"))
                outcome = outcomes.get(report.name)
                if outcome is None or outcome["kind"] == "stale":
                    result = collect(source, report, tenant, view, clock)
                    result = result.replace(confirmed_at=result.collected_at)
                yield result if outcome is None else _with(result, outcome)

    def _groups(self) -> Groups | None:
        """Look at the case's groups, if it has some."""
        name, minimum = self.settings.get("groups"), self.settings.get("group_minimum", 5)
        return Groups(str(self.folder / name), minimum) if name else None

    def _tenants(self) -> Mapping[str, Path]:
        """Give the folders of tenants: those within the input, or the input of just one."""
        folders = sorted(path for path in self.folder.glob("input/*") if path.is_dir())
        found = {path.name: path for path in folders}
        return found or {"contoso": self.folder / "input"}


def _with(result: ReportResult, outcome: Mapping[str, Any]) -> ReportResult:
    words = {key: value for key, value in outcome.items() if key != "calls"}
    return result.replace(outcome=Outcome(**words), calls=outcome.get("calls", 0))


CASES = {path.parent.name: Case(path.parent.name) for path in sorted(HERE.glob("*/case.toml"))}
