"""Settings: flags over environment over file, and everything wrong refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from o365skype_bridge.errors import BridgeError, UnauthorizedError, UsageError
from o365skype_bridge.settings import sources
from o365skype_bridge.settings.credential import Secret
from o365skype_bridge.settings.values import Settings, Tenant

TWO = """
state_dir = "/var/lib/bridge"
deadline = 4
refresh_interval = 1800
max_age = 1000
background = false
ca_file = "/etc/ca.pem"

[tenants.contoso]
tenant_id = "contoso.example"
client_id = "one"
client_secret_file = "/etc/contoso"

[tenants.fabrikam]
tenant_id = "fabrikam.example"
client_id = "two"
client_secret = "s3cr3t"
graph_endpoint = "https://graph.example/"
download_hosts = ["cdn.example"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a configuration file of two tenants, readable for its owner alone."""
    path = tmp_path / "config.toml"
    path.write_text(TWO)
    path.chmod(0o600)
    return path


def load(flags: dict[str, Any] | None = None, **environment: str) -> Settings:
    """Load settings from flags and environment."""
    given = {"HOME": "/nonexistent", "O365_TENANT_ID": "x", **environment}
    return sources.load(flags or {}, {name: value for name, value in given.items() if value})


def secret(tenant: Tenant) -> str:
    """Give the client secret that a tenant signs in with."""
    assert isinstance(tenant.credential, Secret)
    return tenant.credential.reveal()


def refusal(flags: dict[str, Any] | None = None, **environment: str) -> str:
    """Give the words with which settings are refused."""
    with pytest.raises(UsageError) as caught:
        load(flags, **environment)
    return str(caught.value)


def test_environment_alone_makes_one_tenant() -> None:
    """One tenant needs no file; its name is its id."""
    settings = load(
        O365_TENANT_ID="contoso.example", O365_CLIENT_ID="id", O365_CLIENT_SECRET="secret"
    )
    [tenant] = settings.tenants

    assert (tenant.name, tenant.client_id, secret(tenant)) == (
        "contoso.example",
        "id",
        "secret",
    )


def test_tenant_flag_names_the_only_tenant() -> None:
    """Without a file, --tenant is the name the tenant goes by."""
    assert load({"tenant": ["acme"]}, O365_TENANT_ID="x").tenants[0].name == "acme"


def test_flags_win_over_environment_and_that_over_the_file(file: Path) -> None:
    """The nearer setting counts."""
    found = load(
        {"config": str(file), "deadline": "2"},
        O365_DEADLINE="3",
        O365_REFRESH_INTERVAL="60",
        O365_TENANT_ID="",
    )

    assert (found.deadline, found.refresh_interval, found.max_age) == (2.0, 60.0, 1000.0)


def test_services_are_those_of_the_nearest_setting(file: Path) -> None:
    """There are spaces in their names; in one text commas are between them."""
    file.write_text('services = ["Microsoft Teams", "Lync"]' + TWO)
    flags = {"config": str(file), "tenant": ["contoso"]}
    near = {**flags, "service": ["Exchange Online, Planner", "Lync"]}

    assert load(flags).services == ("Microsoft Teams", "Lync")
    assert load(flags, O365_SERVICES=" Forms,,yammer ").services == ("Forms", "yammer")
    assert load(near, O365_SERVICES="Forms").services == ("Exchange Online", "Planner", "Lync")
    assert load().services == ()


def test_secret_flag_wins_over_secret_file_of_the_environment() -> None:
    """Of two ways to give the secret the nearer one counts, and it is warned of."""
    found = load({"client_secret": "near"}, O365_TENANT_ID="x", O365_CLIENT_SECRET_FILE="/far")

    assert secret(found.tenants[0]) == "near"
    assert [warning[:37] for warning in found.warnings] == [
        "a client secret on the command line is"[:37]
    ]


def test_file_gives_all_tenants_in_its_order(file: Path) -> None:
    """Common settings hold for every tenant, its own ones for itself."""
    found = load(O365_CONFIG=str(file), O365_TENANT_ID="")

    assert [tenant.name for tenant in found.tenants] == ["contoso", "fabrikam"]
    assert [tenant.ca_file for tenant in found.tenants] == ["/etc/ca.pem"] * 2
    assert found.tenants[1].graph_endpoint == "https://graph.example"
    assert found.tenants[1].download_hosts == ("cdn.example",)
    assert (found.background, found.state_dir) == (False, "/var/lib/bridge")


def test_tenant_flag_chooses_from_the_file(file: Path) -> None:
    """Only the named tenants are asked, in the order they are named, each once."""
    found = load(
        {"config": str(file), "tenant": ["fabrikam", "contoso", "fabrikam"]}, O365_TENANT_ID=""
    )

    assert [tenant.name for tenant in found.tenants] == ["fabrikam", "contoso"]


def test_secret_of_the_environment_replaces_the_files(file: Path) -> None:
    """For one chosen tenant a secret given nearer counts, however the file gives it."""
    found = load(
        {"config": str(file), "tenant": ["contoso"]}, O365_CLIENT_SECRET="near", O365_TENANT_ID=""
    )

    assert secret(found.tenants[0]) == "near"


def test_empty_values_count_as_not_given(file: Path) -> None:
    """Agents pass empty options for macros that nobody filled in."""
    found = load(
        {"config": str(file), "deadline": "", "state_dir": ""}, O365_MAX_AGE="", O365_TENANT_ID=""
    )

    assert (found.deadline, found.state_dir, found.max_age) == (4.0, "/var/lib/bridge", 1000.0)


@pytest.mark.parametrize("others", [0o644, 0o640, 0o604])
def test_file_with_a_secret_that_others_can_read_is_warned_of(file: Path, others: int) -> None:
    """A secret in a readable file works and is said."""
    file.chmod(others)

    assert load({"config": str(file)}, O365_TENANT_ID="").warnings == (
        f"{file} holds a client secret and others can read it: run chmod 600 on it",
    )


def test_file_without_a_secret_may_be_read(file: Path) -> None:
    """Only a secret makes a readable file a problem."""
    file.write_text(TWO.replace('client_secret = "s3cr3t"', 'client_secret_file = "/x"'))
    file.chmod(0o644)

    assert load({"config": str(file)}, O365_TENANT_ID="").warnings == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("deadlin = 4", "has an unknown key 'deadlin'"),
        ("[tenants.a]\nsecret = 'x'", "has an unknown key 'tenants.a.secret'"),
        ("[tenants.a]\ndeadline = 1", "has an unknown key 'tenants.a.deadline'"),
        ("tenants = 3", "'tenants' in "),
        ("[tenants]\na = 1", "'tenants.a' in "),
        ("deadline = 'soon'", "'deadline' in "),
        ("deadline = true", "'deadline' in "),
        ("background = 1", "'background' in "),
        ("download_hosts = 'x'", "'download_hosts' in "),
        ("state_dir = 1", "'state_dir' in "),
        ("deadline = -1", "deadline '-1' is not a number of seconds"),
        ("x =", "is not TOML: "),
        ("x = 1\nx = 2", "is not TOML: "),
        ("\udcff", "is not UTF-8 text"),
    ],
)
def test_wrong_file_is_refused_by_name(tmp_path: Path, content: str, words: str) -> None:
    """What the file says wrong is named."""
    path = tmp_path / "config.toml"
    path.write_bytes(content.encode(errors="surrogateescape"))

    assert words in refusal({"config": str(path)})


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that was asked for must be there."""
    assert "cannot be read: No such file or directory" in refusal({"config": f"{tmp_path}/no"})


@pytest.mark.parametrize(
    ("flags", "environment", "words"),
    [
        (
            {"client_secret": "a", "client_secret_file": "b"},
            {},
            "--client-secret and --client-secret-file contradict each other",
        ),
        (
            {},
            {"O365_CLIENT_SECRET": "a", "O365_CLIENT_SECRET_FILE": "b"},
            "client_secret and client_secret_file contradict each other",
        ),
        ({"tenant": ["a", "b"]}, {}, "several --tenant need a configuration file"),
        ({"deadline": "soon"}, {}, "deadline 'soon' is not a number of seconds"),
        ({"deadline": "nan"}, {}, "deadline 'nan' is not a number of seconds"),
        ({"refresh_interval": "-5"}, {}, "refresh interval '-5' is not a number of seconds"),
        ({"graph_endpoint": "http://x"}, {}, "graph_endpoint 'http://x' does not begin with"),
        ({"login_endpoint": "x"}, {}, "login_endpoint 'x' does not begin with https://"),
    ],
)
def test_contradictions_and_nonsense_are_refused(
    flags: dict[str, Any], environment: dict[str, str], words: str
) -> None:
    """Nobody has to guess which of two settings counts."""
    assert words in refusal(flags, **environment)


def test_unknown_tenant_is_refused_without_the_names_of_others(file: Path) -> None:
    """A misspelled tenant is not silently nothing."""
    with pytest.raises(UsageError) as caught:
        load({"config": str(file), "tenant": ["contos"]}, O365_TENANT_ID="")

    assert caught.value.text == (
        "there is no tenant 'contos' in the configuration. "
        "Write its name as in [tenants.NAME] of the configuration file."
    )


def test_identity_for_several_tenants_is_refused(file: Path) -> None:
    """A client id of the environment cannot be meant for two tenants."""
    assert (
        refusal({"config": str(file)}, O365_CLIENT_ID="x", O365_TENANT_ID="")
        == "client_id was given for one tenant and 2 are chosen"
    )


def test_nothing_configured_is_refused_with_what_to_set() -> None:
    """Without a tenant there is nothing to say of any."""
    assert refusal(O365_TENANT_ID="") == "no tenant is configured"


def test_secret_file_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    """The file that holds the secret is the key to the tenant."""
    path = tmp_path / "secret"
    path.write_text("s3cr3t")
    path.chmod(0o640)
    exposed = load(O365_CLIENT_SECRET_FILE=str(path)).warnings
    path.chmod(0o600)

    assert exposed == (f"other users can read the client secret file {path}: run chmod 600 on it",)
    assert load(O365_CLIENT_SECRET_FILE=str(path)).warnings == ()


def test_secret_never_shows() -> None:
    """Neither the secret nor a tenant with one shows it."""
    tenant = Tenant(name="x", credential=Secret("s3cr3t"))

    assert "s3cr3t" not in f"{tenant!r} {tenant.credential} {tenant.credential!r}"


def test_secret_file_is_read_when_needed(tmp_path: Path) -> None:
    """A line end after the secret is not part of it; blanks are."""
    path = tmp_path / "secret"
    path.write_text(" a~b$c \r\n")

    assert Secret(file=str(path)).reveal() == " a~b$c "


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe"])
def test_unusable_secret_file_says_so(tmp_path: Path, content: bytes) -> None:
    """An empty or binary file is no secret."""
    path = tmp_path / "secret"
    path.write_bytes(content)

    with pytest.raises(UnauthorizedError, match="the client secret file"):
        Secret(file=str(path)).reveal()


@pytest.mark.parametrize(
    ("missing", "variable"),
    [
        ("tenant_id", "O365_TENANT_ID"),
        ("client_id", "O365_CLIENT_ID"),
        ("credential", "O365_CLIENT_SECRET"),
    ],
)
def test_what_is_missing_is_named(missing: str, variable: str) -> None:
    """Each of the three things a login needs is asked for by its names."""
    values: dict[str, Any] = {
        "tenant_id": "t",
        "client_id": "c",
        "credential": Secret("s"),
    }
    del values[missing]
    with pytest.raises(BridgeError) as caught:
        Tenant(name="x", **values).require()

    assert f"Set {variable}" in caught.value.text


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"XDG_CACHE_HOME": "/cache"}, "/cache/o365skype-bridge"),
        ({"HOME": "/tmp"}, "/tmp/.cache/o365skype-bridge"),
        ({"HOME": "/nonexistent"}, "/var/cache/o365skype-bridge"),
        ({"HOME": "/"}, "/var/cache/o365skype-bridge"),
        ({}, "/var/cache/o365skype-bridge"),
    ],
)
def test_state_lies_in_the_users_cache_or_the_services(
    environment: dict[str, str], expected: str
) -> None:
    """An account without a home has a folder of its own."""
    assert sources.default_state_dir(environment) == expected


@pytest.mark.parametrize(("value", "expected"), [("false", False), ("0", False), ("yes", True)])
def test_background_of_the_environment(value: str, expected: bool) -> None:  # noqa: FBT001
    """O365_BACKGROUND switches background fetches off."""
    assert load(O365_BACKGROUND=value).background is expected


def test_download_hosts_of_the_environment_are_a_list() -> None:
    """Commas and blanks both separate."""
    found = load(O365_DOWNLOAD_HOSTS="a.example, b.example  c.example")

    assert found.tenants[0].download_hosts == ("a.example", "b.example", "c.example")


@pytest.mark.parametrize(
    ("cloud", "login", "graph"),
    [
        ("global", "https://login.microsoftonline.com", "https://graph.microsoft.com"),
        ("usgov", "https://login.microsoftonline.us", "https://graph.microsoft.us"),
        ("usgov-dod", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
        ("china", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"),
    ],
)
def test_cloud_says_both_endpoints(cloud: str, login: str, graph: str) -> None:
    """By its name, from flag or environment."""
    [flag] = load({"cloud": cloud}).tenants
    [environment] = load(O365_CLOUD=cloud).tenants

    assert (flag.login_endpoint, flag.graph_endpoint) == (login, graph)
    assert (environment.login_endpoint, environment.graph_endpoint) == (login, graph)


def test_endpoint_wins_over_the_cloud() -> None:
    """What is said exactly counts more than what follows from a name."""
    [tenant] = load({"cloud": "china", "graph_endpoint": "https://graph.example"}).tenants

    assert tenant.login_endpoint == "https://login.chinacloudapi.cn"
    assert tenant.graph_endpoint == "https://graph.example"


def test_unknown_cloud_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(UsageError) as error:
        load({"cloud": "moon"})

    assert error.value.text == ("there is no cloud 'moon'. Known: global, usgov, usgov-dod, china.")


@pytest.mark.parametrize("day", ["31.01.2027", "2027-02-30", "soon", "20270131"])
def test_end_of_the_secret_is_a_day(day: str) -> None:
    """What is none is refused by the setting's name."""
    with pytest.raises(UsageError) as error:
        load(O365_SECRET_EXPIRES=day)

    assert error.value.text == f"secret_expires '{day}' is no day. Write it as 2027-01-31."
