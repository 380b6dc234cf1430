"""What a target of `generate` is: a name, its options, and a pure function from values to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.options import Option

COMMAND = "/usr/local/bin/o365skype-bridge"
"""Where the agents find us, unless told otherwise."""


class Target(Frozen):
    """One agent that configuration can be generated for.

    ``make`` turns the values of the target's own options and the reports into files: their
    names, relative to a folder, and their texts. Under ``report`` are the names that the reports
    were asked for by, none for the default. It reads nothing else and writes nothing. It
    raises `UsageError` for a value that its format cannot hold, with the option's name. ``whole``
    says that it makes something of every report there is, unless some are named.
    """

    options: tuple[Option, ...]
    make: Callable[[Mapping[str, Any], Sequence[Report]], dict[str, str]]
    whole: bool = False


FOREIGN_PYTHON = ("PYTHONPATH", "PYTHONHOME")
"""Variables by which somebody else's code would be imported; empty ones count as not set."""

WITHOUT_FOREIGN_PYTHON = " ".join(["/usr/bin/env", *(f"{name}=" for name in FOREIGN_PYTHON)])
"""What a command line begins with where the agent can neither set variables nor has a shell."""
