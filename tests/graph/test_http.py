"""Exceptions of the libraries below become one sentence of ours each."""

from __future__ import annotations

import pytest
import requests
from conftest import Lab, MakeLab

from o365skype_bridge.errors import BridgeError, PendingError, UnreachableError
from o365skype_bridge.graph import http
from o365skype_bridge.graph.http import Deadline, Http


def said(error: Exception) -> UnreachableError:
    """Give what an exception becomes."""
    made = Http.__new__(Http)
    made._ca_file = "/etc/ca.pem"
    mapped = made.mapped("https://graph.example:8443/x?secret=1")
    with pytest.raises(UnreachableError) as caught, mapped:
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.exceptions.SSLError("self-signed certificate"), "the certificate is self-signed"),
        (requests.exceptions.SSLError("certificate has expired"), "the certificate has expired"),
        (
            requests.exceptions.SSLError("unable to get local issuer certificate"),
            "the certificate's issuer is not trusted",
        ),
        (
            requests.exceptions.SSLError("hostname 'a' doesn't match 'b'"),
            "the certificate is for another host",
        ),
        (requests.exceptions.SSLError("[SSL: WRONG_VERSION_NUMBER]"), "does not speak TLS"),
        (requests.exceptions.SSLError("NO_CERTIFICATE_OR_CRL"), "the CA file holds no certificate"),
        (requests.exceptions.SSLError("strange"), "the handshake failed"),
        (requests.exceptions.ProxyError("x"), "the proxy did not let us reach graph.example:8443"),
        (requests.exceptions.InvalidURL("x"), "or the proxy's URL is not usable"),
        (requests.exceptions.ConnectTimeout("x"), "no connection in time"),
        (requests.exceptions.ReadTimeout("x"), "no answer in time"),
        (requests.exceptions.ConnectionError("Connection refused"), "the connection was refused"),
        (
            requests.exceptions.ConnectionError("NameResolutionError"),
            "the host name cannot be resolved",
        ),
        (requests.exceptions.ContentDecodingError("failed to decode"), "compression is broken"),
        (requests.exceptions.RequestException("odd"), "graph.example:8443: RequestException"),
        (FileNotFoundError(2, "No such file"), "the CA file '/etc/ca.pem' cannot be used"),
    ],
)
def test_every_exception_has_its_sentence(error: Exception, words: str) -> None:
    """The operator reads what failed and with whom, and nothing of the query."""
    text = said(error).text

    assert words in text
    assert "secret" not in text


@pytest.mark.parametrize(
    ("error", "lasting"),
    [
        (requests.exceptions.SSLError("expired"), True),
        (requests.exceptions.InvalidSchema("x"), True),
        (FileNotFoundError(2, "No such file"), True),
        (requests.exceptions.ProxyError("x"), False),
        (requests.exceptions.ReadTimeout("x"), False),
    ],
)
def test_lasting_trouble_is_told_from_passing(error: Exception, lasting: bool) -> None:  # noqa: FBT001
    """What trying again cannot help is not tried again."""
    assert said(error).lasting is lasting


def test_deadline_that_has_passed_sends_nothing(lab: Lab) -> None:
    """Without time left no request is made."""
    made = Http(lab.tenant(), Deadline(0))
    with pytest.raises(PendingError):
        made.get(lab.running.graph_endpoint)
    made.close()

    assert list(lab.simulator.calls) == []


def test_certificate_for_another_host_is_refused(make_lab: MakeLab) -> None:
    """TLS is checked for real: a name that the certificate does not hold is not believed."""
    lab = make_lab(users=1)
    url = lab.running.graph_endpoint.replace("127.0.0.1", "127.0.0.2")
    made = Http(lab.tenant(), Deadline(5))
    with pytest.raises(BridgeError):
        made.get(url)
    made.close()

    assert list(lab.simulator.calls) == []


def test_report_larger_than_any_is_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body without end is not read without end."""
    monkeypatch.setattr(http, "LARGEST_REPORT", 10)
    made = Http(lab.tenant(), Deadline(5))
    response = made.download(f"{lab.running.graph_endpoint}/simulator/calls")
    with pytest.raises(UnreachableError, match="larger than 10 bytes"):
        list(made.body(response))
    made.close()
