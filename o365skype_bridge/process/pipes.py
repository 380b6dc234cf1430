"""Texts written to where an agent reads them: all of a text, however slowly it is taken."""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from typing import NoReturn

PATIENCE = 10.0
"""Seconds without any progress after which nobody reads any more."""


class UnwrittenError(OSError):
    """What was to be written could not be."""


def write(descriptor: int, text: str, patience: float = PATIENCE) -> None:
    """Write a text whole. Raises `UnwrittenError`, which is an `OSError`, when nobody takes it.

    A pipe that does not block is waited for as long as something goes out every ``patience``
    seconds. What is no text becomes a question mark.
    """
    rest = memoryview(text.encode(errors="replace"))
    end = time.monotonic() + patience
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
            end = time.monotonic() + patience
        except BlockingIOError as error:
            if not _is_taken(descriptor, end - time.monotonic()):
                raise UnwrittenError(error.errno, "nobody reads it") from error
        except OSError as error:
            raise UnwrittenError(error.errno, error.strerror) from error


def leave(code: int) -> NoReturn:
    """End the process, with what was printed on its way.

    Everything is written by then, so there is nothing for the interpreter to tidy up, which
    would cost a warm answer as much as a fifth of what the interpreter's start costs.
    """
    try:
        sys.stdout.flush()
    except (AttributeError, OSError):
        pass  # it was closed before we began, or nobody reads it any more
    os._exit(code)


def _is_taken(descriptor: int, seconds: float) -> bool:
    """Wait until something can be written, or so long; say whether there is time left."""
    import select  # noqa: PLC0415 most pipes block by themselves

    ready = select.poll()
    ready.register(descriptor, select.POLLOUT)
    ready.poll(max(seconds, 0.0) * 1000)
    return seconds > 0
