"""What a Zabbix template says of the bridge and its reports: items, discovery, triggers."""

from __future__ import annotations

from o365skype_bridge.generate.zabbix_parts import Graph, Item, Rule, Trigger, ValueMap
from o365skype_bridge.model import OUTCOMES

OUTCOME_MAP = ValueMap(
    id="outcome",
    name="Microsoft 365 report outcome",
    mappings=tuple((str(code), kind) for code, kind in enumerate(OUTCOMES)),
)
YES_NO = ValueMap(id="yes-no", name="Microsoft 365 yes or no", mappings=(("0", "no"), ("1", "yes")))

TROUBLES = (
    # outcome, what the trigger says, severity, scope, whether it often passes by itself
    ("pending", "No first fetch yet", "WARNING", "availability", True),
    ("throttled", "Graph throttles", "WARNING", "performance", True),
    ("forbidden", "Permission is missing", "HIGH", "security", False),
    ("gone", "Report does not exist", "AVERAGE", "availability", False),
    ("unauthorized", "Login is refused", "HIGH", "security", False),
    ("unreachable", "Graph is unreachable", "AVERAGE", "availability", True),
    ("malformed", "Report is malformed", "AVERAGE", "availability", True),
)

REPORT = "$.report[\"{#ID}\"]"
"""Double quotes: Zabbix escapes for them what stands in a macro of discovery."""


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
    common = {"component": "health", "value_type": "TEXT", "missing": "blank"}
    return (
        Item(
            id="bridge:error",
            key="o365.bridge.error",
            name="Microsoft 365: Error",
            description="With the status failed: what is wrong and what to do.",
            path="$.error",
            **common,
        ),
        Item(
            id="bridge:warnings",
            key="o365.bridge.warnings",
            name="Microsoft 365: Warnings",
            description="What to look after on the host of the check.",
            path="$.warnings",
            triggers=(warned,),
            **common,
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
        description="There are more users than fit. Narrow them with {$O365.USER.FILTER}.",
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


def report_rule(template: str) -> Rule:
    """Give the rule that discovers the reports, with what is to be known of each."""
    return Rule(
        id="reports",
        key="o365.reports.discovery",
        name="Reports",
        description="The reports that are asked for.",
        path="$.discovery.reports",
        macros=(("{#ID}", "$.id"), ("{#NAME}", "$.name")),
        items=tuple(_report_items(template)),
        graphs=(
            Graph(id="report:age", name="{#NAME}: Age of the data", keys=("o365.report.age[{#ID}]",)),
            Graph(
                id="report:fetch",
                name="{#NAME}: Duration of the fetch",
                keys=("o365.report.fetch_seconds[{#ID}]",),
            ),
        ),
    )


def _report_items(template: str) -> list[Item]:
    def item(name: str, title: str, description: str, path: str = "", **more: object) -> Item:
        return Item(
            **{
                "id": f"report:{name}",
                "key": f"o365.report.{name}[{{#ID}}]",
                "name": f"{{#NAME}}: {title}",
                "description": description,
                "component": "report",
                "path": f"{REPORT}.{path or name}",
                "tags": (("report", "{#NAME}"),),
                **more,
            }
        )

    outcome = {"valuemap": OUTCOME_MAP.name, "repeat": True}
    return [
        item(
            "outcome",
            "Outcome",
            "How the report went.",
            "outcome_code",
            **outcome,
        ),
        item(
            "fetch",
            "Outcome of the last fetch",
            "How asking Graph went: for stale data, what was in the way.",
            "fetch_code",
            triggers=tuple(_troubles(template)),
            **outcome,
        ),
        item("success", "Success", "Whether asking Graph gave the report.", valuemap=YES_NO.name),
        item(
            "age",
            "Age of the data",
            "Time since the end of the newest day in the report. Microsoft is two to three days late.",
            "age_seconds",
            value_type="FLOAT",
            units="s",
            repeat=True,
            triggers=_ages(template),
        ),
        item("refresh_date", "Newest day", "The newest day in the report.", value_type="CHAR"),
        item(
            "message",
            "Message",
            "What is in the way and what to do.",
            value_type="TEXT",
            missing="blank",
        ),
        item(
            "concealed",
            "Names concealed",
            "Whether Microsoft hides user names in the report.",
            "names_concealed",
            valuemap=YES_NO.name,
            triggers=(_concealed(template),),
        ),
        item(
            "fetch_seconds",
            "Duration of the fetch",
            "How long Graph took to give the report.",
            value_type="FLOAT",
            units="s",
        ),
        item("calls", "Calls of Graph", "Calls of Graph that the poll cost.", repeat=True),
    ]


def _troubles(template: str) -> list[Trigger]:
    key = f"/{template}/o365.report.fetch[{{#ID}}]"
    made = []
    for kind, name, priority, scope, passing in TROUBLES:
        code = OUTCOMES.index(kind)
        window = "{$O365.PATIENCE}"
        expression = f"last({key})={code}"
        if passing:
            expression = f"min({key},{window})={code} and max({key},{window})={code}"
        made.append(
            Trigger(
                id=f"report:{kind}",
                name=f"{{#NAME}}: {name}",
                event_name=f"{{#NAME}}: {name} (for {window})" if passing else "",
                expression=expression,
                priority=priority,
                scope=scope,
                description=f"Asking Graph has the outcome {kind}. The report's item Message says "
                "what is in the way and what to do.",
            )
        )
    return made


def _ages(template: str) -> tuple[Trigger, ...]:
    def old(id_: str, macro: str, priority: str, *dependencies: Trigger) -> Trigger:
        return Trigger(
            id=f"report:{id_}",
            name=f"{{#NAME}}: Data are {'much ' if id_ == 'very-old' else ''}too old",
            event_name=f"{{#NAME}}: Data are older than {macro}",
            expression=f"min(/{template}/o365.report.age[{{#ID}}],#2)>{macro}",
            priority=priority,
            scope="availability",
            description="The newest day in the report is long ago. Microsoft is late, or the "
            "report cannot be fetched: see its other problems.",
            opdata="Age: {ITEM.LASTVALUE1}",
            dependencies=dependencies,
        )

    worse = old("very-old", "{$O365.AGE.HIGH}", "HIGH")
    return old("old", "{$O365.AGE.WARN}", "WARNING", worse), worse


def _concealed(template: str) -> Trigger:
    return Trigger(
        id="report:concealed",
        name="{#NAME}: User names are concealed",
        expression=f"last(/{template}/o365.report.concealed[{{#ID}}])=1",
        priority="INFO",
        scope="notice",
        description="Totals stay right; users cannot be told apart by name. A setting of the "
        "Microsoft 365 admin centre: Settings, Org settings, Reports.",
        manual_close=True,
    )
