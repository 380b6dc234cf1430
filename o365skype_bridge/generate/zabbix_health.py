"""What a Zabbix template knows of the answers themselves: status, failure, warnings, heartbeat."""

from __future__ import annotations

from o365skype_bridge.generate import zabbix_trouble
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_parts import Item, Trigger

COMMON = "{$O365.RAISED.ELSEWHERE}"
"""The macro of the failures that another host has problems of."""


def answering(group: Group, master: str) -> tuple[tuple[Item, ...], Trigger, Trigger]:
    """Give the items of whether there is an answer, and the triggers that know of none."""
    template = group.template
    status, failure, error = (group.key(name) for name in ("status", "failure", "error"))
    failed = Trigger(
        id="bridge:failed",
        name=f"{group.title}: The check cannot work",
        event_name=f"{group.title}: {zabbix_trouble.whole(2)}",
        expression=f"last(/{template}/{failure})>{COMMON} and length(last(/{template}/{error}))>0",
        priority="HIGH",
        scope="availability",
        description="Command line or configuration cannot be followed, or it is a defect. The "
        "problem's name says what is wrong and what to do.",
        opdata=zabbix_trouble.whole(2),
        several=True,
        dependencies=group.above,
    )
    silent = Trigger(
        id="bridge:reports:nodata",
        name=f"{group.title}: Nothing collected",
        event_name=f"{group.title}: Nothing collected for {{$O365.NODATA}}",
        expression=f"nodata(/{template}/{status},{{$O365.NODATA}})=1",
        priority="AVERAGE",
        scope="availability",
        description=f"No readable document has come. Look at the error text of the item {master}, "
        "and run the command by hand as the user that runs it.",
        dependencies=(failed, *group.above),
    )
    found = (
        Item(
            id="bridge:status",
            key=status,
            name=f"{group.title}: Status",
            description="The worst outcome of all reports, or failed. Without an error handler: "
            "what is no document of ours shows up here.",
            component="health",
            path="$.status",
            value_type="CHAR",
            missing="error",
            repeat=True,
            triggers=(silent,),
        ),
        Item(
            id="bridge:failure",
            key=failure,
            name=f"{group.title}: Failure",
            description="With the status failed: whose it is. 1: the configuration file cannot be "
            "followed; 2: it has no such tenant; 3: anything else; 0: none.",
            component="health",
            path="$.failure",
            triggers=(failed,),
        ),
        Item(
            id="bridge:error",
            key=error,
            name=f"{group.title}: Error",
            description="With the status failed: what is wrong and what to do.",
            path="$.error",
            component="health",
            value_type="TEXT",
            missing="blank",
        ),
    )
    return found, failed, silent


def summary(group: Group) -> tuple[Item, ...]:
    """Give the items of the answer as a whole: state, report day, age, and what is in the way."""
    return (
        Item(
            id="bridge:state",
            key=group.key("state"),
            name=f"{group.title}: State",
            description="The worst outcome of all reports as a number, or 10: failed.",
            component="health",
            path="$.status_code",
            valuemap=zabbix_trouble.STATE_MAP.name,
        ),
        Item(
            id="bridge:day",
            key=group.key("day"),
            name=f"{group.title}: Report day",
            description="The newest day that all reports are of.",
            component="health",
            path="$.refresh_date",
            value_type="CHAR",
        ),
        Item(
            id="bridge:age",
            key=group.key("age"),
            name=f"{group.title}: Age of the data",
            description="Time since the end of that day.",
            component="health",
            path="$.age_seconds",
            value_type="FLOAT",
            units="s",
            repeat=True,
        ),
        Item(
            id="bridge:cause",
            key=group.key("cause"),
            name=f"{group.title}: Cause",
            description="What is in the way of the report that is worst off, and what to do.",
            component="health",
            path="$.cause",
            value_type="TEXT",
        ),
    )


def warnings(group: Group) -> Item:
    """Give the item of what to look after on the host of the check."""
    key = group.key("warnings")
    warned = Trigger(
        id="bridge:warnings",
        name=f"{group.title}: The check warns of something on its host",
        event_name=f"{group.title}: {zabbix_trouble.whole(1)}",
        expression=f"length(last(/{group.template}/{key}))>0 and {COMMON}=0",
        priority="WARNING",
        scope="notice",
        description="Something on the host of the check wants a look, such as a file that others "
        "can read. The problem's name says what.",
        opdata=zabbix_trouble.whole(1),
        manual_close=True,
    )
    return Item(
        id="bridge:warnings",
        key=key,
        name=f"{group.title}: Warnings",
        description="What to look after on the host of the check.",
        path="$.warnings",
        triggers=(warned,),
        component="health",
        value_type="TEXT",
        missing="blank",
    )


def troubles(group: Group) -> tuple[tuple[Item, ...], tuple[Trigger, ...]]:
    """Give the items of a trouble that is of all reports, and their triggers."""
    key = group.key("*")
    both = zabbix_trouble.triggers(
        "trouble", group.title, f"/{group.template}/{key}", group.above, is_first=group.is_first
    )
    found = zabbix_trouble.items("trouble", group.title, key, "$.trouble")
    found[zabbix_trouble.NEEDS] = found[zabbix_trouble.NEEDS].replace(triggers=both[:1])
    found[zabbix_trouble.SECONDS] = found[zabbix_trouble.SECONDS].replace(triggers=both[1:])
    return tuple(found.values()), both


def reports(group: Group) -> Item:
    """Give the item that counts the reports of an answer."""
    return Item(
        id="bridge:reports",
        key=group.key("reports"),
        name=f"{group.title}: Reports answered for",
        description="How many reports the document is about.",
        component="health",
        path="$.discovery.reports.length()",
    )


def users(group: Group) -> Item:
    """Give the item that counts the users who are left out."""
    key = group.key("users_left_out")
    left_out = Trigger(
        id="bridge:users-left-out",
        name=f"{group.title}: Some users are left out",
        expression=f"last(/{group.template}/{key})>0",
        priority="INFO",
        scope="capacity",
        description="There are more users than {$O365.USERS.MAX}, or than fit; the busiest are "
        "there. A filter of users narrows them.",
        opdata="Left out: {ITEM.LASTVALUE1}",
        manual_close=True,
    )
    return Item(
        id="bridge:users-left-out",
        key=key,
        name=f"{group.title}: Users left out",
        description="Users that did not fit into the document; without users there is no value.",
        component="health",
        path="$.users_left_out",
        triggers=(left_out,),
    )
