"""The macros of the Zabbix templates, each where its mode has a use for it."""

from __future__ import annotations

from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_parts import Macro, natural
from o365skype_bridge.generate.zabbix_plan import Plan
from o365skype_bridge.outputs import zabbix
from o365skype_bridge.outputs.zabbix_part import USAGE
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
    """Give macros in Zabbix's order: numbers in their names by what they are."""
    return tuple(sorted(macros, key=lambda macro: natural(macro.name.rstrip("}"))))


def config(plan: Plan) -> Macro:
    """Give the macro of the configuration file's path."""
    return Macro(
        name="{$O365.CONFIG}",
        value=plan.config,
        description=f"Configuration file; empty: {DEFAULT_CONFIG}.",
        label="Configuration file",
    )


COMMON = Macro(
    name="{$O365.RAISED.ELSEWHERE}",
    value="0",
    description="0: every failure of the check is a problem of this host. 2, as on hosts made by "
    "discovery: the host that discovers has those of the configuration file and its warnings, and "
    "a tenant that is gone from it is no problem.",
)
PATIENCE = Macro(
    name="{$O365.PATIENCE}",
    value="6h",
    description="Time for which Graph may not have confirmed the data, whatever is in the way.",
)


PATIENCE_OF_FAMILIES = Macro(
    name="{$O365.PATIENCE.FAMILY}",
    value="8h",
    description="The same for a family: longer, so that a trouble of the whole tenant is a problem "
    "of the template Microsoft 365 usage before, and of no family.",
)


def of_group(plan: Plan, group: Group) -> list[Macro]:
    """Give the macros of a tenant's template, without the limits of figures."""
    patience = PATIENCE if group.is_first else PATIENCE_OF_FAMILIES
    found = [NODATA, COMMON, patience, *_ages()]
    if group.is_first:
        found.append(REPORTS)
    if group.has_users:
        found += _filters()
    if group.is_by_user and (group.has_users or plan.mode != "trapper"):
        found.append(MOST_USERS)
    if plan.mode != "trapper":
        found += [TENANT, INTERVAL, DEADLINE]
        found += [PER_USER] if group.is_by_user else []
        found += [TIMEOUT] if plan.version != "6.0" else []
    if plan.mode == "external":
        found += [config(plan), _state(plan)]
        found += [USER_FILTER] if group.is_by_user else []
    return found


TENANT = Macro(
    name="{$O365.TENANT}",
    value="",
    description="The tenant's name in the configuration file; empty if it has only one.",
    label="Tenant",
)
PER_USER = Macro(
    name="{$O365.USERS}",
    value="",
    description="Set to --per-user to discover users and have figures of each; empty: off.",
)
MOST_USERS = Macro(
    name="{$O365.USERS.MAX}",
    value=str(zabbix.MOST_USERS),
    description="So many users at most, the busiest.",
)
DEADLINE = Macro(
    name="{$O365.DEADLINE}",
    value="2.5",
    description="Seconds in which the check answers, whatever Graph does; shorter than what "
    "Zabbix waits, which is 3 seconds unless told otherwise.",
    label="Deadline",
)
USER_FILTER = Macro(
    name="{$O365.USER.FILTER}",
    value="",
    description="Regular expression: only users whose principal name matches are counted.",
)
REPORTS = Macro(
    name="{$O365.REPORTS.MATCHES}",
    value=f"^{USAGE}$",
    description="Regular expression: families whose reports have problems by this template. Those "
    "of the others have them by their own; .* where that is not linked.",
)


def _state(plan: Plan) -> Macro:
    return Macro(
        name="{$O365.STATE.DIR}",
        value=plan.state_dir,
        description="Folder of the zabbix user for what is kept between polls; empty: what "
        f"the configuration file says, or {SERVICE_STATE_DIR}.",
        label="State folder",
    )


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


def _ages() -> list[Macro]:
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
    ]
