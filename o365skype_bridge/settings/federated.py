"""Sign in with a token of another service that Entra trusts (workload identity)."""

from __future__ import annotations

from o365skype_bridge.errors import UnauthorizedError
from o365skype_bridge.settings.credential import FEDERATED, Credential, read_text
from o365skype_bridge.settings.written import changeable, has_controls

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from o365skype_bridge.settings.credential import Application


class Federated(Credential):
    """A token of another service, such as Kubernetes, that Entra trusts (workload identity).

    Its file is read at every login: whoever writes it does so anew long before it ends.
    """

    way = FEDERATED
    what = "federated token"
    remedy = (
        "Set O365_FEDERATED_TOKEN_FILE, or AZURE_FEDERATED_TOKEN_FILE as the workload identity's "
        "webhook does, or federated_token_file in the configuration file."
    )

    def __init__(self, file: str = "") -> None:
        """Take the file."""
        self.file = file
        self.files = (file,) if file else ()

    def warnings(self) -> list[str]:
        """Say so when other users can change the file; those of its pod may read it."""
        return changeable("the federated token file", self.file) if self.file else []

    def mark(self) -> str:
        """Give the file's name: a new token in it is no other credential."""
        return self.file

    def _shown(self, _tenant: Application) -> Mapping[str, Any]:
        self._token()  # what cannot be read is said before anybody is asked
        return {"client_assertion": self._token}

    def _token(self) -> str:
        named = f"the federated token file {self.file!a}"
        token = read_text(named, self.file, "holds the token").strip()
        if not token or has_controls(token) or " " in token:
            raise UnauthorizedError(
                f"{named} holds no token",
                "Whoever issues it writes it there anew; look at the workload identity's webhook.",
            )
        return token
