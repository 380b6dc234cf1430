"""Who a generated check is at Microsoft: options that the agents with hosts of their own share.

There are three ways: ids and a secret in a file, ids and a secret that the agent keeps, or a
tenant of our own configuration file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate.base import COMMAND
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.options import Option

SECRET_FILE = "/etc/o365skype-bridge/client-secret"  # noqa: S105 where it is

UNKNOWN_ID = "00000000-0000-0000-0000-000000000000"
UNKNOWN_NAME = "contoso"

HELP = {
    "tenant-id": "Tenant: its GUID or domain.",
    "client-id": "Client id of the application.",
    "client-secret-file": "File with the client secret.",
    "tenant": "Tenant, as the configuration file calls it.",
}
"""What a host has to say, by the options of `check` that it is for."""


def options(keeper: Option) -> tuple[Option, ...]:
    """Give the options; ``keeper`` is the one for a secret that the agent keeps."""
    return (
        Option(
            flag="--command", metavar="PATH", default=COMMAND, help="Where o365skype-bridge is."
        ),
        Option(
            flag="--secret-file",
            metavar="FILE",
            help=f"File with the client secret; a host may name another. Without: {SECRET_FILE}.",
        ),
        keeper,
        Option(
            flag="--config",
            metavar="FILE",
            help="Take tenants and their secrets from this configuration file instead.",
        ),
        Option(
            flag="--host", metavar="NAME", default="microsoft365", help="The host of the services."
        ),
        Option(
            flag="--tenant",
            metavar="ID",
            help="The host's tenant: its GUID or domain, or its name in the configuration file.",
        ),
        Option(flag="--client-id", metavar="ID", help="The host's client id."),
        Option(
            flag="--state-dir", metavar="DIR", help="Folder for what is kept; without: the default."
        ),
    )


class Identity(Frozen):
    """What the host of a file says, and what its template does, by options of `check`.

    ``config`` is a configuration file or nothing, ``kept`` names the secret that the agent keeps.
    """

    host: Mapping[str, str]
    template: Mapping[str, str]
    config: str
    kept: str

    @property
    def said(self) -> tuple[str, ...]:
        """Everything that a host says, the tenant first."""
        return (*self.host, *self.template)


def read(values: Mapping[str, Any], keeper: str) -> Identity:
    """Read the options; ``keeper`` is the flag of the agent's own. Raises `UsageError`."""
    kept = values[keeper.strip("-").replace("-", "_")]
    config, tenant, client = values["config"], values["tenant"], values["client_id"]
    ways = {keeper: kept, "--secret-file": values["secret_file"], "--config": config}
    several = [flag for flag, value in ways.items() if value]
    if config and client:
        several.append("--client-id")
    if len(several) > 1:
        raise UsageError(f"{several[0]} and {several[1]} contradict each other", "Give one.")
    if config:
        return Identity(
            host={"tenant": tenant or UNKNOWN_NAME}, template={}, config=config, kept=""
        )
    file = {} if kept else {"client-secret-file": values["secret_file"] or SECRET_FILE}
    ids = {"tenant-id": tenant or UNKNOWN_ID, "client-id": client or UNKNOWN_ID}
    return Identity(host=ids, template=file, config="", kept=kept)
