"""What people ask for: help, versions, and lists of plugins, modes and counters."""

from __future__ import annotations

import json

from o365skype_bridge import __version__
from o365skype_bridge.connector import plugins, table
from o365skype_bridge.connector.reply import Stop
from o365skype_bridge.outputs import perfdata
from o365skype_bridge.outputs.thresholds import OK

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable

    from o365skype_bridge.connector.table import Row
    from o365skype_bridge.model.declare import Report

NAME = "centreon_office365_skype_api"
WIDTH = 28


def listed(what: str, product: str, report: Report | None) -> Stop:
    """Give ``help``, ``version``, ``list-plugin``, ``list-mode`` or ``list-custommode``."""
    return LISTINGS[what](product, report)


def _version(_product: str, _report: Report | None) -> Stop:
    return Stop(f"{NAME} of o365skype-bridge {__version__}", labelled=False)


def _plugins(_product: str, _report: Report | None) -> Stop:
    return Stop(
        "Plugins:", [f"   {plugins.plugin_name(name)}" for name in plugins.PRODUCTS], **BARE
    )


def _modes(_product: str, _report: Report | None) -> Stop:
    return Stop("Modes Available:", [f"   {mode}" for mode in plugins.MODES], **BARE)


def _custom_modes(_product: str, _report: Report | None) -> Stop:
    return Stop("Custom Modes Available:", [f"   {plugins.CUSTOM_MODE}"], **BARE)


def _help(product: str, report: Report | None) -> Stop:
    plugin = plugins.plugin_name(product or plugins.PRODUCTS[0])
    lines = [f"   --plugin={plugin} --mode={'|'.join(plugins.MODES)} [options]"]
    for title, rows in table.SECTIONS:
        lines += ["", f"{title}:", *map(_line, rows)]
    if report is not None:
        lines += ["", "Thresholds (with unknown, warning or critical):"]
        names = dict.fromkeys(words.option for words in report.words.words)
        lines += [f"   --warning-{name}" for name in names]
    return Stop(f"{NAME}:", lines, **BARE)


def _line(row: Row) -> str:
    name, kind, text, why = row
    flag = f"--{name}" if kind == table.FLAG else f"--{name}=..."
    return f"   {flag:<{WIDTH}} {text}{f' No effect here: {why}.' if why else ''}"


def counters(report: Report) -> Stop:
    """List the counters of a report, and how a service's command passes their macros."""
    found = {
        words.option: {
            "max": "total" if metric.has_maximum else "",
            "min": 0,
            "nlabel": metric.dotted,
            "unit": perfdata.uom(metric.unit),
        }
        for metric, words in report.spoken
    }
    macros = "".join(
        f" --{kind}-{name}='$_SERVICE{kind.upper()}{name.replace('-', '').upper()}$'"
        for name in found
        for kind in ("warning", "critical")
    )
    content = {
        "counter list": " ".join(found),
        "metrics": found,
        "pack configuration": f"{macros.strip()} $_SERVICEEXTRAOPTIONS$",
    }
    details = json.dumps(content, indent=3, sort_keys=True).splitlines()
    return Stop(f"counter list: {' '.join(found)}", details, labelled=False, state=OK)


BARE = {"labelled": False}
LISTINGS: dict[str, Callable[[str, Report | None], Stop]] = {
    "help": _help,
    "version": _version,
    "list-plugin": _plugins,
    "list-mode": _modes,
    "list-custommode": _custom_modes,
}
