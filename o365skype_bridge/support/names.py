"""Names and ids, each replaced by the same stand-in wherever it occurs; and what may be said."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CONCEALED = re.compile(r"[0-9A-F]{32}")
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NOBODY = re.compile(r"[0-]*")

FORMS = {
    "concealed": "{:032X}",
    "id": "00000000-0000-4000-8000-{:012d}",
    "address": "user-{:04d}@example.invalid",
    "url": "https://site-{:04d}.example.invalid/",
    "name": "name-{:04d}",
    "column": "column-{:04d}",
    "key": "key-{:04d}",
    "tenant": "tenant-{:04d}",
    "host": "host-{:04d}.example.invalid",
    "microsoft": "host-{:04d}.office.com",
    "path": "path-{:04d}",
}
"""How stand-ins look, by what they stand for."""

ODD = frozenset("\"'`\\,;=|$%&<>{}[]()#~^\r\n\t\v\f\x00\x1b\x85\u2028\u2029")
"""Characters that have been trouble to somebody; a stand-in has those of its name."""

SHORTEST = 4
"""Characters of a name that is looked for inside of other texts."""


class Names:
    """Stand-ins by name, the same for the same name."""

    def __init__(self) -> None:
        """Know nobody yet."""
        self._known: dict[tuple[str, str], str] = {}
        self._count: Counter[str] = Counter()

    def of(self, text: str, form: str = "") -> str:
        """Give what stands for a name; what is blank, or all zeros, is none and stays."""
        if not text.strip() or (not form and NOBODY.fullmatch(text)):
            return text
        form = form or _form(text)
        if (form, text) not in self._known:
            self._count[form] += 1
            made = FORMS[form].format(self._count[form])
            if form in ("address", "name"):
                made += "".join(dict.fromkeys(char for char in text if char in ODD))
            self._known[form, text] = made
        return self._known[form, text]

    @property
    def stand_ins(self) -> frozenset[str]:
        """Everything that stands for something."""
        return frozenset(self._known.values())

    @property
    def replaced(self) -> frozenset[str]:
        """Everything that something stands for, without blanks around it."""
        return frozenset(text.strip() for _, text in self._known)


def _form(text: str) -> str:
    if CONCEALED.fullmatch(text):
        return "concealed"
    if GUID.fullmatch(text):
        return "id"
    if text.startswith(("https://", "http://")):
        return "url"
    return "address" if "@" in text else "name"


def telling(names: Iterable[str]) -> frozenset[str]:
    """Give those that can be looked for: not so short, or so plain, that they are everywhere."""
    return frozenset(
        name.casefold()
        for name in names
        if len(name) >= SHORTEST
        and any(map(str.isalnum, name))
        and not name.isdigit()
        and any(part.casefold() not in WORDS for part in re.findall(r"[^\W_]+", name))
    )


TOKENS = re.compile(r"AADSTS\d{4,8}|[A-Za-z]+|\d+|\s+|.", re.DOTALL)
PUNCTUATION = frozenset(" .,:;'\"()/!?-_=")
LEFT_OUT = "..."


def sayable(text: str, most: int = 400) -> str:
    """Give what may be shown of a foreign message: words that everybody uses, and codes."""
    shown: list[str] = []
    for token in TOKENS.findall(text[: 5 * most]):
        plain = token.casefold() in WORDS or token in PUNCTUATION or token.startswith("AADSTS")
        if plain or (token.isdigit() and len(token) <= SHORTEST):
            shown.append(token)
        elif token.isspace():
            shown.append(" ")
        elif not shown or shown[-1] != LEFT_OUT:
            shown.append(LEFT_OUT)
    return "".join(shown)[:most]


COMMON = """
    a access account action active activity actual address admin administrator after again agent
    all allowed already an and answer any api app application applications arrived as asked at
    authentication authority authorization authorize authorized available aware bad be bearer
    been before between body broken browser bytes ca call can cannot certificate charset check
    client closed code column columns com come compression conditional configuration configured
    connection consent contact content could count credential credentials csv cut data date day
    days deadline decoded denied directory disabled div does down elapsed email empty end ended
    ends enough error every example exceeded exist expected expired failed false field file
    first for forbidden format found from function gateway get grant graph greater group had
    handshake has have headers healthoverviews help here holds host how html http https id
    identifier identity if in incident internal invalid is issuer it its json key known last
    later length less level license line list login long longer malformed match may message
    method microsoft microsoftonline missing more most must name names network no nor not oauth
    octet of off office on one online only open openid operation or other out page parameter
    parameters passed password path period permission permissions plain please plugin policy
    port principal product provided proxy reached read reason refresh refused report reports
    request requests require required requires reset resolved resource response result retry
    role roles row rows same scope secret see self sent server service serviceannouncement
    services session should sign signed site so some soon span specified specify spo state
    status stopped stream string such support system team teams temporarily tenant text than
    that the their there they this throttled time timed timeout tls to token tokens too true
    trusted try type ui unable unauthorized unavailable unexpected unknown unreachable
    unsupported uri url usage use used user users utf valid value values version was we web week
    were what when where which who will with within without xml yes yet you your
"""
WORDS = frozenset(COMMON.split())
"""Words of which messages consist that say nothing about anybody."""


def without(text: str, names: Names, told: Iterable[str]) -> str:
    """Give a text with stand-ins for the names that are told inside of it."""
    folded = text.casefold()
    for name in told:
        if name in folded:
            whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            text = whole.sub(lambda found: names.of(found[0], "name"), text)
    return text
