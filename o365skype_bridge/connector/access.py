"""From the connector's options to our settings."""

from __future__ import annotations

import os

from o365skype_bridge.connector.reply import Stop
from o365skype_bridge.model.patterns import found
from o365skype_bridge.settings import sources
from o365skype_bridge.settings.values import JUDGING

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from o365skype_bridge.settings.values import Settings

LONGEST_DEADLINE = 50.0
"""Seconds; the engines kill a check after 60."""

SAME = ("client_id", "client_secret", "client_secret_file", "login_endpoint", "graph_endpoint")
CA_FILE = r"(?:SSL_ca_file|CURLOPT_CAINFO)\s*=>\s*[\"']([^\"']+)[\"']"
NO_TRUST = (
    r"(?:SSL_verify_mode|CURLOPT_SSL_VERIFYPEER)\s*=>\s*"
    r"[\"']?(?:0|(?:IO::Socket::SSL::)?SSL_VERIFY_NONE)"
)
PERL_CA = ("PERL_LWP_SSL_CA_FILE", "HTTPS_CA_FILE")


def load(
    values: Mapping[str, Any], program: Mapping[str, Any], environment: Mapping[str, str]
) -> Settings:
    """Give the settings. Raises `Stop` for what is missing, `UsageError` for what is wrong."""
    flags: dict[str, Any] = {key: values.get(key) for key in (*SAME, "config")}
    named = _tenant(values, environment)
    flags |= {"tenant": [named]} if named else {"tenant_id": values.get("tenant")}
    if not named:
        _require(values, environment)
    tls = " ".join([*values.get("ssl_opt", ()), *values.get("curl_opt", ())])
    flags["proxy"] = values.get("proxyurl")
    flags["state_dir"] = _state_dir(values.get("statefile_dir") or "")
    flags["deadline"] = _deadline(values)
    flags |= {key: values.get(key) for key in ("max_age", *JUDGING)}
    flags["ca_file"] = values.get("ca_file") or _ca_file(tls, environment)
    settings = sources.load(flags, environment, tables=bool(named))
    if values.get("insecure") or found(NO_TRUST, tls):
        tenants = tuple(tenant.replace(insecure=True) for tenant in settings.tenants)
        settings = settings.replace(tenants=tenants)
    seconds = found(r"\d+", str(program.get("global_timeout") or ""))
    whole = _number(seconds[0] if seconds else "")
    if whole:
        settings = settings.replace(deadline=min(settings.deadline, whole))
    return settings


def _tenant(values: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """Give the tenant's name if the configuration file has it, or is about one only."""
    path = values.get("config") or environment.get("O365_CONFIG") or sources.DEFAULT_CONFIG
    given = values.get("tenant") or ""
    if path == sources.DEFAULT_CONFIG and not os.path.exists(path):
        return ""
    from o365skype_bridge.settings import configfile  # noqa: PLC0415 only who has one pays for it

    tables = tuple(configfile.read(path)[0].get("tenants", {}))
    if given in tables:
        return given
    alone = not given and len(tables) == 1 and not environment.get("O365_TENANT_ID")
    return tables[0] if alone else ""


def _require(values: Mapping[str, Any], environment: Mapping[str, str]) -> None:
    """Refuse a command line that does not say who logs in, naming the first thing missing."""
    wanted = {
        "--tenant": ("tenant", "O365_TENANT_ID"),
        "--client-id": ("client_id", "O365_CLIENT_ID"),
        "--client-secret": ("client_secret", "O365_CLIENT_SECRET"),
    }
    for flag, (key, variable) in wanted.items():
        places = (values.get(key), values.get(f"{key}_file"))
        variables = (environment.get(variable), environment.get(f"{variable}_FILE"))
        if not any((*places, *variables)):
            raise Stop(f"Need to specify {flag} option.")


def _state_dir(folder: str) -> str:
    """Refuse a folder that is not there or not ours to write to, as a mistake."""
    if folder and not os.path.isdir(folder):
        raise Stop(f"The folder of --statefile-dir, '{folder}', does not exist. Make it.")
    if folder and not os.access(folder, os.W_OK | os.X_OK):
        raise Stop(
            f"Cannot write into the folder of --statefile-dir, '{folder}'. "
            "Give it to the user who runs the checks."
        )
    return folder


def _deadline(values: Mapping[str, Any]) -> str:
    if values.get("deadline"):
        return str(values["deadline"])
    timeout = _number(values.get("timeout"))
    return str(min(timeout, LONGEST_DEADLINE)) if timeout else ""


def _number(text: str | None) -> float:
    """Read a time limit; one that is none counts as not given."""
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if 0 < number < float("inf") else 0.0


def _ca_file(tls: str, environment: Mapping[str, str]) -> str:
    """Find the CA where the connector's users had to put it."""
    if file := found(CA_FILE, tls):
        return file[1]
    if environment.get("O365_CA_FILE"):
        return ""
    return next((environment[name] for name in PERL_CA if environment.get(name)), "")
