"""What a client may show instead of a secret: a token that it or another service signed."""

import base64
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import jwt
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm

WRONG_SIGNATURE: Final = 700027
OUT_OF_TIME: Final = 700024
NO_ISSUER: Final = 700211
NO_AUDIENCE: Final = 700212
NO_SUBJECT: Final = 700213

LONGEST_LIFE: Final = 3600
"""Seconds that a client's own assertion may be good for."""

EXCHANGE: Final = "api://AzureADTokenExchange"
THUMBPRINTS: Final[dict[str, tuple[str, HashAlgorithm]]] = {
    "x5t#S256": ("PS256", SHA256()),
    "x5t": ("RS256", SHA1()),  # noqa: S303 - what old clients name their certificate by
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """Another service whose tokens about one subject are taken; `key` verifies them, in PEM."""

    issuer: str
    subject: str
    key: str


def complaint(
    assertion: str,
    *,
    client_id: str,
    endpoint: str,
    certificates: Sequence[str],
    federation: Federation | None,
) -> int:
    """The AADSTS code of what is wrong with an assertion, 0 for nothing.

    `certificates` are those registered with the application, in PEM; one that is an authority
    stands for every certificate that it issued and that comes with its chain.
    """
    try:
        head = jwt.get_unverified_header(assertion)
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return WRONG_SIGNATURE
    if claims.get("iss") != client_id:
        return _federated(assertion, claims, federation)
    for algorithm, certificate in _signers(head, certificates):
        if head.get("alg") == algorithm:
            return _own(assertion, algorithm, certificate, client_id, endpoint)
    return WRONG_SIGNATURE


def _signers(
    head: Mapping[str, Any], registered: Sequence[str]
) -> Iterator[tuple[str, x509.Certificate]]:
    """The certificate that the header names, if it is registered, with what it must sign by."""
    known = [x509.load_pem_x509_certificate(text.encode()) for text in registered]
    sent = [
        x509.load_der_x509_certificate(base64.b64decode(text)) for text in head.get("x5c") or ()
    ]
    for name, (algorithm, kind) in THUMBPRINTS.items():
        for certificate in (*known, *(one for one in sent[:1] if _chained(sent, known))):
            digest = base64.urlsafe_b64encode(certificate.fingerprint(kind)).decode().rstrip("=")
            if str(head.get(name, "")).rstrip("=") == digest:
                yield algorithm, certificate


def _chained(sent: Sequence[x509.Certificate], known: Sequence[x509.Certificate]) -> bool:
    """Whether each of the certificates was issued by the next, and one of them is registered."""
    try:
        for one, above in pairwise(sent):
            one.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return any(one in known for one in sent[1:])


def _own(
    assertion: str, algorithm: str, certificate: x509.Certificate, client_id: str, endpoint: str
) -> int:
    if (
        not certificate.not_valid_before_utc.timestamp()
        <= time.time()
        < (certificate.not_valid_after_utc.timestamp())
    ):
        return WRONG_SIGNATURE
    required = {"require": ["exp", "iat", "jti", "aud", "iss", "sub"]}
    try:
        claims = jwt.decode(
            assertion,
            key=certificate.public_key(),  # type: ignore[arg-type]
            algorithms=[algorithm],
            audience=endpoint,
            subject=client_id,
            options=required,  # type: ignore[arg-type]
        )
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError):
        return OUT_OF_TIME
    except jwt.InvalidTokenError:
        return WRONG_SIGNATURE
    return OUT_OF_TIME if claims["exp"] - claims["iat"] > LONGEST_LIFE else 0


def _federated(assertion: str, claims: Mapping[str, Any], federation: Federation | None) -> int:
    if federation is None or claims.get("iss") != federation.issuer:
        return NO_ISSUER
    if claims.get("sub") != federation.subject:
        return NO_SUBJECT
    try:
        jwt.decode(assertion, key=federation.key, algorithms=["RS256"], audience=EXCHANGE)
    except jwt.InvalidAudienceError:
        return NO_AUDIENCE
    except jwt.ExpiredSignatureError:
        return OUT_OF_TIME
    except jwt.InvalidTokenError:
        return WRONG_SIGNATURE
    return 0
