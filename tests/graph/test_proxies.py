"""Proxies of every kind, with users, through the installed command."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

import pytest
from conftest import Lab, MakeLab
from readers import proxies

from o365skype_bridge.graph.wire import Adapter, Deadline

USER, PASSWORD = "bridge", "p@ss:w/rd %41"


@pytest.fixture
def lab(make_lab: MakeLab) -> Lab:
    """Give a tenant."""
    return make_lab(users=3)


def outcome(lab: Lab, **env: str) -> str:
    """Give the outcome that all reports share, and its message."""
    done = lab.run("collect", "--output", "json", **env)
    assert "Traceback" not in done.stderr
    [found] = {
        f"{one['outcome']} {one['message'] or ''}".strip()
        for one in json.loads(done.stdout)["results"]
    }
    return found


def credentials(tmp_path: Path, text: str) -> str:
    """Write a file of a proxy's credentials and give its path."""
    path = tmp_path / "proxy"
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks5h with a user", "http"])
def test_everything_goes_through_the_proxy(lab: Lab, tmp_path: Path, scheme: str) -> None:
    """Login, Graph and download: each of them is asked for there."""
    user = (USER, PASSWORD) if "user" in scheme or scheme == "http" else ()
    kind = proxies.connect(*user) if scheme == "http" else proxies.socks(*user)
    env = {}
    if user:
        env["O365_PROXY_CREDENTIALS_FILE"] = credentials(tmp_path, f"{USER}:{PASSWORD}\n")
    with proxies.serving(kind) as (port, asked):
        found = outcome(lab, O365_PROXY=f"{scheme.split(maxsplit=1)[0]}://127.0.0.1:{port}", **env)

    assert (found, len(asked) >= 2) == ("ok", True)


def test_socks5h_leaves_names_to_the_proxy(lab: Lab) -> None:
    """This host need not be able to resolve them."""
    endpoint = lab.running.graph_endpoint.replace("127.0.0.1", "localhost")
    with proxies.serving(proxies.socks()) as (port, asked):
        outcome(lab, O365_PROXY=f"socks5h://127.0.0.1:{port}", O365_GRAPH_ENDPOINT=endpoint)

    assert "localhost" in asked


@pytest.mark.parametrize("scheme", ["socks5h", "http"])
def test_wrong_password_is_a_proxys_refusal(lab: Lab, tmp_path: Path, scheme: str) -> None:
    """It is said that the proxy is in the way, and not what the password was."""
    kind = {"socks5h": proxies.socks, "http": proxies.connect}[scheme](USER, PASSWORD)
    path = credentials(tmp_path, f"{USER}:another-word")
    with proxies.serving(kind) as (port, _):
        found = outcome(
            lab, O365_PROXY=f"{scheme}://127.0.0.1:{port}", O365_PROXY_CREDENTIALS_FILE=path
        )

    assert found.startswith("unreachable the proxy did not let us reach 127.0.0.1:")


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "is empty"), ("nobody", "does not hold USER:PASSWORD"), (None, "cannot be read")],
)
def test_credentials_file_that_cannot_be_used_is_named(
    lab: Lab, tmp_path: Path, text: str | None, said: str
) -> None:
    """What is wrong with the file is an outcome."""
    path = "/nonexistent" if text is None else credentials(tmp_path, text)

    assert said in outcome(lab, O365_PROXY="http://127.0.0.1:9", O365_PROXY_CREDENTIALS_FILE=path)


def test_proxys_password_is_nowhere(lab: Lab, tmp_path: Path) -> None:
    """Neither printed nor kept."""
    path = credentials(tmp_path, f"{USER}:{PASSWORD}")
    done = lab.run(
        "collect", "--verbose", O365_PROXY="http://127.0.0.1:9", O365_PROXY_CREDENTIALS_FILE=path
    )
    kept = b"".join(each.read_bytes() for each in lab.state.rglob("*") if each.is_file())

    assert PASSWORD not in f"{done.stdout}{done.stderr}{kept!r}"


def test_tls_is_1_2_at_least() -> None:
    """Whatever the host's OpenSSL would allow."""
    adapter = Adapter(Deadline(1), insecure=False)

    assert adapter._context.minimum_version >= ssl.TLSVersion.TLSv1_2
