"""Whether a tenant's setting conceals names, told only to who has a permission for it."""

from __future__ import annotations

import base64
import json
from typing import Any

PERMISSIONS = frozenset({"ReportSettings.Read.All", "ReportSettings.ReadWrite.All"})
"""Any of them is enough."""

FUNCTION = "reportSettings"
PATH = "/v1.0/admin/reportSettings"

SECONDS = 2.0
"""Time that the answer may take: nothing but a remark depends on it."""

PARTS = 3
"""Parts of a JSON web token; the second one holds the claims."""


def is_permitted(token: str) -> bool:
    """Say whether a token carries one of the permissions; one that cannot be read does not."""
    parts = token.split(".")
    if len(parts) != PARTS:
        return False
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return not PERMISSIONS.isdisjoint(claims["roles"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


def read(body: bytes) -> bool | None:
    """Read the setting, which may stand inside ``value``; None where it is not told."""
    try:
        content: Any = json.loads(body)
        found = content.get("value", content)["displayConcealedNames"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return found if isinstance(found, bool) else None
