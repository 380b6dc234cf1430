"""The Zabbix template that discovers tenants and makes a host of each."""

from __future__ import annotations

from o365skype_bridge.generate import zabbix_health, zabbix_macros
from o365skype_bridge.generate.zabbix_parts import (
    HostPrototype,
    Item,
    Macro,
    Rule,
    Template,
    Trigger,
)
from o365skype_bridge.generate.zabbix_plan import Plan

GROUP = "Microsoft 365 tenants"

DESCRIPTION = (
    "Discovers the tenants of o365skype-bridge's configuration file and makes a host of each, "
    "linked to the template {usage}. The new hosts have the macros of the host that this one is "
    "linked to, and are monitored by the same proxy or proxy group."
)

MASTER_WORDS = ("collect", "--output=zabbix", "--tenants-only", '"--config={$O365.CONFIG}"')


def template(plan: Plan, usage: Template) -> Template:
    """Give the template of many tenants; their hosts are linked to the template of one."""
    name = f"Microsoft 365 tenants by {plan.method}"
    master = plan.master(
        "tenants",
        "Microsoft 365: Tenants",
        "One JSON document with the tenants of the configuration file; Graph is not asked.",
        MASTER_WORDS,
    )
    status, failed = zabbix_health.status(name)
    return Template(
        id="tenants",
        name=name,
        description=DESCRIPTION.format(usage=usage.name),
        readme=f"## {name}\n\n{DESCRIPTION.format(usage=usage.name)}",
        items=(master, status, *zabbix_health.texts(name), *_counts(name, master.key, failed)),
        rules=(_rule(plan, usage),),
        macros=zabbix_macros.sort(*_macros(plan)),
    )


def _counts(name: str, master: str, failed: Trigger) -> list[Item]:
    known = Item(
        id="bridge:tenants",
        key="o365.bridge.tenants_known",
        name="Microsoft 365: Tenants",
        description="Tenants of the configuration file.",
        component="health",
        path="$.discovery.tenants.length()",
        missing="error",
        repeat=True,
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
    return [zabbix_health.heartbeat(name, master, known, failed), rest]


def _rule(plan: Plan, usage: Template) -> Rule:
    prototype = HostPrototype(
        id="tenant",
        # Values are pushed to the host that is named as the tenant.
        host="{#NAME}" if plan.mode == "trapper" else "o365-{#ID}",
        name="Microsoft 365 {#NAME}",
        group=GROUP,
        template=usage.name,
        macros=()
        if plan.mode == "trapper"
        else (
            Macro(
                name="{$O365.TENANT}",
                value="{#NAME}",
                description="The tenant's name in the configuration file.",
            ),
        ),
    )
    return Rule(
        id="tenants",
        key="o365.tenants.discovery",
        name="Tenants",
        description="The tenants of the configuration file.",
        path="$.discovery.tenants",
        macros=(("{#ID}", "$.id"), ("{#NAME}", "$.name")),
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
    found = [*filters, zabbix_macros.NODATA]
    if plan.mode != "trapper":
        found.append(zabbix_macros.INTERVAL)
        found += [zabbix_macros.TIMEOUT] if plan.version != "6.0" else []
    if plan.mode == "external":
        found.append(zabbix_macros.config(plan))
    return found
