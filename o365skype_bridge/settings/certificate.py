"""Sign in with a certificate: its key, in PEM or PFX, signs what the login service is shown."""

from __future__ import annotations

from o365skype_bridge.errors import BridgeError, UnauthorizedError
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.process import files
from o365skype_bridge.settings.credential import CERTIFICATE, Credential, Secret, guarded
from o365skype_bridge.settings.written import reason

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from o365skype_bridge.settings.credential import Application

PEM = b"-----BEGIN"
FORMS = "Name a file with the certificate and its RSA key, in PEM or as PFX (PKCS #12)."

NO_RSA = "its key is no RSA key, which is the only kind that Entra takes"
NO_PAIR = "it holds no certificate of its key"


class Opened(Frozen):
    """A key, its certificate, and those that issued it, the nearest first."""

    key: RSAPrivateKey
    leaf: x509.Certificate
    issuers: tuple[x509.Certificate, ...]


class Certificate(Credential):
    """A certificate with its private key.

    A PEM file holds both, or ``key_file`` holds the key; a PFX file holds both. ``chain`` sends
    the certificate and its issuers along, for applications that trust a subject and an issuer
    instead of one certificate.
    """

    way = CERTIFICATE
    what = "certificate"
    remedy = (
        "Set O365_CERTIFICATE_FILE, or certificate_file in the configuration file, or "
        "--certificate-file."
    )

    def __init__(
        self, file: str = "", *, key_file: str = "", passphrase: Secret, chain: bool = False
    ) -> None:
        """Read nothing yet."""
        self.file = file
        self._key_file = key_file
        self._passphrase = passphrase
        self._chain = chain
        self.files = tuple(path for path in (file, key_file, passphrase.file) if path)

    def __bool__(self) -> bool:
        """Say whether a file was named."""
        return bool(self.file)

    def warnings(self) -> list[str]:
        """Say so when other users can read or change one of the files."""
        said = guarded("the certificate file", self.file) if self.file else []
        if self._key_file:
            said += guarded("the certificate's key file", self._key_file)
        return [*said, *self._passphrase.warnings()]

    def mark(self) -> str:
        """Give what the files hold, or what is wrong with them."""
        try:
            content = self._read(self.file) + self._read(self._key_file)
        except BridgeError as error:
            return str(error)
        return f"{content.decode('latin-1')}\n{self._passphrase.mark()}\n{self._chain}"

    def ends(self) -> str:
        """Give the day on which it ends; blank if it cannot be read, which a login will say."""
        try:
            return f"{self._opened().leaf.not_valid_after_utc:%Y-%m-%d}"
        except BridgeError:
            return ""

    def _shown(self, tenant: Application) -> Mapping[str, Any]:
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
        from msal.oauth2cli import JwtAssertionCreator  # noqa: PLC0415 only who signs in pays

        opened = self._opened()
        creator = JwtAssertionCreator(
            opened.key,
            algorithm="PS256",
            sha256_thumbprint=opened.leaf.fingerprint(SHA256()).hex(),
            headers={"x5c": _encoded(opened)} if self._chain else None,
        )
        sign = creator.create_regenerative_assertion(
            audience=f"{tenant.login_endpoint}/{tenant.tenant_id}/oauth2/v2.0/token",
            issuer=tenant.client_id,
        )
        return {"client_assertion": sign}

    def _read(self, path: str) -> bytes:
        try:
            return files.read(path, files.MIDDLING)[0] if path else b""
        except (OSError, ValueError) as error:
            raise UnauthorizedError(
                f"the certificate file {path!a} cannot be read: {reason(error)}",
                "Name a file that this user can read.",
            ) from error

    def _opened(self) -> Opened:
        """Read the files now. Raises `UnauthorizedError`, naming the one that cannot be used."""
        content = self._read(self.file)
        passphrase = self._passphrase.reveal().encode() if self._passphrase else None
        is_pem = PEM in content
        path = self._key_file if is_pem and self._key_file else self.file
        try:
            opened = (
                _pem(content, self._read(path), passphrase) if is_pem else _pfx(content, passphrase)
            )
        except (ValueError, TypeError) as error:
            raise UnauthorizedError(
                f"the certificate file {path!a} cannot be opened: {_why(error, passphrase)}", FORMS
            ) from error
        return opened


def _pem(content: bytes, with_key: bytes, passphrase: bytes | None) -> Opened:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415

    certificates = load_pem_x509_certificates(content)
    key = load_pem_private_key(with_key, passphrase)
    return _matched(key, certificates)


def _pfx(content: bytes, passphrase: bytes | None) -> Opened:
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415

    key, leaf, issuers = pkcs12.load_key_and_certificates(content, passphrase)
    return _matched(key, [one for one in (leaf, *issuers) if one])


def _matched(key: Any, certificates: list[x509.Certificate]) -> Opened:
    """Find the certificate of the key, whatever their order. Raises `ValueError`."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415

    if not isinstance(key, RSAPrivateKey):
        raise ValueError(NO_RSA)  # noqa: TRY004 caught with what cannot be read
    own = [one for one in certificates if one.public_key() == key.public_key()]
    if not own:
        raise ValueError(NO_PAIR)
    return Opened(key=key, leaf=own[0], issuers=_issuers(own[0], certificates))


def _issuers(
    leaf: x509.Certificate, certificates: list[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Give those that issued a certificate, the nearest first, as the login service wants them."""
    found: list[x509.Certificate] = []
    last = leaf
    while last.issuer != last.subject:
        above = [one for one in certificates if one.subject == last.issuer and one not in found]
        if not above:
            break
        last = above[0]
        found.append(last)
    return tuple(found)


def _encoded(opened: Opened) -> list[str]:
    """Give the certificate and its issuers as a token's header has them."""
    import base64  # noqa: PLC0415 only who signs in pays for it

    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    every = (opened.leaf, *opened.issuers)
    return [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in every]


def _why(error: Exception, passphrase: bytes | None) -> str:
    """Say why a file could not be opened, without what it holds."""
    if str(error) in (NO_RSA, NO_PAIR):
        return str(error)
    words = str(error).lower()
    if isinstance(error, TypeError) or "password" in words or "decrypt" in words:
        return "its passphrase is wrong" if passphrase else "it needs a passphrase"
    return "it is neither PEM nor PFX with a certificate and its key"
