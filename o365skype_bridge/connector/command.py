"""The command line read in the connector's order, with the connector's complaints."""

from __future__ import annotations

from o365skype_bridge import reports
from o365skype_bridge.connector import table
from o365skype_bridge.connector.perl import in_python
from o365skype_bridge.connector.plugins import CUSTOM_MODE, MODES, PRODUCTS, module, plugin_name
from o365skype_bridge.connector.reader import read
from o365skype_bridge.connector.reply import Stop
from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.declare import CONNECTOR
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.outputs.thresholds import parse

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from o365skype_bridge.model.declare import Report

NO_MODE = "Need to specify '--mode' or '--dyn-mode' option."

PATTERNS = ("filter_user", "filter_counters", "filter_counters_block")

SHOWN_BY_DEFAULT = "active|total"
"""Counters of a mode that has others for every single user."""


def first(words: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Read the options of program and output; give what is left, arguments converted."""
    values, left, _ = read(words, table.kinds(table.PROGRAM, table.OUTPUT))
    search, comma, text = values.get("convert_args", "").partition(",")
    if search and comma:
        from o365skype_bridge.connector import rewriting  # noqa: PLC0415 rarely asked for

        left = [
            rewriting.substituted(word, search, text, "g", option="--convert-args") for word in left
        ]
    return values, left


class Target(Frozen):
    """What is to be checked: the report, the values of the global options, and the other words."""

    report: Report
    values: Mapping[str, Any]
    words: tuple[str, ...]


def target(program: Mapping[str, Any], words: Sequence[str]) -> Target:
    """Find out what is to be checked. Raises `Stop` for a complaint or a listing."""
    product = _product(program)
    values, left, _ = read(words, table.kinds(table.GLOBAL))
    mode = values.get("mode") or _dynamic(values.get("dyn_mode", ""))
    asked = [name for name in ("help", "version") if program.get(name)]
    if asked and not mode:
        raise _listing(asked[0], product)
    for listed in ("list-mode", "list-custommode"):
        if values.get(listed.replace("-", "_")):
            raise _listing(listed, product)
    _complain(values)
    if mode == "multi":
        raise Stop("mode 'multi' is not taken here. A check is one mode; make a service for each.")
    if mode not in MODES:
        raise Stop(_no_such(mode, "--list-mode") if mode else NO_MODE)
    report = report_of(product, mode)
    if asked:
        raise _listing(asked[0], product, report)
    return Target(report=report, values=values, words=tuple(left))


def _complain(values: Mapping[str, Any]) -> None:
    """Refuse global options that name something that does not exist."""
    manager, custom = values.get("pass_manager"), values.get("custommode")
    if manager and manager != "environment":
        raise Stop(
            f"Cannot load module 'centreon::plugins::passwordmgr::{manager}'. Known here: "
            "environment; or keep the secret in a file, with --client-secret-file."
        )
    if custom and custom != CUSTOM_MODE:
        raise Stop(_no_such(custom, "--list-custommode"))


def options(
    found: Target, program: Mapping[str, Any], environment: Mapping[str, str], *, new: bool
) -> dict[str, Any]:
    """Read the options that are left, and give all by name.

    Thresholds go by metric (``warning_active_devices``). Raises `Stop` for an unknown one.
    """
    known = table.thresholds(found.report, new=new)
    kinds = table.kinds(table.ACCESS, table.KEPT, table.MODE, table.OWN)
    values, _, unknown = read(found.words, kinds | dict.fromkeys(known, table.VALUE))
    if unknown and not found.values.get("no_sanity_options"):
        raise Stop(f"Unknown option: --{unknown[0]}. See --help for all there are.")
    for name, (key, _full) in known.items():
        if (value := values.pop(name.replace("-", "_"), None)) is not None:
            values[key] = value
    values |= _from_environment(found.values, environment)
    if any(metric.per_user for metric in found.report.metrics):
        values.setdefault("filter_counters", SHOWN_BY_DEFAULT)
    # An agent passes an empty option for every macro that nobody has filled in.
    values = {name: value for name, value in values.items() if value != ""}
    values |= {
        name: in_python(values[name], f"--{name.replace('_', '-')}")
        for name in PATTERNS
        if name in values
    }
    precision = str(program.get("float_precision") or "")
    values["float_precision"] = precision if precision.isascii() and precision.isdecimal() else ""
    return values


def _from_environment(values: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """Give the options that the password manager finds in the environment."""
    words = values.get("environment_map_option", ()) if values.get("pass_manager") else ()
    pairs = [word.partition("=") for word in words]
    return {
        option.replace("-", "_"): environment.get(variable, "")
        for option, _, variable in pairs
        if option and variable
    }


def validate(report: Report, values: Mapping[str, Any], *, new: bool) -> None:
    """Refuse thresholds that are no ranges. Raises `Stop` with the connector's words."""
    for key, full in table.thresholds(report, new=new).values():
        text = str(values.get(key) or "")
        try:
            parse(text, full)
        except UsageError as error:
            raise Stop(f"Wrong {full} threshold '{text}'.") from error


def report_of(product: str, mode: str) -> Report:
    """Give the report that a plugin and a mode stand for, to be read as the connector does."""
    [report] = reports.chosen([f"{product}-{mode}"], "--mode")
    return report.replace(reading=CONNECTOR)


def without_effect(words: Sequence[str]) -> list[str]:
    """Give a line for every option given that changes nothing here."""
    rows = {row[0]: row[3] for _, rows in table.SECTIONS for row in rows if row[3]}
    names = dict.fromkeys(word.removeprefix("--").partition("=")[0] for word in words)
    return [f"--{name} has no effect: {rows[name]}" for name in names if name in rows]


def _product(program: Mapping[str, Any]) -> str:
    plugin = program.get("plugin") or ""
    if program.get("list_plugin"):
        raise _listing("list-plugin")
    for asked in ("help", "version"):
        if program.get(asked) and not plugin:
            raise _listing(asked)
    if not plugin:
        raise Stop("Need to specify '--plugin' option.")
    _require_user(program.get("runas") or "")
    product, mode = module(plugin)
    if mode or product not in PRODUCTS:
        known = ", ".join(plugin_name(product) for product in PRODUCTS)
        raise Stop(f"Cannot load module --plugin. There are {known}.")
    return product


def _require_user(name: str) -> None:
    """Refuse a user that this host does not know; another one than ours changes nothing."""
    if not name:
        return
    import pwd  # noqa: PLC0415 rarely asked for

    try:
        pwd.getpwnam(name)
    except (KeyError, ValueError) as error:
        raise Stop(f"Runas user '{name}' not exist.") from error


def _dynamic(path: str) -> str:
    """Give the mode that the path of a Perl module stands for."""
    modes = {mode.replace("-", ""): mode for mode in MODES}
    return modes.get(module(path)[1], path)


def _no_such(name: str, lister: str) -> str:
    return f"mode '{name}' doesn't exist (use {lister} option to show available modes)."


def _listing(what: str, product: str = "", report: Report | None = None) -> Stop:
    from o365skype_bridge.connector import listing  # noqa: PLC0415 for people only

    return listing.listed(what, product, report)
