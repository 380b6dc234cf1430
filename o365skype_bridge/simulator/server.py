"""The simulator on the network: TLS, one thread for each connection, connections kept alive."""

import io
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socketserver import TCPServer
from typing import Any, Final

from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Request

from o365skype_bridge.simulator.app import Simulator
from o365skype_bridge.simulator.certificates import tls

_BIGGEST_REQUEST: Final = 10_000_000
_BODYLESS: Final = {204, 304}


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Where a running simulator is; `ca_file` is what clients must trust."""

    login_endpoint: str
    graph_endpoint: str
    download_endpoint: str
    ca_file: Path
    identity_endpoint: str = ""


class _Handler(WSGIRequestHandler):
    """One connection; werkzeug's own handler would close it after each answer."""

    protocol_version = "HTTP/1.1"
    server_version = "Simulator"
    sys_version = ""
    disable_nagle_algorithm = True

    def log(self, *_: Any) -> None:
        """Say nothing; the simulator remembers every request itself."""

    def run_wsgi(self) -> None:
        """Answer one request and leave the connection ready for the next."""
        environ = self.make_environ()
        # The body is read whole, or its rest would be taken for the next request.
        size = min(int(self.headers.get("Content-Length") or 0), _BIGGEST_REQUEST)
        environ["wsgi.input"] = io.BytesIO(self.rfile.read(size))
        response = self.server.simulator.handle(Request(environ))  # type: ignore[attr-defined]
        try:
            chunks, status, headers = response.get_wsgi_response(environ)
            self._send(int(status.split()[0]), list(headers), chunks)
        except (ConnectionError, TimeoutError, ssl.SSLError):
            self.close_connection = True
        finally:
            response.close()

    def _send(self, status: int, headers: list[tuple[str, str]], chunks: Iterable[bytes]) -> None:
        pieces = filter(None, chunks)
        # The first piece is made before anything is sent: it may decide to send nothing.
        first = next(pieces, b"")
        names = {name.lower(): value for name, value in headers}
        chunked = "content-length" not in names and status not in _BODYLESS
        self.send_response_only(status)
        self.send_header("Date", self.date_time_string())
        for name, value in headers:
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        head = b"".join([*self._headers_buffer, b"\r\n"])
        self._headers_buffer: list[bytes] = []
        sent = self._send_body(head, first, pieces, chunked=chunked)
        if sent < int(names.get("content-length", 0)):
            self.close_connection = True

    def _send_body(
        self,
        head: bytes,
        first: bytes,
        pieces: Iterator[bytes],
        *,
        chunked: bool,
    ) -> int:
        sent, piece, send = 0, first, self.wfile.write
        while piece:
            send(b"%b%x\r\n%b\r\n" % (head, len(piece), piece) if chunked else head + piece)
            sent += len(piece)
            head, piece = b"", next(pieces, b"")
        send(head + b"0\r\n\r\n" if chunked else head)
        return sent


class _Server(TCPServer):
    """One origin; the handshake is made in the connection's own thread."""

    allow_reuse_address = True
    request_queue_size = 512
    multithread = True
    multiprocess = False

    def __init__(
        self, address: tuple[str, int], simulator: Simulator, tls: ssl.SSLContext | None
    ) -> None:
        self.simulator = simulator
        self.ssl_context = tls
        self._open: dict[threading.Thread, socket.socket] = {}
        super().__init__(address, _Handler)

    @property
    def url(self) -> str:
        scheme = "https" if self.ssl_context else "http"
        return f"{scheme}://{self.server_address[0]!s}:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread of its own."""
        thread = threading.Thread(target=self._serve, args=(request, client_address), daemon=True)
        self._open[thread] = request
        thread.start()

    def _serve(self, request: socket.socket, client_address: Any) -> None:
        thread = threading.current_thread()
        try:
            # Who does not trust the certificate hangs up: that is theirs to tell.
            with suppress(OSError), self._wrap(request) as wire:
                self._open[thread] = wire
                if isinstance(wire, ssl.SSLSocket):
                    wire.do_handshake()
                _Handler(wire, client_address, self)
                wire.shutdown(socket.SHUT_WR)
        finally:
            request.close()
            self._open.pop(thread, None)

    def _wrap(self, request: socket.socket) -> socket.socket:
        if self.ssl_context is None:
            return request
        return self.ssl_context.wrap_socket(
            request, server_side=True, do_handshake_on_connect=False
        )

    def server_close(self) -> None:
        """Close the port and every connection, and wait for their threads."""
        super().server_close()
        for thread, connection in list(self._open.items()):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(5)


@contextmanager
def _origin(
    simulator: Simulator, address: tuple[str, int], tls: ssl.SSLContext | None
) -> Iterator[str]:
    with _Server(address, simulator, tls) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.url
        finally:
            simulator.stop()
            server.shutdown()
            thread.join()


@contextmanager
def serve(
    simulator: Simulator,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    download_port: int = 0,
    folder: Path,
) -> Iterator[Running]:
    """Serve login and Graph on one port and downloads on another, until the block ends.

    Ports that are 0 are chosen; `ca.pem` is written below `folder`. There is no second port when
    the simulator has its downloads on the same origin. A third one, without TLS as Azure's, gives
    tokens of this machine's managed identities, if it has any.
    """
    context, ca_file = tls(folder)
    simulator.start()
    with ExitStack() as stack:
        main = stack.enter_context(_origin(simulator, (host, port), context))
        second = main
        if simulator.download_origin == "second":
            second = stack.enter_context(_origin(simulator, (host, download_port), context))
            simulator.download_endpoint = second
        identity = ""
        if simulator.identities:
            identity = stack.enter_context(_origin(simulator, (host, 0), None))
        yield Running(
            login_endpoint=main,
            graph_endpoint=main,
            download_endpoint=second,
            ca_file=ca_file,
            identity_endpoint=identity,
        )
