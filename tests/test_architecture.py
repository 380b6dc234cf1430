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

from o365skype_bridge import outputs, reports

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "o365skype_bridge"
GOLDEN = ROOT / "tests" / "golden"
NAME = PACKAGE.name

MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = (
    *("requests", "msal", "jinja2", "cryptography", "urllib3", "tenacity"),
    *("portalocker", "argparse", "dataclasses", "typing", "tomllib", "csv", "pathlib"),
    *("zabbix_utils", "re", "json", "datetime", "functools"),
)

VALUES = {"errors", "model", "process"}

ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "errors": set(),
    "model": {"errors"},
    "process": {"errors"},
    "reports": {"errors", "model"},
    "settings": VALUES,
    "reading": VALUES,
    "outputs": VALUES,
    "state": VALUES | {"settings"},
    "graph": VALUES | {"__version__", "reading", "settings"},
    "generate": VALUES | {"__version__", "outputs", "settings"},
    "engine": VALUES | {"graph", "reading", "settings", "state"},
    "execd": VALUES | {"engine", "reading", "settings", "state"},
    "doctor": VALUES | {"__version__", "engine", "graph", "outputs", "settings"},
    "support": VALUES | {"__version__", "engine", "graph", "reading", "settings"},
    "connector": VALUES | {"__version__", "engine", "outputs", "reports", "settings", "state"},
    "simulator": {"__version__"},
    "cli": VALUES
    | {
        "__version__",
        "doctor",
        "engine",
        "execd",
        "generate",
        "outputs",
        "reports",
        "settings",
        "simulator",
    }
    | {"state", "support"},
    "__main__": {"cli"},
}
"""What each room of the package may import of the others."""

FLOORS = 8
"""Rooms that stand one above the other, at most."""

TYPES_ONLY = {("graph", "settings"), ("state", "settings")}
"""Imports that are for type checkers: the importing room is handed the values."""

SPEAKERS = {
    ("requests", "graph"),
    ("msal", "graph"),
    ("msal", "settings"),
    ("tenacity", "graph"),
    ("urllib3", "graph"),
    ("zabbix_utils", "outputs"),
}
"""The libraries that can send something, and the rooms that import each.

A credential knows how MSAL signs in with it; what MSAL sends by is the other room's.
"""


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


def module(name: str) -> Path | None:
    """Give the file that an imported name is, or is in."""
    place = ROOT / name.replace(".", "/")
    found = [place.with_suffix(".py"), place / "__init__.py", place.parent.with_suffix(".py")]
    return next((path for path in (*found, place.parent / "__init__.py") if path.is_file()), None)


def without_ground(imported: dict[str, set[str]]) -> dict[str, set[str]]:
    """Take away what imports nothing."""
    ground = {name for name, wanted in imported.items() if not wanted}
    return {name: wanted - ground for name, wanted in imported.items() if name not in ground}


def test_no_two_files_import_each_other() -> None:
    """No import leads back to where it came from, not a lazy one nor one for type checkers."""
    left = {
        named(path): {
            named(target)
            for found in imports(path)
            if found.name.startswith(NAME)
            for target in [module(found.name)]
            if target is not None and target not in (path, PACKAGE / "__init__.py")
        }
        for path in MODULES
    }
    while (rest := without_ground(left)) != left:
        left = rest

    assert left == {}


def test_rooms_stand_on_few_floors() -> None:
    """Who follows an import down is at the ground soon."""
    left: dict[str, set[str]] = {layer(path): set() for path in MODULES}
    for path in MODULES:
        left[layer(path)].update({target for target, _ in own(path)} & set(left))
    floors = 0
    while left and floors <= FLOORS:
        left, floors = without_ground(left), floors + 1

    assert (left, floors) == ({}, FLOORS)


def test_top_holds_rooms_only() -> None:
    """Nothing lies at the top but rooms, what they all raise, and what Python asks for."""
    top = {path.name for path in PACKAGE.glob("*.py")}

    assert top == {"__init__.py", "__main__.py", "errors.py"}


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

    assert seeing - {"cli", "connector"} == set()


def test_only_messages_take_untyped_values_apart() -> None:
    """Options end at the command line, JSON at the message: what is between has types."""
    untyped = {
        named(path)
        for path in MODULES
        for found in imports(path)
        if layer(path) in ("engine", "execd", "process") and found.name == "typing.Any"
    }

    assert untyped == {"engine/messages.py"}


def test_only_its_command_loads_the_simulator_and_only_when_asked() -> None:
    """The simulator is an extra: the rest of the package works without it."""
    seeing = {named(path) for path in MODULES for target, _ in own(path) if target == "simulator"}
    loading = {
        (named(path), found.lazy)
        for path in MODULES
        for found in imports(path)
        if found.name == f"{NAME}.cli.simulate"
    }

    assert (seeing, loading) == ({"cli/simulate.py"}, {("cli/commands.py", True)})


def test_only_its_place_speaks_to_the_network() -> None:
    """The libraries that can send something are imported where the bearer token is guarded."""
    speaking = {
        (found.name.split(".")[0], layer(path))
        for path in MODULES
        for found in imports(path)
        if found.name.split(".")[0] in {library for library, _ in SPEAKERS}
    }

    assert speaking == SPEAKERS


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
    names = {report.name for report in reports.catalogue()}
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
    *(f"{NAME}.cli.entry, {NAME}.outputs.{output}" for output in outputs.OUTPUTS),
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


MODULES_OF_FAMILIES = [f"{NAME}.reports.{family}" for family in reports.FAMILIES]
LOADED = f"sorted(sys.modules.keys() & set({MODULES_OF_FAMILIES!r}))"

ONE_FAMILY = {
    "collect by report": ["collect", "--report", "skype-users-activity"],
    "collect by family": ["collect", "--output=json", "--report=skype"],
    "check": ["check", "skype-devices-usage", "--warning-windows", "1:"],
    "environment": ["collect", "--output", "zabbix"],
}


@pytest.mark.parametrize("name", ONE_FAMILY)
def test_answer_about_one_family_loads_no_other(name: str, tmp_path: Path) -> None:
    """It costs what its own reports cost, however many there are."""
    words = [*ONE_FAMILY[name], "--from-folder", str(tmp_path)]
    code = (
        "import os, sys; out = os.dup(1); os.close(1); os.open(os.devnull, os.O_WRONLY)\n"
        f"from {NAME}.cli.entry import main; main({words!r})\n"
        f"os.write(out, str({LOADED}).encode())"
    )
    env = {**os.environ, "O365_REPORTS": "skype" if name == "environment" else ""}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )

    assert done.stdout == f"['{NAME}.reports.skype']"


def test_drop_in_loads_the_family_of_its_product_only() -> None:
    """Whoever checks Teams as Centreon's connector did pays for nothing else."""
    code = (
        f"import sys; from {NAME}.connector import run\n"
        "run.main(['--plugin=cloud::microsoft::office365::teams::plugin', "
        "'--mode=users-activity', '--list-counters'])\n"
        f"print({LOADED})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == f"['{NAME}.reports.teams']"
