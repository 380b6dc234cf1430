"""Graph over TLS: what the client sends, whom it believes, and what every refusal becomes."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from catalogue import DEVICES_USAGE
from conftest import Lab, MakeLab

from o365skype_bridge.errors import BridgeError, ThrottledError
from o365skype_bridge.graph.auth import Token
from o365skype_bridge.graph.client import GraphSource
from o365skype_bridge.graph.http import Deadline, Http
from o365skype_bridge.model import asked as questions
from o365skype_bridge.model.asked import Asked

Read = Callable[..., bytes]
WEEK = questions.period(last=date.max)


class Budget:
    """Remembers what was spent and held."""

    def __init__(self) -> None:
        self.spent: list[str] = []
        self.held: list[tuple[str, float]] = []

    def spend(self, function: str) -> None:
        self.spent.append(function)

    def hold(self, function: str, seconds: float) -> None:
        self.held.append((function, seconds))


class Client:
    """A source for one lab, with what it is made of."""

    def __init__(self, lab: Lab, http: Http, path: Path, patience: float, **tenant: Any) -> None:
        self.budget = Budget()
        settings = lab.tenant(**tenant)
        token = Token(settings, http, str(path))
        self.source = GraphSource(settings, http, token, self.budget, Deadline(patience))

    def read(self, asked: Asked = WEEK) -> bytes:
        """Give a whole report file."""
        return self.source.read(DEVICES_USAGE, asked, b"".join)

    def error(self) -> tuple[str, str]:
        """Give the outcome and the text of what reading raises."""
        with pytest.raises(BridgeError) as caught:
            self.read()
        return caught.value.kind, caught.value.text


Make = Callable[..., Client]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Make]:
    """Give a function that makes a client for a lab."""
    numbers = itertools.count()
    with contextlib.ExitStack() as stack:

        def make(lab: Lab, *, patience: float = 0.0, life: float = 5.0, **tenant: Any) -> Client:
            http = Http(lab.tenant(**tenant), Deadline(life))
            stack.enter_context(contextlib.closing(http))
            path = tmp_path / f"token-{next(numbers)}.json"
            return Client(lab, http, path, patience, **tenant)

        yield make


CONSENT = (
    "In Entra give the application the permission Reports.Read.All of Microsoft Graph "
    "(type Application, not Delegated) and press 'Grant admin consent'."
)

REFUSALS = [
    (
        "unauthorized",
        "unauthorized",
        "Graph refused the token: HTTP 401 Inv",
    ),
    ("forbidden-flat", "forbidden", "HTTP 403 S2SUnauthorized"),
    ("forbidden-flat", "forbidden", CONSENT),
    ("forbidden-wrapped", "forbidden", "HTTP 403 S2SUnauthorized"),
    ("forbidden-credentials", "forbidden", "HTTP 403 MissingCredentials"),
    ("gone-400", "gone", "HTTP 400 "),
    ("gone-404", "gone", "HTTP 404 "),
    ("gone-410", "gone", "HTTP 410 "),
    ("function-not-found", "gone", "HTTP 404 InvalidArgument"),
    ("throttled-fractional", "throttled", "HTTP 429 TooManyRequests"),
    ("throttled-seconds", "throttled", "HTTP 429 "),
    ("throttled-date", "throttled", "HTTP 429 "),
    ("throttled-silent", "throttled", "HTTP 429 "),
    ("throttled-html", "throttled", "HTTP 429"),
    ("500@reports", "unreachable", "Graph has a passing problem: HTTP 500"),
    ("502@reports", "unreachable", "Graph has a passing problem: HTTP 502"),
    ("503-retry-after@reports", "unreachable", "Graph has a passing problem: HTTP 503"),
    ("504@reports", "unreachable", "Graph has a passing problem: HTTP 504"),
    ("509@reports", "unreachable", "Graph has a passing problem: HTTP 509"),
    ("close@reports", "unreachable", "the connection was closed"),
    ("abort@reports", "unreachable", "the connection was "),
    ("truncate", "unreachable", "the answer was cut off"),
    ("truncate-chunked", "unreachable", "the answer was cut off"),
    ("reset", "unreachable", "the answer was cut off"),
    ("no-location", "unreachable", "Graph's redirect does not say where the report is"),
    ("redirect-loop", "unreachable", "the download link of skype-devices-usage answered HTTP 401"),
    ("location-evil", "malformed", "reports.office.com.evil"),
    ("location-http", "malformed", "http://"),
    ("discovery-404", "unauthorized", "login refused: the tenant is not known there"),
    ("discovery-invalid-tenant", "unauthorized", "the tenant is not known there"),
    ("discovery-503", "unreachable", "has a passing problem: HTTP 503"),
    ("discovery-http-token-endpoint", "unreachable", "did not answer as the login service does"),
    ("token-7000215", "unauthorized", "the client secret is wrong (AADSTS7000215)"),
    ("token-7000222", "unauthorized", "the client secret has expired (AADSTS7000222)"),
    ("token-7000218", "unauthorized", "no client secret was sent (AADSTS7000218)"),
    ("token-7000112", "unauthorized", "the application is disabled (AADSTS7000112)"),
    ("token-700016", "unauthorized", "the client id is not known in this tenant (AADSTS700016)"),
    ("token-90002", "unauthorized", "the tenant does not exist (AADSTS90002)"),
    ("token-900023", "unauthorized", "neither a GUID nor a domain (AADSTS900023)"),
    ("token-1002012", "unauthorized", "the scope is wrong (AADSTS1002012)"),
    ("token-500011", "unauthorized", "does not belong to this tenant's cloud (AADSTS500011)"),
    ("token-53003", "forbidden", "Conditional Access blocks this login (AADSTS53003)"),
    ("token-70003", "unauthorized", "login refused: AADSTS70003"),
    ("token-429", "throttled", "throttles us"),
    ("token-503-html", "unreachable", "has a passing problem: HTTP 503"),
    ("token-200-html", "unreachable", "did not answer as the login service does"),
    ("html-login", "unreachable", "did not answer as the login service does"),
    ("badjson@token", "unreachable", "did not answer as the login service does"),
]


@pytest.mark.parametrize(("fault", "kind", "words"), REFUSALS)
def test_every_refusal_has_its_outcome_and_says_why(
    lab: Lab, client: Make, fault: str, kind: str, words: str
) -> None:
    """What the services answer becomes the right outcome, in words of ours."""
    lab.simulator.set_faults([fault])
    got, text = client(lab).error()

    assert got == kind
    assert words in text


def test_error_text_is_one_line_without_secret_or_token(lab: Lab, client: Make) -> None:
    """Even an error description with line breaks and trace ids stays one readable line."""
    for fault in {fault for fault, _, _ in REFUSALS}:
        lab.simulator.set_faults([fault])
        _, text = client(lab).error()

        assert text.isprintable()
        assert lab.simulator.client_secret not in text
        assert "Bearer" not in text


TRANSIENT = [
    "500:1@reports",
    "502:1@reports",
    "503-retry-after:1@reports",
    "504:2@reports",
    "close:1@reports",
    "abort:1@reports",
    "throttled-fractional:1",
    "throttled-silent:1",
    "truncate:1",
    "truncate-chunked:1",
    "reset:1",
    "token-503-html:1",
    "token-revoked",
    "download-expires=0:1",
    "401:1@data",
    "404:1@data",
]


@pytest.mark.parametrize("fault", TRANSIENT)
def test_passing_trouble_is_tried_again(lab: Lab, client: Make, fault: str) -> None:
    """What goes wrong once does not matter while somebody waits."""
    expected = client(lab).read()
    lab.simulator.set_faults([fault])

    assert client(lab, patience=5, life=20).read() == expected


@pytest.mark.parametrize(
    "fault", ["forbidden-flat", "gone-404", "location-evil", "token-7000215", "throttled-seconds"]
)
def test_lasting_refusals_are_not_repeated(lab: Lab, client: Make, fault: str) -> None:
    """What will not get better is asked once."""
    lab.simulator.set_faults([fault])
    client(lab, patience=5).error()

    assert lab.kinds().count("report") + lab.kinds().count("token") <= 2


@pytest.mark.parametrize(
    "fault",
    [
        "same-origin",
        "location-relative",
        "redirect-html-body",
        "chunked",
        "gzip",
        "no-request-ids",
        "not-modified",
        "token-expires-text",
        "token-expires-missing",
        "token-expires-200",
        "token-refresh-in",
        "discovery-other-port",
        "instance-discovery-down",
        "download-once",
    ],
)
def test_harmless_oddities_change_nothing(lab: Lab, client: Make, fault: str) -> None:
    """What the real services do now and then gives the same report."""
    expected = client(lab).read()
    lab.simulator.set_faults([fault])

    assert client(lab).read() == expected


@pytest.mark.parametrize("origin", ["same", "second"])
def test_bearer_never_reaches_the_download(make_lab: MakeLab, client: Make, origin: str) -> None:
    """The token goes to Graph only, also when the download is on Graph's own host and port."""
    lab = make_lab(users=5, download_origin=origin)
    client(lab).read()

    assert list(lab.simulator.leaks) == []
    assert [call.had_authorization for call in lab.simulator.calls if call.kind == "download"] == [
        False
    ]


def test_netrc_and_proxy_of_the_environment_are_not_believed(
    lab: Lab, client: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ~/.netrc, proxies and CA bundles of the environment change nothing."""
    expected = client(lab).read()
    (tmp_path / ".netrc").write_text("default login someone password something\n")
    for name, value in {
        "HOME": str(tmp_path),
        "NETRC": str(tmp_path / ".netrc"),
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
        "REQUESTS_CA_BUNDLE": "/nonexistent",
        "CURL_CA_BUNDLE": "/nonexistent",
        "MSAL_FORCE_REGION": "westeurope",
    }.items():
        monkeypatch.setenv(name, value)

    assert client(lab).read() == expected
    assert list(lab.simulator.leaks) == []


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [((), "malformed"), (("localhost",), "unreachable"), (("example.com",), "malformed")],
)
def test_download_hosts_are_graphs_own_office_com_and_listed_ones(
    make_lab: MakeLab, client: Make, hosts: tuple[str, ...], expected: str
) -> None:
    """A download elsewhere needs the operator's word."""
    lab = make_lab(users=5)
    port = lab.running.graph_endpoint.rpartition(":")[2]
    lab.simulator.set_faults(
        [
            {
                "kind": "status",
                "status": 302,
                "match": "reports",
                "headers": {"Location": f"https://localhost:{port}/nowhere"},
            }
        ]
    )

    # Graph's own host name is 127.0.0.1 here, so `localhost` must be listed; it has no such page.
    assert client(lab, download_hosts=hosts).error()[0] == expected


@pytest.mark.parametrize(
    "location",
    [
        "https://reports.office.com.evil.example/x",
        "https://office.com.evil.example/x",
        "https://evilreports-office.com/x",
        "https://user@reports.office.com/x",
        "https://evil.example\\@reports.office.com/x",
        "https://evil.example/?https://reports.office.com/",
        "http://reports.office.com/x",
        "ftp://reports.office.com/x",
        "//evil.example/x",
    ],
)
def test_look_alike_download_hosts_are_refused(lab: Lab, client: Make, location: str) -> None:
    """Nothing is sent to a host that only looks like Microsoft's."""
    lab.simulator.set_faults(
        [{"kind": "status", "status": 302, "match": "reports", "headers": {"Location": location}}]
    )

    assert client(lab).error()[0] in ("malformed", "unreachable")
    assert lab.kinds() == ["discovery", "token", "report"]


def test_support_ids_are_sent_and_shown(lab: Lab, client: Make) -> None:
    """The error names our client-request-id and Graph's request-id."""
    lab.simulator.set_faults(["forbidden-flat"])
    with pytest.raises(BridgeError) as caught:
        client(lab).read()

    words = caught.value.support.split()
    assert (words[0], words[2], len(words[3])) == ("request-id", "client-request-id", 36)


@pytest.mark.parametrize(
    ("fault", "low", "high"),
    [("throttled-fractional", 2, 3), ("throttled-seconds", 120, 120), ("throttled-date", 100, 120)],
)
def test_retry_after_is_read_in_its_three_forms(
    lab: Lab, client: Make, fault: str, low: float, high: float
) -> None:
    """Fractional seconds, seconds and an HTTP date all become a wait, which everybody holds."""
    lab.simulator.set_faults([fault])
    made = client(lab)
    with pytest.raises(ThrottledError) as caught:
        made.read()
    [(function, held)] = made.budget.held

    assert low <= (caught.value.retry_after or 0) <= high
    assert (function, held) == (DEVICES_USAGE.function, caught.value.retry_after)


def test_download_link_is_followed_to_the_byte(lab: Lab, client: Make) -> None:
    """The signed query comes back as Graph wrote it, escapes and all."""
    assert client(lab).read().startswith("\ufeffReport Refresh Date,".encode())
    assert [call.status for call in lab.simulator.calls] == [200, 200, 302, 200]


def test_expired_link_restarts_at_graph_once_only(lab: Lab, client: Make) -> None:
    """A link that never works is asked for twice, and then the report is unreachable."""
    lab.simulator.set_faults(["404@data"])

    assert client(lab).error()[0] == "unreachable"
    assert lab.kinds()[2:] == ["report", "download"] * 2


def test_slow_drip_ends_at_the_deadline(lab: Lab, client: Make) -> None:
    """A body that trickles never takes longer than there is time."""
    lab.simulator.set_faults(["drip=0.2"])
    kind, _ = client(lab, life=1.0).error()

    assert kind in ("pending", "unreachable")


def test_every_call_is_counted_and_budgeted(lab: Lab, client: Make) -> None:
    """Retries count like first calls."""
    lab.simulator.set_faults(["500:2@reports"])
    made = client(lab, patience=10, life=20)
    made.read()

    assert made.source.calls == 3
    assert made.budget.spent == [DEVICES_USAGE.function] * 3


def test_consumer_starts_from_the_beginning_again(lab: Lab, client: Make) -> None:
    """After a broken connection the consumer gets the whole file once more."""
    lab.simulator.set_faults(["truncate:1"])
    sizes = []

    def consume(body: Iterable[bytes]) -> int:
        sizes.append(0)
        for chunk in body:
            sizes[-1] += len(chunk)
        return sizes[-1]

    client(lab, patience=5).source.read(DEVICES_USAGE, WEEK, consume)

    assert len(sizes) == 2
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        ("404@reports", "Graph UnknownError"),
        ("429@reports", "Graph TooManyRequests"),
        ("503@reports", "Graph serviceNotAvailable"),
        ("unauthorized", "Graph InvalidAuthenticationToken"),
        ("forbidden-flat", "Graph S2SUnauthorized"),
        ("forbidden-wrapped", "Graph UnknownError"),
        ("throttled-html", ""),
        ("403@download", ""),
        ("token-7000215", "Login invalid_client"),
        ("token-90002", "Login invalid_request"),
        ("429@token", "Login temporarily_unavailable"),
        ("500@token", "Login server_error"),
        ("503@token", "Login temporarily_unavailable"),
        ("token-503-html", ""),
        ("discovery-invalid-tenant", "Login invalid_request"),
        ("html-login", ""),
    ],
)
def test_refusal_names_the_service_and_its_own_code(
    lab: Lab, client: Make, fault: str, refusal: str
) -> None:
    """The code is the one that the answer begins with; without one there is no refusal."""
    lab.simulator.set_faults([fault])
    with pytest.raises(BridgeError) as caught:
        client(lab).read()

    assert refusal == caught.value.refusal


def test_who_is_told_not_to_look_takes_any_certificate(lab: Lab, client: Make) -> None:
    """Without our CA the simulator is not trusted, unless nobody asks."""
    kind, _ = client(lab, ca_file="").error()

    assert kind == "unreachable"
    assert client(lab, ca_file="", insecure=True).read().startswith(b"\xef\xbb\xbfReport")
