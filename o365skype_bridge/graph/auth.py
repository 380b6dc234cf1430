"""The token: MSAL's client credentials, kept between runs in a file."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

import msal

from o365skype_bridge import files
from o365skype_bridge.errors import (
    BridgeError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)
from o365skype_bridge.graph.aadsts import LATER, WRONG_TENANT
from o365skype_bridge.graph.refusals import LOGIN_SERVICE, login_refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from o365skype_bridge.graph.http import Http
    from o365skype_bridge.settings import Tenant

    Guard = Callable[[], contextlib.AbstractContextManager[bool]]

# MSAL logs whole answers when it cannot read them; our errors say what there is to say.
logging.getLogger("msal").setLevel(logging.CRITICAL + 1)


UNKNOWN_TENANT = f"{LOGIN_SERVICE} invalid_request"
"""What a token request says of a tenant that discovery calls ``invalid_tenant``."""


class Token:
    """Gets, keeps and drops one tenant's access token."""

    def __init__(
        self,
        tenant: Tenant,
        http: Http,
        path: str,
        guard: Guard = lambda: contextlib.nullcontext(enter_result=True),
    ) -> None:
        """Take the tenant; ``path`` is where the token is kept between runs.

        ``guard`` gives a context in which no other process uses that file; where it gives
        False there is no such safety, and the token is kept in memory only.
        """
        self._tenant = tenant
        self._http = http
        self._path = path
        self._guard = guard
        self._application: msal.ConfidentialClientApplication | None = None

    def get(self) -> str:
        """Give a valid token, from memory, from the file or from the login service.

        Raises `BridgeError` with what to do when the login is refused.
        """
        with self._mapped(), self._guard() as is_safe:
            if self._application is None:
                cache = self._cache() if is_safe else msal.SerializableTokenCache()
                self._application = self._make(cache)
            answer = self._application.acquire_token_for_client(
                scopes=[f"{self._tenant.graph_endpoint}/.default"]
            )
            if is_safe:
                self._keep(self._application.token_cache)
        if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
            self._application = None
            if self._http.last_status == 429:  # noqa: PLR2004
                raise ThrottledError(
                    f"{self._tenant.login_endpoint} throttles us",
                    retry_after=self._http.last_wait,
                    refusal=self._http.last_refusal,
                )
            raise login_refusal(answer if isinstance(answer, dict) else {})
        return str(answer["access_token"])

    def drop(self) -> None:
        """Forget the token: Graph does not take it any more."""
        self._application = None
        files.remove(self._path)

    def _cache(self) -> msal.SerializableTokenCache:
        """Give what the file holds; nobody else uses it, so it needs no lock of its own."""
        cache = msal.SerializableTokenCache()
        try:
            cache.deserialize(files.read_owned(self._path, files.MIDDLING).decode())
            list(cache.search(msal.TokenCache.CredentialType.ACCESS_TOKEN))
        except Exception:  # noqa: BLE001 whatever is wrong with the file, a new token is the cure
            files.remove(self._path)
            return msal.SerializableTokenCache()
        return cache

    def _keep(self, cache: msal.SerializableTokenCache) -> None:
        """Write the file if there is something new; not being able to costs speed."""
        if cache.has_state_changed:
            with contextlib.suppress(OSError):
                files.write_whole(self._path, cache.serialize().encode())

    def _make(self, cache: msal.SerializableTokenCache) -> msal.ConfidentialClientApplication:
        tenant = self._tenant
        return msal.ConfidentialClientApplication(
            tenant.client_id,
            client_credential=tenant.client_secret.reveal(),
            authority=f"{tenant.login_endpoint}/{tenant.tenant_id}",
            instance_discovery=False,
            http_client=self._http,
            token_cache=cache,
            azure_region=False,  # MSAL_FORCE_REGION is meant for Azure's own machines
        )

    @contextlib.contextmanager
    def _mapped(self) -> Iterator[None]:
        host = self._tenant.login_endpoint
        try:
            yield
        except BridgeError:
            raise
        except msal.exceptions.MsalServiceError as error:
            self._application = None  # MSAL would repeat its answer from memory
            raise UnreachableError(
                f"{host} has a passing problem: HTTP {self._http.last_status}",
                LATER,
                retry_after=self._http.last_wait,
                refusal=self._http.last_refusal,
            ) from error
        except (ValueError, KeyError, TypeError, RuntimeError) as error:
            self._application = None
            if self._http.last_status == 429:  # noqa: PLR2004
                raise ThrottledError(
                    f"{host} throttles us",
                    retry_after=self._http.last_wait,
                    refusal=self._http.last_refusal,
                ) from error
            if 400 <= self._http.last_status < 500:  # noqa: PLR2004
                raise UnauthorizedError(
                    "login refused: the tenant is not known there",
                    WRONG_TENANT,
                    refusal=UNKNOWN_TENANT if self._http.last_refusal else "",
                ) from error
            raise UnreachableError(
                f"{host} did not answer as the login service does",
                "A proxy or captive portal may answer in its place; check O365_LOGIN_ENDPOINT.",
            ) from error
