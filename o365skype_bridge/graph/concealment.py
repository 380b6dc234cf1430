"""Whether a tenant's setting conceals names, told only to who has a permission for it."""

from __future__ import annotations

import json
from typing import Any

from o365skype_bridge.graph.claims import roles_of

PERMISSIONS = frozenset({"ReportSettings.Read.All", "ReportSettings.ReadWrite.All"})
"""Any of them is enough."""

FUNCTION = "reportSettings"
PATH = "/v1.0/admin/reportSettings"

SECONDS = 2.0
"""Time that the answer may take: nothing but a remark depends on it."""


def is_permitted(token: str) -> bool:
    """Say whether a token carries one of the permissions; one that cannot be read does not."""
    return not PERMISSIONS.isdisjoint(roles_of(token))


def read(body: bytes) -> bool | None:
    """Read the setting, which may stand inside ``value``; None where it is not told."""
    try:
        content: Any = json.loads(body)
        found = content.get("value", content)["displayConcealedNames"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return found if isinstance(found, bool) else None
