"""The worker's pipe: what comes over it is a message, or the worker is not to be trusted."""

from __future__ import annotations

import os
import select
from collections.abc import Callable

import pytest

from o365skype_bridge.engine import messages
from o365skype_bridge.engine.messages import Done, LineError, Request
from o365skype_bridge.execd.worker import Worker

REQUEST = Request(tenant="contoso", life=5.0, patience=5.0, seen={"skype-devices-usage": (0, 0)})


def saying(*lines: bytes) -> Callable[[int, Callable[[bytes], None]], None]:
    """Give what a worker does that answers its first request with these lines."""

    def serve(requests: int, send: Callable[[bytes], None]) -> None:
        os.read(requests, 1 << 16)
        for line in lines:
            send(line)
        os.read(requests, 1 << 16)

    return serve


def asked(worker: Worker) -> None:
    """Ask, and wait for the first of what it says."""
    worker.ask(REQUEST, 5.0)
    select.select([worker.reader or 0], [], [], 10)


def test_worker_that_is_done_is_free_again() -> None:
    """The last message of a request is about the worker, and no news of a report."""
    worker = Worker(saying(messages.encode(Done(tenant="contoso"))))
    asked(worker)
    heard = worker.heard({})

    assert (heard, worker.end()) == ([], [])


def test_worker_that_says_something_else_is_given_up_with_its_work() -> None:
    """A line that is no message is an error; what the worker was asked for is then lost."""
    worker = Worker(saying(b'{"tenant": "contoso"}'))
    asked(worker)
    with pytest.raises(LineError):
        worker.heard({})

    assert worker.end() == [("contoso", "skype-devices-usage")]
