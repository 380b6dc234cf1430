"""Ids of letters, digits and underscores, so that no name ever stands in a path or a key."""

from __future__ import annotations

import zlib


def safe_id(prefix: str, name: str) -> str:
    """Give an id of letters, digits and underscores that is this name's for ever."""
    content = name.encode("utf-8", "surrogatepass")
    return f"{prefix}{zlib.crc32(content):08x}{zlib.adler32(content):08x}"


class Ids:
    """Remembers whose an id is; one that is another's already gets an underscore more."""

    def __init__(self) -> None:
        """Know nobody."""
        self._owners: dict[str, str] = {}

    def of(self, prefix: str, name: str) -> str:
        """Give the id of a name; checksums can be alike, ids of different names cannot."""
        id_ = safe_id(prefix, name)
        while self._owners.setdefault(id_, name) != name:
            id_ += "_"
        return id_
