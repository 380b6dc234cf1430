"""The `simulate` command: run the simulator, alone or around another command."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from o365skype_bridge.cli import progress

if TYPE_CHECKING:
    from o365skype_bridge.simulator.app import Simulator
    from o365skype_bridge.simulator.server import Running

_FAILED: Final = 3
_SIGNALLED: Final = 128
_LOOK: Final = 0.5
"""Seconds between two looks at what was asked."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `simulate`; the optional packages it needs are not loaded yet."""
    add = parser.add_argument
    add("--port", type=int, default=0, help="Port of login and Graph. Default: any free one.")
    add("--download-port", type=int, default=0, help="Port of downloads. Default: any free one.")
    add("--users", type=int, default=50, help="Number of users. Default: %(default)s.")
    add("--seed", type=int, default=1, help="Same seed, same data. Default: %(default)s.")
    add("--lag", type=int, default=2, help="Age of the newest day. Default: %(default)s.")
    add("--tenant-id", help="Id of the tenant. Default: an obviously simulated one.")
    add("--client-id", help="Id of the application. Default: an obviously simulated one.")
    add("--client-secret", help="Its secret. Default: an obviously simulated one.")
    add(
        "--oddity",
        action="append",
        default=[],
        metavar="NAME",
        help="Make the data odd in this way, see --list. May be repeated.",
    )
    add(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[=SECONDS][:TIMES][+AFTER][@REGEX]",
        help="Let this go wrong, see --list: for TIMES requests (default: always) after the "
        "first AFTER, whose 'METHOD /path' REGEX finds. May be repeated.",
    )
    add(
        "--role",
        action="append",
        default=[],
        metavar="ROLE",
        help="Permission that tokens carry. Default: Reports.Read.All. May be repeated.",
    )
    add(
        "--certificate",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="Certificate in PEM that the application may sign in with. May be repeated.",
    )
    add(
        "--identity",
        action="append",
        default=[],
        metavar="ID",
        help="Managed identity of this machine: system, or a client id. May be repeated.",
    )
    add("--secret-days", type=int, default=180, help="Days until the secret ends. Default: 180.")
    add(
        "--cloud",
        choices=("global", "usgov", "usgov-dod", "china"),
        default="global",
        help="Reports exist in the global cloud only. Default: %(default)s.",
    )
    add("--latency", type=float, default=0.0, help="Seconds that every answer takes. Default: 0.")
    add("--quota", action="store_true", help="Allow 14 calls a report function in 10 minutes.")
    add("--folder", type=Path, help="Where ca.pem is written. Default: a temporary folder.")
    add("--list", action="store_true", help="Show all oddities and faults and end.")
    add(
        "command",
        nargs="*",
        metavar="COMMAND",
        help="After --: run this command against the simulator and end with its exit code.",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the simulator as the options say; the exit code is that of COMMAND, if there is one."""
    try:
        from o365skype_bridge.simulator.app import Simulator  # noqa: PLC0415 - optional packages
        from o365skype_bridge.simulator.listing import listing  # noqa: PLC0415
        from o365skype_bridge.simulator.settings import REPORTS_ROLE  # noqa: PLC0415
    except ModuleNotFoundError as exc:
        return _fail(f"{exc}: install o365skype-bridge[simulator]")
    if arguments.list:
        sys.stdout.write(listing())
        return 0
    named = {name: getattr(arguments, name) for name in ("client_id", "client_secret")}
    given = {name: value for name, value in named.items() if value}
    if arguments.tenant_id:
        given["tenant_ids"] = (arguments.tenant_id,)
    try:
        simulator = Simulator(
            **given,
            users=arguments.users,
            seed=arguments.seed,
            lag=arguments.lag,
            oddities=arguments.oddity,
            faults=arguments.fault,
            roles=arguments.role or (REPORTS_ROLE,),
            certificates=[path.read_text(encoding="ascii") for path in arguments.certificate],
            identities=arguments.identity,
            secret_days=arguments.secret_days,
            cloud=arguments.cloud,
            latency=arguments.latency,
            enforce_quota=arguments.quota,
        )
        return _run(simulator, arguments)
    except (OSError, ValueError) as exc:
        return _fail(str(exc))


def environment(simulator: "Simulator", running: "Running") -> dict[str, str]:
    """The settings that make o365skype-bridge ask this simulator."""
    offered = running.identity_endpoint
    return {
        **({"AZURE_POD_IDENTITY_AUTHORITY_HOST": offered} if offered else {}),
        "O365_TENANT_ID": simulator.tenant_ids[0],
        "O365_CLIENT_ID": simulator.client_id,
        "O365_CLIENT_SECRET": simulator.client_secret,
        "O365_LOGIN_ENDPOINT": running.login_endpoint,
        "O365_GRAPH_ENDPOINT": running.graph_endpoint,
        "O365_CA_FILE": str(running.ca_file),
        "O365_DOWNLOAD_HOSTS": urlsplit(running.download_endpoint).netloc,
    }


def _fail(message: str) -> int:
    sys.stderr.write(f"E! {message}\n")
    return _FAILED


def _run(simulator: "Simulator", arguments: argparse.Namespace) -> int:
    from o365skype_bridge.simulator.server import serve  # noqa: PLC0415 - optional packages

    with (
        tempfile.TemporaryDirectory(
            prefix="o365skype-simulator-", ignore_cleanup_errors=True
        ) as temporary,
        serve(
            simulator,
            port=arguments.port,
            download_port=arguments.download_port,
            folder=(arguments.folder or Path(temporary)).absolute(),
        ) as running,
    ):
        settings = environment(simulator, running)
        if "O365_STATE_DIR" not in os.environ:
            # What is kept of a simulated tenant means nothing once the simulator is gone.
            settings["O365_STATE_DIR"] = f"{temporary}/state"
        if arguments.command:
            return _around(arguments.command, settings)
        return _wait(settings, simulator)


def _around(command: list[str], settings: Mapping[str, str]) -> int:
    # The operator's own command line: running it is what was asked for.
    with subprocess.Popen(command, env={**os.environ, **settings}) as child:  # noqa: S603

        def pass_on(number: int, _: FrameType | None) -> None:
            # A terminal sends SIGINT to the child itself.
            if number == signal.SIGTERM:
                child.terminate()

        with _on_signals(pass_on):
            code = child.wait()
    return code if code >= 0 else _SIGNALLED - code


def _wait(settings: Mapping[str, str], simulator: "Simulator") -> int:
    ended = threading.Event()
    with _on_signals(lambda *_: ended.set()):
        for name, value in settings.items():
            sys.stdout.write("export {}='{}'\n".format(name, value.replace("'", "'\\''")))
        sys.stdout.flush()
        with progress.shown("serving until Ctrl-C", "requests") as bar:
            while not ended.wait(_LOOK):
                last = [f"{call.kind}, HTTP {call.status}" for call in simulator.calls[-1:]]
                bar.at("".join(last), len(simulator.calls))
    return 0


@contextmanager
def _on_signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
