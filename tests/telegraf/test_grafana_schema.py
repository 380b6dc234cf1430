"""The dashboards are what Grafana's published schema says a dashboard is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from real_telegraf import ROOT

HERE = Path(__file__).parent / "grafana"
MODULES = ROOT / ".agents" / "grafana" / "node_modules"
DASHBOARDS = sorted((ROOT / "telegraf" / "grafana").glob("*/*.json"))
WRONG = ROOT / "telegraf" / "grafana" / "influxql" / "o365skype-bridge.json"
OVER_PROMETHEUS = ROOT / "prometheus" / "families" / "grafana" / "o365skype-prometheus.json"

pytestmark = pytest.mark.skipif(
    not (MODULES.exists() and shutil.which("node")),
    reason="there is no schema of Grafana; make agents installs it, with npm",
)


MISTAKES = (
    ('"graphTooltip": 1', '"graphTooltip": 7'),
    ('"schemaVersion": 41', '"schemaVersion": "41"'),
    ('"timezone"', '"timeZone"'),
    ('"fillOpacity": 70', '"fillOpacity": "70"'),
    ('"drawStyle": "bars"', '"drawStyle": "bar"'),
    ('"colorMode": "value"', '"colorMode": "values"'),
    ('"cellHeight": "sm"', '"cellHeight": "small"'),
    ('"mode": "absolute"', '"mode": "absolut"'),
    ('"refresh": 2', '"refresh": 3'),
    ('"gridPos": {', '"gridPosition": {'),
    ('"rowHeight": 0.9,', ""),
    ('"type": "state-timeline"', '"type": "statetimeline"'),
    ('"rawQuery": true', '"rawQuery": "true"'),
    ('"resultFormat": "table"', '"format": "tables"'),
    ('"includeVars": true', '"includeVars": 1'),
)
"""What is in the dashboard, and what must not be in its place."""


def test_dashboards_are_some_and_mistakes_would_be_found(tmp_path: Path) -> None:
    """Grafana's types know all of the committed dashboards, and no mistake in any part of one."""
    text = WRONG.read_text(encoding="utf-8")
    texts = {
        f"dashboard{number}": path.read_text(encoding="utf-8")
        for number, path in enumerate(DASHBOARDS)
    }
    for number, (good, bad) in enumerate(MISTAKES):
        assert good in text
        texts[f"mistake{number}"] = text.replace(good, bad, 1)
    complaints = compiled(texts, tmp_path)
    named = {line.partition("(")[0].removesuffix(".ts") for line in complaints if line[:1] != " "}

    assert [line for line in complaints if line.startswith("dashboard")] == []
    assert named == {f"mistake{number}" for number in range(len(MISTAKES))}
    assert len(DASHBOARDS) == 9


def test_dashboard_over_prometheus_is_one_and_mistakes_would_be_found(tmp_path: Path) -> None:
    """The same types know all of this one, and what is asked in the other's way is a mistake."""
    text = OVER_PROMETHEUS.read_text(encoding="utf-8")
    mistakes = (
        ('"expr"', '"query"'),
        ('"format": "table"', '"format": "tabel"'),
        ('"id": "organize"', '"name": "organize"'),
        ('"lineInterpolation": "stepAfter"', '"lineInterpolation": "step"'),
    )
    texts = {"dashboard": text}
    texts |= {f"mistake{i}": text.replace(*pair, 1) for i, pair in enumerate(mistakes)}
    complaints = compiled(texts, tmp_path)
    named = {line.partition("(")[0].removesuffix(".ts") for line in complaints if line[:1] != " "}

    assert [line for line in complaints if line.startswith("dashboard")] == []
    assert named == texts.keys() - {"dashboard"}


def compiled(texts: dict[str, str], folder: Path) -> list[str]:
    """Have the TypeScript compiler look at dashboards; give its complaints."""
    for name in ("checked.ts", "tsconfig.json"):
        shutil.copy(HERE / name, folder)
    (folder / "node_modules").symlink_to(MODULES)
    for name, text in texts.items():
        source = (
            f"import type {{ Checked }} from './checked';\nexport const it: Checked = {text};\n"
        )
        (folder / f"{name}.ts").write_text(source, encoding="utf-8")
    done = subprocess.run(
        ["node", MODULES / "typescript" / "bin" / "tsc", "--project", ".", "--pretty", "false"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.stdout.splitlines()
