"""How a report went, in one word, and for people."""

from __future__ import annotations

from o365skype_bridge.errors import sentences
from o365skype_bridge.model.frozen import Frozen

OUTCOMES = (
    "ok",
    "empty",
    "stale",
    "pending",
    "throttled",
    "forbidden",
    "gone",
    "unauthorized",
    "unreachable",
    "malformed",
)
"""Every outcome a report can have. The order is an interface: Zabbix gets the position."""

NEED_SOMEBODY = frozenset({"forbidden", "gone", "malformed", "unauthorized"})
"""Outcomes that stay until somebody does something; the other bad ones pass by themselves."""


class Outcome(Frozen):
    """How a report went, in one word, and for people: what happened and what to do.

    As long as a fault is the same, so are ``message`` and ``remedy``; what differs at every try,
    such as the id of a request, is in ``support``. ``refusal`` is as in `BridgeError`.
    """

    kind: str
    message: str = ""
    remedy: str = ""
    support: str = ""
    cause: str = ""
    """Why a ``stale`` answer could not be refreshed: another kind of outcome."""
    refusal: str = ""

    def _check(self) -> None:
        if self.kind not in OUTCOMES:
            raise ValueError(f"unknown outcome {self.kind!r}")

    @property
    def code(self) -> int:
        """The position in `OUTCOMES`."""
        return OUTCOMES.index(self.kind)

    @property
    def root(self) -> str:
        """What it comes down to: the cause of a ``stale`` answer, else the outcome itself."""
        return self.cause or self.kind

    @property
    def cause_code(self) -> int:
        """The position of `root` in `OUTCOMES`."""
        return OUTCOMES.index(self.root)

    @property
    def needs_somebody(self) -> bool:
        """Whether it stays as it is until somebody does something about it."""
        return self.root in NEED_SOMEBODY

    @property
    def is_up(self) -> bool:
        """Whether Graph has answered, as far as anybody had to ask."""
        return self.kind in ("ok", "empty")

    @property
    def has_data(self) -> bool:
        """Whether the samples that come with it are good figures."""
        return self.kind in ("ok", "stale")

    @property
    def text(self) -> str:
        """What happened and what to do about it, on one line."""
        return sentences(self.message, self.remedy)
