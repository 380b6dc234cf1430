"""What a Zabbix template knows of each report, by discovery: outcome, age, message, triggers."""

from __future__ import annotations

from typing import Any

from o365skype_bridge.generate.zabbix_parts import Graph, Item, Rule, Trigger, ValueMap
from o365skype_bridge.model.outcome import OUTCOMES

OUTCOME_MAP = ValueMap(
    id="outcome",
    name="Microsoft 365 report outcome",
    mappings=tuple((str(code), kind) for code, kind in enumerate(OUTCOMES)),
)
YES_NO = ValueMap(id="yes-no", name="Microsoft 365 yes or no", mappings=(("0", "no"), ("1", "yes")))

TROUBLES = (
    # outcome, what the trigger says, severity, scope, whether it often passes by itself
    ("pending", "Fetch does not finish", "WARNING", "availability", True),
    ("throttled", "Graph throttles", "WARNING", "performance", True),
    ("forbidden", "Permission is missing", "HIGH", "security", False),
    ("gone", "Report does not exist", "AVERAGE", "availability", False),
    ("unauthorized", "Login is refused", "HIGH", "security", False),
    ("unreachable", "Graph is unreachable", "AVERAGE", "availability", True),
    ("malformed", "Report is malformed", "AVERAGE", "availability", True),
)

REPORT = '$.report["{#ID}"]'
"""Double quotes: Zabbix escapes for them what stands in a macro of discovery."""


def rule(template: str) -> Rule:
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
            Graph(
                id="report:age", name="{#NAME}: Age of the data", keys=("o365.report.age[{#ID}]",)
            ),
            Graph(
                id="report:fetch",
                name="{#NAME}: Duration of the fetch",
                keys=("o365.report.fetch_seconds[{#ID}]",),
            ),
        ),
    )


def _report_items(template: str) -> list[Item]:
    def item(name: str, title: str, description: str, path: str = "", **more: Any) -> Item:
        plain = Item(
            id=f"report:{name}",
            key=f"o365.report.{name}[{{#ID}}]",
            name=f"{{#NAME}}: {title}",
            description=description,
            component="report",
            path=f"{REPORT}.{path or name}",
            tags=(("report", "{#NAME}"),),
        )
        return plain.replace(**more)

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
            "cause",
            "Cause",
            "In a word, what came of asking Graph: for stale data, what was in the way.",
            value_type="CHAR",
        ),
        item(
            "confirmed",
            "Time since Graph confirmed the data",
            "Time since Graph last said that these are its newest data.",
            "confirmed_seconds",
            value_type="FLOAT",
            units="s",
            repeat=True,
            triggers=(_unconfirmed(template),),
        ),
        item(
            "age",
            "Age of the data",
            "Time since the end of the newest day in the report. Two to three days are usual.",
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
            "support",
            "Ids for support",
            "What Microsoft's support asks for: the ids of the last request that failed.",
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


def _unconfirmed(template: str) -> Trigger:
    return Trigger(
        id="report:unconfirmed",
        name="{#NAME}: Graph has not confirmed the data for long",
        event_name="{#NAME}: Graph has not confirmed the data for {$O365.CONFIRMED.WARN}",
        expression=f"last(/{template}/o365.report.confirmed[{{#ID}}])>{{$O365.CONFIRMED.WARN}}",
        priority="WARNING",
        scope="availability",
        description="The figures are those of long ago, whatever has been in the way since. The "
        "report's item Message says what it is now and what to do.",
        opdata="Confirmed {ITEM.LASTVALUE1} ago",
    )


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
