"""What an access token says of itself; nobody but Graph can tell whether it is true."""

from __future__ import annotations

import base64
import json

PARTS = 3
"""Parts of a JSON web token; the second one holds the claims."""


def roles_of(token: str) -> frozenset[str]:
    """Give the application permissions that a token carries; none of one that cannot be read."""
    parts = token.split(".")
    if len(parts) != PARTS:
        return frozenset()
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return frozenset(role for role in claims["roles"] if isinstance(role, str))
    except (ValueError, LookupError, TypeError, RecursionError):
        return frozenset()
