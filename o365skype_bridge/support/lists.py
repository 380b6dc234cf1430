"""JSON without what it tells about anybody: lists, refusals, and what a login service says."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

from o365skype_bridge.support.names import sayable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from o365skype_bridge.support.names import Names

DEEPEST, MOST = 24, 200
"""Levels, and items of one list or object, that are shown."""

WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")
SERVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .&()/-]{0,59}")
TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?)?")
ID = re.compile(r"[0-9a-f-]{32,36}")
ISSUE = re.compile(r"[A-Z]{2}\d{1,9}|[A-Za-z][A-Za-z0-9]{0,39}")

STRINGS = {
    **dict.fromkeys(("status", "classification", "origin", "postType", "contentType"), WORD),
    **dict.fromkeys(("type", "usage", "code"), WORD),
    **dict.fromkeys(("request-id", "client-request-id"), ID),
    **dict.fromkeys(("service", "feature", "featureGroup"), SERVICE),
    **dict.fromkeys(
        ("startDateTime", "endDateTime", "createdDateTime", "lastModifiedDateTime", "date"), TIME
    ),
}
"""Fields of Graph's whose texts are nobody's, and how those texts look."""

KEYS = frozenset(
    {
        *STRINGS,
        *("value", "id", "title", "name", "issues", "isResolved", "highImpact", "details", "posts"),
        *("impactDescription", "description", "content", "appId", "displayName", "keyId"),
        *("passwordCredentials", "keyCredentials", "customKeyIdentifier", "hint", "secretText"),
        *("error", "message", "innerError", "innererror"),
        *("@odata.context", "@odata.nextLink", "@odata.count"),
    }
)
"""Fields of Graph's that may be shown by their names."""

LARGEST = 1 << 20
"""A number beyond it may be somebody's."""


class ListShown:
    """Graph's JSON as it is shown.

    ``link`` gives what stands for a next page; what has one of the ``hidden`` texts in it never
    stays.
    """

    def __init__(
        self, names: Names, link: Callable[[str], str], hidden: Collection[str] = ()
    ) -> None:
        """Take where names come from."""
        self._hidden = hidden
        self._names = names
        self._link = link

    def of(self, content: Any, key: str = "", depth: int = 0) -> Any:
        """Give what stands for a value."""
        if depth > DEEPEST:
            return None
        if isinstance(content, dict):
            return {
                self._key(name): self.of(one, name, depth + 1)
                for name, one in list(content.items())[:MOST]
            }
        if isinstance(content, list):
            return [self.of(one, key, depth + 1) for one in content[:MOST]]
        if isinstance(content, str):
            return self._text(content, key)
        if isinstance(content, bool) or content is None:
            return content
        return content if key in KEYS and -LARGEST < content < LARGEST else 0

    def _key(self, name: str) -> str:
        return name if name in KEYS else self._names.of(name, "key") or "key"

    def _text(self, text: str, key: str) -> str:
        if key == "@odata.nextLink":
            return self._link(text) if text else ""
        if any(each in text.casefold() for each in self._hidden):
            return self._names.of(text)
        if key == "message":
            return self._message(text)
        if key in STRINGS and STRINGS[key].fullmatch(text):
            return text
        if key == "id" and ISSUE.fullmatch(text):
            return text
        return self._names.of(text)

    def _message(self, text: str) -> str:
        """Give a message in everybody's words; an envelope in it stays one."""
        try:
            inner = json.loads(text)
        except (ValueError, RecursionError):
            return sayable(text)
        return json.dumps(self.of(inner)) if isinstance(inner, dict) else sayable(text)


TOKEN = "token"  # noqa: S105 what stands for one
KINDS = {"token_type": "Bearer"}
LIFETIMES = ("expires_in", "refresh_in", "ext_expires_in")
ERROR = re.compile(r"[a-z_]{1,40}")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "issuer")


def login(content: dict[str, Any], url: Callable[[str], str]) -> dict[str, Any]:
    """Give what a login service has said: endpoints, lifetimes, codes, never a token."""
    shown: dict[str, Any] = {
        name: url(content[name]) for name in ENDPOINTS if isinstance(content.get(name), str)
    }
    shown |= {name: content[name] for name in KINDS if content.get(name) == KINDS[name]}
    if "access_token" in content:
        shown["access_token"] = _token(content["access_token"])
    for name in LIFETIMES:
        if (seconds := _seconds(content.get(name))) is not None:
            shown[name] = str(seconds) if isinstance(content[name], str) else seconds
    if "expires_in" not in shown and (end := _seconds(content.get("expires_on"))) is not None:
        shown["expires_in"] = max(int(end - time.time()), 0)
    return shown | _refused(content)


def _refused(content: dict[str, Any]) -> dict[str, Any]:
    """Give what a login service says of a refusal."""
    shown: dict[str, Any] = {}
    if isinstance(error := content.get("error"), str):
        shown["error"] = error if ERROR.fullmatch(error) else sayable(error, 40)
    if isinstance(codes := content.get("error_codes"), list):
        shown["error_codes"] = [
            code for code in codes[:MOST] if isinstance(code, int) and 0 <= code < LARGEST << 5
        ]
    if isinstance(description := content.get("error_description"), str):
        shown["error_description"] = sayable(description.partition("\n")[0])
    return shown


def _token(token: object) -> Any:
    """Give what stands for a token; one that nobody could send stays one."""
    if not isinstance(token, str):
        return None
    plain = token.isascii() and token.isprintable() and " " not in token
    if len(token) > 1 << 15:
        return "x" * ((1 << 15) + 1)
    return TOKEN if token and plain else token and "to ken"


def _seconds(value: object) -> float | None:
    """Read a lifetime; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value[:20] if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    if not abs(seconds) < 1e11:  # noqa: PLR2004 not a number either
        return None
    return int(seconds) if seconds.is_integer() else seconds
