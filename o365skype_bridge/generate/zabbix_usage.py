"""The Zabbix template of one tenant: figures as the reports declare them, and their health."""

from __future__ import annotations

from collections.abc import Sequence

from o365skype_bridge.generate import (
    naming,
    zabbix_dashboard,
    zabbix_discovered,
    zabbix_figures,
    zabbix_health,
    zabbix_macros,
    zabbix_reports,
)
from o365skype_bridge.generate.zabbix_parts import Macro, Template
from o365skype_bridge.generate.zabbix_plan import Plan
from o365skype_bridge.model.declare import Report

MASTER_WORDS = (
    "collect",
    "--output=zabbix",
    '"--tenant={$O365.TENANT}"',
    '"--config={$O365.CONFIG}"',
    '"--state-dir={$O365.STATE.DIR}"',
    '"--deadline={$O365.DEADLINE}"',
    '"--filter-user={$O365.USER.FILTER}"',
    '"{$O365.USERS}"',
)


def template(plan: Plan, reports: Sequence[Report]) -> Template:
    """Give the template of one tenant."""
    name = f"Microsoft 365 usage by {plan.method}"
    master = plan.master(
        "document",
        "Microsoft 365: Document",
        "One JSON document with all values and discovery; everything else depends on it.",
        (*MASTER_WORDS, f'"--report={plan.reports}"') if plan.reports else MASTER_WORDS,
    )
    figures = [item for report in reports for item in zabbix_figures.items(name, report)]
    history = zabbix_figures.history(reports) if plan.mode == "trapper" else ()
    graphs = tuple(zabbix_figures.graphs(reports))
    setup = SETUP[plan.mode]
    if plan.mode == "trapper" and plan.reports:
        setup = f"{setup.removesuffix('.')} --report {plan.reports}."
    return Template(
        id="usage",
        name=name,
        description=f"{DESCRIPTION}\n\n{setup}",
        items=(master, *zabbix_health.items(name, master.key), *figures, *history),
        rules=(zabbix_reports.rule(name), *zabbix_discovered.rules(reports)),
        macros=_macros(plan, reports),
        valuemaps=(zabbix_reports.OUTCOME_MAP, zabbix_reports.YES_NO),
        graphs=graphs,
        pages=zabbix_dashboard.pages(plan, reports, graphs),
        dashboard="Microsoft 365 usage",
        readme=f"## {name}\n\n{DESCRIPTION}\n\n{setup}",
    )


DESCRIPTION = (
    "Usage of Microsoft 365 from its usage reports, by o365skype-bridge: one process a poll, "
    "whatever is monitored, and one host for each tenant."
)

SETUP = {
    "external": "Link the command into the folder of external scripts of the server or proxy. Set "
    "{$O365.TENANT}, {$O365.CONFIG} and {$O365.STATE.DIR} on the host. Secrets stay in the files "
    "that the configuration file names.",
    "agent": "Put microsoft365.conf into the agent's folder and restart it. Set {$O365.TENANT} on "
    "the host. Secrets stay in the files that the configuration file names.",
    "trapper": "Name the host as the tenant, and run on a timer: o365skype-bridge collect "
    "--output zabbix --send SERVER.",
}
"""What the operator does, by mode."""


def _macros(plan: Plan, reports: Sequence[Report]) -> tuple[Macro, ...]:
    users = any(metric.per_user for report in reports for metric in report.metrics)
    limited = [
        (report, metric)
        for report in reports
        for metric in report.metrics
        if naming.is_headline(metric)
    ]
    limits = (
        Macro(
            name=zabbix_figures.limit(metric, end),
            value="0",
            description=f"{naming.headline(report, metric)}: a problem when {word} this; 0: never.",
        )
        for report, metric in limited
        for end, word in (("MIN", "below"), ("MAX", "above"))
    )
    return zabbix_macros.sort(*zabbix_macros.usage(plan, users=users), *limits)
