"""The Zabbix template that discovers tenants and makes a host of each."""

from __future__ import annotations

from collections.abc import Sequence

from o365skype_bridge.generate import zabbix_health, zabbix_macros
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_macros import TENANT
from o365skype_bridge.generate.zabbix_parts import (
    HostPrototype,
    Item,
    Macro,
    Rule,
    Template,
    Trigger,
)
from o365skype_bridge.generate.zabbix_plan import Plan
from o365skype_bridge.outputs.zabbix_part import USAGE

GROUP = "Microsoft 365 tenants"

DESCRIPTION = (
    "Discovers the tenants of o365skype-bridge's configuration file and makes a host of each, "
    "linked to {linked}. The new hosts have the macros of the host that this one is "
    "linked to, and are monitored by the same proxy or proxy group."
)

SUFFIXES = {"external": "", "agent": " by agent", "trapper": " by trapper"}
"""What names of hosts end with, so that two ways to get the data can stand beside each other."""

MASTER_WORDS = ("collect", "--output=zabbix", "--tenants-only", '"--config={$O365.CONFIG}"')


def template(plan: Plan, linked: Sequence[Template]) -> Template:
    """Give the template of many tenants; their hosts are linked to the templates of one."""
    name = f"Microsoft 365 tenants by {plan.method}"
    master = plan.master(
        "tenants",
        "Microsoft 365: Tenants",
        "One JSON document with the tenants of the configuration file; Graph is not asked.",
        MASTER_WORDS,
    )
    group = Group(id=USAGE, template=name, reports=())
    answering, _, _ = zabbix_health.answering(group, master.key)
    description = DESCRIPTION.format(linked=", ".join(one.name for one in linked))
    return Template(
        id="tenants",
        name=name,
        description=description,
        readme=f"## {name}\n\n{description}",
        items=(master, *answering, zabbix_health.warnings(group), *_counts(name)),
        rules=(_rule(plan, linked),),
        macros=zabbix_macros.sort(*_macros(plan)),
    )


def _counts(name: str) -> list[Item]:
    known = Item(
        id="bridge:tenants",
        key="o365.bridge.tenants_known",
        name="Microsoft 365: Tenants known",
        description="Tenants of the configuration file.",
        component="health",
        path="$.discovery.tenants.length()",
    )
    left_out = Trigger(
        id="bridge:tenants-left-out",
        name="Microsoft 365: Some tenants are left out",
        expression=f"last(/{name}/o365.bridge.tenants_left_out)>0",
        priority="WARNING",
        scope="capacity",
        description="There are more tenants than fit into one answer. Spread them over several "
        "configuration files.",
        opdata="Left out: {ITEM.LASTVALUE1}",
    )
    rest = Item(
        id="bridge:tenants-left-out",
        key="o365.bridge.tenants_left_out",
        name="Microsoft 365: Tenants left out",
        description="Tenants that did not fit into the document.",
        component="health",
        path="$.tenants_left_out",
        triggers=(left_out,),
    )
    return [known, rest]


def _rule(plan: Plan, linked: Sequence[Template]) -> Rule:
    prototype = HostPrototype(
        id="tenant",
        # Values are pushed to the host that is named as the tenant.
        host="{#NAME}" if plan.mode == "trapper" else "o365-{#ID}{#SUFFIX}",
        name="Microsoft 365 {#NAME}{#SUFFIX}",
        group=GROUP,
        templates=tuple(sorted(one.name for one in linked)),
        tags=(("tenant", "{#NAME}"),),
        macros=(
            zabbix_macros.COMMON.replace(value="2"),
            *(() if plan.mode == "trapper" else (TENANT.replace(value="{#NAME}"),)),
        ),
    )
    return Rule(
        id="tenants",
        key="o365.tenants.discovery",
        name="Tenants",
        description="The tenants of the configuration file.",
        path="$.discovery.tenants",
        macros=(("{#ID}", "$.id"), ("{#NAME}", "$.name"), ("{#SUFFIX}", "$.suffix")),
        suffix="{$O365.HOSTS.SUFFIX}",
        delete="{$O365.TENANT.DELETE}",
        disable="{$O365.TENANT.DISABLE}",
        filters=(
            ("{#NAME}", "MATCHES_REGEX", "{$O365.TENANT.MATCHES}"),
            ("{#NAME}", "NOT_MATCHES_REGEX", "{$O365.TENANT.NOT.MATCHES}"),
        ),
        hosts=(prototype,),
    )


def _macros(plan: Plan) -> list[Macro]:
    filters = [
        Macro(
            name="{$O365.TENANT.MATCHES}",
            value=".*",
            description="Regular expression: names of tenants to make hosts of.",
        ),
        Macro(
            name="{$O365.TENANT.NOT.MATCHES}",
            value="CHANGE_IF_NEEDED",
            description="Regular expression: names of tenants to make no hosts of.",
        ),
    ]
    lives = [
        Macro(
            name="{$O365.TENANT.DELETE}",
            value="30d",
            description="Time after which the host of a tenant that is not in the file any more "
            "is deleted; 0: at once.",
        ),
        Macro(
            name="{$O365.TENANT.DISABLE}",
            value="1h",
            description="Time after which such a host is disabled.",
        ),
    ]
    suffix = Macro(
        name="{$O365.HOSTS.SUFFIX}",
        value=SUFFIXES[plan.mode],
        description="What names of the hosts end with; another one where two hosts discover the "
        "same tenants, in letters, digits, blanks, dots, dashes and underscores.",
    )
    found = [*filters, *lives[: 1 if plan.version == "6.0" else 2], suffix]
    found += [zabbix_macros.NODATA, zabbix_macros.COMMON]
    if plan.mode != "trapper":
        found.append(zabbix_macros.INTERVAL)
        found += [zabbix_macros.TIMEOUT] if plan.version != "6.0" else []
    if plan.mode == "external":
        found.append(zabbix_macros.config(plan))
    return found
