"""The macros of the Zabbix templates, each where its mode has a use for it."""

from __future__ import annotations

from o365skype_bridge.generate.zabbix_parts import Macro
from o365skype_bridge.generate.zabbix_plan import Plan
from o365skype_bridge.settings.sources import DEFAULT_CONFIG, SERVICE_STATE_DIR

INTERVAL = Macro(
    name="{$O365.INTERVAL}",
    value="5m",
    description="How often the check runs. Answers come from what is kept, so this costs no calls.",
    label="Update interval",
)
TIMEOUT = Macro(
    name="{$O365.TIMEOUT}",
    value="10s",
    description="How long Zabbix waits for the check; longer than {$O365.DEADLINE}.",
    label="Timeout",
)
NODATA = Macro(
    name="{$O365.NODATA}",
    value="30m",
    description="Time without a readable document after which there is a problem.",
)


def sort(*macros: Macro) -> tuple[Macro, ...]:
    """Give macros in Zabbix's order."""
    return tuple(sorted(macros, key=lambda macro: macro.name))


def config(plan: Plan) -> Macro:
    """Give the macro of the configuration file's path."""
    return Macro(
        name="{$O365.CONFIG}",
        value=plan.config,
        description=f"Configuration file; empty: {DEFAULT_CONFIG}.",
        label="Configuration file",
    )


def usage(plan: Plan, *, users: bool) -> list[Macro]:
    """Give the macros of a tenant's template, without the limits of figures.

    ``users`` says that there are figures of single users to choose from.
    """
    tenant = Macro(
        name="{$O365.TENANT}",
        value="",
        description="The tenant's name in the configuration file; empty if it has only one.",
        label="Tenant",
    )
    per_user = Macro(
        name="{$O365.USERS}",
        value="",
        description="Set to --per-user to discover users and have figures of each; empty: off.",
    )
    found = [NODATA, *_thresholds(), *(_filters() if users else ())]
    if plan.mode != "trapper":
        found += [tenant, per_user, INTERVAL, _deadline()]
        found += [TIMEOUT] if plan.version != "6.0" else []
    if plan.mode == "external":
        found += [config(plan), *_server(plan)]
    return found


def _deadline() -> Macro:
    return Macro(
        name="{$O365.DEADLINE}",
        value="2.5",
        description="Seconds in which the check answers, whatever Graph does; shorter than what "
        "Zabbix waits, which is 3 seconds unless told otherwise.",
        label="Deadline",
    )


def _server(plan: Plan) -> list[Macro]:
    return [
        Macro(
            name="{$O365.STATE.DIR}",
            value=plan.state_dir,
            description="Folder of the zabbix user for what is kept between polls; empty: what "
            f"the configuration file says, or {SERVICE_STATE_DIR}.",
            label="State folder",
        ),
        Macro(
            name="{$O365.USER.FILTER}",
            value="",
            description="Regular expression: only users whose principal name matches are counted.",
        ),
    ]


def _filters() -> list[Macro]:
    return [
        Macro(
            name="{$O365.USER.MATCHES}",
            value=".*",
            description="Regular expression: names of users to discover.",
        ),
        Macro(
            name="{$O365.USER.NOT.MATCHES}",
            value="CHANGE_IF_NEEDED",
            description="Regular expression: names of users not to discover.",
        ),
    ]


def _thresholds() -> list[Macro]:
    return [
        Macro(
            name="{$O365.AGE.WARN}",
            value="4d",
            description="Age of the data, from the end of their newest day, that is a warning.",
        ),
        Macro(
            name="{$O365.AGE.HIGH}",
            value="6d",
            description="Age of the data that is a problem of high severity.",
        ),
        Macro(
            name="{$O365.CONFIRMED.WARN}",
            value="6h",
            description="Time since Graph last confirmed the data that is a warning.",
        ),
        Macro(
            name="{$O365.PATIENCE}",
            value="1h",
            description="How long a trouble that often passes by itself must last to be a problem.",
        ),
    ]
