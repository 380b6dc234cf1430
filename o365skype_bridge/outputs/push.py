"""Push to a Zabbix server: the document as it is now, and figures under the days they are about.

Figures go to trapper items whose key names the metric, each at the beginning of its day in UTC.
A figure that is pushed again is the same point: Zabbix keeps one value a second and nanosecond,
and the nanosecond is made from the value. So a figure that Microsoft has corrected is kept beside
the former one and, as late activity makes figures grow, after it.
"""

from __future__ import annotations

import zlib

from o365skype_bridge.errors import BridgeError, UsageError
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.values import day_start
from o365skype_bridge.outputs.base import Rendered
from o365skype_bridge.outputs.names import LONGEST_MESSAGE, clean
from o365skype_bridge.outputs.numbers import decimal
from o365skype_bridge.outputs.zabbix_part import USAGE, group_of

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from o365skype_bridge.model.values import Collection, ReportResult, Sample
    from o365skype_bridge.outputs.encryption import Encryption

PORT = 10051
LONGEST_REASON = 200
UNENCRYPTED = "unencrypted connections (or encrypt: --send-psk-file, --send-cert-file)"
NANOSECONDS = 10**9

DOCUMENT = "o365.bridge.document"
HISTORY = "o365.history[{}]"
"""Keys of the trapper items; the template of `generate zabbix --mode trapper` has them."""


class SendError(BridgeError):
    """The server was not reached, or did not take every value."""

    kind = "unreachable"
    remedy = "Check --send, and that the server's trapper port is open to this host."


class Value(Frozen):
    """One value for one trapper item, ``clock`` and ``ns`` being when it is from."""

    host: str
    key: str
    value: str
    clock: int
    ns: int = 0


class Server(Frozen):
    """Where to push: a server or proxy, and the host there, if it is not called as the tenant."""

    name: str
    port: int = PORT
    host: str = ""
    encryption: Encryption | None = None

    def host_of(self, tenant: str) -> str:
        """Give the Zabbix host that has a tenant's items."""
        return self.host or tenant


def server_of(
    address: str, host: str, tenants: Sequence[str], encryption: Encryption | None = None
) -> Server:
    """Read an address, and take the host that is to have the tenants' items if one is named.

    Raises `UsageError`.
    """
    name, colon, port = address.rpartition(":")
    if not colon:
        name, port = port, str(PORT)
    # A name with a colon left is an IPv6 address, which the library cannot tell from its port.
    if not name or ":" in name or not port.isdecimal() or not 0 < int(port) < 65536:  # noqa: PLR2004
        raise UsageError(
            f"--send {address!a} is not SERVER or SERVER:PORT",
            "Give a name or an IPv4 address, such as zabbix.example.org:10051.",
        )
    if host and len(tenants) > 1:
        raise UsageError(
            "--send-host is one Zabbix host, and several tenants are chosen",
            "Choose one with --tenant; without --send-host each goes to the host of its name.",
        )
    return Server(name=name, port=int(port), host=host, encryption=encryption)


def history(collections: Iterable[Collection], server: Server) -> list[Value]:
    """Give all figures of the reports that have data, oldest day first.

    Those of users, groups, and of what else is found in the data, are left out: they have no items.
    """
    values = [
        Value(
            host=server.host_of(result.tenant),
            key=HISTORY.format(name),
            value=clean(figure, LONGEST_MESSAGE) if isinstance(figure, str) else decimal(figure),
            clock=day_start(sample.day),
            ns=_nanosecond(figure),
        )
        for collection in collections
        for result in collection.results
        for sample in result.samples
        if result.outcome.has_data and not (sample.metric.is_found or sample.group)
        for name, figure in _figures(sample)
    ]
    return sorted(values, key=lambda value: (value.clock, value.host, value.key))


def _nanosecond(figure: float | str) -> int:
    """Make the nanosecond of a figure: of a number as it grows, of a text by its content."""
    if isinstance(figure, str):
        return zlib.crc32(figure.encode("utf-8", "surrogatepass")) % NANOSECONDS
    return min(max(int(figure), 0), NANOSECONDS - 1)


def _figures(sample: Sample) -> Iterator[tuple[str, int | float | str]]:
    """Give a sample's figure, and its maximum if it has one, under their names."""
    yield sample.metric.key, sample.value
    if sample.max is not None:
        yield sample.metric.maximum, sample.max


def push(server: Server, values: Sequence[Value]) -> str:
    """Push values in their order; give a line that says what the server has taken.

    Raises `SendError` if it did not take all, and `UsageError` without the library for it.
    """
    place = f"{server.name}:{server.port}"
    secured = server.encryption
    try:
        processed = _sent(server, values)
    except UsageError:
        raise
    except Exception as error:  # the library lets through whatever a strange answer causes
        reason = clean(str(error) or type(error).__name__, LONGEST_REASON)
        raise SendError(
            f"{place} has not taken the values: {reason}",
            f"{SendError.remedy} {secured.remedy}" if secured else "",
        ) from error
    said = f"{place}: processed {processed} of {len(values)} values"
    if processed != len(values):
        hosts = ", ".join(dict.fromkeys(one.host for one in values))
        taken = f"connections {secured.name}" if secured else UNENCRYPTED
        raise SendError(
            f"{said}, refused {len(values) - processed}",
            f"See that the host {clean(hosts, LONGEST_REASON)} is there and enabled, has the "
            f"trapper template, and allows this address and {taken}; a new one is known after "
            "a minute.",
        )
    return f"{said}\n"


def _sent(server: Server, values: Sequence[Value]) -> int:
    """Send values by what can do it; give how many were taken."""
    secured = server.encryption
    if secured and secured.key and not secured.wrapper:
        from o365skype_bridge.outputs import sender  # noqa: PLC0415 most do without

        lines = ((one.host, one.key, one.clock, one.ns, one.value) for one in values)
        return sender.send(server.name, server.port, lines, secured.key)
    try:
        import zabbix_utils  # noqa: PLC0415 an extra, and slow to import
    except ImportError as error:
        raise UsageError(
            "--send needs the package 'zabbix_utils'",
            "Install it with: pip install 'o365skype-bridge[zabbix]'.",
        ) from error
    items = [
        zabbix_utils.ItemValue(one.host, one.key, one.value, one.clock, one.ns) for one in values
    ]
    wrapper = secured.wrapper if secured else None
    sending = zabbix_utils.Sender(server=server.name, port=server.port, socket_wrapper=wrapper)
    answer = sending.send(items)
    return int(min(answer.processed, len(items) - answer.failed))


def _documents(
    results: tuple[ReportResult, ...],
) -> Iterator[tuple[str, tuple[ReportResult, ...]]]:
    """Give what each template's document is about, by its key: the usual reports, a family's."""
    for group in dict.fromkeys(group_of(result.report) for result in results):
        own = tuple(result for result in results if group_of(result.report) == group)
        yield DOCUMENT if group == USAGE else f"{DOCUMENT}[{group}]", own


def deliver(
    server: Server, collection: Collection, document: Callable[[Collection], str]
) -> tuple[Rendered, list[BridgeError]]:
    """Push a collection with the documents of each tenant; give what is said, and what went wrong.

    Raises `UsageError` without the library for it.
    """
    pushed = history([collection], server)
    for tenant in collection.tenants:
        host, now = server.host_of(tenant), int(collection.now)
        for key, results in _documents(tuple(collection.of_tenant(tenant))):
            text = document(collection.replace(results=results)).rstrip("\n")
            pushed.append(Value(host=host, key=key, value=text, clock=now))
    try:
        return Rendered(text=push(server, pushed)), []
    except SendError as error:
        return Rendered(text="", exit_code=1), [error]
