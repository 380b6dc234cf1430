"""Problems that name their cause: what Graph does not give, of all reports and of each.

Two triggers stand for every cause. One is of causes that stay until somebody acts, and takes two
answers that say so. The other is of whatever has kept Graph from confirming the figures for long,
however often the cause has changed meanwhile. Only one of the two is a problem at a time.
"""

from __future__ import annotations

from typing import Any

from o365skype_bridge.generate.zabbix_parts import Item, Trigger, ValueMap
from o365skype_bridge.model.outcome import OUTCOMES

OUTCOME_MAP = ValueMap(
    id="outcome",
    name="Microsoft 365 report outcome",
    mappings=tuple((str(code), kind) for code, kind in enumerate(OUTCOMES)),
)
FAILED = len(OUTCOMES)
STATE_MAP = ValueMap(
    id="state",
    name="Microsoft 365 state",
    mappings=(*OUTCOME_MAP.mappings, (str(FAILED), "failed")),
)
"""The worst outcome, or that there is no answer."""

YES_NO = ValueMap(id="yes-no", name="Microsoft 365 yes or no", mappings=(("0", "no"), ("1", "yes")))

APPLICATIONS = (
    "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"
)
"""Where secrets are made and permissions are granted."""

HEALTH = "https://admin.microsoft.com/#/servicehealth"

TROUBLE, NEEDS, SECONDS, MESSAGE = "trouble", "needs_somebody", "unconfirmed", "message"
"""The items that the triggers look at, as their keys call them."""


PATIENCE, PATIENCE_OF_FAMILIES = "{$O365.PATIENCE}", "{$O365.PATIENCE.FAMILY}"
"""The macros of how long Graph may not have confirmed the data."""


def whole(place: int) -> str:
    """Give the macro of the whole last value of an expression's item; alone it would be cut."""
    return f'{{{{ITEM.LASTVALUE{place}}}.regsub("^(.*)$","\\1")}}'


def triggers(
    id_: str, prefix: str, key: str, above: tuple[Trigger, ...], *, is_first: bool
) -> tuple[Trigger, Trigger]:
    """Give both triggers; ``key`` is that of an item, template included, with ``*`` for its name.

    They are no problem while one of those ``above`` is. Those that are not of the first template
    wait longer, so that what is the whole tenant's is a problem there before: a refused login is.
    A server may take the items of an answer one after the other, so all wait for the words that
    name the problem.
    """
    patience = PATIENCE if is_first else PATIENCE_OF_FAMILIES
    trouble = f"last({key.replace('*', TROUBLE)})"
    refused = OUTCOMES.index("unauthorized")
    other = "" if is_first else f" or {trouble}={refused}"
    own = "" if is_first else f" and {trouble}<>{refused}"
    acting = f'count({key.replace("*", NEEDS)},#2,"gt","0")'
    said = f"length(last({key.replace('*', MESSAGE)}))>0"
    somebody = Trigger(
        id=f"{id_}:needs-somebody",
        name=f"{prefix}: Somebody has to act",
        event_name=f"{prefix}: {whole(2)}",
        expression=f"{acting}=2 and {said}{own}",
        priority="HIGH",
        scope="availability",
        description="Two answers in a row say that Graph gives nothing until somebody acts: login "
        "refused, permission missing, report gone or malformed. The problem's name says what it is "
        "and what to do.",
        opdata=whole(2),
        url=APPLICATIONS,
        several=True,
        dependencies=above,
    )
    unconfirmed = Trigger(
        id=f"{id_}:unconfirmed",
        name=f"{prefix}: Graph has not confirmed the data for long",
        event_name=f"{prefix}: Graph has not confirmed the data for {patience}: {whole(4)}",
        expression=f"last({key.replace('*', SECONDS)})>{patience} "
        f"and {trouble}>0 and ({acting}<2{other}) and {said}",
        priority="AVERAGE",
        scope="availability",
        description="The figures are those of long ago, whatever has been in the way since: the "
        "network, Microsoft, too many calls. The problem's name says what it was when it began, "
        "its operational data what it is now.",
        opdata=whole(4),
        url=HEALTH,
        several=True,
        dependencies=above,
    )
    return somebody, unconfirmed


def items(id_: str, prefix: str, key: str, path: str, **more: Any) -> dict[str, Item]:
    """Give the items that the triggers look at, by their names; ``*`` is in ``key``."""

    def item(name: str, title: str, description: str, end: str, **own: Any) -> Item:
        plain = Item(
            id=f"{id_}:{name}",
            key=key.replace("*", name),
            name=f"{prefix}: {title}",
            description=description,
            component="health",
            path=f"{path}.{end}",
        )
        return plain.replace(**more).replace(**own)

    return {
        TROUBLE: item(
            TROUBLE,
            "Trouble",
            "The outcome that is in the way; 0 when nothing is that is not said elsewhere.",
            "trouble_code",
            valuemap=OUTCOME_MAP.name,
        ),
        NEEDS: item(
            NEEDS,
            "Somebody has to act",
            "Whether the trouble stays until somebody does something about it.",
            "needs_somebody",
            valuemap=YES_NO.name,
            repeat=True,
        ),
        SECONDS: item(
            SECONDS,
            "Time without confirmation",
            "Time since Graph last confirmed the data, or since it first failed to give any.",
            "unconfirmed_seconds",
            value_type="FLOAT",
            units="s",
            repeat=True,
        ),
        MESSAGE: item(
            MESSAGE,
            "Message",
            "What is in the way and what to do.",
            "message",
            value_type="TEXT",
            missing="blank",
        ),
    }
