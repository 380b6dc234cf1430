"""SIGTERM while something is waited for or counted."""

from __future__ import annotations

import subprocess
import sys

KILL = "import os, signal; kill = lambda: os.kill(os.getpid(), signal.SIGTERM)\n"


def run(code: str) -> str:
    """Run code in a process of its own and give what it prints; it must end well."""
    done = subprocess.run(
        [sys.executable, "-c", KILL + code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_told_once_for_all_that_follows() -> None:
    """After SIGTERM nothing is counted any more, and another one does no harm."""
    assert (
        run("""
from o365skype_bridge.process import deadline, signals
from o365skype_bridge.errors import PendingError
for _ in range(2):
    try:
        with deadline.after(60):
            kill()
            print("counted")
    except PendingError as error:
        print(error, signals.told())
kill()
""")
        == "the agent ended the counting True\nthe agent ended the counting True"
    )


def test_nothing_said_leaves_everything_as_it_was() -> None:
    """Without a signal the handler that was there is there again."""
    assert (
        run("""
from o365skype_bridge.process import deadline, signals
with deadline.after(60), signals.awaited():
    pass
print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, signals.told(), signal.set_wakeup_fd(-1))
""")
        == "True False -1"
    )


def test_a_handler_of_somebody_else_is_told_too() -> None:
    """Whoever has a handler of his own hears every SIGTERM, before and after."""
    assert (
        run("""
from o365skype_bridge.process import deadline
from o365skype_bridge.errors import PendingError
signal.signal(signal.SIGTERM, lambda *_: print("own"))
try:
    with deadline.after(60):
        kill()
except PendingError:
    print("stopped")
kill()
""")
        == "own\nstopped\nown"
    )


def test_waiting_ends_also_when_the_signal_came_before() -> None:
    """Who begins to wait after SIGTERM does not wait."""
    assert (
        run("""
import select
from o365skype_bridge.process import signals
with signals.awaited() as descriptor:
    print(len(select.select([descriptor], [], [], 0)[0]))
    kill()
    print(len(select.select([descriptor], [], [], 60)[0]))
with signals.awaited() as descriptor:
    print(len(select.select([descriptor], [], [], 60)[0]))
""")
        == "0\n1\n1"
    )
