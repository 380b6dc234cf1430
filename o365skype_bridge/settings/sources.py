"""Where settings come from: flags over environment over TOML file."""

from __future__ import annotations

import os

from o365skype_bridge.errors import UnknownTenantError, UsageError, meant
from o365skype_bridge.model.values import day_of
from o365skype_bridge.process import files
from o365skype_bridge.settings.credential import KEYS, WAYS, Secret
from o365skype_bridge.settings.values import (
    CLOUDS,
    CONNECTION,
    GENERAL,
    IDENTITY,
    JUDGING,
    NUMBERS,
    PERIOD,
    REPORTS,
    SERVICES,
    Chosen,
    Settings,
    Tenant,
)
from o365skype_bridge.settings.ways import credential_of
from o365skype_bridge.settings.written import changeable, has_controls

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

DEFAULT_CONFIG = "/etc/o365skype-bridge/config.toml"
LONGEST_DEADLINE = 86400.0
LONGEST = 100 * 366 * 86400.0
"""Seconds; what is given beyond them is as good as endless, and too much for some timers."""

LONGEST_NUMBER, MOST_MEMBERS = 10, 10**9
"""Digits of a number of members, and the number itself, beyond which it is none."""

OF_THIS_PROCESS = ("/dev/fd/", "/dev/stdin", "/proc/self/")
READ_LATER = (
    *("ca_file", "client_secret_file", "federated_token_file", "proxy_credentials_file"),
    *("certificate_file", "certificate_key_file", "certificate_passphrase_file", "groups"),
)
PATHS = ("state_dir", *READ_LATER)
NOTHING: Mapping[str, tuple[tuple[str, ...], str]] = {}
SEEN_BY_ALL = (
    "a client secret on the command line is visible to every user of this host; "
    "use O365_CLIENT_SECRET_FILE"
)
SYSTEMD_CREDENTIAL = "o365_client_secret"
"""What a unit calls the client secret that it loads: LoadCredential=o365_client_secret:FILE."""

WEBHOOK = ("tenant_id", "client_id", "federated_token_file")
"""Settings that Azure's workload identity gives to a pod, as AZURE_TENANT_ID and so on."""

SERVICE_STATE_DIR = "/var/cache/o365skype-bridge"

UNFILLED = r"\$\{\w+\}|@\{[^{}]+\}"
"""How agents write a variable (``${NAME}``) and Telegraf a secret (``@{STORE:KEY}``)."""


def load(
    flags: Mapping[str, Any], environment: Mapping[str, str], *, tables: bool = True
) -> Settings:
    """Combine flags, environment and file. An empty value counts as not given.

    Without ``tables`` the file's tenants are left aside: who logs in is known otherwise.
    Raises `UsageError` for whatever contradicts itself, is unknown or is no number.
    """
    given = _given(flags, environment)
    warnings = []
    if flags.get("client_secret"):
        warnings.append(SEEN_BY_ALL)
    path = str(flags.get("config") or environment.get("O365_CONFIG") or "")
    content: dict[str, Any] = {}
    if path or os.path.exists(DEFAULT_CONFIG):
        from o365skype_bridge.settings import configfile  # noqa: PLC0415 only who has one pays for it

        content, found = configfile.read(path or DEFAULT_CONFIG)
        warnings += found
    known = content.get("tenants", {}) if tables else {}
    names = tuple(flags.get("tenant") or ())
    tenants = _tenants(content | {"tenants": known}, given, names, _surroundings(environment))
    for tenant in tenants:
        warnings += [*tenant.credential.warnings(), *tenant.proxy_credentials.warnings()]
        warnings += changeable("the groups file", tenant.groups) if tenant.groups else ()
    general = {key: content[key] for key in GENERAL if key in content}
    general |= {key: given[key] for key in GENERAL if key in given}
    general["state_dir"] = whole(general.get("state_dir") or default_state_dir(environment))
    for key in NUMBERS:
        if key in general:
            general[key] = seconds(key, general[key])
    if "background" in general:
        general["background"] = _yes(general["background"])
    if flags.get("no_background"):
        general["background"] = False
    judging = {key: str((content | given)[key]) for key in JUDGING if key in content | given}
    services = _services(flags, environment) or tuple(content.get(SERVICES, ()))
    _require_text(general | judging | {SERVICES: services})
    in_file = {
        key: (_listed(content.get(key, ())), f"{key} in {path or DEFAULT_CONFIG!a}")
        for key in (REPORTS, PERIOD)
    }
    return Settings(
        tenants=tenants,
        reports=chosen(flags, environment, in_file),
        services=services,
        judging=judging,
        warnings=tuple(warnings),
        **general,
    )


def chosen(
    flags: Mapping[str, Any],
    environment: Mapping[str, str],
    in_file: Mapping[str, tuple[tuple[str, ...], str]] = NOTHING,
) -> Chosen:
    """Give the reports and periods that flags or environment name, or else what is in the file.

    ``in_file`` has what the file names, and how the setting is called there.
    """
    found = []
    for key, flag in ((REPORTS, "report"), (PERIOD, "period")):
        variable = f"O365_{key.upper()}"
        ways = (
            (_listed(flags.get(flag) or ()), f"--{flag}"),
            (_listed((environment.get(variable, ""),)), variable),
            in_file.get(key, ((), "")),
        )
        found.append(next(filter(_is_named, ways), ((), "")))
    (names, setting), (periods, period_setting) = found
    return Chosen(names=names, setting=setting, periods=periods, period_setting=period_setting)


def _is_named(way: tuple[tuple[str, ...], str]) -> bool:
    return bool(way[0])


def _services(flags: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[str, ...]:
    """Give the services that flags or environment name; there are spaces in their names."""
    texts = flags.get("service") or (environment.get(f"O365_{SERVICES.upper()}", ""),)
    names = (name.strip() for text in texts for name in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def _listed(texts: Iterable[str] | str) -> tuple[str, ...]:
    """Give the names in texts, of which each may hold several, each once."""
    texts = (texts,) if isinstance(texts, str) else texts
    names = (name for text in texts for name in text.replace(",", " ").split())
    return tuple(dict.fromkeys(names))


def default_state_dir(environment: Mapping[str, str]) -> str:
    """Give the user's cache folder, or the service's for an account without a home."""
    cache, home = environment.get("XDG_CACHE_HOME", ""), environment.get("HOME", "")
    if cache.startswith("/"):
        return f"{cache}/o365skype-bridge"
    usable = home.startswith("/") and os.path.isdir(home) and os.access(home, os.W_OK)
    return f"{home}/.cache/o365skype-bridge" if usable and home != "/" else SERVICE_STATE_DIR


def _given(flags: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key in (*IDENTITY, *CONNECTION, *GENERAL, *JUDGING):
        value = flags.get(key) or environment.get(f"O365_{key.upper()}")
        if value:
            given[key] = value
    if flags.get("client_secret") and flags.get("client_secret_file"):
        raise UsageError(
            "--client-secret and --client-secret-file contradict each other", "Give one."
        )
    # Of two ways to sign in, the nearer one wins: a flag over the environment.
    if any(flags.get(key) for key in KEYS):
        given = {key: given[key] for key in given if key not in KEYS or flags.get(key)}
    if isinstance(hosts := given.get("download_hosts"), str):
        given["download_hosts"] = tuple(hosts.replace(",", " ").split())
    return given


def _surroundings(environment: Mapping[str, str]) -> dict[str, Any]:
    """Give what systemd, or a workload identity's webhook, has put there to sign in with.

    It counts only where a tenant has nothing else.
    """
    folder = environment.get("CREDENTIALS_DIRECTORY", "")
    secret = f"{folder}/{SYSTEMD_CREDENTIAL}"
    if folder and os.path.exists(secret):
        return {"client_secret_file": secret}
    named = {key: environment.get(f"AZURE_{key.upper()}", "") for key in WEBHOOK}
    found = {key: value for key, value in named.items() if value}
    return found if "federated_token_file" in found else {}


def _tenants(
    content: dict[str, Any],
    given: dict[str, Any],
    names: tuple[str, ...],
    surroundings: dict[str, Any],
) -> tuple[Tenant, ...]:
    tables: dict[str, dict[str, Any]] = content.get("tenants", {})
    common = {key: content[key] for key in CONNECTION if key in content}
    if not tables:
        if len(names) > 1:
            raise UsageError("several --tenant need a configuration file", "Name one tenant.")
        given = _completed(common | given, surroundings)
        if "tenant_id" not in given:
            raise UsageError(
                "no tenant is configured",
                "Set O365_TENANT_ID, O365_CLIENT_ID and O365_CLIENT_SECRET_FILE, or name a "
                "configuration file with --config.",
            )
        name = names[0] if names else str(given["tenant_id"])
        return (_tenant(name, given),)
    unknown = [name for name in names if name not in tables]
    if unknown:
        # Who asks may be a customer's host, so the others' names are none of its business.
        raise UnknownTenantError(
            f"there is no tenant {unknown[0]!a} in the configuration",
            "Write its name as in [tenants.NAME] of the configuration file.",
            meant(unknown[0], tables),
        )
    chosen = tuple(dict.fromkeys(names)) or tuple(tables)
    identity = [key for key in IDENTITY if key in given]
    if identity and len(chosen) > 1:
        raise UsageError(
            f"{identity[0]} was given for one tenant and {len(chosen)} are chosen",
            "Choose one with --tenant, or keep it in the configuration file.",
        )
    return tuple(
        _tenant(name, _completed(common | _known(tables[name], given), surroundings))
        for name in chosen
    )


def _known(table: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    # A credential given nearer than the file replaces the file's, however the file gives it.
    if any(key in given for key in KEYS):
        table = {key: table[key] for key in table if key not in KEYS}
    return table | given


def _completed(values: dict[str, Any], surroundings: dict[str, Any]) -> dict[str, Any]:
    """Add what is lying ready to sign in with, where nothing else is set or it is chosen."""
    is_set = any(key in values for key in KEYS if key != "auth")
    ready = {way for way, keys in WAYS.items() if not surroundings.keys().isdisjoint(keys)}
    chosen = values.get("auth")
    return values if is_set or (chosen and chosen not in ready) else surroundings | values


def _tenant(name: str, values: Mapping[str, Any]) -> Tenant:
    if not name.strip():
        raise UsageError("a tenant has no name", "Write [tenants.NAME] in the configuration file.")
    _require_text({**values, "tenant": name})
    values = {key: _kept(key, values[key]) if key in READ_LATER else values[key] for key in values}
    if "certificate_chain" in values:
        values["certificate_chain"] = _yes(values["certificate_chain"])
    credential = credential_of(name, values)
    kept = {key: values[key] for key in ("tenant_id", "client_id", *CONNECTION) if key in values}
    if proxy_file := kept.pop("proxy_credentials_file", ""):
        kept["proxy_credentials"] = Secret(file=proxy_file, what="proxy credentials")
    _require_day(str(kept.get("secret_expires", "")))
    kept = _endpoints(str(kept.pop("cloud", ""))) | kept
    for key, read in READ.items():
        if key in kept:
            kept[key] = read(kept[key])
    for key in ("login_endpoint", "graph_endpoint"):
        if key in kept:
            kept[key] = _https(key, kept[key].rstrip("/"))
    return Tenant(name=name, credential=credential, **kept)


def _yes(value: object) -> bool:
    """Read yes or no, which a variable says in words."""
    return (
        value.lower() not in ("0", "false", "no", "off") if isinstance(value, str) else bool(value)
    )


def _https(key: str, url: str) -> str:
    """Give an endpoint that is safe to talk to. Raises `UsageError` for another."""
    if not url.startswith("https://"):
        raise UsageError(
            f"{key} {url!a} does not begin with https://",
            "Credentials and reports travel over TLS only.",
        )
    return url


def _require_day(text: str) -> None:
    """Refuse a day that is none. Raises `UsageError`."""
    if text and day_of(text) is None:
        raise UsageError(f"secret_expires {text[:20]!a} is no day", "Write it as 2027-01-31.")


def _endpoints(cloud: str) -> dict[str, Any]:
    """Give the endpoints of a cloud by its name; none without. Raises `UsageError`."""
    if not cloud:
        return {}
    if cloud not in CLOUDS:
        raise UsageError(
            f"there is no cloud {cloud[:40]!a}",
            f"{meant(cloud, CLOUDS)}Known: {', '.join(CLOUDS)}.",
        )
    return dict(zip(("login_endpoint", "graph_endpoint"), CLOUDS[cloud], strict=True))


def _require_text(values: Mapping[str, Any]) -> None:
    """Refuse what is not one line of text, or what an agent was to fill in and has not.

    Raises `UsageError` naming the setting.
    """
    for key, value in values.items():
        for text in value if isinstance(value, tuple | list) else (value,):
            if not isinstance(text, str):
                continue
            if has_controls(text) or not _is_written(key, text):
                raise UsageError(
                    f"{key} holds a control character, or what is not UTF-8",
                    "Write it as one line of UTF-8 text.",
                )
            found = _unfilled(text)
            # A secret may hold any character; only one that is a reference and no more is none.
            if found and (key != "client_secret" or found == text):
                raise UsageError(
                    f"{key} holds {found[:60]!a}, which nothing has been put in the place of",
                    "Set that variable where the agent is started, or write the value itself.",
                )


def _unfilled(text: str) -> str:
    """Give what an agent was to put a value in the place of; blank if there is nothing."""
    if "{" not in text:
        return ""
    import re  # noqa: PLC0415 hardly any value has one

    found = re.search(UNFILLED, text)
    return found[0] if found else ""


def _is_written(key: str, text: str) -> bool:
    """Say whether a text is UTF-8, which the names of files need not be."""
    if key in PATHS:
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kept(key: str, path: str) -> str:
    """Give the whole path of a file, read now if only this process has it."""
    path = whole(path)
    if path.startswith(OF_THIS_PROCESS):
        files.hold(path, files.LARGE if key == "groups" else files.MIDDLING)
    return path


def whole(path: str) -> str:
    """Give a path that means the same in a process that works elsewhere, as a detached one does.

    Raises `UsageError` for a relative one when there is nothing that it could be relative to.
    """
    try:
        return os.path.abspath(path) if path else ""
    except OSError as error:
        raise UsageError(
            f"{path!a} is relative to a working folder that is not there any more",
            "Give the whole path, or start in a folder that exists.",
        ) from error


def groups(flags: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[str, int]:
    """Give the groups' file and the minimum of flags or environment. Raises `UsageError`."""
    given = _given(flags, environment)
    most = given.get("group_minimum", Tenant.defaults["group_minimum"])
    return whole(str(given.get("groups", ""))), minimum(most)


def minimum(value: object) -> int:
    """Read the members that a group must have. Raises `UsageError`."""
    said = str(value) if isinstance(value, int) and abs(value) < MOST_MEMBERS else value
    if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < LONGEST_NUMBER:
        return int(said)
    shown = said[:20] if isinstance(said, str) else "that"
    raise UsageError(f"group minimum {shown!a} is not a number of members", "Give 0 or more.")


def seconds(key: str, value: object) -> float:
    """Read a number of seconds, 0 or more. Raises `UsageError` naming the setting."""
    try:
        said = str(value)
        number = float(said) if said.isascii() and "_" not in said else -1.0
    except ValueError:  # an integer may have more digits than are ever written out
        said, number = value if isinstance(value, str) else "that is far too large", -1.0
    if not 0 <= number < float("inf"):
        raise UsageError(
            f"{key.replace('_', ' ')} {said[:20]!a} is not a number of seconds",
            "Give 0 or more.",
        )
    return min(abs(number), LONGEST_DEADLINE if key == "deadline" else LONGEST)


READ: Mapping[str, Callable[[Any], Any]] = {
    "download_hosts": tuple,
    "group_minimum": minimum,
}
"""How a tenant's settings that are no plain texts are read."""
