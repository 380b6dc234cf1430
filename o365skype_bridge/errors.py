"""One error tree: a class for every remedy, so that whoever catches one knows what to say."""

from __future__ import annotations

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable


def sentences(what: str, remedy: str) -> str:
    """Join what happened and what to do about it into one line of sentences."""
    if what and what[-1] not in ".!?":
        what += "."
    return f"{what} {remedy}".strip()


def meant(word: str, known: Iterable[str]) -> str:
    """Ask whether one of the known words was meant, as a sentence; nothing if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 only who errs pays for it

    found = get_close_matches(word[:60], list(known), n=1, cutoff=0.7)
    return f"Did you mean {found[0]}? " if found else ""


class BridgeError(Exception):
    """What went wrong (``str(error)``) and what the operator does about it (``remedy``).

    ``kind`` is the outcome a report gets. ``support`` names the request for Microsoft's
    support. ``retry_after`` is the wait in seconds that the service asked for; ``lasting`` says
    that trying again at once cannot help. ``refusal`` is the service that refused and its own
    code for why, such as ``Graph TooManyRequests`` or ``Login invalid_client``.
    """

    kind = "unreachable"
    remedy = "Run the command by hand with --verbose."
    hint = ""
    """What is for who sits at this host alone, such as a name that may have been meant."""

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        support: str = "",
        retry_after: float | None = None,
        lasting: bool = False,
        refusal: str = "",
    ) -> None:
        """Keep the message and what goes with it."""
        super().__init__(message)
        self.remedy = remedy or self.remedy
        self.support = support
        self.retry_after = retry_after
        self.lasting = lasting
        self.refusal = refusal

    @property
    def text(self) -> str:
        """Everything for the operator on one line."""
        return sentences(str(self), self.remedy)

    @property
    def told(self) -> str:
        """The same for who sits at this host."""
        return sentences(str(self), f"{self.hint}{self.remedy}")


class UsageError(BridgeError):
    """The command line or the configuration cannot be followed."""

    kind = "usage"
    remedy = "See --help."


class ConfigurationError(UsageError):
    """The configuration file cannot be followed, whichever of its tenants is asked about."""


class UnknownTenantError(UsageError):
    """The configuration has no such tenant: it is mistyped, or was removed."""

    def __init__(self, message: str, remedy: str = "", hint: str = "") -> None:
        """Keep what may have been meant beside the message, which may go to a customer's host."""
        super().__init__(message, remedy)
        self.hint = hint


class UnauthorizedError(BridgeError):
    """The login service, or Graph, does not accept who we say we are."""

    kind = "unauthorized"
    remedy = "Check the tenant id, the client id and the client secret."


class ForbiddenError(BridgeError):
    """We are known, and not allowed."""

    kind = "forbidden"
    remedy = "Grant the application the missing permission, with admin consent."


class GoneError(BridgeError):
    """The function does not exist: retired, or not in this national cloud."""

    kind = "gone"
    remedy = "Leave this report out, or check the Graph endpoint of your cloud."


class ThrottledError(BridgeError):
    """Too many calls; the same call works later."""

    kind = "throttled"
    remedy = "Nothing to do; it is tried again later. See that no other tool polls the same report."


class UnreachableError(BridgeError):
    """No usable answer: name resolution, connection, TLS, proxy, time-out or a failing service."""

    kind = "unreachable"
    remedy = "Check name resolution, firewall and proxy on this host."


class MalformedError(BridgeError):
    """What came back is not the report."""

    kind = "malformed"
    remedy = "Try again later; if it stays, open an issue and show the header row of the report."


class NoSuchDayError(MalformedError):
    """Graph has no report of a day: it is too long ago, or not over yet."""


class PendingError(BridgeError):
    """The deadline passed before there was anything to show."""

    kind = "pending"
    remedy = "The next poll has the data; give the command a longer --deadline if it never does."
