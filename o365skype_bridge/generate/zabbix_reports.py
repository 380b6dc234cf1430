"""What a Zabbix template knows of each report, by discovery: outcome, age, message, triggers."""

from __future__ import annotations

from typing import Any

from o365skype_bridge.generate import zabbix_trouble
from o365skype_bridge.generate.zabbix_group import Group
from o365skype_bridge.generate.zabbix_parts import Graph, Item, Rule, Trigger
from o365skype_bridge.generate.zabbix_trouble import OUTCOME_MAP, YES_NO

AGE, FETCH = "{#NAME}: Age of the data", "{#NAME}: Duration of the fetch"
"""The graphs of each report."""

SETTINGS = "https://admin.microsoft.com/#/Settings/Services/:/Settings/L1/Reports"
"""Where names are concealed, or are not."""


def rule(group: Group, above: tuple[Trigger, ...]) -> Rule:
    """Give the rule that discovers the reports, with what is to be known of each.

    Their problems are none while one of those ``above`` is.
    """
    id_ = group.macro("ID")
    matches = "{$O365.REPORTS.MATCHES}" if group.is_first else f"^{group.id}$"
    return Rule(
        id="reports",
        key=group.rule("reports"),
        name="Reports",
        description="The reports that are asked for.",
        path="$.discovery.reports",
        macros=tuple(sorted(((id_, "$.id"), ("{#NAME}", "$.name"), ("{#TEMPLATE}", "$.group")))),
        filters=(("{#TEMPLATE}", "MATCHES_REGEX", matches),),
        items=tuple(_report_items(group, id_, above)),
        graphs=(
            Graph(
                id="report:age",
                name=group.graph(AGE),
                keys=(f"o365.report.age[{id_}]",),
            ),
            Graph(
                id="report:fetch",
                name=group.graph(FETCH),
                keys=(f"o365.report.fetch_seconds[{id_}]",),
            ),
        ),
    )


def _report_items(group: Group, id_: str, above: tuple[Trigger, ...]) -> list[Item]:
    # Double quotes: Zabbix escapes for them what stands in a macro of discovery.
    report, key = f'$.report["{id_}"]', f"o365.report.*[{id_}]"
    place = f"/{group.template}/{key}"
    somebody, unconfirmed = zabbix_trouble.triggers(
        "report", "{#NAME}", place, above, is_first=group.is_first
    )
    above = (somebody, unconfirmed, *above)
    trouble = zabbix_trouble.items(
        "report", "{#NAME}", key, report, component="report", tags=(("report", "{#NAME}"),)
    )

    def item(name: str, title: str, description: str, path: str = "", **more: Any) -> Item:
        plain = Item(
            id=f"report:{name}",
            key=key.replace("*", name),
            name=f"{{#NAME}}: {title}",
            description=description,
            component="report",
            path=f"{report}.{path or name}",
            tags=(("report", "{#NAME}"),),
        )
        return plain.replace(**more)

    return [
        item(
            "outcome",
            "Outcome",
            "How the report went.",
            "outcome_code",
            valuemap=OUTCOME_MAP.name,
        ),
        item(
            "fetch",
            "Outcome of the last fetch",
            "How asking Graph went: for stale data, what was in the way.",
            "fetch_code",
            valuemap=OUTCOME_MAP.name,
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
        ),
        item(
            "age",
            "Age of the data",
            "Time since the end of the newest day in the report. Two to three days are usual.",
            "age_seconds",
            value_type="FLOAT",
            units="s",
            repeat=True,
            triggers=_ages(place.replace("*", "age"), above),
        ),
        item("refresh_date", "Newest day", "The newest day in the report.", value_type="CHAR"),
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
            triggers=(_concealed(place.replace("*", "concealed")),),
        ),
        item(
            "fetch_seconds",
            "Duration of the fetch",
            "How long Graph took to give the report.",
            value_type="FLOAT",
            units="s",
        ),
        item("calls", "Calls of Graph", "Calls of Graph that the poll cost.", repeat=True),
        trouble[zabbix_trouble.TROUBLE],
        trouble[zabbix_trouble.NEEDS].replace(triggers=(somebody,)),
        trouble[zabbix_trouble.SECONDS].replace(triggers=(unconfirmed,)),
        trouble[zabbix_trouble.MESSAGE],
    ]


def _ages(key: str, above: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
    def old(id_: str, macro: str, priority: str, *dependencies: Trigger) -> Trigger:
        return Trigger(
            id=f"report:{id_}",
            name=f"{{#NAME}}: Data are {'much ' if id_ == 'very-old' else ''}too old",
            event_name=f"{{#NAME}}: Data are older than {macro}",
            expression=f"min({key},#2)>{macro}",
            priority=priority,
            scope="availability",
            description="The newest day in the report is long ago: Microsoft is late.",
            opdata="Age: {ITEM.LASTVALUE1}",
            url=zabbix_trouble.HEALTH,
            dependencies=(*dependencies, *above),
        )

    worse = old("very-old", "{$O365.AGE.HIGH}", "HIGH")
    return old("old", "{$O365.AGE.WARN}", "WARNING", worse), worse


def _concealed(key: str) -> Trigger:
    return Trigger(
        id="report:concealed",
        name="{#NAME}: User names are concealed",
        expression=f"last({key})=1",
        priority="INFO",
        scope="notice",
        description="Totals stay right; users cannot be told apart by name. A setting of the "
        "Microsoft 365 admin centre: Settings, Org settings, Reports.",
        url=SETTINGS,
        manual_close=True,
    )
