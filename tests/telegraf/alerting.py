"""The committed alert rules of Grafana: what they ask, and what Grafana makes of the answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

import panels

Rule = dict[str, Any]

GOOD = {"up": 1, "cause_code": 0, "confirmed_seconds": 60, "age_seconds": 180_000}

BAD = {
    "fine": {},
    "passing": {"up": 0, "cause_code": 8, "confirmed_seconds": 21_600},
    "unauthorized": {"up": 0, "cause_code": 7},
    "forbidden": {"up": 0, "cause_code": 5},
    "unconfirmed": {"confirmed_seconds": 21_601},
    "old": {"age_seconds": 345_601},
    "nearly-old": {"age_seconds": 345_600},
}
"""What is different about tenants of these names."""

EXPECTED = {
    "Somebody has to act": {"unauthorized", "forbidden"},
    "Graph has not confirmed the figures": {"unconfirmed"},
    "Microsoft's reports are late": {"old"},
    "Nothing comes from o365skype-bridge": set(),
}


def lines() -> str:
    """Give a line of each tenant, of a minute ago."""
    at = int(time.time() - 60) * 10**9
    found = []
    for tenant, changes in BAD.items():
        fields = ",".join(f"{name}={value}i" for name, value in {**GOOD, **changes}.items())
        found.append(f"o365_bridge,report=r,tenant={tenant} {fields} {at}\n")
    return "".join(found)


def rules(language: str) -> list[Rule]:
    """Give the rules for a language."""
    path = panels.DASHBOARDS / language / "alerting" / "o365skype.json"
    [group] = json.loads(path.read_text(encoding="utf-8"))["groups"]
    found: list[Rule] = group["rules"]
    return found


def firing(
    language: str, ask: Callable[[dict[str, Any]], Iterable[panels.Row]]
) -> dict[str, set[str]]:
    """Give the tenants that each rule fires for; ``ask`` runs what stands in a query's model."""
    found = {}
    for rule in rules(language):
        query, reduce, math = rule["data"]
        assert (reduce["model"]["reducer"], reduce["model"]["expression"]) == ("last", "A")
        rows = list(ask(query["model"]))
        assert rows, rule["title"]
        found[rule["title"]] = {
            row["tenant"]
            for row in rows
            if is_true(math["model"]["expression"], float(row["value"]))
        }
    return found


def is_true(expression: str, value: float) -> bool:
    """Do the sum as Grafana does: numbers, comparisons, && and ||."""
    words = expression.replace("$B", repr(value)).replace("&&", "and").replace("||", "or")
    return bool(eval(words, {"__builtins__": {}}))
