"""The TOML file: read, and refused by name wherever it says something unknown."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from o365skype_bridge.errors import ConfigurationError, meant
from o365skype_bridge.process import files
from o365skype_bridge.settings.values import (
    CONNECTION,
    GENERAL,
    IDENTITY,
    JUDGING,
    NUMBERS,
    PERIOD,
    REPORTS,
    SERVICES,
)
from o365skype_bridge.settings.written import changeable, is_exposed, reason, text_of

if TYPE_CHECKING:
    from typing import Any


def read(path: str) -> tuple[dict[str, Any], list[str]]:
    """Read a configuration file; give its content and what is to be warned of.

    Raises `ConfigurationError` when it cannot be read, is not TOML, or holds an unknown key.
    """
    try:
        found, status = files.read(path, files.MIDDLING)
        text = text_of(found)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"the configuration file {path!a} cannot be read: {reason(error)}",
            "Name a file that this user can read, with --config or O365_CONFIG.",
        ) from error
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        raise ConfigurationError(
            f"the configuration file {path!a} is not TOML: {why}", "Correct it."
        ) from error
    _check_keys(path, content)
    warnings = changeable("the configuration file", path)
    holds = any("client_secret" in tenant for tenant in content.get("tenants", {}).values())
    if holds and is_exposed(status):
        warnings.append(f"{path} holds a client secret and others can read it: run chmod 600 on it")
    return content, warnings


def _check_keys(path: str, content: dict[str, Any]) -> None:
    def refuse(key: str, known: tuple[str, ...]) -> None:
        raise ConfigurationError(
            f"the configuration file {path!a} has an unknown key '{key}'",
            f"{meant(key.rpartition('.')[2], known)}Known here: {', '.join(known)}.",
        )

    known = (*GENERAL, REPORTS, PERIOD, SERVICES, *JUDGING, *CONNECTION, "tenants")
    for key, value in content.items():
        if key not in known:
            refuse(key, known)
        _check_type(path, key, value)
    for name, tenant in content.get("tenants", {}).items():
        if not isinstance(tenant, dict):
            raise ConfigurationError(
                f"'tenants.{name}' in {path!a} is not a table", f"[tenants.{name}]"
            )
        for key, value in tenant.items():
            if key not in (*IDENTITY, *CONNECTION):
                refuse(f"tenants.{name}.{key}", (*IDENTITY, *CONNECTION))
            _check_type(path, f"tenants.{name}.{key}", value)


def _check_type(path: str, key: str, value: object) -> None:
    last = key.rpartition(".")[2]
    types: dict[str, tuple[type | tuple[type, ...], str]] = {
        "tenants": (dict, "a table"),
        "background": (bool, "true or false"),
        "certificate_chain": (bool, "true or false"),
        "download_hosts": (list, "a list of host names"),
        REPORTS: (list, "a list of names of reports and families"),
        PERIOD: ((list, str), "a period such as D30, or a list of them"),
        SERVICES: (list, "a list of names of services"),
        "stale_state": (str, "a text in quotes"),
        "group_minimum": (int, "a number of members"),
    }
    types |= dict.fromkeys(NUMBERS, ((int, float), "a number of seconds"))
    types |= {
        key: ((int, float, str), "a range, such as 21600") for key in JUDGING if key not in types
    }
    wanted, words = types.get(last, (str, "a text in quotes"))
    wrong = isinstance(value, bool) and wanted is not bool
    if isinstance(value, list):
        wrong = not all(isinstance(each, str) for each in value)
    if wrong or not isinstance(value, wanted):
        raise ConfigurationError(f"'{key}' in {path!a} is not {words}", "Correct it.")
