"""Alert rules: what is in the way, and limits that are declared with a figure.

A fault has one alert: who may not log in has none for each report, and a report that Graph does not
answer none for being late. What an alert is about does not change while it lasts, so words that do
are looked up when it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from o365skype_bridge.generate.alerts import ranges
from o365skype_bridge.generate.prometheus_names import everybody, figure
from o365skype_bridge.generate.prometheus_times import Times
from o365skype_bridge.model.declare import Metric, Report
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.outcome import NEED_SOMEBODY
from o365skype_bridge.outputs import prometheus as output
from o365skype_bridge.outputs.influx import HEALTH, field
from o365skype_bridge.outputs.numbers import decimal
from o365skype_bridge.outputs.thresholds import INFINITE, Range

WARNING, CRITICAL = "warning", "critical"
LOGIN = "unauthorized"
NOT_LOGIN = "|".join(sorted(NEED_SOMEBODY - {LOGIN}))
NEEDY = "|".join(sorted(NEED_SOMEBODY))
PLACE = "job, instance"
"""Labels of whom Prometheus asked; two hosts may collect."""

TENANT = f"{PLACE}, tenant"
REPORT = f"{TENANT}, report"
ABOUT = "{{ $labels.tenant }} {{ $labels.report }}"
NOTHING_FOR = 900
"""Seconds without any series of ours, from no host at all."""


class Alert(Frozen):
    """One rule. ``hold`` is how long it must last, in seconds."""

    name: str
    expr: str
    severity: str
    summary: str
    description: str
    hold: int = 0


def alerts(reports: Sequence[Report], when: Times, file: str) -> list[Alert]:
    """Give all rules: of the bridge, of the ``file`` it writes, and of the reports' own limits."""
    return [*_bridge(when), *_file(when, file), *_limits(reports, when)]


def said(name: str, labels: Sequence[str], shown: Sequence[str], where: str = "") -> str:
    """Look up the texts that go with an alert, which are labels of what ends in ``_info``."""
    pairs = ", ".join([*([where] if where else []), *(f"{label}=%q" for label in labels)])
    values = " ".join(f"$labels.{label}" for label in labels)
    texts = " ".join(f"{{{{ .Labels.{label} }}}}" for label in shown)
    query = f"printf `{name}{{{pairs}}}` {values} | query"
    return f"{{{{ with {query} }}}}{{{{ with first . }}}}{texts}{{{{ end }}}}{{{{ end }}}}"


def _bridge(when: Times) -> Iterator[Alert]:
    info, up = f"{HEALTH}_info", f"{HEALTH}_up"
    of_report = said(info, ("tenant", "report"), ("message",))
    needy = f'{info}{{cause=~"{NEEDY}"}}'
    yield Alert(
        name="O365BridgeFailed",
        expr=f"max by ({PLACE}) ({output.FAILED}) == 1",
        hold=when.settle,
        severity=CRITICAL,
        summary="o365skype-bridge gives no answer on {{ $labels.instance }}",
        description=said(f"{output.FAILED}_info", ("instance",), ("message",)),
    )
    refused = f'cause="{LOGIN}"'
    yield Alert(
        name="O365LoginRefused",
        expr=f"max by ({TENANT}) ({info}{{{refused}}})",
        hold=when.settle,
        severity=CRITICAL,
        summary="Microsoft 365 refuses the login for {{ $labels.tenant }}",
        description=said(info, ("tenant",), ("message",), refused),
    )
    yield Alert(
        name="O365ReportRefused",
        expr=f'max by ({REPORT}) ({info}{{cause=~"{NOT_LOGIN}"}})',
        hold=when.settle,
        severity=WARNING,
        summary=f"{ABOUT} gives nothing until somebody acts",
        description=of_report,
    )
    yield Alert(
        name="O365NotConfirmed",
        expr=f"max by ({REPORT}) ({HEALTH}_confirmed_seconds) > {when.patience}"
        f" unless on ({REPORT}) {needy}",
        severity=WARNING,
        summary=f"{ABOUT} was not confirmed by Graph for {{{{ $value | humanizeDuration }}}}",
        description=of_report,
    )
    yield Alert(
        name="O365NeverConfirmed",
        expr=f"max by ({REPORT}) ({up}) == 0"
        f" unless on ({REPORT}) {HEALTH}_confirmed_seconds unless on ({REPORT}) {needy}",
        hold=when.patience,
        severity=WARNING,
        summary=f"{ABOUT} had no figures yet",
        description=of_report,
    )
    yield Alert(
        name="O365DataLate",
        expr=f"max by ({REPORT}) ({HEALTH}_age_seconds) > {when.late} and on ({REPORT}) {up} == 1",
        severity=WARNING,
        summary=f"{ABOUT}: the newest day ended {{{{ $value | humanizeDuration }}}} ago",
        description="Graph answers, and Microsoft has no newer figures; see its service health.",
    )


def _file(when: Times, file: str) -> Iterator[Alert]:
    written = f'node_textfile_mtime_seconds{{file=~"(.*/)?{_pattern(file)}"}}'
    yield Alert(
        name="O365FileStopped",
        expr=f"time() - max by ({PLACE}) (last_over_time({written}[1d])) > {when.stopped}"
        f" and on ({PLACE}) up == 1",
        severity=CRITICAL,
        summary=f"{file} on {{{{ $labels.instance }}}} was not written for "
        "{{ $value | humanizeDuration }}",
        description="See what the timer says: systemctl status o365skype-prometheus; "
        "if node_exporter cannot read the file, its own log does.",
    )
    yield Alert(
        name="O365NothingArrives",
        expr=f"absent({HEALTH}_up) unless on () {output.FAILED}",
        hold=NOTHING_FOR,
        severity=CRITICAL,
        summary="No figures of Microsoft 365 from any host",
        description="See whether node_exporter is up, and whether it reads the file.",
    )


def _pattern(name: str) -> str:
    """Write a name as a pattern of PromQL's, inside its quotes."""
    return re.escape(name).replace("\\", "\\\\").replace('"', '\\"')


def _limits(reports: Sequence[Report], when: Times) -> Iterator[Alert]:
    for report in reports:
        for metric in report.metrics:
            worse = _outside(report, metric, metric.critical)
            if worse:
                yield _limit(report, metric, CRITICAL, worse, when)
            if bad := _outside(report, metric, metric.warning):
                expr = f"({bad}) unless ({worse})" if worse else bad
                yield _limit(report, metric, WARNING, expr, when)


def _limit(report: Report, metric: Metric, severity: str, expr: str, when: Times) -> Alert:
    labels = ["tenant", *([metric.label] if metric.label else [])]
    worded = [one for one in report.metrics if one.is_text and one.label == metric.label]
    texts = [field(report, one) for one in worded]
    shown = " ".join(f"{{{{ $labels.{label} }}}}" for label in labels)
    value = "humanizeDuration" if output.unit(metric) == "seconds" else "humanize"
    return Alert(
        name="".join(["O365", *map(str.capitalize, metric.dotted.split(".")), metric.period]),
        expr=expr,
        hold=when.settle,
        severity=severity,
        summary=f"{shown}: {metric.short} is {{{{ $value | {value} }}}}",
        description=said(output.info(report), labels, texts, _apart(report, metric))
        if texts
        else metric.help,
    )


def _outside(report: Report, metric: Metric, texts: Sequence[str]) -> str:
    """Give what is true for values that any of some ranges alerts on."""
    labels = ", ".join([TENANT, *([metric.label] if metric.label else [])])
    apart = _apart(report, metric)
    asked = figure(report, metric, labels, f"{{{apart}}}" if apart else "")
    return " or ".join(part for found in ranges(*texts) for part in _parts(metric, asked, found))


def _apart(report: Report, metric: Metric) -> str:
    """Choose a figure among those of groups and other periods, which no list has."""
    return "" if report.is_list else everybody(metric)


def _parts(metric: Metric, asked: str, found: Range) -> Iterator[str]:
    start, end = (
        None if abs(each) == INFINITE else decimal(output.scaled(metric, each))
        for each in (found.start, found.end)
    )
    if found.inside and start == end:
        yield f"{asked} == {start}"
    elif found.inside:
        above = "" if start is None else f" >= {start}"
        yield f"{asked}{above}" + ("" if end is None else f" <= {end}")
    else:
        yield from [] if start is None else [f"{asked} < {start}"]
        yield from [] if end is None else [f"{asked} > {end}"]
