"""Who imports whom, how modules begin, and what an answer from what is kept does not load."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from o365skype_bridge import outputs
from o365skype_bridge.reports import CATALOGUE
from o365skype_bridge.reports.teams import TEAMS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "o365skype_bridge"
GOLDEN = ROOT / "tests" / "golden"
NAME = PACKAGE.name

MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = (
    *("requests", "msal", "jinja2", "cryptography", "urllib3", "tenacity"),
    *("portalocker", "argparse", "dataclasses", "typing", "tomllib", "csv", "pathlib"),
    "zabbix_utils",
)

BASE = {"errors", "files", "frozen"}
VALUES = BASE | {"model"}

ALLOWED: dict[str, set[str]] = {
    # the values, which everything else speaks of
    "errors": set(),
    "files": set(),
    "pipes": set(),
    "account": {"files", "settings"},
    "frozen": set(),
    "model": BASE,
    "thresholds": BASE,
    "patterns": {"errors"},
    "people": VALUES | {"settings"},
    "problems": {"model", "pipes"},
    "options": BASE,
    "settings": BASE,
    "configfile": BASE | {"settings"},
    "config": BASE | {"configfile", "settings"},
    # one axis, one folder
    "reports": {"model"},
    "graph": VALUES | {"patterns", "settings", "__version__"},
    "state": VALUES | {"settings"},
    "outputs": VALUES | {"options", "patterns", "thresholds"},
    "simulator": {"__version__"},
    # what brings them together
    "hurry": set(),
    "alarm": {"errors", "hurry"},
    "detach": {"alarm", "hurry"},
    "collector": VALUES | {"graph"},
    "serving": VALUES | {"state"},
    "views": VALUES | {"collector", "graph", "state"},
    "fetch": VALUES | {"collector", "graph", "state", "views"},
    "refresh": VALUES | {"collector", "settings", "fetch", "graph", "state", "views"},
    "fleet": VALUES | {"settings", "graph", "refresh", "state", "views"},
    "answer": VALUES
    | {
        "account",
        "alarm",
        "settings",
        "detach",
        "fleet",
        "graph",
        "refresh",
        "serving",
        "state",
        "views",
    },
    "backfill": VALUES
    | {"alarm", "answer", "collector", "fleet", "graph", "history", "refresh", "settings"}
    | {"state", "views"},
    "history": VALUES | {"answer", "settings"},
    "backfilling": VALUES
    | {
        "account",
        "answer",
        "backfill",
        "config",
        "flags",
        "history",
        "options",
        "outputs",
        "people",
    }
    | {"pipes", "problems", "send", "state"},
    "execd": VALUES
    | {
        "account",
        "answer",
        "config",
        "detach",
        "flags",
        "fleet",
        "folder",
        "graph",
        "outputs",
        "people",
    }
    | {"problems", "refresh", "settings", "state", "views"},
    "send": VALUES | {"outputs"},
    "folder": VALUES | {"alarm", "answer", "collector", "config", "graph", "settings"},
    # the command line
    "flags": {"options", "outputs", "reports"},
    "cli": VALUES
    | {"answer", "commands", "config", "execd", "flags", "folder", "options", "outputs"}
    | {"people", "pipes", "problems", "reports", "send"},
    "generate": VALUES
    | {"__version__", "config", "options", "outputs", "pipes", "settings", "thresholds"},
    "commands": BASE
    | {
        "__version__",
        "backfilling",
        "execd",
        "generate",
        "options",
        "outputs",
        "pipes",
        "problems",
        "refreshing",
        "reports",
    }
    | {"simulator"},
    "refreshing": VALUES
    | {"account", "alarm", "answer", "config", "flags", "fleet", "options", "pipes", "problems"}
    | {"refresh", "settings", "state"},
    "connector": VALUES
    | {"__version__", "alarm", "answer", "config", "configfile", "outputs", "patterns", "pipes"}
    | {"reports", "settings", "thresholds"},
    "__main__": {"cli"},
    "__init__": set(),
}
"""What each module or folder of the package may import of the others."""

TYPES_ONLY = {("graph", "settings"), ("state", "settings")}
"""Imports that are for type checkers: the importing folder is handed the values."""

SPEAKERS = {
    "requests": "graph",
    "msal": "graph",
    "tenacity": "graph",
    "urllib3": "graph",
    "zabbix_utils": "send",
}
"""The libraries that can send something, and the only place that imports each."""


class Import(NamedTuple):
    """One import of a module: of what, inside a function or not, for type checkers or not."""

    name: str
    lazy: bool
    typing: bool


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[Import]:
    yield from _imports(tree(path), lazy=False, typing=False)


def _imports(node: ast.AST, *, lazy: bool, typing: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, lazy, typing) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, "imports are absolute"
            names = (f"{child.module}.{alias.name}" for alias in child.names)
            yield from (Import(name, lazy, typing) for name in names)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            guarded = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
            yield from _imports(child, lazy=lazy or inside, typing=typing or guarded)


def own(path: Path) -> Iterator[tuple[str, Import]]:
    """Give a module's imports of the package, each with the module or folder it leads to."""
    for found in imports(path):
        parts = found.name.split(".")
        if parts[0] == NAME and len(parts) > 1 and parts[1] != layer(path):
            yield parts[1], found


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_module_imports_only_what_its_place_allows(path: Path) -> None:
    """Imports of the package go one way; whoever adds a module says where it belongs."""
    assert {target for target, _ in own(path)} - ALLOWED[layer(path)] == set()


def test_table_names_nothing_that_is_gone() -> None:
    """Every module and folder of the package is in the table, and nothing else is."""
    assert set(ALLOWED) == {layer(path) for path in MODULES}


def test_module_level_imports_have_no_cycle() -> None:
    """What is imported when a module loads leads nowhere in a circle."""
    targets: dict[str, set[str]] = {}
    for path in MODULES:
        found = {name for name, one in own(path) if not (one.lazy or one.typing)}
        targets.setdefault(layer(path), set()).update(found & set(ALLOWED))
    while free := [name for name, wanted in targets.items() if not wanted]:
        for name in free:
            del targets[name]
        targets = {name: wanted - set(free) for name, wanted in targets.items()}

    assert targets == {}


def test_settings_are_handed_to_graph_and_state() -> None:
    """Neither loads the settings; they are given what they need."""
    loaded = [
        f"{named(path)} imports {target}"
        for path in MODULES
        for target, found in own(path)
        if (layer(path), target) in TYPES_ONLY and not found.typing
    ]

    assert loaded == []


def test_only_the_command_line_sees_the_catalogue() -> None:
    """The reports are handed down, so that nothing can learn about a particular one."""
    seeing = {layer(path) for path in MODULES for target, _ in own(path) if target == "reports"}

    assert seeing - {"cli", "commands", "connector", "flags", "refreshing"} == set()


def test_only_its_command_loads_the_simulator_and_only_when_asked() -> None:
    """The simulator is an extra: the rest of the package works without it."""
    seeing = {
        (named(path), found.lazy)
        for path in MODULES
        for target, found in own(path)
        if target == "simulator"
    }

    assert seeing == {("commands.py", True)}


def test_only_its_place_speaks_to_the_network() -> None:
    """The libraries that can send something are imported where the bearer token is guarded."""
    speaking = {
        (found.name.split(".")[0], layer(path))
        for path in MODULES
        for found in imports(path)
        if found.name.split(".")[0] in SPEAKERS
    }

    assert speaking == set(SPEAKERS.items())


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_module_opens_with_one_sentence(path: Path) -> None:
    """The first line of a module says in one sentence what it is."""
    first = (ast.get_docstring(tree(path)) or "").splitlines()[:1]

    assert [line[-1:] for line in first] == ["."]


def test_nothing_is_excluded_from_coverage() -> None:
    """Coverage is of everything; no line is marked as not counting."""
    marked = [
        f"{named(path)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "pragma:" in line
    ]

    assert marked == []


def test_no_branch_on_a_name_of_a_report() -> None:
    """A report is a declaration: only its own file knows its name."""
    names = {report.name for report in (*CATALOGUE, *TEAMS)}
    knowing = {
        layer(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in names
    }

    assert knowing == {"reports"}


@pytest.mark.parametrize("output", outputs.OUTPUTS)
def test_every_golden_case_has_every_output(output: str) -> None:
    """A case shows what each output makes of it."""
    cases = [path for path in GOLDEN.glob("*/") if path.name not in ("actual", "__pycache__")]
    missing = [path.name for path in cases if not (path / f"expected.{output}").is_file()]

    assert (bool(cases), missing) == (True, [])


ENTRIES = [
    *(f"{NAME}.cli, {NAME}.outputs.{output}" for output in outputs.OUTPUTS),
    f"{NAME}.connector.run",
]


@pytest.mark.parametrize("modules", ENTRIES)
def test_command_line_and_output_load_nothing_heavy(modules: str) -> None:
    """What every answer imports brings neither network nor argparse nor dataclasses."""
    code = (
        "import sys; before = set(sys.modules); "
        f"import {modules}; "
        f"print(sorted((set(sys.modules) - before) & set({HEAVY!r})))"
    )
    # Measuring coverage loads half of these itself.
    clean = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
