"""The ways in which the application proves who it is; none of them shows what it holds."""

from __future__ import annotations

import os

from o365skype_bridge.errors import BridgeError, UnauthorizedError
from o365skype_bridge.process import files
from o365skype_bridge.settings.written import changeable, has_controls, is_exposed, reason, text_of

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    Ask = Callable[[], Any]
    """Gives MSAL's answer: a token, or what is wrong."""

    class Application(Protocol):
        """Who signs in, and where."""

        @property
        def tenant_id(self) -> str:
            """Its directory."""

        @property
        def client_id(self) -> str:
            """Its application."""

        @property
        def login_endpoint(self) -> str:
            """Where it signs in."""

        @property
        def graph_endpoint(self) -> str:
            """What for."""

    class Client(Protocol):
        """What MSAL sends by; ``patience`` is how many seconds an answer may take, if less."""

        patience: float | None


SECRET, CERTIFICATE, FEDERATED, MANAGED = "secret", "certificate", "federated", "managed"


class Credential:
    """What a tenant's application signs in with.

    ``what`` it is called, and ``remedy`` how one is given. ``needs`` are the settings of a tenant
    that signing in takes besides, ``files`` what is read for it. ``is_local`` says that this
    machine is asked, which has no TLS, and ``is_endless`` that it never ends.
    """

    way = ""
    what = ""
    remedy = ""
    needs: tuple[str, ...] = ("tenant_id", "client_id")
    files: tuple[str, ...] = ()
    is_local = is_endless = False

    def __bool__(self) -> bool:
        """Say whether anything was given."""
        return any(self.files)

    def __repr__(self) -> str:
        """Show nothing."""
        return f"{type(self).__name__}(***)"

    def warnings(self) -> list[str]:
        """Say so when other users can read or change what must be kept from them."""
        return []

    def mark(self) -> str:
        """Give a text that is another one for another credential; nobody is shown it."""
        raise NotImplementedError

    def ends(self) -> str:
        """Give the day on which it ends, as 2027-01-31; blank where it does not tell."""
        return ""

    def service(self, tenant: Application) -> str:
        """Name who is asked for a token."""
        return tenant.login_endpoint

    def asker(self, tenant: Application, client: Client, cache: Any) -> Ask:
        """Give what asks for a token, or finds it in MSAL's ``cache``.

        Raises `UnauthorizedError` for a credential that cannot be used.
        """
        import msal  # noqa: PLC0415 only who signs in pays for it

        application = msal.ConfidentialClientApplication(
            tenant.client_id,
            client_credential=self._shown(tenant),
            authority=f"{tenant.login_endpoint}/{tenant.tenant_id}",
            instance_discovery=False,
            http_client=client,
            token_cache=cache,
            azure_region=False,  # MSAL_FORCE_REGION is meant for Azure's own machines
        )
        scopes = [f"{tenant.graph_endpoint}/.default"]
        return lambda: application.acquire_token_for_client(scopes=scopes)

    def _shown(self, tenant: Application) -> str | Mapping[str, Any]:
        """Give what MSAL shows to the login service."""
        raise NotImplementedError


class Secret(Credential):
    """A client secret, or the file that holds it. It serves as a certificate's passphrase, too."""

    way = SECRET
    what = "client secret"
    remedy = (
        "Set O365_CLIENT_SECRET or O365_CLIENT_SECRET_FILE, or client_secret in the "
        "configuration file, or --client-secret-file."
    )

    def __init__(self, value: str = "", file: str = "", what: str = what) -> None:
        """Take one of the two."""
        self._value = value
        self.what = what
        self.file = file
        self.files = (file,) if file else ()

    def __bool__(self) -> bool:
        """Say whether anything was given."""
        return bool(self._value or self.file)

    def warnings(self) -> list[str]:
        """Say so when other users can read or change the file."""
        return guarded(f"the {self.what} file", self.file) if self.file else []

    def mark(self) -> str:
        """Give the secret itself, or what is wrong with its file."""
        try:
            return self.reveal()
        except BridgeError as error:
            return str(error)

    def _shown(self, _tenant: Application) -> str:
        return self.reveal()

    def reveal(self) -> str:
        """Give the secret itself, for the login request only; a file is read now."""
        if not self.file:
            return self._value
        named = f"the {self.what} file {self.file!a}"
        value = read_text(named, self.file, "holds the secret's value alone").strip("\r\n")
        if not value:
            raise UnauthorizedError(f"{named} is empty", "Put the secret's value into it.")
        if has_controls(value):
            raise UnauthorizedError(
                f"{named} holds control characters",
                "Put the secret's value alone into it, as UTF-8 text on one line.",
            )
        return value


def guarded(what: str, path: str) -> list[str]:
    """Give warnings about a file that nobody else may read or change."""
    said = changeable(what, path)
    try:
        exposed = is_exposed(os.stat(path))
    except (OSError, ValueError):
        return said
    return [*said, f"other users can read {what} {path}: run chmod 600 on it"] if exposed else said


def read_text(named: str, path: str, holds: str) -> str:
    """Read a file's text now. Raises `UnauthorizedError`, naming it and what it is to hold."""
    try:
        return text_of(files.read(path, files.SMALL)[0])
    except (OSError, ValueError) as error:
        raise UnauthorizedError(
            f"{named} cannot be read: {reason(error)}",
            f"Name a file that this user can read and that {holds}.",
        ) from error


WAYS: dict[str, tuple[str, ...]] = {
    SECRET: ("client_secret", "client_secret_file"),
    CERTIFICATE: ("certificate_file",),
    FEDERATED: ("federated_token_file",),
    MANAGED: ("managed_identity",),
}
"""Every way to sign in, with the settings of which one means it."""

DETAILS = (
    "certificate_key_file",
    "certificate_passphrase_file",
    "certificate_chain",
)
"""Settings that say more about a certificate."""

KEYS = ("auth", *(key for keys in WAYS.values() for key in keys), *DETAILS)
"""Every setting of a credential."""
