"""The generated parts of the documentation: ``--write`` makes them anew, ``make docs`` runs it.

Whatever stands between ``<!-- begin: NAME -->`` and ``<!-- end: NAME -->`` in a page is what the
section of that name gives, and ``docs/demo.svg`` is a picture of what ``make demo`` prints. The
figures are the simulator's, looked at on a day that never changes.
"""

from __future__ import annotations

import html
import json
import os
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar

import docs_connector
import docs_manual
import docs_picture

from o365skype_bridge import generate, outputs, reports
from o365skype_bridge.cli import commands, entry, flags
from o365skype_bridge.cli import generate as generating
from o365skype_bridge.engine.assemble import collect
from o365skype_bridge.generate import centreon_macros as centreon_macros_of
from o365skype_bridge.generate import (
    nagios,
    prometheus_rules,
    prometheus_times,
    zabbix_template,
    zabbix_tenants,
)
from o365skype_bridge.generate.icinga2_variables import ELSEWHERE, variables
from o365skype_bridge.generate.zabbix_parts import Template
from o365skype_bridge.generate.zabbix_plan import OPTIONS as PLANNED
from o365skype_bridge.generate.zabbix_plan import Plan
from o365skype_bridge.graph.aadsts import LOGIN
from o365skype_bridge.model import options
from o365skype_bridge.model.asked import Asked
from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.options import Option
from o365skype_bridge.model.shape import USUAL
from o365skype_bridge.model.values import Collection
from o365skype_bridge.outputs import influx, judge, perfdata, prometheus
from o365skype_bridge.outputs.base import Rendered
from o365skype_bridge.reading.count import View, compile_filter
from o365skype_bridge.settings import sources
from o365skype_bridge.settings import values as values_of
from o365skype_bridge.simulator.data import TenantData

T = TypeVar("T")

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "telegraf/README.md",
    "zabbix/README.md",
    "centreon/README.md",
    "centreon/MIGRATION.md",
    "nagios/README.md",
    "icinga2/README.md",
    "prometheus/README.md",
)
PICTURE = "docs/demo.svg"
MOST, LONGEST = 4, 600
"""Lines of an answer that the demo shows, and characters of each."""
OUTPUTS_OF_DEMO = [name for name in outputs.OUTPUTS if name not in ("centreon", "json")]

MARKED = re.compile(r"^(<!-- begin: (\S+) -->\n).*?^(<!-- end: \2 -->\n)", re.DOTALL | re.MULTILINE)
"""A generated part: how it begins, its name, and how it ends."""

CATALOGUE = reports.catalogue()

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC).timestamp()
DATA = TenantData(refresh_date=date(2026, 11, 20))
TENANT = "contoso"
FETCH_SECONDS = 0.4

HELP_WIDTH = "100"
NOTHING = "-"
USER = "USER"


class Simulated:
    """The simulator's report files as a source, without a network in between."""

    def __init__(self) -> None:
        self.calls = 0

    def read(self, report: Report, asked: Asked, consume: Callable[[Iterable[bytes]], T]) -> T:
        self.calls += 1
        return consume(DATA.body(report.function, asked.value))


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Have some environment variables for a while: a time zone, the width of a terminal."""
    before = dict(os.environ)
    os.environ.update(variables)
    time.tzset()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        time.tzset()


def collection(values: Mapping[str, Any]) -> Collection:
    """Collect what the options ask for, about the simulated tenant on the day that stays."""
    view = View(wanted=compile_filter(values["filter_user"]), per_user=values["per_user"])
    ticks = cycle((NOW - FETCH_SECONDS, NOW))
    results = []
    for report in reports.chosen(values["report"], flags.REPORT.flag):
        source = Simulated()
        result = collect(source, report, TENANT, view, lambda: next(ticks))
        results.append(result.replace(confirmed_at=result.collected_at))
    return Collection(results=tuple(results), now=NOW)


def answer(line: str) -> Rendered:
    """Give what a command line answers."""
    words = shlex.split(line)[1:]
    output = entry._output(words)
    values = entry._values(words, output)
    if values is None:
        raise ValueError(f"{line!r} prints help")
    with environment(TZ="UTC"):
        return output.render(collection(values), values, ())


def screen(lines: Iterable[str]) -> str:
    """Show what a terminal shows of some command lines."""
    return "\n".join(f"$ {line}\n{answer(line).text}" for line in lines)


def demonstrated() -> list[str]:
    """Give the answering command lines of ``make demo``; one is there for every output."""
    text = (ROOT / "demo.sh").read_text(encoding="utf-8")
    shown = re.findall(r"^ *show ((?:collect|check) .*?)(?: \| brief)?$", text, re.MULTILINE)
    every = [
        line.replace('"$output"', output)
        for line in shown
        for output in (OUTPUTS_OF_DEMO if "$output" in line else ("",))
    ]
    return [f"o365skype-bridge {line}" for line in every]


def brief(text: str) -> str:
    """Give as much of an answer as the demo shows of it."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    shown = [line if len(line) <= LONGEST else f"{line[:LONGEST]} ..." for line in lines[:MOST]]
    more = [f"... and {len(lines) - MOST} lines more"] if len(lines) > MOST else []
    return "".join(f"{line}\n" for line in (*shown, *more))


def fenced(text: str, language: str = "text") -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"


def table(*rows: Iterable[str]) -> str:
    """Write a table; the first row is its header."""
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    columns = len(list(rows[0]))
    return "".join(
        f"| {line} |\n" for line in (lines[0], " | ".join(["---"] * columns), *lines[1:])
    )


def code(text: str) -> str:
    return f"`{text}`" if text else NOTHING


def permissions() -> str:
    """What has to be granted for which family."""
    needed: dict[str, dict[str, None]] = {}
    for report in CATALOGUE:
        needed.setdefault(report.permission, {})[code(reports.family_of(report.name))] = None
    return table(
        ("Permission", "Families of reports"),
        *((code(permission), ", ".join(families)) for permission, families in needed.items()),
    )


def every_metric() -> Iterator[tuple[Report, Metric]]:
    return ((report, metric) for report in CATALOGUE for metric in report.metrics)


def metrics() -> str:
    """The metric table of the README."""

    def in_influx(report: Report, metric: Metric) -> str:
        tag = f", tag `{metric.label}={metric.value or '…'}`" if metric.label else ""
        return f"`{influx.measurement(report)}` `{influx.field(report, metric)}`{tag}"

    def in_perfdata(report: Report, metric: Metric) -> str:
        labels = {words.metric: words.label for words in report.words.words}
        user = USER if metric.is_found else ""
        label = labels.get(metric.dotted)
        return code(perfdata.label(metric, label, user, alone=False)) if label else ""

    return table(
        ("Metric", "Unit", "Meaning", "Influx measurement and field", "Perfdata label"),
        *(
            (
                code(metric.dotted),
                metric.unit.name,
                metric.help + (" With `--per-user` only." if metric.per_user else ""),
                in_influx(report, metric),
                in_perfdata(report, metric),
            )
            for report, metric in every_metric()
        ),
    )


def intervals() -> str:
    """The intervals of reports, the usual one first, and the families that have others."""
    found: dict[float, list[str]] = {Report.defaults["interval"]: []}
    for report in reports.catalogue():
        families = found.setdefault(report.interval, [])
        families += [] if report.family in families else [report.family]
    usual, *others = found.items()
    named = (f"{code(f'{one:g}')} for {', '.join(map(code, names))}" for one, names in others)
    return "; ".join([code(f"{usual[0]:g}"), *named])


def setting(option: Option) -> tuple[str, ...]:
    """One row of the settings table."""
    many = {flags.REPORT: values_of.REPORTS, flags.SERVICE: values_of.SERVICES}
    key = many.get(option) or option.name.removeprefix("no_")
    known = (*values_of.IDENTITY, *values_of.CONNECTION, *values_of.GENERAL, *many.values())
    known = (*known, values_of.PERIOD)
    special = {
        "reports": ", ".join(map(code, reports.DEFAULT)),
        "services": "all",
        "refresh_interval": f"the report's own: {intervals()}",
        "tenant": "all",
        "period": code(USUAL),
        "config": code(sources.DEFAULT_CONFIG),
        "state_dir": f"[your cache](#what-is-kept-where), or {code(sources.SERVICE_STATE_DIR)}",
        "client_secret": NOTHING,
        "background": "it may go on (`true`)",
    }
    default = {**values_of.Tenant.defaults, **values_of.Settings.defaults}.get(key) or ""
    shown = f"{default:g}" if isinstance(default, float) else str(default).lower()
    place = ""
    if key in known:
        place = f"tenants.NAME.{key}" if key in values_of.IDENTITY else key
    return (
        code(f"{option.flag} {option.metavar}".strip()),
        code(f"O365_{key.upper()}" if key in (*known, "config") else ""),
        code(place) + (" ¹" if key in values_of.CONNECTION else ""),
        re.sub(r" \((O365_\w+)?(; )?(without: [^)]*)?\)", "", option.help),
        special.get(key) or code(shown),
    )


def settings() -> str:
    return table(
        ("Flag", "Environment", "TOML key", "Meaning", "Default"),
        *map(setting, (flags.REPORT, flags.PERIOD, flags.SERVICE, *flags.SETTINGS)),
    )


def judging() -> str:
    return table(
        ("Flag", "Environment", "TOML key", "Meaning", "Default"),
        *(
            (
                code(f"{option.flag} {option.metavar}"),
                code(f"O365_{option.name.upper()}"),
                code(option.name),
                re.sub(r" \((O365_\w+)?(; )?(without: [^)]*)?\)", "", option.help),
                JUDGED.get(option.name, NOTHING),
            )
            for option in judge.OPTIONS
            if option.name in values_of.JUDGING
        ),
    )


JUDGED = {
    "stale_state": "`unknown`",
    "warning_confirmed": f"`{judge.PATIENCE}` for `stale` figures",
}


def login_codes() -> str:
    """The refusals of the login service; codes that mean the same share a row."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for number, (kind, what, remedy) in LOGIN.items():
        rows.setdefault((kind.kind, what, remedy), []).append(number)
    return table(
        ("Code", "Outcome", "What happened", "What to do"),
        *(
            (", ".join(f"`AADSTS{number}`" for number in numbers), code(kind), what, remedy)
            for (kind, what, remedy), numbers in rows.items()
        ),
    )


def help_of(command: str) -> str:
    """What ``--help`` prints on a wide terminal."""
    output = outputs.load("centreon" if command == "check" else "influx")
    with environment(COLUMNS=HELP_WIDTH):
        every = entry.options_of(command, output, () if command == "check" else CATALOGUE)
        return fenced(commands.parser_of(command, every, CATALOGUE).format_help())


def _default(option: Option) -> str:
    if not option.choices:
        return code(option.default)
    others = (choice for choice in option.choices if choice != option.default)
    return f"{code(option.default)}, or {', '.join(map(code, others))}"


def generate_options(target: str) -> str:
    """The options of a target of `generate`."""
    return table(
        ("Option", "Meaning", "Default"),
        *(
            (
                code(f"{option.flag} {option.metavar}".strip()),
                option.help,
                _default(option),
            )
            for option in generating.options_of(target)
        ),
    )


def centreon_macros() -> str:
    """The macros of Centreon's templates; a macro of several templates has one row."""
    found = [
        ("host", macro)
        for is_connectors in (True, False)
        for secret_file in ("", "FILE")
        for macro in centreon_macros_of.host_macros(secret_file, is_connectors=is_connectors)
    ]
    for report in CATALOGUE:
        where = report.name.partition("-")[2] if report.wording else report.name
        found += [(where, macro) for macro in centreon_macros_of.service_macros(report, {})]
    rows = []
    for name in dict.fromkeys(macro.name for _, macro in found):
        mine = {where: macro for where, macro in found if macro.name == name}
        values = dict.fromkeys(macro.value for macro in mine.values() if macro.value != "FILE")
        default = " or ".join(map(code, values)) or NOTHING
        meaning = next(iter(mine.values())).help
        rows.append((code(name), ", ".join(mine), default, f"{meaning}."))
    return table(("Macro", "Where", "Default", "Meaning"), *rows)


def nagios_variables() -> str:
    """The custom variables of Nagios's host template."""
    return table(
        ("Variable", "Meaning"), *((code(name), text) for name, text in nagios.VARIABLES.items())
    )


def icinga2_variables() -> str:
    """The variables of Icinga 2's hosts and services."""
    every = variables(CATALOGUE, ELSEWHERE)
    return table(
        ("Variable", "Option of `check`", "Meaning"),
        *(
            (
                code(one.name),
                code(f"--{one.option}"),
                one.help + (" Set it to `true`." if one.is_flag else ""),
            )
            for one in every
        ),
    )


def influx_schema() -> str:
    """The measurements of the reports, field by field."""
    rows = []
    for report, metric in every_metric():
        field = influx.field(report, metric)
        tags = ("`tenant`", f"`{metric.label}`") if metric.label else ("`tenant`",)
        first = code(influx.measurement(report)), ", ".join(tags)
        row = (*first, code(field), influx.kind(metric), metric.unit.name)
        if row not in rows:
            rows.append(row)
        if metric.has_maximum:
            rows.append((*first, code(f"{field}_max"), influx.kind(metric), metric.unit.name))
    return table(("Measurement", "Tags", "Field", "Type", "Unit"), *rows)


def zabbix_values() -> str:
    """Where in the document each metric's value is."""
    rows = []
    for _, metric in every_metric():
        place = f"{metric.label}[ID]" if metric.is_found else "metric"
        place = place.replace("ID", '"{#ID}"')
        rows.append((code(f'$.{place}["{metric.dotted}"]'), metric.unit.name, metric.help))
        if metric.has_maximum:
            rows.append(
                (
                    code(f'$.{place}["{metric.maximum}"]'),
                    metric.unit.name,
                    "The maximum of the former.",
                )
            )
    return table(("Path", "Unit", "Meaning"), *rows)


def zabbix_document() -> str:
    line = "o365skype-bridge collect --output zabbix --per-user --filter-user ^a"
    return fenced(json.dumps(json.loads(answer(line).text), indent=2), "json")


def committed(path: str, language: str) -> str:
    """A file of the repository as it is."""
    return fenced((ROOT / path).read_text(encoding="utf-8"), language)


def panels() -> str:
    """What the dashboard about ourselves showed, as the test with a real InfluxDB keeps it."""
    found = json.loads((ROOT / "tests/telegraf/panels.json").read_text(encoding="utf-8"))
    return "\n".join(_panel(each) for each in found if each["dashboard"] == "o365skype-bridge")


def _panel(found: Mapping[str, Any]) -> str:
    def cell(value: Any) -> str:
        if value is None:
            return NOTHING
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        return shown.removesuffix("T00:00:00Z")

    header = tuple(dict.fromkeys(name for row in found["rows"] for name in row))
    rows = (tuple(cell(row.get(name)) for name in header) for row in found["rows"])
    return f"{found['row']}: **{found['title']}**\n\n{table(header, *rows)}"


def zabbix_templates(mode: str) -> list[Template]:
    """The templates of one tenant and then the one of many, for 7.0."""
    plan = Plan.of({**options.defaults(PLANNED), "mode": mode})
    found = zabbix_template.templates(plan, CATALOGUE)
    return [*found, zabbix_tenants.template(plan, found[:1])]


def zabbix_macros() -> str:
    """The macros of all templates, as they are for external checks."""
    every = {
        macro.name: macro for one in reversed(zabbix_templates("external")) for macro in one.macros
    }
    return table(
        ("Macro", "Default", "Meaning"),
        *(
            (code(name), code(macro.value) if macro.value else "empty", macro.description)
            for name, macro in sorted(every.items())
        ),
    )


def zabbix_items(*, tenants: bool) -> str:
    """The items of templates, with the prototypes that discovery makes items of."""
    *single, many = zabbix_templates("external")
    every = [
        item
        for template in ([many] if tenants else single)
        for item in (*template.items, *(item for rule in template.rules for item in rule.items))
    ]
    types = {"UNSIGNED": "unsigned", "FLOAT": "float", "CHAR": "text", "TEXT": "text"}
    return table(
        ("Key", "Type", "Path", "Meaning"),
        *(
            (
                code(item.key),
                types[item.value_type] + (f", {item.units}" if item.units else ""),
                code(item.path),
                item.description,
            )
            for item in every
            if item.path
        ),
    )


def zabbix_triggers() -> str:
    """The triggers of all templates, with their expressions."""
    rows: dict[tuple[str, str, str], None] = {}
    for template in zabbix_templates("external"):
        for item in (*template.items, *(item for rule in template.rules for item in rule.items)):
            for one in item.triggers:
                short = one.expression.replace(f"/{template.name}/", "")
                rows[one.name, one.priority.capitalize(), code(short)] = None
    return table(("Trigger", "Severity", "When"), *rows)


def prometheus_units() -> str:
    """Figures that are called otherwise than in Influx, and what they are written in."""
    rows = {
        (
            code(f"{influx.measurement(report)}_{influx.field(report, metric)}{end}"),
            metric.unit.name,
            code(prometheus.name(report, metric, end.strip("_"))),
        ): None
        for report, metric in every_metric()
        if prometheus.unit(metric)
        for end in (("", "_max") if metric.has_maximum else ("",))
    }
    return table(("From Telegraf", "in", "In our own text"), *rows)


def prometheus_alerts() -> str:
    """The alerts of every family, with their expressions."""
    values = options.defaults(generate.load("prometheus").options)
    found = prometheus_rules.alerts(CATALOGUE, prometheus_times.times(values), "o365skype.prom")
    return table(
        ("Alert", "Severity", "For", "When"),
        *((code(one.name), one.severity, f"{one.hold} s", code(one.expr)) for one in found),
    )


INFLUX_LINE = "o365skype-bridge collect --output influx"
CHECK_LINE = "o365skype-bridge check skype-users-activity --warning-active-users 40:"

SECTIONS: dict[str, Callable[[], str]] = {
    "screen": lambda: fenced(screen([CHECK_LINE, f"{INFLUX_LINE} --report teams-users-activity"])),
    "permissions": permissions,
    "metrics": metrics,
    "settings": settings,
    "judging": judging,
    "login-codes": login_codes,
    "help-collect": partial(help_of, "collect"),
    "help-check": partial(help_of, "check"),
    "influx-screen": lambda: fenced(screen([INFLUX_LINE])),
    "influx-schema": influx_schema,
    "telegraf-config": partial(committed, "telegraf/exec/o365skype.conf", "toml"),
    "panels": panels,
    "zabbix-document": zabbix_document,
    "zabbix-values": zabbix_values,
    **{name: partial(make, table) for name, make in docs_connector.SECTIONS.items()},
    "centreon-macros": centreon_macros,
    "nagios-variables": nagios_variables,
    "icinga2-variables": icinga2_variables,
    "zabbix-macros": zabbix_macros,
    "zabbix-items": partial(zabbix_items, tenants=False),
    "zabbix-tenants-items": partial(zabbix_items, tenants=True),
    "zabbix-triggers": zabbix_triggers,
    "prometheus-units": prometheus_units,
    "prometheus-alerts": prometheus_alerts,
    **{f"generate-{name}": partial(generate_options, name) for name in generate.TARGETS},
}

COLUMNS, CELL, ROW, MARGIN = 104, 7.5, 18, 16
"""The picture's measures: characters in a row, and pixels."""

PICTURE_STYLE = """\
  <style>
    text { font: 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #24292f }
    .typed { font-weight: bold; fill: #0550ae }
    .OK { font-weight: bold; fill: #1a7f37 }
    .WARNING { font-weight: bold; fill: #9a6700 }
    .CRITICAL { font-weight: bold; fill: #cf222e }
    .UNKNOWN { font-weight: bold; fill: #6639ba }
  </style>
"""


def row_of_picture(number: int, row: str) -> str:
    words = html.escape(row, quote=False)
    if row.startswith("$ "):
        words = f'<tspan class="typed">{words}</tspan>'
    words = re.sub(r"^(OK|WARNING|CRITICAL|UNKNOWN):", r'<tspan class="\1">\1:</tspan>', words)
    length = f'textLength="{len(row) * CELL:g}" lengthAdjust="spacingAndGlyphs"'
    top = 3 * MARGIN + ROW * (number + 1)
    return f'  <text x="{MARGIN}" y="{top}" {length} xml:space="preserve">{words}</text>\n'


def picture() -> str:
    """A terminal, dark on light, in which ``make demo`` has run."""
    lines = "\n".join(f"$ {one}\n{brief(answer(one).text)}" for one in demonstrated()).splitlines()
    rows = [
        line[start : start + COLUMNS]
        for line in lines
        for start in range(0, len(line) or 1, COLUMNS)
    ]
    width, height = round(COLUMNS * CELL) + 2 * MARGIN, ROW * len(rows) + 5 * MARGIN
    frame = f'width="{width - 1}" height="{height - 1}" rx="8" fill="#fbfbfa" stroke="#d0d7de"'
    dots = "".join(
        f'  <circle cx="{MARGIN + 6 + 18 * place}" cy="{MARGIN + 4}" r="5.5" fill="{colour}"/>\n'
        for place, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="A terminal after make demo">\n'
        f'{PICTURE_STYLE}  <rect x="0.5" y="0.5" {frame}/>\n{dots}'
        f"{''.join(row_of_picture(number, row) for number, row in enumerate(rows) if row)}</svg>\n"
    )


def renewed(page: str) -> str:
    """Give a page's text with every generated part made anew."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return MARKED.sub(lambda found: f"{found[1]}{SECTIONS[found[2]]()}{found[3]}", text)


def everything() -> dict[str, Callable[[], str]]:
    """Every file that holds something generated, and what makes its text."""
    pages = {page: partial(renewed, page) for page in PAGES}
    return {
        **pages,
        PICTURE: picture,
        docs_picture.PICTURE: docs_picture.picture,
        **docs_manual.everything(),
    }


def main(words: list[str]) -> int:
    """Write what is stale; without ``--write`` only say what that is."""
    stale = 0
    for name, make in everything().items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        sys.stdout.write(f"{name} is stale\n")
        if "--write" in words:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(stale > 0 and "--write" not in words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
