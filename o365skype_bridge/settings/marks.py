"""Tell settings by which a tenant is reached from others, without keeping any of them.

What was fetched, or failed, under some settings says little about others: a new secret, another
proxy. `hashlib` would bring OpenSSL into every warm answer, so its BLAKE2 is taken from below it.
"""

from __future__ import annotations

from _blake2 import blake2b

from o365skype_bridge.process import files

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from o365skype_bridge.settings.values import Tenant

SIZE = 8
"""Bytes of a mark; Entra's secrets are random and far longer, so none leads back to one."""


def credential_mark(tenant: Tenant) -> str:
    """Give a mark of a tenant's credential that means something for this tenant only."""
    return _mark(tenant.identity, tenant.credential.mark())


def settings_mark(tenant: Tenant) -> str:
    """Give a mark of everything by which a tenant is reached; its files are looked at now."""
    ways = (
        tenant.proxy,
        tenant.proxy_credentials.mark(),
        tenant.ca_file,
        *tenant.download_hosts,
        str(tenant.insecure),
    )
    return _mark(tenant.identity, *ways, *_version(tenant.ca_file), tenant.credential.mark())


def _mark(*parts: str) -> str:
    made = blake2b(digest_size=SIZE)
    for part in parts:
        content = part.encode(errors="surrogatepass")
        made.update(b"%d:%b" % (len(content), content))
    return made.hexdigest()


def _version(path: str) -> tuple[str, ...]:
    """Give what changes with a file's content or rights; nothing where there is no file."""
    try:
        status = files.status(path)
    except (OSError, ValueError):
        return ()
    return tuple(map(str, (status.st_ctime_ns, status.st_ino, status.st_size)))
