"""Every fault by its name: the statuses, headers and bytes that a client meets."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from wire import ACTIVITY, DEVICES, NEWEST, TEAMS, Wire, running

from o365skype_bridge.simulator.answers import CHALLENGE
from o365skype_bridge.simulator.faults import FAULTS, rule
from o365skype_bridge.simulator.oddities import ODDITIES
from o365skype_bridge.simulator.records import EVERYWHERE
from o365skype_bridge.simulator.resource_faults import RESOURCE_FAULTS
from o365skype_bridge.simulator.streams import PORTAL

TOLD = "The simulator was told to fail."

FLAT = {
    "forbidden-flat": (403, "S2SUnauthorized", "Invalid permission."),
    "unauthorized": (
        401,
        "InvalidAuthenticationToken",
        "CompactToken validation failed with reason code: 80049228.",
    ),
    "throttled-fractional": (429, "TooManyRequests", "Please retry again later."),
    "throttled-seconds": (429, "TooManyRequests", "Please retry again later."),
    "throttled-silent": (429, "TooManyRequests", "Please retry again later."),
    "throttled-date": (429, "TooManyRequests", "Please retry again later."),
    "gone-400": (400, "BadRequest", f"Resource not found for the segment '{DEVICES}'."),
    "gone-404": (404, "itemNotFound", f"Resource not found for the segment '{DEVICES}'."),
    "gone-410": (410, "Gone", f"Resource not found for the segment '{DEVICES}'."),
    "retired-400": (400, "BadRequest", f"Resource not found for the segment '{DEVICES}'."),
    "retired-404": (404, "itemNotFound", f"Resource not found for the segment '{DEVICES}'."),
    "retired-410": (410, "Gone", f"Resource not found for the segment '{DEVICES}'."),
    "400": (400, "BadRequest", TOLD),
    "401": (
        401,
        "InvalidAuthenticationToken",
        "Access token has expired or is not yet valid.",
    ),
    "403": (403, "Forbidden", TOLD),
    "404": (404, "UnknownError", TOLD),
    "410": (410, "Gone", TOLD),
    "429": (429, "TooManyRequests", TOLD),
    "500": (500, "generalException", TOLD),
    "502": (502, "badGateway", TOLD),
    "503": (503, "serviceNotAvailable", TOLD),
    "504": (504, "gatewayTimeout", TOLD),
    "509": (509, "bandwidthLimitExceeded", TOLD),
    "500-retry-after": (500, "generalException", TOLD),
    "502-retry-after": (502, "badGateway", TOLD),
    "503-retry-after": (503, "serviceNotAvailable", TOLD),
    "504-retry-after": (504, "gatewayTimeout", TOLD),
}
WRAPPED = {
    "forbidden-wrapped": (403, "S2SUnauthorized", "Invalid permission."),
    "period-refused": (400, "InvalidArgument", "Invalid period value specified."),
    "function-not-found": (404, "InvalidArgument", "The requested function cannot be found."),
}
RETRY_AFTER = {
    "throttled-fractional": "2.128",
    "throttled-seconds": "120",
    "throttled-silent": None,
    "throttled-html": "120",
    "503": None,
    "500-retry-after": "1",
    "502-retry-after": "1",
    "503-retry-after": "1",
    "504-retry-after": "1",
}
PAGES = {
    "html": ("discovery", "token", "report", "download"),
    "html-graph": ("report",),
    "html-download": ("download",),
    "html-login": ("discovery", "token"),
    "token-200-html": ("token",),
}
LOGIN = {
    "token-7000215": (401, "invalid_client", 7000215),
    "token-7000222": (401, "invalid_client", 7000222),
    "token-7000218": (401, "invalid_client", 7000218),
    "token-7000112": (401, "unauthorized_client", 7000112),
    "token-700016": (400, "unauthorized_client", 700016),
    "token-90002": (400, "invalid_request", 90002),
    "token-900023": (400, "invalid_request", 900023),
    "token-1002012": (400, "invalid_scope", 1002012),
    "token-500011": (400, "invalid_resource", 500011),
    "token-53003": (400, "access_denied", 53003),
    "token-70003": (400, "unsupported_grant_type", 70003),
    **{
        f"token-{code}": (401, "invalid_client", code)
        for code in (700027, 700024, 700211, 700212, 700213)
    },
    "token-429": (429, "temporarily_unavailable", 90055),
}
LIFETIMES: dict[str, dict[str, Any]] = {
    "token-expires-text": {"expires_in": "3599", "ext_expires_in": 3599},
    "token-expires-missing": {},
    "token-expires-200": {"expires_in": 200, "ext_expires_in": 3599},
    "token-refresh-in": {"expires_in": 86399, "ext_expires_in": 3599, "refresh_in": 43199},
}
ELSEWHERE = {
    "location-evil": "https://reports.office.com.evil.example/data/download?token=",
    "location-relative": "/data/download?token=",
}
ONE_BY_ONE = {
    "abort",
    "badjson",
    "chunked",
    "close",
    "date-refused",
    "delay",
    "discovery-404",
    "discovery-503",
    "discovery-delay",
    "discovery-http-token-endpoint",
    "discovery-invalid-tenant",
    "discovery-other-port",
    "download-expires",
    "download-forbids-bearer",
    "download-once",
    "drip",
    "empty",
    "forbidden-credentials",
    "gzip",
    "gzip-cut",
    "instance-discovery-down",
    "location-http",
    "location-regional",
    "no-location",
    "no-request-ids",
    "not-modified",
    "quota",
    "redirect-html-body",
    "redirect-loop",
    "reset",
    "same-origin",
    "stall",
    "status",
    "throttled-html",
    "token-503-html",
    "token-revoked",
    "truncate",
    "truncate-chunked",
    "until-close",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with running(tmp_path_factory.mktemp("ca")) as wire:
        wire.bearer()
        yield wire


@pytest.fixture
def wire(shared: Wire) -> Wire:
    return shared.begin()


def test_every_fault_is_exercised_here() -> None:
    """No fault of the table is without a test of its answer on the wire."""
    tables = (FLAT, WRAPPED, PAGES, LOGIN, LIFETIMES, ELSEWHERE, ONE_BY_ONE)

    of_json = {fault.name for fault in RESOURCE_FAULTS}

    assert set().union(*tables) == set(FAULTS) - of_json


def test_every_trap_is_covered() -> None:
    """Oddities and faults together are about all traps of reports, of JSON and of the login."""
    covered = {
        trap for table in (ODDITIES, FAULTS) for entry in table.values() for trap in entry.traps
    }

    assert covered == {*range(1, 35), *range(36, 41)}


@pytest.mark.parametrize("name", [*ODDITIES, *FAULTS])
def test_help_is_one_sentence(name: str) -> None:
    """Each entry of the two tables says what it does in one sentence."""
    table: Any = ODDITIES if name in ODDITIES else FAULTS
    text = table[name].help

    assert text[0].isupper() or text[0].isdigit()
    assert text.endswith(".")
    assert ". " not in text
    assert "\n" not in text


@pytest.mark.parametrize("name", FLAT)
def test_fault_has_the_flat_envelope(wire: Wire, name: str) -> None:
    """Graph's plain error envelope has this status, code and message."""
    assert wire.error(wire.begin(name).ask()) == FLAT[name]


@pytest.mark.parametrize("name", WRAPPED)
def test_fault_has_the_wrapped_envelope(wire: Wire, name: str) -> None:
    """The error of the reports service is JSON inside the message of an UnknownError."""
    assert wire.wrapped(wire.begin(name).ask()) == WRAPPED[name]


@pytest.mark.parametrize("name", RETRY_AFTER)
def test_fault_says_when_to_come_back(wire: Wire, name: str) -> None:
    """The Retry-After header is exactly this one, or none."""
    assert wire.begin(name).ask().headers.get("Retry-After") == RETRY_AFTER[name]


def test_throttled_until_a_date(wire: Wire) -> None:
    """The HTTP date of Retry-After is two minutes ahead."""
    when = parsedate_to_datetime(wire.begin("throttled-date").ask().headers["Retry-After"])

    assert timedelta(seconds=110) < when - datetime.now(UTC) <= timedelta(minutes=2)


def test_throttled_with_a_page(wire: Wire) -> None:
    """A proxy's 429 is a web page."""
    response = wire.begin("throttled-html").ask()

    assert (response.status_code, response.content) == (429, PORTAL)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", ["401", "unauthorized"])
def test_unauthorized_has_a_challenge(wire: Wire, name: str) -> None:
    """A 401 of Graph says where a token is to be had."""
    assert wire.begin(name).ask().headers["WWW-Authenticate"] == CHALLENGE


@pytest.mark.parametrize("name", PAGES)
def test_captive_portal(wire: Wire, name: str) -> None:
    """A captive portal's page with status 200 comes where the name says and nowhere else."""
    location = wire.ask().headers["Location"]
    ask: dict[str, Callable[[], requests.Response]] = {
        "discovery": wire.discovery,
        "token": wire.token,
        "report": wire.ask,
        "download": lambda: wire.get(location),
    }
    wire.begin(name)

    answers = {kind: call() for kind, call in ask.items()}

    pages = {kind for kind, answer in answers.items() if answer.content == PORTAL}
    assert pages == set(PAGES[name])
    assert {answers[kind].status_code for kind in pages} == {200}
    assert {answers[kind].headers["Content-Type"] for kind in pages} == {"text/html; charset=utf-8"}


@pytest.mark.parametrize("name", LOGIN)
def test_token_is_refused(wire: Wire, name: str) -> None:
    """The login service refuses with this status, error and code, in several lines."""
    response = wire.begin(name).token()

    content = response.json()
    found = (response.status_code, content["error"], *content["error_codes"])
    assert found == LOGIN[name]
    lines = content["error_description"].split("\r\n")
    assert lines[0].startswith(f"AADSTS{LOGIN[name][2]}: ")
    assert [line.partition(":")[0] for line in lines[1:]] == [
        "Trace ID",
        "Correlation ID",
        "Timestamp",
    ]
    assert response.headers.get("Retry-After") == ("120" if name == "token-429" else None)


@pytest.mark.parametrize("name", LIFETIMES)
def test_token_has_another_lifetime(wire: Wire, name: str) -> None:
    """The fields about the token's lifetime are exactly these."""
    content = wire.begin(name).token().json()

    bearer = content.pop("access_token")
    assert content == {"token_type": "Bearer", **LIFETIMES[name]}
    assert wire.ask(headers={"Authorization": f"Bearer {bearer}"}).status_code == 302


def test_edited_answers_leave_refusals_alone(wire: Wire) -> None:
    """A wrong secret stays a wrong secret whatever the lifetime would be."""
    response = wire.begin("token-expires-200").token(client_secret="wrong")

    assert (response.status_code, response.json()["error_codes"]) == (401, [7000215])


def test_token_service_is_down(wire: Wire) -> None:
    """The token endpoint answers 503 with a web page."""
    response = wire.begin("token-503-html").token()

    assert (response.status_code, response.content) == (503, PORTAL)


def test_discovery_is_not_there(wire: Wire) -> None:
    """There is no discovery document; the token endpoint goes on."""
    response = wire.begin("discovery-404").discovery()

    assert (response.status_code, response.text) == (404, "Not Found")
    assert wire.token().status_code == 200


def test_discovery_knows_no_such_tenant(wire: Wire) -> None:
    """Discovery refuses the tenant with its own error."""
    response = wire.begin("discovery-invalid-tenant").discovery()

    assert (response.status_code, response.json()["error"]) == (400, "invalid_tenant")
    assert response.json()["error_codes"] == [90002]


def test_discovery_is_down(wire: Wire) -> None:
    """Discovery answers 503 with a web page."""
    response = wire.begin("discovery-503").discovery()

    assert (response.status_code, response.content) == (503, PORTAL)


def test_discovery_takes_its_time(wire: Wire) -> None:
    """Discovery is slow by the seconds of the fault, and good."""
    response = wire.begin("discovery-delay=0.1").discovery()

    assert response.elapsed.total_seconds() >= 0.1
    assert response.status_code == 200


@pytest.mark.parametrize("name", ["discovery-http-token-endpoint", "discovery-other-port"])
def test_discovery_names_another_token_endpoint(wire: Wire, name: str) -> None:
    """The token endpoint is not encrypted, or on the port of the downloads."""
    endpoint = wire.begin(name).discovery().json()["token_endpoint"]

    root = {
        "discovery-http-token-endpoint": wire.running.login_endpoint.replace("https", "http"),
        "discovery-other-port": wire.running.download_endpoint,
    }[name]
    assert endpoint == f"{root}/{wire.tenant}/oauth2/v2.0/token"


def test_instance_discovery_hangs_up(wire: Wire) -> None:
    """The discovery of login hosts is cut off while the token error still arrives."""
    wire.begin("instance-discovery-down", "token-7000215")

    with pytest.raises(requests.ConnectionError):
        wire.get(f"{wire.running.login_endpoint}/common/discovery/instance")
    assert wire.get(f"{wire.running.login_endpoint}/common/else").status_code == 400
    assert wire.token().json()["error_codes"] == [7000215]


def test_redirect_carries_a_page(wire: Wire) -> None:
    """The redirect is good although it has content; a refusal stays as it is."""
    response = wire.begin("redirect-html-body").ask()

    assert (response.status_code, response.content) == (302, PORTAL)
    assert wire.get(response.headers["Location"]).status_code == 200
    assert wire.ask(arguments="period='D8'").status_code == 400


@pytest.mark.parametrize("name", ELSEWHERE)
def test_redirect_leads_elsewhere(wire: Wire, name: str) -> None:
    """The Location begins like this instead of with the download host."""
    assert wire.begin(name).ask().headers["Location"].startswith(ELSEWHERE[name])


def test_redirect_on_the_same_origin(wire: Wire) -> None:
    """The link is on Graph's own host and port, and refuses a token there too."""
    location = wire.begin("same-origin").ask().headers["Location"]

    assert location.startswith(f"{wire.running.graph_endpoint}/data/download?token=")
    assert wire.get(location, headers={"Authorization": "Bearer x"}).status_code == 401
    assert wire.get(location).status_code == 200
    assert len(wire.simulator.leaks) == 1


def test_redirect_to_regional_hosts(wire: Wire) -> None:
    """The link is on three real host names in turn."""
    wire.begin("location-regional")

    hosts = [urlsplit(wire.ask().headers["Location"]).netloc for _ in range(4)]

    names = ("reports", "reportsncu", "reportsweu", "reports")
    assert hosts == [f"{name}.office.com" for name in names]


def test_redirect_without_encryption(wire: Wire) -> None:
    """The link is the right one but for its scheme."""
    location = wire.begin("location-http").ask().headers["Location"]

    root = wire.running.download_endpoint.replace("https", "http")
    assert location.startswith(f"{root}/data/download?token=")


def test_redirect_without_location(wire: Wire) -> None:
    """The redirect does not say where to."""
    response = wire.begin("no-location").ask()

    assert (response.status_code, response.headers.get("Location")) == (302, None)


def test_redirect_to_itself(wire: Wire) -> None:
    """Whoever follows the redirect asks the same again, for ever."""
    wire.begin("redirect-loop")
    url = f"{wire.running.graph_endpoint}/v1.0/reports/{DEVICES}(period=%27D7%27)"

    response = wire.get(url, headers={"Authorization": f"Bearer {wire.bearer()}"})

    assert response.headers["Location"] == url


def test_link_works_once(wire: Wire) -> None:
    """The second download of a link is refused; a new link is good."""
    location = wire.begin("download-once").ask().headers["Location"]

    assert [wire.get(location).status_code for _ in range(3)] == [200, 403, 403]
    assert wire.fetch().status_code == 200


def test_link_is_dead_on_arrival(wire: Wire) -> None:
    """The link never works, or for the seconds of the fault."""
    assert wire.begin("download-expires").fetch().status_code == 403
    assert wire.begin("download-expires:1").fetch().status_code == 403
    assert wire.fetch().status_code == 200
    assert wire.begin("download-expires=60").fetch().status_code == 200


def test_download_forbids_bearers(wire: Wire) -> None:
    """A token at the download is answered 403, and still a leak."""
    location = wire.begin("download-forbids-bearer").ask().headers["Location"]

    assert wire.get(location, headers={"Authorization": "Bearer x"}).status_code == 403
    assert wire.get(location).status_code == 200
    assert [leak.status for leak in wire.simulator.leaks] == [403]


def test_date_is_refused(wire: Wire) -> None:
    """Good days are refused as too old; periods are not."""
    wire.begin("date-refused")

    message = f"Invalid date value specified: {NEWEST}. Only support data for the past 28 days."
    answer = wire.ask(arguments=f"date={NEWEST}")
    assert wire.error(answer) == (400, "InvalidArgument", message)
    assert wire.ask().status_code == 302


def test_forbidden_without_inner_error(wire: Wire) -> None:
    """The odd 403 has no inner error, an id without dashes and no id of the client."""
    response = wire.begin("forbidden-credentials").ask(headers={"client-request-id": "mine"})

    error = {"code": "MissingCredentials", "message": "Valid Authorization header is needed."}
    assert (response.status_code, response.json()) == (403, {"error": error})
    assert len(response.headers["request-id"]) == 32
    assert "client-request-id" not in response.headers


def test_token_is_revoked(wire: Wire) -> None:
    """The first token is refused each time it comes; a new one is good."""
    wire.begin("token-revoked")

    assert [wire.ask().status_code for _ in range(2)] == [401, 401]
    bearer = wire.token().json()["access_token"]
    assert wire.ask(headers={"Authorization": f"Bearer {bearer}"}).status_code == 302


def test_quota_as_a_fault(wire: Wire) -> None:
    """The fifteenth call within ten minutes is throttled, for that function only."""
    wire.begin("quota")

    statuses = [wire.ask().status_code for _ in range(15)]

    assert statuses == [302] * 14 + [429]
    assert 590 <= int(wire.ask().headers["Retry-After"]) <= 601
    assert wire.ask(ACTIVITY).status_code == 302


def test_not_modified(wire: Wire) -> None:
    """Skype reports answer 304 to their ETag, on a connection that stays good; Teams has none."""
    wire.begin("not-modified")
    tag = wire.ask().headers["ETag"]

    response = wire.ask(headers={"If-None-Match": tag})

    assert (response.status_code, response.content) == (304, b"")
    teams = wire.ask(TEAMS, headers={"If-None-Match": tag})
    assert (teams.status_code, "ETag" in teams.headers) == (302, False)


def test_answers_without_ids(wire: Wire) -> None:
    """None of the headers for support is there, and the answer is good."""
    response = wire.begin("no-request-ids").ask(headers={"client-request-id": "mine"})

    names = {"request-id", "client-request-id", "x-ms-ags-diagnostic"}
    assert names & {name.lower() for name in response.headers} == set()
    assert response.status_code == 302


@pytest.mark.parametrize("name", ["gone-400", "gone-404", "gone-410"])
def test_teams_survives_the_retirement(wire: Wire, name: str) -> None:
    """Only the Skype functions are gone."""
    assert wire.begin(name).fetch(TEAMS).status_code == 200


@pytest.mark.parametrize("name", ["retired-400", "retired-404", "retired-410"])
def test_one_function_is_retired_and_its_neighbours_are_not(wire: Wire, name: str) -> None:
    """What REGEX finds is gone; the other functions answer, those of the same product too."""
    wire.begin(f"{name}@{ACTIVITY}")

    assert wire.ask(ACTIVITY).status_code == int(name.partition("-")[2])
    assert wire.fetch(DEVICES).status_code == 200
    assert wire.fetch(TEAMS).status_code == 200


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
def test_status_in_the_words_of_each_service(wire: Wire, status: int) -> None:
    """The same status is JSON of the login service there, and XML at the download."""
    location = wire.ask().headers["Location"]
    wire.begin(str(status))

    token, download = wire.token(), wire.get(location)

    assert (token.status_code, download.status_code) == (status, status)
    assert set(token.json()) >= {"error", "error_description", "error_codes"}
    assert download.content.startswith(b"<Error><Code>")


def test_good_status_with_bad_json(wire: Wire) -> None:
    """Status 200, JSON by its header, and the text breaks off."""
    response = wire.begin("badjson").token()

    assert (response.status_code, response.content) == (200, b'{"access_token": "bro')
    assert response.headers["Content-Type"] == "application/json"
    with pytest.raises(json.JSONDecodeError):
        json.loads(response.content)


def test_good_status_with_nothing(wire: Wire) -> None:
    """Status 200 and an empty body, on Graph as at the download."""
    response = wire.begin("empty").ask()

    assert (response.status_code, response.headers["Content-Length"]) == (200, "0")
    assert wire.begin("empty@download").fetch().content == b""


def test_answer_written_out(wire: Wire) -> None:
    """A fault may be the whole answer: status, headers, type and body."""
    wire.begin(
        {
            "kind": "status",
            "match": "^GET /v1\\.0/.*period",
            "status": 418,
            "body": "short and stout",
            "ctype": "text/plain",
            "headers": {"Retry-After": "1"},
        }
    )

    response = wire.ask()

    assert (response.status_code, response.text) == (418, "short and stout")
    assert (response.headers["Content-Type"], response.headers["Retry-After"]) == (
        "text/plain",
        "1",
    )
    assert wire.ask(arguments=f"date={NEWEST}").status_code == 302


def test_body_is_cut_short(wire: Wire) -> None:
    """Half of the body arrives under the length of the whole, and the connection ends."""
    whole = wire.body()

    received, end = wire.begin("truncate").download_bytes()

    head, _, body = received.partition(b"\r\n\r\n")
    assert (body, end) == (whole[: len(whole) // 2], "closed")
    assert f"Content-Length: {len(whole)}".encode() in head.split(b"\r\n")


def test_body_is_cut_at_a_line(wire: Wire) -> None:
    """The cut may be between two rows, where nobody sees it in the text."""
    whole = wire.body()

    received, _ = wire.begin({"kind": "truncate", "at_line": 4}).download_bytes()

    assert received.partition(b"\r\n\r\n")[2] == b"".join(whole.splitlines(keepends=True)[:4])


def test_chunked_body_is_cut_short(wire: Wire) -> None:
    """The chunks stop without the last, empty one."""
    whole = wire.body()

    received, end = wire.begin("truncate-chunked").download_bytes()

    head, _, body = received.partition(b"\r\n\r\n")
    half = whole[: len(whole) // 2]
    assert (body, end) == (b"%x\r\n%b\r\n" % (len(half), half), "closed")
    assert b"Transfer-Encoding: chunked" in head.split(b"\r\n")


def test_connection_is_reset_in_the_body(wire: Wire) -> None:
    """Half of the body arrives, then the connection is reset."""
    whole = wire.body()

    received, end = wire.begin("reset").download_bytes()

    assert (received.partition(b"\r\n\r\n")[2], end) == (whole[: len(whole) // 2], "reset")


@pytest.mark.parametrize(("name", "status"), [("close", "closed"), ("abort", "reset")])
def test_connection_ends_without_an_answer(wire: Wire, name: str, status: str) -> None:
    """Not one byte of an answer arrives; the request is recorded with status 0."""
    assert wire.begin(f"{name}@download").download_bytes() == (b"", status)
    assert [call.status for call in wire.simulator.calls] == [302, 0]


def test_body_stalls(wire: Wire) -> None:
    """The second half of the body is late by the seconds of the fault."""
    whole = wire.body()

    with pytest.raises(requests.ConnectionError, match="Read timed out"):
        wire.begin("stall=0.3").get_with_timeout(0.1)
    assert wire.begin("stall=0.05").body() == whole


def test_body_drips(wire: Wire) -> None:
    """The body comes by sixteen bytes, with a pause after each piece."""
    whole = wire.body()

    begun = time.monotonic()
    received = wire.begin("drip=0.003").body()
    took = time.monotonic() - begun

    assert received == whole
    assert took >= 0.003 * (len(whole) // 16)


def test_answer_is_late(wire: Wire) -> None:
    """The answer takes the seconds of the fault and is good."""
    response = wire.begin("delay=0.1@reports").ask()

    assert response.elapsed.total_seconds() >= 0.1
    assert response.status_code == 302


def test_download_in_chunks(wire: Wire) -> None:
    """The download has no Content-Length and the same content."""
    whole = wire.body()

    response = wire.begin("chunked").fetch()

    assert response.content == whole
    assert "Content-Length" not in response.headers


def test_download_is_compressed(wire: Wire) -> None:
    """The bytes on the wire are gzip, whether or not the client asked for it."""
    whole = wire.body()
    location = wire.begin("gzip").ask().headers["Location"]

    with wire.session.get(
        location, headers={"Accept-Encoding": "identity"}, stream=True, timeout=30
    ) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.raw.read(decode_content=False)) == whole


def test_compressed_body_is_cut_inside(wire: Wire) -> None:
    """Half of it comes, and that is as long as it says."""
    whole = wire.body()
    answer = wire.begin("gzip-cut").get(wire.ask().headers["Location"], stream=True)
    with answer as response:
        packed = response.raw.read(decode_content=False)

    assert response.headers["Content-Length"] == str(len(packed))
    assert whole.startswith(zlib.decompressobj(wbits=31).decompress(packed))
    with pytest.raises(EOFError):
        gzip.decompress(packed)


@pytest.mark.parametrize("lines", [None, 4])
def test_body_ends_with_the_connection(wire: Wire, lines: int | None) -> None:
    """Nothing says how long it is, so that a cut one looks like a whole one."""
    whole = wire.body()
    fault = {"kind": "until-close"} | ({"at_line": lines} if lines else {})

    received, end = wire.begin(fault).download_bytes()

    head, _, body = received.partition(b"\r\n\r\n")
    assert (body, end) == (b"".join(whole.splitlines(keepends=True)[:lines]), "closed")
    assert head.split(b"\r\n")[1:] == [
        b"Content-Type: application/octet-stream",
        b"Connection: close",
    ]


@pytest.mark.parametrize("name", ["truncate", "truncate-chunked", "stall", "drip", "gzip"])
def test_fault_of_the_body_waits_for_the_download(wire: Wire, name: str) -> None:
    """Matched to one report, such a fault strikes the download of that report only."""
    rule_for_one = {"kind": name, "match": "^GET /v1\\.0/.*period", "seconds": 0.001}
    wire.begin(rule_for_one)
    plain = wire.fetch(arguments=f"date={NEWEST}")
    other = wire.get(wire.ask(ACTIVITY, f"date={NEWEST}").headers["Location"])

    assert "Content-Length" in plain.headers
    assert other.status_code == 200
    if name.startswith("truncate"):
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            wire.fetch()
    else:
        assert wire.fetch().content.startswith(b"\xef\xbb\xbfReport")


def test_fault_strikes_for_a_while(wire: Wire) -> None:
    """TIMES and AFTER count the requests that fit, and no others."""
    wire.begin(f"503:2+1@{DEVICES}")

    statuses = []
    for _ in range(5):
        statuses += [wire.ask().status_code, wire.ask(ACTIVITY).status_code]

    assert statuses[::2] == [302, 503, 503, 302, 302]
    assert statuses[1::2] == [302] * 5


def test_faults_together(wire: Wire) -> None:
    """Several faults strike the same request; the first one has the last word."""
    assert wire.begin("no-request-ids", "503").ask().status_code == 503
    assert wire.begin("503", "404").ask().status_code == 503


def test_fault_for_one_tenant(tmp_path: Path) -> None:
    """A fault may be for the requests of one tenant only."""
    faults = [{"kind": "403", "tenant": "two.example"}]
    with running(tmp_path, tenant_ids=("one.example", "two.example"), faults=faults) as wire:
        assert wire.ask().status_code == 302
        assert wire.discovery("two.example").status_code == 403


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("nonsense", "no fault is named 'nonsense'; choose from discovery-404, "),
        ("503@(", "the pattern of 503 is not understood: "),
        ("50 3", "a fault is written NAME[=SECONDS][:TIMES][+AFTER][@REGEX], not '50 3'"),
        ({"kind": "503", "often": 2}, "a fault has no often"),
        ({}, "no fault is named 'None'; choose from "),
    ],
)
def test_fault_that_is_not_understood(spec: Any, message: str) -> None:
    """A wrong spelling is refused with what is wrong about it."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - compared below
        rule(spec)

    assert str(caught.value).startswith(message)


def test_fault_spelled_in_full() -> None:
    """Every part of the short form has its place in the rule."""
    found = rule("delay=0.5:2+3@^GET .*date=.*@")

    assert (found.fault.name, found.times, found.after) == ("delay", 2, 3)
    assert found.match is not None
    assert found.match.pattern == "^GET .*date=.*@"
    assert found.options == {"seconds": "0.5"}
    assert found.fault.where == EVERYWHERE
