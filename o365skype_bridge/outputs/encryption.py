"""How a connection to a Zabbix server is encrypted: by certificates, or by a key that both know."""

from __future__ import annotations

import ssl

from o365skype_bridge.model.frozen import Frozen

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    Wrapper = Callable[[socket.socket, object], socket.socket]


class SharedKey:
    """A key that both sides know, and the name they know it by; the key is never shown."""

    def __init__(self, identity: str, digits: str) -> None:
        """Take the key in hexadecimal digits."""
        self.identity = identity
        self._digits = digits

    def __repr__(self) -> str:
        """Show the name only."""
        return f"SharedKey({self.identity!r})"

    def reveal(self) -> str:
        """Give the digits, for the connection only."""
        return self._digits


class Encryption(Frozen):
    """A way to encrypt, its name, and what to look after when the server does not agree.

    Without a ``wrapper`` this Python cannot do it, and Zabbix's own sender has to.
    """

    name: str
    remedy: str
    wrapper: Wrapper | None
    key: SharedKey | None = None


def by_certificate(ca_file: str, cert_file: str, key_file: str, server: str) -> Encryption:
    """Encrypt by certificates; without a name of the server any that the authority signed is right.

    That is how Zabbix's own programs do it: its certificates mostly name no host. Raises
    `ValueError` and `OSError`, of which `ssl.SSLError` is one.
    """
    context = ssl.create_default_context(cafile=ca_file)
    context.check_hostname = bool(server)
    context.load_cert_chain(cert_file, key_file, password=_refuse)
    return Encryption(
        name="by certificate",
        remedy="See that the server's certificate is of the authority in --send-ca-file, and that "
        "of --send-cert-file of one in the server's TLSCAFile.",
        wrapper=lambda plain, _: context.wrap_socket(plain, server_hostname=server or None),
    )


def _refuse() -> str:
    raise ValueError("it is encrypted, and nobody is there to type a password")


def by_key(key: SharedKey) -> Encryption:
    """Encrypt by a key that both sides know."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tell = getattr(context, "set_psk_client_callback", None)  # from Python 3.13 on
    if tell:
        # With these ciphers only who knows the key gets through; there are no certificates.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("kECDHEPSK+AES:kPSK+AES")
        tell(lambda _hint: (key.identity, bytes.fromhex(key.reveal())))
    return Encryption(
        name="by PSK",
        remedy=f"See that the server knows the PSK identity {key.identity!a} with this very key, "
        "as Encryption says at the host; a new one is known after a minute.",
        wrapper=(lambda plain, _: context.wrap_socket(plain)) if tell else None,
        key=key,
    )
