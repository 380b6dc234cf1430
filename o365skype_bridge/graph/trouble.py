"""What the libraries raise when the network or the other side is not as it should be."""

from __future__ import annotations

import http.client
import ssl
import zlib

import requests
import urllib3.exceptions

from o365skype_bridge.errors import UnreachableError
from o365skype_bridge.graph.refusals import printable
from o365skype_bridge.reading.unpacking import UNASKED

TROUBLE = (
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,  # those of `requests`, `ssl` and `socket` are such
    ValueError,  # what cannot be encoded, and what is no URL, header or number
    AssertionError,  # urllib3's for a proxy of another kind
    EOFError,
    zlib.error,
)
"""Every exception that foreign bytes can bring about below us."""


NOT_FILES = (requests.exceptions.RequestException, TimeoutError, ConnectionError, ssl.SSLError)


def unreachable(error: Exception, host: str, ca_file: str) -> UnreachableError:
    """Say in one sentence what an exception of `TROUBLE` means for reaching a host."""
    if isinstance(error, requests.exceptions.InvalidSchema | requests.exceptions.InvalidURL):
        return UnreachableError(
            f"{host} or the proxy's URL is not usable", PROXY_REMEDY, lasting=True
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return UnreachableError(f"the proxy did not let us reach {host}", PROXY_REMEDY)
    if isinstance(error, requests.exceptions.SSLError):
        return UnreachableError(
            f"TLS with {host} failed: {_tls_reason(error)}", TLS_REMEDY, lasting=True
        )
    if isinstance(error, OSError) and not isinstance(error, NOT_FILES):
        where = f" {ca_file!a}" if ca_file else ""
        return UnreachableError(
            f"the CA file{where} cannot be used: {error.strerror or 'no such file'}",
            CA_REMEDY,
            lasting=True,
        )
    words = f"{type(error).__name__} {error}"
    for sign, what in SIGNS:
        if sign in words:
            return UnreachableError(f"{host}: {what}")
    return UnreachableError(f"{host}: {printable(type(error).__name__)}")


PROXY_REMEDY = "Check O365_PROXY: http://HOST:PORT, and that the proxy allows this host through."
CA_REMEDY = "Check O365_CA_FILE: a readable file of PEM certificates."
TLS_REMEDY = (
    "If a proxy opens TLS, or the service has a private CA, name its CA with O365_CA_FILE; "
    "otherwise check this host's clock."
)

ENDLESS = "it does not say how long it is"

# What a library's message contains: what it means. First match wins.
SIGNS = (
    ("NameResolution", "the host name cannot be resolved"),
    ("Name or service", "the host name cannot be resolved"),
    ("LocationParse", "the host name cannot be resolved"),
    ("ConnectTimeout", "no connection in time"),
    ("ReadTimeout", "no answer in time"),
    ("Read timed out", "the answer stopped half-way"),
    ("TimeoutError", "no answer in time"),
    ("LineTooLong", "the answer's headers are longer than any should be"),
    ("got more than", "the answer has more headers than any should have"),
    ("BadStatusLine", "the answer is not HTTP"),
    ("InvalidHeader", "the answer's headers are broken"),
    ("refused", "the connection was refused"),
    ("IncompleteRead", "the answer was cut off"),
    ("Connection aborted", "the connection was closed"),
    ("reset", "the connection was reset"),
    (UNASKED, f"the answer is not to be read: {UNASKED}"),
    (ENDLESS, f"the answer may be cut off: {ENDLESS}"),
    ("EOFError", "the answer was cut off"),
    ("decod", "the answer's compression is broken"),
    ("decompress", "the answer's compression is broken"),
    ("ChunkedEncoding", "the answer was cut off"),
    ("unreachable", "the network is unreachable"),
)


def _tls_reason(error: Exception) -> str:
    words = str(error)
    for sign, what in (
        ("NO_CERTIFICATE", "the CA file holds no certificate"),
        ("self-signed", "the certificate is self-signed"),
        ("self signed", "the certificate is self-signed"),
        ("unable to get local issuer", "the certificate's issuer is not trusted"),
        ("expired", "the certificate has expired"),
        ("doesn't match", "the certificate is for another host"),
        ("mismatch", "the certificate is for another host"),
        ("WRONG_VERSION", "the other side does not speak TLS"),
    ):
        if sign in words:
            return what
    return "the handshake failed"
