"""The Zabbix templates of one tenant: the bridge with the usual figures, and the families'."""

from __future__ import annotations

from collections.abc import Sequence

from o365skype_bridge.generate import (
    naming,
    zabbix_dashboard,
    zabbix_discovered,
    zabbix_figures,
    zabbix_health,
    zabbix_macros,
    zabbix_ranges,
    zabbix_reports,
    zabbix_shown,
    zabbix_trouble,
)
from o365skype_bridge.generate.zabbix_group import Group, groups
from o365skype_bridge.generate.zabbix_parts import Item, Macro, Template, Trigger
from o365skype_bridge.generate.zabbix_plan import QUESTION, Plan
from o365skype_bridge.model.declare import Report


def templates(plan: Plan, reports: Sequence[Report]) -> list[Template]:
    """Give the template of the bridge, then those of the families."""
    first, *others = groups(plan, reports)
    base, above = _template(plan, first)
    return [base, *(_template(plan, group.replace(above=above))[0] for group in others)]


def _template(plan: Plan, group: Group) -> tuple[Template, tuple[Trigger, ...]]:
    """Give a group's template, and the triggers that those of other groups depend on."""
    name = group.template
    master = _master(plan, group)
    answering, failed, silent = zabbix_health.answering(group, master.key)
    troubles, both = zabbix_health.troubles(group)
    figures = tuple(zabbix_figures.items(group))
    by_day = plan.mode == "trapper"
    history = zabbix_figures.history(group) if by_day else ()
    drawn = zabbix_figures.HISTORY if by_day else zabbix_figures.METRIC
    graphs = tuple(zabbix_figures.graphs(group, drawn))
    if by_day:
        graphs = (*graphs, *zabbix_shown.sets(group))
    if plan.version == "6.0":  # newer ones have colours elsewhere
        graphs = (zabbix_figures.state(group), *graphs)
    setup = _setup(plan, group)
    about = f"{DESCRIPTION if group.is_first else FAMILY}\n\n{setup}"
    made = Template(
        id=group.id,
        name=name,
        description=about,
        items=(
            master,
            *answering,
            *zabbix_health.summary(group),
            *((zabbix_health.warnings(group),) if group.is_first else ()),
            zabbix_health.reports(group),
            *troubles,
            *((zabbix_health.users(group),) if _counts_users(plan, group) else ()),
            *figures,
            *history,
        ),
        rules=(
            zabbix_reports.rule(group, (*both, *group.above)),
            *zabbix_discovered.rules(group),
            *(zabbix_discovered.of_groups(group) if plan.groups else ()),
        ),
        macros=_macros(plan, group),
        valuemaps=(
            zabbix_trouble.OUTCOME_MAP,
            zabbix_trouble.STATE_MAP,
            zabbix_trouble.YES_NO,
        ),
        graphs=graphs,
        pages=zabbix_dashboard.pages(plan, group, graphs),
        dashboard=f"Microsoft 365 {group.id if group.is_first else group.title}",
        readme=f"## {name}\n\n{about}",
        tags=(("tenant", "{HOST.HOST}" if plan.mode == "trapper" else "{$O365.TENANT}"),),
    )
    return made, (failed, silent, *both)


def _counts_users(plan: Plan, group: Group) -> bool:
    return group.is_by_user and (group.has_users or plan.mode != "trapper")


ONE = "--one-tenant"
WORDS = (
    "collect",
    "--output=zabbix",
    '"--tenant={$O365.TENANT}"',
    '"--config={$O365.CONFIG}"',
    '"--state-dir={$O365.STATE.DIR}"',
    '"--deadline={$O365.DEADLINE}"',
)
BY_USER = (
    '"--filter-user={$O365.USER.FILTER}"',
    '"{$O365.USERS}"',
    '"--max-users={$O365.USERS.MAX}"',
)


def _master(plan: Plan, group: Group) -> Item:
    """Give the item that asks: the first group for what the configuration says, unless told so."""
    asked = plan.question if group.is_first else (("--report", group.words),)
    users = ("{$O365.USERS}", "{$O365.USERS.MAX}") if group.is_by_user else ("", "")
    parameters = ["{$O365.TENANT}", "{$O365.DEADLINE}", *users]
    parameters += [dict(asked).get(flag, "") for flag in QUESTION]
    while not parameters[-1]:
        parameters.pop()
    return plan.master(
        "document",
        f"{group.title}: Document",
        "One JSON document with all values and discovery; everything else depends on it.",
        (
            *WORDS,
            *(BY_USER if group.is_by_user else ()),
            ONE,
            *(f'"{flag}={text}"' for flag, text in asked),
        ),
        tuple(f'"{one}"' for one in parameters),
        "" if group.is_first else group.id,
    )


DESCRIPTION = (
    "Usage of Microsoft 365 from its usage reports, by o365skype-bridge, and how the bridge itself "
    "is: one process a poll, whatever is monitored, and one host for each tenant. Templates of "
    "families, such as Teams or service health, are linked beside it."
)

FAMILY = (
    "A family of reports of Microsoft 365, by o365skype-bridge. It is linked beside the template "
    "Microsoft 365 usage of the same way to get the data, which has problems that are of the whole "
    "tenant."
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


def _setup(plan: Plan, group: Group) -> str:
    setup = SETUP[plan.mode]
    asked = plan.question if group.is_first else (("--report", group.words),)
    if plan.mode == "trapper" and asked:
        return f"{setup.removesuffix('.')} {' '.join(f'{flag} {text}' for flag, text in asked)}."
    return setup


def _macros(plan: Plan, group: Group) -> tuple[Macro, ...]:
    limited = [
        (report, metric)
        for report in group.reports
        for metric in report.metrics
        if naming.is_headline(metric)
    ]
    limits = (
        Macro(
            name=zabbix_ranges.macro_name(metric, end),
            value="0",
            description=f"{naming.headline(report, metric)}: a problem when {word} this; 0: never.",
        )
        for report, metric in limited
        for end, word in (("MIN", "below"), ("MAX", "above"))
    )
    declared = zabbix_ranges.macros(group.reports)
    return zabbix_macros.sort(*zabbix_macros.of_group(plan, group), *limits, *declared)
