"""Sign in as the machine itself: a managed identity of Azure, asked for where it runs."""

from __future__ import annotations

from o365skype_bridge.errors import BridgeError, UnreachableError
from o365skype_bridge.settings.credential import MANAGED, Credential

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from typing import Any

    from o365skype_bridge.settings.credential import Application, Ask, Client


SYSTEM = "system"
"""The managed identity that a machine has by itself."""

PATIENCE = 3.0
"""Seconds for the endpoint of managed identities, which is on this machine or next to it."""


class Managed(Credential):
    """The identity that Azure gives to a machine of its own, or to one that Arc connects to it."""

    way = MANAGED
    what = "managed identity"
    needs = ("tenant_id",)
    is_local = is_endless = True

    def __init__(self, identity: str = SYSTEM) -> None:
        """Take ``system``, or a client id, or a resource id."""
        self._identity = identity

    def __bool__(self) -> bool:
        """Say yes: there is nothing more that it takes."""
        return True

    def mark(self) -> str:
        """Give which identity it is."""
        return self._identity

    def service(self, _tenant: Application) -> str:
        """Name who is asked for a token."""
        return "the managed identity's endpoint"

    def asker(self, tenant: Application, client: Client, cache: Any) -> Ask:
        """Give what asks this machine's endpoint for a token; see `Credential`."""
        import msal  # noqa: PLC0415 only who signs in pays for it

        application = msal.ManagedIdentityClient(
            self._chosen(msal), http_client=client, token_cache=cache
        )
        client.patience = PATIENCE

        def ask() -> Any:
            try:
                return application.acquire_token_for_client(resource=tenant.graph_endpoint)
            except BridgeError as error:
                raise UnreachableError(
                    f"no managed identity is offered here ({error})",
                    "Run this on a machine of Azure or Azure Arc that has an identity, or choose "
                    "another way to sign in with auth.",
                    lasting=True,
                ) from error

        return ask

    def _chosen(self, msal: Any) -> Any:
        if self._identity == SYSTEM:
            return msal.SystemAssignedManagedIdentity()
        if self._identity.startswith("/"):
            return msal.UserAssignedManagedIdentity(resource_id=self._identity)
        return msal.UserAssignedManagedIdentity(client_id=self._identity)
