"""Certificates to sign in with, made anew, and tokens of another service."""

from __future__ import annotations

import functools
import time
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from o365skype_bridge.simulator.assertions import EXCHANGE, Federation

ISSUER, SUBJECT = "https://kubernetes.example/cluster", "system:serviceaccount:monitoring:bridge"


class Pair(NamedTuple):
    """A key and its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def public(self) -> str:
        """The certificate in PEM."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def pem(self, passphrase: str = "") -> str:
        """Give key and certificate in one PEM text, the key first."""
        form, locked = PrivateFormat.PKCS8, _locked(passphrase)
        return self.key.private_bytes(Encoding.PEM, form, locked).decode() + self.public

    def pfx(self, passphrase: str = "", *issuers: Pair) -> bytes:
        """Give key, certificate and issuers as PKCS #12."""
        others = [issuer.certificate for issuer in issuers]
        return pkcs12.serialize_key_and_certificates(
            b"monitoring", self.key, self.certificate, others, _locked(passphrase)
        )


def _locked(passphrase: str) -> KeySerializationEncryption:
    return BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()


@functools.cache
def pair(name: str = "monitoring", days: int = 90, issuer: str = "") -> Pair:
    """Make a certificate that ends in so many days, issued by itself or by another one."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    above = pair(issuer) if issuer else None
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=100))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=not issuer, path_length=None), critical=True)
        .sign(above.key if above else key, SHA256())
    )
    return Pair(key, made)


def federation() -> Federation:
    """Give the other service whose tokens `federated` makes."""
    form = PublicFormat.SubjectPublicKeyInfo
    public = pair("kubernetes").key.public_key().public_bytes(Encoding.PEM, form)
    return Federation(issuer=ISSUER, subject=SUBJECT, key=public.decode())


def federated(**claims: Any) -> str:
    """Give a token of the other service; ``claims`` replace its own."""
    own = {"iss": ISSUER, "sub": SUBJECT, "aud": EXCHANGE, "exp": time.time() + 3600}
    return jwt.encode({**own, **claims}, pair("kubernetes").key, algorithm="RS256")
