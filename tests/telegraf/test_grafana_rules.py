"""The alert rules are what Grafana's published client says that such a file is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import panels
import pytest
from real_telegraf import ROOT

RULES = ROOT / ".agents" / "grafana-rules" / "rules"
FILES = sorted(panels.DASHBOARDS.glob("*/alerting/*.json"))

pytestmark = pytest.mark.skipif(
    not RULES.exists(), reason="there is no reader of Grafana's rules; make agents builds it"
)

MISTAKES = (
    ('"noDataState": "OK"', '"noDataState": "Fine"'),
    ('"execErrState": "Error"', '"execErrState": "Broken"'),
    ('"condition": "C"', '"conditions": "C"'),
    ('"datasourceUid"', '"datasource"'),
    ('"relativeTimeRange": {', '"relativeTimeRange": 5, "x": {'),
    ('"apiVersion": 1', '"apiVersion": "1"'),
    ('"severity": "critical"', '"severity": 2'),
    ('"interval": "60s"', '"interval": 60'),
)


def complaints(path: Path) -> str:
    done = subprocess.run([RULES, path], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.parent.name)
def test_file_is_one(path: Path) -> None:
    """Every property is known and has a value that is allowed."""
    assert complaints(path) == ""
    assert len(FILES) == 3


@pytest.mark.parametrize(("good", "bad"), MISTAKES)
def test_mistake_would_be_found(tmp_path: Path, good: str, bad: str) -> None:
    """The check does look at each of them."""
    text = FILES[0].read_text(encoding="utf-8")
    path = tmp_path / "rules.json"
    path.write_text(text.replace(good, bad, 1), encoding="utf-8")

    assert good in text
    assert complaints(path) != ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.parent.name)
def test_parts_of_a_rule_fit(path: Path) -> None:
    """The condition is the last part, each part asks the one before, and no id is there twice."""
    [group] = json.loads(path.read_text(encoding="utf-8"))["groups"]
    ids = [rule["uid"] for rule in group["rules"]]

    assert len(set(ids)) == len(ids)
    for rule in group["rules"]:
        query, reduce, math = rule["data"]
        assert [part["refId"] for part in rule["data"]] == ["A", "B", rule["condition"]]
        assert reduce["model"]["expression"] == query["refId"]
        assert "$B" in math["model"]["expression"]
        assert len(rule["uid"]) <= 40
