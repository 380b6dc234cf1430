"""The application's own secrets and certificates: how many days each is good for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.shape import by_label
from o365skype_bridge.model.units import DAYS, WORD
from o365skype_bridge.reports.figures import items, text, value

THREE_HOURS = 10800.0
"""Seconds after which they are asked for again: days are counted."""
KINDS = {"passwordCredentials": "secret", "keyCredentials": "certificate"}


def credentials(item: Mapping[str, Any], today: date) -> Iterator[Mapping[str, str]]:
    """Give a row for each credential that has not ended, and for the last one that has.

    Ended ones that lie beside a good one need nobody.
    """
    rows = [
        {
            "id": text(one, "keyId"),
            "kind": kind,
            "name": str(one.get("displayName") or one["keyId"]),
            "ends": text(one, "endDateTime")[:10],
        }
        for list_, kind in KINDS.items()
        for one in items(item, list_)
    ]
    left = {row["id"]: (date.fromisoformat(row["ends"]) - today).days for row in rows}
    most = max(left.values(), default=0)
    for row in rows:
        days = left[row["id"]]
        if days >= 0 or days == most:
            yield {**row, "days": str(max(days, 0))}


def configured(tenant: Any) -> Mapping[str, Any] | None:
    """Give the credential whose end the settings of a tenant tell; nobody need be asked, then.

    They name a day, or a certificate that says it itself. A managed identity never ends.
    """
    ends, way = tenant.secret_expires or tenant.credential.ends(), tenant.credential.way
    if not ends and not tenant.credential.is_endless:
        return None
    kind = way if way in KINDS.values() else "secret"
    own = {"keyId": "configured", "displayName": kind, "endDateTime": ends}
    return {list_: [own] if ends and kind == known else [] for list_, known in KINDS.items()}


CREDENTIAL = ("credential", "")
"""The label whose values are found in the list."""

REPORTS = (
    Report(
        name="credentials-expiry",
        title="Credentials of the application",
        function="applications",
        permission="Application.Read.All",
        namespace="credentials",
        path="/applications(appId='{client_id}')"
        "?$select=id,appId,displayName,passwordCredentials,keyCredentials",
        portal="https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps"
        "/ApplicationsListBlade",
        rows=credentials,
        given=configured,
        interval=THREE_HOURS,
        shape=by_label("credential", "id"),
        metrics=(
            value(
                "credentials.left",
                DAYS,
                "Time left",
                "days",
                "Days until it ends, 0 when it has.",
                label=CREDENTIAL,
            ).replace(warning=("30:",), critical=("7:",)),
            value(
                "credentials.ends",
                WORD,
                "End",
                "ends",
                "The day on which it ends.",
                label=CREDENTIAL,
            ),
            value(
                "credentials.name",
                WORD,
                "Name",
                "name",
                "What it is called in Entra.",
                label=CREDENTIAL,
            ),
            value(
                "credentials.kind",
                WORD,
                "Kind",
                "kind",
                "A secret or a certificate.",
                label=CREDENTIAL,
            ),
        ),
    ),
)
