"""What a Zabbix template knows of the bridge itself: status, error, warnings, heartbeat."""

from __future__ import annotations

from o365skype_bridge.generate.zabbix_parts import Item, Trigger


def status(template: str) -> tuple[Item, Trigger]:
    """Give the item of the document's status, and the trigger that knows a failed one."""
    key = "o365.bridge.status"
    failed = Trigger(
        id="bridge:failed",
        name="Microsoft 365: The check cannot work",
        expression=f'last(/{template}/{key})="failed"',
        priority="HIGH",
        scope="availability",
        description="Command line or configuration cannot be followed, or it is a defect. The item "
        "o365.bridge.error says what is wrong and what to do.",
    )
    item = Item(
        id="bridge:status",
        key=key,
        name="Microsoft 365: Status",
        description="The worst outcome of all reports, or failed. Without an error handler: what "
        "is no document of ours shows up here.",
        component="health",
        path="$.status",
        value_type="CHAR",
        missing="error",
        repeat=True,
        triggers=(failed,),
    )
    return item, failed


def texts(template: str) -> tuple[Item, ...]:
    """Give the items of what a document says about itself."""
    warned = Trigger(
        id="bridge:warnings",
        name="Microsoft 365: The check warns of something on its host",
        expression=f"length(last(/{template}/o365.bridge.warnings))>0",
        priority="WARNING",
        scope="notice",
        description="Something on the host of the check wants a look, such as a file that others "
        "can read. The item o365.bridge.warnings says what.",
        manual_close=True,
    )
    return (
        Item(
            id="bridge:error",
            key="o365.bridge.error",
            name="Microsoft 365: Error",
            description="With the status failed: what is wrong and what to do.",
            path="$.error",
            component="health",
            value_type="TEXT",
            missing="blank",
        ),
        Item(
            id="bridge:warnings",
            key="o365.bridge.warnings",
            name="Microsoft 365: Warnings",
            description="What to look after on the host of the check.",
            path="$.warnings",
            triggers=(warned,),
            component="health",
            value_type="TEXT",
            missing="blank",
        ),
    )


def heartbeat(template: str, key: str, item: Item, failed: Trigger) -> Item:
    """Give an item the trigger that notices when nothing, or nothing readable, comes any more."""
    silent = Trigger(
        id=f"{item.id}:nodata",
        name="Microsoft 365: Nothing collected",
        event_name="Microsoft 365: Nothing collected for {$O365.NODATA}",
        expression=f"nodata(/{template}/{item.key},{{$O365.NODATA}})=1",
        priority="AVERAGE",
        scope="availability",
        description=f"No readable document has come. Look at the error text of the item {key}, "
        "and run the command by hand as the user that runs it.",
        dependencies=(failed,),
    )
    return item.replace(triggers=(*item.triggers, silent))


def items(template: str, master: str) -> tuple[Item, ...]:
    """Give the items about the bridge itself."""
    state, failed = status(template)
    answered = Item(
        id="bridge:reports",
        key="o365.bridge.reports",
        name="Microsoft 365: Reports answered for",
        description="How many reports the document is about. It fails for everything that is no "
        "document about one tenant, so that its absence means: nothing collected.",
        component="health",
        path="$.discovery.reports.length()",
        missing="error",
        repeat=True,
    )
    left_out = Trigger(
        id="bridge:users-left-out",
        name="Microsoft 365: Some users are left out",
        expression=f"last(/{template}/o365.bridge.users_left_out)>0",
        priority="INFO",
        scope="capacity",
        description="There are more users than fit. A filter of users narrows them.",
        opdata="Left out: {ITEM.LASTVALUE1}",
        manual_close=True,
    )
    users = Item(
        id="bridge:users-left-out",
        key="o365.bridge.users_left_out",
        name="Microsoft 365: Users left out",
        description="Users that did not fit into the document; without users there is no value.",
        component="health",
        path="$.users_left_out",
        triggers=(left_out,),
    )
    return (state, *texts(template), heartbeat(template, master, answered, failed), users)
