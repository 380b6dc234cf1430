"""Which credential a tenant signs in with, from its settings."""

from __future__ import annotations

from o365skype_bridge.errors import UsageError, meant
from o365skype_bridge.settings.credential import (
    CERTIFICATE,
    DETAILS,
    FEDERATED,
    MANAGED,
    SECRET,
    WAYS,
    Credential,
    Secret,
)

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def credential_of(name: str, values: Mapping[str, Any]) -> Credential:
    """Make the credential of a tenant from its settings, of which paths are whole.

    Raises `UsageError` when they contradict each other.
    """
    if "client_secret" in values and "client_secret_file" in values:
        raise UsageError(
            f"tenant {name!a}: client_secret and client_secret_file contradict each other",
            "Give one.",
        )
    way = _way(name, values)
    strays = [key for key in DETAILS if key in values and way != CERTIFICATE]
    if strays:
        raise UsageError(
            f"tenant {name!a}: {strays[0]} is set, and it signs in with a {way}",
            "Name the certificate with certificate_file, or take that setting away.",
        )
    if way == CERTIFICATE:
        from o365skype_bridge.settings.certificate import Certificate  # noqa: PLC0415 few have one

        return Certificate(
            values.get("certificate_file", ""),
            key_file=values.get("certificate_key_file", ""),
            passphrase=Secret(
                file=values.get("certificate_passphrase_file", ""), what="certificate passphrase"
            ),
            chain=bool(values.get("certificate_chain")),
        )
    if way == FEDERATED:
        from o365skype_bridge.settings.federated import Federated  # noqa: PLC0415 few have one

        return Federated(values.get("federated_token_file", ""))
    if way == MANAGED:
        from o365skype_bridge.settings.managed import SYSTEM, Managed  # noqa: PLC0415 few are one

        return Managed(values.get("managed_identity") or SYSTEM)
    return Secret(values.get("client_secret", ""), values.get("client_secret_file", ""))


def _way(name: str, values: Mapping[str, Any]) -> str:
    """Give the way that is chosen, or the only one that something is set for."""
    chosen = str(values.get("auth") or "")
    if chosen and chosen not in WAYS:
        raise UsageError(
            f"there is no auth {chosen[:40]!a}", f"{meant(chosen, WAYS)}Known: {', '.join(WAYS)}."
        )
    found = [way for way, keys in WAYS.items() if any(key in values for key in keys)]
    if len(found) > 1 and not chosen:
        first, second = found[:2]
        raise UsageError(
            f"tenant {name!a}: a {first} and a {second} are both set",
            f'Keep one, or choose with auth = "{first}" or "{second}".',
        )
    return chosen or (found[0] if found else SECRET)
