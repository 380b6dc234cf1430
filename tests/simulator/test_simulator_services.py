"""The simulated services when nothing is wrong: login, Graph, downloads and their rules."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import msal
import pytest
import requests
import trustme
import urllib3
from pytest_httpserver import HTTPServer
from wire import ACTIVITY, COUNTS, DEVICES, NEWEST, TEAMS, TODAY, Wire, running

from o365skype_bridge.simulator.app import Simulator
from o365skype_bridge.simulator.data import TenantData
from o365skype_bridge.simulator.people import BLOCK
from o365skype_bridge.simulator.records import Call, Tenant
from o365skype_bridge.simulator.server import serve


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with running(tmp_path_factory.mktemp("ca")) as wire:
        yield wire


@pytest.fixture
def wire(shared: Wire) -> Wire:
    return shared.begin()


def test_discovery_document_names_the_endpoints(wire: Wire) -> None:
    """The OpenID configuration leads to the token endpoint of the same tenant."""
    content = wire.discovery().json()

    root = f"{wire.running.login_endpoint}/{wire.tenant}"
    assert content["token_endpoint"] == f"{root}/oauth2/v2.0/token"
    assert content["authorization_endpoint"] == f"{root}/oauth2/v2.0/authorize"
    assert content["issuer"] == f"{root}/v2.0"


def test_instance_discovery_knows_every_host(wire: Wire) -> None:
    """The discovery of login hosts points back to this one."""
    url = f"{wire.running.login_endpoint}/common/discovery/instance"

    endpoint = wire.get(url).json()["tenant_discovery_endpoint"]

    root = wire.running.login_endpoint
    assert endpoint == f"{root}/common/v2.0/.well-known/openid-configuration"


def test_msal_gets_a_token(wire: Wire) -> None:
    """The real MSAL takes discovery and token from the simulator, with two requests."""
    app = msal.ConfidentialClientApplication(
        wire.simulator.client_id,
        client_credential=wire.simulator.client_secret,
        authority=f"{wire.running.login_endpoint}/{wire.tenant}",
        instance_discovery=False,
        http_client=wire.session,
    )

    result = app.acquire_token_for_client([f"{wire.running.graph_endpoint}/.default"])

    assert result["token_type"] == "Bearer"
    assert result["expires_in"] == 3599
    headers = {"Authorization": f"Bearer {result['access_token']}"}
    assert [call.kind for call in wire.simulator.calls] == ["discovery", "token"]
    assert wire.ask(headers=headers).status_code == 302


@pytest.mark.parametrize(
    ("changes", "status", "error", "code"),
    [
        ({"client_secret": None}, 401, "invalid_client", 7000218),
        ({"client_secret": ""}, 401, "invalid_client", 7000218),
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_id": "somebody"}, 400, "unauthorized_client", 700016),
        ({"tenant": "nobody.example"}, 400, "invalid_request", 90002),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"scope": "User.Read"}, 400, "invalid_scope", 1002012),
    ],
)
def test_wrong_token_request_gets_its_code(
    wire: Wire, changes: dict[str, str | None], status: int, error: str, code: int
) -> None:
    """What is wrong with a token request decides the AADSTS code."""
    response = wire.token(**changes)  # type: ignore[arg-type]

    content = response.json()
    assert (response.status_code, content["error"]) == (status, error)
    assert content["error_codes"] == [code]
    assert content["error_description"].startswith(f"AADSTS{code}: ")
    assert content["error_description"].count("\r\n") == 3


def test_discovery_of_an_unknown_tenant_is_refused(wire: Wire) -> None:
    """Discovery says invalid_tenant where the token endpoint says invalid_request."""
    response = wire.discovery("nobody.example")

    assert (response.status_code, response.json()["error"]) == (400, "invalid_tenant")
    assert response.json()["error_codes"] == [90002]


def test_report_is_a_redirect_without_content(wire: Wire) -> None:
    """A report is answered 302 as text/plain with nothing in it but the Location."""
    response = wire.ask(headers={"client-request-id": "mine"})

    assert (response.status_code, response.content) == (302, b"")
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["client-request-id"] == "mine"
    assert re.fullmatch(r"[0-9a-f-]{36}", response.headers["request-id"])
    assert response.headers["x-ms-ags-diagnostic"].startswith('{"ServerInfo":')
    location = response.headers["Location"]
    assert location.startswith(f"{wire.running.download_endpoint}/data/download?token=")
    assert wire.running.download_endpoint != wire.running.graph_endpoint
    assert {"%2B", "%2F", "%3D"} <= set(re.findall("%..", location))


@pytest.mark.parametrize("written", ["(period=%27D7%27)", "%28period%3D'D7'%29", "(period='D7')"])
def test_report_url_may_be_percent_encoded(wire: Wire, written: str) -> None:
    """Quotes and parentheses of a report URL may arrive encoded."""
    url = f"{wire.running.graph_endpoint}/v1.0/reports/{DEVICES}{written}"

    response = wire.get(url, headers={"Authorization": f"Bearer {wire.bearer()}"})

    assert response.status_code == 302
    assert wire.simulator.calls[-1].parameter == "D7"


def test_qualified_function_name_is_the_same_function(wire: Wire) -> None:
    """The function may be written with its namespace."""
    assert wire.ask(f"microsoft.graph.{DEVICES}").status_code == 302
    assert wire.simulator.calls[-1].function == DEVICES


def test_download_is_the_file_of_the_tenant(wire: Wire) -> None:
    """A download has the bytes of the data module, their length, and no charset."""
    response = wire.fetch(ACTIVITY)

    expected = b"".join(
        TenantData(users=10, refresh_date=wire.simulator.refresh_date()).body(ACTIVITY, "D7")
    )
    assert (response.status_code, response.content) == (200, expected)
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Length"] == str(len(expected))


def test_download_with_a_bearer_is_a_leak(wire: Wire) -> None:
    """A download that carries a token is answered 401 and remembered."""
    url = wire.ask().headers["Location"]

    response = wire.get(url, headers={"Authorization": "Bearer anything"})

    assert response.status_code == 401
    assert [(leak.kind, leak.status) for leak in wire.simulator.leaks] == [("download", 401)]


def test_bearer_on_the_download_origin_is_a_leak(wire: Wire) -> None:
    """A token that goes to the download host for whatever purpose is remembered."""
    headers = {"Authorization": f"Bearer {wire.bearer()}"}

    wire.get(f"{wire.running.download_endpoint}/v1.0/reports/{DEVICES}", headers=headers)
    wire.get(f"{wire.running.graph_endpoint}/v1.0/reports/{DEVICES}", headers=headers)

    assert [leak.host for leak in wire.simulator.leaks] == [
        urlsplit(wire.running.download_endpoint).netloc
    ]


def test_bearer_at_the_login_service_is_a_leak(wire: Wire) -> None:
    """A token has no business at the login service."""
    wire.discovery(headers={"Authorization": "Bearer anything"})

    assert [leak.kind for leak in wire.simulator.leaks] == ["discovery"]


def test_link_must_come_back_byte_for_byte(wire: Wire) -> None:
    """A client that decodes and encodes the query of a link loses it."""
    url = wire.ask().headers["Location"]

    changed = wire.get(url.replace("%2B", "+"))

    assert changed.status_code == 403
    assert wire.get(url).status_code == 200


def test_link_expires(tmp_path: Path) -> None:
    """A link is good for its lifetime and not longer."""
    now = [0.0]
    with running(tmp_path, clock=lambda: now[0], download_lifetime=60) as wire:
        url = wire.ask().headers["Location"]
        now[0] = 60
        assert wire.get(url).status_code == 200
        now[0] = 60.5
        assert wire.get(url).status_code == 403


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        ("", "Access token is empty."),
        ("Bearer stale", "IDX14100: JWT is not well formed."),
        ("Basic dTpw", "Access token is empty."),
    ],
)
def test_report_without_a_good_token_is_unauthorized(
    wire: Wire, authorization: str, message: str
) -> None:
    """Graph answers 401 with a challenge to a missing, unknown or foreign credential."""
    response = wire.ask(headers={"Authorization": authorization})

    assert wire.error(response) == (401, "InvalidAuthenticationToken", message)
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="", authorization_uri=')


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-10-25", 400), ("2026-10-26", 302), (NEWEST, 302), ("2026-11-22", 400), ("today", 400)],
)
def test_date_must_be_within_the_last_28_days_and_processed(
    wire: Wire, day: str, status: int
) -> None:
    """Days that are too old, not processed yet, or no days are refused in the flat envelope."""
    response = wire.ask(arguments=f"date={day}")

    assert response.status_code == status
    if status == 400:
        message = f"Invalid date value specified: {day}. Only support data for the past 28 days."
        assert wire.error(response) == (400, "InvalidArgument", message)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ("period='D8'", 400),
        ("period='d7'", 400),
        ("period=''", 404),
        ("period=D7", 404),
        ("", 404),
    ],
)
def test_wrong_period_is_refused_in_the_wrapped_envelope(
    wire: Wire, arguments: str, status: int
) -> None:
    """Wrong spellings of a period give UnknownError with the true error inside its message."""
    found, code, _ = wire.wrapped(wire.ask(arguments=arguments))

    assert (found, code) == (status, "InvalidArgument")


def test_quoted_date_and_date_of_a_per_day_report_are_refused(wire: Wire) -> None:
    """A date has no quotes, and only reports of users take one."""
    assert wire.error(wire.ask(arguments=f"date='{NEWEST}'"))[:2] == (400, "InvalidArgument")
    assert wire.wrapped(wire.ask(COUNTS, f"date={NEWEST}"))[:2] == (404, "InvalidArgument")


@pytest.mark.parametrize("path", ["v1.0/reports/getNothing(period='D7')", "beta/reports", "x"])
def test_unknown_resource_is_a_bad_request(wire: Wire, path: str) -> None:
    """Graph does not know the segment."""
    headers = {"Authorization": f"Bearer {wire.bearer()}"}

    response = wire.get(f"{wire.running.graph_endpoint}/{path}", headers=headers)

    assert (response.status_code, response.json()["error"]["code"]) == (400, "BadRequest")


def test_quota_counts_refused_calls_and_forgets_after_ten_minutes(tmp_path: Path) -> None:
    """Fourteen calls pass, the fifteenth is told how long to wait; other functions go on."""
    now = [0.0]
    with running(tmp_path, clock=lambda: now[0], enforce_quota=True) as wire:
        statuses = [wire.ask(arguments="period='D8'").status_code for _ in range(14)]
        refused = wire.ask()
        other = wire.ask(ACTIVITY)
        now[0] = 599
        almost = wire.ask()
        now[0] = 600
        again = wire.ask()

    assert statuses == [400] * 14
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "601")
    assert other.status_code == 302
    assert (almost.status_code, almost.headers["Retry-After"]) == (429, "2")
    assert again.status_code == 302


def test_every_request_is_recorded(wire: Wire) -> None:
    """A call says what it was, for whom, with which answer and where it went."""
    wire.bearer()
    wire.begin()
    wire.fetch(DEVICES, f"date={NEWEST}")

    report, download = wire.simulator.calls
    assert report == Call(
        kind="report",
        tenant=wire.tenant,
        function=DEVICES,
        parameter=NEWEST,
        status=302,
        had_authorization=True,
        host=urlsplit(wire.running.graph_endpoint).netloc,
        time=report.time,
    )
    assert download == Call(
        kind="download",
        tenant=wire.tenant,
        function=DEVICES,
        parameter=NEWEST,
        status=200,
        had_authorization=False,
        host=urlsplit(wire.running.download_endpoint).netloc,
        time=download.time,
    )
    assert wire.simulator.leaks == []


def test_literal_bodies_take_the_place_of_made_ones(tmp_path: Path) -> None:
    """A literal file is served as it is, also for a day outside of the window."""
    bodies = {(DEVICES, "D7"): b"literal", (DEVICES, "2020-09-27"): b"old"}
    with running(tmp_path, bodies=bodies) as wire:
        assert wire.body() == b"literal"
        assert wire.body(arguments="date=2020-09-27") == b"old"
        assert wire.body(ACTIVITY).startswith(b"\xef\xbb\xbfReport Refresh Date,")


def test_same_origin_needs_no_second_port(tmp_path: Path) -> None:
    """With downloads on the same origin there is one port for everything."""
    with running(tmp_path, download_origin="same") as wire:
        assert wire.running.download_endpoint == wire.running.graph_endpoint
        assert wire.fetch().status_code == 200


def test_chunked_setting_leaves_the_length_out(wire: Wire) -> None:
    """A download in chunks has the same content and no Content-Length."""
    plain = wire.body()

    response = wire.begin(chunked=True).fetch()

    assert response.content == plain
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in response.headers


def test_latency_is_waited_for(wire: Wire) -> None:
    """Every answer takes as long as the latency says."""
    response = wire.begin(latency=0.1).discovery()

    assert response.elapsed.total_seconds() >= 0.1


def test_connection_is_kept_for_the_next_request(wire: Wire) -> None:
    """Twenty requests, some refused, use one connection."""
    wire.bearer()
    wire.begin()
    for arguments in ("period='D7'", "period='D8'") * 10:
        wire.ask(arguments=arguments)

    adapter = wire.session.get_adapter(wire.running.graph_endpoint)
    assert isinstance(adapter, requests.adapters.HTTPAdapter)
    pool = adapter.get_connection_with_tls_context(
        requests.Request("GET", wire.running.graph_endpoint).prepare(),
        verify=str(wire.running.ca_file),
    )
    assert isinstance(pool, urllib3.HTTPSConnectionPool)
    assert (pool.num_connections, pool.num_requests) == (1, 20)


def test_many_tenants_come_from_a_factory(tmp_path: Path) -> None:
    """A factory knows further tenants, each with its own client, data and faults."""

    def tenant(tenant_id: str) -> Tenant | None:
        number = int(tenant_id.removeprefix("t"))
        return Tenant(
            tenant_id=tenant_id,
            client_id=f"client{number}",
            client_secret=f"secret{number}",
            seed=number % 2,
            users=number,
            faults=["forbidden-flat"] if number == 7 else [],
        )

    with running(tmp_path, tenant_factory=tenant) as wire:

        def status_and_rows(number: int) -> tuple[int, int]:
            with requests.Session() as session:
                session.verify, session.trust_env = wire.session.verify, False
                own = Wire(wire.simulator, wire.running, session)
                token = own.token(
                    f"T{number}", client_id=f"client{number}", client_secret=f"secret{number}"
                )
                own._bearer = token.json()["access_token"]
                answer = own.ask()
                if answer.status_code != 302:
                    return answer.status_code, 0
                return 302, own.get(answer.headers["Location"]).content.count(b"\n") - 1

        with ThreadPoolExecutor(20) as pool:
            found = list(pool.map(status_and_rows, range(60)))

    assert found == [(403, 0) if number == 7 else (302, number) for number in range(60)]


def test_several_ids_share_the_client_but_not_the_data(tmp_path: Path) -> None:
    """The second of several tenant ids has the data of the next seed."""
    with running(tmp_path, tenant_ids=("one.example", "two.example")) as wire:
        first = wire.body()
        wire._bearer = wire.token("two.example").json()["access_token"]
        second = wire.body()
        newest = wire.simulator.refresh_date("two.example")

    assert first == b"".join(TenantData(users=10, refresh_date=newest).body(DEVICES, "D7"))
    assert second == b"".join(TenantData(users=10, refresh_date=newest, seed=2).body(DEVICES, "D7"))


def test_large_download_has_its_length(tmp_path: Path) -> None:
    """A file of several blocks arrives whole, with its length said before."""
    with running(tmp_path, users=3 * BLOCK + 5) as wire:
        response = wire.fetch()

    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.content.count(b"\n") == 3 * BLOCK + 6


def test_simulator_behind_pytest_httpserver() -> None:
    """The handler works in pytest-httpserver; its second origin is the other loopback name."""
    simulator = Simulator(users=3, today=TODAY)
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    with (
        authority.cert_pem.tempfile() as ca_file,
        HTTPServer(host="127.0.0.1", ssl_context=context) as server,
        requests.Session() as session,
    ):
        session.trust_env, session.verify = False, ca_file
        server.expect_request(re.compile(".*")).respond_with_handler(simulator.handle)
        root = f"https://127.0.0.1:{server.port}"
        form = {
            "grant_type": "client_credentials",
            "client_id": simulator.client_id,
            "client_secret": simulator.client_secret,
            "scope": f"{root}/.default",
        }
        url = f"{root}/{simulator.tenant_ids[0]}/oauth2/v2.0/token"
        bearer = session.post(url, data=form, timeout=30).json()["access_token"]
        file = session.get(
            f"{root}/v1.0/reports/{TEAMS}(period='D7')",
            headers={"Authorization": f"Bearer {bearer}"},
            timeout=30,
        )
        server.check()

    assert file.url.startswith(f"https://localhost:{server.port}/data/download?token=")
    assert file.status_code == 200
    assert file.content.count(b"\n") == 4
    assert simulator.leaks == []


def test_server_can_be_started_again(tmp_path: Path) -> None:
    """The same simulator served twice waits again where it should."""
    simulator = Simulator(today=TODAY, latency=0.05)
    for number in range(2):
        with (
            serve(simulator, folder=tmp_path / str(number)) as served,
            requests.Session() as session,
        ):
            session.verify, session.trust_env = str(served.ca_file), False
            response = session.get(f"{served.login_endpoint}/x", timeout=30)
            assert response.elapsed.total_seconds() >= 0.05


def test_closing_does_not_wait_for_slow_answers(tmp_path: Path) -> None:
    """The end of the server ends answers that would take long."""
    with ThreadPoolExecutor(1) as pool:
        with running(tmp_path, latency=30) as wire:
            waiting = pool.submit(wire.discovery)
            while not wire.simulator._stopping._cond._waiters:  # type: ignore[attr-defined]
                pass
        # Answered at once or cut off: either is quick, and that is what matters.
        assert waiting.exception(5) is None or isinstance(
            waiting.exception(), requests.ConnectionError
        )


def test_ca_file_is_readable_and_the_only_file(tmp_path: Path) -> None:
    """Only the CA certificate is written, for everybody to read, and no key."""
    folder = tmp_path / "new" / "folder"
    with running(folder):
        assert [path.name for path in folder.iterdir()] == ["ca.pem"]
        assert (folder / "ca.pem").stat().st_mode & 0o777 == 0o644
        assert b"PRIVATE" not in (folder / "ca.pem").read_bytes()


def test_client_that_does_not_trust_the_ca_harms_nobody(wire: Wire) -> None:
    """A failed handshake leaves the server in order."""
    with requests.Session() as stranger:
        stranger.trust_env = False
        with pytest.raises(requests.exceptions.SSLError):
            stranger.get(wire.running.login_endpoint, timeout=30)

    assert wire.discovery().status_code == 200
