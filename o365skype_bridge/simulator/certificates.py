"""A throw-away certificate authority, and a server certificate for this machine."""

import ssl
from pathlib import Path

import trustme


def tls(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A TLS context for a server on this machine, and the CA file that clients must trust.

    The keys are never kept: the CA's stays in memory, the server's is on disk, unreadable for
    others, only while it is loaded.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1", "::1").configure_cert(context)
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(authority.cert_pem.bytes())
    ca_file.chmod(0o644)
    return context, ca_file
