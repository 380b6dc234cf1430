"""What a bundle must not tell, and the search for it."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import re
from typing import TYPE_CHECKING, Any

from o365skype_bridge.errors import BridgeError
from o365skype_bridge.graph.proxies import proxy_of
from o365skype_bridge.support.names import telling
from o365skype_bridge.support.places import EVERYBODYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from o365skype_bridge.settings.values import Tenant


def of_tenant(tenant: Tenant) -> set[str]:
    """Give what nobody may see of a tenant, wherever it stands."""
    found = {tenant.tenant_id, tenant.client_id, tenant.ca_file, *tenant.credential.files}
    found.update(tenant.credential.mark().split("\n"))
    found.update(tenant.proxy_credentials.mark().split(":", 1))
    if tenant.proxy:
        try:
            proxy = proxy_of(tenant)
        except BridgeError:
            proxy = None
        found.update((proxy.user, proxy.password) if proxy else (tenant.proxy,))
    return {one for one in found if one}


def of_host() -> set[str]:
    """Give the names of this host and of the account that runs this."""
    node = os.uname().nodename
    found = {node, node.partition(".")[0]}
    with contextlib.suppress(OSError, KeyError):  # an account without a name
        found.add(getpass.getuser())
    return found - EVERYBODYS


def is_told(text: str, secrets: Iterable[str]) -> bool:
    """Say whether a text has a secret in it, also as JSON writes it."""
    whole = text.casefold()
    return any(
        one in whole or json.dumps(one)[1:-1].casefold() in whole for one in telling(secrets)
    )


def are_named(content: Any, names: Iterable[str], stand_ins: frozenset[str]) -> bool:
    """Say whether a text of a document has a name in it."""
    foreign = {text.casefold() for text in texts(content) if text not in stand_ins}
    whole = "\n".join(text for text in foreign if any(map(str.isalpha, text)))
    return any(
        name in whole and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", whole)
        for name in telling(names)
    )


def texts(content: Any) -> Iterator[str]:
    """Give every text of a document, names of fields included."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for name, one in content.items():
            yield name
            yield from texts(one)
    elif isinstance(content, list):
        for one in content:
            yield from texts(one)
