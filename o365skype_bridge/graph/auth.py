"""The token: what MSAL gets for a credential, kept between runs in a file."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

import msal

from o365skype_bridge.errors import (
    BridgeError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)
from o365skype_bridge.graph.aadsts import LATER, WRONG_TENANT
from o365skype_bridge.graph.login import LoginClient
from o365skype_bridge.graph.refusals import LOGIN_SERVICE, login_refusal
from o365skype_bridge.process import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from o365skype_bridge.graph.http import Http
    from o365skype_bridge.settings.credential import Ask
    from o365skype_bridge.settings.values import Tenant

    Guard = Callable[[], contextlib.AbstractContextManager[bool]]

# MSAL logs whole answers when it cannot read them; our errors say what there is to say.
logging.getLogger("msal").setLevel(logging.CRITICAL + 1)


FAILED, THROTTLED, FAILING = 400, 429, 500
"""HTTP status codes: those of refusals, one of them, and those of a service in trouble."""

LONGEST_TOKEN = 1 << 15

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
        self._service = tenant.credential.service(tenant)
        self._login = LoginClient(http)
        self._cache = msal.SerializableTokenCache()
        self._path = path
        self._guard = guard
        self._ask: Ask | None = None

    def get(self) -> str:
        """Give a valid token, from memory, from the file or from the login service.

        Raises `BridgeError` with what to do when the login is refused.
        """
        with self._mapped(), self._guard() as is_safe:
            if self._ask is None:
                self._cache = self._kept() if is_safe else msal.SerializableTokenCache()
                credential = self._tenant.credential
                self._ask = credential.asker(self._tenant, self._login, self._cache)
            answer = self._ask()
            if is_safe:
                self._keep()
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if isinstance(token, str) and _fits_a_header(token):
            return token
        self._ask = None
        if token is not None or "error" not in (answer or {}):
            self.drop()
            raise self._strange()
        if self._login.status == THROTTLED:
            raise self._throttled()
        raise login_refusal(answer)

    def drop(self) -> None:
        """Forget the token: Graph does not take it any more."""
        self._ask = None
        files.remove(self._path)

    def _kept(self) -> msal.SerializableTokenCache:
        """Give what the file holds; nobody else uses it, so it needs no lock of its own."""
        cache = msal.SerializableTokenCache()
        try:
            cache.deserialize(files.read_owned(self._path, files.MIDDLING).decode())
            list(cache.search(msal.TokenCache.CredentialType.ACCESS_TOKEN))
        except Exception:  # noqa: BLE001 whatever is wrong with the file, a new token is the cure
            files.remove(self._path)
            return msal.SerializableTokenCache()
        return cache

    def _keep(self) -> None:
        """Write the file if there is something new; not being able to costs speed."""
        cache = self._cache
        if cache.has_state_changed:
            with contextlib.suppress(OSError):
                files.write_whole(self._path, cache.serialize().encode())

    @contextlib.contextmanager
    def _mapped(self) -> Iterator[None]:
        login, host = self._login, self._service
        try:
            yield
        except (BridgeError, OSError):
            raise
        except msal.exceptions.MsalServiceError as error:
            self._ask = None  # MSAL would repeat its answer from memory
            raise UnreachableError(
                f"{host} has a passing problem: HTTP {login.status}",
                LATER,
                retry_after=login.wait,
                refusal=login.refusal,
            ) from error
        except Exception as error:
            self._ask = None
            if login.status == THROTTLED:
                raise self._throttled() from error
            if FAILED <= login.status < FAILING and not login.asks_token:
                raise UnauthorizedError(
                    "login refused: the tenant is not known there",
                    WRONG_TENANT,
                    refusal=UNKNOWN_TENANT if login.refusal else "",
                ) from error
            raise self._strange() from error

    def _throttled(self) -> BridgeError:
        return ThrottledError(
            f"{self._service} throttles us",
            retry_after=self._login.wait,
            refusal=self._login.refusal,
        )

    def _strange(self) -> BridgeError:
        return UnreachableError(
            f"{self._service} did not answer as the login service does",
            "A proxy or captive portal may answer in its place; check O365_LOGIN_ENDPOINT.",
        )


def _fits_a_header(token: str) -> bool:
    """Say whether a token can be sent; no real one is longer, or more than plain letters."""
    plain = token.isascii() and token.isprintable() and " " not in token
    return plain and 0 < len(token) <= LONGEST_TOKEN
